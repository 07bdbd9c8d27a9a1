/* SPDX-License-Identifier: Apache-2.0 */
#include "run/present-path.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/own.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#define FLAG_NAME "fips_enabled"
#define MAX_LINKS 40 /* as the kernel: path_resolution(7) */

static char *read_link(const char *path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target);

    return n < 0 || n >= PATH_MAX ? NULL : mem_dup(target, (size_t)n);
}

/* ---- by text --------------------------------------------------------------------------------- */

static void drop_last(struct buf *path)
{
    while (path->len > 0 && path->data[--path->len] != '/')
        ;
    path->data[path->len] = '\0';
}

char *present_path_normal(const char *path)
{
    struct buf out = {0};

    buf_puts(&out, "");
    while (*path != '\0') {
        size_t len;

        path += strspn(path, "/");
        len = strcspn(path, "/");
        if (len == 2 && strncmp(path, "..", 2) == 0) {
            drop_last(&out);
        } else if (len > 0 && !(len == 1 && *path == '.')) {
            buf_puts(&out, "/");
            buf_add(&out, path, len);
        }
        path += len;
    }
    if (out.len == 0)
        buf_puts(&out, "/");
    return buf_steal(&out);
}

static const char *skip_digits(const char *s)
{
    size_t n = strspn(s, "0123456789");

    return n == 0 ? NULL : s + n;
}

/* What follows "/proc/PID/root" or "/proc/PID/task/TID/root", whoever PID is: the roots of
 * processes that could look at each other's here are the same; NULL: it is no such path. */
static const char *behind_root_link(const char *path)
{
    static const char *const who[] = {"self/", "thread-self/"};
    const char *rest = NULL;

    if (strncmp(path, "/proc/", 6) != 0)
        return NULL;
    path += 6;
    for (size_t i = 0; i < sizeof who / sizeof *who && rest == NULL; i++)
        if (strncmp(path, who[i], strlen(who[i])) == 0)
            rest = path + strlen(who[i]);
    if (rest == NULL) {
        rest = skip_digits(path);
        if (rest == NULL || *rest++ != '/')
            return NULL;
    }
    if (strncmp(rest, "task/", 5) == 0) {
        rest = skip_digits(rest + 5);
        if (rest == NULL || *rest++ != '/')
            return NULL;
    }
    return strncmp(rest, "root/", 5) == 0 ? rest + 4 : NULL;
}

static bool text_is_flag(const char *normal)
{
    const char *rest;

    while ((rest = behind_root_link(normal)) != NULL)
        normal = rest;
    return strcmp(normal, PRESENT_PATH) == 0;
}

/* The path from that process's root; NULL where its own directories cannot be read. */
static char *absolute(const struct path_query *q)
{
    own_free char *link = NULL, *base = NULL;

    if (*q->path == '/' && !q->in_root)
        return mem_str(q->path);
    link = q->dirfd == AT_FDCWD ? mem_printf("/proc/%d/cwd", (int)q->pid)
                                : mem_printf("/proc/%d/fd/%d", (int)q->pid, q->dirfd);
    base = read_link(link);
    if (base == NULL || *base != '/') /* gone, or a pipe or socket: no path below it works */
        return NULL;
    if (q->in_root) { /* ".." stops there */
        own_free char *below = NULL, *rooted = mem_printf("/%s", q->path);

        below = present_path_normal(rooted);
        return mem_printf("%s%s", base, below);
    }
    return mem_printf("%s/%s", base, q->path);
}

/* ---- by links -------------------------------------------------------------------------------- */

/* What the link at path (absolute, for that process) says; NULL: it is none. "self" in /proc is
 * whoever asks. */
static char *link_of(pid_t pid, const char *path)
{
    own_free char *seen = NULL;

    if (strcmp(path, "/proc/self") == 0)
        return mem_printf("%d", (int)pid);
    if (strcmp(path, "/proc/thread-self") == 0)
        return mem_printf("%d/task/%d", (int)pid, (int)pid);
    seen = mem_printf("/proc/%d/root%s", (int)pid, path);
    return read_link(seen);
}

/* Walks the path component by component, as path_resolution(7) says, and compares what comes out.
 * What does not exist is walked too: the flag need not be there on this host. */
static bool walk_is_flag(const struct path_query *q, const char *start)
{
    own_free char *todo = mem_str(start);
    own_buf struct buf done = {0};
    int links = 0;

    buf_puts(&done, "");
    for (;;) {
        char *name = todo + strspn(todo, "/");
        size_t len = strcspn(name, "/");
        const char *rest = name + len + strspn(name + len, "/");
        own_free char *target = NULL;
        char *next;

        if (len == 0)
            return text_is_flag(done.data);
        if (len == 2 && strncmp(name, "..", 2) == 0) {
            drop_last(&done);
        } else if (!(len == 1 && *name == '.')) {
            buf_puts(&done, "/");
            buf_add(&done, name, len);
            if (*rest != '\0' || q->follow)
                target = link_of(q->pid, done.data);
        }
        if (target == NULL) {
            next = mem_str(rest);
        } else {
            if (++links > MAX_LINKS)
                return false;
            if (*target == '/') {
                done.len = 0;
                done.data[0] = '\0';
            } else {
                drop_last(&done);
            }
            next = mem_printf("%s%s%s", target, *rest == '\0' ? "" : "/", rest);
        }
        free(todo);
        todo = next;
    }
}

/* ---- both ------------------------------------------------------------------------------------ */

static bool ends_with_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strcmp(slash == NULL ? path : slash + 1, FLAG_NAME) == 0;
}

bool present_path_is_flag(const struct path_query *q, enum present_links links)
{
    bool named = ends_with_name(q->path);
    own_free char *path = NULL, *normal = NULL;
    size_t len = strlen(q->path);

    if (strcmp(q->path, PRESENT_PATH) == 0 && !q->in_root)
        return true;
    /* These ask for a directory, which the flag is not. */
    if (len == 0 || q->path[len - 1] == '/' || (len > 1 && strcmp(q->path + len - 2, "/.") == 0))
        return false;
    if (!named && (links == PRESENT_BY_TEXT || !q->follow))
        return false;
    path = absolute(q);
    if (path == NULL)
        return false;
    normal = present_path_normal(path);
    if (text_is_flag(normal))
        return true;
    if (links == PRESENT_BY_TEXT)
        return false;
    if (!named) { /* nearly every path: one look tells that it is no link */
        own_free char *target = link_of(q->pid, path);

        if (target == NULL)
            return false;
    }
    return walk_is_flag(q, path);
}
