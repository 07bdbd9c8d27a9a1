/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-error.h: the names of libnss3's error codes. Pure data: touches nothing.
 */
#ifndef SOFTOKN_NSS_ERROR_H
#define SOFTOKN_NSS_ERROR_H

#include <stdbool.h>

/* "SEC_ERROR_BAD_DATA", "PR_IO_ERROR"; NULL: no such number in the headers. */
const char *nss_error_name(long number);
/* Is it the name of such an error? */
bool nss_error_is_known(const char *name);

#endif
