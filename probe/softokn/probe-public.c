/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-public.c: what needs a public key that is given, and encryption with a key pair.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

/* With the indicator: what follows it is a signature that does not verify. */
static bool verify_once(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                        const struct output *signature)
{
    const struct bytes *message = &ask->recipe->message;
    CK_RV rv;

    if (!ask_ok(ask, P11(ask->token, VerifyInit, ask->session, mechanism, key)))
        return false;
    rv = P11(ask->token, Verify, ask->session, message->data, message->len, signature->data,
             signature->len);
    if (rv == CKR_SIGNATURE_INVALID || rv == CKR_SIGNATURE_LEN_RANGE)
        return evidence_wrong(ask->evidence, ask->token->step,
                              "the vector's signature does not verify");
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    return ask_ok(ask, rv);
}

bool probe_verify(struct ask *ask)
{
    const struct recipe *r = ask->recipe;
    struct output signature = {r->answer.data, r->answer.len, r->answer.len};
    CK_OBJECT_HANDLE key;
    CK_MECHANISM_INFO info;
    struct mech mech;

    recipe_mech(r, &mech);
    /* a key of a type that the module does not know says nothing of the mechanism */
    return ask_ok(ask, P11(ask->token, GetMechanismInfo, ask->token->slot, r->mechanism, &info)) &&
           key_public(ask, &key) && verify_once(ask, &mech.m, key, &signature) &&
           probe_verify_with(ask, &mech.m, key, &r->message, &signature) &&
           probe_done(ask, CHECK_KNOWN_ANSWER);
}

static CK_RV encrypt(struct ask *ask, CK_OBJECT_HANDLE key, struct output *out)
{
    const struct recipe *r = ask->recipe;
    struct mech mech;
    CK_RV rv;

    recipe_mech(r, &mech);
    rv = P11(ask->token, EncryptInit, ask->session, &mech.m, key);
    if (rv != CKR_OK)
        return rv;
    return P11(ask->token, Encrypt, ask->session, r->plaintext.data, r->plaintext.len, out->data,
               &out->len);
}

static CK_RV decrypt(struct ask *ask, CK_OBJECT_HANDLE key, unsigned char *in, size_t len,
                     struct output *out)
{
    struct mech mech;
    CK_RV rv;

    recipe_mech(ask->recipe, &mech);
    rv = P11(ask->token, DecryptInit, ask->session, &mech.m, key);
    if (rv != CKR_OK)
        return rv;
    return P11(ask->token, Decrypt, ask->session, in, len, out->data, &out->len);
}

static bool round_trip(struct ask *ask, const struct key_pair *pair)
{
    const struct recipe *r = ask->recipe;
    own_output struct output ciphertext = {0}, back = {0};

    output_make(&ciphertext, 2048);
    output_make(&back, r->plaintext.len + 2048);
    if (!ask_ok(ask, encrypt(ask, pair->public_key, &ciphertext)) || !output_ok(ask, &ciphertext))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (!ask_ok(ask, decrypt(ask, pair->private_key, ciphertext.data, ciphertext.len, &back)) ||
        !output_ok(ask, &back))
        return false;
    return output_is(&back, &r->plaintext) ||
           evidence_wrong(ask->evidence, ask->token->step,
                          "what was encrypted does not decrypt to itself");
}

static bool known_answer(struct ask *ask, const struct key_pair *pair, enum check *check)
{
    const struct recipe *r = ask->recipe;
    own_output struct output back = {0};

    *check = CHECK_ROUND_TRIP;
    output_make(&back, r->plaintext.len + 2048);
    if (decrypt(ask, pair->private_key, r->ciphertext.data, r->ciphertext.len, &back) != CKR_OK) {
        evidence_detail(ask->evidence, "the module does not decrypt the vector's ciphertext");
        return true;
    }
    *check = CHECK_KNOWN_ANSWER;
    return (back.len <= back.room && output_is(&back, &r->plaintext)) ||
           evidence_wrong(ask->evidence, ask->token->step, "not the vector's plaintext");
}

/* With the vector's key pair where it can be brought in, which saves a generation. */
bool probe_pair_cipher(struct ask *ask)
{
    struct key_pair pair;
    bool brought = key_bring_pair(ask, &pair);
    enum check check = CHECK_ROUND_TRIP;

    if (!brought && !key_generate_pair(ask, &pair))
        return false;
    if (brought)
        ask->evidence->key_indicator =
            token_object_indicator(ask->token, ask->session, pair.private_key);
    return round_trip(ask, &pair) &&
           (!brought || ask->recipe->ciphertext.data == NULL ||
            known_answer(ask, &pair, &check)) &&
           probe_done(ask, check);
}
