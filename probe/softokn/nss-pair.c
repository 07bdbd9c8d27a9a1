/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-pair.c: key pairs at libnss3: signatures, generation, agreement.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

#define SIGNATURE_ROOM 8192

static SECItem sign_param(const struct recipe *r, struct mech *mech)
{
    recipe_mech(r, mech);
    return nss_item(mech->m.pParameter, mech->m.ulParameterLen);
}

static bool sign_with(struct nss_ask *ask, const struct nss_pair *pair, struct nss_output *out)
{
    const struct recipe *r = ask->recipe;
    SECItem message = nss_item(r->message.data, r->message.len), signature, param;
    struct mech mech;

    param = sign_param(r, &mech);
    nss_output_free(out);
    nss_output_make(out, SIGNATURE_ROOM);
    /* of some a row knows the length, and NSS takes no other */
    signature = nss_item(out->data, r->signature_bytes == 0 ? out->room : r->signature_bytes);
    if (!nss_ok(ask, NSS(ask->nss, PK11_SignWithMechanism, pair->private_key, r->mechanism, &param,
                         &signature, &message) == SECSuccess))
        return false;
    out->len = signature.len <= out->room ? signature.len : 0;
    if (out->len == 0)
        return nss_wrong(ask, "it says that it wrote nothing, or more than it had room for");
    return r->signature_bytes == 0 || out->len == r->signature_bytes ||
           nss_wrong(ask, "not as long as it should be");
}

/* PK11_SignWithMechanism works in a session of its own, so the indicator is that of the same
 * operation in a context. Mechanisms that sign in one step only have none here. */
static enum indicator sign_indicator(struct nss_ask *ask, const struct nss_pair *pair)
{
    const struct recipe *r = ask->recipe;
    struct nss *nss = ask->nss;
    const char *step = nss->step;
    struct mech mech;
    SECItem param = sign_param(r, &mech);
    enum indicator indicator = INDICATOR_NONE;
    unsigned char signature[SIGNATURE_ROOM];
    PK11Context *context;
    unsigned len = 0;

    if (!nss->fips || nss->control != CONTROL_WORKING ||
        nss->f.PK11_CreateContextByPrivKey == NULL || nss->f.PK11_DigestBegin == NULL ||
        nss->f.PK11_DigestOp == NULL || nss->f.PK11_DigestFinal == NULL)
        return INDICATOR_NONE;
    context = NSS(nss, PK11_CreateContextByPrivKey, r->mechanism, CKA_SIGN, pair->private_key,
                  &param);
    if (context != NULL) {
        if (NSS(nss, PK11_DigestBegin, context) == SECSuccess &&
            NSS(nss, PK11_DigestOp, context, r->message.data, (unsigned)r->message.len) ==
                SECSuccess &&
            NSS(nss, PK11_DigestFinal, context, signature, &len, sizeof signature) == SECSuccess)
            indicator = nss_context_indicator(nss, context);
        NSS(nss, PK11_DestroyContext, context, PR_TRUE);
    }
    nss->step = step;
    return indicator;
}

static bool verify_with(struct nss_ask *ask, const struct nss_pair *pair,
                        const struct nss_output *signature)
{
    const struct recipe *r = ask->recipe;
    own_free unsigned char *changed = (unsigned char *)mem_dup(r->message.data, r->message.len);
    SECItem given = nss_item(signature->data, signature->len);
    SECItem message = nss_item(r->message.data, r->message.len);
    SECItem other = nss_item(changed, r->message.len + (r->message.len == 0));
    struct nss *nss = ask->nss;
    struct mech mech;
    SECItem param = sign_param(r, &mech);

    if (NSS(nss, PK11_VerifyWithMechanism, pair->public_key, r->mechanism, &param, &given, &message,
            NULL) != SECSuccess) {
        own_free char *code = nss_error_of(nss);

        if (strcmp(code, "SEC_ERROR_BAD_SIGNATURE") == 0)
            return nss_wrong(ask, "what the module signed does not verify");
        return nss_ok(ask, false);
    }
    changed[r->message.len / 2] ^= 1;
    return NSS(nss, PK11_VerifyWithMechanism, pair->public_key, r->mechanism, &param, &given, &other,
               NULL) != SECSuccess ||
           nss_wrong(ask, "the signature verifies for a changed message too");
}

static bool sign_and_verify(struct nss_ask *ask, const struct nss_pair *pair,
                            struct nss_output *signature)
{
    if (!sign_with(ask, pair, signature))
        return false;
    ask->evidence->indicator = sign_indicator(ask, pair);
    return verify_with(ask, pair, signature);
}

/* The vector's signature, with the vector's key. */
static bool is_known(struct nss_ask *ask, const struct nss_output *signature)
{
    const struct recipe *r = ask->recipe;

    return r->answer.data == NULL || nss_output_is(signature, r->answer.data, r->answer.len) ||
           nss_wrong(ask, "not the vector's signature");
}

/* An RSA key costs a tenth of a second and more, so the vector's is used where no indicator tells
 * it from one of the module's own, or the module counts it like one. */
static bool counts(struct nss_ask *ask, const struct nss_pair *pair)
{
    return ask->nss->control != CONTROL_WORKING ||
           nss_object_indicator(ask->nss, PK11_TypePrivKey, pair->private_key) == INDICATOR_OK;
}

bool nss_sign(struct nss_ask *ask)
{
    own_nss_output struct nss_output signature = {0}, known = {0};
    struct nss_pair given = {0}, pair = {0};
    bool brought = nss_pair_bring(ask, &given);
    bool generate = !brought || !counts(ask, &given);
    bool ok = !generate ||
              (nss_pair_keep(ask, &pair) && sign_and_verify(ask, &pair, &signature));

    if (ok && brought)
        ok = (generate ? sign_with(ask, &given, &known) : sign_and_verify(ask, &given, &known)) &&
             is_known(ask, &known);
    return ok && nss_done(ask, brought && ask->recipe->answer.data != NULL ? CHECK_KNOWN_ANSWER
                                                                          : CHECK_ROUND_TRIP);
}

/* The indicator is that of the generation: libnss3 tells it of the key. */
bool nss_keypair(struct nss_ask *ask)
{
    const struct recipe *r = ask->recipe;
    own_nss_output struct nss_output signature = {0};
    struct nss_pair pair = {0};
    bool ok = nss_pair_generate(ask, &pair);

    if (ok && r->bits != 0 &&
        NSS(ask->nss, SECKEY_PublicKeyStrengthInBits, pair.public_key) != r->bits)
        ok = nss_wrong(ask, "not of the size asked for");
    ok = ok && sign_and_verify(ask, &pair, &signature);
    nss_pair_free(ask->nss, &pair);
    if (!ok)
        return false;
    ask->evidence->indicator = ask->evidence->key_indicator;
    return nss_done(ask, CHECK_ROUND_TRIP);
}

/* ---- agreement ------------------------------------------------------------------------------ */

/* The secret of ours and theirs as a key for HMAC: it cannot be read from the FIPS token, but what
 * it does to a message can. */
static bool derive(struct nss_ask *ask, const struct nss_pair *ours, const struct nss_pair *theirs,
                   struct nss_output *fingerprint, enum indicator *indicator)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *secret = NSS(ask->nss, PK11_PubDeriveWithKDF, ours->private_key,
                             theirs->public_key, PR_FALSE, NULL, NULL, r->mechanism,
                             CKM_SHA256_HMAC, CKA_SIGN, 32, r->kdf, NULL, NULL);
    bool ok = nss_ok(ask, secret != NULL);

    if (ok && indicator != NULL)
        *indicator = nss_object_indicator(ask->nss, PK11_TypeSymKey, secret);
    ok = ok && nss_fingerprint(ask, secret, fingerprint);
    nss_free_key(ask->nss, secret);
    return ok;
}

static bool compare(struct nss_ask *ask, const struct nss_pair *a, const struct nss_pair *b)
{
    own_nss_output struct nss_output ours = {0}, theirs = {0}, alone = {0};

    if (!derive(ask, a, b, &ours, &ask->evidence->indicator) ||
        !derive(ask, b, a, &theirs, NULL) || !derive(ask, a, a, &alone, NULL))
        return false;
    ask->nss->step = "PK11_PubDeriveWithKDF";
    if (ours.len != 32 || !nss_output_is(&theirs, ours.data, ours.len))
        return nss_wrong(ask, "the two parties came to different secrets");
    if (nss_output_is(&alone, ours.data, ours.len))
        return nss_wrong(ask, "the secret does not depend on the other party");
    return nss_done(ask, CHECK_AGREEMENT);
}

bool nss_agree(struct nss_ask *ask)
{
    struct nss_pair a = {0}, b = {0};
    bool ok = nss_pair_generate(ask, &a) && nss_pair_generate(ask, &b) && compare(ask, &a, &b);

    nss_pair_free(ask->nss, &a);
    nss_pair_free(ask->nss, &b);
    return ok;
}
