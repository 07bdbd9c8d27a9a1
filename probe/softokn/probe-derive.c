/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-derive.c: keys that are derived from a key or a password. A derived key cannot be read from
 * the FIPS token, so it is known by what it does to a message.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

bool probe_fingerprint(struct ask *ask, CK_OBJECT_HANDLE secret, struct output *out)
{
    CK_MECHANISM mechanism = {CKM_SHA256_HMAC, NULL, 0};
    unsigned char text[] = "fingerprint";
    struct bytes message = {text, sizeof text};

    output_make(out, 32);
    return probe_sign_with(ask, &mechanism, secret, &message, out);
}

/* What every derived key here is: a secret for HMAC, as long as the vector's. */
#define DERIVED_TEMPLATE                                                                           \
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;                                                        \
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;                                                         \
    CK_BBOOL yes = CK_TRUE;                                                                        \
    CK_ULONG len = ask->recipe->answer.len;                                                        \
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class},                                  \
                               {CKA_KEY_TYPE, &type, sizeof type},                                 \
                               {CKA_SIGN, &yes, sizeof yes},                                       \
                               {CKA_VALUE_LEN, &len, sizeof len}}

static CK_RV derive_from(struct ask *ask, CK_OBJECT_HANDLE base, CK_OBJECT_HANDLE *out)
{
    struct mech mech;
    DERIVED_TEMPLATE;

    recipe_mech(ask->recipe, &mech);
    *out = CK_INVALID_HANDLE;
    if (recipe_takes_second(ask->recipe)) {
        CK_OBJECT_HANDLE second;

        if (!key_bring_secret(ask, &ask->recipe->second, CKK_GENERIC_SECRET, &second))
            return CKR_KEY_NEEDED;
        recipe_mech_second(&mech, ask->recipe->form, second);
    }
    return P11(ask->token, DeriveKey, ask->session, &mech.m, base, template, 4, out);
}

static CK_RV derive_password(struct ask *ask, CK_OBJECT_HANDLE base, CK_OBJECT_HANDLE *out)
{
    struct mech mech;
    DERIVED_TEMPLATE;

    (void)base;
    recipe_mech(ask->recipe, &mech);
    *out = CK_INVALID_HANDLE;
    return P11(ask->token, GenerateKey, ask->session, &mech.m, template, 4, out);
}

typedef CK_RV derive_fn(struct ask *ask, CK_OBJECT_HANDLE base, CK_OBJECT_HANDLE *out);

/* Derives, and asks the module what it says of it, when told so. */
static bool derived(struct ask *ask, derive_fn *derive, CK_OBJECT_HANDLE base,
                    struct output *fingerprint, bool indicate)
{
    CK_OBJECT_HANDLE key;

    if (!ask_ok(ask, derive(ask, base, &key)))
        return false;
    if (indicate) {
        ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
        ask->evidence->key_indicator = token_object_indicator(ask->token, ask->session, key);
    }
    return probe_fingerprint(ask, key, fingerprint);
}

/* Is it the vector's answer? *known: that could be told. */
static bool is_answer(struct ask *ask, const struct output *fingerprint, bool *known)
{
    own_output struct output answer = {0};
    CK_OBJECT_HANDLE key;

    *known = key_bring_secret(ask, &ask->recipe->answer, CKK_GENERIC_SECRET, &key);
    if (!*known)
        return true;
    if (!probe_fingerprint(ask, key, &answer))
        return false;
    return output_same(fingerprint, &answer) ||
           evidence_wrong(ask->evidence, "C_DeriveKey", "not the vector's answer");
}

/* From the vector's key, where that can be brought in. */
static bool derive_known(struct ask *ask, enum check *check)
{
    own_output struct output fingerprint = {0};
    CK_OBJECT_HANDLE base, key;
    bool known;

    *check = CHECK_ROUND_TRIP;
    if (!key_bring(ask, &base))
        return true;
    if (derive_from(ask, base, &key) != CKR_OK ||
        !probe_fingerprint(ask, key, &fingerprint)) {
        evidence_clear(ask->evidence);
        evidence_detail(ask->evidence, "the module does not derive from the vector's key");
        return true;
    }
    if (!is_answer(ask, &fingerprint, &known))
        return false;
    *check = known ? CHECK_KNOWN_ANSWER : CHECK_ROUND_TRIP;
    return true;
}

bool probe_derive(struct ask *ask)
{
    own_output struct output first = {0}, second = {0}, other = {0};
    CK_OBJECT_HANDLE base, stranger;
    enum check check;

    if (!key_generate(ask, &base) || !key_generate(ask, &stranger) ||
        !derived(ask, derive_from, base, &first, true) ||
        !derived(ask, derive_from, base, &second, false) ||
        !derived(ask, derive_from, stranger, &other, false))
        return false;
    if (!output_same(&first, &second))
        return evidence_wrong(ask->evidence, "C_DeriveKey", "twice the same gives two keys");
    if (output_same(&first, &other))
        return evidence_wrong(ask->evidence, "C_DeriveKey", "two keys give the same");
    return derive_known(ask, &check) && probe_done(ask, check);
}

bool probe_pbkdf(struct ask *ask)
{
    own_output struct output fingerprint = {0};
    bool known;

    if (!derived(ask, derive_password, CK_INVALID_HANDLE, &fingerprint, true) ||
        !is_answer(ask, &fingerprint, &known))
        return false;
    if (!known)
        return evidence_fail(ask->evidence, ask->token->step, "not-checked",
                             "the key was made, but could not be compared");
    return probe_done(ask, CHECK_KNOWN_ANSWER);
}
