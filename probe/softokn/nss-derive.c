/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-derive.c: keys that libnss3 derives from a key or a password. A derived key cannot be read
 * from the FIPS token, so it is known by what it does to a message.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

bool nss_fingerprint(struct nss_ask *ask, PK11SymKey *secret, struct nss_output *out)
{
    static const char text[] = "fingerprint";
    const CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0};

    nss_output_make(out, 32);
    return nss_ok(ask, nss_mac_of(ask->nss, &hmac, secret, text, sizeof text, out, NULL));
}

typedef PK11SymKey *derive_fn(struct nss_ask *ask, PK11SymKey *base);

/* NULL: the evidence says how it failed. */
static PK11SymKey *derive_from(struct nss_ask *ask, PK11SymKey *base)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *second = NULL, *key;
    struct mech mech;
    SECItem param;

    recipe_mech(r, &mech);
    if (recipe_takes_second(r)) {
        second = nss_key_bring_secret(ask, &r->second, CKM_GENERIC_SECRET_KEY_GEN, CKA_DERIVE);
        if (second == NULL) {
            evidence_fail(ask->evidence, ask->nss->step, "not-brought", NULL);
            return NULL;
        }
        recipe_mech_second(&mech, r->form, NSS(ask->nss, PK11_GetSymKeyHandle, second));
    }
    param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
    key = NSS(ask->nss, PK11_Derive, base, r->mechanism, &param, CKM_SHA256_HMAC, CKA_SIGN,
              (int)r->answer.len);
    nss_ok(ask, key != NULL);
    nss_free_key(ask->nss, second);
    return key;
}

/* Derives; indicate: and asks what the module says of it. libnss3 derives in a session of its own,
 * so the indicator is that of the key, which takes it over from the operation. */
static bool derived(struct nss_ask *ask, derive_fn *derive, PK11SymKey *base,
                    struct nss_output *fingerprint, bool indicate)
{
    PK11SymKey *key = derive(ask, base);
    bool ok = key != NULL;

    if (ok && indicate) {
        ask->evidence->indicator = nss_object_indicator(ask->nss, PK11_TypeSymKey, key);
        ask->evidence->key_indicator = ask->evidence->indicator;
    }
    ok = ok && nss_fingerprint(ask, key, fingerprint);
    nss_free_key(ask->nss, key);
    return ok;
}

/* Is it the vector's answer? *known: that could be told. */
static bool is_answer(struct nss_ask *ask, const char *step, const struct nss_output *fingerprint,
                      bool *known)
{
    own_nss_output struct nss_output answer = {0};
    PK11SymKey *key = nss_key_bring_secret(ask, &ask->recipe->answer, CKM_SHA256_HMAC, CKA_SIGN);
    bool ok;

    *known = key != NULL;
    if (!*known)
        return true;
    ok = nss_fingerprint(ask, key, &answer);
    nss_free_key(ask->nss, key);
    ask->nss->step = step;
    return ok && (nss_output_is(fingerprint, answer.data, answer.len) ||
                  nss_wrong(ask, "not the vector's answer"));
}

static bool prints(struct nss_ask *ask, PK11SymKey *base, struct nss_output *out, bool indicate)
{
    return derived(ask, derive_from, base, out, indicate);
}

static bool is_known(struct nss_ask *ask, const struct nss_output *got, bool *known)
{
    return is_answer(ask, "PK11_Derive", got, known);
}

/* From the vector's key, where that can be brought in. */
static bool derive_known(struct nss_ask *ask, const struct nss_derivation *derivation,
                         enum check *check)
{
    own_nss_output struct nss_output got = {0};
    PK11SymKey *base = nss_key_bring(ask, CKA_DERIVE);
    bool done, known;

    *check = CHECK_ROUND_TRIP;
    if (base == NULL)
        return true;
    done = derivation->prints(ask, base, &got, false);
    nss_free_key(ask->nss, base);
    if (!done) {
        evidence_clear(ask->evidence);
        evidence_detail(ask->evidence, "the module does not derive from the vector's key");
        return true;
    }
    if (!derivation->is_known(ask, &got, &known))
        return false;
    *check = known ? CHECK_KNOWN_ANSWER : CHECK_ROUND_TRIP;
    return true;
}

static bool round_trip(struct nss_ask *ask, const struct nss_derivation *derivation,
                       PK11SymKey *base, PK11SymKey *stranger)
{
    own_nss_output struct nss_output first = {0}, second = {0}, other = {0};

    if (!derivation->prints(ask, base, &first, true) ||
        !derivation->prints(ask, base, &second, false) ||
        !derivation->prints(ask, stranger, &other, false))
        return false;
    ask->nss->step = "PK11_Derive";
    if (!nss_output_is(&first, second.data, second.len))
        return nss_wrong(ask, "twice the same gives two keys");
    if (nss_output_is(&first, other.data, other.len))
        return nss_wrong(ask, "two keys give the same");
    return true;
}

bool nss_derive_by(struct nss_ask *ask, const struct nss_derivation *derivation)
{
    PK11SymKey *base = nss_key_generate(ask);
    PK11SymKey *stranger = base == NULL ? NULL : nss_key_generate(ask);
    bool ok = stranger != NULL && round_trip(ask, derivation, base, stranger);
    enum check check;

    nss_free_key(ask->nss, base);
    nss_free_key(ask->nss, stranger);
    return ok && derive_known(ask, derivation, &check) && nss_done(ask, check);
}

bool nss_derive(struct nss_ask *ask)
{
    return nss_derive_by(ask, &(struct nss_derivation){prints, is_known});
}

/* ---- from a password ------------------------------------------------------------------------ */

static SECOidTag prf_tag(CK_ULONG prf)
{
    static const struct {
        CK_ULONG prf;
        SECOidTag tag;
    } rows[] = {
        {CKP_PKCS5_PBKD2_HMAC_SHA1, SEC_OID_HMAC_SHA1},
        {CKP_PKCS5_PBKD2_HMAC_SHA224, SEC_OID_HMAC_SHA224},
        {CKP_PKCS5_PBKD2_HMAC_SHA256, SEC_OID_HMAC_SHA256},
        {CKP_PKCS5_PBKD2_HMAC_SHA384, SEC_OID_HMAC_SHA384},
        {CKP_PKCS5_PBKD2_HMAC_SHA512, SEC_OID_HMAC_SHA512},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].prf == prf)
            return rows[i].tag;
    return SEC_OID_UNKNOWN;
}

/* PBKDF2 is asked by algorithm identifier, as in pk11pub.h ("warning: cannot work with PKCS 5 v2"
 * stands at the other call); what PKCS#12 does by the mechanism and its parameter. */
static PK11SymKey *generate(struct nss_ask *ask)
{
    const struct recipe *r = ask->recipe;
    SECItem salt = nss_item(r->salt.data, r->salt.len), param;
    SECItem password = nss_item(r->password.data, r->password.len);
    SECOidTag tag = prf_tag(r->prf);
    SECAlgorithmID *id;
    PK11SymKey *key;
    struct mech mech;

    if (r->form == FORM_PBE) {
        recipe_mech(r, &mech);
        param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
        key = NSS(ask->nss, PK11_RawPBEKeyGen, ask->nss->slot, r->mechanism, &param, &password,
                  PR_FALSE, NULL);
        nss_ok(ask, key != NULL);
        return key;
    }
    id = NSS(ask->nss, PK11_CreatePBEV2AlgorithmID, SEC_OID_PKCS5_PBKDF2, tag, tag,
             (int)r->answer.len, (int)r->iterations, &salt);
    if (!nss_ok(ask, id != NULL))
        return NULL;
    key = NSS(ask->nss, PK11_PBEKeyGen, ask->nss->slot, id, &password, PR_FALSE, NULL);
    nss_ok(ask, key != NULL);
    NSS(ask->nss, SECOID_DestroyAlgorithmID, id, PR_TRUE);
    return key;
}

/* A key from a password is not one that signs: libnss3 makes it one where that is wanted. */
static PK11SymKey *derive_password(struct nss_ask *ask, PK11SymKey *base)
{
    PK11SymKey *key = generate(ask), *signs;

    (void)base;
    if (key == NULL)
        return NULL;
    signs = NSS(ask->nss, PK11_CopySymKeyForSigning, key, CKM_SHA256_HMAC);
    nss_ok(ask, signs != NULL);
    nss_free_key(ask->nss, key);
    return signs;
}

bool nss_pbkdf(struct nss_ask *ask)
{
    const char *step = ask->recipe->form == FORM_PBE ? "PK11_RawPBEKeyGen" : "PK11_PBEKeyGen";
    own_nss_output struct nss_output fingerprint = {0};
    bool known;

    if (!derived(ask, derive_password, NULL, &fingerprint, true) ||
        !is_answer(ask, step, &fingerprint, &known))
        return false;
    ask->nss->step = step;
    if (!known)
        return evidence_fail(ask->evidence, step, "not-checked",
                             "the key was made, but could not be compared");
    return nss_done(ask, CHECK_KNOWN_ANSWER);
}
