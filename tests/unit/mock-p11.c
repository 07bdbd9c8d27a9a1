/* SPDX-License-Identifier: Apache-2.0
 *
 * mock-p11.c: a PKCS#11 module that misbehaves in the way that its file's folder is named after
 * (".../init-device-error/libsoftokn3.so"). Loaded by check_softokn_ask as if it were NSS.
 */
#include <dlfcn.h>
#include <pkcs11.h>
#include <pkcs11n.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

CK_RV FC_GetFunctionList(CK_FUNCTION_LIST **list);
CK_RV FC_GetInterface(CK_UTF8CHAR *name, CK_VERSION *version, CK_INTERFACE **out, CK_FLAGS flags);

static bool is(const char *behaviour)
{
    Dl_info info;

    return dladdr((void *)is, &info) != 0 && strstr(info.dli_fname, behaviour) != NULL;
}

static unsigned calls;

static CK_RV initialize(void *args)
{
    (void)args;
    return is("init-device-error") ? CKR_DEVICE_ERROR : is("init-unknown") ? 0xdeadbeef : CKR_OK;
}

static CK_RV get_info(CK_INFO *info)
{
    memset(info, 0xff, sizeof *info); /* nothing ends anywhere */
    return CKR_OK;
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *n)
{
    (void)present;
    if (is("slots-lie"))
        *n = (CK_ULONG)-1;
    else if (is("no-slot"))
        *n = 0;
    else {
        slots[0] = 3;
        *n = 1;
    }
    return CKR_OK;
}

static CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    (void)slot;
    memset(info, 0xff, sizeof *info);
    return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    (void)slot;
    memset(info, ' ', sizeof *info);
    memcpy(info->label, "FIPS\x1b[31m", 9);
    return CKR_OK;
}

static CK_RV get_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *n)
{
    (void)slot;
    if (list == NULL) {
        *n = is("mechanisms-many") ? 1000000 : 2;
        return CKR_OK;
    }
    if (is("mechanisms-grow") && *n < 1000) {
        *n = 1000;
        return CKR_BUFFER_TOO_SMALL;
    }
    if (is("mechanisms-lie")) {
        *n = 1000000;
        return CKR_OK;
    }
    list[0] = CKM_SHA256;
    list[1] = 0x7fff1234;
    *n = 2;
    return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session)
{
    (void)slot, (void)flags, (void)application, (void)notify;
    *session = ++calls;
    return is("no-session") ? CKR_SESSION_COUNT : CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_OK;
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *t, CK_ULONG n)
{
    (void)session, (void)t, (void)n;
    return CKR_OK;
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG max, CK_ULONG *n)
{
    (void)session, (void)max;
    objects[0] = 7;
    *n = is("find-lies") ? 1000000 : 1;
    return CKR_OK;
}

static CK_RV find_final(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_OK;
}

static CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *t,
                           CK_ULONG n)
{
    (void)session, (void)object, (void)n;
    if (is("v32-") && (t->type == 0x623 || t->type == 0x61e)) { /* CKA_VALIDATION_FLAG, of objects */
        CK_FLAGS flags = t->type == 0x61e && is("v32-key") ? 0 : is("v32-no-flag") ? 0 : 4;

        t->ulValueLen = sizeof flags;
        memcpy(t->pValue, &flags, sizeof flags);
        return CKR_OK;
    }
    t->ulValueLen = is("attribute-lies") ? t->ulValueLen + 1 : 4;
    if (t->ulValueLen == 4 && t->pValue != NULL)
        memcpy(t->pValue, "mock", 4);
    return CKR_OK;
}

static CK_RV digest_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism)
{
    (void)session, (void)mechanism;
    return is("dies") && calls > 2 ? CKR_DEVICE_ERROR : CKR_OK;
}

static CK_RV digest(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG len,
                    unsigned char *out, CK_ULONG *out_len)
{
    (void)session, (void)data, (void)len;
    if (is("digest-lies")) {
        *out_len = (CK_ULONG)-1;
        return CKR_OK;
    }
    memset(out, 0x5a, 32);
    *out_len = 32;
    return CKR_OK;
}

static CK_RV random_bytes(CK_SESSION_HANDLE session, unsigned char *out, CK_ULONG len)
{
    (void)session;
    if (is("init-device-error-dies"))
        abort();
    if (is("init-device-error"))
        return CKR_DEVICE_ERROR;
    memset(out, 7, len);
    if (is("random-twice"))
        out[0] = 8;
    return CKR_OK;
}

static CK_RV fips_status(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG what,
                         CK_ULONG *status)
{
    (void)session, (void)object, (void)what;
    *status = is("status-odd") ? 77 : is("status-no") ? 0 : 1;
    return is("status-fails") ? CKR_ARGUMENTS_BAD : CKR_OK;
}

static CK_FUNCTION_LIST list = {
    .version = {2, 40},
    .C_Initialize = initialize,
    .C_GetInfo = get_info,
    .C_GetSlotList = get_slot_list,
    .C_GetSlotInfo = get_slot_info,
    .C_GetTokenInfo = get_token_info,
    .C_GetMechanismList = get_mechanism_list,
    .C_OpenSession = open_session,
    .C_CloseSession = close_session,
    .C_FindObjectsInit = find_init,
    .C_FindObjects = find,
    .C_FindObjectsFinal = find_final,
    .C_GetAttributeValue = get_attribute,
    .C_DigestInit = digest_init,
    .C_Digest = digest,
    .C_GenerateRandom = random_bytes,
};
/* ---- a token that says yes to everything and does nothing ------------------------------------ */

static CK_RV mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
    (void)slot;
    if (type == 0x7fff1234)
        return CKR_MECHANISM_INVALID;
    *info = (CK_MECHANISM_INFO){(CK_ULONG)-1, 0, CKF_DIGEST | 0x40000000UL};
    return CKR_OK;
}

static CK_RV generate_key(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *t,
                          CK_ULONG n, CK_OBJECT_HANDLE *key)
{
    (void)session, (void)mechanism, (void)t, (void)n;
    *key = 9;
    return CKR_OK;
}

static CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE *t, CK_ULONG n,
                           CK_OBJECT_HANDLE *key)
{
    (void)session, (void)t, (void)n;
    *key = 10;
    return CKR_OK;
}

static CK_RV derive_key(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base,
                        CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *key)
{
    (void)session, (void)mechanism, (void)base, (void)t, (void)n;
    *key = 11;
    return CKR_OK;
}

static CK_RV init_with_key(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    (void)session, (void)mechanism, (void)key;
    return CKR_OK;
}

static CK_RV copy(CK_SESSION_HANDLE session, unsigned char *in, CK_ULONG len, unsigned char *out,
                  CK_ULONG *out_len)
{
    (void)session;
    memmove(out, in, len);
    *out_len = is("full-cipher-lies") ? (CK_ULONG)-1 : len;
    return CKR_OK;
}

static CK_RV verify(CK_SESSION_HANDLE session, unsigned char *in, CK_ULONG len,
                    unsigned char *signature, CK_ULONG signature_len)
{
    (void)session, (void)in, (void)len, (void)signature, (void)signature_len;
    return CKR_OK;
}

/* Says that it wrapped, and gives less than the key. */
static CK_RV wrap_key(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE by,
                      CK_OBJECT_HANDLE key, unsigned char *out, CK_ULONG *len)
{
    (void)session, (void)mechanism, (void)by, (void)key;
    memset(out, 0, 8);
    *len = is("full-cipher-lies") ? (CK_ULONG)-1 : 8;
    return CKR_OK;
}

static CK_FUNCTION_LIST *full_list(void)
{
    static CK_FUNCTION_LIST full;

    full = list;
    full.C_GetMechanismInfo = mechanism_info;
    full.C_GenerateKey = generate_key;
    full.C_CreateObject = create_object;
    full.C_DeriveKey = derive_key;
    full.C_EncryptInit = full.C_DecryptInit = full.C_SignInit = full.C_VerifyInit = init_with_key;
    full.C_Encrypt = full.C_Decrypt = copy;
    full.C_Sign = digest;
    full.C_Verify = verify;
    full.C_WrapKey = wrap_key;
    return &full;
}

/* ---- PKCS#11 3.2 ------------------------------------------------------------------------------ */

/* The first session is the token's own, the second the control's. */
static CK_RV validation_flags(CK_SESSION_HANDLE session, CK_ULONG type, CK_FLAGS *flags)
{
    *flags = type != 1 || is("v32-control") || (is("v32-rows") && session > 2) ? 8 : 8 | 4;
    return is("v32-fails") ? CKR_FUNCTION_FAILED : CKR_OK;
}

static CK_RV missing(void)
{
    return CKR_FUNCTION_NOT_SUPPORTED;
}

static void *list_3_2(void)
{
    static struct {
        CK_FUNCTION_LIST_3_0 v30;
        CK_RV (*between[6])(void);
        CK_RV (*validation_flags)(CK_SESSION_HANDLE, CK_ULONG, CK_FLAGS *);
        CK_RV (*behind[5])(void);
    } functions;

    memcpy(&functions.v30, full_list(), sizeof(CK_FUNCTION_LIST));
    functions.v30.version = (CK_VERSION){3, 2};
    for (size_t i = 0; i < 6; i++)
        functions.between[i] = missing;
    functions.validation_flags = validation_flags;
    return &functions;
}

static CK_FUNCTION_LIST nothing = {.version = {2, 40}};

CK_RV FC_GetFunctionList(CK_FUNCTION_LIST **out)
{
    *out = is("full-") ? full_list() : is("no-list") ? NULL : is("no-functions") ? &nothing : &list;
    return CKR_OK;
}

CK_RV FC_GetInterface(CK_UTF8CHAR *name, CK_VERSION *version, CK_INTERFACE **out, CK_FLAGS flags)
{
    static CK_NSS_FIPS_FUNCTIONS fips = {{1, 0}, fips_status};
    static CK_INTERFACE interface = {NULL, &fips, 0};

    static CK_INTERFACE standard;

    (void)version, (void)flags;
    if (strcmp((const char *)name, "PKCS 11") == 0 && is("v32-")) {
        standard = (CK_INTERFACE){NULL, list_3_2(), 0};
        *out = &standard;
        return CKR_OK;
    }
    if (strcmp((const char *)name, "Vendor NSS FIPS Interface") != 0 || is("no-status"))
        return CKR_FUNCTION_FAILED;
    *out = &interface;
    return CKR_OK;
}
