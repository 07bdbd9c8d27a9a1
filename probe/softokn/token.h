/* SPDX-License-Identifier: Apache-2.0
 *
 * token.h: one PKCS#11 token of libsoftokn3, opened in a child, and the calls to it. Touches:
 * dlopen, and what the module does by itself.
 *
 * The module is not trusted: a function may be missing from its list, and what it says about
 * lengths is compared with the room it was given before it is used.
 */
#ifndef SOFTOKN_TOKEN_H
#define SOFTOKN_TOKEN_H

#include "run/run.h"
#include "softokn/kem.h"
#include "softokn/recipe.h"

/* C_GetSessionValidationFlags of PKCS#11 3.2. */
typedef CK_RV validation_flags_fn(CK_SESSION_HANDLE session, CK_ULONG type, CK_FLAGS *flags);

/* A key pair that probes share; see key_keep_pair. */
struct kept_pair {
    char *id;
    CK_OBJECT_HANDLE private_key, public_key;
};

struct token {
    struct wire *wire;
    const char *step; /* the call that was made last: "C_EncryptInit" */

    CK_FUNCTION_LIST_3_0 f; /* a function that the module does not have is NULL */
    struct kem kem;
    CK_NSS_GetFIPSStatus fips_status; /* NULL: there are no indicators */
    struct {
        validation_flags_fn *get;       /* NULL: the module has no such function */
        CK_FLAGS flags;                 /* those that its validation objects name */
        enum indicator operation, key;  /* what they said where the indicators below were read */
    } validation;
    enum control control;

    bool broken; /* its self-tests failed when it was initialised */
    CK_SLOT_ID slot;
    bool fips; /* it is the FIPS token */
    struct {
        CK_MECHANISM_TYPE *items;
        size_t n;
    } mechanisms;

    CK_SESSION_HANDLE session; /* holds the objects that probes share */
    CK_OBJECT_HANDLE kek;      /* wraps keys that are brought in; see key.h */
    bool kek_tried;
    struct {
        struct kept_pair *items;
        size_t n;
    } pairs;
};

/* Opens the door: the library, its entry point, a token, a session; tells the wire the facts of
 * softokn.h and the control. The evidence is that of PROBE_OPEN. */
bool token_open(struct token *token, const struct child *child, struct wire *wire,
                struct evidence *evidence);

/* After an initialisation that failed with CKR_DEVICE_ERROR: tells the fact "error_state". */
void token_error_state(struct token *token);

/* Frees what the token holds here; the module itself goes with the process. */
void token_free(struct token *token);

bool token_lists(const struct token *token, CK_MECHANISM_TYPE type);

void token_step(struct token *token, const char *call);

/* One call of the module: P11(token, EncryptInit, session, &mech, key). */
#define P11(token, name, ...)                                                                      \
    (token_step((token), "C_" #name),                                                              \
     (token)->f.C_##name == NULL ? (CK_RV)CKR_FUNCTION_NOT_SUPPORTED                               \
                                 : (token)->f.C_##name(__VA_ARGS__))

/* What the service indicator says: of the last operation of a session, of an object. NSS's own,
 * or, where the module has none, PKCS#11 3.2's; what the latter says is kept in token.validation
 * in any case, so that the two can be compared. */
enum indicator token_operation_indicator(struct token *token, CK_SESSION_HANDLE session);
enum indicator token_object_indicator(struct token *token, CK_SESSION_HANDLE session,
                                      CK_OBJECT_HANDLE object);

/* An attribute's value, at most max bytes; false: the token does not give it. */
bool token_attribute(struct token *token, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                     CK_ATTRIBUTE_TYPE type, size_t max, struct bytes *out);

#endif
