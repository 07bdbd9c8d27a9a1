/* SPDX-License-Identifier: Apache-2.0
 *
 * root.h: reading files below a root directory, which is "/" or the tree of an unpacked image (or
 * a fixture of the tests). No symbolic link leads out of it. Nothing is ever written.
 */
#ifndef BASE_ROOT_H
#define BASE_ROOT_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <sys/stat.h>

struct root {
    int fd;    /* of the directory; AT_FDCWD never */
    bool live; /* it is "/": system calls about this host (uname, getuid) mean something */
};

int root_init(struct root *root, const char *dir, struct err *err) must_check;
void root_free(struct root *root);

/* path is absolute, as a process in that root would see it. Returns the descriptor or -errno. */
int root_open(const struct root *root, const char *path, int flags) must_check;
/* The whole file into out (replacing what it held), at most max bytes; 0 or -errno (EFBIG: longer).
 * What grows while it is read, as files in /proc do, is read to its end. */
int root_read(const struct root *root, const char *path, size_t max, struct buf *out) must_check;
/* The first line of the file without its newline, cleaned (text.h); NULL if unreadable. */
char *root_line(const struct root *root, const char *path);
bool root_exists(const struct root *root, const char *path);
int root_stat(const struct root *root, const char *path, struct stat *st) must_check; /* 0, -errno */
/* Where a link points, as stored; NULL if it is none. The caller frees. */
char *root_readlink(const struct root *root, const char *path);

#endif
