/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h: inside report only. The rows that were asked and the doors that they were asked at, and
 * what stands where they meet.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "judge/look.h"
#include "report/page.h"

#define TABLE_PLACES 64

struct column {
    struct place at;
    char *name;
    size_t width;
};

struct table {
    const struct report *report;
    const struct probe **probes; /* in the order of the catalogue */
    size_t n_probes;
    struct column columns[TABLE_PLACES];
    size_t n_columns;
};

void table_fill(struct table *table, const struct report *report, unsigned parts);
void table_free(struct table *table);

/* One line a row with style.all; else the rows of which the same is said stand together, and those
 * that are absent everywhere are left to the list that says so. */
void table_write(struct page *page, const struct table *table);

/* Is the row absent at this door, with the host as it is, with either value of the flag, and in
 * every other context in which it was asked? */
bool table_absent(const struct dependence_row *row);

#endif
