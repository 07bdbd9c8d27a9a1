/* SPDX-License-Identifier: Apache-2.0
 *
 * probes.h: the operations of ops.c at a token. Each fills the evidence of its ask: the result, how
 * it was checked, the indicators, and on failure the call and its code. Touches the token only.
 */
#ifndef SOFTOKN_PROBES_H
#define SOFTOKN_PROBES_H

#include "softokn/key.h"

bool probe_digest(struct ask *ask);
bool probe_mac(struct ask *ask);
bool probe_cipher(struct ask *ask);
bool probe_aead(struct ask *ask);
bool probe_import(struct ask *ask);
bool probe_sign(struct ask *ask);
bool probe_keypair(struct ask *ask);
bool probe_agree(struct ask *ask);
bool probe_random(struct ask *ask);
bool probe_derive(struct ask *ask);
bool probe_pbkdf(struct ask *ask);
bool probe_wrap(struct ask *ask);
bool probe_transport(struct ask *ask);
bool probe_export(struct ask *ask);
bool probe_verify(struct ask *ask);
bool probe_pair_cipher(struct ask *ask);
bool probe_kem(struct ask *ask);
bool probe_tls_keys(struct ask *ask);

/* Shared by them: an output buffer with room for what the call may give and more. */
struct output {
    unsigned char *data;
    CK_ULONG len, room;
};
void output_make(struct output *out, size_t expected);
void output_free(struct output *out);
#define own_output __attribute__((cleanup(output_free)))
/* The call said that it wrote len bytes: is that possible? If not, the evidence says so. */
bool output_ok(struct ask *ask, const struct output *out);
bool output_is(const struct output *out, const struct bytes *expected);
bool output_same(const struct output *a, const struct output *b);

/* C_EncryptInit and C_Encrypt of the row's plaintext; C_DecryptInit and C_Decrypt. */
CK_RV probe_encrypt(struct ask *ask, CK_OBJECT_HANDLE key, struct output *out);
CK_RV probe_decrypt(struct ask *ask, CK_OBJECT_HANDLE key, unsigned char *in, size_t len,
                    struct output *out);

/* C_SignInit and C_Sign. C_VerifyInit and C_Verify: one verification, wrong says what it means when
 * the signature does not verify; that it does not for a changed message; both. */
bool probe_sign_with(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                     const struct bytes *message, struct output *signature);
bool probe_verifies(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                    const struct bytes *message, const struct output *signature, const char *wrong);
bool probe_rejects(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                   const struct bytes *message, const struct output *signature);
bool probe_verify_with(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                       const struct bytes *message, const struct output *signature);

/* What a secret key that signs makes of a message: it cannot be read from the FIPS token. */
bool probe_fingerprint(struct ask *ask, CK_OBJECT_HANDLE secret, struct output *out);
/* The same of an AES key that encrypts: one block. */
#define PROBE_BLOCK 16
bool probe_block(struct ask *ask, CK_OBJECT_HANDLE key, unsigned char *out);

/* Every step succeeded and the answer was right, checked like that. */
bool probe_done(struct ask *ask, enum check check);

#endif
