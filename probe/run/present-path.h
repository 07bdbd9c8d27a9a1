/* SPDX-License-Identifier: Apache-2.0
 *
 * present-path.h: does a path, as the process pid would resolve it, mean PRESENT_PATH? Reads links
 * in /proc/PID and along the path, and the kernel's cache of names.
 *
 * What is at a path of that process's choosing may be on a file system that does not answer. So
 * there are two steps: the first never waits, the second waits as that process itself would.
 */
#ifndef RUN_PRESENT_PATH_H
#define RUN_PRESENT_PATH_H

#include "run/present.h"

#include <stdint.h>
#include <sys/types.h>

struct path_query {
    pid_t pid;
    int dirfd; /* AT_FDCWD or a descriptor of that process */
    const char *path;
    bool follow;      /* a symbolic link as the last component is followed */
    uint64_t resolve; /* openat2's RESOLVE_ */
};

enum path_meaning { PATH_OTHER, PATH_FLAG, PATH_MUST_FOLLOW };

/* By the text, and by what the kernel knows without asking a file system. */
enum path_meaning present_path_quick(const struct path_query *query);

/* Component by component, through symbolic links and links of procfs. */
bool present_path_follow(const struct path_query *query);

#endif
