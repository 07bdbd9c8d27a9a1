/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/nss.h"

#include "base/own.h"
#include "softokn/evidence.h"
#include "softokn/library.h"
#include "softokn/mechanisms.h"
#include "softokn/nss-error.h"

#include <dlfcn.h>
#include <string.h>

#define MAX_MECHANISMS 4096
#define MAX_MODULE_ID 256
/* Names that older headers lack; PKCS#11 3.2's stands in NSS 3.112 and later (token.c). */
#define NSS_VALIDATION (CKO_NSS + 7)
#define NSS_VALIDATION_MODULE_ID (CKA_NSS + 39)
#define P11_VALIDATION 0x0aUL
#define P11_VALIDATION_MODULE_ID 0x622UL

/* Without these the door does not open; whatever else is missing is told by the probe that needs
 * it. All are in NSS since 3.11 (lib/nss/nss.def). */
#define NEEDED(X)                                                                                  \
    X(NSS_NoDB_Init)                                                                               \
    X(PK11_DestroyContext)                                                                         \
    X(PK11_DoesMechanism)                                                                          \
    X(PK11_FreeSlot)                                                                               \
    X(PK11_FreeSymKey)                                                                             \
    X(PK11_GetBestSlot)                                                                            \
    X(PK11_GetInternalSlot)                                                                        \
    X(PK11_GetModule)                                                                              \
    X(PK11_GetSlotID)                                                                              \
    X(PK11_GetTokenName)                                                                           \
    X(PK11_IsFIPS)                                                                                 \
    X(PR_ErrorToString)                                                                            \
    X(PR_GetError)                                                                                 \
    X(PR_SetError)                                                                                 \
    X(SECKEY_DestroyPrivateKey)                                                                    \
    X(SECKEY_DestroyPublicKey)

void nss_step(struct nss *nss, const char *call)
{
    nss->step = call;
    wire_step(nss->wire, call);
    if (nss->f.PR_SetError != NULL)
        nss->f.PR_SetError(0, 0);
}

SECItem nss_item(const void *data, size_t len)
{
    return (SECItem){siBuffer, (unsigned char *)(uintptr_t)data, (unsigned)len};
}

char *nss_error_of(struct nss *nss)
{
    long number = nss->f.PR_GetError();
    const char *name = nss_error_name(number);

    if (name == NULL && nss->f.PR_ErrorToName != NULL) /* an error that newer headers have */
        name = nss->f.PR_ErrorToName((PRErrorCode)number);
    if (name == NULL && number == 0)
        name = "no-error-code";
    return name == NULL ? mem_printf("error %ld", number) : mem_str(name);
}

bool nss_ok(struct nss_ask *ask, bool ok)
{
    own_free char *code = NULL;

    if (ok)
        return true;
    code = nss_error_of(ask->nss);
    return evidence_fail(ask->evidence, ask->nss->step, code,
                         ask->nss->f.PR_ErrorToString(ask->nss->f.PR_GetError(), 0));
}

/* ---- service indicators --------------------------------------------------------------------- */

/* libnss3 says no where it cannot ask, too: only the FIPS module has approved services, and the
 * control tells whether its no means something. */
static enum indicator status(PRBool approved)
{
    return approved ? INDICATOR_OK : INDICATOR_NOT_OK;
}

enum indicator nss_context_indicator(struct nss *nss, PK11Context *context)
{
    const char *step = nss->step; /* asking is no step of the probe's own */
    enum indicator indicator;

    if (!nss->fips || nss->f.PK11_ContextGetFIPSStatus == NULL)
        return INDICATOR_NONE;
    indicator = status(NSS(nss, PK11_ContextGetFIPSStatus, context));
    nss->step = step;
    return indicator;
}

enum indicator nss_object_indicator(struct nss *nss, PK11ObjectType type, void *object)
{
    const char *step = nss->step;
    enum indicator indicator;

    if (!nss->fips || nss->f.PK11_ObjectGetFIPSStatus == NULL)
        return INDICATOR_NONE;
    indicator = status(NSS(nss, PK11_ObjectGetFIPSStatus, type, object));
    nss->step = step;
    return indicator;
}

/* SHA-256, which every module with indicators approves. */
static enum control control(struct nss *nss)
{
    unsigned char digest[64];
    unsigned len = 0;
    PK11Context *context;
    enum indicator indicator = INDICATOR_FAILED;

    if (!nss->fips || nss->f.PK11_ContextGetFIPSStatus == NULL)
        return CONTROL_NO_INTERFACE;
    if (nss->f.PK11_CreateDigestContext == NULL || nss->f.PK11_DigestBegin == NULL ||
        nss->f.PK11_DigestOp == NULL || nss->f.PK11_DigestFinal == NULL)
        return CONTROL_FAILED;
    context = NSS(nss, PK11_CreateDigestContext, SEC_OID_SHA256);
    if (context == NULL)
        return CONTROL_FAILED;
    if (NSS(nss, PK11_DigestBegin, context) == SECSuccess &&
        NSS(nss, PK11_DigestOp, context, (const unsigned char *)"abc", 3) == SECSuccess &&
        NSS(nss, PK11_DigestFinal, context, digest, &len, sizeof digest) == SECSuccess && len == 32)
        indicator = nss_context_indicator(nss, context);
    NSS(nss, PK11_DestroyContext, context, PR_TRUE);
    return indicator == INDICATOR_OK       ? CONTROL_WORKING
           : indicator == INDICATOR_NOT_OK ? CONTROL_NOT_BUILT_IN
                                           : CONTROL_FAILED;
}

/* ---- opening -------------------------------------------------------------------------------- */

static bool load(struct nss *nss, void *library, struct evidence *evidence)
{
#define LOOK_UP(name, ...) *(void **)&nss->f.name = dlsym(library, #name);
#define CHECK(name)                                                                                \
    if (nss->f.name == NULL)                                                                       \
        return evidence_fail(evidence, #name, "not-in-this-nss", "libnss3 has no such function");
    NSS_FUNCTIONS(LOOK_UP)
    NSS_NEWER_FUNCTIONS(LOOK_UP)
    NEEDED(CHECK)
#undef LOOK_UP
#undef CHECK
    return true;
}

/* The token's own list, which libnss3 has read too but does not hand out, as it does not hand out
 * what the token says of each. */
static void read_mechanisms(struct nss *nss, const SECMODModule *module, CK_SLOT_ID slot)
{
    const CK_FUNCTION_LIST *list = module->functionList;
    CK_ULONG n = 0;
    CK_RV rv;

    if (list == NULL || list->C_GetMechanismList == NULL)
        return;
    nss_step(nss, "C_GetMechanismList");
    if (list->C_GetMechanismList(slot, NULL, &n) != CKR_OK || n == 0 || n > MAX_MECHANISMS)
        return;
    n += 16; /* it may have grown in between */
    nss->mechanisms.items = mem_zero(n, sizeof *nss->mechanisms.items);
    nss->mechanisms.n = n;
    rv = list->C_GetMechanismList(slot, nss->mechanisms.items, &n);
    nss->mechanisms.n = rv == CKR_OK && n <= nss->mechanisms.n ? n : 0;
}

static void tell_field(struct nss *nss, const char *key, const void *text, size_t len)
{
    own_free char *copy = mem_dup(text, len);
    size_t end = strlen(copy);

    while (end > 0 && copy[end - 1] == ' ')
        copy[--end] = '\0';
    wire_fact_str(nss->wire, key, copy);
}

/* The module's own name for itself, from the first object of that class that has one. */
static bool tell_module_id(struct nss *nss, CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE type)
{
    PK11GenericObject *object;
    SECItem id = {siBuffer, NULL, 0};
    bool found;

    if (nss->f.PK11_FindGenericObjects == NULL || nss->f.PK11_ReadRawAttribute == NULL ||
        nss->f.PK11_DestroyGenericObjects == NULL)
        return false;
    object = NSS(nss, PK11_FindGenericObjects, nss->slot, class);
    if (object == NULL)
        return false;
    found = NSS(nss, PK11_ReadRawAttribute, PK11_TypeGeneric, object, type, &id) == SECSuccess &&
            id.data != NULL && id.len > 0 && id.len <= MAX_MODULE_ID;
    if (found)
        tell_field(nss, "module_id", id.data, id.len);
    NSS(nss, PK11_DestroyGenericObjects, object);
    return found;
}

static void describe(struct nss *nss)
{
    SECMODModule *module = NSS(nss, PK11_GetModule, nss->slot);
    CK_SLOT_ID slot = NSS(nss, PK11_GetSlotID, nss->slot);
    CK_INFO info = {0};
    const char *token;

    wire_fact(nss->wire, "fips_token", json_boolean(nss->fips));
    wire_fact(nss->wire, "slot", json_integer((json_int_t)slot));
    token = NSS(nss, PK11_GetTokenName, nss->slot);
    if (token != NULL)
        tell_field(nss, "token", token, strlen(token));
    if (nss->f.NSS_GetVersion != NULL)
        wire_fact_str(nss->wire, "version", NSS(nss, NSS_GetVersion));
    if (nss->f.SECMOD_GetSystemFIPSEnabled != NULL)
        wire_fact(nss->wire, "system_fips",
                  json_boolean(NSS(nss, SECMOD_GetSystemFIPSEnabled) != 0));
    if (module != NULL && nss->f.PK11_GetModInfo != NULL &&
        NSS(nss, PK11_GetModInfo, module, &info) == SECSuccess)
        tell_field(nss, "description", info.libraryDescription, sizeof info.libraryDescription);
    if (module != NULL)
        read_mechanisms(nss, module, slot);
    wire_fact(nss->wire, "mechanisms", mechanisms_names(nss->mechanisms.items, nss->mechanisms.n));
    if (nss->mechanisms.n > 0) { /* then there is a module with functions */
        const CK_FUNCTION_LIST *list = module->functionList;

        nss_step(nss, "C_GetMechanismInfo");
        wire_fact(nss->wire, "mechanism_info",
                  mechanisms_describe(list->C_GetMechanismInfo, slot, nss->mechanisms.items,
                                      nss->mechanisms.n));
    }
    if (!tell_module_id(nss, NSS_VALIDATION, NSS_VALIDATION_MODULE_ID))
        tell_module_id(nss, P11_VALIDATION, P11_VALIDATION_MODULE_ID);
}

bool nss_open(struct nss *nss, const struct child *child, struct wire *wire,
              struct evidence *evidence)
{
    const struct softokn_config *config = child->task->arg;
    struct nss_ask ask = {nss, NULL, evidence};
    own_free char *path = NULL;
    void *library;

    *nss = (struct nss){.wire = wire};
    nss_step(nss, "dlopen");
    library = library_open(config == NULL ? NULL : config->nss_dir, "libnss3.so", &path, evidence);
    wire_fact_str(wire, "library", path);
    if (library == NULL || !load(nss, library, evidence))
        return false;
    if (!nss_ok(&ask, NSS(nss, NSS_NoDB_Init, NULL) == SECSuccess)) {
        if (strcmp(evidence->code, "SEC_ERROR_PKCS11_DEVICE_ERROR") == 0)
            evidence_detail(evidence, "the module's self-tests failed; the usual causes: libsoftokn3 "
                                      "or libfreeblpriv3 was changed, its .chk file is missing, or "
                                      "one of them is of another build");
        return false;
    }
    if (!library_all_from(config == NULL ? NULL : config->nss_dir, evidence))
        return false;
    nss->slot = NSS(nss, PK11_GetInternalSlot);
    if (!nss_ok(&ask, nss->slot != NULL))
        return false;
    nss->fips = NSS(nss, PK11_IsFIPS);
    describe(nss);
    nss->control = control(nss);
    wire_control(wire, nss->control);
    evidence->result = RESULT_DONE;
    return true;
}

void nss_free(struct nss *nss)
{
    for (size_t i = 0; i < nss->pairs.n; i++)
        free(nss->pairs.items[i].id);
    free(nss->pairs.items);
    free(nss->mechanisms.items);
}
