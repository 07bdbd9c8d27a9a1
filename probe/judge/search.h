/* SPDX-License-Identifier: Apache-2.0
 *
 * search.h: inside judge only. A finder looks for one diagnosis in a report and writes down each
 * thing that it finds with its evidence. It finds nothing without evidence in the report.
 */
#ifndef JUDGE_SEARCH_H
#define JUDGE_SEARCH_H

#include "judge/look.h"

struct search {
    struct report *report;
    const struct diagnosis *diagnosis; /* what is looked for */
};

struct finder {
    const char *id;
    void (*look)(struct search *search);
};

/* Closed by a NULL id. */
extern const struct finder find_in_modules[], find_in_nss[], find_in_java[],
    find_in_java_answers[], find_in_host[];

/* The finding of this diagnosis about subject: one that is there already, or a new one. NULL is a
 * subject too: the whole host. The pointer is good until the next one is asked for. */
struct finding *search_found(struct search *search, const char *subject);
/* One line of evidence; the same line is kept once. */
void search_evidence(struct finding *finding, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "cipher.des-cbc at softokn-fips (kernel-on)". The caller frees. */
char *search_where(const struct report *report, const struct observation *observation);

#endif
