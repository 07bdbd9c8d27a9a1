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

#endif
