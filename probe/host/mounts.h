/* SPDX-License-Identifier: Apache-2.0
 *
 * mounts.h: which mount a path lies on, by /proc/self/mountinfo. Reads one file below a root.
 */
#ifndef HOST_MOUNTS_H
#define HOST_MOUNTS_H

#include "base/root.h"

#include <stddef.h>

/* One line (proc(5), mountinfo); the strings have their \040 undone and are not cleaned. */
struct mount {
    unsigned long id, parent;
    char *from;   /* the root of the mount in its file system */
    char *point;  /* where it is mounted */
    char *type;   /* "tmpfs" */
    char *source;
};

struct mounts {
    struct mount *items;
    size_t n;
};

void mounts_read(const struct root *root, struct mounts *out); /* nothing readable: none */
void mounts_free(struct mounts *mounts);

/* The mount that the path is on, as the kernel walks there; NULL: unknown. */
const struct mount *mounts_of(const struct mounts *mounts, const char *path);

#endif
