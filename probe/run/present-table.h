/* SPDX-License-Identifier: Apache-2.0
 *
 * present-table.h: the system calls that name a file, as rows: where the path stands and what the
 * answer looks like. The filter is made of them (present-install.c), and so are the answers
 * (present-answer.c). Another call is another row.
 */
#ifndef RUN_PRESENT_TABLE_H
#define RUN_PRESENT_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum present_kind {
    KIND_OPEN,    /* flags: O_ */
    KIND_CREAT,   /* as open with O_CREAT | O_WRONLY | O_TRUNC */
    KIND_OPEN2,   /* flags: address of a struct open_how */
    KIND_ACCESS,  /* mode: R_OK ...; flags: AT_ */
    KIND_STAT,    /* buf: struct stat of the native architecture; flags: AT_ */
    KIND_STAT64,  /* buf: struct stat64 of a 32-bit architecture; flags: AT_ */
    KIND_STATX,   /* buf: struct statx; flags: AT_ */
    KIND_READLINK,
};

#define NO_ARG (-1)

struct present_call {
    const char *name; /* as libseccomp knows it, which also knows where it does not exist */
    enum present_kind kind;
    int dirfd, path, flags, mode, buf; /* positions of arguments, or NO_ARG */
    /* An AT_EMPTY_PATH among the flags means a question about a descriptor (glibc's fstat): the
     * filter lets it pass without asking, which saves a notification for each file opened. Only
     * with AT_FDCWD, which is no descriptor, it asks. */
    int empty_path;
};

extern const struct present_call present_calls[];
extern const size_t present_n_calls;

/* The architectures (SCMP_ARCH_) that programs on this one may have beside the native one; closed
 * by 0. */
extern const uint32_t present_other_archs[];

/* The row of system call nr of the audit architecture arch, or NULL. */
const struct present_call *present_call_find(uint32_t arch, int nr);

#endif
