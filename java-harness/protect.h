/* SPDX-License-Identifier: Apache-2.0
 *
 * protect.h: keeps a JVM from writing to the host's NSS databases. In a child only, before the
 * VM's thread: it may mount in a namespace of its own, set HOME, and write to the scratch place.
 *
 * Red Hat's JDK 17 and 21 open /etc/pki/nssdb for writing in FIPS mode, and NSS rewrites it when
 * root merely lists the providers (JAVA-REDHAT section 5); any configuration of SunPKCS11 may name
 * a database like that. Where this user can write there, the VM gets a copy.
 */
#ifndef JAVA_HARNESS_PROTECT_H
#define JAVA_HARNESS_PROTECT_H

#include "base/mem.h"
#include "base/root.h"
#include "java-harness/launch.h"
#include "model/result.h"

struct protection {
    struct strings told;    /* what was done, one line each */
    struct strings options; /* for the VM */
    char *impossible;       /* why it cannot be done, so that the VM must not be started; or NULL */
};
void protect_databases(const struct jdk *jdk, const struct launch *launch, const char *scratch,
                       struct protection *out);
void protect_free(struct protection *protection);

/* The directories of the NSS databases that this JDK may open under this environment, found in
 * files below root alone: those of every configuration of SunPKCS11 that java.security or the
 * user's file beside it names, in force or not. */
struct protect_dirs {
    struct protect_dir {
        char *path;
        bool writes;  /* its nssDbMode is neither readOnly nor noDb */
        bool movable; /* fips.nssdb.path, and nothing that comes after our options sets it */
    } *items;
    size_t n;
};
struct protect_dirs protect_find(const struct root *root, const struct jdk *jdk,
                                 const struct launch *launch);
void protect_dirs_free(struct protect_dirs *dirs);

#endif
