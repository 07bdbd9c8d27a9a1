/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/order.h"

#include <string.h>

/* After such an answer the module refuses everything else: a fresh child can go on. */
static bool is_dead(const struct evidence *evidence)
{
    static const char *const codes[] = {
        "CKR_DEVICE_ERROR", "CKR_CRYPTOKI_NOT_INITIALIZED",
        "SEC_ERROR_PKCS11_DEVICE_ERROR", /* libnss3's name for the first */
    };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (evidence->result == RESULT_FAILED && evidence->code != NULL &&
            strcmp(evidence->code, codes[i]) == 0)
            return true;
    return false;
}

void order_run(const struct order *order, void *door, const struct child *child, struct wire *wire)
{
    const struct run_task *task = child->task;
    struct evidence opened = {.result = RESULT_FAILED}; /* until it is shown to be done */
    bool ok;

    wire_begin(wire, 0);
    ok = order->open(door, child, wire, &opened);
    wire_answer(wire, 0, &opened);
    evidence_free(&opened);
    for (size_t i = 1; ok && i < task->n_probes; i++) {
        struct spec spec = probe_spec(task->probes[i], task->door);
        struct evidence evidence = {.result = RESULT_FAILED};

        if (!child->ask[i])
            continue;
        wire_begin(wire, i);
        order->ask(door, &spec, &evidence);
        wire_answer(wire, i, &evidence);
        ok = !is_dead(&evidence);
        evidence_free(&evidence);
        if (!ok)
            wire_again(wire);
    }
}
