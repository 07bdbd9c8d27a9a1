/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-wrap.c: keys that leave the token and come back: wrapped by a secret key or a public one,
 * or in the clear. Whether it is the same key is told by what it makes of a block.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

#define CARGO_BYTES 32 /* an AES-256 key */

bool probe_block(struct ask *ask, CK_OBJECT_HANDLE key, unsigned char *out)
{
    CK_MECHANISM mechanism = {CKM_AES_ECB, NULL, 0};
    unsigned char in[PROBE_BLOCK] = "the same block.";
    own_output struct output block = {0};

    output_make(&block, PROBE_BLOCK);
    if (!ask_ok(ask, P11(ask->token, EncryptInit, ask->session, &mechanism, key)) ||
        !ask_ok(ask, P11(ask->token, Encrypt, ask->session, in, PROBE_BLOCK, block.data, &block.len)) ||
        !output_ok(ask, &block))
        return false;
    if (block.len != PROBE_BLOCK)
        return evidence_wrong(ask->evidence, ask->token->step, "not as long as it should be");
    memcpy(out, block.data, PROBE_BLOCK);
    return true;
}

static bool same_key(struct ask *ask, CK_OBJECT_HANDLE a, CK_OBJECT_HANDLE b, const char *wrong)
{
    unsigned char of_a[PROBE_BLOCK], of_b[PROBE_BLOCK];
    const char *step = ask->token->step;

    return probe_block(ask, a, of_a) && probe_block(ask, b, of_b) &&
           (memcmp(of_a, of_b, PROBE_BLOCK) == 0 || evidence_wrong(ask->evidence, step, wrong));
}

/* An AES key that may leave the token. sensitive: only wrapped. */
static bool cargo_generate(struct ask *ask, CK_BBOOL sensitive, CK_OBJECT_HANDLE *key)
{
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ULONG len = CARGO_BYTES;
    CK_BBOOL yes = CK_TRUE;
    CK_ATTRIBUTE template[] = {{CKA_VALUE_LEN, &len, sizeof len},
                               {CKA_EXTRACTABLE, &yes, sizeof yes},
                               {CKA_SENSITIVE, &sensitive, sizeof sensitive},
                               {CKA_ENCRYPT, &yes, sizeof yes}};

    *key = CK_INVALID_HANDLE;
    return ask_ok(ask, P11(ask->token, GenerateKey, ask->session, &mechanism, template, 4, key));
}

static CK_RV unwrap(struct ask *ask, CK_OBJECT_HANDLE kek, struct output *wrapped,
                    CK_OBJECT_HANDLE *key)
{
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_AES;
    CK_BBOOL yes = CK_TRUE;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class},
                               {CKA_KEY_TYPE, &type, sizeof type},
                               {CKA_ENCRYPT, &yes, sizeof yes}};
    struct mech mech;

    recipe_mech(ask->recipe, &mech);
    *key = CK_INVALID_HANDLE;
    return P11(ask->token, UnwrapKey, ask->session, &mech.m, kek, wrapped->data, wrapped->len,
               template, 3, key);
}

/* Out by one key and in by the other, which are the same but for a key pair. */
static bool there_and_back(struct ask *ask, CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE unwrapping)
{
    own_output struct output wrapped = {0};
    CK_OBJECT_HANDLE cargo, back;
    struct mech mech;

    if (!cargo_generate(ask, CK_TRUE, &cargo))
        return false;
    recipe_mech(ask->recipe, &mech);
    output_make(&wrapped, 2048);
    if (!ask_ok(ask, P11(ask->token, WrapKey, ask->session, &mech.m, wrapping, cargo, wrapped.data,
                         &wrapped.len)) ||
        !output_ok(ask, &wrapped))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (wrapped.len < CARGO_BYTES)
        return evidence_wrong(ask->evidence, ask->token->step, "shorter than the key");
    return ask_ok(ask, unwrap(ask, unwrapping, &wrapped, &back)) &&
           same_key(ask, cargo, back, "what was wrapped does not unwrap to itself");
}

/* The vector's wrapped key must be the vector's key. */
static bool known_answer(struct ask *ask, CK_OBJECT_HANDLE kek, enum check *check)
{
    const struct recipe *r = ask->recipe;
    own_output struct output wrapped = {0};
    CK_OBJECT_HANDLE key, expected;

    *check = CHECK_ROUND_TRIP;
    output_make(&wrapped, r->ciphertext.len);
    memcpy(wrapped.data, r->ciphertext.data, r->ciphertext.len);
    wrapped.len = r->ciphertext.len;
    if (unwrap(ask, kek, &wrapped, &key) != CKR_OK) {
        evidence_detail(ask->evidence, "the module does not unwrap the vector's key");
        return true;
    }
    if (!key_bring_secret(ask, &r->plaintext, CKK_AES, &expected))
        return true;
    *check = CHECK_KNOWN_ANSWER;
    return same_key(ask, key, expected, "not the vector's key");
}

bool probe_wrap(struct ask *ask)
{
    CK_OBJECT_HANDLE kek, given;
    enum check check = CHECK_ROUND_TRIP;

    return key_generate(ask, &kek) && there_and_back(ask, kek, kek) &&
           (!key_bring(ask, &given) || known_answer(ask, given, &check)) && probe_done(ask, check);
}

/* The same with a key pair. */
bool probe_transport(struct ask *ask)
{
    struct key_pair pair;
    bool brought;
    enum check check = CHECK_ROUND_TRIP;

    return key_any_pair(ask, &pair, &brought) &&
           there_and_back(ask, pair.public_key, pair.private_key) &&
           (!brought || ask->recipe->ciphertext.data == NULL ||
            known_answer(ask, pair.private_key, &check)) &&
           probe_done(ask, check);
}

/* In the clear, and in again: that must be the same key. */
bool probe_export(struct ask *ask)
{
    CK_OBJECT_HANDLE key, again;
    struct bytes value = {0};
    CK_ATTRIBUTE attribute = {CKA_VALUE, NULL, 0};
    bool ok;

    if (!cargo_generate(ask, CK_FALSE, &key) ||
        !ask_ok(ask, P11(ask->token, GetAttributeValue, ask->session, key, &attribute, 1)))
        return false;
    if (attribute.ulValueLen != CARGO_BYTES ||
        !token_attribute(ask->token, ask->session, key, CKA_VALUE, CARGO_BYTES, &value) ||
        value.len != CARGO_BYTES) {
        bytes_free(&value);
        return evidence_wrong(ask->evidence, ask->token->step, "not as long as the key");
    }
    ask->evidence->key_indicator = token_object_indicator(ask->token, ask->session, key);
    ok = key_bring_secret(ask, &value, CKK_AES, &again);
    bytes_free(&value);
    if (!ok)
        return evidence_fail(ask->evidence, ask->token->step, "not-checked",
                             "the value was given, but could not be compared");
    return same_key(ask, key, again, "the value is not that of the key") &&
           probe_done(ask, CHECK_ROUND_TRIP);
}
