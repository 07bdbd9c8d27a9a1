/* SPDX-License-Identifier: Apache-2.0
 *
 * ops.c: the operations of the PKCS#11 doors and what a row of the catalogue says to them.
 *
 * A word may name alternatives, "CKM_CHACHA20_POLY1305 or CKM_NSS_CHACHA20_POLY1305": NSS gave
 * several services another mechanism as the standard caught up. The first alternative whose
 * mechanisms are all on the token's list is asked (the first of all where none is). Words with one
 * value count for every alternative.
 */
#include "softokn/recipe.h"

#define END {NULL, PARAM_END, false}

/* How a secret key comes about: "keygen" generates it on the token ("key-bytes" long where the
 * mechanism leaves that open), "key" is the vector's, brought in. */
#define SECRET_KEY                                                                                 \
    {"keygen", PARAM_WORD, true}, {"key-type", PARAM_WORD, true}, {"key-bytes", PARAM_UINT, false}
/* A key pair: of "bits" and "exponent" (RSA), on the curve "ec-params" (DER, in hexadecimal), or in
 * the group "prime" and "base". */
#define KEY_PAIR                                                                                   \
    {"keygen", PARAM_WORD, true}, {"key-type", PARAM_WORD, true}, {"bits", PARAM_UINT, false},     \
        {"ec-params", PARAM_WORD, false}, {"prime", PARAM_HEX, false}, {"base", PARAM_HEX, false}

const struct op softokn_ops[] = {
    {"open", "opens the door: library, entry point, initialisation, token, session", {END}},
    {"digest",
     "hashes the message and compares with the answer",
     {{"mechanism", PARAM_WORD, true},
      {"message", PARAM_HEX, true},
      {"answer", PARAM_HEX, true},
      END}},
    {"mac",
     "authenticates the message with a generated key, verifies, and compares with the answer under "
     "the vector's key",
     {{"mechanism", PARAM_WORD, true},
      SECRET_KEY,
      {"key", PARAM_HEX, true},
      {"message", PARAM_HEX, true},
      {"answer", PARAM_HEX, true},
      END}},
    {"cipher",
     "encrypts and decrypts with a generated key, and compares with the ciphertext under the "
     "vector's key",
     {{"mechanism", PARAM_WORD, true},
      SECRET_KEY,
      {"parameter", PARAM_WORD, true},
      {"effective-bits", PARAM_UINT, false},
      {"key", PARAM_HEX, true},
      {"iv", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, true},
      {"ciphertext", PARAM_HEX, true},
      END}},
    {"aead",
     "the same with additional data and a tag; a changed ciphertext must not be accepted",
     {{"mechanism", PARAM_WORD, true},
      SECRET_KEY,
      {"parameter", PARAM_WORD, true},
      {"iv-generator", PARAM_WORD, false}, /* CKG_...: the module makes the IV (message functions) */
      {"tag-bytes", PARAM_UINT, true},
      {"key", PARAM_HEX, true},
      {"iv", PARAM_HEX, true},
      {"aad", PARAM_HEX, true},
      {"plaintext", PARAM_HEX, true},
      {"ciphertext", PARAM_HEX, true},
      END}},
    {"sign",
     "signs the message and verifies; a changed message must not verify; with 'private-key' (PKCS#8) "
     "and 'answer' also compares the signature",
     {{"mechanism", PARAM_WORD, true},
      KEY_PAIR,
      {"private-key", PARAM_HEX, false},
      {"message", PARAM_HEX, true},
      {"answer", PARAM_HEX, false},
      /* its length where that is always the same; then the module is told of no more room */
      {"signature-bytes", PARAM_UINT, false},
      END}},
    {"keypair",
     "generates a key pair, looks at its size, signs the message with it and verifies",
     {{"mechanism", PARAM_WORD, true}, KEY_PAIR, {"message", PARAM_HEX, true}, END}},
    {"agree",
     "generates two key pairs and derives the secret of both parties, which must be the same",
     {{"mechanism", PARAM_WORD, true}, KEY_PAIR, {"kdf", PARAM_WORD, false}, END}},
    {"random", "asks twice for random bytes", {{"bytes", PARAM_UINT, true}, END}},
    {"import",
     "brings in the vector's key in the clear, encrypts with it and compares",
     {{"mechanism", PARAM_WORD, true},
      {"key-type", PARAM_WORD, true},
      {"parameter", PARAM_WORD, true},
      {"key", PARAM_HEX, true},
      {"iv", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, true},
      {"ciphertext", PARAM_HEX, true},
      END}},
    {NULL, NULL, {END}},
};
