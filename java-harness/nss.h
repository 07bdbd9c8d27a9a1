/* SPDX-License-Identifier: Apache-2.0
 *
 * nss.h: the NSS that a JVM in this process has loaded. In a child only; loads nothing.
 */
#ifndef JAVA_HARNESS_NSS_H
#define JAVA_HARNESS_NSS_H

/* Is its internal module in FIPS mode, so that Java has no other token of it? 1, 0; -1: no libnss3
 * is loaded, or it does not say. */
int nss_in_fips_mode(void);

#endif
