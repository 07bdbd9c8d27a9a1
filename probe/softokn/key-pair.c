/* SPDX-License-Identifier: Apache-2.0
 *
 * key-pair.c: key pairs: generated, the vector's brought in, and kept for the probes that follow.
 */
#include "softokn/key.h"

#include "base/own.h"

#include <string.h>

static unsigned char exponent[] = {1, 0, 1};

/* Attributes of PKCS#11 3.2, which older headers lack: CKA_PARAMETER_SET ... */
#define PARAMETER_SET 0x61dUL
#define NSS_PARAMETER_SET ((CKA_VENDOR_DEFINED | NSSCK_VENDOR_NSS) + 40) /* NSS 3.110, pkcs11n.h */
#define ENCAPSULATE 0x633UL /* CKA_ENCAPSULATE, CKA_DECAPSULATE */
#define DECAPSULATE 0x634UL

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
    if (strcmp(recipe->op, "kem") == 0)
        return (struct pair_uses){DECAPSULATE, ENCAPSULATE};
    return (struct pair_uses){CKA_SIGN, CKA_VERIFY};
}

/* What the module says of the pair's private key. */
static void indicate(struct ask *ask, const struct key_pair *pair)
{
    ask->evidence->key_indicator =
        token_object_indicator(ask->token, ask->session, pair->private_key);
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
        template_add(&public, CKA_MODULUS_BITS, &bits, sizeof bits);
        template_add(&public, CKA_PUBLIC_EXPONENT, exponent, sizeof exponent);
    }
    template_bytes(&public, CKA_EC_PARAMS, &r->ec_params);
    template_bytes(&public, CKA_PRIME, &r->prime);
    template_bytes(&public, CKA_BASE, &r->base);
    template_bytes(&public, CKA_SUBPRIME, &r->subprime);
    if (set != 0)
        template_add(&public, recipe_vendor_set(r) ? NSS_PARAMETER_SET : PARAMETER_SET, &set,
                     sizeof set);
    if (uses.public_use != CKA_DERIVE && !recipe_vendor_set(r))
        template_uses(&public, &uses.public_use, 1);
    if (!recipe_vendor_set(r)) /* whose keys are older than the attributes of their use */
        template_uses(&private, &uses.private_use, 1);
    if (!ask_ok(ask, P11(ask->token, GenerateKeyPair, ask->session, &mechanism, public.items,
                         public.n, private.items, private.n, &pair->public_key,
                         &pair->private_key)))
        return false;
    indicate(ask, pair);
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

/* The public key of a private RSA key, whose modulus and exponent are no secret. */
static CK_RV public_of(struct ask *ask, struct key_pair *pair)
{
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = ask->recipe->key_type;
    struct bytes n = {0}, e = {0};
    struct template t = {0};
    struct pair_uses uses;
    CK_RV rv = CKR_ATTRIBUTE_TYPE_INVALID;

    if (token_attribute(ask->token, ask->session, pair->private_key, CKA_MODULUS, 4096, &n) &&
        token_attribute(ask->token, ask->session, pair->private_key, CKA_PUBLIC_EXPONENT, 64,
                        &e)) {
        template_add(&t, CKA_CLASS, &class, sizeof class);
        template_add(&t, CKA_KEY_TYPE, &type, sizeof type);
        template_bytes(&t, CKA_MODULUS, &n);
        template_bytes(&t, CKA_PUBLIC_EXPONENT, &e);
        uses = pair_uses(ask->recipe);
        template_uses(&t, &uses.public_use, 1);
        rv = key_create(ask, &t, &pair->public_key);
    }
    bytes_free(&n);
    bytes_free(&e);
    return rv;
}

/* The vector's, in the session of ask. */
static bool bring(struct ask *ask, struct key_pair *pair)
{
    const struct recipe *r = ask->recipe;
    struct pair_uses uses = pair_uses(r);
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_KEY_TYPE type = r->key_type;
    struct template t = {0};
    CK_RV rv;

    template_add(&t, CKA_CLASS, &class, sizeof class);
    template_add(&t, CKA_KEY_TYPE, &type, sizeof type);
    template_uses(&t, &uses.private_use, 1);
    if (!key_unwrap(ask, &r->private_key, &t, &pair->private_key))
        return key_not_brought(ask, CKR_FUNCTION_FAILED);
    rv = public_of(ask, pair);
    return rv == CKR_OK || key_not_brought(ask, rv);
}

/* ---- kept ----------------------------------------------------------------------------------- */

/* In the token's own session, which ends with the child. */
static bool keep(struct ask *ask, bool brought, bool (*make)(struct ask *, struct key_pair *),
                 struct key_pair *pair)
{
    struct token *token = ask->token;
    struct ask in_token = *ask;
    own_free char *id =
        recipe_pair_id(ask->recipe, brought, pair_uses(ask->recipe).private_use);
    struct kept_pair *kept;

    for (size_t i = 0; i < token->pairs.n; i++)
        if (strcmp(token->pairs.items[i].id, id) == 0) {
            *pair = (struct key_pair){token->pairs.items[i].private_key,
                                      token->pairs.items[i].public_key};
            indicate(ask, pair);
            return true;
        }
    in_token.session = token->session;
    if (!make(&in_token, pair))
        return false;
    kept = mem_push(&token->pairs);
    *kept = (struct kept_pair){steal_ptr(&id), pair->private_key, pair->public_key};
    indicate(ask, pair);
    return true;
}

bool key_keep_pair(struct ask *ask, struct key_pair *pair)
{
    return keep(ask, false, key_generate_pair, pair);
}

bool key_bring_pair(struct ask *ask, struct key_pair *pair)
{
    return ask->recipe->private_key.data != NULL && keep(ask, true, bring, pair);
}

bool key_any_pair(struct ask *ask, struct key_pair *pair, bool *brought)
{
    *brought = key_bring_pair(ask, pair);
    return *brought || key_keep_pair(ask, pair);
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
    static const CK_ATTRIBUTE_TYPE verifies = CKA_VERIFY;
    struct template t = {0};

    template_add(&t, CKA_CLASS, &class, sizeof class);
    template_add(&t, CKA_KEY_TYPE, &type, sizeof type);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        template_bytes(&t, values[i].type, values[i].value);
    template_uses(&t, &verifies, 1);
    return ask_ok(ask, key_create(ask, &t, key));
}
