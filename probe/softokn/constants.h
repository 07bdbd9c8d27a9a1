/* SPDX-License-Identifier: Apache-2.0
 *
 * constants.h: names of PKCS#11 and their numbers: all of the NSS headers that this program was
 * built with, and those that a newer NSS may use. Pure data: touches nothing.
 */
#ifndef SOFTOKN_CONSTANTS_H
#define SOFTOKN_CONSTANTS_H

#include <stdbool.h>
#include <stddef.h>

/* "CKM_AES_GCM", "CKK_AES", "CKG_...", "CKD_...", "CKO_...", "CKR_...". False: no such name. */
bool constants_number(const char *name, unsigned long *out);

/* The name of a number among those with a prefix ("CKM_"); NULL: none is known. */
const char *constants_name(const char *prefix, unsigned long number);
/* The same, or the number as "0x...". The caller frees. */
char *constants_text(const char *prefix, unsigned long number);

struct constant {
    const char *name;
    unsigned long number;
    unsigned rank; /* of several names with one number the highest is printed */
};

/* What older headers than those of the newest NSS lack. */
const struct constant *constants_newer(size_t *n);

/* For tests: the table of the headers, sorted by name. */
const struct constant *constants_table(size_t *n);

#endif
