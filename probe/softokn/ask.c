/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c: what a child does at a door of libsoftokn3: opens it, then asks the probes in order.
 */
#include "softokn/evidence.h"
#include "softokn/probes.h"

#include "base/own.h"

#include <string.h>

static const struct {
    const char *op;
    bool (*ask)(struct ask *ask);
} asks[] = {
    {"digest", probe_digest}, {"mac", probe_mac},         {"cipher", probe_cipher},
    {"aead", probe_aead},     {"import", probe_import},   {"sign", probe_sign},
    {"keypair", probe_keypair}, {"agree", probe_agree},   {"random", probe_random},
    {"derive", probe_derive}, {"pbkdf", probe_pbkdf},     {"wrap", probe_wrap},
    {"transport", probe_transport}, {"export", probe_export}, {"verify", probe_verify},
    {"pair-cipher", probe_pair_cipher},
};

static void dispatch(struct ask *ask)
{
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
        if (strcmp(asks[i].op, ask->recipe->op) == 0) {
            asks[i].ask(ask);
            return;
        }
    evidence_fail(ask->evidence, "ask", "no-such-operation",
                  "this door does not know the row's operation");
}

/* A session of its own, so that no indicator is left over from another probe. */
static void ask_probe(struct token *token, const struct spec *spec, struct evidence *evidence)
{
    own_recipe struct recipe recipe = {0};
    struct ask ask = {token, &recipe, CK_INVALID_HANDLE, evidence};
    CK_RV rv;

    recipe_read(spec, recipe_choose(spec, token->mechanisms.items, token->mechanisms.n), &recipe);
    if (recipe.mechanism != CK_UNAVAILABLE_INFORMATION && token->mechanisms.n > 0)
        evidence->listed = token_lists(token, recipe.mechanism) ? LISTED_YES : LISTED_NO;
    rv = P11(token, OpenSession, token->slot, CKF_SERIAL_SESSION, NULL, NULL, &ask.session);
    if (!ask_ok(&ask, rv))
        return;
    token->validation.operation = token->validation.key = INDICATOR_NONE;
    dispatch(&ask);
    evidence->validation = token->validation.operation;
    evidence->key_validation = token->validation.key;
    rv = P11(token, CloseSession, ask.session);
    if (rv != CKR_OK)
        evidence_detail(evidence, "C_CloseSession failed with 0x%lx", rv);
}

/* After such an answer the module refuses everything else: a fresh child can go on. */
static bool is_dead(const struct evidence *evidence)
{
    return evidence->result == RESULT_FAILED && evidence->code != NULL &&
           (strcmp(evidence->code, "CKR_DEVICE_ERROR") == 0 ||
            strcmp(evidence->code, "CKR_CRYPTOKI_NOT_INITIALIZED") == 0);
}

void softokn_ask(const struct child *child, struct wire *wire)
{
    const struct run_task *task = child->task;
    struct token token;
    struct evidence opened = {.result = RESULT_FAILED}; /* until it is shown to be done */
    bool ok;

    wire_begin(wire, 0);
    ok = token_open(&token, child, wire, &opened);
    wire_answer(wire, 0, &opened);
    evidence_free(&opened);
    for (size_t i = 1; ok && i < task->n_probes; i++) {
        struct spec spec = probe_spec(task->probes[i], task->door);
        struct evidence evidence = {.result = RESULT_FAILED};

        if (!child->ask[i])
            continue;
        wire_begin(wire, i);
        ask_probe(&token, &spec, &evidence);
        wire_answer(wire, i, &evidence);
        ok = !is_dead(&evidence);
        evidence_free(&evidence);
        if (!ok)
            wire_again(wire);
    }
    token_free(&token);
}
