/* SPDX-License-Identifier: Apache-2.0
 *
 * page.h: inside report only. Text laid out in columns: widths are columns of a terminal, not
 * bytes; colour is never the only carrier of a meaning.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

struct page {
    struct buf *out;
    const struct report_style *style;
};

enum tint { TINT_NONE, TINT_BOLD, TINT_DIM, TINT_GOOD, TINT_ODD, TINT_BAD };

/* Columns that s takes: combining marks take none, East Asian wide characters two. */
size_t page_columns(const char *s);
/* The width to lay out for: style.width, or more than any line needs. */
size_t page_width(const struct page *page);

void page_puts(struct page *page, enum tint tint, const char *s);
/* s and blanks up to width columns; never cut. */
void page_cell(struct page *page, enum tint tint, const char *s, size_t width);
void page_blanks(struct page *page, size_t n);
void page_end(struct page *page); /* of the line; blanks before it are taken back */

void page_heading(struct page *page, const char *title, const char *aside);
/* text broken at blanks (a word that is longer than the page wherever it must be); the first line
 * begins at column `at`, where the cursor is already, the others at column `indent`. Ends the
 * line. */
void page_wrap(struct page *page, size_t at, size_t indent, const char *text);
/* "  label     text", wrapped beside its label; NULL text: nothing. */
void page_field(struct page *page, const char *label, const char *text);

#endif
