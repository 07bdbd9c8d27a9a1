/* SPDX-License-Identifier: Apache-2.0
 *
 * child.h: starting one child of the runner and being it.
 */
#ifndef RUN_CHILD_H
#define RUN_CHILD_H

#include "run/run.h"

/* What the parent holds of a child. */
struct child_ends {
    pid_t pid;
    int pidfd; /* -1: the kernel has none */
    int wire;  /* its records; does not block */
    int noise; /* what it writes to stdout and stderr; does not block */
    int sock;  /* -1 unless the flag is presented: present_receive */
};

/* Forks without exec. */
int child_start(const struct child *child, struct child_ends *out, struct err *err) must_check;
void child_close(struct child_ends *ends); /* the descriptors; the process is the caller's */

/* Which value is presented in this context; -1: none. */
int child_presented(enum context context);

#endif
