/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-ask.c: what a child does at the door of libnss3: opens it, then asks the probes in order.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"
#include "softokn/order.h"

#include <string.h>

#define MAX_NEEDS 9
#define NEED(function) {#function, offsetof(struct nss_api, function)}

static const struct need {
    const char *name;
    size_t offset;
} context_needs[] = {NEED(PK11_CreateContextBySymKey), NEED(PK11_DigestBegin), NEED(PK11_DigestOp),
                     NEED(PK11_DigestFinal), {NULL, 0}};

/* An operation, and the functions that it cannot do without. */
static const struct {
    const char *op;
    bool (*ask)(struct nss_ask *ask);
    bool context; /* needs what message authentication needs, too */
    struct need needs[MAX_NEEDS];
} asks[] = {
    {"digest", nss_digest, false,
     {NEED(PK11_MechanismToAlgtag), NEED(PK11_CreateDigestContext), NEED(PK11_DigestBegin),
      NEED(PK11_DigestOp), NEED(PK11_DigestFinal)}},
    {"mac", nss_mac, true, {NEED(PK11_TokenKeyGenWithFlags)}},
    {"cipher", nss_cipher, true, {NEED(PK11_TokenKeyGenWithFlags), NEED(PK11_CipherOp)}},
    {"aead", nss_aead, true, {NEED(PK11_TokenKeyGenWithFlags), NEED(PK11_AEADOp)}},
    {"import", nss_import, true, {NEED(PK11_ImportSymKey), NEED(PK11_CipherOp)}},
    {"sign", nss_sign, false,
     {NEED(PK11_GenerateKeyPairWithFlags), NEED(PK11_SignWithMechanism),
      NEED(PK11_VerifyWithMechanism)}},
    {"keypair", nss_keypair, false,
     {NEED(PK11_GenerateKeyPairWithFlags), NEED(SECKEY_PublicKeyStrengthInBits),
      NEED(PK11_SignWithMechanism), NEED(PK11_VerifyWithMechanism)}},
    {"agree", nss_agree, true, {NEED(PK11_GenerateKeyPairWithFlags), NEED(PK11_PubDeriveWithKDF)}},
    {"random", nss_random, false, {NEED(PK11_GenerateRandomOnSlot)}},
    {"derive", nss_derive, true,
     {NEED(PK11_TokenKeyGenWithFlags), NEED(PK11_Derive), NEED(PK11_GetSymKeyHandle)}},
    {"tls-keys", nss_tls_keys, true,
     {NEED(PK11_TokenKeyGenWithFlags), NEED(PK11_Derive), NEED(PK11_SymKeyFromHandle),
      NEED(PK11_CipherOp)}},
    {"pbkdf", nss_pbkdf, true,
     {NEED(PK11_CreatePBEV2AlgorithmID), NEED(PK11_PBEKeyGen), NEED(PK11_RawPBEKeyGen),
      NEED(PK11_CopySymKeyForSigning), NEED(SECOID_DestroyAlgorithmID)}},
    {"wrap", nss_wrap, true,
     {NEED(PK11_TokenKeyGenWithFlags), NEED(PK11_WrapSymKey), NEED(PK11_UnwrapSymKey),
      NEED(PK11_CipherOp)}},
    {"transport", nss_transport, true,
     {NEED(PK11_GenerateKeyPairWithFlags), NEED(PK11_TokenKeyGenWithFlags),
      NEED(PK11_PubWrapSymKeyWithMechanism), NEED(PK11_PubUnwrapSymKeyWithMechanism),
      NEED(PK11_CipherOp)}},
    {"export", nss_export, true,
     {NEED(PK11_TokenKeyGenWithFlags), NEED(PK11_ExtractKeyValue), NEED(PK11_GetKeyData),
      NEED(PK11_CipherOp)}},
    {"verify", nss_verify, false, {NEED(PK11_ImportPublicKey), NEED(PK11_VerifyWithMechanism)}},
    {"pair-cipher", nss_pair_cipher, false,
     {NEED(PK11_GenerateKeyPairWithFlags), NEED(PK11_PubEncrypt), NEED(PK11_PrivDecrypt)}},
    {"kem", nss_kem, true,
     {NEED(PK11_GenerateKeyPairWithFlags), NEED(PK11_Encapsulate), NEED(PK11_Decapsulate),
      NEED(SECITEM_FreeItem)}},
};

static bool has_all(struct nss_ask *ask, const struct need *needs, size_t n)
{
    for (size_t i = 0; i < n && needs[i].name != NULL; i++)
        if (*(void **)((char *)&ask->nss->f + needs[i].offset) == NULL)
            return evidence_fail(ask->evidence, needs[i].name, "not-in-this-nss",
                                 "libnss3 has no such function");
    return true;
}

/* Is the mechanism the internal slot's? If not, is it any slot's? libnss3 would go to another
 * module's of itself, which is not what is asked here. */
static bool is_offered(struct nss_ask *ask)
{
    CK_MECHANISM_TYPE type = ask->recipe->mechanism;
    struct nss *nss = ask->nss;
    PK11SlotInfo *other;

    if (type == CK_UNAVAILABLE_INFORMATION)
        return true;
    ask->evidence->listed =
        NSS(nss, PK11_DoesMechanism, nss->slot, type) ? LISTED_YES : LISTED_NO;
    if (ask->evidence->listed == LISTED_YES)
        return true;
    other = NSS(nss, PK11_GetBestSlot, type, NULL);
    if (!nss_ok(ask, other != NULL))
        return false;
    NSS(nss, PK11_FreeSlot, other);
    evidence_detail(ask->evidence, "another slot of libnss3 offers it");
    return true;
}

static void ask_probe(void *door, const struct spec *spec, struct evidence *evidence)
{
    struct nss *nss = door;
    own_recipe struct recipe recipe = {0};
    struct nss_ask ask = {nss, &recipe, evidence};

    recipe_read(spec, recipe_choose(spec, nss->mechanisms.items, nss->mechanisms.n), &recipe);
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        if (strcmp(asks[i].op, recipe.op) != 0)
            continue;
        if (is_offered(&ask) && has_all(&ask, asks[i].needs, MAX_NEEDS) &&
            (!asks[i].context || has_all(&ask, context_needs, MAX_NEEDS)))
            asks[i].ask(&ask);
        return;
    }
    evidence_fail(evidence, "ask", "no-such-operation",
                  "this door does not know the row's operation");
}

static bool open_door(void *door, const struct child *child, struct wire *wire,
                      struct evidence *evidence)
{
    return nss_open(door, child, wire, evidence);
}

void nss_ask(const struct child *child, struct wire *wire)
{
    static const struct order order = {open_door, ask_probe};
    struct nss nss;

    order_run(&order, &nss, child, wire);
    nss_free(&nss);
}
