/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"

#include "base/own.h"

#include <ctype.h>
#include <string.h>

/* What a code means by itself, by what the door's list says of the mechanism. The columns are in
 * the order of enum listing: not asked, not on the list, on the list. Whatever is not in a table
 * is an error: "it failed in a way that is neither". */
struct meaning {
    const char *code;
    enum outcome by_listing[LISTED_MAX];
};

#define REFUSED                                                                                    \
    {                                                                                              \
        OUTCOME_REFUSED, OUTCOME_REFUSED, OUTCOME_REFUSED                                          \
    }
/* The door says that it has no such thing. Where its own list offers it all the same, that is a
 * refusal. */
#define NOT_OFFERED                                                                                \
    {                                                                                              \
        OUTCOME_ABSENT, OUTCOME_ABSENT, OUTCOME_REFUSED                                            \
    }

static const struct meaning pkcs11_meanings[] = {
    {"CKR_MECHANISM_INVALID", NOT_OFFERED},
    {"CKR_FUNCTION_NOT_SUPPORTED", NOT_OFFERED},
    {"CKR_ACTION_PROHIBITED", REFUSED},
    {"CKR_ATTRIBUTE_SENSITIVE", REFUSED},
    {"CKR_ATTRIBUTE_TYPE_INVALID", REFUSED},
    {"CKR_ATTRIBUTE_VALUE_INVALID", REFUSED},
    {"CKR_CURVE_NOT_SUPPORTED", REFUSED},
    {"CKR_DOMAIN_PARAMS_INVALID", REFUSED},
    {"CKR_FUNCTION_REJECTED", REFUSED},
    {"CKR_INFORMATION_SENSITIVE", REFUSED},
    {"CKR_KEY_FUNCTION_NOT_PERMITTED", REFUSED},
    {"CKR_KEY_INDIGESTIBLE", REFUSED},
    {"CKR_KEY_NOT_WRAPPABLE", REFUSED},
    {"CKR_KEY_SIZE_RANGE", REFUSED},
    {"CKR_KEY_TYPE_INCONSISTENT", REFUSED},
    {"CKR_KEY_UNEXTRACTABLE", REFUSED},
    {"CKR_MECHANISM_PARAM_INVALID", REFUSED},
    {"CKR_OPERATION_NOT_VALIDATED", REFUSED},
    {"CKR_PIN_EXPIRED", REFUSED},
    {"CKR_PIN_INCORRECT", REFUSED},
    {"CKR_PIN_INVALID", REFUSED},
    {"CKR_PIN_LEN_RANGE", REFUSED},
    {"CKR_PIN_LOCKED", REFUSED},
    {"CKR_PIN_TOO_WEAK", REFUSED},
    {"CKR_SESSION_READ_ONLY", REFUSED},
    {"CKR_TEMPLATE_INCONSISTENT", REFUSED},
    {"CKR_TOKEN_WRITE_PROTECTED", REFUSED},
    {"CKR_UNWRAPPING_KEY_SIZE_RANGE", REFUSED},
    {"CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT", REFUSED},
    {"CKR_USER_NOT_LOGGED_IN", REFUSED},
    {"CKR_USER_PIN_NOT_INITIALIZED", REFUSED},
    {"CKR_USER_TYPE_INVALID", REFUSED},
    {"CKR_WRAPPING_KEY_SIZE_RANGE", REFUSED},
    {"CKR_WRAPPING_KEY_TYPE_INCONSISTENT", REFUSED},
};

/* libnss3 folds many CKR_ codes into few of its own (lib/pk11wrap/pk11err.c): the size of a key and
 * its parameters become INVALID_KEY; an attribute's value, but also damaged data, become BAD_DATA,
 * so that this one says something only where the list says no. A row that is known to be refused
 * with it names it as its refusal. */
static const struct meaning nss_meanings[] = {
    {"SEC_ERROR_INVALID_ALGORITHM", NOT_OFFERED},
    {"SEC_ERROR_NO_TOKEN", NOT_OFFERED},
    {"SEC_ERROR_UNSUPPORTED_KEYALG", NOT_OFFERED},
    {"SEC_ERROR_UNRECOGNIZED_OID", NOT_OFFERED},
    {"PR_NOT_IMPLEMENTED_ERROR", NOT_OFFERED},
    {"SEC_ERROR_BAD_DATA", {OUTCOME_ERROR, OUTCOME_ABSENT, OUTCOME_ERROR}},
    {"SEC_ERROR_BAD_EXPORT_ALGORITHM", REFUSED},
    {"SEC_ERROR_BAD_PASSWORD", REFUSED},
    {"SEC_ERROR_CANNOT_MOVE_SENSITIVE_KEY", REFUSED},
    {"SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED", REFUSED},
    {"SEC_ERROR_DECRYPTION_DISALLOWED", REFUSED},
    {"SEC_ERROR_EXPIRED_PASSWORD", REFUSED},
    {"SEC_ERROR_INADEQUATE_KEY_USAGE", REFUSED},
    {"SEC_ERROR_INVALID_KEY", REFUSED},
    {"SEC_ERROR_INVALID_PASSWORD", REFUSED},
    {"SEC_ERROR_LOCKED_PASSWORD", REFUSED},
    {"SEC_ERROR_POLICY_LOCKED", REFUSED},
    {"SEC_ERROR_SIGNATURE_ALGORITHM_DISABLED", REFUSED},
    {"SEC_ERROR_TOKEN_NOT_LOGGED_IN", REFUSED},
    {"SEC_ERROR_UNSUPPORTED_ELLIPTIC_CURVE", REFUSED},
};

/* The outermost Java exception, by simple name, where no CKR_ name and no login stands below it.
 * What was seen of each: JAVA-REDHAT.md, section 6. */
static const struct meaning java_meanings[] = {
    /* a class of the JCA itself that came with a later Java: its name was asked for */
    {"ClassNotFoundException", {OUTCOME_ABSENT, OUTCOME_ABSENT, OUTCOME_ABSENT}},
    {"NoSuchProviderException", {OUTCOME_ABSENT, OUTCOME_ABSENT, OUTCOME_ABSENT}},
    {"UnsupportedOperationException", NOT_OFFERED},
    {"InvalidAlgorithmParameterException", REFUSED},
    {"InvalidKeyException", REFUSED},
    {"InvalidKeySpecException", REFUSED},
    {"InvalidParameterException", REFUSED},
};

#define LOOKUP(table, code, listed, otherwise)                                                     \
    lookup(table, sizeof table / sizeof *table, code, listed, otherwise)

static enum outcome lookup(const struct meaning *table, size_t n, const char *code,
                           enum listing listed, enum outcome otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].code, code) == 0)
            return table[i].by_listing[listed];
    return otherwise;
}

/* ---- words in a text ------------------------------------------------------------------------ */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$' || c == '-';
}

/* The next word at *at, or NULL; *at moves on. A class is cut to its simple name. The caller
 * frees. */
static char *next_word(const char **at)
{
    const char *start, *end;

    while (**at != '\0' && (!is_word(**at) || **at == '-')) /* "<-" is no word */
        (*at)++;
    if (**at == '\0')
        return NULL;
    start = end = *at;
    while (is_word(*end))
        end++;
    *at = end;
    for (const char *c = start; c + 1 < end; c++)
        if (*c == '.' || *c == '$')
            start = c + 1;
    return mem_dup(start, (size_t)(end - start));
}

/* Has text the word? Compared as next_word gives it. */
static bool has_word(const char *text, const char *word)
{
    for (const char *at = text; at != NULL;) {
        own_free char *w = next_word(&at);

        if (w == NULL)
            break;
        if (strcmp(w, word) == 0)
            return true;
    }
    return false;
}

/* ---- Java ----------------------------------------------------------------------------------- */

/* The code of java.h is a chain: outermost exception, deepest cause, CKR_ name, as far as each is
 * there. */
struct chain {
    char *outer, *deepest, *ckr;
};

static void chain_free(struct chain *c)
{
    free(c->outer);
    free(c->deepest);
    free(c->ckr);
}

static void chain_read(const char *code, struct chain *out)
{
    for (const char *at = code;;) {
        char *w = next_word(&at);

        if (w == NULL)
            return;
        if (strncmp(w, "CKR_", 4) == 0) {
            free(out->ckr);
            out->ckr = w;
        } else if (out->outer == NULL) {
            out->outer = w;
            out->deepest = mem_str(w);
        } else {
            free(out->deepest);
            out->deepest = w;
        }
    }
}

static bool is_nothing_such(const char *class)
{
    return strcmp(class, "NoSuchAlgorithmException") == 0 ||
           strcmp(class, "NoSuchPaddingException") == 0;
}

/* A login that fails hides behind a NoSuchAlgorithmException of Cipher.getInstance and may have
 * any cause below it (a file of the PIN that is not there): JAVA-REDHAT.md, section 3.2. */
static bool is_login(const struct evidence *e)
{
    static const char *const classes[] = {"LoginException", "FailedLoginException",
                                          "AccountLockedException"};

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (has_word(e->code, classes[i]) || has_word(e->detail, classes[i]))
            return true;
    return e->detail != NULL && strstr(e->detail, "error during the Token login") != NULL;
}

static enum outcome classify_java(const struct evidence *e)
{
    __attribute__((cleanup(chain_free))) struct chain c = {0};
    bool nothing_such;

    chain_read(e->code, &c);
    if (is_login(e))
        return OUTCOME_REFUSED;
    if (c.ckr != NULL)
        return LOOKUP(pkcs11_meanings, c.ckr, e->listed, OUTCOME_ERROR);
    if (c.outer == NULL)
        return OUTCOME_ERROR;
    nothing_such = is_nothing_such(c.deepest);
    if (is_nothing_such(c.outer) || strcmp(c.outer, "KeyStoreException") == 0)
        return nothing_such ? OUTCOME_ABSENT : OUTCOME_ERROR;
    return LOOKUP(java_meanings, c.outer, e->listed, OUTCOME_ERROR);
}

/* ---- all doors ------------------------------------------------------------------------------ */

/* The row says that one of these codes, an error elsewhere, is a refusal here. */
static bool row_calls_it_refusal(const struct observation *o)
{
    struct spec spec = probe_spec(o->probe, o->door);
    const char *at = spec_get(&spec, "refusal");

    while (at != NULL) {
        own_free char *w = next_word(&at);

        if (w == NULL)
            return false;
        if (has_word(o->evidence.code, w))
            return true;
    }
    return false;
}

static enum outcome classify_failure(const struct observation *o)
{
    const struct evidence *e = &o->evidence;
    enum outcome outcome;

    if (e->code == NULL)
        return OUTCOME_ERROR;
    if (o->door == DOOR_JCA)
        outcome = classify_java(e);
    else
        outcome = LOOKUP(pkcs11_meanings, e->code, e->listed, OUTCOME_ERROR);
    if (outcome == OUTCOME_ERROR && o->door == DOOR_NSS)
        outcome = LOOKUP(nss_meanings, e->code, e->listed, OUTCOME_ERROR);
    if (outcome == OUTCOME_ERROR && row_calls_it_refusal(o))
        outcome = OUTCOME_REFUSED;
    return outcome;
}

/* Two words about one thing: the less favourable one. */
static enum indicator worse(enum indicator said, enum indicator standard)
{
    static const enum indicator order[] = {INDICATOR_NOT_OK, INDICATOR_FAILED};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (said == order[i] || standard == order[i])
            return order[i];
    return said;
}

/* It worked. "Approved" needs three yeses and no doubt: a working control, the operation's own
 * indicator, and no other word about the key that was made for it; and, where the module can be
 * asked in the way of PKCS#11 3.2 too, nothing else from there. NSS approves an operation only
 * with an approved key (sftk_operationIsFIPS of lib/softoken/pkcs11u.c), so that a key with
 * NOT_OK under an operation with OK contradicts itself, and the no counts. */
static enum outcome classify_success(const struct observation *o, enum control control)
{
    const struct evidence *e = &o->evidence;
    enum indicator operation = worse(e->indicator, e->validation);
    enum indicator key = worse(e->key_indicator, e->key_validation);

    if (control != CONTROL_WORKING || o->door == DOOR_JCA) /* Java shows no indicator */
        return OUTCOME_WORKS;
    if (operation == INDICATOR_NOT_OK)
        return OUTCOME_NOT_APPROVED;
    if (operation != INDICATOR_OK)
        return OUTCOME_WORKS;
    if (key == INDICATOR_NOT_OK)
        return OUTCOME_NOT_APPROVED;
    return key == INDICATOR_FAILED ? OUTCOME_WORKS : OUTCOME_APPROVED;
}

enum outcome judge_classify(const struct observation *observation, enum control control)
{
    switch (observation->evidence.result) {
    case RESULT_DONE:
        return classify_success(observation, control);
    case RESULT_WRONG:
        return OUTCOME_INCORRECT;
    case RESULT_FAILED:
        return classify_failure(observation);
    case RESULT_CRASHED:
        return OUTCOME_CRASHED;
    case RESULT_TIMED_OUT:
        return OUTCOME_TIMED_OUT;
    case RESULT_NOT_RUN:
    case RESULT_MAX:
        break;
    }
    return OUTCOME_NOT_RUN;
}
