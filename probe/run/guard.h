/* SPDX-License-Identifier: Apache-2.0
 *
 * guard.h: what this process must be like while children run, and is put back afterwards: 0, 1 and
 * 2 open, SIGCHLD not ignored, orphans of children become ours, and the signals that end the
 * program held back until the children are gone. One at a time.
 */
#ifndef RUN_GUARD_H
#define RUN_GUARD_H

#include "base/err.h"

#include <signal.h>
#include <stdbool.h>

#define GUARD_SIGNALS 9

struct guard {
    sigset_t mask; /* as it was */
    struct sigaction old[GUARD_SIGNALS], old_child;
    bool taken[GUARD_SIGNALS], held[3], entered;
    int subreaper;
};

int guard_enter(struct guard *guard, struct err *err) must_check;
/* For ppoll: with it a signal ends the waiting. */
const sigset_t *guard_mask(const struct guard *guard);
/* The signal that came, or 0. */
int guard_signal(const struct guard *guard);
/* Puts everything back; a signal that came is delivered then, as it would have been. */
void guard_leave(struct guard *guard);

#endif
