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
 * the group "prime", "base" and perhaps "subprime", or of a "parameter-set" (ML-DSA). */
#define KEY_PAIR                                                                                   \
    {"keygen", PARAM_WORD, true}, {"key-type", PARAM_WORD, true}, {"bits", PARAM_UINT, false},     \
        {"ec-params", PARAM_WORD, false}, {"prime", PARAM_HEX, false},                             \
        {"base", PARAM_HEX, false}, {"subprime", PARAM_HEX, false},                                \
        {"parameter-set", PARAM_WORD, false}
/* The parameter of a signature or MAC: a form of recipe.h, and what it is made of. */
#define SIGN_PARAMETER                                                                             \
    {"parameter", PARAM_WORD, false}, {"hash", PARAM_WORD, false},                                 \
        {"salt-bytes", PARAM_UINT, false}, {"tag-bytes", PARAM_UINT, false}

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
      /* "sign-again": the module makes this MAC and has no verification of it */
      {"verification", PARAM_WORD, false},
      /* of a pseudo-random function that fills the room it is given */
      {"signature-bytes", PARAM_UINT, false},
      SIGN_PARAMETER,
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
      SIGN_PARAMETER,
      END}},
    {"keypair",
     "generates a key pair, looks at its size, signs the message with it and verifies",
     {{"mechanism", PARAM_WORD, true},
      KEY_PAIR,
      {"message", PARAM_HEX, true},
      {"signature-bytes", PARAM_UINT, false},
      SIGN_PARAMETER,
      END}},
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
    {"verify",
     "verifies the vector's signature with the vector's public key; a changed message must not verify",
     {{"mechanism", PARAM_WORD, true},
      {"key-type", PARAM_WORD, true},
      {"modulus", PARAM_HEX, false},
      {"exponent", PARAM_HEX, false},
      {"ec-params", PARAM_WORD, false},
      {"point", PARAM_HEX, false},
      {"prime", PARAM_HEX, false},
      {"subprime", PARAM_HEX, false},
      {"base", PARAM_HEX, false},
      {"key", PARAM_HEX, false},
      {"message", PARAM_HEX, true},
      {"answer", PARAM_HEX, true},
      SIGN_PARAMETER,
      END}},
    {"pair-cipher",
     "encrypts with a public key and decrypts with the private one; with 'private-key' and "
     "'ciphertext' also decrypts the vector",
     {{"mechanism", PARAM_WORD, true},
      KEY_PAIR,
      {"private-key", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, true},
      {"ciphertext", PARAM_HEX, false},
      SIGN_PARAMETER,
      END}},
    {"transport",
     "wraps an AES key with a public key and unwraps it with the private one, which must be the same "
     "key; with 'private-key' and 'ciphertext' also unwraps the vector",
     {{"mechanism", PARAM_WORD, true},
      KEY_PAIR,
      {"private-key", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, false},
      {"ciphertext", PARAM_HEX, false},
      SIGN_PARAMETER,
      END}},
    {"wrap",
     "wraps an AES key with a generated key and unwraps it, which must be the same key, and unwraps "
     "the vector",
     {{"mechanism", PARAM_WORD, true},
      SECRET_KEY,
      {"parameter", PARAM_WORD, true},
      {"key", PARAM_HEX, true},
      {"iv", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, true},
      {"ciphertext", PARAM_HEX, true},
      END}},
    {"export",
     "generates an AES key, reads its value in the clear, and brings that in again, which must be the "
     "same key",
     {END}},
    {"derive",
     "derives a key from a generated one, twice, which must be the same, and from another, which must "
     "not, and compares with the answer from the vector's key",
     {{"mechanism", PARAM_WORD, true},
      SECRET_KEY,
      {"parameter", PARAM_WORD, true},
      {"hash", PARAM_WORD, false},
      {"key", PARAM_HEX, true},
      {"iv", PARAM_HEX, false},
      {"salt", PARAM_HEX, false},
      {"info", PARAM_HEX, false},
      {"second", PARAM_HEX, false}, /* another secret that goes in */
      {"bit", PARAM_UINT, false},   /* where what is extracted begins */
      {"answer", PARAM_HEX, true},
      END}},
    {"tls-keys",
     "expands a generated master secret into the keys of a TLS connection, twice, which must be "
     "the same, and compares with the answer from the vector's master secret",
     {{"mechanism", PARAM_WORD, true},
      SECRET_KEY,
      {"hash", PARAM_WORD, false}, /* none: the mechanism says it */
      {"mac-bytes", PARAM_UINT, true},
      {"iv-bytes", PARAM_UINT, true},
      {"write-bytes", PARAM_UINT, true},
      {"key", PARAM_HEX, true},
      {"info", PARAM_HEX, true},   /* the client's random bytes and the server's */
      {"answer", PARAM_HEX, true}, /* RFC 5246 6.3's key block */
      END}},
    {"kem",
     "encapsulates for a generated key pair and decapsulates, which must give the same secret, and "
     "another one for a changed ciphertext",
     {{"mechanism", PARAM_WORD, true}, KEY_PAIR, {"ciphertext-bytes", PARAM_UINT, true}, END}},
    {"pbkdf",
     "derives a key from the vector's password and compares with the answer",
     {{"mechanism", PARAM_WORD, true},
      {"parameter", PARAM_WORD, true},
      {"prf", PARAM_WORD, false},
      {"password", PARAM_HEX, true},
      {"salt", PARAM_HEX, true},
      {"iterations", PARAM_UINT, true},
      {"answer", PARAM_HEX, true},
      END}},
    {NULL, NULL, {END}},
};
