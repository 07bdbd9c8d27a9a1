/* SPDX-License-Identifier: Apache-2.0
 *
 * java.h: finds JDKs, and asks one through JNI. java_find reads files only. java_ask runs only in
 * children of run.h: it may dlopen libjvm, never prints. Only this room includes <jni.h>.
 *
 * Facts of a group (struct group.facts):
 *     java_version     java.version, vm    java.vm.name + java.vm.version
 *     providers        [{name, version, info, services}] in order
 *     provider_error   the first exception of Security.getProviders(), with its chain of causes
 *     options          what was passed to the JVM beside the environment's own
 */
#ifndef JAVA_HARNESS_JAVA_H
#define JAVA_HARNESS_JAVA_H

#include "base/root.h"
#include "model/catalogue.h"
#include "model/result.h"
#include "run/run.h"

extern const struct op java_ops[];
int java_check(const struct spec *spec, const struct op *op, struct err *err) must_check;

/* The JDKs of this host, each once (by its real libjvm): those in homes (--java-home), which must
 * be JDKs or are listed with their problem; without any, JAVA_HOME, the java on PATH, then (if
 * all, or if there was none yet) /etc/alternatives and the usual directories. Nothing is taken
 * from the current directory. */
struct jdk_list {
    struct jdk *items;
    size_t n;
};
void java_find(const struct root *root, char *const *env, const struct strings *homes, bool all,
               struct jdk_list *out);

struct java_config {
    const struct jdk *jdk;
};
void java_ask(const struct child *child, struct wire *wire);

#endif
