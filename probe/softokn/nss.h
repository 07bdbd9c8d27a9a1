/* SPDX-License-Identifier: Apache-2.0
 *
 * nss.h: libnss3, opened in a child without a database, and the calls to it. Its own internal slot
 * is asked, never another module's. Touches: dlopen, and what the library does by itself.
 */
#ifndef SOFTOKN_NSS_H
#define SOFTOKN_NSS_H

#include "run/run.h"
#include "softokn/recipe.h"

#include <keyhi.h>
#include <nss.h>
#include <pk11pub.h>
#include <prerror.h>
#include <secmod.h>

/* What is looked up in libnss3 and what it brings along. An older one lacks some: each operation
 * says what it cannot do without. */
#define NSS_FUNCTIONS(X)                                                                           \
    X(NSS_GetVersion)                                                                              \
    X(NSS_NoDB_Init)                                                                               \
    X(PK11_AEADOp)                                                                                 \
    X(PK11_CipherOp)                                                                               \
    X(PK11_ContextGetFIPSStatus)                                                                   \
    X(PK11_CopySymKeyForSigning)                                                                   \
    X(PK11_CreateContextByPrivKey)                                                                 \
    X(PK11_CreateContextByPubKey)                                                                  \
    X(PK11_CreateContextBySymKey)                                                                  \
    X(PK11_CreateDigestContext)                                                                    \
    X(PK11_CreatePBEV2AlgorithmID)                                                                 \
    X(PK11_Decrypt)                                                                                \
    X(PK11_Derive)                                                                                 \
    X(PK11_DestroyContext)                                                                         \
    X(PK11_DestroyGenericObjects)                                                                  \
    X(PK11_DigestBegin)                                                                            \
    X(PK11_DigestFinal)                                                                            \
    X(PK11_DigestOp)                                                                               \
    X(PK11_DoesMechanism)                                                                          \
    X(PK11_Encrypt)                                                                                \
    X(PK11_ExtractKeyValue)                                                                        \
    X(PK11_FindGenericObjects)                                                                     \
    X(PK11_FreeSlot)                                                                               \
    X(PK11_FreeSymKey)                                                                             \
    X(PK11_GenerateKeyPairWithFlags)                                                               \
    X(PK11_GenerateRandomOnSlot)                                                                   \
    X(PK11_GetBestSlot)                                                                            \
    X(PK11_GetInternalSlot)                                                                        \
    X(PK11_GetKeyData)                                                                             \
    X(PK11_GetModInfo)                                                                             \
    X(PK11_GetModule)                                                                              \
    X(PK11_GetSlotID)                                                                              \
    X(PK11_GetSymKeyHandle)                                                                        \
    X(PK11_GetTokenName)                                                                           \
    X(PK11_ImportDERPrivateKeyInfoAndReturnKey)                                                    \
    X(PK11_ImportPublicKey)                                                                        \
    X(PK11_ImportSymKey)                                                                           \
    X(PK11_IsFIPS)                                                                                 \
    X(PK11_MechanismToAlgtag)                                                                      \
    X(PK11_ObjectGetFIPSStatus)                                                                    \
    X(PK11_PBEKeyGen)                                                                              \
    X(PK11_PrivDecrypt)                                                                            \
    X(PK11_PubDeriveWithKDF)                                                                       \
    X(PK11_PubEncrypt)                                                                             \
    X(PK11_PubUnwrapSymKeyWithMechanism)                                                           \
    X(PK11_PubWrapSymKeyWithMechanism)                                                             \
    X(PK11_RawPBEKeyGen)                                                                           \
    X(PK11_ReadRawAttribute)                                                                       \
    X(PK11_SignWithMechanism)                                                                      \
    X(PK11_SymKeyFromHandle)                                                                       \
    X(PK11_TokenKeyGenWithFlags)                                                                   \
    X(PK11_UnwrapPrivKey)                                                                          \
    X(PK11_UnwrapSymKey)                                                                           \
    X(PK11_VerifyWithMechanism)                                                                    \
    X(PK11_WrapSymKey)                                                                             \
    X(PR_ErrorToName)                                                                              \
    X(PR_ErrorToString)                                                                            \
    X(PR_GetError)                                                                                 \
    X(PR_SetError)                                                                                 \
    X(SECITEM_FreeItem)                                                                            \
    X(SECKEY_ConvertToPublicKey)                                                                   \
    X(SECKEY_DestroyPrivateKey)                                                                    \
    X(SECKEY_DestroyPublicKey)                                                                     \
    X(SECKEY_PublicKeyStrengthInBits)                                                              \
    X(SECMOD_GetSystemFIPSEnabled)                                                                 \
    X(SECOID_DestroyAlgorithmID)

/* Of newer ones, which the headers here may lack (lib/pk11wrap/pk11pub.h of NSS 3.110). */
typedef SECStatus nss_encapsulate_fn(SECKEYPublicKey *key, CK_MECHANISM_TYPE target,
                                     PK11AttrFlags attributes, CK_FLAGS uses, PK11SymKey **secret,
                                     SECItem **ciphertext);
typedef SECStatus nss_decapsulate_fn(SECKEYPrivateKey *key, const SECItem *ciphertext,
                                     CK_MECHANISM_TYPE target, PK11AttrFlags attributes,
                                     CK_FLAGS uses, PK11SymKey **secret);
#define NSS_NEWER_FUNCTIONS(X)                                                                     \
    X(PK11_Encapsulate, nss_encapsulate_fn)                                                        \
    X(PK11_Decapsulate, nss_decapsulate_fn)

struct nss_api {
#define NSS_MEMBER(name) __typeof__(name) *name;
    NSS_FUNCTIONS(NSS_MEMBER)
#undef NSS_MEMBER
#define NSS_MEMBER(name, type) type *name;
    NSS_NEWER_FUNCTIONS(NSS_MEMBER)
#undef NSS_MEMBER
};

struct nss_pair {
    SECKEYPrivateKey *private_key;
    SECKEYPublicKey *public_key;
};

/* A key pair that probes share; see nss_pair_keep. */
struct nss_kept_pair {
    char *id;
    struct nss_pair pair;
};

struct nss {
    struct wire *wire;
    const char *step; /* the call that was made last: "PK11_Encrypt" */
    struct nss_api f; /* a function that the library does not have is NULL */
    PK11SlotInfo *slot;
    bool fips; /* the internal module is the FIPS one */
    enum control control;
    struct {
        CK_MECHANISM_TYPE *items;
        size_t n;
    } mechanisms;    /* of the slot's token */
    PK11SymKey *kek; /* wraps keys that are brought in; see nss-key.h */
    bool kek_tried;
    struct {
        struct nss_kept_pair *items;
        size_t n;
    } pairs;
};

/* Opens the door and tells the wire the facts of softokn.h and the control. */
bool nss_open(struct nss *nss, const struct child *child, struct wire *wire,
              struct evidence *evidence);

/* Frees what is held here; the library itself goes with the process, and its keys with it. */
void nss_free(struct nss *nss);

/* Before each call: names it, and clears the error of the call before. */
void nss_step(struct nss *nss, const char *call);
#define NSS(nss, name, ...) (nss_step((nss), #name), (nss)->f.name(__VA_ARGS__))

/* One probe being asked. */
struct nss_ask {
    struct nss *nss;
    const struct recipe *recipe;
    struct evidence *evidence;
};

/* Did the last call succeed? If not, the evidence is its error; false is returned. */
bool nss_ok(struct nss_ask *ask, bool ok);
/* The last call's error for people, "SEC_ERROR_BAD_DATA"; the caller frees. */
char *nss_error_of(struct nss *nss);

/* What the service indicator says: of the operation of a context, of an object. */
enum indicator nss_context_indicator(struct nss *nss, PK11Context *context);
enum indicator nss_object_indicator(struct nss *nss, PK11ObjectType type, void *object);

/* Bytes as libnss3 takes them; they stay the caller's. */
SECItem nss_item(const void *data, size_t len);

#endif
