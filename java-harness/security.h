/* SPDX-License-Identifier: Apache-2.0
 *
 * security.h: the security properties that a JDK would have, from java.security and all that is put
 * over it, and who put it there. Reads files below a root.
 *
 * java.security/Security.java: the file of the JDK; then the user's (-Djava.security.properties),
 * over it or, with a second "=", instead of it, if security.overridePropertiesFile is true. An
 * "include FILE" stands for the file's lines (JDK-8319332, 24 and later); one that cannot be read
 * makes Security unusable. Red Hat's generations 1 and 2 load crypto-policies' java.config behind
 * them (JAVA.md 1.3), which fips.h looks at.
 */
#ifndef JAVA_HARNESS_SECURITY_H
#define JAVA_HARNESS_SECURITY_H

#include "java-harness/launch.h"
#include "java-harness/props.h"

struct security_file {
    char *path;    /* as it was named */
    char *real;    /* where links lead; NULL: it is the path itself, or there is no such file */
    char *raw;     /* for opening: real or path, with every byte */
    char *why;     /* "of the JDK", "included by /x", "of JAVA_TOOL_OPTIONS" */
    char *problem; /* why it was not read; NULL: it was */
    bool user;     /* -Djava.security.properties leads to it */
};

struct security {
    struct {
        struct security_file *items;
        size_t n;
    } files;
    struct props props; /* one behind the other; the last one of a key is in force */
    size_t *from;       /* per property: the file that it stands in */
    bool replaced;      /* the user's file stands for java.security */
    char *broken;       /* why Security cannot be initialised at all; NULL: it can */
};

/* fips_flag: the value that Red Hat's generation 3 sees for the kernel's flag. */
void security_read(const struct root *root, const char *home, unsigned long java_major,
                   const struct launch *launch, bool fips_flag, struct security *out);
void security_free(struct security *security);
#define own_security __attribute__((cleanup(security_free)))

/* The value in force; NULL: there is none. file, unless NULL: where it stands. */
const char *security_get(const struct security *security, const char *key,
                         const struct security_file **file);

/* ${name} replaced as the JDK would, where a system property is known without a JVM; NULL where one
 * has no value (with empty: nothing in its place). The caller frees. */
char *security_expand(const char *text, const char *home, const struct launch *launch,
                      const struct security *security, bool fips_flag, bool empty);

#endif
