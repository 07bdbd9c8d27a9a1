/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-wrap.c: keys that leave the token of libnss3 and come back: wrapped by a secret key or a
 * public one, or in the clear. Whether it is the same key is told by what it makes of a block.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

#define CARGO_BYTES 32 /* an AES-256 key */
#define WRAPPED_ROOM 2048

bool nss_block(struct nss_ask *ask, PK11SymKey *key, unsigned char *out)
{
    static const unsigned char in[NSS_BLOCK] = "the same block.";
    unsigned char block[NSS_BLOCK + NSS_MARGIN];
    struct nss *nss = ask->nss;
    SECItem none = nss_item(NULL, 0);
    PK11Context *context =
        NSS(nss, PK11_CreateContextBySymKey, CKM_AES_ECB, CKA_ENCRYPT, key, &none);
    int len = 0;
    bool ok = nss_ok(ask, context != NULL) &&
              nss_ok(ask, NSS(nss, PK11_CipherOp, context, block, &len, (int)sizeof block, in,
                              NSS_BLOCK) == SECSuccess);

    if (context != NULL)
        nss->f.PK11_DestroyContext(context, PR_TRUE);
    if (ok && len != NSS_BLOCK)
        return nss_wrong(ask, "not as long as it should be");
    if (ok)
        memcpy(out, block, NSS_BLOCK);
    return ok;
}

static bool same_key(struct nss_ask *ask, PK11SymKey *a, PK11SymKey *b, const char *wrong)
{
    unsigned char of_a[NSS_BLOCK], of_b[NSS_BLOCK];
    const char *step = ask->nss->step;

    if (!nss_block(ask, a, of_a) || !nss_block(ask, b, of_b))
        return false;
    ask->nss->step = step;
    return memcmp(of_a, of_b, NSS_BLOCK) == 0 || nss_wrong(ask, wrong);
}

/* An AES key that may leave the token; PK11_ATTR_SENSITIVE: only wrapped. */
static PK11SymKey *cargo_generate(struct nss_ask *ask, PK11AttrFlags attributes)
{
    PK11SymKey *key = NSS(ask->nss, PK11_TokenKeyGenWithFlags, ask->nss->slot, CKM_AES_CBC, NULL,
                          CARGO_BYTES, NULL, CKF_ENCRYPT, PK11_ATTR_EXTRACTABLE | attributes, NULL);

    nss_ok(ask, key != NULL);
    return key;
}

/* What wraps and what unwraps: a secret key does both. */
struct wrapper {
    PK11SymKey *secret;
    struct nss_pair pair;
};

static bool wrap(struct nss_ask *ask, const struct wrapper *w, PK11SymKey *cargo,
                 struct nss_output *out)
{
    const struct recipe *r = ask->recipe;
    struct mech mech;
    SECItem param, wrapped;
    SECStatus status;

    recipe_mech(r, &mech);
    param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
    nss_output_make(out, WRAPPED_ROOM);
    wrapped = nss_item(out->data, out->room);
    if (w->secret != NULL)
        status = NSS(ask->nss, PK11_WrapSymKey, r->mechanism, &param, w->secret, cargo, &wrapped);
    else
        status = NSS(ask->nss, PK11_PubWrapSymKeyWithMechanism, w->pair.public_key, r->mechanism,
                     &param, cargo, &wrapped);
    if (!nss_ok(ask, status == SECSuccess))
        return false;
    out->len = wrapped.len <= out->room ? wrapped.len : 0;
    return out->len >= CARGO_BYTES || nss_wrong(ask, "shorter than the key");
}

/* NULL: the error stands. */
static PK11SymKey *unwrap(struct nss_ask *ask, const struct wrapper *w, const unsigned char *data,
                          size_t len, size_t key_bytes)
{
    const struct recipe *r = ask->recipe;
    SECItem param, wrapped = nss_item(data, len);
    struct mech mech;

    recipe_mech(r, &mech);
    param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
    if (w->secret != NULL)
        return NSS(ask->nss, PK11_UnwrapSymKey, w->secret, r->mechanism, &param, &wrapped,
                   CKM_AES_ECB, CKA_ENCRYPT, (int)key_bytes);
    return NSS(ask->nss, PK11_PubUnwrapSymKeyWithMechanism, w->pair.private_key, r->mechanism,
               &param, &wrapped, CKM_AES_ECB, CKA_ENCRYPT, (int)key_bytes);
}

/* libnss3 wraps in a session of its own. What the module says of it is told of the key that comes
 * out of the unwrapping, which takes over the indicator of that. */
static bool there_and_back(struct nss_ask *ask, const struct wrapper *w)
{
    own_nss_output struct nss_output wrapped = {0};
    PK11SymKey *cargo = cargo_generate(ask, PK11_ATTR_SENSITIVE), *back = NULL;
    bool ok = cargo != NULL && wrap(ask, w, cargo, &wrapped);

    if (ok) {
        back = unwrap(ask, w, wrapped.data, wrapped.len, CARGO_BYTES);
        ok = nss_ok(ask, back != NULL);
    }
    if (ok)
        ask->evidence->indicator = nss_object_indicator(ask->nss, PK11_TypeSymKey, back);
    ok = ok && same_key(ask, cargo, back, "what was wrapped does not unwrap to itself");
    nss_free_key(ask->nss, cargo);
    nss_free_key(ask->nss, back);
    return ok;
}

/* The vector's wrapped key must be the vector's key. */
static bool known_answer(struct nss_ask *ask, const struct wrapper *w, enum check *check)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *key = unwrap(ask, w, r->ciphertext.data, r->ciphertext.len, r->plaintext.len);
    PK11SymKey *expected;
    const char *step = ask->nss->step;
    bool ok = true;

    *check = CHECK_ROUND_TRIP;
    if (key == NULL) {
        evidence_detail(ask->evidence, "the module does not unwrap the vector's key");
        return true;
    }
    expected = nss_key_bring_secret(ask, &r->plaintext, CKM_AES_ECB, CKA_ENCRYPT);
    if (expected != NULL) {
        *check = CHECK_KNOWN_ANSWER;
        ask->nss->step = step;
        ok = same_key(ask, key, expected, "not the vector's key");
    }
    nss_free_key(ask->nss, key);
    nss_free_key(ask->nss, expected);
    return ok;
}

bool nss_wrap(struct nss_ask *ask)
{
    struct wrapper own = {nss_key_generate(ask), {NULL, NULL}}, given = {NULL, {NULL, NULL}};
    enum check check = CHECK_ROUND_TRIP;
    bool ok = own.secret != NULL && there_and_back(ask, &own);

    if (ok) {
        given.secret = nss_key_bring(ask, CKA_UNWRAP);
        ok = given.secret == NULL || known_answer(ask, &given, &check);
    }
    nss_free_key(ask->nss, own.secret);
    nss_free_key(ask->nss, given.secret);
    return ok && nss_done(ask, check);
}

/* The same with a key pair. */
bool nss_transport(struct nss_ask *ask)
{
    struct wrapper w = {0};
    bool brought;
    enum check check = CHECK_ROUND_TRIP;

    return nss_pair_any(ask, &w.pair, &brought) && there_and_back(ask, &w) &&
           (!brought || ask->recipe->ciphertext.data == NULL || known_answer(ask, &w, &check)) &&
           nss_done(ask, check);
}

/* In the clear, and in again: that must be the same key. */
static bool out_and_in(struct nss_ask *ask, PK11SymKey *key)
{
    struct nss *nss = ask->nss;
    const SECItem *value;
    PK11SymKey *again;
    struct bytes copy;
    bool ok;

    if (!nss_ok(ask, NSS(nss, PK11_ExtractKeyValue, key) == SECSuccess))
        return false;
    value = NSS(nss, PK11_GetKeyData, key);
    if (!nss_ok(ask, value != NULL))
        return false;
    if (value->data == NULL || value->len != CARGO_BYTES)
        return nss_wrong(ask, "not as long as the key");
    ask->evidence->key_indicator = nss_object_indicator(nss, PK11_TypeSymKey, key);
    copy = (struct bytes){value->data, value->len};
    again = nss_key_bring_secret(ask, &copy, CKM_AES_ECB, CKA_ENCRYPT);
    nss->step = "PK11_ExtractKeyValue";
    if (again == NULL)
        return evidence_fail(ask->evidence, nss->step, "not-checked",
                             "the value was given, but could not be compared");
    ok = same_key(ask, key, again, "the value is not that of the key");
    nss_free_key(nss, again);
    return ok;
}

bool nss_export(struct nss_ask *ask)
{
    PK11SymKey *key = cargo_generate(ask, PK11_ATTR_INSENSITIVE);
    bool ok = key != NULL && out_and_in(ask, key);

    nss_free_key(ask->nss, key);
    return ok && nss_done(ask, CHECK_ROUND_TRIP);
}
