/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c: what a child does at a door of libsoftokn3: opens it, then asks the probes in order.
 */
#include "softokn/evidence.h"
#include "softokn/order.h"
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
    {"pair-cipher", probe_pair_cipher}, {"kem", probe_kem}, {"tls-keys", probe_tls_keys},
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

/* A mechanism without the one that makes its keys is not what the row asks for. */
static bool is_listed(const struct token *token, const struct recipe *r)
{
    return token_lists(token, r->mechanism) &&
           (r->keygen == CK_UNAVAILABLE_INFORMATION || token_lists(token, r->keygen));
}

/* A session of its own, so that no indicator is left over from another probe. */
static void ask_probe(void *door, const struct spec *spec, struct evidence *evidence)
{
    struct token *token = door;
    own_recipe struct recipe recipe = {0};
    struct ask ask = {token, &recipe, CK_INVALID_HANDLE, evidence};
    CK_RV rv;

    recipe_read(spec, recipe_choose(spec, token->mechanisms.items, token->mechanisms.n), &recipe);
    if (recipe.mechanism != CK_UNAVAILABLE_INFORMATION && token->mechanisms.n > 0)
        evidence->listed = is_listed(token, &recipe) ? LISTED_YES : LISTED_NO;
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

static bool open_door(void *door, const struct child *child, struct wire *wire,
                      struct evidence *evidence)
{
    return token_open(door, child, wire, evidence);
}

void softokn_ask(const struct child *child, struct wire *wire)
{
    static const struct order order = {open_door, ask_probe};
    struct token token;

    order_run(&order, &token, child, wire);
    if (token.broken) /* asked last: nothing depends on how it ends */
        token_error_state(&token);
    token_free(&token);
}
