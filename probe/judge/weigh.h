/* SPDX-License-Identifier: Apache-2.0
 *
 * weigh.h: inside judge only. One row of the report in its contexts: what differs, what decides.
 */
#ifndef JUDGE_WEIGH_H
#define JUDGE_WEIGH_H

#include "judge/judge.h"

/* What differs between two observations of one row, as words ("outcome, provider"), or NULL: they
 * are the same. The caller frees. */
char *judge_difference(const struct report *report, const struct observation *a,
                       const struct observation *b);

/* determinant.c: fills determined_by, changed_by and determined_reason of a row whose dependence
 * is known. */
void judge_determinant(const struct report *report, struct dependence_row *row);

#endif
