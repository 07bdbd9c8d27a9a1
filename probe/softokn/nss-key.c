/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/nss-key.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <certt.h>
#include <string.h>

#define KEK_BYTES 32
#define PUBLIC_EXPONENT 65537

/* ---- generated ------------------------------------------------------------------------------ */

/* What the keys of an operation are for. by_keygen: what the key is used with does not tell its type,
 * so libnss3 is asked for a key of that generation mechanism. */
static const struct use {
    const char *op;
    CK_FLAGS flags;
    bool by_keygen;
} key_uses[] = {
    {"mac", CKF_SIGN, false},
    {"derive", CKF_DERIVE, true},
    {"tls-keys", CKF_DERIVE, true},
    {"wrap", CKF_WRAP | CKF_UNWRAP, true},
    {NULL, CKF_ENCRYPT | CKF_DECRYPT, false},
};

static const struct use *use_of(const struct recipe *r)
{
    const struct use *use = key_uses;

    while (use->op != NULL && strcmp(use->op, r->op) != 0)
        use++;
    return use;
}

/* The mechanism is that of the operation: libnss3 knows which one makes keys for it, as it does for
 * every program. For the MACs of SSL 3.0 it would make pre-master secrets, of which a token wants a
 * version (lib/pk11wrap/pk11mech.c, PK11_GetKeyGenWithSize). */
static CK_MECHANISM_TYPE key_mechanism(const struct recipe *r)
{
    bool ssl3 = r->mechanism == CKM_SSL3_MD5_MAC || r->mechanism == CKM_SSL3_SHA1_MAC;

    return use_of(r)->by_keygen || ssl3 ? r->keygen : r->mechanism;
}

PK11SymKey *nss_key_generate(struct nss_ask *ask)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *key =
        NSS(ask->nss, PK11_TokenKeyGenWithFlags, ask->nss->slot, key_mechanism(r), NULL,
            r->give_length ? (int)r->key_bytes : 0, NULL, use_of(r)->flags, 0, NULL);

    if (nss_ok(ask, key != NULL))
        ask->evidence->key_indicator = nss_object_indicator(ask->nss, PK11_TypeSymKey, key);
    return key;
}

/* False. Where the token does not list what was to generate, libnss3's own word for that is the
 * answer, in place of "library failure". */
static bool no_such_generation(struct nss_ask *ask)
{
    struct nss *nss = ask->nss;
    PK11SlotInfo *other;

    if (NSS(nss, PK11_DoesMechanism, nss->slot, ask->recipe->keygen))
        return false;
    other = NSS(nss, PK11_GetBestSlot, ask->recipe->keygen, NULL);
    if (other != NULL) {
        NSS(nss, PK11_FreeSlot, other);
        return false;
    }
    ask->evidence->listed = LISTED_NO;
    return nss_ok(ask, false);
}

bool nss_pair_generate(struct nss_ask *ask, struct nss_pair *pair)
{
    const struct recipe *r = ask->recipe;
    PK11RSAGenParams rsa = {(int)r->bits, PUBLIC_EXPONENT};
    SECItem curve = nss_item(r->ec_params.data, r->ec_params.len);
    SECKEYDHParams group = {NULL, nss_item(r->prime.data, r->prime.len),
                            nss_item(r->base.data, r->base.len)};
    SECKEYPQGParams dsa = {NULL, nss_item(r->prime.data, r->prime.len),
                           nss_item(r->subprime.data, r->subprime.len),
                           nss_item(r->base.data, r->base.len)};
    CK_ULONG set = r->parameter_set;
    void *param = r->bits != 0              ? (void *)&rsa
                  : r->key_type == CKK_DSA  ? (void *)&dsa
                  : r->prime.data != NULL   ? (void *)&group
                  : r->parameter_set != 0   ? (void *)&set
                                            : (void *)&curve;

    *pair = (struct nss_pair){NULL, NULL};
    pair->private_key = NSS(ask->nss, PK11_GenerateKeyPairWithFlags, ask->nss->slot, r->keygen,
                            param, &pair->public_key,
                            PK11_ATTR_SESSION | PK11_ATTR_SENSITIVE | PK11_ATTR_PRIVATE, NULL);
    if (!nss_ok(ask, pair->private_key != NULL && pair->public_key != NULL))
        return no_such_generation(ask);
    ask->evidence->key_indicator =
        nss_object_indicator(ask->nss, PK11_TypePrivKey, pair->private_key);
    return true;
}

void nss_pair_free(struct nss *nss, struct nss_pair *pair)
{
    const char *step = nss->step;

    if (pair->private_key != NULL)
        NSS(nss, SECKEY_DestroyPrivateKey, pair->private_key);
    if (pair->public_key != NULL)
        NSS(nss, SECKEY_DestroyPublicKey, pair->public_key);
    *pair = (struct nss_pair){NULL, NULL};
    nss->step = step;
}

/* ---- brought in ----------------------------------------------------------------------------- */

static unsigned char cbc_iv[16];

/* How a key can be wrapped, best first; see key.c. */
static const struct wrapping {
    CK_MECHANISM_TYPE type;
    const unsigned char *iv;
    unsigned iv_len;
} wrappings[] = {
    {CKM_AES_KEY_WRAP_KWP, NULL, 0},
    {CKM_AES_CBC_PAD, cbc_iv, sizeof cbc_iv},
};

static bool has_kek(struct nss *nss)
{
    if (!nss->kek_tried && nss->f.PK11_TokenKeyGenWithFlags != NULL) {
        nss->kek_tried = true;
        nss->kek = NSS(nss, PK11_TokenKeyGenWithFlags, nss->slot, CKM_AES_CBC, NULL, KEK_BYTES,
                       NULL, CKF_ENCRYPT | CKF_WRAP | CKF_UNWRAP, 0, NULL);
    }
    return nss->kek != NULL;
}

/* The value under the key-encryption key; out has the room. */
static bool wrap(struct nss *nss, const struct wrapping *w, const struct bytes *value,
                 struct bytes *out)
{
    SECItem param = nss_item(w->iv, w->iv_len);
    size_t room = value->len + 64;
    unsigned len = 0;

    *out = (struct bytes){mem_zero(room, 1), 0};
    if (nss->f.PK11_Encrypt == NULL || !nss->f.PK11_DoesMechanism(nss->slot, w->type) ||
        NSS(nss, PK11_Encrypt, nss->kek, w->type, &param, out->data, &len, (unsigned)room,
            value->data, (unsigned)value->len) != SECSuccess ||
        len > room)
        return false;
    out->len = len;
    return true;
}

static PK11SymKey *unwrap_secret(struct nss_ask *ask, const struct bytes *value,
                                 CK_MECHANISM_TYPE target, CK_ATTRIBUTE_TYPE operation)
{
    struct nss *nss = ask->nss;
    PK11SymKey *key = NULL;

    if (nss->f.PK11_UnwrapSymKey == NULL || !has_kek(nss))
        return NULL;
    for (size_t i = 0; key == NULL && i < sizeof wrappings / sizeof *wrappings; i++) {
        struct bytes wrapped;
        SECItem param = nss_item(wrappings[i].iv, wrappings[i].iv_len), item;

        if (wrap(nss, &wrappings[i], value, &wrapped)) {
            item = nss_item(wrapped.data, wrapped.len);
            key = NSS(nss, PK11_UnwrapSymKey, nss->kek, wrappings[i].type, &param, &item,
                      target, operation, (int)value->len);
        }
        bytes_free(&wrapped);
    }
    return key;
}

static SECKEYPrivateKey *unwrap_private(struct nss_ask *ask)
{
    static CK_ATTRIBUTE_TYPE usage[] = {CKA_SIGN, CKA_DECRYPT, CKA_UNWRAP};
    const struct recipe *r = ask->recipe;
    struct nss *nss = ask->nss;
    SECKEYPrivateKey *key = NULL;

    if (nss->f.PK11_UnwrapPrivKey == NULL || !has_kek(nss))
        return NULL;
    for (size_t i = 0; key == NULL && i < sizeof wrappings / sizeof *wrappings; i++) {
        struct bytes wrapped;
        SECItem param = nss_item(wrappings[i].iv, wrappings[i].iv_len), item;
        /* becomes the key's id, which must be there and is not looked at */
        SECItem id = nss_item(r->private_key.data, 20), label = nss_item("", 0);

        if (wrap(nss, &wrappings[i], &r->private_key, &wrapped)) {
            item = nss_item(wrapped.data, wrapped.len);
            key = NSS(nss, PK11_UnwrapPrivKey, nss->slot, nss->kek, wrappings[i].type, &param,
                      &item, &label, &id, PR_FALSE, PR_TRUE, r->key_type, usage,
                      r->key_type == CKK_RSA ? 3 : 1, NULL);
        }
        bytes_free(&wrapped);
    }
    return key;
}

static PK11SymKey *import(struct nss_ask *ask, const struct bytes *value, CK_MECHANISM_TYPE target,
                          CK_ATTRIBUTE_TYPE operation)
{
    SECItem item = nss_item(value->data, value->len);

    if (ask->nss->f.PK11_ImportSymKey == NULL)
        return NULL;
    return NSS(ask->nss, PK11_ImportSymKey, ask->nss->slot, target, PK11_OriginUnwrap, operation,
               &item, NULL);
}

PK11SymKey *nss_key_import(struct nss_ask *ask, CK_ATTRIBUTE_TYPE operation)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *key = import(ask, &r->key, key_mechanism(r), operation);

    nss_ok(ask, key != NULL);
    return key;
}

static void not_brought(struct nss_ask *ask)
{
    own_free char *code = nss_error_of(ask->nss);

    evidence_detail(ask->evidence, "the vector's key could not be brought in (%s: %s)",
                    ask->nss->step, code);
}

PK11SymKey *nss_key_bring(struct nss_ask *ask, CK_ATTRIBUTE_TYPE operation)
{
    return nss_key_bring_secret(ask, &ask->recipe->key, key_mechanism(ask->recipe), operation);
}

PK11SymKey *nss_key_bring_secret(struct nss_ask *ask, const struct bytes *value,
                                 CK_MECHANISM_TYPE target, CK_ATTRIBUTE_TYPE operation)
{
    PK11SymKey *key = ask->nss->fips ? unwrap_secret(ask, value, target, operation)
                                     : import(ask, value, target, operation);

    if (key == NULL)
        not_brought(ask);
    return key;
}

static bool bring_pair(struct nss_ask *ask, struct nss_pair *pair)
{
    const struct recipe *r = ask->recipe;
    struct nss *nss = ask->nss;
    SECItem der = nss_item(r->private_key.data, r->private_key.len);

    *pair = (struct nss_pair){NULL, NULL};
    if (nss->fips)
        pair->private_key = unwrap_private(ask);
    else if (nss->f.PK11_ImportDERPrivateKeyInfoAndReturnKey != NULL &&
             NSS(nss, PK11_ImportDERPrivateKeyInfoAndReturnKey, nss->slot, &der, NULL, NULL,
                 PR_FALSE, PR_FALSE, KU_ALL, &pair->private_key, NULL) != SECSuccess)
        pair->private_key = NULL;
    if (pair->private_key != NULL)
        pair->public_key = NSS(nss, SECKEY_ConvertToPublicKey, pair->private_key);
    if (pair->public_key != NULL)
        return true;
    not_brought(ask);
    nss_pair_free(nss, pair);
    return false;
}

/* ---- kept ----------------------------------------------------------------------------------- */

static bool keep(struct nss_ask *ask, bool brought,
                 bool (*make)(struct nss_ask *, struct nss_pair *), struct nss_pair *pair)
{
    struct nss *nss = ask->nss;
    own_free char *id = recipe_pair_id(ask->recipe, brought, CKA_SIGN);
    size_t i = 0;

    while (i < nss->pairs.n && strcmp(nss->pairs.items[i].id, id) != 0)
        i++;
    if (i == nss->pairs.n) {
        struct nss_kept_pair *kept;

        if (!make(ask, pair))
            return false;
        kept = mem_push(&nss->pairs);
        *kept = (struct nss_kept_pair){steal_ptr(&id), *pair};
    }
    *pair = nss->pairs.items[i].pair;
    ask->evidence->key_indicator = nss_object_indicator(nss, PK11_TypePrivKey, pair->private_key);
    return true;
}

bool nss_pair_keep(struct nss_ask *ask, struct nss_pair *pair)
{
    return keep(ask, false, nss_pair_generate, pair);
}

bool nss_pair_bring(struct nss_ask *ask, struct nss_pair *pair)
{
    return ask->recipe->private_key.len >= 20 &&
           ask->nss->f.SECKEY_ConvertToPublicKey != NULL && keep(ask, true, bring_pair, pair);
}

bool nss_pair_any(struct nss_ask *ask, struct nss_pair *pair, bool *brought)
{
    *brought = nss_pair_bring(ask, pair);
    return *brought || nss_pair_keep(ask, pair);
}
