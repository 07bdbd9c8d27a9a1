/* SPDX-License-Identifier: Apache-2.0
 *
 * lists.h: the lists of mechanisms that NSS's tokens hand out, compared between doors and contexts.
 * Pure functions on the report.
 */
#ifndef JUDGE_LISTS_H
#define JUDGE_LISTS_H

#include "judge/look.h"

/* One list, and where it was handed out. */
struct offered {
    enum door door;
    unsigned contexts; /* bits of enum context: those in which this door gave this very list */
    const json_t *rows; /* the fact "mechanism_info" */
};

/* The distinct lists of each door, in the order of doors and contexts; at most room of them. */
size_t lists_offered(const struct report *report, struct offered *out, size_t room);
/* The same list, whatever the door? */
bool lists_same(const struct offered *a, const struct offered *b);

/* What the second list has that the first has not, what it lacks, and what both have with other key
 * sizes or flags. */
struct list_difference {
    struct strings more, fewer, other;
};
void lists_compare(const struct offered *a, const struct offered *b, struct list_difference *out);
void list_difference_free(struct list_difference *difference);

/* Those of a list that no row of the catalogue asks. rows: NULL: of every list, each once. */
void lists_without_row(const struct report *report, const json_t *rows, struct strings *out);

/* Why no row asks that mechanism; NULL: nobody says. */
const char *lists_reason(const struct report *report, const char *mechanism);

#endif
