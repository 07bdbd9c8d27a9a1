/* SPDX-License-Identifier: Apache-2.0
 *
 * switches.h: who of NSS takes the host for a FIPS one, and by what: the kernel's flag, NSS_FIPS in
 * the environment, a database. Measured where a door was asked in the contexts that tell it, else
 * by what stands in the file, else by NSS's source. Pure functions on the report.
 */
#ifndef JUDGE_SWITCHES_H
#define JUDGE_SWITCHES_H

#include "judge/look.h"

enum switch_basis { SWITCH_MEASURED, SWITCH_BY_FILE, SWITCH_BY_SOURCE };

struct fips_switch {
    char *who;          /* "nss", "libfreeblpriv3.so", "libnsssysinit.so" */
    char *what;         /* a sentence */
    enum switch_basis basis;
    const char *source; /* static: where NSS's source says it; NULL: measured */
};

struct fips_switches {
    struct fips_switch *items;
    size_t n;
};

void switches_find(const struct report *report, struct fips_switches *out);
void switches_free(struct fips_switches *switches);
const char *switch_basis_word(enum switch_basis basis); /* "measured", "by-file", "by-source" */

/* Is this version ("3.87.1") at least major.minor? -1: it cannot be read. */
int switches_at_least(const char *version, unsigned long major, unsigned long minor);

#endif
