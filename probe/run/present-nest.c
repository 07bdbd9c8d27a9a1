/* SPDX-License-Identifier: Apache-2.0 */
#include "run/present-nest.h"

#include "base/mem.h"
#include "base/own.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

/* A limit can be lowered by everybody and raised by nobody: the n-th mark within another is
 * MARK_TOP - 2n, and one more for the value 1. */
#define MARK_TOP 0x4649505350524f42u /* "FIPSPROB", an even number */
#define MARK_DEPTH 1024u
#define MARK_BOTTOM (MARK_TOP - 2 * MARK_DEPTH)

static bool is_mark(uint64_t limit)
{
    return limit >= MARK_BOTTOM && limit <= MARK_TOP + 1;
}

int present_nest_mark(int value)
{
    struct rlimit l;
    uint64_t next = MARK_TOP;

    if (getrlimit(RLIMIT_LOCKS, &l) < 0)
        return -1;
    if (l.rlim_max != RLIM_INFINITY && is_mark(l.rlim_max))
        next = (l.rlim_max & ~(uint64_t)1) - 2;
    l.rlim_max = (rlim_t)next + (value != 0);
    l.rlim_cur = l.rlim_max;
    return setrlimit(RLIMIT_LOCKS, &l);
}

/* The hard limit in the file "limits" of proc(5), which others may read where prlimit(2) is
 * refused: "Max file locks", soft, hard, unit. */
static bool limit_of_file(pid_t pid, uint64_t *out)
{
    static const char row[] = "Max file locks";
    own_free char *path = mem_printf("/proc/%d/limits", (int)pid);
    own_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    char text[4096];
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    char *at, *end;

    if (n <= 0)
        return false;
    text[n] = '\0';
    at = strstr(text, row);
    if (at == NULL)
        return false;
    at += strlen(row);
    at += strspn(at, " ");
    at += strcspn(at, " \n"); /* the soft limit, which the process may have changed */
    *out = strtoull(at, &end, 10);
    return end != at;
}

int present_nest_value(pid_t pid, int value)
{
    struct rlimit l;
    uint64_t limit = 0;

    if (prlimit(pid, RLIMIT_LOCKS, NULL, &l) == 0)
        limit = l.rlim_max;
    else if (!limit_of_file(pid, &limit))
        return value;
    return is_mark(limit) ? (int)(limit & 1) : value;
}
