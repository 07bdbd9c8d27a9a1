/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-probes.h: the operations of ops.c at libnss3. Each fills the evidence of its ask: the result,
 * how it was checked, the indicators, and on failure the call and its code. Touches the library
 * only.
 */
#ifndef SOFTOKN_NSS_PROBES_H
#define SOFTOKN_NSS_PROBES_H

#include "softokn/nss-key.h"

bool nss_digest(struct nss_ask *ask);
bool nss_mac(struct nss_ask *ask);
bool nss_random(struct nss_ask *ask);
bool nss_cipher(struct nss_ask *ask);
bool nss_aead(struct nss_ask *ask);
bool nss_import(struct nss_ask *ask);
bool nss_sign(struct nss_ask *ask);
bool nss_keypair(struct nss_ask *ask);
bool nss_agree(struct nss_ask *ask);
bool nss_derive(struct nss_ask *ask);
bool nss_tls_keys(struct nss_ask *ask);
bool nss_pbkdf(struct nss_ask *ask);
bool nss_wrap(struct nss_ask *ask);
bool nss_transport(struct nss_ask *ask);
bool nss_export(struct nss_ask *ask);
bool nss_verify(struct nss_ask *ask);
bool nss_pair_cipher(struct nss_ask *ask);
bool nss_kem(struct nss_ask *ask);

/* Room for what a call gives, and more. */
#define NSS_MARGIN 512
struct nss_output {
    unsigned char *data;
    size_t len, room;
};
void nss_output_make(struct nss_output *out, size_t expected);
void nss_output_free(struct nss_output *out);
#define own_nss_output __attribute__((cleanup(nss_output_free)))
bool nss_output_is(const struct nss_output *out, const unsigned char *data, size_t len);

/* A derivation of keys, which are known by what they do. prints: of those that base gives; indicate:
 * with the indicator in the evidence. is_known: are they the vector's? *known: that could be told. */
struct nss_derivation {
    bool (*prints)(struct nss_ask *ask, PK11SymKey *base, struct nss_output *out, bool indicate);
    bool (*is_known)(struct nss_ask *ask, const struct nss_output *got, bool *known);
};
bool nss_derive_by(struct nss_ask *ask, const struct nss_derivation *derivation);

/* The MAC of a message with a key; indicator may be NULL. False: the call's error stands. */
bool nss_mac_of(struct nss *nss, const CK_MECHANISM *mechanism, PK11SymKey *key,
                const void *message, size_t len, struct nss_output *out, enum indicator *indicator);

/* What a secret does to a message, by which it is known; the same of an AES key and a block. */
bool nss_fingerprint(struct nss_ask *ask, PK11SymKey *secret, struct nss_output *out);
#define NSS_BLOCK 16
bool nss_block(struct nss_ask *ask, PK11SymKey *key, unsigned char *out);

/* A step succeeded and what it gave is wrong; or every step succeeded. */
bool nss_wrong(struct nss_ask *ask, const char *detail);
bool nss_done(struct nss_ask *ask, enum check check);
void nss_free_key(struct nss *nss, PK11SymKey *key); /* NULL: nothing */

#endif
