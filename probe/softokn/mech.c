/* SPDX-License-Identifier: Apache-2.0
 *
 * mech.c: the parameter of a mechanism, in the form that the row names.
 */
#include "softokn/recipe.h"

#include <string.h>

/* MGF1 with the same hash: the generator of PKCS#1's paddings. */
static CK_RSA_PKCS_MGF_TYPE mgf_of(CK_MECHANISM_TYPE hash)
{
    static const struct {
        CK_MECHANISM_TYPE hash;
        CK_RSA_PKCS_MGF_TYPE mgf;
    } rows[] = {
        {CKM_SHA_1, CKG_MGF1_SHA1},     {CKM_SHA224, CKG_MGF1_SHA224},
        {CKM_SHA256, CKG_MGF1_SHA256},  {CKM_SHA384, CKG_MGF1_SHA384},
        {CKM_SHA512, CKG_MGF1_SHA512},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].hash == hash)
            return rows[i].mgf;
    return 0;
}

/* The client's and the server's 32 bytes, one behind the other. */
static CK_SSL3_RANDOM_DATA randoms(const struct recipe *r)
{
    return (CK_SSL3_RANDOM_DATA){r->info.data, r->info.len / 2, r->info.data + r->info.len / 2,
                                 r->info.len / 2};
}

/* Ciphers, and what has a tag. */
static size_t cipher_param(const struct recipe *r, struct mech *out)
{
    switch (r->form) {
    case FORM_RC2_CBC:
        out->u.rc2.ulEffectiveBits = r->effective_bits;
        memcpy(out->u.rc2.iv, r->iv.data, sizeof out->u.rc2.iv);
        return sizeof out->u.rc2;
    case FORM_GCM:
        out->u.gcm = (CK_GCM_PARAMS_V3){
            .pIv = r->iv.data,
            .ulIvLen = r->iv.len,
            .ulIvBits = r->iv.len * 8,
            .pAAD = r->aad.data,
            .ulAADLen = r->aad.len,
            .ulTagBits = r->tag_bytes * 8,
        };
        return sizeof out->u.gcm;
    case FORM_CHACHA20:
        out->u.chacha20 = (CK_SALSA20_CHACHA20_POLY1305_PARAMS){
            .pNonce = r->iv.data,
            .ulNonceLen = r->iv.len,
            .pAAD = r->aad.data,
            .ulAADLen = r->aad.len,
        };
        return sizeof out->u.chacha20;
    case FORM_NSS_AEAD:
        out->u.nss_aead = (CK_NSS_AEAD_PARAMS){
            .pNonce = r->iv.data,
            .ulNonceLen = r->iv.len,
            .pAAD = r->aad.data,
            .ulAADLen = r->aad.len,
            .ulTagLen = r->tag_bytes,
        };
        return sizeof out->u.nss_aead;
    case FORM_CCM:
        out->u.ccm = (CK_CCM_PARAMS){
            .ulDataLen = r->plaintext.len,
            .pNonce = r->iv.data,
            .ulNonceLen = r->iv.len,
            .pAAD = r->aad.data,
            .ulAADLen = r->aad.len,
            .ulMACLen = r->tag_bytes,
        };
        return sizeof out->u.ccm;
    case FORM_CHACHA:
        out->u.chacha = (CK_CHACHA20_PARAMS){
            .pBlockCounter = r->iv.data,
            .blockCounterBits = 32,
            .pNonce = r->iv.data + 4,
            .ulNonceBits = (r->iv.len - 4) * 8,
        };
        return sizeof out->u.chacha;
    case FORM_CTR:
        out->u.ctr.ulCounterBits = 128;
        memcpy(out->u.ctr.cb, r->iv.data, sizeof out->u.ctr.cb);
        return sizeof out->u.ctr;
    default:
        return 0;
    }
}

/* Paddings and message authentication. */
static size_t sign_param(const struct recipe *r, struct mech *out)
{
    switch (r->form) {
    case FORM_LENGTH:
        out->u.length = r->tag_bytes;
        return sizeof out->u.length;
    case FORM_PSS:
        out->u.pss = (CK_RSA_PKCS_PSS_PARAMS){r->hash, mgf_of(r->hash), r->salt_bytes};
        return sizeof out->u.pss;
    case FORM_OAEP:
        out->u.oaep =
            (CK_RSA_PKCS_OAEP_PARAMS){r->hash, mgf_of(r->hash), CKZ_DATA_SPECIFIED, NULL, 0};
        return sizeof out->u.oaep;
    case FORM_TLS_MAC:
        out->u.tls_mac = (CK_TLS_MAC_PARAMS){r->hash, r->tag_bytes, 2};
        return sizeof out->u.tls_mac;
    default:
        return 0;
    }
}

/* SP 800-108: in counter mode the iteration variable is the counter, in the other modes the output
 * of the round before (PKCS#11 3.0, 2.42). */
static CK_ULONG kdf_parts(const struct recipe *r, struct mech *out)
{
    out->counter = (CK_SP800_108_COUNTER_FORMAT){CK_FALSE, 32};
    out->parts[0] = (CK_PRF_DATA_PARAM){CK_SP800_108_ITERATION_VARIABLE, NULL, 0};
    if (r->form == FORM_COUNTER) {
        out->parts[0].pValue = &out->counter;
        out->parts[0].ulValueLen = sizeof out->counter;
    }
    out->parts[1] = (CK_PRF_DATA_PARAM){CK_SP800_108_BYTE_ARRAY, r->info.data, r->info.len};
    return 2;
}

static size_t password_param(const struct recipe *r, struct mech *out)
{
    switch (r->form) {
    case FORM_PBKDF2:
        out->len = r->password.len;
        out->u.pbkdf2 = (CK_PKCS5_PBKD2_PARAMS){
            .saltSource = CKZ_SALT_SPECIFIED,
            .pSaltSourceData = r->salt.data,
            .ulSaltSourceDataLen = r->salt.len,
            .iterations = r->iterations,
            .prf = r->prf,
            .pPassword = r->password.data,
            .ulPasswordLen = &out->len,
        };
        return sizeof out->u.pbkdf2;
    case FORM_PBE:
        out->u.pbe = (CK_PBE_PARAMS){
            .pInitVector = out->iv,
            .pPassword = r->password.data,
            .ulPasswordLen = r->password.len,
            .pSalt = r->salt.data,
            .ulSaltLen = r->salt.len,
            .ulIteration = r->iterations,
        };
        return sizeof out->u.pbe;
    default:
        return 0;
    }
}

/* What is derived from a key that another one goes into, or data that is encrypted. */
static size_t mixed_param(const struct recipe *r, struct mech *out)
{
    switch (r->form) {
    case FORM_IKE1:
        out->u.ike1 = (CK_NSS_IKE1_PRF_DERIVE_PARAMS){
            .prfMechanism = r->hash,
            .pCKYi = r->info.data,
            .ulCKYiLen = r->info.len / 2,
            .pCKYr = r->info.data + r->info.len / 2,
            .ulCKYrLen = r->info.len - r->info.len / 2,
        };
        return sizeof out->u.ike1;
    case FORM_KEY:
        return sizeof out->u.key;
    case FORM_PRF:
        out->u.length = r->hash;
        return sizeof out->u.length;
    case FORM_DATA:
        out->u.data = (CK_KEY_DERIVATION_STRING_DATA){r->info.data, r->info.len};
        return sizeof out->u.data;
    case FORM_CBC_DATA:
        out->u.cbc_data = (CK_AES_CBC_ENCRYPT_DATA_PARAMS){
            .pData = r->info.data, .length = r->info.len};
        memcpy(out->u.cbc_data.iv, r->iv.data, sizeof out->u.cbc_data.iv);
        return sizeof out->u.cbc_data;
    case FORM_DES_DATA:
        out->u.des_data = (CK_DES_CBC_ENCRYPT_DATA_PARAMS){
            .pData = r->info.data, .length = r->info.len};
        memcpy(out->u.des_data.iv, r->iv.data, sizeof out->u.des_data.iv);
        return sizeof out->u.des_data;
    case FORM_EXTRACT:
        out->u.length = r->bit;
        return sizeof out->u.length;
    default:
        return 0;
    }
}

static size_t derive_param(const struct recipe *r, struct mech *out)
{
    switch (r->form) {
    case FORM_HKDF:
        out->u.hkdf = (CK_HKDF_PARAMS){
            .bExtract = CK_TRUE,
            .bExpand = CK_TRUE,
            .prfHashMechanism = r->hash,
            .ulSaltType = r->salt.len == 0 ? CKF_HKDF_SALT_NULL : CKF_HKDF_SALT_DATA,
            .pSalt = r->salt.data,
            .ulSaltLen = r->salt.len,
            .hSaltKey = CK_INVALID_HANDLE,
            .pInfo = r->info.data,
            .ulInfoLen = r->info.len,
        };
        return sizeof out->u.hkdf;
    case FORM_NSS_HKDF:
        out->u.nss_hkdf = (CK_NSS_HKDFParams){CK_TRUE, r->salt.data, r->salt.len,
                                              CK_TRUE, r->info.data, r->info.len};
        return sizeof out->u.nss_hkdf;
    case FORM_COUNTER:
    case FORM_PIPELINE:
        out->u.kdf = (CK_SP800_108_KDF_PARAMS){
            .prfType = r->hash,
            .ulNumberOfDataParams = kdf_parts(r, out),
            .pDataParams = out->parts,
        };
        return sizeof out->u.kdf;
    case FORM_FEEDBACK:
        out->u.feedback = (CK_SP800_108_FEEDBACK_KDF_PARAMS){
            .prfType = r->hash,
            .ulNumberOfDataParams = kdf_parts(r, out),
            .pDataParams = out->parts,
            .ulIVLen = r->iv.len,
            .pIV = r->iv.data,
        };
        return sizeof out->u.feedback;
    case FORM_TLS12:
        out->version = (CK_VERSION){3, 3};
        out->u.tls12 = (CK_TLS12_MASTER_KEY_DERIVE_PARAMS){randoms(r), &out->version, r->hash};
        return sizeof out->u.tls12;
    case FORM_TLS:
        out->version = (CK_VERSION){3, 1};
        out->u.tls = (CK_SSL3_MASTER_KEY_DERIVE_PARAMS){randoms(r), &out->version};
        return sizeof out->u.tls;
    case FORM_TLS_EMS:
        out->version = (CK_VERSION){3, 3};
        out->u.ems = (CK_NSS_TLS_EXTENDED_MASTER_KEY_DERIVE_PARAMS){r->hash, r->info.data,
                                                                    r->info.len, &out->version};
        return sizeof out->u.ems;
    case FORM_IKE_PRF:
        out->u.ike_prf = (CK_NSS_IKE_PRF_DERIVE_PARAMS){
            .prfMechanism = r->hash,
            .bDataAsKey = CK_TRUE, /* IKEv2: SKEYSEED = prf(Ni | Nr, g^ir), RFC 7296 2.14 */
            .pNi = r->salt.data,
            .ulNiLen = r->salt.len,
            .pNr = r->info.data,
            .ulNrLen = r->info.len,
        };
        return sizeof out->u.ike_prf;
    case FORM_IKE_PLUS:
        out->u.ike_plus = (CK_NSS_IKE_PRF_PLUS_DERIVE_PARAMS){
            .prfMechanism = r->hash, .pSeedData = r->info.data, .ulSeedDataLen = r->info.len};
        return sizeof out->u.ike_plus;
    default:
        return 0;
    }
}

size_t recipe_key_block_len(const struct recipe *r)
{
    return r->hash == CK_UNAVAILABLE_INFORMATION ? sizeof(CK_SSL3_KEY_MAT_PARAMS)
                                                 : sizeof(CK_TLS12_KEY_MAT_PARAMS);
}

bool recipe_takes_second(const struct recipe *r)
{
    return r->form == FORM_IKE1 || r->form == FORM_KEY;
}

void recipe_mech_second(struct mech *mech, enum form form, CK_OBJECT_HANDLE second)
{
    if (form == FORM_IKE1)
        mech->u.ike1.hKeygxy = second;
    else
        mech->u.key = second;
}

void recipe_mech(const struct recipe *r, struct mech *out)
{
    static size_t (*const kinds[])(const struct recipe *, struct mech *) = {
        cipher_param, sign_param, derive_param, mixed_param, password_param};
    size_t len = 0;

    *out = (struct mech){.m = {.mechanism = r->mechanism}};
    if (r->form == FORM_IV) {
        out->m.pParameter = r->iv.data;
        out->m.ulParameterLen = r->iv.len;
        return;
    }
    for (size_t i = 0; len == 0 && i < sizeof kinds / sizeof *kinds; i++)
        len = kinds[i](r, out);
    if (len == 0)
        return;
    out->m.pParameter = &out->u;
    out->m.ulParameterLen = len;
}
