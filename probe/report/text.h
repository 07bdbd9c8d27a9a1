/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h: inside report only. The parts of the text report.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/page.h"

#define TEXT_EVIDENCE 6 /* lines of evidence that a finding shows */

void text_mechanisms(struct page *page, const struct report *report, unsigned parts);
/* What the marks of its table mean, and how it was measured. */
void text_measured(struct page *page, const struct report *report);
/* Of the doors of NSS, beside what they answered. */
void text_token(struct page *page, const struct report *report);
/* What depends on what, row by row. */
void text_dependence(struct page *page, const struct report *report, unsigned parts);
void text_switches(struct page *page, const struct report *report);
void text_lists(struct page *page, const struct report *report);
void text_java(struct page *page, const struct report *report);

#endif
