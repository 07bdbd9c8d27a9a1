/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-public.c: what needs a public key that is given, and encryption with a key pair.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

bool probe_verify(struct ask *ask)
{
    const struct recipe *r = ask->recipe;
    struct output signature = {r->answer.data, r->answer.len, r->answer.len};
    CK_OBJECT_HANDLE key;
    CK_MECHANISM_INFO info;
    struct mech mech;

    recipe_mech(r, &mech);
    /* a key of a type that the module does not know says nothing of the mechanism */
    if (!ask_ok(ask, P11(ask->token, GetMechanismInfo, ask->token->slot, r->mechanism, &info)) ||
        !key_public(ask, &key) ||
        !probe_verifies(ask, &mech.m, key, &r->message, &signature,
                        "the vector's signature does not verify"))
        return false;
    /* now: what follows is a signature that does not verify */
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    return probe_rejects(ask, &mech.m, key, &r->message, &signature) &&
           probe_done(ask, CHECK_KNOWN_ANSWER);
}

static bool round_trip(struct ask *ask, const struct key_pair *pair)
{
    const struct recipe *r = ask->recipe;
    own_output struct output ciphertext = {0}, back = {0};

    output_make(&ciphertext, 2048);
    output_make(&back, r->plaintext.len + 2048);
    if (!ask_ok(ask, probe_encrypt(ask, pair->public_key, &ciphertext)) || !output_ok(ask, &ciphertext))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (!ask_ok(ask, probe_decrypt(ask, pair->private_key, ciphertext.data, ciphertext.len, &back)) ||
        !output_ok(ask, &back))
        return false;
    return output_is(&back, &r->plaintext) ||
           evidence_wrong(ask->evidence, ask->token->step,
                          "what was encrypted does not decrypt to itself");
}

static bool known_answer(struct ask *ask, const struct key_pair *pair, enum check *check)
{
    const struct recipe *r = ask->recipe;
    own_output struct output back = {0};

    *check = CHECK_ROUND_TRIP;
    output_make(&back, r->plaintext.len + 2048);
    if (probe_decrypt(ask, pair->private_key, r->ciphertext.data, r->ciphertext.len, &back) != CKR_OK) {
        evidence_detail(ask->evidence, "the module does not decrypt the vector's ciphertext");
        return true;
    }
    *check = CHECK_KNOWN_ANSWER;
    return (back.len <= back.room && output_is(&back, &r->plaintext)) ||
           evidence_wrong(ask->evidence, ask->token->step, "not the vector's plaintext");
}

bool probe_pair_cipher(struct ask *ask)
{
    struct key_pair pair;
    bool brought;
    enum check check = CHECK_ROUND_TRIP;

    return key_any_pair(ask, &pair, &brought) && round_trip(ask, &pair) &&
           (!brought || ask->recipe->ciphertext.data == NULL ||
            known_answer(ask, &pair, &check)) &&
           probe_done(ask, check);
}
