/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"

#include "base/own.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#define LABEL 17 /* columns of a field's label, with its indentation */
#define LEAST 24 /* columns that text always gets, however narrow the page */

/* ---- columns ------------------------------------------------------------------------------------ */

struct range {
    uint32_t first, last;
};

/* The blocks of Unicode 15 (EastAsianWidth.txt W and F, general category Mn) as far as names and
 * messages can be expected to hold them. */
static const struct range wide[] = {
    {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0x33ff}, {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
    {0xa000, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};
static const struct range narrow[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f}, {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

static bool is_in(const struct range *ranges, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last)
            return true;
    return false;
}

/* Bytes of the character at s (UTF-8, as text_clean leaves it) and its columns. */
static size_t character(const char *s, size_t *columns)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t n = p[0] < 0xc0 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t cp = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));

    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) { /* not UTF-8 after all */
            n = i;
            break;
        }
        cp = cp << 6 | (p[i] & 0x3fu);
    }
    *columns = is_in(narrow, sizeof narrow / sizeof *narrow, cp) ? 0
               : is_in(wide, sizeof wide / sizeof *wide, cp)     ? 2
                                                                 : 1;
    return n;
}

size_t page_columns(const char *s)
{
    size_t columns = 0, c;

    while (*s != '\0') {
        s += character(s, &c);
        columns += c;
    }
    return columns;
}

size_t page_width(const struct page *page)
{
    return page->style->width == 0 ? SIZE_MAX / 2 : page->style->width;
}

/* ---- words on the page --------------------------------------------------------------------------- */

void page_puts(struct page *page, enum tint tint, const char *s)
{
    static const char *const on[] = {
        [TINT_NONE] = "",         [TINT_BOLD] = "\x1b[1m", [TINT_DIM] = "\x1b[2m",
        [TINT_GOOD] = "\x1b[32m", [TINT_ODD] = "\x1b[33m", [TINT_BAD] = "\x1b[1;31m",
    };
    bool tinted = page->style->colour && tint != TINT_NONE && *s != '\0';
    own_free char *clean = text_clean(s, strlen(s)); /* as it should be already */

    if (tinted)
        buf_puts(page->out, on[tint]);
    buf_puts(page->out, clean);
    if (tinted)
        buf_puts(page->out, "\x1b[0m");
}

void page_blanks(struct page *page, size_t n)
{
    while (n-- > 0)
        buf_puts(page->out, " ");
}

void page_cell(struct page *page, enum tint tint, const char *s, size_t width)
{
    size_t columns = page_columns(s);

    page_puts(page, tint, s);
    if (columns < width)
        page_blanks(page, width - columns);
}

void page_end(struct page *page)
{
    struct buf *b = page->out;

    while (b->len > 0 && b->data[b->len - 1] == ' ')
        b->data[--b->len] = '\0';
    buf_puts(b, "\n");
}

void page_heading(struct page *page, const char *title, const char *aside)
{
    if (page->out->len > 0)
        page_end(page);
    page_puts(page, TINT_BOLD, title);
    if (aside == NULL) {
        page_end(page);
        return;
    }
    page_blanks(page, 2);
    page_wrap(page, page_columns(title) + 2, page_columns(title) + 2, aside);
}

/* How much of text fits into room columns: bytes. At a blank where there is one, else anywhere;
 * *next is where the rest starts. */
static size_t fits(const char *text, size_t room, size_t *next)
{
    size_t columns = 0, at = 0, blank = 0, c;

    while (text[at] != '\0') {
        size_t n = character(text + at, &c);

        if (text[at] == ' ')
            blank = at;
        else if (columns + c > room)
            break;
        columns += c;
        at += n;
    }
    if (text[at] == '\0') {
        *next = at;
        return at;
    }
    if (blank > 0) {
        *next = blank + 1;
        return blank;
    }
    if (at == 0)
        at = character(text, &c);
    *next = at;
    return at;
}

void page_wrap(struct page *page, size_t at, size_t indent, const char *raw)
{
    size_t width = page_width(page);
    own_free char *clean = text_clean(raw, strlen(raw));
    const char *text = clean;

    if (*text == '\0')
        page_end(page);
    while (*text != '\0') {
        size_t room = width > at + LEAST ? width - at : LEAST;
        size_t next, n = fits(text, room, &next);

        buf_add(page->out, text, n);
        page_end(page);
        text += next;
        if (*text != '\0')
            page_blanks(page, indent);
        at = indent;
    }
}

void page_field(struct page *page, const char *label, const char *text)
{
    size_t at;

    if (text == NULL)
        return;
    page_blanks(page, 2);
    page_cell(page, TINT_DIM, label, LABEL - 2);
    at = page_columns(label) + 2 > LABEL ? page_columns(label) + 2 : LABEL;
    page_wrap(page, at, LABEL, text);
}
