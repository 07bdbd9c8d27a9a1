/* SPDX-License-Identifier: Apache-2.0
 *
 * launch.h: what the environment gives a JVM that is started by java, word for word, as it would
 * arrive there. Reads the files that those words name, below a root; touches nothing else.
 *
 * libjvm itself reads JAVA_TOOL_OPTIONS (before the arguments) and _JAVA_OPTIONS (after them), an
 * OpenJ9 also IBM_JAVA_OPTIONS and OPENJ9_JAVA_OPTIONS. The launcher, java of JDK 9 and later, puts
 * JDK_JAVA_OPTIONS before its arguments, @argfiles expanded, and takes some of it for itself
 * (args.c: JLI_AddArgsFromEnvVar, java.c: ParseArguments): a VM that is started through JNI has
 * that only because we do the same. HotSpot replaces -XX:VMOptionsFile (9 and later) and -XX:Flags
 * by what is in the files; so do we, because it may hold what must not reach a probe's VM. The
 * options that a JAR's manifest gives apply to that JAR alone: there is none here.
 */
#ifndef JAVA_HARNESS_LAUNCH_H
#define JAVA_HARNESS_LAUNCH_H

#include "base/mem.h"
#include "base/root.h"

#include <stdbool.h>

struct launch_word {
    char *text;           /* without quotes, as the VM takes it: --limit-modules=java.base */
    const char *variable; /* static: "JAVA_TOOL_OPTIONS" */
    char *via;            /* the file that the variable named; NULL: it stands there itself */
    const char *why_not;  /* static: why it must not reach the VM; NULL: it may */
};

struct launch {
    struct launch_word *items; /* in the order in which a later one wins */
    size_t n;
    char *refused;       /* why java would not start a program; NULL: it would */
    char *libjvm;        /* the one that java would start (kind.h); NULL: the JDK's ordinary one */
    char *not_followed;  /* why what java would start is not asked; NULL: it is */
    struct strings told; /* what of it does not reach the VM, one line each */
};

void launch_read(const struct root *root, char *const *env, unsigned long java_major,
                 struct launch *out);
void launch_free(struct launch *launch);
#define own_launch __attribute__((cleanup(launch_free)))

/* The word that sets -Dname, the last one; NULL: none does. Its value: "" where there is none. */
const struct launch_word *launch_property(const struct launch *launch, const char *name);
const char *launch_value(const struct launch_word *word);
/* "JAVA_TOOL_OPTIONS", "the file /x that JDK_JAVA_OPTIONS names". The caller frees. */
char *launch_source(const struct launch_word *word);

/* The value of a variable that libjvm reads, without what must not reach the VM; told says what was
 * left out. NULL: the variable can stay as it is. The caller frees. */
char *launch_variable(const struct launch *launch, const char *variable, const char *value,
                      struct strings *told);
/* What the launcher would add: into pass, without what must not reach the VM, and without its class
 * path. */
void launch_pass(const struct launch *launch, struct strings *pass, struct strings *told);
/* The word of the launcher that gives the class path, the last one; NULL: none does. */
#define LAUNCH_CLASS_PATH "-Djava.class.path="
const struct launch_word *launch_class_path(const struct launch *launch);

#endif
