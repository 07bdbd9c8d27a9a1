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
    FORM_CCM,      /* "ccm": CK_CCM_PARAMS */
    FORM_CTR,      /* "ctr": CK_AES_CTR_PARAMS, the IV is the first counter block */
    FORM_LENGTH,   /* "length": CK_MAC_GENERAL_PARAMS of 'tag-bytes' */
    FORM_PSS,      /* "pss": CK_RSA_PKCS_PSS_PARAMS of 'hash', MGF1 with it, and 'salt-bytes' */
    FORM_OAEP,     /* "oaep": CK_RSA_PKCS_OAEP_PARAMS of 'hash', MGF1 with it, no label */
    FORM_TLS_MAC,  /* "tls-mac": CK_TLS_MAC_PARAMS of 'hash', 'tag-bytes', for the client */
    FORM_HKDF,     /* "hkdf": CK_HKDF_PARAMS, extract and expand, of 'hash', 'salt', 'info' */
    FORM_NSS_HKDF, /* "nss-hkdf": CK_NSS_HKDFParams of 'salt' and 'info' */
    FORM_COUNTER,  /* "sp800-108": CK_SP800_108_KDF_PARAMS: counter of 32 bits, then 'info' */
    FORM_FEEDBACK, /* "sp800-108-feedback": CK_SP800_108_FEEDBACK_KDF_PARAMS, IV 'iv', 'info' */
    FORM_PIPELINE, /* "sp800-108-pipeline": CK_SP800_108_KDF_PARAMS without the counter */
    FORM_TLS12,    /* "tls12-master": CK_TLS12_MASTER_KEY_DERIVE_PARAMS, randoms in 'info' */
    FORM_TLS_EMS,  /* "tls-ems": CK_NSS_TLS_EXTENDED_MASTER_KEY_DERIVE_PARAMS, hash in 'info' */
    FORM_IKE_PRF,  /* "ike-prf": CK_NSS_IKE_PRF_DERIVE_PARAMS, nonces in 'salt' and 'info' */
    FORM_IKE_PLUS, /* "ike-prf-plus": CK_NSS_IKE_PRF_PLUS_DERIVE_PARAMS, seed in 'info' */
    FORM_DATA,     /* "data": CK_KEY_DERIVATION_STRING_DATA of 'info' */
    FORM_PBKDF2,   /* "pbkdf2": CK_PKCS5_PBKD2_PARAMS of 'password', 'salt', 'iterations' */
    FORM_PBE,      /* "pbe": CK_PBE_PARAMS of the same */
    FORM_CHACHA,   /* "chacha20": CK_CHACHA20_PARAMS, a counter of 32 bits and a nonce in 'iv' */
    FORM_TLS,      /* "tls-master": CK_SSL3_MASTER_KEY_DERIVE_PARAMS, randoms in 'info' */
    FORM_IKE1,     /* "ike1-prf": CK_NSS_IKE1_PRF_DERIVE_PARAMS, g^xy is 'second', cookies in 'info' */
    FORM_PRF,      /* "prf": CK_MECHANISM_TYPE, the 'hash' */
    FORM_KEY,      /* "key": CK_OBJECT_HANDLE of 'second' */
    FORM_CBC_DATA, /* "cbc-data": CK_AES_CBC_ENCRYPT_DATA_PARAMS of 'iv' and 'info' */
    FORM_DES_DATA, /* "des-cbc-data": CK_DES_CBC_ENCRYPT_DATA_PARAMS of 'iv' and 'info' */
    FORM_EXTRACT,  /* "extract": CK_EXTRACT_PARAMS, the first 'bit' */
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
    bool sign_again;         /* a MAC is verified by making it again */
    bool give_length;        /* "key-bytes": the generation mechanism wants it in the template */
    CK_MECHANISM_TYPE hash;  /* of a padding or a key derivation, or CK_UNAVAILABLE_INFORMATION */
    CK_ULONG prf;            /* CKP_... of PBKDF2 */
    CK_ULONG bits, effective_bits, tag_bytes, signature_bytes, count, salt_bytes, iterations;
    CK_ULONG parameter_set;  /* CKP_ML_DSA_...; 0: none */
    CK_ULONG mac_bytes, write_bytes, iv_bytes; /* of TLS 1.2's key block */
    CK_ULONG ciphertext_bytes, bit;
    struct bytes key, iv, aad, message, plaintext, ciphertext, answer;
    struct bytes ec_params, prime, base, subprime, private_key;
    struct bytes modulus, exponent, point; /* of a public key that is given */
    struct bytes salt, info, password;
    struct bytes second; /* another secret, that a derivation takes in */
};

/* How many alternatives the row names: 1 or more. */
size_t recipe_alternatives(const struct spec *spec);
/* spec has passed softokn_check; alternative is below recipe_alternatives. */
void recipe_read(const struct spec *spec, size_t alternative, struct recipe *out);
void recipe_free(struct recipe *recipe);
#define own_recipe __attribute__((cleanup(recipe_free)))

/* The first alternative whose mechanisms are all on the token's list; 0 where none is. */
size_t recipe_choose(const struct spec *spec, const CK_MECHANISM_TYPE *list, size_t n);

/* What tells one key pair from another, so that it can be used again: what it is for, and the
 * vector's value (brought) or how it is made. The caller frees. */
char *recipe_pair_id(const struct recipe *recipe, bool brought, CK_ATTRIBUTE_TYPE use);

/* Is the parameter set one of NSS's own? It is the parameter of the mechanism, too, then. */
bool recipe_vendor_set(const struct recipe *recipe);

/* A mechanism with its parameter, which points into itself and into what it was made of. */
struct mech {
    CK_MECHANISM m;
    union {
        CK_RC2_CBC_PARAMS rc2;
        CK_GCM_PARAMS_V3 gcm;
        CK_SALSA20_CHACHA20_POLY1305_PARAMS chacha20;
        CK_NSS_AEAD_PARAMS nss_aead;
        CK_CCM_PARAMS ccm;
        CK_AES_CTR_PARAMS ctr;
        CK_ULONG length;
        CK_RSA_PKCS_PSS_PARAMS pss;
        CK_RSA_PKCS_OAEP_PARAMS oaep;
        CK_TLS_MAC_PARAMS tls_mac;
        CK_HKDF_PARAMS hkdf;
        CK_NSS_HKDFParams nss_hkdf;
        CK_SP800_108_KDF_PARAMS kdf;
        CK_SP800_108_FEEDBACK_KDF_PARAMS feedback;
        CK_TLS12_MASTER_KEY_DERIVE_PARAMS tls12;
        CK_NSS_TLS_EXTENDED_MASTER_KEY_DERIVE_PARAMS ems;
        CK_NSS_IKE_PRF_DERIVE_PARAMS ike_prf;
        CK_NSS_IKE_PRF_PLUS_DERIVE_PARAMS ike_plus;
        CK_KEY_DERIVATION_STRING_DATA data;
        CK_PKCS5_PBKD2_PARAMS pbkdf2;
        CK_PBE_PARAMS pbe;
        CK_CHACHA20_PARAMS chacha;
        CK_SSL3_MASTER_KEY_DERIVE_PARAMS tls;
        CK_NSS_IKE1_PRF_DERIVE_PARAMS ike1;
        CK_OBJECT_HANDLE key;
        CK_AES_CBC_ENCRYPT_DATA_PARAMS cbc_data;
        CK_DES_CBC_ENCRYPT_DATA_PARAMS des_data;
    } u;
    /* what some of them point to */
    CK_PRF_DATA_PARAM parts[2];
    CK_SP800_108_COUNTER_FORMAT counter;
    CK_VERSION version;
    CK_ULONG len;
    unsigned char iv[32]; /* room for what a generation from a password gives beside the key */
};

/* For C_EncryptInit and the like, with the recipe's form, IV and additional data. */
void recipe_mech(const struct recipe *recipe, struct mech *out);
/* How long the parameter of a TLS key block is: CK_TLS12_KEY_MAT_PARAMS, or without a hash its
 * beginning, which is CK_SSL3_KEY_MAT_PARAMS. */
size_t recipe_key_block_len(const struct recipe *recipe);
/* Does its parameter name another key, 'second'? Then that key's handle is set here. */
bool recipe_takes_second(const struct recipe *recipe);
void recipe_mech_second(struct mech *mech, enum form form, CK_OBJECT_HANDLE second);

#endif
