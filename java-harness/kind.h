/* SPDX-License-Identifier: Apache-2.0
 *
 * kind.h: which of a JDK's VMs java would start: what jvm.cfg says of the kinds (server, zero ...),
 * JDK_ALTERNATE_VM, and words such as -server among the launcher's (OpenJDK's java.c: ReadKnownVMs,
 * CheckJvmType; java_md.c: GetJVMPath). Reads files below a root; touches nothing else.
 */
#ifndef JAVA_HARNESS_KIND_H
#define JAVA_HARNESS_KIND_H

#include "java-harness/launch.h"

enum kind_use { KIND_KNOWN, KIND_ALIASED, KIND_WARN, KIND_ERROR, KIND_IGNORE };

struct kind {
    char *name; /* "server" */
    enum kind_use use;
    char *alias; /* KIND_ALIASED: the word that stands for it, "-server" */
};

struct kinds {
    struct kind *items; /* in the order of jvm.cfg: the first one is what java starts by itself */
    size_t n;
};

/* libraries: the directory of jvm.cfg. None where it cannot be read or names none. */
void kinds_read(const struct root *root, const char *libraries, struct kinds *out);
void kinds_free(struct kinds *kinds);
#define own_kinds __attribute__((cleanup(kinds_free)))

/* Takes the words that choose a VM out of launch, and tells of each; sets launch->libjvm where java
 * would start another one than jdk's, launch->refused where there is none like that, and
 * launch->not_followed where the choice leads to the current directory. */
void kind_choose(const struct root *root, char *const *env, const char *libraries,
                 const char *libjvm, struct launch *launch);

#endif
