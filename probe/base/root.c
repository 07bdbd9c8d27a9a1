/* SPDX-License-Identifier: Apache-2.0 */
#include "base/root.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>

/* struct open_how and RESOLVE_IN_ROOT as in <linux/openat2.h> (Linux 5.6), which glibc 2.28's
 * kernel headers lack. */
struct how {
    unsigned long long flags, mode, resolve;
};
#define HOW_RESOLVE_IN_ROOT 0x10
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

int root_init(struct root *root, const char *dir, struct err *err)
{
    root->live = strcmp(dir, "/") == 0;
    root->fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root->fd < 0)
        return err_errno(err, ERR_INPUT, errno, "cannot open the root directory '%s'", dir);
    return 0;
}

void root_free(struct root *root)
{
    if (root->fd >= 0)
        close(root->fd);
    root->fd = -1;
}

/* Where openat2 is not to be had (before Linux 5.6, or refused by a seccomp profile): every
 * component is opened with O_NOFOLLOW, links are resolved by hand, ".." stops at the root. */
static int open_walking(int rootfd, const char *path, int flags)
{
    own_free char *todo = mem_str(path);
    own_free char *done = mem_str(""); /* the directories walked so far, for ".." */
    int links = 0;

    for (;;) {
        char *name = todo + strspn(todo, "/");
        size_t len = strcspn(name, "/");
        const char *rest = name + len + strspn(name + len, "/");
        own_free char *part = mem_dup(name, len);
        own_free char *next = NULL;
        char target[PATH_MAX];
        ssize_t n;

        if (len == 0) /* nothing left: the directory itself */
            return openat(rootfd, *done == '\0' ? "." : done + 1, flags | O_NOFOLLOW | O_CLOEXEC);
        if (strcmp(part, "..") == 0) {
            char *slash = strrchr(done, '/');

            if (slash != NULL)
                *slash = '\0';
        } else if (strcmp(part, ".") != 0) {
            next = mem_printf("%s/%s", done, part);
            n = readlinkat(rootfd, next + 1, target, sizeof target - 1);
            if (n >= 0 && !(*rest == '\0' && (flags & O_NOFOLLOW))) {
                char *joined;

                if (++links > 40) {
                    errno = ELOOP;
                    return -1;
                }
                target[n] = '\0';
                if (target[0] == '/')
                    *done = '\0';
                joined = mem_printf("%s/%s", target, rest);
                free(todo);
                todo = joined;
                continue;
            }
            free(done);
            done = steal_ptr(&next);
        }
        if (*rest == '\0')
            return openat(rootfd, *done == '\0' ? "." : done + 1, flags | O_NOFOLLOW | O_CLOEXEC);
        {
            char *left = mem_str(rest);

            free(todo);
            todo = left;
        }
    }
}

int root_open(const struct root *root, const char *path, int flags)
{
    struct how how = {.flags = (unsigned)(flags | O_CLOEXEC), .resolve = HOW_RESOLVE_IN_ROOT};
    int fd;

    if (root->live) {
        fd = open(path, flags | O_CLOEXEC);
        return fd < 0 ? -errno : fd;
    }
    fd = (int)syscall(SYS_openat2, root->fd, path, &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        fd = open_walking(root->fd, path, flags);
    return fd < 0 ? -errno : fd;
}

int root_read(const struct root *root, const char *path, size_t max, struct buf *out)
{
    own_fd int fd = root_open(root, path, O_RDONLY | O_NONBLOCK);
    struct stat st;
    int rc;

    buf_free(out);
    if (fd < 0)
        return fd;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (S_ISDIR(st.st_mode))
        return -EISDIR;
    if (!S_ISREG(st.st_mode)) /* a FIFO or a device would hang or never end */
        return -EINVAL;
    rc = buf_read(out, fd, max);
    if (rc < 0)
        return rc;
    if (out->data == NULL)
        buf_puts(out, "");
    return 0;
}

char *root_line(const struct root *root, const char *path)
{
    own_buf struct buf b = {0};

    if (root_read(root, path, 65536, &b) < 0)
        return NULL;
    return text_clean(b.data, strcspn(b.data, "\n"));
}

bool root_exists(const struct root *root, const char *path)
{
    struct stat st;

    return root_stat(root, path, &st) == 0;
}

int root_stat(const struct root *root, const char *path, struct stat *st)
{
    own_fd int fd = root_open(root, path, O_PATH);

    if (fd < 0)
        return fd;
    return fstat(fd, st) < 0 ? -errno : 0;
}

char *root_readlink(const struct root *root, const char *path)
{
    own_fd int fd = root_open(root, path, O_PATH | O_NOFOLLOW);
    char target[PATH_MAX];
    ssize_t n;

    if (fd < 0)
        return NULL;
    n = readlinkat(fd, "", target, sizeof target);
    return n < 0 ? NULL : mem_dup(target, (size_t)n);
}
