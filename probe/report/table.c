/* SPDX-License-Identifier: Apache-2.0 */
#include "report/table.h"

#include "base/own.h"

#include <stdlib.h>
#include <string.h>

#define GAP 2
#define LABEL 28 /* columns that the label of a row may have where several stand together */

static enum tint outcome_tint(enum outcome outcome)
{
    static const enum tint tints[OUTCOME_MAX] = {
        [OUTCOME_APPROVED] = TINT_GOOD,    [OUTCOME_NOT_APPROVED] = TINT_ODD,
        [OUTCOME_WORKS] = TINT_NONE,       [OUTCOME_ABSENT] = TINT_DIM,
        [OUTCOME_REFUSED] = TINT_ODD,      [OUTCOME_INCORRECT] = TINT_BAD,
        [OUTCOME_ERROR] = TINT_BAD,        [OUTCOME_CRASHED] = TINT_BAD,
        [OUTCOME_TIMED_OUT] = TINT_BAD,    [OUTCOME_NOT_RUN] = TINT_DIM,
    };

    return tints[outcome];
}

static const struct observation *as_is(const struct table *t, const struct probe *probe,
                                       const struct column *column)
{
    return look_observation(t->report, probe->id, column->at, CONTEXT_AS_IS);
}

/* What decides about a row, in one sign; nothing stands for the image. */
static const char *mark(const struct dependence_row *d)
{
    static const char *const marks[DETERMINED_BY_MAX] = {
        [DETERMINED_BY_KERNEL] = " *",      [DETERMINED_BY_ENVIRONMENT] = " e",
        [DETERMINED_BY_JVM_OPTIONS] = " j", [DETERMINED_BY_IMAGE] = "",
        [DETERMINED_BY_UNKNOWN] = " ?",
    };

    return d == NULL ? "" : marks[d->determined_by];
}

/* "works", "works *", "works ?"; "-" where the row has no part for that door. */
static char *cell_text(const struct table *t, const struct probe *probe,
                       const struct column *column)
{
    const struct observation *o = as_is(t, probe, column);
    const struct dependence_row *d = look_dependence(t->report, probe, column->at);

    if (o == NULL)
        return mem_str(d == NULL ? "-" : "not asked");
    return mem_printf("%s%s", outcome_word(o->outcome), mark(d));
}

static bool part_wanted(enum door door, unsigned parts)
{
    return (parts & (door == DOOR_JCA ? REPORT_JAVA : REPORT_NSS)) != 0;
}

static void add_probe(struct table *t, const struct probe *probe)
{
    for (size_t i = 0; i < t->n_probes; i++)
        if (t->probes[i] == probe)
            return;
    t->probes[t->n_probes++] = probe;
}

/* The catalogue's order; rows of another door only come where they were asked. */
static int by_line(const void *a, const void *b)
{
    const struct probe *x = *(const struct probe *const *)a, *y = *(const struct probe *const *)b;

    return x->line != y->line ? (x->line < y->line ? -1 : 1) : strcmp(x->id, y->id);
}

void table_fill(struct table *t, const struct report *report, unsigned parts)
{
    struct place places[TABLE_PLACES];
    size_t n = look_places(report, places, TABLE_PLACES);

    *t = (struct table){.report = report};
    t->probes = mem_zero(report->observations.n, sizeof *t->probes);
    for (size_t i = 0; i < report->observations.n; i++)
        if (part_wanted(report->observations.items[i].door, parts))
            add_probe(t, report->observations.items[i].probe);
    qsort(t->probes, t->n_probes, sizeof *t->probes, by_line);
    for (size_t i = 0; i < n; i++) {
        struct column *c = &t->columns[t->n_columns];

        if (!part_wanted(places[i].door, parts))
            continue;
        t->n_columns++;
        c->at = places[i];
        c->name = look_place_name(report, places[i]);
        c->width = page_columns(c->name);
        for (size_t k = 0; k < t->n_probes; k++) {
            own_free char *text = cell_text(t, t->probes[k], c);

            if (page_columns(text) > c->width)
                c->width = page_columns(text);
        }
    }
}

void table_free(struct table *t)
{
    for (size_t i = 0; i < t->n_columns; i++)
        free(t->columns[i].name);
    free(t->probes);
}

/* ---- rows of which the same is said --------------------------------------------------------------- */

struct row {
    const struct probe *first;
    char *cells;  /* all of them in one text */
    char *label;  /* the row's id, or how many there are */
    struct buf ids;
    size_t n;
};

struct rows {
    struct row *items;
    size_t n, width; /* of the labels */
};

static void rows_free(struct rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        free(rows->items[i].cells);
        free(rows->items[i].label);
        buf_free(&rows->items[i].ids);
    }
    free(rows->items);
}

bool table_absent(const struct dependence_row *row)
{
    for (int c = 0; c < CONTEXT_MAX; c++)
        if (row->at[c] == NULL ? c <= CONTEXT_LAST_OF_KERNEL
                               : row->at[c]->outcome != OUTCOME_ABSENT)
            return false;
    return true;
}

static bool absent_everywhere(const struct table *t, const struct probe *probe)
{
    bool some = false;

    for (size_t c = 0; c < t->n_columns; c++) {
        const struct dependence_row *d = look_dependence(t->report, probe, t->columns[c].at);

        if (d == NULL)
            continue;
        if (!table_absent(d))
            return false;
        some = true;
    }
    return some;
}

static char *cells_text(const struct table *t, const struct probe *probe, size_t first, size_t last)
{
    struct buf out = {0};

    for (size_t c = first; c < last; c++) {
        own_free char *text = cell_text(t, probe, &t->columns[c]);

        buf_printf(&out, "%s\n", text);
    }
    return buf_steal(&out);
}

static void rows_add(struct rows *rows, const struct probe *probe, char *cells, bool all)
{
    struct row *row = NULL;

    for (size_t i = 0; i < rows->n && row == NULL && !all; i++)
        if (strcmp(rows->items[i].cells, cells) == 0)
            row = &rows->items[i];
    if (row == NULL) {
        row = mem_push(rows);
        row->first = probe;
        row->cells = steal_ptr(&cells);
    }
    buf_printf(&row->ids, "%s%s", row->n++ == 0 ? "" : ", ", probe->id);
    free(cells);
}

static bool has_part(const struct table *t, const struct probe *probe, size_t first, size_t last)
{
    for (size_t c = first; c < last; c++)
        if (look_dependence(t->report, probe, t->columns[c].at) != NULL ||
            as_is(t, probe, &t->columns[c]) != NULL)
            return true;
    return false;
}

/* Together where the columns first..last-1 say the same. */
static void rows_fill(struct rows *rows, const struct table *t, size_t first, size_t last, bool all)
{
    for (size_t i = 0; i < t->n_probes; i++)
        if (all || (has_part(t, t->probes[i], first, last) && !absent_everywhere(t, t->probes[i])))
            rows_add(rows, t->probes[i], cells_text(t, t->probes[i], first, last), all);
    for (size_t i = 0; i < rows->n; i++) {
        struct row *r = &rows->items[i];

        if (r->n == 1 && (all || page_columns(r->first->id) <= LABEL))
            r->label = mem_str(r->first->id);
        else
            r->label = mem_printf("%zu row%s", r->n, r->n == 1 ? "" : "s");
        if (page_columns(r->label) > rows->width)
            rows->width = page_columns(r->label);
    }
}

/* ---- on the page ---------------------------------------------------------------------------------- */

/* The columns first..last-1 that fit beside labels of that width; at least one. */
static size_t last_that_fits(const struct page *page, const struct table *t, size_t width,
                             size_t first)
{
    size_t last = first;

    width += 2;
    while (last < t->n_columns &&
           (last == first || width + GAP + t->columns[last].width <= page_width(page)))
        width += GAP + t->columns[last++].width;
    return last;
}

static size_t id_width(const struct table *t)
{
    size_t most = 0;

    for (size_t i = 0; i < t->n_probes; i++)
        if (page_columns(t->probes[i]->id) > most)
            most = page_columns(t->probes[i]->id);
    return most;
}

static void write_row(struct page *page, const struct table *t, const struct row *row, size_t width,
                      size_t first, size_t last)
{
    page_blanks(page, 2);
    page_cell(page, TINT_NONE, row->label, width);
    for (size_t c = first; c < last; c++) {
        const struct observation *o = as_is(t, row->first, &t->columns[c]);
        own_free char *text = cell_text(t, row->first, &t->columns[c]);

        page_blanks(page, GAP);
        page_cell(page, o == NULL ? TINT_DIM : outcome_tint(o->outcome), text,
                  t->columns[c].width);
    }
    page_end(page);
    if (strcmp(row->label, row->first->id) == 0)
        return;
    page_blanks(page, 6);
    page_wrap(page, 6, 6, row->ids.data);
}

static void write_columns(struct page *page, const struct table *t, size_t first, size_t last)
{
    __attribute__((cleanup(rows_free))) struct rows rows = {0};

    rows_fill(&rows, t, first, last, page->style->all);
    page_blanks(page, 2 + rows.width);
    for (size_t c = first; c < last; c++) {
        page_blanks(page, GAP);
        page_cell(page, TINT_BOLD, t->columns[c].name, t->columns[c].width);
    }
    page_end(page);
    for (size_t i = 0; i < rows.n; i++)
        write_row(page, t, &rows.items[i], rows.width, first, last);
}

void table_write(struct page *page, const struct table *t)
{
    size_t width = page->style->all ? id_width(t) : LABEL;

    for (size_t first = 0; first < t->n_columns;) {
        size_t last = last_that_fits(page, t, width, first);

        if (first > 0)
            page_end(page);
        write_columns(page, t, first, last);
        first = last;
    }
}
