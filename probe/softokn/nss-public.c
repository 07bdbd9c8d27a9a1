/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-public.c: what needs a public key that is given, and encryption with a key pair, at libnss3.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

#define CIPHERTEXT_ROOM 2048
/* keythi.h of NSS 3.110; older headers do not have it */
#define ED_KEY ((KeyType)10)

/* The recipe has the point as PKCS#11 has it, which is in an OCTET STRING for ECDSA (2.40, 2.3.3). */
static SECItem point_of(const struct recipe *r)
{
    size_t head = 0;

    if (r->key_type == CKK_EC && r->point.len > 3 && r->point.data[0] == 0x04)
        head = r->point.data[1] == 0x81 ? 3 : 2;
    return nss_item(r->point.data + head, r->point.len - head);
}

/* As programs do it that have a key in parts (keythi.h). What it points to stays the recipe's. */
static void public_key(const struct recipe *r, SECKEYPublicKey *key)
{
    *key = (SECKEYPublicKey){.pkcs11ID = CK_INVALID_HANDLE};
    switch (r->key_type) {
    case CKK_RSA:
        key->keyType = rsaKey;
        key->u.rsa.modulus = nss_item(r->modulus.data, r->modulus.len);
        key->u.rsa.publicExponent = nss_item(r->exponent.data, r->exponent.len);
        break;
    case CKK_DSA:
        key->keyType = dsaKey;
        key->u.dsa.params.prime = nss_item(r->prime.data, r->prime.len);
        key->u.dsa.params.subPrime = nss_item(r->subprime.data, r->subprime.len);
        key->u.dsa.params.base = nss_item(r->base.data, r->base.len);
        key->u.dsa.publicValue = nss_item(r->key.data, r->key.len);
        break;
    default:
        key->keyType = r->key_type == CKK_EC ? ecKey : ED_KEY;
        key->u.ec.DEREncodedParams = nss_item(r->ec_params.data, r->ec_params.len);
        key->u.ec.publicValue = point_of(r);
        break;
    }
}

/* *verifies: did it? False: it failed in another way, as the evidence says. */
static bool verify(struct nss_ask *ask, SECKEYPublicKey *key, const unsigned char *message,
                   size_t len, bool *verifies)
{
    const struct recipe *r = ask->recipe;
    SECItem signature = nss_item(r->answer.data, r->answer.len), data = nss_item(message, len);
    own_free char *code = NULL;
    struct mech mech;
    SECItem param;

    recipe_mech(r, &mech);
    param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
    *verifies = NSS(ask->nss, PK11_VerifyWithMechanism, key, r->mechanism, &param, &signature,
                    &data, NULL) == SECSuccess;
    if (*verifies)
        return true;
    code = nss_error_of(ask->nss);
    return strcmp(code, "SEC_ERROR_BAD_SIGNATURE") == 0 || nss_ok(ask, false);
}

/* PK11_VerifyWithMechanism works in a session of its own, so the indicator is that of the same
 * operation in a context. Mechanisms that verify in one step only have none here. */
static enum indicator verify_indicator(struct nss_ask *ask, SECKEYPublicKey *key)
{
    const struct recipe *r = ask->recipe;
    struct nss *nss = ask->nss;
    enum indicator indicator = INDICATOR_NONE;
    PK11Context *context;
    struct mech mech;
    SECItem param;
    unsigned len = 0;

    if (!nss->fips || nss->control != CONTROL_WORKING ||
        nss->f.PK11_CreateContextByPubKey == NULL || nss->f.PK11_DigestBegin == NULL ||
        nss->f.PK11_DigestOp == NULL || nss->f.PK11_DigestFinal == NULL)
        return INDICATOR_NONE;
    recipe_mech(r, &mech);
    param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
    context = NSS(nss, PK11_CreateContextByPubKey, r->mechanism, CKA_VERIFY, key, &param, NULL);
    if (context == NULL)
        return INDICATOR_NONE;
    if (NSS(nss, PK11_DigestBegin, context) == SECSuccess &&
        NSS(nss, PK11_DigestOp, context, r->message.data, (unsigned)r->message.len) ==
            SECSuccess &&
        NSS(nss, PK11_DigestFinal, context, r->answer.data, &len, (unsigned)r->answer.len) ==
            SECSuccess)
        indicator = nss_context_indicator(nss, context);
    nss->f.PK11_DestroyContext(context, PR_TRUE);
    return indicator;
}

bool nss_verify(struct nss_ask *ask)
{
    const struct recipe *r = ask->recipe;
    own_free unsigned char *changed = (unsigned char *)mem_dup(r->message.data, r->message.len);
    size_t len = r->message.len;
    SECKEYPublicKey key;
    bool verifies;

    public_key(r, &key);
    if (!nss_ok(ask, NSS(ask->nss, PK11_ImportPublicKey, ask->nss->slot, &key, PR_FALSE) !=
                         CK_INVALID_HANDLE) ||
        !verify(ask, &key, r->message.data, len, &verifies))
        return false;
    if (!verifies)
        return nss_wrong(ask, "the vector's signature does not verify");
    ask->evidence->indicator = verify_indicator(ask, &key);
    changed[len / 2] ^= 1; /* an empty message: its NUL, which is then part of the message */
    if (!verify(ask, &key, changed, len + (len == 0), &verifies))
        return false;
    if (verifies)
        return nss_wrong(ask, "the signature verifies for a changed message too");
    return nss_done(ask, CHECK_KNOWN_ANSWER);
}

/* ---- encryption with a key pair -------------------------------------------------------------- */

static bool decrypt(struct nss_ask *ask, const struct nss_pair *pair, const unsigned char *in,
                    size_t len, struct nss_output *out)
{
    struct mech mech;
    SECItem param;
    unsigned got = 0;

    recipe_mech(ask->recipe, &mech);
    param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
    nss_output_make(out, CIPHERTEXT_ROOM);
    if (NSS(ask->nss, PK11_PrivDecrypt, pair->private_key, ask->recipe->mechanism, &param,
            out->data, &got, (unsigned)out->room, in, (unsigned)len) != SECSuccess)
        return false;
    out->len = got <= out->room ? got : 0;
    return true;
}

static bool round_trip(struct nss_ask *ask, const struct nss_pair *pair)
{
    const struct recipe *r = ask->recipe;
    own_nss_output struct nss_output there = {0}, back = {0};
    struct mech mech;
    SECItem param;
    unsigned got = 0;

    recipe_mech(r, &mech);
    param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
    nss_output_make(&there, CIPHERTEXT_ROOM);
    if (!nss_ok(ask, NSS(ask->nss, PK11_PubEncrypt, pair->public_key, r->mechanism, &param,
                         there.data, &got, (unsigned)there.room, r->plaintext.data,
                         (unsigned)r->plaintext.len, NULL) == SECSuccess))
        return false;
    if (got > there.room)
        return nss_wrong(ask, "it says that it wrote more than it had room for");
    return nss_ok(ask, decrypt(ask, pair, there.data, got, &back)) &&
           (nss_output_is(&back, r->plaintext.data, r->plaintext.len) ||
            nss_wrong(ask, "what was encrypted does not decrypt to itself"));
}

static bool known_answer(struct nss_ask *ask, const struct nss_pair *pair, enum check *check)
{
    const struct recipe *r = ask->recipe;
    own_nss_output struct nss_output back = {0};

    *check = CHECK_ROUND_TRIP;
    if (!decrypt(ask, pair, r->ciphertext.data, r->ciphertext.len, &back)) {
        evidence_detail(ask->evidence, "the module does not decrypt the vector's ciphertext");
        return true;
    }
    *check = CHECK_KNOWN_ANSWER;
    return nss_output_is(&back, r->plaintext.data, r->plaintext.len) ||
           nss_wrong(ask, "not the vector's plaintext");
}

/* libnss3 encrypts with a public key in a session of its own and tells no indicator of it. */
bool nss_pair_cipher(struct nss_ask *ask)
{
    struct nss_pair pair;
    bool brought;
    enum check check = CHECK_ROUND_TRIP;

    return nss_pair_any(ask, &pair, &brought) && round_trip(ask, &pair) &&
           (!brought || ask->recipe->ciphertext.data == NULL ||
            known_answer(ask, &pair, &check)) &&
           nss_done(ask, check);
}
