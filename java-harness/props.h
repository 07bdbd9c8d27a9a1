/* SPDX-License-Identifier: Apache-2.0
 *
 * props.h: the files that configure a JDK's security: java.security and what a user puts over it,
 * and the configuration of SunPKCS11. Reads files below a root.
 */
#ifndef JAVA_HARNESS_PROPS_H
#define JAVA_HARNESS_PROPS_H

#include "base/mem.h"
#include "base/root.h"

#include <stdbool.h>

#define PROPS_MAX ((size_t)1 << 20) /* bytes of one such file */

struct props {
    struct prop {
        char *key, *value;
    } *items;
    size_t n;
    bool malformed; /* a \u without its four digits: Java throws, and reads nothing */
};

/* The format of java.util.Properties. Red Hat's and newer "include FILE" lines come out as key
 * "include". */
struct props props_parse(const char *text);
/* 0 or -errno. */
int props_read(const struct root *root, const char *path, struct props *out) must_check;
void props_free(struct props *props);
#define own_props __attribute__((cleanup(props_free)))

const char *props_get(const struct props *props, const char *key); /* the last one; or NULL */
/* Has one of the keys that match the pattern a value that matches? */
bool props_match(const struct props *props, const char *key, const char *value);

/* The java.security of a java.home, where it is: the path, or NULL. The caller frees. */
char *props_security_file(const struct root *root, const char *home);

/* The file that the value of -Djava.security.properties names ("=" before it: it replaces
 * java.security). The caller frees. */
char *props_user_file(const char *value, bool *replaces);

/* The configuration of an entry "SunPKCS11 --TEXT", in which \n ends a line (sun.security.pkcs11.Config).
 * The caller frees. */
char *props_inline(const char *text);

/* The first value of a keyword in a configuration of SunPKCS11; NULL: it is not there. */
char *props_pkcs11(const char *config, const char *keyword);

#endif
