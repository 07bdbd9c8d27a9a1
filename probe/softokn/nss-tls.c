/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-tls.c: the keys of a TLS connection, as libssl has libnss3 make them of a master secret
 * (lib/ssl/ssl3con.c): one derivation that hands back four keys and, in the clear, two IVs. The keys
 * are known by what they do.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

#define MAC_BYTES 32 /* of a fingerprint */
#define IV_ROOM 64

struct block {
    PK11SymKey *keys[4]; /* the client's MAC key, the server's, the client's key, the server's */
    unsigned char ivs[2][IV_ROOM];
};

static void block_free(struct nss *nss, struct block *block)
{
    for (int i = 0; i < 4; i++)
        nss_free_key(nss, block->keys[i]);
    *block = (struct block){{NULL}, {{0}}};
}

static PK11SymKey *take(struct nss *nss, PK11SymKey *parent, CK_MECHANISM_TYPE type,
                        CK_OBJECT_HANDLE handle)
{
    return NSS(nss, PK11_SymKeyFromHandle, nss->slot, parent, PK11_OriginDerive, type, handle,
               PR_TRUE, NULL);
}

static bool expand(struct nss_ask *ask, PK11SymKey *master, struct block *out)
{
    const struct recipe *r = ask->recipe;
    size_t half = r->info.len / 2;
    CK_SSL3_KEY_MAT_OUT keys = {.pIVClient = out->ivs[0], .pIVServer = out->ivs[1]};
    CK_TLS12_KEY_MAT_PARAMS params = {
        .ulMacSizeInBits = r->mac_bytes * 8,
        .ulKeySizeInBits = r->write_bytes * 8,
        .ulIVSizeInBits = r->iv_bytes * 8,
        .RandomInfo = {r->info.data, half, r->info.data + half, half},
        .pReturnedKeyMaterial = &keys,
        .prfHashMechanism = r->hash,
    };
    SECItem param = nss_item(&params, recipe_key_block_len(r));
    PK11SymKey *whole;
    bool ok;

    *out = (struct block){{NULL}, {{0}}};
    whole = NSS(ask->nss, PK11_Derive, master, r->mechanism, &param, CKM_AES_CBC, CKA_ENCRYPT,
                (int)r->write_bytes);
    if (!nss_ok(ask, whole != NULL))
        return false;
    out->keys[0] = take(ask->nss, whole, CKM_SHA256_HMAC, keys.hClientMacSecret);
    out->keys[1] = take(ask->nss, whole, CKM_SHA256_HMAC, keys.hServerMacSecret);
    out->keys[2] = take(ask->nss, whole, CKM_AES_CBC, keys.hClientKey);
    out->keys[3] = take(ask->nss, whole, CKM_AES_CBC, keys.hServerKey);
    ok = out->keys[0] != NULL && out->keys[1] != NULL && out->keys[2] != NULL &&
         out->keys[3] != NULL;
    nss_ok(ask, ok);
    nss_free_key(ask->nss, whole);
    if (!ok)
        block_free(ask->nss, out);
    return ok;
}

/* Everything that the block's keys do, one behind the other. */
static bool prints(struct nss_ask *ask, const struct block *block, struct nss_output *out)
{
    size_t iv = ask->recipe->iv_bytes;

    nss_output_make(out, 2 * (MAC_BYTES + NSS_BLOCK + iv));
    for (int i = 0; i < 2; i++) {
        own_nss_output struct nss_output mac = {0};

        if (!nss_fingerprint(ask, block->keys[i], &mac) || mac.len != MAC_BYTES ||
            !nss_block(ask, block->keys[2 + i], out->data + out->len + MAC_BYTES))
            return false;
        memcpy(out->data + out->len, mac.data, MAC_BYTES);
        memcpy(out->data + out->len + MAC_BYTES + NSS_BLOCK, block->ivs[i], iv);
        out->len += MAC_BYTES + NSS_BLOCK + iv;
    }
    return true;
}

static bool expanded(struct nss_ask *ask, PK11SymKey *master, struct nss_output *out,
                     bool indicate)
{
    struct block block;
    bool ok = expand(ask, master, &block);

    if (!ok)
        return false;
    if (indicate) {
        ask->evidence->indicator = nss_object_indicator(ask->nss, PK11_TypeSymKey, block.keys[2]);
        ask->evidence->key_indicator = ask->evidence->indicator;
    }
    ok = prints(ask, &block, out);
    block_free(ask->nss, &block);
    return ok;
}

/* The same of the vector's keys, where they can be brought in. */
static bool known_prints(struct nss_ask *ask, struct nss_output *out, bool *known)
{
    const struct recipe *r = ask->recipe;
    struct block block = {{NULL}, {{0}}};
    unsigned char *at = r->answer.data;
    bool ok = true;

    *known = true;
    for (int i = 0; *known && i < 4; i++) {
        const struct bytes value = {at, i < 2 ? r->mac_bytes : r->write_bytes};

        block.keys[i] = nss_key_bring_secret(ask, &value, i < 2 ? CKM_SHA256_HMAC : CKM_AES_CBC,
                                             i < 2 ? CKA_SIGN : CKA_ENCRYPT);
        *known = block.keys[i] != NULL;
        at += value.len;
    }
    if (*known) {
        memcpy(block.ivs[0], at, r->iv_bytes);
        memcpy(block.ivs[1], at + r->iv_bytes, r->iv_bytes);
        ok = prints(ask, &block, out);
    }
    block_free(ask->nss, &block);
    return ok;
}

static bool is_known(struct nss_ask *ask, const struct nss_output *got, bool *known)
{
    own_nss_output struct nss_output expected = {0};

    if (!known_prints(ask, &expected, known))
        return false;
    if (!*known)
        return true;
    ask->nss->step = "PK11_Derive";
    return nss_output_is(got, expected.data, expected.len) ||
           nss_wrong(ask, "not the vector's answer");
}

bool nss_tls_keys(struct nss_ask *ask)
{
    return nss_derive_by(ask, &(struct nss_derivation){expanded, is_known});
}
