/* SPDX-License-Identifier: Apache-2.0
 *
 * p11config.h: a configuration file of SunPKCS11, read as Java reads it
 * (sun/security/pkcs11/Config.java, OpenJDK 8 to 25). Pure functions.
 *
 * Java passes the provider over without a word where this fails, so that the reason is worth much.
 */
#ifndef JAVA_HARNESS_P11CONFIG_H
#define JAVA_HARNESS_P11CONFIG_H

#include "base/mem.h"

#include <stdbool.h>

struct p11config {
    struct p11entry {
        char *keyword, *value;
    } *items;
    size_t n;
    char *problem; /* why Java refuses it; NULL: it does not */
};

struct p11config p11config_parse(const char *text);
void p11config_free(struct p11config *config);
#define own_p11config __attribute__((cleanup(p11config_free)))

const char *p11config_get(const struct p11config *config, const char *keyword); /* or NULL */
/* Through libnss3 and its module database, not a library of its own? */
bool p11config_is_nss(const struct p11config *config);

#endif
