/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/token.h"

#include "base/own.h"
#include "base/text.h"
#include "softokn/evidence.h"
#include "softokn/library.h"
#include "softokn/mechanisms.h"
#include "softokn/validation.h"

#include <dlfcn.h>
#include <string.h>
#include <time.h>

/* NSS's own way to run without a database (lib/softoken/sftkpars.c): nothing is read or written. */
static char parameters[] = "configdir='' certPrefix='' keyPrefix='' secmod='' "
                           "flags=noCertDB,noModDB,readOnly,forceOpen,optimizeSpace";

/* ... of CK_NSS_FIPS_FUNCTIONS */
#define SESSION_LAST_CHECK 4UL
#define OBJECT_CHECK 2UL
#define FIPS_OK 1UL
#define FIPS_NOT_OK 0UL

#define MAX_SLOTS 64
#define MAX_MECHANISMS 4096

void token_step(struct token *token, const char *call)
{
    token->step = call;
    wire_step(token->wire, call);
}

void token_free(struct token *token)
{
    free(token->mechanisms.items);
    token->mechanisms.items = NULL;
    token->mechanisms.n = 0;
    for (size_t i = 0; i < token->pairs.n; i++)
        free(token->pairs.items[i].id);
    free(token->pairs.items);
    token->pairs.items = NULL;
    token->pairs.n = 0;
}

bool token_lists(const struct token *token, CK_MECHANISM_TYPE type)
{
    for (size_t i = 0; i < token->mechanisms.n; i++)
        if (token->mechanisms.items[i] == type)
            return true;
    return false;
}

/* ---- the entry points ----------------------------------------------------------------------- */

struct entry {
    const char *list, *interface;
};

static const struct entry entries[] = {
    [DOOR_SOFTOKN_FIPS] = {"FC_GetFunctionList", "FC_GetInterface"},
    [DOOR_SOFTOKN_DEFAULT] = {"C_GetFunctionList", "C_GetInterface"},
};

static CK_INTERFACE *get_interface(struct token *token, void *library, const struct entry *entry,
                                   const char *name)
{
    CK_C_GetInterface function;
    CK_INTERFACE *interface = NULL;
    char copy[64];

    *(void **)&function = dlsym(library, entry->interface);
    if (function == NULL)
        return NULL;
    snprintf(copy, sizeof copy, "%s", name);
    token_step(token, entry->interface);
    if (function((CK_UTF8CHAR *)copy, NULL, &interface, 0) != CKR_OK || interface == NULL ||
        interface->pFunctionList == NULL)
        return NULL;
    return interface;
}

/* The functions of PKCS#11 3.0 where the module has them, else those of 2.40. */
static bool get_functions(struct token *token, void *library, const struct entry *entry,
                          struct evidence *evidence)
{
    CK_INTERFACE *interface = get_interface(token, library, entry, "PKCS 11");
    CK_FUNCTION_LIST *list = NULL;
    CK_C_GetFunctionList function;
    CK_RV rv;

    if (interface != NULL && ((CK_VERSION *)interface->pFunctionList)->major >= 3) {
        const CK_VERSION *version = interface->pFunctionList;

        memcpy(&token->f, version, sizeof token->f);
        if (version->major > 3 || version->minor >= 2) {
            token->validation.get = validation_function(version);
            kem_standard(&token->kem, version);
        }
        return true;
    }
    *(void **)&function = dlsym(library, entry->list);
    token_step(token, entry->list);
    if (function == NULL)
        return evidence_fail(evidence, token->step, "not-found",
                             "the library has no such entry point");
    rv = function(&list);
    if (rv != CKR_OK)
        return evidence_rv(evidence, token->step, rv);
    if (list == NULL)
        return evidence_wrong(evidence, token->step, "it gave no list of functions");
    memcpy(&token->f, list, sizeof *list);
    return true;
}

static void get_kem(struct token *token, void *library, const struct entry *entry)
{
    CK_INTERFACE *interface = get_interface(token, library, entry, KEM_NSS_INTERFACE);

    if (interface != NULL)
        kem_nss(&token->kem, interface->pFunctionList);
}

static void get_indicator(struct token *token, void *library, const struct entry *entry)
{
    CK_INTERFACE *interface = get_interface(token, library, entry, "Vendor NSS FIPS Interface");

    if (interface != NULL)
        token->fips_status =
            ((const CK_NSS_FIPS_FUNCTIONS *)interface->pFunctionList)->NSC_NSSGetFIPSStatus;
}

/* ---- the token ------------------------------------------------------------------------------ */

/* A blank-padded field of PKCS#11; the caller frees. */
static char *field(const unsigned char *text, size_t len)
{
    size_t end = 0;

    for (size_t i = 0; i < len && text[i] != '\0'; i++)
        if (text[i] != ' ')
            end = i + 1;
    return mem_dup(text, end);
}

static void read_mechanisms(struct token *token, CK_SLOT_ID slot)
{
    CK_ULONG n = 0;
    CK_RV rv;

    token_free(token);
    if (P11(token, GetMechanismList, slot, NULL, &n) != CKR_OK || n == 0 || n > MAX_MECHANISMS)
        return;
    n += 16; /* it may have grown in between */
    token->mechanisms.items = mem_zero(n, sizeof *token->mechanisms.items);
    token->mechanisms.n = n;
    rv = P11(token, GetMechanismList, slot, token->mechanisms.items, &n);
    token->mechanisms.n = rv == CKR_OK && n <= token->mechanisms.n ? n : 0;
}

/* The token with the most mechanisms, of several the first: the non-FIPS module has one for
 * cryptography and one for stored keys, which offers less. */
static bool choose_slot(struct token *token, struct evidence *evidence)
{
    CK_SLOT_ID slots[MAX_SLOTS];
    CK_ULONG n = MAX_SLOTS;
    size_t most = 0;
    bool found = false;
    CK_RV rv = P11(token, GetSlotList, CK_TRUE, slots, &n);

    if (rv != CKR_OK)
        return evidence_rv(evidence, token->step, rv);
    if (n > MAX_SLOTS)
        return evidence_wrong(evidence, token->step, "more slots than there was room for");
    for (CK_ULONG i = 0; i < n; i++) {
        read_mechanisms(token, slots[i]);
        if (!found || token->mechanisms.n > most) {
            token->slot = slots[i];
            most = token->mechanisms.n;
            found = true;
        }
    }
    if (!found)
        return evidence_fail(evidence, token->step, "no-token", "no slot has a token");
    if (n > 1)
        read_mechanisms(token, token->slot);
    return true;
}

/* The token's description. Once asked, softokn knows that its empty database needs no login; until
 * then key generation in the FIPS slot returns CKR_USER_NOT_LOGGED_IN (NSS 3.87). */
static bool describe(struct token *token, struct evidence *evidence)
{
    CK_TOKEN_INFO info = {0};
    CK_SLOT_INFO slot = {0};
    own_free char *label = NULL, *description = NULL;
    CK_RV rv = P11(token, GetTokenInfo, token->slot, &info);

    if (rv != CKR_OK)
        return evidence_rv(evidence, token->step, rv);
    label = field(info.label, sizeof info.label);
    if (P11(token, GetSlotInfo, token->slot, &slot) == CKR_OK)
        description = field(slot.slotDescription, sizeof slot.slotDescription);
    token->fips = strstr(label, "FIPS") != NULL ||
                  (description != NULL && strstr(description, "FIPS") != NULL);
    wire_fact_str(token->wire, "token", label);
    wire_fact(token->wire, "slot", json_integer((json_int_t)token->slot));
    wire_fact(token->wire, "fips_token", json_boolean(token->fips));
    wire_fact(token->wire, "mechanisms",
              mechanisms_names(token->mechanisms.items, token->mechanisms.n));
    token_step(token, "C_GetMechanismInfo"); /* once for all: a record each would cost more */
    wire_fact(token->wire, "mechanism_info",
              mechanisms_describe(token->f.C_GetMechanismInfo, token->slot, token->mechanisms.items,
                                  token->mechanisms.n));
    return true;
}

static void describe_library(struct token *token)
{
    CK_INFO info = {0};
    own_free char *text = NULL, *version = NULL;

    if (P11(token, GetInfo, &info) != CKR_OK)
        return;
    text = field(info.libraryDescription, sizeof info.libraryDescription);
    version = mem_printf("%u.%u", info.libraryVersion.major, info.libraryVersion.minor);
    wire_fact_str(token->wire, "description", text);
    wire_fact_str(token->wire, "version", version);
}

bool token_attribute(struct token *token, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                     CK_ATTRIBUTE_TYPE type, size_t max, struct bytes *out)
{
    unsigned char *value = mem_zero(max + 1, 1);
    CK_ATTRIBUTE attribute = {type, value, max};
    CK_RV rv = P11(token, GetAttributeValue, session, object, &attribute, 1);

    if (rv != CKR_OK || attribute.ulValueLen > max) {
        free(value);
        return false;
    }
    *out = (struct bytes){value, attribute.ulValueLen};
    return true;
}

/* ---- service indicators --------------------------------------------------------------------- */

static enum indicator status(struct token *token, CK_SESSION_HANDLE session,
                             CK_OBJECT_HANDLE object, CK_ULONG what)
{
    const char *step = token->step; /* asking is no step of the probe's own */
    CK_ULONG value = FIPS_NOT_OK;
    CK_RV rv;

    if (token->fips_status == NULL)
        return INDICATOR_NONE;
    token_step(token, "NSC_NSSGetFIPSStatus");
    rv = token->fips_status(session, object, what, &value);
    token->step = step;
    if (rv != CKR_OK)
        return INDICATOR_FAILED;
    return value == FIPS_OK ? INDICATOR_OK : value == FIPS_NOT_OK ? INDICATOR_NOT_OK
                                                                  : INDICATOR_FAILED;
}

enum indicator token_operation_indicator(struct token *token, CK_SESSION_HANDLE session)
{
    enum indicator said = status(token, session, CK_INVALID_HANDLE, SESSION_LAST_CHECK);

    token->validation.operation = validation_of_session(token, session);
    return said == INDICATOR_NONE ? token->validation.operation : said;
}

enum indicator token_object_indicator(struct token *token, CK_SESSION_HANDLE session,
                                      CK_OBJECT_HANDLE object)
{
    enum indicator said = status(token, session, object, OBJECT_CHECK);

    token->validation.key = validation_of_object(token, session, object);
    return said == INDICATOR_NONE ? token->validation.key : said;
}

/* A way that does not answer for SHA-256 is not asked again: the other one suffices. */
static enum control judge_control(struct token *token, enum indicator said)
{
    enum indicator standard = token->validation.operation;

    if (standard == INDICATOR_FAILED) {
        wire_fact(token->wire, "validation_flags", json_string("failed for SHA-256"));
        token->validation.get = NULL;
        if (token->fips_status == NULL)
            return CONTROL_FAILED;
        standard = INDICATOR_NONE;
    }
    if (said == INDICATOR_NONE)
        return CONTROL_NO_INTERFACE;
    if (said == INDICATOR_FAILED)
        return CONTROL_FAILED;
    if (standard != INDICATOR_NONE && standard != said)
        return CONTROL_CONTRADICTED;
    return said == INDICATOR_OK ? CONTROL_WORKING : CONTROL_NOT_BUILT_IN;
}

/* SHA-256, which every module with indicators approves, in a session of its own. */
static enum control control(struct token *token)
{
    CK_SESSION_HANDLE session;
    CK_MECHANISM mechanism = {CKM_SHA256, NULL, 0};
    unsigned char text[] = "abc", digest[64];
    CK_ULONG len = sizeof digest;
    enum indicator said = INDICATOR_FAILED;

    if (token->fips_status == NULL && token->validation.get == NULL)
        return CONTROL_NO_INTERFACE;
    if (P11(token, OpenSession, token->slot, CKF_SERIAL_SESSION, NULL, NULL, &session) != CKR_OK)
        return CONTROL_FAILED;
    if (P11(token, DigestInit, session, &mechanism) == CKR_OK &&
        P11(token, Digest, session, text, 3, digest, &len) == CKR_OK && len == 32)
        said = token_operation_indicator(token, session);
    if (P11(token, CloseSession, session) != CKR_OK)
        said = INDICATOR_FAILED;
    return judge_control(token, said);
}

/* ---- opening -------------------------------------------------------------------------------- */

static void tell_time(struct token *token, const char *fact, const struct timespec *start)
{
    struct timespec end;

    clock_gettime(CLOCK_MONOTONIC, &end);
    wire_fact(token->wire, fact,
              json_integer((json_int_t)(end.tv_sec - start->tv_sec) * 1000000 +
                           (end.tv_nsec - start->tv_nsec) / 1000));
}

static bool initialise(struct token *token, struct evidence *evidence)
{
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK,
                                 .LibraryParameters = (CK_CHAR_PTR *)parameters};
    struct timespec start;
    CK_RV rv;

    clock_gettime(CLOCK_MONOTONIC, &start);
    rv = P11(token, Initialize, &args);
    tell_time(token, "initialize_us", &start);
    if (rv == CKR_OK)
        return true;
    evidence_rv(evidence, token->step, rv);
    token->broken = rv == CKR_DEVICE_ERROR;
    if (token->broken)
        evidence_detail(evidence, "the module's self-tests failed; the usual causes: libsoftokn3 or "
                                  "libfreeblpriv3 was changed, its .chk file is missing, or one "
                                  "of the libraries is of another build of NSS");
    return false;
}

bool token_open(struct token *token, const struct child *child, struct wire *wire,
                struct evidence *evidence)
{
    const struct softokn_config *config = child->task->arg;
    const struct entry *entry = &entries[child->task->door];
    own_free char *path = NULL;
    struct timespec start;
    void *library;
    CK_RV rv;

    *token = (struct token){.wire = wire};
    token_step(token, "dlopen");
    clock_gettime(CLOCK_MONOTONIC, &start);
    library = library_open(config == NULL ? NULL : config->nss_dir, "libsoftokn3.so", &path,
                           evidence);
    tell_time(token, "load_us", &start);
    wire_fact_str(wire, "library", path);
    if (library == NULL || !get_functions(token, library, entry, evidence) ||
        !initialise(token, evidence) ||
        !library_all_from(config == NULL ? NULL : config->nss_dir, evidence))
        return false;
    describe_library(token);
    if (token->kem.encapsulate == NULL)
        get_kem(token, library, entry);
    if (!choose_slot(token, evidence) || !describe(token, evidence))
        return false;
    rv = P11(token, OpenSession, token->slot, CKF_SERIAL_SESSION, NULL, NULL, &token->session);
    if (rv != CKR_OK)
        return evidence_rv(evidence, token->step, rv);
    validation_describe(token);
    /* only the FIPS token has approved services, whatever another one might say */
    if (token->fips)
        get_indicator(token, library, entry);
    else
        token->validation.get = NULL;
    if (token->validation.get != NULL)
        wire_fact(wire, "validation_flags", json_string(token->validation.flags == 0
                                                            ? "no validation object names a flag"
                                                            : "asked"));
    token->control = control(token);
    wire_control(wire, token->control);
    evidence->result = RESULT_DONE;
    return true;
}
