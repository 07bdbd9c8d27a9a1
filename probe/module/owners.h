/* SPDX-License-Identifier: Apache-2.0
 *
 * owners.h: inside module only. One file whose owner is looked for, and the databases that may know.
 */
#ifndef MODULE_OWNERS_H
#define MODULE_OWNERS_H

#include "base/mem.h"
#include "base/root.h"

struct owned {
    const char *path;
    char **owner; /* filled by whoever knows */
};

struct owned_list {
    struct owned *items;
    size_t n;
};

/* Is this, as a package database has it, the file at path? With /usr merged the same file has two
 * names (/lib64/x, /usr/lib64/x). */
bool owners_same_path(const char *path, const char *listed, size_t listed_len);

/* True where there is such a database; *problem is set where it could not be read. */
bool owners_dpkg(const struct root *root, struct owned_list *files);
bool owners_rpm(const struct root *root, struct owned_list *files, char **problem);

#endif
