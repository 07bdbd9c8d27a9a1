/* SPDX-License-Identifier: Apache-2.0
 *
 * mounts.h: a mount namespace of this process's own, in which it may mount what nobody else sees.
 * Without the privilege it is one in a user namespace where every id stays what it was (other groups
 * and set-user-ID programs do not count there). In a child, while it has one thread.
 */
#ifndef BASE_MOUNTS_H
#define BASE_MOUNTS_H

#include "base/err.h"

#include <linux/capability.h>
#include <stdbool.h>

struct mounts {
    struct __user_cap_data_struct rights[2]; /* as they were before */
    bool known, user;                        /* in a user namespace: every right, in there */
};

/* To be followed by mounts_done once all is mounted. */
int mounts_own(struct mounts *mounts, struct err *err) must_check;
/* The rights are those that the process had. */
int mounts_done(const struct mounts *mounts, struct err *err) must_check;

#endif
