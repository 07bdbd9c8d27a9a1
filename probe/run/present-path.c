/* SPDX-License-Identifier: Apache-2.0 */
#include "run/present-path.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/own.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#define FLAG_NAME "fips_enabled"
#define SYSCTL "/proc/sys"
#define PROC_ROOT_INO 1 /* linux/proc_fs.h */
#define MAX_LINKS 40    /* as the kernel: path_resolution(7) */

/* linux/openat2.h, which older kernel headers lack (Linux 5.6; RESOLVE_CACHED: 5.12). */
#define NO_XDEV 0x01u
#define NO_MAGICLINKS 0x02u
#define NO_SYMLINKS 0x04u
#define BENEATH 0x08u
#define IN_ROOT 0x10u
#define CACHED 0x20u
#define KNOWN (NO_XDEV | NO_MAGICLINKS | NO_SYMLINKS | BENEATH | IN_ROOT | CACHED)
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

/* NULL with errno; EINVAL: there is something, and it is no link. */
static char *read_link(const char *path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target);

    if (n == PATH_MAX)
        errno = ENAMETOOLONG;
    return n < 0 || n >= PATH_MAX ? NULL : mem_dup(target, (size_t)n);
}

/* Is path at or below dir, by its text? */
static bool is_below(const char *path, const char *dir)
{
    size_t len = strlen(dir);

    return strncmp(path, dir, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* ---- without waiting ------------------------------------------------------------------------- */

/* The next component, without what means nothing; its length, 0 at the end. */
static size_t component(const char **path)
{
    size_t len;

    do {
        *path += strspn(*path, "/");
        len = strcspn(*path, "/");
        if (len != 1 || **path != '.')
            break;
        (*path)++;
    } while (true);
    return len;
}

/* The flag's own path, with "//" and "/./": none of its components is a link anywhere. */
static bool text_is_flag(const char *path)
{
    const char *flag = PRESENT_PATH;
    size_t len;

    do {
        size_t wanted = component(&flag);

        len = component(&path);
        if (len != wanted || strncmp(path, flag, len) != 0)
            return false;
        path += len;
        flag += len;
    } while (len > 0);
    return true;
}

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* Do this process and pid start at the same root? */
static bool same_root(pid_t pid)
{
    own_free char *root_path = mem_printf("/proc/%d/root", (int)pid);
    own_free char *names_path = mem_printf("/proc/%d/ns/mnt", (int)pid);
    own_free char *root = read_link(root_path), *names = read_link(names_path);
    own_free char *own = read_link("/proc/self/ns/mnt");

    return root != NULL && names != NULL && own != NULL && strcmp(root, "/") == 0 &&
           strcmp(names, own) == 0;
}

/* What the kernel's cache has there, without a file system being asked; -1 with errno. */
static int cached_open(const char *path, uint64_t resolve)
{
    struct {
        uint64_t flags, mode, resolve;
    } how = {O_PATH | O_NOFOLLOW | O_CLOEXEC, 0, CACHED | resolve};

    return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

/* Is it known that path ends in no symbolic link? Not where it leads through a process's own
 * directories in /proc, which are others for this process. */
static bool is_cached_plain(const struct path_query *q)
{
    own_fd int fd = -1;
    struct statx st;

    if (*q->path != '/' || !same_root(q->pid))
        return false;
    fd = cached_open(q->path, NO_MAGICLINKS);
    if (fd >= 0)
        return statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &st) == 0 &&
               (st.stx_mask & STATX_TYPE) && !S_ISLNK(st.stx_mode);
    return errno == ENOENT && cached_open(q->path, NO_SYMLINKS) < 0 && errno == ENOENT;
}

enum path_meaning present_path_quick(const struct path_query *q)
{
    const char *name = last_component(q->path);
    bool named = strcmp(name, FLAG_NAME) == 0;

    /* The flag is no directory; and these the kernel refuses, whatever it is. */
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        (q->resolve & ~(uint64_t)KNOWN) || ((q->resolve & BENEATH) && *q->path == '/'))
        return PATH_OTHER;
    if (!named && !q->follow)
        return PATH_OTHER;
    if (*q->path == '/' && !(q->resolve & (IN_ROOT | NO_XDEV)) && text_is_flag(q->path))
        return PATH_FLAG;
    return !named && !q->resolve && is_cached_plain(q) ? PATH_OTHER : PATH_MUST_FOLLOW;
}

/* ---- walking --------------------------------------------------------------------------------- */

/* A walk along a path, as path_resolution(7) says. The flag and its directories need not be there
 * on this host: they are walked all the same. */
struct walk {
    const struct path_query *q;
    char *root;      /* of that process, as this one sees it; "": the same */
    struct buf done; /* absolute for that process, without links but /proc/self */
    size_t floor;    /* length of what of it may not be left */
    int links;
};

static void walk_free(struct walk *w)
{
    free(w->root);
    buf_free(&w->done);
}
#define own_walk __attribute__((cleanup(walk_free)))

/* Links of procfs say what this process would call the place. */
static const char *as_seen_there(const struct walk *w, const char *path)
{
    if (*w->root != '\0' && is_below(path, w->root))
        path += strlen(w->root);
    return *path == '\0' ? "/" : path;
}

/* The path by which this process reaches what that one calls path. /proc/self is whoever asks, in
 * the numbers of this process. */
static char *reach(const struct walk *w, const char *path)
{
    return is_below(path, "/proc/self")
               ? mem_printf("/proc/%d%s", (int)w->q->pid, path + strlen("/proc/self"))
               : mem_printf("/proc/%d/root%s", (int)w->q->pid, path);
}

static void drop_last(struct walk *w)
{
    while (w->done.len > 0 && w->done.data[--w->done.len] != '/')
        ;
    w->done.data[w->done.len] = '\0';
}

static void go_to(struct walk *w, const char *path)
{
    w->done.len = 0;
    buf_puts(&w->done, path);
}

/* proc(5): links that lead to what they stand for, whatever they read. */
static bool is_magic(const char *path)
{
    static const char *const names[] = {"root", "cwd", "exe"};
    const char *name = last_component(path);

    if (!is_below(path, "/proc"))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return name - path > 4 && strncmp(name - 4, "/fd/", 4) == 0;
}

/* Does the walk stand at tail below the root of a procfs? That may be mounted at other places than
 * /proc. */
static bool is_in_proc(const struct walk *w, const char *tail)
{
    const char *path = w->done.data;
    own_free char *below = NULL, *dir = NULL;
    size_t len = strlen(path), n = strlen(tail);
    struct statfs fs;
    struct stat st;

    if (len <= n || strcmp(path + len - n, tail) != 0)
        return false;
    below = mem_dup(path, len - n);
    dir = reach(w, below);
    return statfs(dir, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC && stat(dir, &st) == 0 &&
           st.st_ino == PROC_ROOT_INO;
}

static bool is_flag(const struct walk *w)
{
    return strcmp(w->done.data, PRESENT_PATH) == 0 || is_in_proc(w, "/sys/crypto/" FLAG_NAME);
}

/* A directory above the flag, which need not be there? */
static bool is_above_flag(const struct walk *w)
{
    return is_below(PRESENT_PATH, w->done.data) || is_in_proc(w, "/sys/crypto");
}

static bool is_directory(const struct walk *w)
{
    own_free char *path = reach(w, w->done.data);
    struct stat st;

    return (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) || is_above_flag(w);
}

/* One step up; false: the kernel would refuse it. */
static bool go_up(struct walk *w)
{
    if (!is_directory(w))
        return false;
    if (w->done.len > w->floor)
        drop_last(w);
    else if (w->q->resolve & (BENEATH | NO_XDEV))
        return false;
    return true;
}

/* To where a link leads: its target stands before the rest of the path then. False: the kernel
 * would refuse it. */
static bool go_through(struct walk *w, const char *target)
{
    uint64_t how = w->q->resolve;
    bool magic = is_magic(w->done.data);

    if (++w->links > MAX_LINKS || (how & NO_SYMLINKS))
        return false;
    if (magic && (how & (NO_MAGICLINKS | BENEATH | IN_ROOT | NO_XDEV)))
        return false;
    if (*target != '/') {
        drop_last(w);
        return true;
    }
    if (how & (BENEATH | NO_XDEV))
        return false;
    w->done.len = w->floor;
    w->done.data[w->done.len] = '\0';
    return true;
}

/* What the link at which the walk stands says; NULL with errno. */
static char *link_here(const struct walk *w)
{
    own_free char *path = NULL, *target = NULL;

    if (strcmp(w->done.data, "/proc/self") == 0) {
        errno = EINVAL; /* stays as it is, where a link may be followed at all */
        return w->q->resolve & NO_SYMLINKS ? mem_str(".") : NULL;
    }
    if (strcmp(w->done.data, "/proc/thread-self") == 0)
        return mem_printf("self/task/%d", (int)w->q->pid);
    path = reach(w, w->done.data);
    target = read_link(path);
    if (target != NULL && is_magic(w->done.data))
        return mem_str(as_seen_there(w, target));
    return steal_ptr(&target);
}

static bool walk(struct walk *w, const char *path)
{
    own_free char *todo = mem_str(path);

    for (;;) {
        own_free char *target = NULL;
        const char *name = todo, *rest;
        size_t len = component(&name);
        char *next;

        if (len == 0)
            return is_flag(w);
        rest = name + len + strspn(name + len, "/");
        if (len == 2 && strncmp(name, "..", 2) == 0) {
            if (!go_up(w))
                return false;
        } else {
            buf_puts(&w->done, "/");
            buf_add(&w->done, name, len);
            if (name[len] == '/' && strcmp(w->done.data, PRESENT_PATH) == 0)
                return false; /* it is no directory */
            if (*rest != '\0' || w->q->follow)
                target = link_here(w);
            if (target == NULL && *rest != '\0' && errno != EINVAL && !is_above_flag(w))
                return false;
            if (target != NULL && !go_through(w, target))
                return false;
        }
        next = target == NULL ? mem_str(rest)
                              : mem_printf("%s%s%s", target, *rest == '\0' ? "" : "/", rest);
        free(todo);
        todo = next;
    }
}

/* Where the walk begins; false: that cannot be told, or the path is no good there. */
static bool begin(struct walk *w)
{
    const struct path_query *q = w->q;
    own_free char *root_path = mem_printf("/proc/%d/root", (int)q->pid), *root = NULL;
    own_free char *link = NULL, *base = NULL;
    const char *start;

    root = read_link(root_path);
    w->root = root == NULL || strcmp(root, "/") == 0 ? mem_str("") : steal_ptr(&root);
    go_to(w, "");
    if (*q->path == '/' && !(q->resolve & IN_ROOT))
        return !(q->resolve & NO_XDEV); /* /proc is a mount of its own */
    link = q->dirfd == AT_FDCWD ? mem_printf("/proc/%d/cwd", (int)q->pid)
                                : mem_printf("/proc/%d/fd/%d", (int)q->pid, q->dirfd);
    base = read_link(link);
    if (base == NULL || *base != '/') /* gone, or a pipe or socket: no path below it works */
        return false;
    start = as_seen_there(w, base);
    go_to(w, strcmp(start, "/") == 0 ? "" : start);
    if (q->resolve & (BENEATH | IN_ROOT))
        w->floor = w->done.len;
    if (q->resolve & NO_XDEV) {
        if (!is_below(w->done.data, SYSCTL))
            return false;
        if (w->floor < strlen(SYSCTL))
            w->floor = strlen(SYSCTL);
    }
    return true;
}

bool present_path_follow(const struct path_query *q)
{
    own_walk struct walk w = {.q = q};

    return begin(&w) && walk(&w, q->path);
}
