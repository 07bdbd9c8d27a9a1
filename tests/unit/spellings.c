/* SPDX-License-Identifier: Apache-2.0
 *
 * With -DSPELLINGS_PROGRAM a program of its own, "spellings VALUE", which needs libc only: for
 * other architectures, static linking, and other roots.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "spellings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FLAG "/proc/sys/crypto/fips_enabled"
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif
#if defined(__x86_64__) && defined(__ILP32__) /* x32: the kernel's headers have the bit */
#define BIT __X32_SYSCALL_BIT
#else
#define BIT 0
#endif

/* linux/openat2.h, since Linux 5.6 */
#define NO_XDEV 0x01u
#define NO_MAGICLINKS 0x02u
#define NO_SYMLINKS 0x04u
#define BENEATH 0x08u
#define IN_ROOT 0x10u

/* ---- the spellings --------------------------------------------------------------------------- */

/* In a path, @ stands for the directory of links, % for the number of a descriptor of dir. */
static const struct spelling {
    const char *dir; /* the working directory, and what a dirfd is open on */
    const char *path;
    bool link; /* the last component is a symbolic link */
    int error; /* what it is refused with; 0: it is the flag */
} spellings[] = {
    {"/", FLAG, false, 0},
    {"/", "//proc/./sys//crypto/./fips_enabled", false, 0},
    {"/", "/proc/sys/../../proc/sys/crypto/../crypto/fips_enabled", false, 0},
    {"/", "/../../proc/sys/crypto/fips_enabled", false, 0},
    {"/", "proc/sys/crypto/fips_enabled", false, 0},
    {"/proc", "sys/crypto/fips_enabled", false, 0},
    {"/proc/sys", "./crypto/fips_enabled", false, 0},
    {"/proc/sys/kernel", "../crypto/fips_enabled", false, 0},
    {"/proc/self", "../sys/crypto/fips_enabled", false, 0},
    {"/", "/proc/self/root" FLAG, false, 0},
    {"/", "/proc/thread-self/root" FLAG, false, 0},
    {"/", "/proc/self/task/../root" FLAG, false, 0},
    {"/", "/proc/self/root/proc/self/root" FLAG, false, 0},
    {"/proc", "/proc/self/cwd/sys/crypto/fips_enabled", false, 0},
    {"/proc", "/proc/self/fd/%/sys/crypto/fips_enabled", false, 0},
    {"/proc/sys", "/proc/thread-self/fd/%/crypto/fips_enabled", false, 0},
    {"/proc/sys", "/dev/fd/%/crypto/fips_enabled", false, 0},
    {"/", "@/link", true, 0},
    {"/", "@/chain", true, 0},
    {"/", "@/up", true, 0},
    {"/", "@/fips_enabled", true, 0},
    {"@", "link", true, 0},
    {"@", "sub/../chain", true, 0},
    {"/", "@/sys/crypto/fips_enabled", false, 0},
    {"@", "sys/crypto/fips_enabled", false, 0},
    {"/", "@/top/proc/sys/crypto/fips_enabled", false, 0},
    {"/", "@/top@/sys/crypto/fips_enabled", false, 0},
    {"/", "@/me/root" FLAG, false, 0},
    /* which are no spellings of it */
    {"/", FLAG "/", false, -1},
    {"/", FLAG "/.", false, -1},
    {"/", FLAG "/../fips_enabled", false, -1},
    {"/", "@/slash", true, -1},
    {"/", "@/no/such/../../sys/crypto/fips_enabled", false, ENOENT},
    {"/", "@/file/../sys/crypto/fips_enabled", false, ENOTDIR},
    {"/", "@/loop", true, ELOOP},
    {"@", "fips_enable", false, ENOENT},
    {"@/sub", "fips_enabled", false, ENOENT},
};

static const struct {
    const char *name, *target; /* @ as above; a target of NULL: a file */
} links[] = {
    {"link", FLAG},   {"chain", "link"},  {"fips_enabled", "chain"}, {"loop", "loop"},
    {"sys", "/proc/sys"}, {"top", "/"},   {"me", "/proc/self"},      {"up", "../../proc/sys/crypto/fips_enabled"},
    {"slash", FLAG "/"}, {"file", NULL},
};

/* ---- what comes back ------------------------------------------------------------------------- */

static struct ask {
    int value, n;
    char dir[64]; /* of links, directly below /tmp */
    char *problems;
    size_t len;
} ask;

static void wrong(const char *call, const char *dir, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void wrong(const char *call, const char *dir, const char *path, const char *format, ...)
{
    char line[1024];
    int n = snprintf(line, sizeof line, "%s of '%s' in %s: ", call, path, dir);
    va_list args;

    va_start(args, format);
    n += vsnprintf(line + n, sizeof line - (size_t)n, format, args);
    va_end(args);
    if (n > (int)sizeof line - 2)
        n = (int)sizeof line - 2;
    line[n++] = '\n';
    ask.problems = realloc(ask.problems, ask.len + (size_t)n + 1);
    if (ask.problems == NULL)
        abort();
    memcpy(ask.problems + ask.len, line, (size_t)n);
    ask.len += (size_t)n;
    ask.problems[ask.len] = '\0';
}

/* A path with the signs filled in. */
static void fill(const char *from, int fd, char *to, size_t size)
{
    size_t at = 0;

    for (; *from != '\0' && at + 1 < size; from++) {
        if (*from == '@')
            at += (size_t)snprintf(to + at, size - at, "%s", ask.dir);
        else if (*from == '%')
            at += (size_t)snprintf(to + at, size - at, "%d", fd);
        else
            to[at++] = *from;
    }
    to[at < size ? at : size - 1] = '\0';
}

/* ---- the calls ------------------------------------------------------------------------------- */

struct open_how_all {
    uint64_t flags, mode, resolve;
};

static int open_2(int dirfd, const char *path, uint64_t flags, uint64_t resolve)
{
    struct open_how_all how = {flags, 0, resolve};

    return (int)syscall(SYS_openat2 | BIT, dirfd, path, &how, sizeof how);
}

static int by_open(int dirfd, const char *path, bool follow)
{
    (void)dirfd;
#ifdef SYS_open
    return (int)syscall(SYS_open, path, follow ? O_RDONLY : O_RDONLY | O_NOFOLLOW, 0);
#else
    return open(path, follow ? O_RDONLY : O_RDONLY | O_NOFOLLOW);
#endif
}

static int by_openat(int dirfd, const char *path, bool follow)
{
    return (int)syscall(SYS_openat, dirfd, path, follow ? O_RDONLY : O_RDONLY | O_NOFOLLOW, 0);
}

static int by_openat2(int dirfd, const char *path, bool follow)
{
    return open_2(dirfd, path, follow ? O_RDONLY : O_RDONLY | O_NOFOLLOW, 0);
}

/* Without a right to read, and opened again. */
static int by_path(int dirfd, const char *path, bool follow)
{
    int only = openat(dirfd, path, follow ? O_PATH : O_PATH | O_NOFOLLOW), fd, saved;
    struct stat st;
    char again[64];

    if (only < 0)
        return -1;
    snprintf(again, sizeof again, "/proc/self/fd/%d", only);
    fd = fstat(only, &st) == 0 && S_ISLNK(st.st_mode) ? (errno = ELOOP, -1)
                                                      : open(again, O_RDONLY);
    saved = errno;
    close(only);
    errno = saved;
    return fd;
}

static int by_access(int dirfd, const char *path, int mode)
{
    (void)dirfd;
#ifdef SYS_access
    return (int)syscall(SYS_access, path, mode);
#else
    return access(path, mode);
#endif
}

static int by_faccessat(int dirfd, const char *path, int mode)
{
    return (int)syscall(SYS_faccessat, dirfd, path, mode);
}

static int by_faccessat2(int dirfd, const char *path, int mode)
{
    return (int)syscall(SYS_faccessat2 | BIT, dirfd, path, mode, AT_EACCESS);
}

static int by_stat(int dirfd, const char *path, bool follow, mode_t *mode)
{
    struct stat st;
    int rc = follow ? stat(path, &st) : lstat(path, &st);

    (void)dirfd;
    *mode = st.st_mode;
    return rc;
}

static int by_fstatat(int dirfd, const char *path, bool follow, mode_t *mode)
{
    struct stat st;
    int rc = fstatat(dirfd, path, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW);

    *mode = st.st_mode;
    return rc;
}

#ifdef SYS_statx
static int by_statx(int dirfd, const char *path, bool follow, mode_t *mode)
{
    struct statx st;
    int rc = statx(dirfd, path, follow ? 0 : AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &st);

    *mode = st.stx_mode;
    return rc;
}
#endif

/* The call itself: libc has newer ones for stat(2). */
#if defined(SYS_stat64) || (defined(SYS_stat) && defined(__x86_64__))
static int by_stat_call(int dirfd, const char *path, bool follow, mode_t *mode)
{
#ifdef SYS_stat64
    uint32_t st[64]; /* asm/stat.h: the mode is at 16 */
    int rc = (int)syscall(follow ? SYS_stat64 : SYS_lstat64, path, st);

    *mode = st[4];
#else
    struct stat st;
    int rc = (int)syscall(follow ? SYS_stat : SYS_lstat, path, &st);

    *mode = st.st_mode;
#endif
    (void)dirfd;
    return rc;
}
#define HAVE_STAT_CALL 1
#endif

#ifdef SYS_fstatat64
static int by_fstatat64(int dirfd, const char *path, bool follow, mode_t *mode)
{
    uint32_t st[64];
    int rc = (int)syscall(SYS_fstatat64, dirfd, path, st, follow ? 0 : AT_SYMLINK_NOFOLLOW);

    *mode = st[4];
    return rc;
}
#endif

/* No descriptor is meant where AT_EMPTY_PATH stands with a path and AT_FDCWD. */
static int by_empty_path(int dirfd, const char *path, bool follow, mode_t *mode)
{
    struct stat st;
    int rc = fstatat(*path == '/' ? AT_FDCWD : dirfd, path, &st,
                     (follow ? 0 : AT_SYMLINK_NOFOLLOW) | (*path == '/' ? AT_EMPTY_PATH : 0));

    *mode = st.st_mode;
    return rc;
}

static ssize_t by_readlink(int dirfd, const char *path, char *to, size_t size)
{
    (void)dirfd;
#ifdef SYS_readlink
    return syscall(SYS_readlink, path, to, size);
#else
    return readlink(path, to, size);
#endif
}

static ssize_t by_readlinkat(int dirfd, const char *path, char *to, size_t size)
{
    return syscall(SYS_readlinkat, dirfd, path, to, size);
}

static const struct {
    const char *name;
    bool at;
    int (*open)(int dirfd, const char *path, bool follow);
    int (*access)(int dirfd, const char *path, int mode);
    int (*stat)(int dirfd, const char *path, bool follow, mode_t *mode);
    ssize_t (*readlink)(int dirfd, const char *path, char *to, size_t size);
} calls[] = {
    {.name = "open", .open = by_open},
    {.name = "openat", .open = by_openat, .at = true},
    {.name = "openat2", .open = by_openat2, .at = true},
    {.name = "open with O_PATH", .open = by_path, .at = true},
    {.name = "access", .access = by_access},
    {.name = "faccessat", .access = by_faccessat, .at = true},
    {.name = "faccessat2", .access = by_faccessat2, .at = true},
    {.name = "stat and lstat", .stat = by_stat},
    {.name = "fstatat", .stat = by_fstatat, .at = true},
    {.name = "fstatat with AT_EMPTY_PATH", .stat = by_empty_path, .at = true},
#ifdef SYS_statx
    {.name = "statx", .stat = by_statx, .at = true},
#endif
#ifdef HAVE_STAT_CALL
    {.name = "the call stat", .stat = by_stat_call},
#endif
#ifdef SYS_fstatat64
    {.name = "the call fstatat64", .stat = by_fstatat64, .at = true},
#endif
    {.name = "readlink", .readlink = by_readlink},
    {.name = "readlinkat", .readlink = by_readlinkat, .at = true},
};

/* ---- asking ---------------------------------------------------------------------------------- */

/* Is the error as expected? -1: any. */
static bool is_error(int error)
{
    return error < 0 || errno == error;
}

static void check_open(size_t c, const struct spelling *s, int fd, bool follow)
{
    char text[4] = {0};
    ssize_t n;
    int error = s->error != 0 ? s->error : s->link && !follow ? ELOOP : 0;

    if (s->link && !follow)
        error = ELOOP;
    if (error != 0) {
        if (fd >= 0 || !is_error(error))
            wrong(calls[c].name, s->dir, s->path, "%s instead of '%s'",
                  fd >= 0 ? "success" : strerror(errno), strerror(error));
    } else if (fd < 0) {
        wrong(calls[c].name, s->dir, s->path, "%s", strerror(errno));
    } else {
        n = read(fd, text, sizeof text);
        if (n != 2 || text[0] != '0' + ask.value || text[1] != '\n')
            wrong(calls[c].name, s->dir, s->path, "read '%.2s'", text);
    }
    if (fd >= 0)
        close(fd);
    ask.n++;
}

static void check_access(size_t c, const struct spelling *s, int dirfd, const char *path)
{
    static const struct {
        int mode, error;
    } rows[] = {{F_OK, 0}, {R_OK, 0}, {W_OK, EACCES}, {X_OK, EACCES}, {R_OK | W_OK, EACCES}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int error = s->error != 0 ? s->error : rows[i].error;
        int rc = calls[c].access(dirfd, path, rows[i].mode);

        ask.n++;
        if ((rc == 0) != (error == 0) || (rc < 0 && !is_error(error)))
            wrong(calls[c].name, s->dir, s->path, "mode %d: %s", rows[i].mode,
                  rc == 0 ? "success" : strerror(errno));
    }
}

static void check_stat(size_t c, const struct spelling *s, int dirfd, const char *path)
{
    for (int follow = 0; follow < 2; follow++) {
        int error = s->link && !follow ? 0 : s->error;
        mode_t mode = 0, wanted = s->link && !follow ? S_IFLNK | 0777 : S_IFREG | 0444;
        int rc = calls[c].stat(dirfd, path, follow, &mode);

        ask.n++;
        if ((rc == 0) != (error == 0) || (rc < 0 && !is_error(error)))
            wrong(calls[c].name, s->dir, s->path, "%s",
                  rc == 0 ? "success" : strerror(errno));
        else if (rc == 0 && mode != wanted)
            wrong(calls[c].name, s->dir, s->path, "mode %o", (unsigned)mode);
    }
}

static void check_readlink(size_t c, const struct spelling *s, int dirfd, const char *path)
{
    char to[256];
    ssize_t n = calls[c].readlink(dirfd, path, to, sizeof to);
    int error = s->link ? 0 : s->error != 0 ? s->error : EINVAL;

    ask.n++;
    if ((n > 0) != (error == 0) || (n < 0 && !is_error(error)))
        wrong(calls[c].name, s->dir, s->path, "%s", n < 0 ? strerror(errno) : "success");
}

static void ask_spelling(const struct spelling *s)
{
    char dir[256], path[512];
    int fd;

    fill(s->dir, -1, dir, sizeof dir);
    fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    fill(s->path, fd, path, sizeof path);
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
        /* A dirfd must count, not the directory: unless the path names that. */
        bool here = !calls[c].at || strstr(path, "/cwd/") != NULL;

        if (fd < 0 || chdir(here ? dir : "/") < 0) {
            wrong("chdir", dir, path, "%s", strerror(errno));
            break;
        }
        for (int follow = 0; calls[c].open != NULL && follow < 2; follow++) {
            int got = calls[c].open(fd, path, follow);

            if (got >= 0 || errno != ENOSYS)
                check_open(c, s, got, follow);
        }
        if (calls[c].access != NULL &&
            (calls[c].access(fd, "/", F_OK) == 0 || errno != ENOSYS))
            check_access(c, s, fd, path);
        if (calls[c].stat != NULL)
            check_stat(c, s, fd, path);
        if (calls[c].readlink != NULL)
            check_readlink(c, s, fd, path);
    }
    close(fd);
}

/* ---- openat2's ways to refuse ---------------------------------------------------------------- */

static const struct {
    const char *dir, *path;
    uint64_t resolve;
    int error;
} refusals[] = {
    {"/", FLAG, NO_SYMLINKS | NO_MAGICLINKS, 0},
    {"/proc", "sys/crypto/fips_enabled", BENEATH, 0},
    {"/proc/sys/kernel", "../crypto/fips_enabled", BENEATH, EXDEV},
    {"/proc", "sys/../sys/crypto/fips_enabled", BENEATH, 0},
    {"/", FLAG, BENEATH, EXDEV},
    {"@", "link", BENEATH, EXDEV},
    {"@", "sys/crypto/fips_enabled", BENEATH, EXDEV},
    {"@", "link", NO_SYMLINKS, ELOOP},
    {"@", "sys/crypto/fips_enabled", NO_SYMLINKS, ELOOP},
    {"/", "/proc/self/root" FLAG, NO_MAGICLINKS, ELOOP},
    {"/", "/proc/self/../sys/crypto/fips_enabled", NO_SYMLINKS, ELOOP},
    {"/", "/proc/self/root" FLAG, IN_ROOT, EXDEV},
    {"/proc", "/../sys/crypto/fips_enabled", IN_ROOT, 0},
    {"/", "@/link", IN_ROOT, 0},
    {"@", "link", IN_ROOT, ENOENT},
    {"@", "/file/sys", IN_ROOT, ENOTDIR},
    {"/", FLAG, NO_XDEV, EXDEV},
    {"/proc/sys", "crypto/fips_enabled", NO_XDEV, 0},
    {"@", "sys/crypto/fips_enabled", NO_XDEV, EXDEV},
    {"/", FLAG, 0x8000, EINVAL},
};

static void ask_refusals(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        char dir[256], path[512], text[2] = {0};
        int at, fd;

        fill(refusals[i].dir, -1, dir, sizeof dir);
        fill(refusals[i].path, -1, path, sizeof path);
        at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
        fd = open_2(at, path, O_RDONLY | O_CLOEXEC, refusals[i].resolve);
        if (fd < 0 && errno == ENOSYS)
            return;
        ask.n++;
        if ((fd >= 0) != (refusals[i].error == 0) || (fd < 0 && errno != refusals[i].error))
            wrong("openat2", dir, path, "resolve %x: %s", (unsigned)refusals[i].resolve,
                  fd < 0 ? strerror(errno) : "success");
        else if (fd >= 0 && (read(fd, text, 2) != 2 || text[0] != '0' + ask.value))
            wrong("openat2", dir, path, "read '%.1s'", text);
        close(fd);
        close(at);
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void make_links(void)
{
    char path[256];
    int fd;

    snprintf(ask.dir, sizeof ask.dir, "/tmp/spellings-XXXXXX");
    if (mkdtemp(ask.dir) == NULL)
        wrong("mkdtemp", "/tmp", ask.dir, "%s", strerror(errno));
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        snprintf(path, sizeof path, "%s/%s", ask.dir, links[i].name);
        if (links[i].target == NULL) {
            fd = creat(path, 0600);
            close(fd);
        } else if (symlink(links[i].target, path) < 0) {
            wrong("symlink", ask.dir, path, "%s", strerror(errno));
        }
    }
    snprintf(path, sizeof path, "%s/sub", ask.dir);
    if (mkdir(path, 0700) < 0)
        wrong("mkdir", ask.dir, path, "%s", strerror(errno));
}

static void remove_links(void)
{
    char path[256];

    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        snprintf(path, sizeof path, "%s/%s", ask.dir, links[i].name);
        (void)!unlink(path);
    }
    snprintf(path, sizeof path, "%s/sub", ask.dir);
    (void)!rmdir(path);
    (void)!rmdir(ask.dir);
}

int spellings_ask(int value, char **problems)
{
    ask = (struct ask){.value = value};
    make_links();
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        ask_spelling(&spellings[i]);
    ask_refusals();
    if (chdir("/") < 0)
        wrong("chdir", "/", "", "%s", strerror(errno));
    remove_links();
    *problems = ask.problems;
    return ask.n;
}

#ifdef SPELLINGS_PROGRAM
int main(int argc, char **argv)
{
    char *problems = NULL;
    int n = spellings_ask(argc > 1 && strcmp(argv[1], "1") == 0, &problems);

    printf("%s%d questions\n", problems == NULL ? "" : problems, n);
    return problems != NULL;
}
#endif
