/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text.h"

#include "base/own.h"
#include "judge/look.h"

#include <stdlib.h>
#include <string.h>

#define PLACES 64
#define GAP 2

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

/* ---- the table ------------------------------------------------------------------------------------- */

struct column {
    struct place at;
    char *name;
    size_t width;
};

struct table {
    const struct report *report;
    const struct probe **probes; /* in the order in which they were asked */
    size_t n_probes, id_width;
    struct column columns[PLACES];
    size_t n_columns;
};

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
    size_t width = page_columns(probe->id);

    for (size_t i = 0; i < t->n_probes; i++)
        if (t->probes[i] == probe)
            return;
    t->probes[t->n_probes++] = probe;
    if (width > t->id_width)
        t->id_width = width;
}

/* The catalogue's order; rows of another door only come where they were asked. */
static int by_line(const void *a, const void *b)
{
    const struct probe *x = *(const struct probe *const *)a, *y = *(const struct probe *const *)b;

    return x->line != y->line ? (x->line < y->line ? -1 : 1) : strcmp(x->id, y->id);
}

static void table_fill(struct table *t, const struct report *report, unsigned parts)
{
    struct place places[PLACES];
    size_t n = look_places(report, places, PLACES);

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

static void table_free(struct table *t)
{
    for (size_t i = 0; i < t->n_columns; i++)
        free(t->columns[i].name);
    free(t->probes);
}

/* The columns first..last-1 that fit beside the ids; at least one. */
static size_t last_that_fits(const struct page *page, const struct table *t, size_t first)
{
    size_t width = 2 + t->id_width, last = first;

    while (last < t->n_columns &&
           (last == first || width + GAP + t->columns[last].width <= page_width(page)))
        width += GAP + t->columns[last++].width;
    return last;
}

static void write_columns(struct page *page, const struct table *t, size_t first, size_t last)
{
    page_blanks(page, 2 + t->id_width);
    for (size_t c = first; c < last; c++) {
        page_blanks(page, GAP);
        page_cell(page, TINT_BOLD, t->columns[c].name, t->columns[c].width);
    }
    page_end(page);
    for (size_t i = 0; i < t->n_probes; i++) {
        page_blanks(page, 2);
        page_cell(page, TINT_NONE, t->probes[i]->id, t->id_width);
        for (size_t c = first; c < last; c++) {
            const struct observation *o = as_is(t, t->probes[i], &t->columns[c]);
            own_free char *text = cell_text(t, t->probes[i], &t->columns[c]);

            page_blanks(page, GAP);
            page_cell(page, o == NULL ? TINT_DIM : outcome_tint(o->outcome), text,
                      t->columns[c].width);
        }
        page_end(page);
    }
}

/* ---- lists: one line for all rows of which the same can be said -------------------------------------- */

/* One thing that is said of some rows of one door. */
struct said {
    char *what, *door;
    struct buf probes;
    size_t n; /* of probes */
    bool open; /* door.open is one of them */
    bool all;  /* that is every row of the door, but perhaps door.open */
    bool done;
};

struct list {
    struct said *items;
    size_t n;
};

static void list_add(struct list *list, const char *what, const char *door, const char *probe)
{
    struct said *s = NULL;

    for (size_t i = 0; i < list->n && s == NULL; i++)
        if (strcmp(list->items[i].door, door) == 0 && strcmp(list->items[i].what, what) == 0)
            s = &list->items[i];
    if (s == NULL) {
        s = mem_push(list);
        s->what = mem_str(what);
        s->door = mem_str(door);
    }
    buf_printf(&s->probes, "%s%s", s->n++ == 0 ? "" : ", ", probe);
    s->open = s->open || strcmp(probe, PROBE_OPEN) == 0;
}

static void list_free(struct list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->items[i].what);
        free(list->items[i].door);
        buf_free(&list->items[i].probes);
    }
    free(list->items);
}

static bool same_rows(const struct said *a, const struct said *b)
{
    return (a->all && b->all && a->open == b->open) ||
           (a->all == b->all && strcmp(a->probes.data, b->probes.data) == 0);
}

/* The doors of which the same is said of the same rows, then the rows. */
static void write_said(struct page *page, struct list *list, size_t first)
{
    const struct said *s = &list->items[first];
    own_buf struct buf line = {0};

    for (size_t i = first; i < list->n; i++) {
        struct said *other = &list->items[i];

        if (other->done || strcmp(other->what, s->what) != 0 || !same_rows(s, other))
            continue;
        buf_printf(&line, "%s%s", line.len == 0 ? "" : ", ", other->door);
        other->done = true;
    }
    buf_printf(&line, ": %s", !s->all   ? s->probes.data
                              : s->open ? "all that was asked"
                                        : "every row but door.open");
    page_blanks(page, 6);
    page_wrap(page, 6, 8, line.data);
}

static void list_write(struct page *page, struct list *list, const char *title)
{
    if (list->n == 0)
        return;
    page_end(page);
    page_blanks(page, 2);
    page_wrap(page, 2, 2, title);
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].done)
            continue;
        if (*list->items[i].what != '\0') {
            page_blanks(page, 4);
            page_wrap(page, 4, 4, list->items[i].what);
        }
        for (size_t k = i; k < list->n; k++)
            if (!list->items[k].done && strcmp(list->items[k].what, list->items[i].what) == 0)
                write_said(page, list, k);
    }
}

/* What is said of a row; the caller frees. NULL: nothing. */
typedef char *say(const struct report *report, const struct dependence_row *row);

static void write_list(struct page *page, const struct table *t, say *what, const char *title)
{
    __attribute__((cleanup(list_free))) struct list list = {0};

    for (size_t c = 0; c < t->n_columns; c++) {
        size_t first = list.n, rows = 0;

        for (size_t i = 0; i < t->n_probes; i++) {
            const struct dependence_row *d =
                look_dependence(t->report, t->probes[i], t->columns[c].at);
            own_free char *text = d == NULL ? NULL : what(t->report, d);

            rows += d != NULL && strcmp(d->probe->id, PROBE_OPEN) != 0;
            if (text != NULL)
                list_add(&list, text, t->columns[c].name, d->probe->id);
        }
        for (size_t i = first; i < list.n; i++)
            list.items[i].all = list.items[i].n - list.items[i].open == rows && rows > 1;
    }
    list_write(page, &list, title);
}

/* A chain of Java's exceptions without the names of their packages. The caller frees. */
static char *short_code(const char *code)
{
    struct buf out = {0};
    const char *word = code;

    for (const char *c = code;; c++) {
        if (*c == '.' || *c == '$')
            word = c + 1;
        if (*c != ' ' && *c != '/' && *c != '\0')
            continue;
        buf_add(&out, word, (size_t)(c - word) + (*c != '\0'));
        word = c + 1;
        if (*c == '\0')
            return buf_steal(&out);
    }
}

/* "works by SunJCE", "refused CKR_KEY_SIZE_RANGE". What both sides share is not repeated. */
static char *side(const struct observation *o, const struct observation *other)
{
    const struct evidence *e = &o->evidence;
    struct buf out = {0};

    buf_puts(&out, outcome_word(o->outcome));
    if (e->answer != NULL && (other->evidence.answer == NULL ||
                              strcmp(e->answer, other->evidence.answer) != 0))
        buf_printf(&out, " '%s'", e->answer);
    if (e->provider != NULL && (e->answer == NULL || strcmp(e->provider, e->answer) != 0) &&
        (other->evidence.provider == NULL ||
                                strcmp(e->provider, other->evidence.provider) != 0))
        buf_printf(&out, " by %s", e->provider);
    if (e->code != NULL) {
        own_free char *code = short_code(e->code);

        buf_printf(&out, " %s", code);
    }
    return buf_steal(&out);
}

static char *say_dependent(const struct report *r, const struct dependence_row *d)
{
    own_free char *off = NULL, *on = NULL;

    (void)r;
    if (d->dependence != DEPENDENCE_DEPENDENT)
        return NULL;
    off = side(d->at[CONTEXT_KERNEL_OFF], d->at[CONTEXT_KERNEL_ON]);
    on = side(d->at[CONTEXT_KERNEL_ON], d->at[CONTEXT_KERNEL_OFF]);
    if (strcmp(off, on) == 0) /* an indicator, then */
        return mem_printf("%s (%s)", off, d->reason);
    return mem_printf("%s -> %s", off, on);
}

/* Where the kernel's flag changes nothing: what it is with the other value of what decides. */
static char *say_decided(const struct dependence_row *d, enum determinant by, enum context a,
                         enum context b)
{
    own_free char *without = NULL, *with = NULL;

    if (d->determined_by != by)
        return NULL;
    without = side(d->at[a], d->at[b]);
    with = side(d->at[b], d->at[a]);
    return mem_printf("%s -> %s", without, with);
}

static char *say_environment(const struct report *r, const struct dependence_row *d)
{
    (void)r;
    return say_decided(d, DETERMINED_BY_ENVIRONMENT,
                       d->at[CONTEXT_ENV_NONE] != NULL ? CONTEXT_ENV_NONE : CONTEXT_KERNEL_OFF,
                       CONTEXT_ENV_NSS_FIPS);
}

static char *say_options(const struct report *r, const struct dependence_row *d)
{
    (void)r;
    return say_decided(d, DETERMINED_BY_JVM_OPTIONS, CONTEXT_KERNEL_ON, CONTEXT_JVM_OPTIONS);
}

static char *say_undecided(const struct report *r, const struct dependence_row *d)
{
    (void)r;
    return d->dependence == DEPENDENCE_INDEPENDENT && d->determined_by == DETERMINED_BY_UNKNOWN
               ? mem_str(d->determined_reason)
               : NULL;
}

static char *say_undetermined(const struct report *r, const struct dependence_row *d)
{
    (void)r;
    return d->dependence == DEPENDENCE_UNDETERMINED ? mem_str(d->reason) : NULL;
}

/* Why a row did not work; absence and success speak for themselves. */
static char *say_why(const struct report *r, const struct dependence_row *d)
{
    const struct observation *o = d->at[CONTEXT_AS_IS];
    const struct evidence *e;
    own_free char *code = NULL;

    (void)r;
    if (o == NULL || o->outcome < OUTCOME_REFUSED)
        return NULL;
    e = &o->evidence;
    if (o->outcome == OUTCOME_NOT_RUN)
        return mem_printf("not run: %s", e->detail == NULL ? "no reason was given" : e->detail);
    if (o->door == DOOR_JCA && o->outcome != OUTCOME_REFUSED && e->detail != NULL)
        return mem_printf("%s: %s", outcome_word(o->outcome), e->detail); /* begins with the code */
    code = e->code == NULL ? NULL : short_code(e->code);
    return mem_printf("%s%s%s%s%s%s%s", outcome_word(o->outcome), code == NULL ? "" : " ",
                      code == NULL ? "" : code, e->step == NULL ? "" : " in ",
                      e->step == NULL ? "" : e->step,
                      o->outcome == OUTCOME_REFUSED || e->detail == NULL ? "" : ": ",
                      o->outcome == OUTCOME_REFUSED || e->detail == NULL ? "" : e->detail);
}

static char *say_absent(const struct report *r, const struct dependence_row *d)
{
    (void)r;
    if (strcmp(d->probe->id, PROBE_OPEN) == 0)
        return NULL;
    for (int c = 0; c < CONTEXT_MAX; c++)
        if (d->at[c] == NULL ? c <= CONTEXT_LAST_OF_KERNEL
                             : d->at[c]->outcome != OUTCOME_ABSENT)
            return NULL;
    return mem_str(""); /* the title says it all */
}

static const char *approval(enum indicator indicator)
{
    return indicator == INDICATOR_OK ? "approved" : "not approved";
}

static bool is_contrary(enum indicator a, enum indicator b)
{
    return a != b && (a == INDICATOR_OK || a == INDICATOR_NOT_OK) &&
           (b == INDICATOR_OK || b == INDICATOR_NOT_OK);
}

/* The operation and the key that was made for it are two answers, and so are NSS's own way to ask
 * and the one of PKCS#11 3.2. */
static char *say_indicators(const struct report *r, const struct dependence_row *d)
{
    const struct observation *o = d->at[CONTEXT_AS_IS];
    const struct evidence *e;
    enum control control;

    if (o == NULL || o->evidence.result != RESULT_DONE ||
        !look_control(r, (struct place){d->door, d->jdk}, CONTEXT_AS_IS, &control))
        return NULL;
    e = &o->evidence;
    if (look_contradicts(r, o))
        return is_contrary(e->indicator, e->validation)
                   ? mem_printf("NSS's own indicator says %s, PKCS#11 3.2's validation flags say %s",
                                approval(e->indicator), approval(e->validation))
                   : mem_printf("of the key, NSS's own indicator says %s, PKCS#11 3.2's validation "
                                "flags say %s",
                                approval(e->key_indicator), approval(e->key_validation));
    if (control != CONTROL_WORKING || !is_contrary(e->indicator, e->key_indicator))
        return NULL;
    return mem_printf("the operation is %s, the key that was made for it is %s",
                      approval(e->indicator), approval(e->key_indicator));
}

/* ---- the section -------------------------------------------------------------------------------------- */

static void write_controls(struct page *page, const struct table *t)
{
    const char *label = "indicators";

    for (size_t c = 0; c < t->n_columns; c++) {
        own_free char *line = NULL;
        enum control control;

        if (t->columns[c].at.door == DOOR_JCA ||
            !look_control(t->report, t->columns[c].at, CONTEXT_AS_IS, &control))
            continue;
        line = mem_printf("%s: %s: %s", t->columns[c].name, control_word(control),
                          control_text(control));
        page_field(page, label, line);
        label = "";
    }
}

void text_mechanisms(struct page *page, const struct report *report, unsigned parts)
{
    struct table t;

    table_fill(&t, report, parts);
    page_heading(page, "Mechanisms", "what each door answers on this host as it is");
    if (t.n_columns == 0)
        page_field(page, "", "nothing was asked");
    for (size_t first = 0; first < t.n_columns;) {
        size_t last = last_that_fits(page, &t, first);

        if (first > 0)
            page_end(page);
        write_columns(page, &t, first, last);
        first = last;
    }
    if (t.n_columns > 0) {
        page_end(page);
        text_measured(page, report);
        write_controls(page, &t);
        if (parts & REPORT_NSS)
            text_token(page, report);
        write_list(page, &t, say_indicators, "Indicators that differ");
        write_list(page, &t, say_why, "Refused, failed or not run");
        write_list(page, &t, say_absent,
                   "Absent in every context: nothing offers it there, which proves nothing about "
                   "FIPS");
        write_list(page, &t, say_dependent,
                   "Host-dependent: with the flag at 0 -> with the flag at 1");
        write_list(page, &t, say_environment,
                   "Decided by the environment: without NSS_FIPS -> with NSS_FIPS=1");
        write_list(page, &t, say_options,
                   "Decided by the JVM's options: as they are -> the other way round");
        write_list(page, &t, say_undecided, "Undetermined: what decides");
        write_list(page, &t, say_undetermined, "Undetermined: whether the host's flag matters");
    }
    table_free(&t);
}
