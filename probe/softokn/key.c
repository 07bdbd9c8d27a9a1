/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/key.h"

#include "base/own.h"
#include "softokn/constants.h"
#include "softokn/evidence.h"

#include <string.h>

static CK_BBOOL yes = CK_TRUE;
static unsigned char exponent[] = {1, 0, 1};

#define YES(type) {type, &yes, sizeof yes}
#define MAX_TEMPLATE 16
/* CKA_PARAMETER_SET of PKCS#11 3.2, which older headers lack. */
#define PARAMETER_SET 0x61dUL

struct template {
    CK_ATTRIBUTE items[MAX_TEMPLATE];
    CK_ULONG n;
};

static void add(struct template *t, CK_ATTRIBUTE_TYPE type, void *value, size_t len)
{
    if (t->n < MAX_TEMPLATE)
        t->items[t->n++] = (CK_ATTRIBUTE){type, value, len};
}

static void add_uses(struct template *t, const CK_ATTRIBUTE_TYPE *uses, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(t, uses[i], &yes, sizeof yes);
}

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
    {"wrap", wrap_uses, 2},
};

static void add_secret_uses(struct template *t, const struct recipe *recipe)
{
    for (size_t i = 0; i < sizeof op_uses / sizeof *op_uses; i++)
        if (strcmp(recipe->op, op_uses[i].op) == 0) {
            add_uses(t, op_uses[i].uses, op_uses[i].n);
            return;
        }
    add_uses(t, cipher_uses, 2);
}

/* What a pair's private and public key are for, by the operation. */
struct pair_uses {
    CK_ATTRIBUTE_TYPE private_use, public_use;
};

static struct pair_uses pair_uses(const struct recipe *recipe)
{
    if (strcmp(recipe->op, "agree") == 0)
        return (struct pair_uses){CKA_DERIVE, CKA_DERIVE};
    if (strcmp(recipe->op, "pair-cipher") == 0)
        return (struct pair_uses){CKA_DECRYPT, CKA_ENCRYPT};
    if (strcmp(recipe->op, "transport") == 0)
        return (struct pair_uses){CKA_UNWRAP, CKA_WRAP};
    return (struct pair_uses){CKA_SIGN, CKA_VERIFY};
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
        add(&t, CKA_VALUE_LEN, &len, sizeof len);
    *key = CK_INVALID_HANDLE;
    if (!ask_ok(ask, P11(ask->token, GenerateKey, ask->session, &mechanism, t.items, t.n, key)))
        return false;
    ask->evidence->key_indicator = token_object_indicator(ask->token, ask->session, *key);
    return true;
}

bool key_generate_pair(struct ask *ask, struct key_pair *pair)
{
    const struct recipe *r = ask->recipe;
    struct pair_uses uses = pair_uses(r);
    CK_MECHANISM mechanism = {r->keygen, NULL, 0};
    struct template public = {0}, private = {0};
    CK_ULONG bits = r->bits, set = r->parameter_set;

    *pair = (struct key_pair){CK_INVALID_HANDLE, CK_INVALID_HANDLE};
    if (r->bits != 0) {
        add(&public, CKA_MODULUS_BITS, &bits, sizeof bits);
        add(&public, CKA_PUBLIC_EXPONENT, exponent, sizeof exponent);
    }
    if (r->ec_params.data != NULL)
        add(&public, CKA_EC_PARAMS, r->ec_params.data, r->ec_params.len);
    if (r->prime.data != NULL) {
        add(&public, CKA_PRIME, r->prime.data, r->prime.len);
        add(&public, CKA_BASE, r->base.data, r->base.len);
    }
    if (r->subprime.data != NULL)
        add(&public, CKA_SUBPRIME, r->subprime.data, r->subprime.len);
    if (set != 0)
        add(&public, PARAMETER_SET, &set, sizeof set);
    if (uses.public_use != CKA_DERIVE)
        add(&public, uses.public_use, &yes, sizeof yes);
    add(&private, uses.private_use, &yes, sizeof yes);
    if (!ask_ok(ask, P11(ask->token, GenerateKeyPair, ask->session, &mechanism, public.items,
                         public.n, private.items, private.n, &pair->public_key,
                         &pair->private_key)))
        return false;
    ask->evidence->key_indicator =
        token_object_indicator(ask->token, ask->session, pair->private_key);
    return true;
}

size_t key_modulus_bits(struct ask *ask, CK_OBJECT_HANDLE key)
{
    struct bytes n = {0};
    size_t zeros = 0, bits;

    if (!token_attribute(ask->token, ask->session, key, CKA_MODULUS, 4096, &n))
        return 0;
    while (zeros < n.len && n.data[zeros] == 0)
        zeros++;
    bits = (n.len - zeros) * 8;
    for (unsigned top = zeros < n.len ? n.data[zeros] : 0x80; (top & 0x80) == 0; top <<= 1)
        bits--;
    bytes_free(&n);
    return bits;
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
        add(&t, CKA_VALUE_LEN, &len, sizeof len);
        add_uses(&t, uses, 3);
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

/* Unwraps value with the first wrapping that the token has and takes. */
static bool unwrap(struct ask *ask, const struct bytes *value, struct template *t,
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

static CK_RV create(struct ask *ask, struct template *t, CK_OBJECT_HANDLE *key)
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

    add(&t, CKA_CLASS, &class, sizeof class);
    add(&t, CKA_KEY_TYPE, &type, sizeof type);
    add(&t, CKA_VALUE, r->key.data, r->key.len);
    add_secret_uses(&t, r);
    return ask_ok(ask, create(ask, &t, key));
}

static bool not_brought(struct ask *ask, CK_RV rv)
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

    add(t, CKA_CLASS, &class, sizeof class);
    add(t, CKA_KEY_TYPE, &type, sizeof type);
    if (unwrap(ask, value, t, key))
        return true;
    add(t, CKA_VALUE, value->data, value->len);
    rv = create(ask, t, key);
    return rv == CKR_OK || not_brought(ask, rv);
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
        add_uses(&t, cipher_uses, 2);
    else
        add_uses(&t, mac_uses, 2);
    return bring(ask, value, type, &t, key);
}

/* The public key of a private RSA key, whose modulus and exponent are no secret. */
static CK_RV public_of(struct ask *ask, struct key_pair *pair)
{
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = ask->recipe->key_type;
    struct bytes n = {0}, e = {0};
    struct template t = {0};
    CK_RV rv = CKR_ATTRIBUTE_TYPE_INVALID;

    if (token_attribute(ask->token, ask->session, pair->private_key, CKA_MODULUS, 4096, &n) &&
        token_attribute(ask->token, ask->session, pair->private_key, CKA_PUBLIC_EXPONENT, 64,
                        &e)) {
        add(&t, CKA_CLASS, &class, sizeof class);
        add(&t, CKA_KEY_TYPE, &type, sizeof type);
        add(&t, CKA_MODULUS, n.data, n.len);
        add(&t, CKA_PUBLIC_EXPONENT, e.data, e.len);
        add(&t, pair_uses(ask->recipe).public_use, &yes, sizeof yes);
        rv = create(ask, &t, &pair->public_key);
    }
    bytes_free(&n);
    bytes_free(&e);
    return rv;
}

bool key_bring_pair(struct ask *ask, struct key_pair *pair)
{
    const struct recipe *r = ask->recipe;
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_KEY_TYPE type = r->key_type;
    struct template t = {0};
    CK_RV rv;

    if (r->private_key.data == NULL)
        return false;
    add(&t, CKA_CLASS, &class, sizeof class);
    add(&t, CKA_KEY_TYPE, &type, sizeof type);
    add(&t, pair_uses(r).private_use, &yes, sizeof yes);
    if (!unwrap(ask, &r->private_key, &t, &pair->private_key))
        return not_brought(ask, CKR_FUNCTION_FAILED);
    rv = public_of(ask, pair);
    return rv == CKR_OK || not_brought(ask, rv);
}

bool key_public(struct ask *ask, CK_OBJECT_HANDLE *key)
{
    const struct recipe *r = ask->recipe;
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = r->key_type;
    const struct {
        CK_ATTRIBUTE_TYPE type;
        const struct bytes *value;
    } values[] = {
        {CKA_MODULUS, &r->modulus},      {CKA_PUBLIC_EXPONENT, &r->exponent},
        {CKA_EC_PARAMS, &r->ec_params},  {CKA_EC_POINT, &r->point},
        {CKA_PRIME, &r->prime},          {CKA_SUBPRIME, &r->subprime},
        {CKA_BASE, &r->base},            {CKA_VALUE, &r->key},
    };
    struct template t = {0};

    add(&t, CKA_CLASS, &class, sizeof class);
    add(&t, CKA_KEY_TYPE, &type, sizeof type);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (values[i].value->data != NULL)
            add(&t, values[i].type, values[i].value->data, values[i].value->len);
    add(&t, CKA_VERIFY, &yes, sizeof yes);
    return ask_ok(ask, create(ask, &t, key));
}
