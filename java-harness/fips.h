/* SPDX-License-Identifier: Apache-2.0
 *
 * fips.h: what the files of a JDK say about its FIPS support, without starting it. Reads files
 * below a root.
 */
#ifndef JAVA_HARNESS_FIPS_H
#define JAVA_HARNESS_FIPS_H

#include "base/root.h"

/* "stock", "Red Hat generation 2", ...; NULL where there is no java.security to tell by. home:
 * java.home. */
char *fips_support(const struct root *root, const char *home);

/* What in the environment and the files switches it, joined by "; "; NULL: nothing seen. support:
 * what fips_support gave. */
char *fips_switch(const struct root *root, const char *home, const char *support,
                  char *const *env);

/* What the context jvm-options does to the JVM beside taking away every option that is a switch of
 * FIPS mode: "-Dcom.redhat.fips=false", added; or "without ...", nothing more. NULL: this kind of
 * JDK has no such option, and none is in force. */
char *fips_option(const char *support, char *const *env);
/* Is this option of a JVM one that decides about FIPS mode, for this kind of JDK? */
bool fips_is_switch(const char *support, const char *option);
/* May this JDK's own configuration lead to NSS? True where that cannot be told. */
bool fips_asks_nss(const struct root *root, const char *home, const char *support);

#endif
