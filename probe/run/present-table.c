/* SPDX-License-Identifier: Apache-2.0 */
#include "run/present-table.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#define NO NO_ARG

/* Arguments as in the kernel's own prototypes (include/linux/syscalls.h). */
const struct present_call present_calls[] = {
    /* name          kind        dirfd path flags mode buf empty_path */
    {"openat", KIND_OPEN, 0, 1, 2, NO, NO, 0},
    {"open", KIND_OPEN, NO, 0, 1, NO, NO, 0},
    {"creat", KIND_CREAT, NO, 0, NO, NO, NO, 0},
    {"openat2", KIND_OPEN2, 0, 1, 2, NO, NO, 0},
    {"access", KIND_ACCESS, NO, 0, NO, 1, NO, 0},
    {"faccessat", KIND_ACCESS, 0, 1, NO, 2, NO, 0},
    {"faccessat2", KIND_ACCESS, 0, 1, 3, 2, NO, 1},
    {"stat", KIND_STAT, NO, 0, NO, NO, 1, 0},
    {"lstat", KIND_STAT, NO, 0, NO, NO, 1, 0},
    {"newfstatat", KIND_STAT, 0, 1, 3, NO, 2, 1},
    {"stat64", KIND_STAT64, NO, 0, NO, NO, 1, 0},
    {"lstat64", KIND_STAT64, NO, 0, NO, NO, 1, 0},
    {"fstatat64", KIND_STAT64, 0, 1, 3, NO, 2, 1},
    {"statx", KIND_STATX, 0, 1, 2, NO, 4, 1},
    {"readlink", KIND_READLINK, NO, 0, NO, NO, NO, 0},
    {"readlinkat", KIND_READLINK, 0, 1, NO, NO, NO, 0},
};
const size_t present_n_calls = sizeof present_calls / sizeof *present_calls;

const uint32_t present_other_archs[] = {
#if defined(__x86_64__) && !defined(__ILP32__)
    SCMP_ARCH_X86, SCMP_ARCH_X32,
#elif defined(__aarch64__)
    SCMP_ARCH_ARM,
#endif
    0};

/* The numbers are asked for once an architecture: they are looked up for every notification. */
#define MAX_ARCHS 4
#define MAX_CALLS 32

static struct {
    uint32_t arch;
    int numbers[MAX_CALLS];
} known[MAX_ARCHS];

const struct present_call *present_call_find(uint32_t arch, int nr)
{
    size_t a = 0;

    /* x32 calls come with the architecture of x86_64 and this bit (asm/unistd.h). */
    if (arch == SCMP_ARCH_X86_64)
        nr &= ~0x40000000;
    while (a < MAX_ARCHS && known[a].arch != 0 && known[a].arch != arch)
        a++;
    if (a == MAX_ARCHS)
        return NULL;
    if (known[a].arch == 0) {
        known[a].arch = arch;
        for (size_t i = 0; i < present_n_calls; i++)
            known[a].numbers[i] =
                seccomp_syscall_resolve_name_arch(arch, present_calls[i].name);
    }
    for (size_t i = 0; i < present_n_calls; i++)
        if (known[a].numbers[i] >= 0 && known[a].numbers[i] == nr)
            return &present_calls[i];
    return NULL;
}
