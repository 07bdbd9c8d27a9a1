/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-pair.c: key pairs: signatures, generation, agreement.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

#define MAX_SIGNATURE 8192 /* more than that of any algorithm here */

static void make_signature(const struct recipe *r, struct output *signature)
{
    output_make(signature, MAX_SIGNATURE);
    if (r->signature_bytes != 0)
        signature->len = r->signature_bytes;
}

static bool sign_and_verify(struct ask *ask, const struct key_pair *pair, struct output *signature)
{
    const struct recipe *r = ask->recipe;
    struct mech mech;

    recipe_mech(r, &mech);
    make_signature(r, signature);
    if (!probe_sign_with(ask, &mech.m, pair->private_key, &r->message, signature))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (r->signature_bytes != 0 && signature->len != r->signature_bytes)
        return evidence_wrong(ask->evidence, ask->token->step, "not as long as it should be");
    return probe_verify_with(ask, &mech.m, pair->public_key, &r->message, signature);
}

/* A key pair costs a tenth of a second and more for RSA, so the vector's is used where the module
 * counts it like one of its own. */
static bool counts(struct ask *ask, const struct key_pair *pair)
{
    return ask->token->control != CONTROL_WORKING ||
           token_object_indicator(ask->token, ask->session, pair->private_key) == INDICATOR_OK;
}

static bool sign_known(struct ask *ask, const struct key_pair *pair, struct output *signature)
{
    const struct recipe *r = ask->recipe;

    if (r->answer.data == NULL)
        return true;
    if (signature->data == NULL) {
        struct mech mech;

        recipe_mech(r, &mech);
        make_signature(r, signature);
        if (!probe_sign_with(ask, &mech.m, pair->private_key, &r->message, signature))
            return false;
    }
    return output_is(signature, &r->answer) ||
           evidence_wrong(ask->evidence, ask->token->step, "not the vector's signature");
}

bool probe_sign(struct ask *ask)
{
    own_output struct output signature = {0}, known = {0};
    struct key_pair given = {0}, pair;
    bool brought = key_bring_pair(ask, &given);
    enum check check = brought && ask->recipe->answer.data != NULL ? CHECK_KNOWN_ANSWER
                                                                   : CHECK_ROUND_TRIP;

    if (brought && counts(ask, &given))
        return sign_and_verify(ask, &given, &signature) && sign_known(ask, &given, &signature) &&
               probe_done(ask, check);
    return key_keep_pair(ask, &pair) && sign_and_verify(ask, &pair, &signature) &&
           (!brought || sign_known(ask, &given, &known)) && probe_done(ask, check);
}

bool probe_keypair(struct ask *ask)
{
    const struct recipe *r = ask->recipe;
    own_output struct output signature = {0};
    struct key_pair pair;
    enum indicator generation;

    if (!key_generate_pair(ask, &pair))
        return false;
    generation = token_operation_indicator(ask->token, ask->session);
    if (r->bits != 0 && key_modulus_bits(ask, pair.public_key) != r->bits)
        return evidence_wrong(ask->evidence, ask->token->step, "not of the size asked for");
    if (!sign_and_verify(ask, &pair, &signature))
        return false;
    ask->evidence->indicator = generation;
    return probe_done(ask, CHECK_ROUND_TRIP);
}

/* ---- agreement ------------------------------------------------------------------------------ */

/* The public value as the other party gets it. CKA_EC_POINT is a DER OCTET STRING (PKCS#11 2.40,
 * 2.3.3), of which C_DeriveKey takes the content. */
static bool public_value(struct ask *ask, CK_OBJECT_HANDLE key, struct bytes *out)
{
    bool ec = ask->recipe->ec_params.data != NULL;
    size_t head = 0;

    if (!token_attribute(ask->token, ask->session, key, ec ? CKA_EC_POINT : CKA_VALUE, 4096, out))
        return evidence_fail(ask->evidence, ask->token->step, "no-public-value",
                             "the token does not give the public value");
    if (ec && out->len > 2 && out->data[0] == 0x04 && out->data[1] == out->len - 2)
        head = 2;
    else if (ec && out->len > 3 && out->data[0] == 0x04 && out->data[1] == 0x81 &&
             out->data[2] == out->len - 3)
        head = 3;
    out->len -= head;
    memmove(out->data, out->data + head, out->len);
    return true;
}

static bool derive(struct ask *ask, CK_OBJECT_HANDLE key, struct bytes *other,
                   CK_OBJECT_HANDLE *secret)
{
    const struct recipe *r = ask->recipe;
    CK_ECDH1_DERIVE_PARAMS ecdh = {
        .kdf = r->kdf, .ulPublicDataLen = other->len, .pPublicData = other->data};
    CK_MECHANISM mechanism = {r->mechanism, &ecdh, sizeof ecdh};
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_BBOOL yes = CK_TRUE;
    CK_ULONG len = 32;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class},
                               {CKA_KEY_TYPE, &type, sizeof type},
                               {CKA_VALUE_LEN, &len, sizeof len},
                               {CKA_SIGN, &yes, sizeof yes}};

    if (r->ec_params.data == NULL) {
        mechanism.pParameter = other->data;
        mechanism.ulParameterLen = other->len;
    }
    *secret = CK_INVALID_HANDLE;
    return ask_ok(ask, P11(ask->token, DeriveKey, ask->session, &mechanism, key, template, 4,
                           secret));
}

static bool compare(struct ask *ask, const CK_OBJECT_HANDLE *secrets)
{
    own_output struct output ours = {0}, theirs = {0}, alone = {0};

    if (!probe_fingerprint(ask, secrets[0], &ours) || !probe_fingerprint(ask, secrets[1], &theirs) ||
        !probe_fingerprint(ask, secrets[2], &alone))
        return false;
    if (!output_same(&ours, &theirs))
        return evidence_wrong(ask->evidence, "C_DeriveKey",
                              "the two parties came to different secrets");
    if (output_same(&ours, &alone))
        return evidence_wrong(ask->evidence, "C_DeriveKey",
                              "the secret does not depend on the other party");
    return probe_done(ask, CHECK_AGREEMENT);
}

bool probe_agree(struct ask *ask)
{
    struct key_pair a, b;
    struct bytes public_a = {0}, public_b = {0};
    CK_OBJECT_HANDLE secrets[3];
    bool ok = key_generate_pair(ask, &a) && key_generate_pair(ask, &b) &&
              public_value(ask, a.public_key, &public_a) &&
              public_value(ask, b.public_key, &public_b) &&
              derive(ask, a.private_key, &public_b, &secrets[0]);

    if (ok)
        ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    ok = ok && derive(ask, b.private_key, &public_a, &secrets[1]) &&
         derive(ask, a.private_key, &public_a, &secrets[2]) && compare(ask, secrets);
    bytes_free(&public_a);
    bytes_free(&public_b);
    return ok;
}
