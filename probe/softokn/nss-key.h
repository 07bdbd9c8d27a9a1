/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-key.h: keys for one probe at libnss3: generated, or the vector's brought in. Touches the
 * library only.
 */
#ifndef SOFTOKN_NSS_KEY_H
#define SOFTOKN_NSS_KEY_H

#include "softokn/nss.h"

/* A secret key of the recipe's type; evidence->key_indicator is what the module says of it. */
PK11SymKey *nss_key_generate(struct nss_ask *ask);

/* A new one, the caller's; evidence->key_indicator as above. */
bool nss_pair_generate(struct nss_ask *ask, struct nss_pair *pair);
/* The same, once for all probes of this child that ask for such a pair, and nobody's to free:
 * generating it costs up to a hundred times what is done with it. */
bool nss_pair_keep(struct nss_ask *ask, struct nss_pair *pair);
void nss_pair_free(struct nss *nss, struct nss_pair *pair);

/* The vector's secret key for one operation (CKA_ENCRYPT ...), in the clear; NULL: the evidence
 * says how the call failed. */
PK11SymKey *nss_key_import(struct nss_ask *ask, CK_ATTRIBUTE_TYPE operation);
/* Brings it in, wrapped under a key of the token where the token is the FIPS one. NULL:
 * evidence->detail says why not; it is no failure of the probe. */
PK11SymKey *nss_key_bring(struct nss_ask *ask, CK_ATTRIBUTE_TYPE operation);
/* Any secret, as a key for what the target mechanism does or generates. */
PK11SymKey *nss_key_bring_secret(struct nss_ask *ask, const struct bytes *value,
                                 CK_MECHANISM_TYPE target, CK_ATTRIBUTE_TYPE operation);
/* The same for the vector's key pair, kept for this child's other probes. */
bool nss_pair_bring(struct nss_ask *ask, struct nss_pair *pair);
/* The vector's pair where it can be brought in, which saves a generation, else a kept one. */
bool nss_pair_any(struct nss_ask *ask, struct nss_pair *pair, bool *brought);

#endif
