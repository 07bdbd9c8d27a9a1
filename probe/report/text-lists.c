/* SPDX-License-Identifier: Apache-2.0
 *
 * text-lists.c: the mechanism lists of NSS's tokens: how long, what no row asks, what differs.
 */
#include "report/text.h"

#include "base/own.h"
#include "judge/lists.h"

#include <string.h>

#define LISTS 64

/* The contexts in which this door told a list at all. */
static unsigned contexts_of(const struct offered *all, size_t n, enum door door)
{
    unsigned contexts = 0;

    for (size_t i = 0; i < n; i++)
        if (all[i].door == door)
            contexts |= all[i].contexts;
    return contexts;
}

/* "softokn-fips", "softokn-default (kernel-on)": the contexts where it has several lists. */
static void add_where(struct buf *out, const struct offered *all, size_t n,
                      const struct offered *list)
{
    bool some = false;

    buf_printf(out, "%s%s", out->len == 0 ? "" : ", ", door_word(list->door));
    if (list->contexts == contexts_of(all, n, list->door))
        return;
    for (int c = 0; c < CONTEXT_MAX; c++)
        if (list->contexts & 1u << c) {
            buf_printf(out, "%s%s", some ? ", " : " (", context_word((enum context)c));
            some = true;
        }
    buf_puts(out, ")");
}

/* Everywhere where this very list was told. The caller frees. */
static char *where_same(const struct offered *all, size_t n, size_t which)
{
    struct buf out = {0};

    for (size_t i = which; i < n; i++)
        if (lists_same(&all[which], &all[i]))
            add_where(&out, all, n, &all[i]);
    return buf_steal(&out);
}

static bool told_before(const struct offered *all, size_t which)
{
    for (size_t i = 0; i < which; i++)
        if (lists_same(&all[i], &all[which]))
            return true;
    return false;
}

static void add_names(struct buf *out, const char *what, const struct strings *names)
{
    if (names->n == 0)
        return;
    buf_printf(out, "%s%zu %s: ", out->len == 0 ? "" : "; ", names->n, what);
    for (size_t i = 0; i < names->n; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : ", ", names->items[i]);
}

static void write_difference(struct page *page, const struct offered *all, size_t n, size_t which)
{
    struct list_difference d;
    own_free char *where = where_same(all, n, which), *first = where_same(all, n, 0);
    own_free char *line = NULL;
    own_buf struct buf names = {0};

    lists_compare(&all[0], &all[which], &d);
    add_names(&names, "more", &d.more);
    add_names(&names, "fewer", &d.fewer);
    add_names(&names, "with other key sizes or flags", &d.other);
    if (names.len == 0)
        buf_puts(&names, "the same in another order");
    line = mem_printf("%s, compared with %s: %s", where, first, names.data);
    page_field(page, "different", line);
    list_difference_free(&d);
}

static bool same_reason(const struct report *report, const char *a, const char *b)
{
    const char *of_a = lists_reason(report, a), *of_b = lists_reason(report, b);

    return of_a == NULL || of_b == NULL ? of_a == of_b : strcmp(of_a, of_b) == 0;
}

static bool reason_told(const struct report *report, const struct strings *without, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same_reason(report, without->items[i], without->items[n]))
            return true;
    return false;
}

/* All with the same reason as the one, and that reason. */
static void write_without_row(struct page *page, const struct report *report,
                              const struct strings *without, size_t one)
{
    const char *reason = lists_reason(report, without->items[one]);
    own_buf struct buf names = {0};

    for (size_t i = one; i < without->n; i++)
        if (same_reason(report, without->items[i], without->items[one]))
            buf_printf(&names, "%s%s", i == one ? "" : ", ", without->items[i]);
    if (reason != NULL)
        buf_printf(&names, ": %s", reason);
    page_field(page, "in no row", names.data);
}

void text_lists(struct page *page, const struct report *report)
{
    struct offered all[LISTS];
    size_t n = lists_offered(report, all, LISTS);
    struct strings without = {0};

    if (n == 0)
        return;
    page_heading(page, "Mechanism lists",
                 page->style->all ? "what NSS's tokens say that they offer; --format json has key sizes and "
                                    "flags"
                                  : "what NSS's tokens say that they offer; --all names what is in no "
                                    "row");
    for (size_t i = 0; i < n; i++) {
        struct strings none = {0};
        own_free char *where = NULL, *line = NULL;

        if (told_before(all, i))
            continue;
        where = where_same(all, n, i);
        lists_without_row(report, all[i].rows, &none);
        line = mem_printf("%zu mechanisms, %zu of them in no row of the catalogue: %s",
                          json_array_size(all[i].rows), none.n, where);
        page_field(page, "offered", line);
        strings_free(&none);
    }
    for (size_t i = 1; i < n; i++)
        if (!told_before(all, i))
            write_difference(page, all, n, i);
    lists_without_row(report, NULL, &without);
    if (without.n > 0 && page->style->all) {
        for (size_t i = 0; i < without.n; i++)
            if (!reason_told(report, &without, i))
                write_without_row(page, report, &without, i);
    }
    strings_free(&without);
}
