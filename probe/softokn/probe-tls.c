/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-tls.c: the keys of a TLS connection, which come out of one derivation.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

/* RFC 5246 6.3, as C_DeriveKey gives it: secrets for HMAC, keys for AES, IVs in the clear. */
struct block {
    CK_SSL3_KEY_MAT_OUT keys;
    unsigned char ivs[2][64];
};

static bool expand(struct ask *ask, CK_OBJECT_HANDLE master, struct block *out)
{
    const struct recipe *r = ask->recipe;
    size_t half = r->info.len / 2;
    CK_TLS12_KEY_MAT_PARAMS params = {
        .ulMacSizeInBits = r->mac_bytes * 8,
        .ulKeySizeInBits = r->write_bytes * 8,
        .ulIVSizeInBits = r->iv_bytes * 8,
        .RandomInfo = {r->info.data, half, r->info.data + half, half},
        .pReturnedKeyMaterial = &out->keys,
        .prfHashMechanism = r->hash,
    };
    CK_MECHANISM mechanism = {r->mechanism, &params, recipe_key_block_len(r)};
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_AES;
    CK_BBOOL yes = CK_TRUE;
    CK_ULONG len = r->write_bytes;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class},
                               {CKA_KEY_TYPE, &type, sizeof type},
                               {CKA_ENCRYPT, &yes, sizeof yes},
                               {CKA_VALUE_LEN, &len, sizeof len}};

    *out = (struct block){.keys = {.pIVClient = out->ivs[0], .pIVServer = out->ivs[1]}};
    return ask_ok(ask, P11(ask->token, DeriveKey, ask->session, &mechanism, master, template, 4,
                           NULL));
}

/* Everything that the block's keys do, one behind the other. */
static bool prints(struct ask *ask, const struct block *block, struct output *out)
{
    const CK_OBJECT_HANDLE macs[] = {block->keys.hClientMacSecret, block->keys.hServerMacSecret};
    const CK_OBJECT_HANDLE keys[] = {block->keys.hClientKey, block->keys.hServerKey};
    size_t iv = ask->recipe->iv_bytes, at = 0;

    output_make(out, 2 * (32 + 16 + iv));
    for (int i = 0; i < 2; i++) {
        own_output struct output mac = {0};

        if (!probe_fingerprint(ask, macs[i], &mac) || mac.len != 32 ||
            !probe_block(ask, keys[i], out->data + at + 32))
            return false;
        memcpy(out->data + at, mac.data, 32);
        memcpy(out->data + at + 48, block->ivs[i], iv);
        at += 48 + iv;
    }
    out->len = at;
    return true;
}

/* The same of the vector's keys, where they can be brought in. */
static bool known_prints(struct ask *ask, struct output *out, bool *known)
{
    const struct recipe *r = ask->recipe;
    unsigned char *at = r->answer.data;
    struct block block = {{0}, {{0}}};
    const struct {
        CK_OBJECT_HANDLE *handle;
        size_t len;
        CK_KEY_TYPE type;
    } parts[] = {
        {&block.keys.hClientMacSecret, r->mac_bytes, CKK_GENERIC_SECRET},
        {&block.keys.hServerMacSecret, r->mac_bytes, CKK_GENERIC_SECRET},
        {&block.keys.hClientKey, r->write_bytes, CKK_AES},
        {&block.keys.hServerKey, r->write_bytes, CKK_AES},
    };

    *known = true;
    for (size_t i = 0; *known && i < sizeof parts / sizeof *parts; i++) {
        const struct bytes value = {at, parts[i].len};

        *known = key_bring_secret(ask, &value, parts[i].type, parts[i].handle);
        at += parts[i].len;
    }
    if (!*known)
        return true;
    memcpy(block.ivs[0], at, r->iv_bytes);
    memcpy(block.ivs[1], at + r->iv_bytes, r->iv_bytes);
    return prints(ask, &block, out);
}

/* From the vector's master secret, where that can be brought in. */
static bool known_answer(struct ask *ask, enum check *check)
{
    own_output struct output got = {0}, expected = {0};
    CK_OBJECT_HANDLE master;
    struct block block;
    bool known;

    *check = CHECK_ROUND_TRIP;
    if (!key_bring(ask, &master))
        return true;
    if (!expand(ask, master, &block) || !prints(ask, &block, &got)) {
        evidence_clear(ask->evidence);
        evidence_detail(ask->evidence, "the module does not derive from the vector's key");
        return true;
    }
    if (!known_prints(ask, &expected, &known))
        return false;
    if (!known)
        return true;
    *check = CHECK_KNOWN_ANSWER;
    return output_same(&got, &expected) ||
           evidence_wrong(ask->evidence, "C_DeriveKey", "not the vector's answer");
}

bool probe_tls_keys(struct ask *ask)
{
    own_output struct output first = {0}, second = {0}, other = {0};
    CK_OBJECT_HANDLE master, stranger;
    struct block a, b, c;
    enum check check;

    if (!key_generate(ask, &master) || !key_generate(ask, &stranger) || !expand(ask, master, &a))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    ask->evidence->key_indicator =
        token_object_indicator(ask->token, ask->session, a.keys.hClientKey);
    if (!prints(ask, &a, &first) || !expand(ask, master, &b) || !prints(ask, &b, &second) ||
        !expand(ask, stranger, &c) || !prints(ask, &c, &other))
        return false;
    if (!output_same(&first, &second))
        return evidence_wrong(ask->evidence, "C_DeriveKey", "twice the same gives two keys");
    if (output_same(&first, &other))
        return evidence_wrong(ask->evidence, "C_DeriveKey", "two keys give the same");
    return known_answer(ask, &check) && probe_done(ask, check);
}
