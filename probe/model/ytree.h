/* SPDX-License-Identifier: Apache-2.0
 *
 * ytree.h: a YAML document as a tree that remembers its lines, for the project's data files. Only
 * its implementation may include <yaml.h>. (Not named yaml_: libyaml exports a yaml_free.) Reads
 * memory, touches nothing else.
 */
#ifndef MODEL_YTREE_H
#define MODEL_YTREE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum ytree_kind { YTREE_SCALAR, YTREE_LIST, YTREE_MAP };

struct ytree_node {
    enum ytree_kind kind;
    size_t line;             /* from 1 */
    char *text;              /* YTREE_SCALAR; never NULL there; has no NUL inside */
    struct ytree_node *items; /* YTREE_LIST: the items; YTREE_MAP: key, value, key, value ... */
    size_t n;                /* of items */
};

/* name stands in messages ("name:12: ..."). At most 16 MiB, nesting 32, no aliases (a small file
 * could grow to any size), no duplicate keys, scalar keys. */
int ytree_parse(const char *name, const char *text, size_t len, struct ytree_node *out,
               struct err *err) must_check;
void ytree_free(struct ytree_node *node);
#define own_ytree __attribute__((cleanup(ytree_free)))

/* The value of a key in a map, or NULL. */
const struct ytree_node *ytree_get(const struct ytree_node *map, const char *key);

/* "name:line: message", kind ERR_INPUT; returns -1. */
int ytree_error(const char *name, const struct ytree_node *node, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
