/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/key.h"

#include "base/own.h"
#include "softokn/constants.h"
#include "softokn/evidence.h"

#include <string.h>

static const CK_ATTRIBUTE_TYPE mac_uses[] = {CKA_SIGN, CKA_VERIFY};
static const CK_ATTRIBUTE_TYPE cipher_uses[] = {CKA_ENCRYPT, CKA_DECRYPT};

static const CK_ATTRIBUTE_TYPE derive_uses[] = {CKA_DERIVE};
static const CK_ATTRIBUTE_TYPE wrap_uses[] = {CKA_WRAP, CKA_UNWRAP};

static const struct {
    const char *op;
    const CK_ATTRIBUTE_TYPE *uses;
    size_t n;
} op_uses[] = {
    {"mac", mac_uses, 2},
    {"derive", derive_uses, 1},
    {"tls-keys", derive_uses, 1},
    {"wrap", wrap_uses, 2},
};

static void add_secret_uses(struct template *t, const struct recipe *recipe)
{
    for (size_t i = 0; i < sizeof op_uses / sizeof *op_uses; i++)
        if (strcmp(recipe->op, op_uses[i].op) == 0) {
            template_uses(t, op_uses[i].uses, op_uses[i].n);
            return;
        }
    template_uses(t, cipher_uses, 2);
}

bool ask_ok(struct ask *ask, CK_RV rv)
{
    return rv == CKR_OK || evidence_rv(ask->evidence, ask->token->step, rv);
}

/* ---- generated ------------------------------------------------------------------------------ */

bool key_generate(struct ask *ask, CK_OBJECT_HANDLE *key)
{
    CK_MECHANISM mechanism = {ask->recipe->keygen, NULL, 0};
    CK_ULONG len = ask->recipe->key_bytes;
    struct template t = {0};

    add_secret_uses(&t, ask->recipe);
    if (ask->recipe->give_length)
        template_add(&t, CKA_VALUE_LEN, &len, sizeof len);
    *key = CK_INVALID_HANDLE;
    if (!ask_ok(ask, P11(ask->token, GenerateKey, ask->session, &mechanism, t.items, t.n, key)))
        return false;
    ask->evidence->key_indicator = token_object_indicator(ask->token, ask->session, *key);
    return true;
}

/* ---- brought in ----------------------------------------------------------------------------- */

/* How a key can be wrapped, best first. SP 800-38F's key wrap with padding is the one that NSS's
 * own lists of approved mechanisms have for unwrapping (lib/softoken/fips_algorithms.h, 3.87), so
 * that what was unwrapped counts as a FIPS key: NSC_UnwrapKey takes over lastOpWasFIPS. */
static unsigned char cbc_iv[16];
static const CK_MECHANISM wrappings[] = {
    {CKM_AES_KEY_WRAP_KWP, NULL, 0},
    {CKM_NSS_AES_KEY_WRAP_PAD, NULL, 0},
    {CKM_AES_CBC_PAD, cbc_iv, sizeof cbc_iv},
};

/* An AES key that encrypts and unwraps, once per token. */
static bool key_encryption_key(struct token *token)
{
    static const CK_ATTRIBUTE_TYPE uses[] = {CKA_ENCRYPT, CKA_WRAP, CKA_UNWRAP};
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    struct template t = {0};
    CK_ULONG len = 32;

    if (!token->kek_tried) {
        token->kek_tried = true;
        template_add(&t, CKA_VALUE_LEN, &len, sizeof len);
        template_uses(&t, uses, 3);
        if (P11(token, GenerateKey, token->session, &mechanism, t.items, t.n, &token->kek) !=
            CKR_OK)
            token->kek = CK_INVALID_HANDLE;
    }
    return token->kek != CK_INVALID_HANDLE;
}

static CK_RV unwrap_by(struct ask *ask, const CK_MECHANISM *wrapping, const struct bytes *value,
                       struct template *t, CK_OBJECT_HANDLE *key)
{
    CK_MECHANISM mechanism = *wrapping;
    CK_ULONG len = value->len + 64;
    own_free unsigned char *wrapped = mem_zero(len, 1);
    CK_RV rv = P11(ask->token, EncryptInit, ask->session, &mechanism, ask->token->kek);

    if (rv == CKR_OK)
        rv = P11(ask->token, Encrypt, ask->session, value->data, value->len, wrapped, &len);
    if (rv != CKR_OK)
        return rv;
    if (len > value->len + 64)
        return CKR_WRAPPED_KEY_LEN_RANGE;
    return P11(ask->token, UnwrapKey, ask->session, &mechanism, ask->token->kek, wrapped, len,
               t->items, t->n, key);
}

bool key_unwrap(struct ask *ask, const struct bytes *value, struct template *t,
                CK_OBJECT_HANDLE *key)
{
    CK_RV rv = CKR_MECHANISM_INVALID;

    if (!key_encryption_key(ask->token))
        return false;
    for (size_t i = 0; i < sizeof wrappings / sizeof *wrappings; i++) {
        if (!token_lists(ask->token, wrappings[i].mechanism))
            continue;
        *key = CK_INVALID_HANDLE;
        rv = unwrap_by(ask, &wrappings[i], value, t, key);
        if (rv == CKR_OK && *key != CK_INVALID_HANDLE)
            return true;
    }
    return false;
}

CK_RV key_create(struct ask *ask, struct template *t, CK_OBJECT_HANDLE *key)
{
    *key = CK_INVALID_HANDLE;
    return P11(ask->token, CreateObject, ask->session, t->items, t->n, key);
}

bool key_import(struct ask *ask, CK_OBJECT_HANDLE *key)
{
    const struct recipe *r = ask->recipe;
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = r->key_type;
    struct template t = {0};

    template_add(&t, CKA_CLASS, &class, sizeof class);
    template_add(&t, CKA_KEY_TYPE, &type, sizeof type);
    template_bytes(&t, CKA_VALUE, &r->key);
    add_secret_uses(&t, r);
    return ask_ok(ask, key_create(ask, &t, key));
}

bool key_not_brought(struct ask *ask, CK_RV rv)
{
    own_free char *code = constants_text("CKR_", rv);

    evidence_detail(ask->evidence, "the vector's key could not be brought in (%s: %s)",
                    ask->token->step, code);
    return false;
}

static bool bring(struct ask *ask, const struct bytes *value, CK_KEY_TYPE type, struct template *t,
                  CK_OBJECT_HANDLE *key)
{
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_RV rv;

    template_add(t, CKA_CLASS, &class, sizeof class);
    template_add(t, CKA_KEY_TYPE, &type, sizeof type);
    if (key_unwrap(ask, value, t, key))
        return true;
    template_bytes(t, CKA_VALUE, value);
    rv = key_create(ask, t, key);
    return rv == CKR_OK || key_not_brought(ask, rv);
}

bool key_bring(struct ask *ask, CK_OBJECT_HANDLE *key)
{
    struct template t = {0};

    add_secret_uses(&t, ask->recipe);
    return bring(ask, &ask->recipe->key, ask->recipe->key_type, &t, key);
}

bool key_bring_secret(struct ask *ask, const struct bytes *value, CK_KEY_TYPE type,
                      CK_OBJECT_HANDLE *key)
{
    struct template t = {0};

    if (type == CKK_AES)
        template_uses(&t, cipher_uses, 2);
    else
        template_uses(&t, mac_uses, 2);
    return bring(ask, value, type, &t, key);
}
