/* SPDX-License-Identifier: Apache-2.0
 *
 * report.h: the only writers of a report. They write into a buffer; who holds the descriptor
 * (main's commands) writes it out in one go, so that nothing half-written is left. Touches nothing.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "model/result.h"

struct report_style {
    bool colour;
    unsigned width; /* columns; 0: as wide as it takes */
    bool all;       /* text: whatever is there, and a line for each row; else what is alike together */
};

/* The parts that are of interest; the others are not mentioned. */
enum report_parts {
    REPORT_MODULES = 1,
    REPORT_NSS = 2,
    REPORT_JAVA = 4,
    REPORT_ALL = 7,
};

void report_text(const struct report *report, unsigned parts, const struct report_style *style,
                 struct buf *out);
/* schema "fipsprobe-report/1" of the design, two-space indentation, keys in a fixed order. */
void report_json(const struct report *report, unsigned parts, struct buf *out);

#endif
