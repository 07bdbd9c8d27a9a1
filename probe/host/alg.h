/* SPDX-License-Identifier: Apache-2.0
 *
 * alg.h: what the kernel's crypto API refuses (AF_ALG), where asking loads no module into the
 * kernel. Reads files below a root; alg_ask makes sockets.
 */
#ifndef HOST_ALG_H
#define HOST_ALG_H

#include "base/root.h"

#include <stdbool.h>

/* What can be asked without anything being loaded. */
struct alg_question {
    const char *forbidden; /* the driver of a hash function that no kernel allows in FIPS mode */
    const char *allowed;   /* of one that every kernel does: if that is refused too, it is not for FIPS */
    char *why_not;         /* owned; NULL: it can be asked */
};

enum alg_answer { ALG_NOT_ASKED, ALG_REFUSED, ALG_GIVEN };

void alg_choose(const struct root *root, struct alg_question *out);
/* *line (owned by the caller) says what was asked and answered, or why not. */
enum alg_answer alg_ask(const struct alg_question *question, char **line);
void alg_clear(struct alg_question *question);

#endif
