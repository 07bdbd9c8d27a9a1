/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-minimal.c: what the cost of fipsprobe is measured against. Does the operations of the
 * catalogue's pkcs11 rows at the same three doors, one after the other in one process, in as few
 * lines as it takes: no judging, no known answers, no report. Prints how many succeeded.
 *
 *     cc -DPRIVATE_KEY='"3082..."' -DPRIME='"ffff..."' $(pkg-config --cflags nss) nss-minimal.c -ldl \
 *         $(pkg-config --libs nss)
 *
 * The RSA-2048 key (it is unwrapped, not generated) and the Diffie-Hellman prime are the
 * catalogue's, in hexadecimal.
 */
#include <dlfcn.h>
#include <nss.h>
#include <pk11pub.h>
#include <keyhi.h>
#include <pkcs11.h>
#include <pkcs11n.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum kind {
    DIGEST,
    CIPHER,
    GCM,
    GCM_OWN_IV,
    CHACHA,
    MAC,
    SIGN,
    AGREE_EC,
    AGREE_DH,
    RANDOM,
    IMPORT
};

static const struct row {
    enum kind kind;
    CK_MECHANISM_TYPE mechanism, keygen;
    CK_ULONG size; /* of the key in bytes (0: fixed), of the modulus in bits, a digest's SEC_OID_ */
    CK_ULONG iv;   /* bytes */
    unsigned char curve[12];
    CK_ULONG curve_len;
} rows[] = {
    {DIGEST, CKM_MD2, 0, SEC_OID_MD2, 0, {0}, 0},
    {DIGEST, CKM_MD5, 0, SEC_OID_MD5, 0, {0}, 0},
    {DIGEST, CKM_SHA_1, 0, SEC_OID_SHA1, 0, {0}, 0},
    {DIGEST, CKM_SHA256, 0, SEC_OID_SHA256, 0, {0}, 0},
    {DIGEST, CKM_SHA384, 0, SEC_OID_SHA384, 0, {0}, 0},
    {DIGEST, CKM_SHA512, 0, SEC_OID_SHA512, 0, {0}, 0},
    {DIGEST, CKM_SHA3_256, 0, SEC_OID_UNKNOWN, 0, {0}, 0},
    {GCM, CKM_AES_GCM, CKM_AES_KEY_GEN, 32, 12, {0}, 0},
    {GCM_OWN_IV, CKM_AES_GCM, CKM_AES_KEY_GEN, 32, 12, {0}, 0},
    {CIPHER, CKM_AES_CBC, CKM_AES_KEY_GEN, 32, 16, {0}, 0},
    {CIPHER, CKM_AES_ECB, CKM_AES_KEY_GEN, 16, 0, {0}, 0},
    {CIPHER, CKM_DES3_CBC, CKM_DES3_KEY_GEN, 0, 8, {0}, 0},
    {CIPHER, CKM_DES_CBC, CKM_DES_KEY_GEN, 0, 8, {0}, 0},
    {CIPHER, CKM_RC2_CBC, CKM_RC2_KEY_GEN, 16, 8, {0}, 0},
    {CIPHER, CKM_RC4, CKM_RC4_KEY_GEN, 16, 0, {0}, 0},
    {CIPHER, CKM_BLOWFISH_CBC, CKM_BLOWFISH_KEY_GEN, 16, 8, {0}, 0},
    {CIPHER, CKM_CAMELLIA_CBC, CKM_CAMELLIA_KEY_GEN, 32, 16, {0}, 0},
    {CHACHA, CKM_NSS_CHACHA20_POLY1305, CKM_NSS_CHACHA20_KEY_GEN, 0, 12, {0}, 0},
    {MAC, CKM_SHA256_HMAC, CKM_GENERIC_SECRET_KEY_GEN, 32, 0, {0}, 0},
    {MAC, CKM_MD5_HMAC, CKM_GENERIC_SECRET_KEY_GEN, 16, 0, {0}, 0},
    {MAC, CKM_SHA256_HMAC, CKM_GENERIC_SECRET_KEY_GEN, 8, 0, {0}, 0},
    {SIGN, CKM_SHA256_RSA_PKCS, CKM_RSA_PKCS_KEY_PAIR_GEN, 2048, 0, {0}, 0},
    {SIGN, CKM_ECDSA_SHA256, CKM_EC_KEY_PAIR_GEN, 0, 0, "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
     10},
    {SIGN, CKM_EDDSA, CKM_EC_EDWARDS_KEY_PAIR_GEN, 0, 0, "\x06\x03\x2b\x65\x70", 5},
    {SIGN, CKM_SHA256_RSA_PKCS, CKM_RSA_PKCS_KEY_PAIR_GEN, 1024, 0, {0}, 0},
    {AGREE_EC, CKM_ECDH1_DERIVE, CKM_EC_KEY_PAIR_GEN, 0, 0,
     "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 10},
    {AGREE_EC, CKM_ECDH1_DERIVE, CKM_EC_KEY_PAIR_GEN, 0, 0,
     "\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01", 11},
    {AGREE_DH, CKM_DH_PKCS_DERIVE, CKM_DH_PKCS_KEY_PAIR_GEN, 0, 0, {0}, 0},
    {RANDOM, 0, 0, 0, 0, {0}, 0},
    {IMPORT, CKM_AES_ECB, 0, 16, 0, {0}, 0},
};
#define N_ROWS (sizeof rows / sizeof *rows)

static unsigned char text[48], iv[16], exponent[] = {1, 0, 1};
static unsigned char prime[128];
static unsigned char pkcs8[1300];
static unsigned pkcs8_len;
static CK_BBOOL yes = CK_TRUE;
static CK_MECHANISM mechanism(CK_MECHANISM_TYPE type, void *parameter, CK_ULONG len)
{
    CK_MECHANISM mechanism = {type, parameter, len};

    return mechanism;
}

/* ---- through a function list ---------------------------------------------------------------- */

static CK_FUNCTION_LIST_3_0 *p11;
static CK_SESSION_HANDLE session;

static bool wrapping_key(const struct row *row, CK_OBJECT_HANDLE *key)
{
    CK_ULONG len = row->size;
    CK_ATTRIBUTE attributes[] = {
        {CKA_ENCRYPT, &yes, 1}, {CKA_UNWRAP, &yes, 1}, {CKA_VALUE_LEN, &len, sizeof len}};
    CK_MECHANISM m = mechanism(row->keygen, NULL, 0);

    return p11->C_GenerateKey(session, &m, attributes, 3, key) == CKR_OK;
}

static bool secret_key(const struct row *row, CK_OBJECT_HANDLE *key)
{
    CK_ULONG len = row->size;
    CK_ATTRIBUTE attributes[] = {{CKA_ENCRYPT, &yes, 1},
                                 {CKA_DECRYPT, &yes, 1},
                                 {CKA_SIGN, &yes, 1},
                                 {CKA_VERIFY, &yes, 1},
                                 {CKA_VALUE_LEN, &len, sizeof len}};
    CK_MECHANISM m = mechanism(row->keygen, NULL, 0);

    return p11->C_GenerateKey(session, &m, attributes, len == 0 ? 4 : 5, key) == CKR_OK;
}

static bool key_pair(const struct row *row, CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *priv)
{
    CK_ULONG bits = row->size;
    unsigned char base = 2;
    bool agree = row->kind == AGREE_EC || row->kind == AGREE_DH;
    CK_ATTRIBUTE of_public[4] = {{CKA_VERIFY, &yes, 1}}, of_private[2] = {{CKA_SIGN, &yes, 1}};
    CK_ULONG n = 1;
    CK_MECHANISM m = mechanism(row->keygen, NULL, 0);

    if (agree) {
        of_public[0].type = of_private[0].type = CKA_DERIVE;
    }
    if (row->curve_len > 0) {
        of_public[n++] = (CK_ATTRIBUTE){CKA_EC_PARAMS, (void *)row->curve, row->curve_len};
    } else if (row->kind == AGREE_DH) {
        of_public[n++] = (CK_ATTRIBUTE){CKA_PRIME, prime, sizeof prime};
        of_public[n++] = (CK_ATTRIBUTE){CKA_BASE, &base, 1};
    } else {
        of_public[n++] = (CK_ATTRIBUTE){CKA_MODULUS_BITS, &bits, sizeof bits};
        of_public[n++] = (CK_ATTRIBUTE){CKA_PUBLIC_EXPONENT, exponent, sizeof exponent};
    }
    return p11->C_GenerateKeyPair(session, &m, of_public, n, of_private, 1, pub, priv) == CKR_OK;
}

/* The catalogue's RSA key, encrypted under a key of the token and unwrapped there. */
static bool brought_pair(CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *priv)
{
    static const struct row aes = {.keygen = CKM_AES_KEY_GEN, .size = 32};
    unsigned char wrapped[1400], modulus[256], e[8];
    CK_ULONG n = sizeof wrapped;
    CK_OBJECT_CLASS of_private = CKO_PRIVATE_KEY, of_public = CKO_PUBLIC_KEY;
    CK_KEY_TYPE rsa = CKK_RSA;
    CK_MECHANISM m = mechanism(CKM_AES_CBC_PAD, iv, 16);
    CK_OBJECT_HANDLE wrapping;
    CK_ATTRIBUTE unwrapped[] = {{CKA_CLASS, &of_private, sizeof of_private},
                                {CKA_KEY_TYPE, &rsa, sizeof rsa},
                                {CKA_SIGN, &yes, 1}};
    CK_ATTRIBUTE read[] = {{CKA_MODULUS, modulus, sizeof modulus},
                           {CKA_PUBLIC_EXPONENT, e, sizeof e}};
    CK_ATTRIBUTE created[] = {{CKA_CLASS, &of_public, sizeof of_public},
                              {CKA_KEY_TYPE, &rsa, sizeof rsa},
                              {CKA_VERIFY, &yes, 1},
                              {CKA_MODULUS, modulus, 0},
                              {CKA_PUBLIC_EXPONENT, e, 0}};

    if (!wrapping_key(&aes, &wrapping) || p11->C_EncryptInit(session, &m, wrapping) != CKR_OK ||
        p11->C_Encrypt(session, pkcs8, pkcs8_len, wrapped, &n) != CKR_OK ||
        p11->C_UnwrapKey(session, &m, wrapping, wrapped, n, unwrapped, 3, priv) != CKR_OK ||
        p11->C_GetAttributeValue(session, *priv, read, 2) != CKR_OK) {
        return false;
    }
    created[3].ulValueLen = read[0].ulValueLen;
    created[4].ulValueLen = read[1].ulValueLen;
    return p11->C_CreateObject(session, created, 5, pub) == CKR_OK;
}

static bool encrypt_decrypt(CK_OBJECT_HANDLE key, CK_MECHANISM *m, CK_ULONG len)
{
    unsigned char out[128], back[128];
    CK_ULONG n = sizeof out, n_back = sizeof back;

    return p11->C_EncryptInit(session, m, key) == CKR_OK &&
           p11->C_Encrypt(session, text, len, out, &n) == CKR_OK &&
           p11->C_DecryptInit(session, m, key) == CKR_OK &&
           p11->C_Decrypt(session, out, n, back, &n_back) == CKR_OK && n_back == len &&
           memcmp(back, text, len) == 0;
}

static bool sign_verify(CK_OBJECT_HANDLE signer, CK_OBJECT_HANDLE verifier, CK_MECHANISM *m)
{
    unsigned char out[512];
    CK_ULONG n = sizeof out;

    return p11->C_SignInit(session, m, signer) == CKR_OK &&
           p11->C_Sign(session, text, sizeof text, out, &n) == CKR_OK &&
           p11->C_VerifyInit(session, m, verifier) == CKR_OK &&
           p11->C_Verify(session, text, sizeof text, out, n) == CKR_OK;
}

static bool derive(CK_OBJECT_HANDLE ours, CK_OBJECT_HANDLE theirs, bool ec)
{
    unsigned char point[300];
    CK_ATTRIBUTE attribute = {ec ? CKA_EC_POINT : CKA_VALUE, point, sizeof point};
    CK_ECDH1_DERIVE_PARAMS ecdh = {.kdf = CKD_NULL};
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_ULONG len = 32;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class},
                               {CKA_KEY_TYPE, &type, sizeof type},
                               {CKA_VALUE_LEN, &len, sizeof len}};
    CK_MECHANISM m = mechanism(CKM_DH_PKCS_DERIVE, point, 0);
    CK_OBJECT_HANDLE secret;

    if (p11->C_GetAttributeValue(session, theirs, &attribute, 1) != CKR_OK) {
        return false;
    }
    m.ulParameterLen = attribute.ulValueLen;
    if (ec) {
        ecdh.pPublicData = point;
        ecdh.ulPublicDataLen = attribute.ulValueLen;
        m = mechanism(CKM_ECDH1_DERIVE, &ecdh, sizeof ecdh);
    }
    return p11->C_DeriveKey(session, &m, ours, template, 3, &secret) == CKR_OK;
}

static bool ask(const struct row *row)
{
    CK_OBJECT_HANDLE key, pub, priv, pub2, priv2;
    CK_MECHANISM m = mechanism(row->mechanism, row->iv > 0 ? iv : NULL, row->iv);
    CK_RC2_CBC_PARAMS rc2 = {.ulEffectiveBits = 128};
    CK_GCM_PARAMS_V3 gcm = {iv, 12, 96, text, 20, 128};
    CK_NSS_AEAD_PARAMS aead = {iv, 12, text, 12, 16};
    CK_GCM_MESSAGE_PARAMS message = {iv, 12, 0, CKG_GENERATE_RANDOM, NULL, 128};
    unsigned char out[128], tag[16];
    CK_ULONG n = sizeof out;
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE aes = CKK_AES;
    CK_ATTRIBUTE import[] = {{CKA_CLASS, &class, sizeof class},
                             {CKA_KEY_TYPE, &aes, sizeof aes},
                             {CKA_VALUE, text, 16},
                             {CKA_ENCRYPT, &yes, 1},
                             {CKA_DECRYPT, &yes, 1}};

    switch (row->kind) {
    case DIGEST:
        return p11->C_DigestInit(session, &m) == CKR_OK &&
               p11->C_Digest(session, text, 3, out, &n) == CKR_OK;
    case CIPHER:
        if (row->mechanism == CKM_RC2_CBC) {
            m = mechanism(row->mechanism, &rc2, sizeof rc2);
        }
        return secret_key(row, &key) && encrypt_decrypt(key, &m, sizeof text);
    case GCM:
        m = mechanism(row->mechanism, &gcm, sizeof gcm);
        return secret_key(row, &key) && encrypt_decrypt(key, &m, sizeof text);
    case CHACHA:
        m = mechanism(row->mechanism, &aead, sizeof aead);
        return secret_key(row, &key) && encrypt_decrypt(key, &m, sizeof text);
    case GCM_OWN_IV:
        message.pTag = tag;
        m = mechanism(row->mechanism, NULL, 0);
        return secret_key(row, &key) && p11->C_MessageEncryptInit(session, &m, key) == CKR_OK &&
               p11->C_EncryptMessage(session, &message, sizeof message, text, 20, text, sizeof text,
                                     out, &n) == CKR_OK &&
               p11->C_MessageEncryptFinal(session) == CKR_OK;
    case MAC:
        return secret_key(row, &key) && sign_verify(key, key, &m);
    case SIGN:
        return (row->size == 2048 ? brought_pair(&pub, &priv) : key_pair(row, &pub, &priv)) &&
               sign_verify(priv, pub, &m);
    case AGREE_EC:
    case AGREE_DH:
        return key_pair(row, &pub, &priv) && key_pair(row, &pub2, &priv2) &&
               derive(priv, pub2, row->kind == AGREE_EC) &&
               derive(priv2, pub, row->kind == AGREE_EC);
    case RANDOM:
        return p11->C_GenerateRandom(session, out, 32) == CKR_OK;
    case IMPORT:
        return p11->C_CreateObject(session, import, 5, &key) == CKR_OK &&
               encrypt_decrypt(key, &m, 16);
    }
    return false;
}

static unsigned door(void *library, const char *get_interface)
{
    CK_RV(*get)
    (CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS) =
        (CK_RV(*)(CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS))dlsym(
            library, get_interface);
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    CK_INTERFACE *interface;
    CK_SLOT_ID slots[4];
    CK_ULONG n = 4;
    CK_TOKEN_INFO token;
    unsigned done = 0;

    args.LibraryParameters =
        (CK_CHAR_PTR *)"configdir='' certPrefix='' keyPrefix='' secmod='' "
                       "flags=noCertDB,noModDB,readOnly,forceOpen,optimizeSpace";
    if (get == NULL || get((CK_UTF8CHAR_PTR) "PKCS 11", NULL, &interface, 0) != CKR_OK) {
        return 0;
    }
    p11 = interface->pFunctionList;
    if (p11->C_Initialize(&args) != CKR_OK || p11->C_GetSlotList(CK_TRUE, slots, &n) != CKR_OK ||
        p11->C_GetTokenInfo(slots[0], &token) != CKR_OK ||
        p11->C_OpenSession(slots[0], CKF_SERIAL_SESSION, NULL, NULL, &session) != CKR_OK) {
        return 0;
    }
    for (size_t i = 0; i < N_ROWS; i++) {
        done += ask(&rows[i]);
    }
    p11->C_Finalize(NULL);
    return done;
}

/* ---- through libnss3 ------------------------------------------------------------------------ */

static bool nss_both_ways(PK11SymKey *key, CK_MECHANISM_TYPE type, SECItem *parameter, unsigned len)
{
    unsigned char out[128], back[128];
    unsigned n, n_back;

    return key != NULL &&
           PK11_Encrypt(key, type, parameter, out, &n, sizeof out, text, len) == SECSuccess &&
           PK11_Decrypt(key, type, parameter, back, &n_back, sizeof back, out, n) == SECSuccess;
}

static SECKEYPrivateKey *nss_pair(PK11SlotInfo *slot, const struct row *row, SECKEYPublicKey **pub)
{
    PK11RSAGenParams rsa = {(int)row->size, 65537};
    SECItem curve = {siBuffer, (unsigned char *)row->curve, (unsigned)row->curve_len};
    unsigned char base = 2;
    SECKEYDHParams dh = {NULL, {siBuffer, prime, sizeof prime}, {siBuffer, &base, 1}};
    void *parameter = row->curve_len > 0      ? (void *)&curve
                      : row->kind == AGREE_DH ? (void *)&dh
                                              : &rsa;

    return PK11_GenerateKeyPair(slot, row->keygen, parameter, pub, PR_FALSE, PR_FALSE, NULL);
}

static SECKEYPrivateKey *nss_brought_pair(PK11SlotInfo *slot, SECKEYPublicKey **pub)
{
    unsigned char wrapped[1400], id[] = {1};
    unsigned n;
    SECItem parameter = {siBuffer, iv, 16}, item = {siBuffer, wrapped, 0},
            modulus = {siBuffer, id, 1};
    CK_ATTRIBUTE_TYPE usage = CKA_SIGN;
    PK11SymKey *key = PK11_TokenKeyGenWithFlags(slot, CKM_AES_KEY_GEN, NULL, 32, NULL,
                                                CKF_ENCRYPT | CKF_UNWRAP, 0, NULL);
    SECKEYPrivateKey *priv = NULL;

    if (key != NULL && PK11_Encrypt(key, CKM_AES_CBC_PAD, &parameter, wrapped, &n, sizeof wrapped,
                                    pkcs8, pkcs8_len) == SECSuccess) {
        item.len = n;
        priv = PK11_UnwrapPrivKey(slot, key, CKM_AES_CBC_PAD, &parameter, &item, NULL, &modulus,
                                  PR_FALSE, PR_FALSE, CKK_RSA, &usage, 1, NULL);
    }
    *pub = priv == NULL ? NULL : SECKEY_ConvertToPublicKey(priv);
    return *pub == NULL ? NULL : priv;
}

static bool nss_ask(const struct row *row)
{
    PK11SlotInfo *slot =
        row->kind == RANDOM ? PK11_GetInternalSlot() : PK11_GetBestSlot(row->mechanism, NULL);
    SECItem parameter = {siBuffer, iv, (unsigned)row->iv};
    CK_RC2_CBC_PARAMS rc2 = {.ulEffectiveBits = 128};
    CK_GCM_PARAMS_V3 gcm = {iv, 12, 96, text, 20, 128};
    CK_NSS_AEAD_PARAMS aead = {iv, 12, text, 12, 16};
    unsigned char out[512], tag[16];
    int n;
    PK11Context *context;
    PK11SymKey *key;
    SECKEYPrivateKey *priv, *priv2;
    SECKEYPublicKey *pub, *pub2;
    SECItem signature = {siBuffer, out, sizeof out}, hash = {siBuffer, text, 32}, none = {0};

    if (slot == NULL) {
        return false;
    }
    switch (row->kind) {
    case DIGEST:
        context = PK11_CreateDigestContext((SECOidTag)row->size);
        return context != NULL && PK11_DigestBegin(context) == SECSuccess &&
               PK11_DigestOp(context, text, 3) == SECSuccess &&
               PK11_DigestFinal(context, out, (unsigned *)&n, sizeof out) == SECSuccess;
    case CIPHER:
        if (row->mechanism == CKM_RC2_CBC) {
            parameter = (SECItem){siBuffer, (unsigned char *)&rc2, sizeof rc2};
        }
        return nss_both_ways(PK11_KeyGen(slot, row->keygen, NULL, (int)row->size, NULL),
                             row->mechanism, &parameter, sizeof text);
    case GCM:
        parameter = (SECItem){siBuffer, (unsigned char *)&gcm, sizeof gcm};
        return nss_both_ways(PK11_KeyGen(slot, row->keygen, NULL, (int)row->size, NULL),
                             row->mechanism, &parameter, sizeof text);
    case CHACHA:
        parameter = (SECItem){siBuffer, (unsigned char *)&aead, sizeof aead};
        return nss_both_ways(PK11_KeyGen(slot, row->keygen, NULL, (int)row->size, NULL),
                             row->mechanism, &parameter, sizeof text);
    case GCM_OWN_IV:
        key = PK11_KeyGen(slot, row->keygen, NULL, (int)row->size, NULL);
        context = key == NULL ? NULL
                              : PK11_CreateContextBySymKey(
                                    row->mechanism, CKA_NSS_MESSAGE | CKA_ENCRYPT, key, &none);
        return context != NULL &&
               PK11_AEADOp(context, CKG_GENERATE_RANDOM, 0, iv, 12, text, 20, out, &n, sizeof out,
                           tag, 16, text, sizeof text) == SECSuccess;
    case MAC:
        key = PK11_KeyGen(slot, row->keygen, NULL, (int)row->size, NULL);
        context =
            key == NULL ? NULL : PK11_CreateContextBySymKey(row->mechanism, CKA_SIGN, key, &none);
        return context != NULL && PK11_DigestBegin(context) == SECSuccess &&
               PK11_DigestOp(context, text, sizeof text) == SECSuccess &&
               PK11_DigestFinal(context, out, (unsigned *)&n, sizeof out) == SECSuccess;
    case SIGN:
        priv = row->size == 2048 ? nss_brought_pair(slot, &pub) : nss_pair(slot, row, &pub);
        return priv != NULL &&
               PK11_SignWithMechanism(priv, row->mechanism, NULL, &signature, &hash) ==
                   SECSuccess &&
               PK11_VerifyWithMechanism(pub, row->mechanism, NULL, &signature, &hash, NULL) ==
                   SECSuccess;
    case AGREE_EC:
    case AGREE_DH:
        priv = nss_pair(slot, row, &pub);
        priv2 = priv == NULL ? NULL : nss_pair(slot, row, &pub2);
        return priv2 != NULL &&
               PK11_PubDeriveWithKDF(priv, pub2, PR_FALSE, NULL, NULL, row->mechanism,
                                     CKM_AES_KEY_GEN, CKA_ENCRYPT, 32, CKD_NULL, NULL,
                                     NULL) != NULL &&
               PK11_PubDeriveWithKDF(priv2, pub, PR_FALSE, NULL, NULL, row->mechanism,
                                     CKM_AES_KEY_GEN, CKA_ENCRYPT, 32, CKD_NULL, NULL,
                                     NULL) != NULL;
    case RANDOM:
        return PK11_GenerateRandom(out, 32) == SECSuccess;
    case IMPORT:
        hash.len = 16;
        return nss_both_ways(
            PK11_ImportSymKey(slot, row->mechanism, PK11_OriginUnwrap, CKA_ENCRYPT, &hash, NULL),
            row->mechanism, &none, 16);
    }
    return false;
}

int main(void)
{
    void *library = dlopen("libsoftokn3.so", RTLD_NOW | RTLD_LOCAL);
    unsigned fips, plain, nss = 0;

    for (size_t i = 0; i < sizeof prime && sscanf(&PRIME[2 * i], "%2hhx", &prime[i]) == 1;) {
        i++;
    }
    for (const char *hex = PRIVATE_KEY; sscanf(hex, "%2hhx", &pkcs8[pkcs8_len]) == 1; hex += 2) {
        pkcs8_len++;
    }
    if (library == NULL) {
        fputs(dlerror(), stderr);
        return 1;
    }
    fips = door(library, "FC_GetInterface");
    plain = door(library, "C_GetInterface");
    if (NSS_NoDB_Init(NULL) == SECSuccess) {
        for (size_t i = 0; i < N_ROWS; i++) {
            nss += nss_ask(&rows[i]);
        }
        NSS_Shutdown();
    }
    printf("of %zu rows succeeded: softokn-fips %u, softokn-default %u, nss %u\n", N_ROWS, fips,
           plain, nss);
    return fips == 0 || plain == 0 || nss == 0;
}
