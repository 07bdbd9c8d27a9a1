/* SPDX-License-Identifier: Apache-2.0
 *
 * fips.h: what the files of a JDK and the environment say about its FIPS mode, without starting it.
 * Reads files below a root.
 */
#ifndef JAVA_HARNESS_FIPS_H
#define JAVA_HARNESS_FIPS_H

#include "java-harness/launch.h"
#include "model/result.h"

/* Of the JDK with this home, libjvm and version: all of fips_*, security_files, pkcs11 and
 * asks_nss. */
void fips_examine(const struct root *root, char *const *env, struct jdk *jdk);

/* "stock", "Red Hat generation 2", ... of java.security alone; NULL where there is none to tell
 * by. home: java.home. */
char *fips_support(const struct root *root, const char *home);

/* What the context jvm-options does to the JVM beside taking away every option that is a switch of
 * FIPS mode: "-Dcom.redhat.fips=false", added; or "without ...", nothing more. NULL: this kind of
 * JDK has no such option, and none is in force. */
char *fips_option(const char *support, const struct launch *launch);
/* Is this option of a JVM one that decides about FIPS mode, for this kind of JDK? */
bool fips_is_switch(const char *support, const char *option);

#endif
