/* SPDX-License-Identifier: Apache-2.0
 *
 * classpath.h: the class path that java would give its VM: a provider may come from there. Reads
 * directories below a root; touches nothing else.
 */
#ifndef JAVA_HARNESS_CLASSPATH_H
#define JAVA_HARNESS_CLASSPATH_H

#include "java-harness/launch.h"

/* "-Djava.class.path=...", of the launcher's words, else of CLASSPATH; DIR followed by a slash and a
 * star is replaced by the jars in it, as java does (wildcard.c). What depends on the current
 * directory is left out, and told. The caller frees. */
char *classpath_option(const struct root *root, const struct launch *launch, char *const *env,
                       struct strings *told);

#endif
