/* SPDX-License-Identifier: Apache-2.0
 *
 * providers.h: the configurations of SunPKCS11 that a JDK's security properties name, and the paths
 * in them. Reads files below a root.
 */
#ifndef JAVA_HARNESS_PROVIDERS_H
#define JAVA_HARNESS_PROVIDERS_H

#include "java-harness/security.h"
#include "model/result.h"

/* Everything that the entry of a list of providers says; false: it is not SunPKCS11 with an
 * argument. home: java.home. */
bool providers_pkcs11(const struct root *root, const char *home, const struct launch *launch,
                      const struct security *security, const struct prop *entry,
                      struct jdk_pkcs11 *out);

#endif
