/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-kem.c: key encapsulation.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

/* What comes out here is a secret for HMAC. */
#define SECRET_TEMPLATE                                                                            \
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;                                                        \
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;                                                         \
    CK_BBOOL yes = CK_TRUE;                                                                        \
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class},                                  \
                               {CKA_KEY_TYPE, &type, sizeof type},                                 \
                               {CKA_SIGN, &yes, sizeof yes}}

static CK_MECHANISM mechanism_of(const struct recipe *r, CK_ULONG *set)
{
    if (!recipe_vendor_set(r))
        return (CK_MECHANISM){r->mechanism, NULL, 0};
    return (CK_MECHANISM){r->mechanism, set, sizeof *set};
}

static CK_RV encapsulate(struct ask *ask, CK_OBJECT_HANDLE key, struct output *ciphertext,
                         CK_OBJECT_HANDLE *secret)
{
    const struct kem *kem = &ask->token->kem;
    CK_ULONG set = ask->recipe->parameter_set;
    CK_MECHANISM mechanism = mechanism_of(ask->recipe, &set);
    SECRET_TEMPLATE;

    *secret = CK_INVALID_HANDLE;
    if (kem->encapsulate != NULL) {
        token_step(ask->token, "C_EncapsulateKey");
        return kem->encapsulate(ask->session, &mechanism, key, template, 3, ciphertext->data,
                                &ciphertext->len, secret);
    }
    token_step(ask->token, "C_Encapsulate");
    return kem->nss_encapsulate == NULL
               ? CKR_FUNCTION_NOT_SUPPORTED
               : kem->nss_encapsulate(ask->session, &mechanism, key, template, 3, secret,
                                      ciphertext->data, &ciphertext->len);
}

static CK_RV decapsulate(struct ask *ask, CK_OBJECT_HANDLE key, const struct output *ciphertext,
                         CK_OBJECT_HANDLE *secret)
{
    const struct kem *kem = &ask->token->kem;
    CK_ULONG set = ask->recipe->parameter_set;
    CK_MECHANISM mechanism = mechanism_of(ask->recipe, &set);
    SECRET_TEMPLATE;

    *secret = CK_INVALID_HANDLE;
    if (kem->decapsulate != NULL) {
        token_step(ask->token, "C_DecapsulateKey");
        return kem->decapsulate(ask->session, &mechanism, key, template, 3, ciphertext->data,
                                ciphertext->len, secret);
    }
    token_step(ask->token, "C_Decapsulate");
    return kem->nss_decapsulate == NULL
               ? CKR_FUNCTION_NOT_SUPPORTED
               : kem->nss_decapsulate(ask->session, &mechanism, key, ciphertext->data,
                                      ciphertext->len, template, 3, secret);
}

/* What the private key's owner makes of the ciphertext. */
static bool received(struct ask *ask, CK_OBJECT_HANDLE key, const struct output *ciphertext,
                     struct output *fingerprint)
{
    CK_OBJECT_HANDLE secret;

    return ask_ok(ask, decapsulate(ask, key, ciphertext, &secret)) &&
           probe_fingerprint(ask, secret, fingerprint);
}

bool probe_kem(struct ask *ask)
{
    own_output struct output ciphertext = {0}, ours = {0}, theirs = {0}, changed = {0};
    CK_MECHANISM_INFO info;
    CK_OBJECT_HANDLE secret;
    struct key_pair pair;

    output_make(&ciphertext, ask->recipe->ciphertext_bytes);
    if (!ask_ok(ask, P11(ask->token, GetMechanismInfo, ask->token->slot, ask->recipe->mechanism,
                         &info)) ||
        !key_keep_pair(ask, &pair) ||
        !ask_ok(ask, encapsulate(ask, pair.public_key, &ciphertext, &secret)) ||
        !output_ok(ask, &ciphertext))
        return false;
    /* the operation has no session state of its own that an indicator could tell of: it is told of
     * the secret (lib/softoken/kem.c, NSC_EncapsulateKey) */
    ask->evidence->indicator = token_object_indicator(ask->token, ask->session, secret);
    if (ciphertext.len != ask->recipe->ciphertext_bytes)
        return evidence_wrong(ask->evidence, ask->token->step, "not as long as it should be");
    if (!probe_fingerprint(ask, secret, &ours) ||
        !received(ask, pair.private_key, &ciphertext, &theirs))
        return false;
    if (!output_same(&ours, &theirs))
        return evidence_wrong(ask->evidence, ask->token->step,
                              "the two parties came to different secrets");
    ciphertext.data[ciphertext.len / 2] ^= 1; /* FIPS 203 7.3: another secret, and no error */
    if (!received(ask, pair.private_key, &ciphertext, &changed))
        return false;
    if (output_same(&theirs, &changed))
        return evidence_wrong(ask->evidence, ask->token->step,
                              "a changed ciphertext gives the same secret");
    return probe_done(ask, CHECK_AGREEMENT);
}
