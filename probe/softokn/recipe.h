/* SPDX-License-Identifier: Apache-2.0
 *
 * recipe.h: what a row of the catalogue says to a PKCS#11 door, read into numbers and bytes.
 * Shared by softokn_ask and nss_ask. Touches nothing.
 */
#ifndef SOFTOKN_RECIPE_H
#define SOFTOKN_RECIPE_H

#include "model/catalogue.h"
#include "softokn/softokn.h"

#include <pkcs11.h>
#include <pkcs11n.h>

struct bytes {
    unsigned char *data; /* NULL: not in the row */
    size_t len;
};
void bytes_free(struct bytes *bytes);

/* The mechanism parameter's form: the words that "parameter" may be. */
enum form {
    FORM_NONE,     /* "none" */
    FORM_IV,       /* "iv": the IV itself */
    FORM_RC2_CBC,  /* "rc2-cbc": CK_RC2_CBC_PARAMS */
    FORM_GCM,      /* "gcm": CK_GCM_PARAMS of PKCS#11 3.0; with iv-generator: of messages */
    FORM_CHACHA20, /* "chacha20-poly1305": CK_SALSA20_CHACHA20_POLY1305_PARAMS */
    FORM_NSS_AEAD, /* "nss-aead": CK_NSS_AEAD_PARAMS */
    FORM_MAX,
};

struct recipe {
    const char *op;
    CK_MECHANISM_TYPE mechanism, keygen; /* CK_UNAVAILABLE_INFORMATION: the row has none */
    CK_KEY_TYPE key_type;
    enum form form;
    CK_ULONG iv_generator;   /* 0: the caller makes the IV */
    CK_ULONG kdf;            /* CKD_NULL where the row has none */
    CK_ULONG key_bytes;      /* of a generated secret key: the row's, else that of the vector's */
    bool give_length;        /* "key-bytes": the generation mechanism wants it in the template */
    CK_ULONG bits, effective_bits, tag_bytes, signature_bytes, count;
    struct bytes key, iv, aad, message, plaintext, ciphertext, answer;
    struct bytes ec_params, prime, base, private_key;
};

/* How many alternatives the row names: 1 or more. */
size_t recipe_alternatives(const struct spec *spec);
/* spec has passed softokn_check; alternative is below recipe_alternatives. */
void recipe_read(const struct spec *spec, size_t alternative, struct recipe *out);
void recipe_free(struct recipe *recipe);
#define own_recipe __attribute__((cleanup(recipe_free)))

/* The first alternative whose mechanisms are all on the token's list; 0 where none is. */
size_t recipe_choose(const struct spec *spec, const CK_MECHANISM_TYPE *list, size_t n);

/* A mechanism with its parameter, which points into itself and into what it was made of. */
struct mech {
    CK_MECHANISM m;
    union {
        CK_RC2_CBC_PARAMS rc2;
        CK_GCM_PARAMS_V3 gcm;
        CK_SALSA20_CHACHA20_POLY1305_PARAMS chacha20;
        CK_NSS_AEAD_PARAMS nss_aead;
    } u;
};

/* For C_EncryptInit and the like, with the recipe's form, IV and additional data. */
void recipe_mech(const struct recipe *recipe, struct mech *out);

#endif
