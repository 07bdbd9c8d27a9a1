/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/recipe.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"
#include "softokn/constants.h"
#include "softokn/nss-error.h"

#include <string.h>

#define SEPARATOR " or "
#define ALTERNATIVES_MAX 8

/* Parameters that may name alternatives, and what their words must be: a constant with that
 * prefix, a form of parameter, or bytes in hexadecimal. */
enum kind { KIND_CONSTANT, KIND_FORM, KIND_HEX };

static const struct {
    const char *key;
    enum kind kind;
    const char *prefix;
} words[] = {
    {"mechanism", KIND_CONSTANT, "CKM_"},    {"keygen", KIND_CONSTANT, "CKM_"},
    {"key-type", KIND_CONSTANT, "CKK_"},     {"kdf", KIND_CONSTANT, "CKD_"},
    {"iv-generator", KIND_CONSTANT, "CKG_"}, {"parameter", KIND_FORM, NULL},
    {"ec-params", KIND_HEX, NULL},           {"hash", KIND_CONSTANT, "CKM_"},
    {"prf", KIND_CONSTANT, "CKP_"},          {"parameter-set", KIND_CONSTANT, "CKP_"},
};

static const char *const forms[FORM_MAX] = {
    [FORM_NONE] = "none", [FORM_IV] = "iv",
    [FORM_RC2_CBC] = "rc2-cbc", [FORM_GCM] = "gcm",
    [FORM_CHACHA20] = "chacha20-poly1305", [FORM_NSS_AEAD] = "nss-aead",
    [FORM_CCM] = "ccm", [FORM_CTR] = "ctr",
    [FORM_LENGTH] = "length", [FORM_PSS] = "pss",
    [FORM_OAEP] = "oaep", [FORM_TLS_MAC] = "tls-mac",
    [FORM_HKDF] = "hkdf", [FORM_NSS_HKDF] = "nss-hkdf",
    [FORM_COUNTER] = "sp800-108", [FORM_FEEDBACK] = "sp800-108-feedback",
    [FORM_PIPELINE] = "sp800-108-pipeline", [FORM_TLS12] = "tls12-master",
    [FORM_TLS_EMS] = "tls-ems", [FORM_IKE_PRF] = "ike-prf",
    [FORM_IKE_PLUS] = "ike-prf-plus", [FORM_DATA] = "data",
    [FORM_PBKDF2] = "pbkdf2", [FORM_PBE] = "pbe",
    [FORM_CHACHA] = "chacha20", [FORM_TLS] = "tls-master",
    [FORM_IKE1] = "ike1-prf", [FORM_PRF] = "prf",
    [FORM_KEY] = "key", [FORM_CBC_DATA] = "cbc-data",
    [FORM_DES_DATA] = "des-cbc-data", [FORM_EXTRACT] = "extract",
};

/* The alternatives of "A or B"; the caller frees the list. */
static void split(const char *text, struct strings *out)
{
    while (text != NULL) {
        const char *end = strstr(text, SEPARATOR);
        own_free char *word = mem_dup(text, end == NULL ? strlen(text) : (size_t)(end - text));

        strings_add(out, word);
        text = end == NULL ? NULL : end + strlen(SEPARATOR);
    }
}

static size_t count(const char *text)
{
    size_t n = 1;

    while ((text = strstr(text, SEPARATOR)) != NULL) {
        text += strlen(SEPARATOR);
        n++;
    }
    return n;
}

/* The word of one alternative, or NULL where the row has no such key. The caller frees. */
static char *pick(const struct spec *spec, const char *key, size_t alternative)
{
    const char *text = spec_get(spec, key);
    struct strings all = {0};
    char *word;

    if (text == NULL)
        return NULL;
    split(text, &all);
    word = mem_str(all.items[all.n == 1 ? 0 : alternative % all.n]);
    strings_free(&all);
    return word;
}

size_t recipe_alternatives(const struct spec *spec)
{
    size_t most = 1;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *text = spec_get(spec, words[i].key);
        size_t n = text == NULL ? 1 : count(text);

        most = n > most ? n : most;
    }
    return most;
}

static enum form form_of(const char *word)
{
    for (int i = 0; i < FORM_MAX; i++)
        if (word != NULL && strcmp(forms[i], word) == 0)
            return (enum form)i;
    return FORM_MAX;
}

static int check_value(const char *key, enum kind kind, const char *prefix, const char *word,
                      struct err *err)
{
    own_free unsigned char *bytes = NULL;
    unsigned long number;
    size_t len;

    switch (kind) {
    case KIND_CONSTANT:
        if (strncmp(word, prefix, strlen(prefix)) != 0 || !constants_number(word, &number))
            return err_set(err, ERR_INPUT, "'%s': there is no '%s' (%s... is expected)", key, word,
                           prefix);
        return 0;
    case KIND_FORM:
        if (form_of(word) == FORM_MAX)
            return err_set(err, ERR_INPUT, "'%s': there is no form '%s'", key, word);
        return 0;
    case KIND_HEX:
        bytes = text_unhex(word, &len);
        if (bytes == NULL || len == 0)
            return err_set(err, ERR_INPUT, "'%s': '%s' is not bytes in hexadecimal", key, word);
        return 0;
    }
    return 0;
}

static int check_words(const struct spec *spec, struct err *err)
{
    size_t most = recipe_alternatives(spec);

    if (most > ALTERNATIVES_MAX)
        return err_set(err, ERR_INPUT, "more than %d alternatives", ALTERNATIVES_MAX);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *text = spec_get(spec, words[i].key);
        struct strings all = {0};
        int rc = 0;

        if (text == NULL)
            continue;
        split(text, &all);
        if (all.n != 1 && all.n != most)
            rc = err_set(err, ERR_INPUT, "'%s' names %zu alternatives where another word names %zu",
                         words[i].key, all.n, most);
        for (size_t k = 0; rc == 0 && k < all.n; k++)
            rc = check_value(words[i].key, words[i].kind, words[i].prefix, all.items[k], err);
        strings_free(&all);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* CKR_..., or an error of libnss3 as the door 'nss' has it. */
static bool is_code(const char *code)
{
    unsigned long number;

    if (strncmp(code, "CKR_", 4) == 0)
        return constants_number(code, &number);
    return nss_error_is_known(code);
}

static int check_refusal(const struct spec *spec, struct err *err)
{
    own_free char *codes = mem_str(spec_get(spec, "refusal"));
    char *save = NULL;

    if (codes == NULL)
        return 0;
    for (char *code = strtok_r(codes, " ", &save); code != NULL; code = strtok_r(NULL, " ", &save))
        if (!is_code(code))
            return err_set(err, ERR_INPUT,
                           "'refusal': there is no '%s' (CKR_... or SEC_ERROR_... is expected)",
                           code);
    return 0;
}

/* The bytes and numbers that a form cannot do without. */
static const struct {
    enum form form;
    const char *needs[4];
} form_needs[] = {
    {FORM_IV, {"iv"}},
    {FORM_RC2_CBC, {"iv", "effective-bits"}},
    {FORM_GCM, {"iv", "aad", "tag-bytes"}},
    {FORM_CHACHA20, {"iv", "aad", "tag-bytes"}},
    {FORM_NSS_AEAD, {"iv", "aad", "tag-bytes"}},
    {FORM_CCM, {"iv", "aad", "tag-bytes"}},
    {FORM_CTR, {"iv"}},
    {FORM_LENGTH, {"tag-bytes"}},
    {FORM_PSS, {"hash", "salt-bytes"}},
    {FORM_OAEP, {"hash"}},
    {FORM_TLS_MAC, {"hash", "tag-bytes"}},
    {FORM_HKDF, {"hash", "salt", "info"}},
    {FORM_NSS_HKDF, {"salt", "info"}},
    {FORM_COUNTER, {"hash", "info"}},
    {FORM_FEEDBACK, {"hash", "info", "iv"}},
    {FORM_PIPELINE, {"hash", "info"}},
    {FORM_TLS12, {"hash", "info"}},
    {FORM_TLS_EMS, {"hash", "info"}},
    {FORM_IKE_PRF, {"hash", "salt", "info"}},
    {FORM_IKE_PLUS, {"hash", "info"}},
    {FORM_DATA, {"info"}},
    {FORM_PBKDF2, {"prf", "salt", "password", "iterations"}},
    {FORM_PBE, {"salt", "password", "iterations"}},
    {FORM_CHACHA, {"iv"}},
    {FORM_TLS, {"info"}},
    {FORM_IKE1, {"hash", "second", "info"}},
    {FORM_PRF, {"hash"}},
    {FORM_KEY, {"second"}},
    {FORM_CBC_DATA, {"iv", "info"}},
    {FORM_DES_DATA, {"iv", "info"}},
    {FORM_EXTRACT, {"bit"}},
};

static int check_form(const struct spec *spec, const struct recipe *r, struct err *err)
{
    for (size_t i = 0; i < sizeof form_needs / sizeof *form_needs; i++)
        for (size_t k = 0; form_needs[i].form == r->form && k < 4; k++)
            if (form_needs[i].needs[k] != NULL && spec_get(spec, form_needs[i].needs[k]) == NULL)
                return err_set(err, ERR_INPUT, "parameter '%s' needs '%s'", forms[r->form],
                               form_needs[i].needs[k]);
    if (r->form == FORM_RC2_CBC && (r->iv.len != 8 || r->effective_bits == 0))
        return err_set(err, ERR_INPUT,
                       "parameter 'rc2-cbc' needs an 'iv' of 8 bytes and 'effective-bits'");
    if (r->form == FORM_DES_DATA && r->iv.len != 8)
        return err_set(err, ERR_INPUT, "parameter 'des-cbc-data' needs an 'iv' of 8 bytes");
    if (r->form == FORM_CTR && r->iv.len != 16)
        return err_set(err, ERR_INPUT, "parameter 'ctr' needs an 'iv' of 16 bytes");
    if ((r->form == FORM_TLS12 || r->form == FORM_TLS) && r->info.len != 64)
        return err_set(err, ERR_INPUT, "parameter '%s' needs an 'info' of 64 bytes",
                       forms[r->form]);
    if ((r->form == FORM_CHACHA || r->form == FORM_CBC_DATA) && r->iv.len != 16)
        return err_set(err, ERR_INPUT, "parameter '%s' needs an 'iv' of 16 bytes", forms[r->form]);
    return 0;
}

static int check_aead(const struct recipe *r, struct err *err)
{
    if (r->form != FORM_GCM && r->form != FORM_CHACHA20 && r->form != FORM_NSS_AEAD &&
        r->form != FORM_CCM)
        return err_set(err, ERR_INPUT, "operation 'aead' takes no such 'parameter'");
    if (r->tag_bytes == 0 || r->tag_bytes > 64 || r->iv.len == 0 || r->iv.len > 64 ||
        r->ciphertext.len != r->plaintext.len + r->tag_bytes)
        return err_set(err, ERR_INPUT,
                       "'ciphertext' must be as long as 'plaintext' and the tag together");
    return 0;
}

/* A door that is left out is a hole in the report: the row says why it is there. */
static int check_doors(const struct spec *spec, struct err *err)
{
    if (spec_get(spec, "doors") != NULL && spec_get(spec, "note") == NULL)
        return err_set(err, ERR_INPUT, "'doors' leaves one out: 'note' must say why");
    return 0;
}

static bool is_one_of(const char *name, const char *const *names)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

/* What the forms and kinds of keys need beside what the table of operations can say. */
static int check_combination(const struct spec *spec, const struct op *op, struct err *err)
{
    static const char *const paired[] = {"sign", "keypair", "agree", "pair-cipher", "transport",
                                         "kem", NULL};
    own_recipe struct recipe r = {0};

    for (size_t i = 0; i < recipe_alternatives(spec); i++) {
        recipe_free(&r);
        recipe_read(spec, i, &r);
        if (check_form(spec, &r, err) < 0 ||
            (strcmp(op->name, "aead") == 0 && check_aead(&r, err) < 0))
            return -1;
        if (r.iv_generator != 0 && r.form != FORM_GCM)
            return err_set(err, ERR_INPUT, "'iv-generator' needs the parameter 'gcm'");
    }
    if (r.count > 4096 || r.bits > 16384 || r.key_bytes > 4096 || r.signature_bytes > 8192 ||
        r.iterations > 100000 || r.salt_bytes > 512 || r.mac_bytes > 512 ||
        r.iv_bytes > 512 || r.write_bytes > 512 || r.ciphertext_bytes > 65536)
        return err_set(err, ERR_INPUT, "a size is beyond what is asked here");
    if (is_one_of(op->name, paired) && (r.bits != 0) + (r.ec_params.data != NULL) +
                                               (r.prime.data != NULL) + (r.parameter_set != 0) !=
                                           1)
        return err_set(err, ERR_INPUT,
                       "one of 'bits', 'ec-params', 'prime' and 'parameter-set' is needed");
    if (strcmp(op->name, "tls-keys") == 0 &&
        (r.info.len != 64 || r.mac_bytes == 0 || r.iv_bytes > 64 ||
         r.answer.len != 2 * (r.mac_bytes + r.write_bytes + r.iv_bytes)))
        return err_set(err, ERR_INPUT,
                       "'info' must be 64 bytes, and 'answer' two MAC keys, keys and IVs");
    if ((r.prime.data != NULL) != (r.base.data != NULL))
        return err_set(err, ERR_INPUT, "'prime' and 'base' belong together");
    if (!r.sign_again && spec_get(spec, "verification") != NULL)
        return err_set(err, ERR_INPUT, "'verification' can be 'sign-again' alone");
    if (strcmp(op->name, "random") == 0 && r.count < 16)
        return err_set(err, ERR_INPUT, "fewer than 16 random bytes tell nothing");
    return check_doors(spec, err);
}

int softokn_check(const struct spec *spec, const struct op *op, struct err *err)
{
    if (check_words(spec, err) < 0 || check_refusal(spec, err) < 0)
        return -1;
    return check_combination(spec, op, err);
}

static CK_ULONG constant(const struct spec *spec, const char *key, size_t alternative,
                         CK_ULONG otherwise)
{
    own_free char *word = pick(spec, key, alternative);
    unsigned long number;

    return word != NULL && constants_number(word, &number) ? number : otherwise;
}

static struct bytes get(const struct spec *spec, const char *key)
{
    struct bytes b;

    b.data = spec_bytes(spec, key, &b.len);
    return b;
}

void recipe_read(const struct spec *spec, size_t alternative, struct recipe *out)
{
    own_free char *form = pick(spec, "parameter", alternative);
    own_free char *ec = pick(spec, "ec-params", alternative);

    *out = (struct recipe){
        .op = spec_word(spec, "op", ""),
        .mechanism = constant(spec, "mechanism", alternative, CK_UNAVAILABLE_INFORMATION),
        .keygen = constant(spec, "keygen", alternative, CK_UNAVAILABLE_INFORMATION),
        .key_type = constant(spec, "key-type", alternative, CK_UNAVAILABLE_INFORMATION),
        .form = form == NULL ? FORM_NONE : form_of(form),
        .iv_generator = constant(spec, "iv-generator", alternative, 0),
        .kdf = constant(spec, "kdf", alternative, CKD_NULL),
        .hash = constant(spec, "hash", alternative, CK_UNAVAILABLE_INFORMATION),
        .prf = constant(spec, "prf", alternative, 0),
        .sign_again = strcmp(spec_word(spec, "verification", ""), "sign-again") == 0,
        .give_length = spec_get(spec, "key-bytes") != NULL,
        .bits = spec_uint(spec, "bits", 0),
        .effective_bits = spec_uint(spec, "effective-bits", 0),
        .tag_bytes = spec_uint(spec, "tag-bytes", 0),
        .signature_bytes = spec_uint(spec, "signature-bytes", 0),
        .count = spec_uint(spec, "bytes", 0),
        .salt_bytes = spec_uint(spec, "salt-bytes", 0),
        .iterations = spec_uint(spec, "iterations", 0),
        .parameter_set = constant(spec, "parameter-set", alternative, 0),
        .mac_bytes = spec_uint(spec, "mac-bytes", 0),
        .iv_bytes = spec_uint(spec, "iv-bytes", 0),
        .write_bytes = spec_uint(spec, "write-bytes", 0),
        .ciphertext_bytes = spec_uint(spec, "ciphertext-bytes", 0),
        .bit = spec_uint(spec, "bit", 0),
        .second = get(spec, "second"),
        .key = get(spec, "key"),
        .iv = get(spec, "iv"),
        .aad = get(spec, "aad"),
        .message = get(spec, "message"),
        .plaintext = get(spec, "plaintext"),
        .ciphertext = get(spec, "ciphertext"),
        .answer = get(spec, "answer"),
        .prime = get(spec, "prime"),
        .base = get(spec, "base"),
        .subprime = get(spec, "subprime"),
        .private_key = get(spec, "private-key"),
        .modulus = get(spec, "modulus"),
        .exponent = get(spec, "exponent"),
        .point = get(spec, "point"),
        .salt = get(spec, "salt"),
        .info = get(spec, "info"),
        .password = get(spec, "password"),
    };
    out->key_bytes = spec_uint(spec, "key-bytes", out->key.len);
    if (ec != NULL)
        out->ec_params.data = text_unhex(ec, &out->ec_params.len);
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

void recipe_free(struct recipe *r)
{
    struct bytes *all[] = {&r->key,    &r->iv,        &r->aad,   &r->message, &r->plaintext,
                           &r->ciphertext, &r->answer, &r->ec_params, &r->prime, &r->base,
                           &r->subprime, &r->private_key, &r->modulus, &r->exponent,
                           &r->point, &r->salt, &r->info, &r->password, &r->second};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        bytes_free(all[i]);
}

static bool listed(CK_MECHANISM_TYPE type, const CK_MECHANISM_TYPE *list, size_t n)
{
    if (type == CK_UNAVAILABLE_INFORMATION)
        return true;
    for (size_t i = 0; i < n; i++)
        if (list[i] == type)
            return true;
    return false;
}

size_t recipe_choose(const struct spec *spec, const CK_MECHANISM_TYPE *list, size_t n)
{
    for (size_t i = 0; i < recipe_alternatives(spec); i++)
        if (listed(constant(spec, "mechanism", i, CK_UNAVAILABLE_INFORMATION), list, n) &&
            listed(constant(spec, "keygen", i, CK_UNAVAILABLE_INFORMATION), list, n))
            return i;
    return 0;
}

bool recipe_vendor_set(const struct recipe *r)
{
    return (r->parameter_set & CKM_VENDOR_DEFINED) != 0;
}

char *recipe_pair_id(const struct recipe *r, bool brought, CK_ATTRIBUTE_TYPE use)
{
    const struct bytes *made[] = {&r->ec_params, &r->prime, &r->base, &r->subprime};
    struct buf text = {0};

    buf_printf(&text, "%lx %lx", r->key_type, use);
    if (brought) {
        own_free char *value = text_hex(r->private_key.data, r->private_key.len);

        buf_printf(&text, " of %s", value);
        return buf_steal(&text);
    }
    buf_printf(&text, " by %lx %lu %lu", r->keygen, r->bits, r->parameter_set);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        own_free char *value = text_hex(made[i]->data, made[i]->len);

        buf_printf(&text, " %s", value);
    }
    return buf_steal(&text);
}

/* ---- all rows together ----------------------------------------------------------------------- */

static void add_once(struct strings *out, const char *name)
{
    for (size_t i = 0; i < out->n; i++)
        if (strcmp(out->items[i], name) == 0)
            return;
    strings_add(out, name);
}

void softokn_row_mechanisms(const struct catalogue *catalogue, struct strings *out)
{
    static const char *const keys[] = {"mechanism", "keygen"};

    for (size_t i = 0; i < catalogue->n; i++)
        for (int door = 0; door < DOOR_JCA; door++) {
            struct spec spec = {0};

            if (!probe_at(&catalogue->items[i], (enum door)door))
                continue;
            spec = probe_spec(&catalogue->items[i], (enum door)door);
            for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
                const char *text = spec_get(&spec, keys[k]);
                struct strings all = {0};

                if (text != NULL)
                    split(text, &all);
                for (size_t a = 0; a < all.n; a++) {
                    unsigned long number;
                    own_free char *name = NULL;

                    if (constants_number(all.items[a], &number))
                        name = constants_text("CKM_", number); /* the list's spelling */
                    if (name != NULL)
                        add_once(out, name);
                }
                strings_free(&all);
            }
        }
}
