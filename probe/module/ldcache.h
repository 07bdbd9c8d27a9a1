/* SPDX-License-Identifier: Apache-2.0
 *
 * ldcache.h: glibc's /etc/ld.so.cache: which file the loader takes for a library's name. The cache
 * may come from an image of any architecture and is hostile: every offset is checked. Reads memory,
 * touches nothing.
 */
#ifndef MODULE_LDCACHE_H
#define MODULE_LDCACHE_H

#include <stdbool.h>
#include <stddef.h>

#define LDCACHE_PATH "/etc/ld.so.cache"
#define LDCACHE_MAX_BYTES (16u << 20) /* that of a desktop has 0.3 MB */

struct ldcache_entry {
    char *name, *path; /* cleaned; path is absolute */
    bool for_some_cpus; /* below glibc-hwcaps or such: taken only where the CPU has what it needs */
};

struct ldcache {
    struct ldcache_entry *items; /* in the order in which the loader takes them */
    size_t n;
    char *problem; /* why it could not be read, or not to its end; NULL: it could */
};

/* Keeps the entries whose name is wanted. */
void ldcache_read(const void *data, size_t len, bool (*wanted)(const char *name),
                  struct ldcache *out);
void ldcache_free(struct ldcache *cache);
#define own_ldcache __attribute__((cleanup(ldcache_free)))

#endif
