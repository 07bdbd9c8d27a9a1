/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-kem.c: key encapsulation at libnss3.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#define ATTRIBUTES (PK11_ATTR_PRIVATE | PK11_ATTR_UNMODIFIABLE)

/* What the private key's owner makes of the ciphertext. */
static bool received(struct nss_ask *ask, SECKEYPrivateKey *key, const SECItem *ciphertext,
                     struct nss_output *fingerprint)
{
    PK11SymKey *secret = NULL;
    bool ok = nss_ok(ask, NSS(ask->nss, PK11_Decapsulate, key, ciphertext, CKM_SHA256_HMAC,
                              ATTRIBUTES, CKF_SIGN, &secret) == SECSuccess &&
                              secret != NULL);

    ok = ok && nss_fingerprint(ask, secret, fingerprint);
    nss_free_key(ask->nss, secret);
    return ok;
}

static bool compare(struct nss_ask *ask, SECKEYPrivateKey *key, PK11SymKey *secret,
                    SECItem *ciphertext)
{
    own_nss_output struct nss_output ours = {0}, theirs = {0}, changed = {0};

    if (!nss_fingerprint(ask, secret, &ours) || !received(ask, key, ciphertext, &theirs))
        return false;
    ask->nss->step = "PK11_Decapsulate";
    if (!nss_output_is(&ours, theirs.data, theirs.len))
        return nss_wrong(ask, "the two parties came to different secrets");
    ciphertext->data[ciphertext->len / 2] ^= 1; /* FIPS 203 7.3: another secret, and no error */
    if (!received(ask, key, ciphertext, &changed))
        return false;
    ask->nss->step = "PK11_Decapsulate";
    return !nss_output_is(&changed, theirs.data, theirs.len) ||
           nss_wrong(ask, "a changed ciphertext gives the same secret");
}

/* libnss3 knows the mechanism by the key. */
bool nss_kem(struct nss_ask *ask)
{
    struct nss *nss = ask->nss;
    PK11SymKey *secret = NULL;
    SECItem *ciphertext = NULL;
    struct nss_pair pair;
    bool ok;

    if (!nss_pair_keep(ask, &pair))
        return false;
    ok = nss_ok(ask, NSS(nss, PK11_Encapsulate, pair.public_key, CKM_SHA256_HMAC, ATTRIBUTES,
                         CKF_SIGN, &secret, &ciphertext) == SECSuccess &&
                         secret != NULL && ciphertext != NULL);
    if (ok) {
        ask->evidence->indicator = nss_object_indicator(nss, PK11_TypeSymKey, secret);
        ok = ciphertext->data != NULL && ciphertext->len == ask->recipe->ciphertext_bytes
                 ? compare(ask, pair.private_key, secret, ciphertext)
                 : nss_wrong(ask, "not as long as it should be");
    }
    nss_free_key(nss, secret);
    if (ciphertext != NULL)
        nss->f.SECITEM_FreeItem(ciphertext, PR_TRUE);
    return ok && nss_done(ask, CHECK_AGREEMENT);
}
