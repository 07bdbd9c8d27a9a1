/* SPDX-License-Identifier: Apache-2.0
 *
 * variables.h: the variables of the environment that switch FIPS modes, or what is loaded. Their
 * values may hold passwords, which are masked. Reads the environment it is given.
 */
#ifndef HOST_VARIABLES_H
#define HOST_VARIABLES_H

#include "model/result.h"

void variables_read(char *const *env, struct host *out);

/* A copy that is clean (text.h), at most some thousand bytes long, and shows no password: what
 * follows a word such as password, secret or pin is replaced by "***", to the end of its token. */
char *variables_mask(const char *value);

#endif
