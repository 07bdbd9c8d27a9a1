/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text.h"

#include "base/own.h"
#include "judge/judge.h"
#include "report/table.h"

#include <stdlib.h>
#include <string.h>

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

/* What NSS served in Java, with the word of the same mechanism at its own door: as it is here, else
 * with the flag at 1, where NSS comes first in many JDKs. */
static char *say_joined(const struct report *r, const struct dependence_row *d)
{
    static const enum context contexts[] = {CONTEXT_AS_IS, CONTEXT_KERNEL_ON};

    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
        const struct observation *o = d->at[contexts[i]];
        const struct observation *same = o == NULL ? NULL : judge_joined(r, o);

        if (same != NULL)
            return mem_printf("%s there%s", outcome_word(same->outcome),
                              contexts[i] == CONTEXT_AS_IS ? "" : ", with the flag at 1");
    }
    return NULL;
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
    if (strcmp(d->probe->id, PROBE_OPEN) == 0 || !table_absent(d))
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
    page_heading(page, "Mechanisms",
                 page->style->all ? "what each door answers on this host as it is"
                                  : "what each door answers on this host as it is; --all: a line "
                                    "a row");
    if (t.n_columns == 0)
        page_field(page, "", "nothing was asked");
    else {
        table_write(page, &t);
        page_end(page);
        text_measured(page, report);
        write_controls(page, &t);
        if (parts & REPORT_NSS)
            text_token(page, report);
        write_list(page, &t, say_indicators, "Indicators that differ");
        write_list(page, &t, say_joined,
                   "Served by NSS in Java, which shows no indicator; joined with the word of the "
                   "same mechanism at softokn-fips, from the same files");
        write_list(page, &t, say_why, "Refused, failed or not run");
        write_list(page, &t, say_absent,
                   "Absent in every context: nothing offers it there, which proves nothing about "
                   "FIPS");
    }
    table_free(&t);
}

/* What a report is asked for first, next to the findings. */
void text_dependence(struct page *page, const struct report *report, unsigned parts)
{
    struct table t;
    size_t before;

    table_fill(&t, report, parts);
    if (t.n_columns > 0) {
        page_heading(page, "Dependence", "what decides about a result");
        before = page->out->len;
        write_list(page, &t, say_dependent,
                   "Host-dependent: with the flag at 0 -> with the flag at 1");
        write_list(page, &t, say_environment,
                   "Decided by the environment: without NSS_FIPS -> with NSS_FIPS=1");
        write_list(page, &t, say_options,
                   "Decided by the JVM's options: as they are -> the other way round");
        write_list(page, &t, say_undecided, "Undetermined: what decides");
        write_list(page, &t, say_undetermined, "Undetermined: whether the host's flag matters");
        if (page->out->len == before)
            page_field(page, "", "nothing but the image, as far as it was measured");
    }
    table_free(&t);
}
