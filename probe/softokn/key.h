/* SPDX-License-Identifier: Apache-2.0
 *
 * key.h: keys for one probe of a token: generated there, or the vector's brought in. Touches the
 * token only.
 */
#ifndef SOFTOKN_KEY_H
#define SOFTOKN_KEY_H

#include "softokn/template.h"
#include "softokn/token.h"

/* One probe being asked. */
struct ask {
    struct token *token;
    const struct recipe *recipe;
    CK_SESSION_HANDLE session; /* its own: what the indicator says of the last operation is its */
    struct evidence *evidence;
};

/* Did the call succeed? If not, the evidence says which and how. */
bool ask_ok(struct ask *ask, CK_RV rv);

/* A secret key of the recipe's type; evidence->key_indicator is what the module says of it. */
bool key_generate(struct ask *ask, CK_OBJECT_HANDLE *key);

struct key_pair {
    CK_OBJECT_HANDLE private_key, public_key;
};
/* A new one; evidence->key_indicator as above. */
bool key_generate_pair(struct ask *ask, struct key_pair *pair);
/* The same, once for all probes of this child that ask for such a pair: generating it costs up to a
 * hundred times what is done with it. */
bool key_keep_pair(struct ask *ask, struct key_pair *pair);

/* The bits of a public RSA key's modulus; 0 if the token does not tell. */
size_t key_modulus_bits(struct ask *ask, CK_OBJECT_HANDLE key);

/* Brings the vector's secret key in, wrapped under a key of the token, which the FIPS token allows,
 * or else in the clear. False: evidence->detail says why not; it is no failure of the probe. */
bool key_bring(struct ask *ask, CK_OBJECT_HANDLE *key);
/* The same for the vector's private RSA key and its public key, kept for this child's other probes;
 * evidence->key_indicator as above. */
bool key_bring_pair(struct ask *ask, struct key_pair *pair);
/* The vector's pair where it can be brought in, which saves a generation, else a kept one. */
bool key_any_pair(struct ask *ask, struct key_pair *pair, bool *brought);
/* Any secret of that type, for what the operation's own keys do or, where that is of no use for the
 * type, for HMAC and AES-ECB. */
bool key_bring_secret(struct ask *ask, const struct bytes *value, CK_KEY_TYPE type,
                      CK_OBJECT_HANDLE *key);
/* The vector's public key, which verifies. False: evidence says how the call failed. */
bool key_public(struct ask *ask, CK_OBJECT_HANDLE *key);
/* In the clear; false: evidence says how the call failed. */
bool key_import(struct ask *ask, CK_OBJECT_HANDLE *key);

/* For key-pair.c. Unwraps value with the first wrapping that the token has and takes. */
bool key_unwrap(struct ask *ask, const struct bytes *value, struct template *t,
                CK_OBJECT_HANDLE *key);
CK_RV key_create(struct ask *ask, struct template *t, CK_OBJECT_HANDLE *key);
bool key_not_brought(struct ask *ask, CK_RV rv); /* false; evidence->detail says so */

#endif
