/* SPDX-License-Identifier: Apache-2.0
 *
 * present-path.h: does a path, as the process pid would resolve it, mean PRESENT_PATH? Reads
 * links in /proc/PID, and with PRESENT_BY_LINKS along the path.
 */
#ifndef RUN_PRESENT_PATH_H
#define RUN_PRESENT_PATH_H

#include "run/present.h"

#include <sys/types.h>

struct path_query {
    pid_t pid;
    int dirfd;        /* AT_FDCWD or a descriptor of that process */
    const char *path;
    bool follow;      /* a symbolic link as the last component is followed */
    bool in_root;     /* dirfd is the root for it: openat2's RESOLVE_IN_ROOT */
};

bool present_path_is_flag(const struct path_query *query, enum present_links links);

/* "//", "/./" and ".." taken out of an absolute path by its text; the caller frees. */
char *present_path_normal(const char *path);

#endif
