/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"

#include "base/own.h"
#include "judge/look.h"
#include "judge/weigh.h"

#include <string.h>

/* ---- what is compared ------------------------------------------------------------------------ */

/* "not-run" stays out of the report's own words here: "0" and "1" are what a person presents. */
static const char *flag_of(enum context context)
{
    return context == CONTEXT_KERNEL_ON ? "1" : "0";
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* An indicator is a word only where the control was approved, on both sides. */
static bool indicators_count(const struct report *report, struct place at, enum context a,
                             enum context b)
{
    enum control one, other;

    return look_control(report, at, a, &one) && look_control(report, at, b, &other) &&
           one == CONTROL_WORKING && other == CONTROL_WORKING;
}

/* The detail is left out: addresses, times and paths of the scratch directory stand in it. */
char *judge_difference(const struct report *report, const struct observation *a,
                       const struct observation *b)
{
    const struct evidence *x = &a->evidence, *y = &b->evidence;
    bool indicators = indicators_count(report, (struct place){a->door, a->jdk}, a->context,
                                       b->context);
    const struct {
        const char *what;
        bool same;
    } parts[] = {
        {"outcome", a->outcome == b->outcome},
        {"code", same_text(x->code, y->code)},
        {"provider", same_text(x->provider, y->provider)},
        {"answer", same_text(x->answer, y->answer)},
        {"indicator", !indicators || x->indicator == y->indicator},
        {"key indicator", !indicators || x->key_indicator == y->key_indicator},
        {"validation flags", !indicators || (x->validation == y->validation &&
                                             x->key_validation == y->key_validation)},
    };
    char *out = NULL;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!parts[i].same) {
            char *longer = out == NULL ? mem_str(parts[i].what)
                                       : mem_printf("%s, %s", out, parts[i].what);

            free(out);
            out = longer;
        }
    return out;
}

/* ---- why a row cannot be compared ------------------------------------------------------------- */

static char *opening_failure(const struct report *report, const struct dependence_row *row,
                             enum context context)
{
    struct place at = {row->door, row->jdk};
    const struct observation *open = look_observation(report, PROBE_OPEN, at, context);
    const char *code;

    if (open == NULL || open->evidence.result == RESULT_DONE || open->probe == row->probe)
        return NULL;
    code = open->evidence.code;
    if (code == NULL && open->evidence.result != RESULT_FAILED)
        code = outcome_word(open->outcome);
    return code == NULL ? mem_str("") : mem_printf(" (%s)", code);
}

/* The row was not asked there. A door that opens with one value only makes its own row, door.open,
 * host-dependent. Its other rows were not asked at the closed door, and what they would have
 * answered is not known: they stay undetermined, and the reason names the door. */
static char *not_run_reason(const struct report *report, const struct dependence_row *row)
{
    own_free char *off = opening_failure(report, row, CONTEXT_KERNEL_OFF);
    own_free char *on = opening_failure(report, row, CONTEXT_KERNEL_ON);
    own_free char *as_is = opening_failure(report, row, CONTEXT_AS_IS);
    const struct observation *where = NULL;

    if (off != NULL && on != NULL)
        return mem_printf("the door does not open in any context%s", off);
    if (off != NULL || on != NULL)
        return mem_printf("the door does not open with the flag at %s%s", off != NULL ? "0" : "1",
                          off != NULL ? off : on);
    if (as_is != NULL)
        return mem_printf("the door does not open on the host as it is%s", as_is);
    for (int c = 0; c <= CONTEXT_LAST_OF_KERNEL; c++)
        if (where == NULL && row->at[c]->outcome == OUTCOME_NOT_RUN)
            where = row->at[c];
    return mem_printf("not asked in %s: %s", context_word(where->context),
                      where->evidence.detail == NULL ? "no reason was given"
                                                     : where->evidence.detail);
}

/* Nothing was loaded in any context: neither of NSS nor a virtual machine. That it failed each
 * time is no measurement of what would have been asked. An answer of the module itself
 * (CKR_DEVICE_ERROR) is one. */
static bool nothing_loaded(const struct dependence_row *row)
{
    for (int c = 0; c <= CONTEXT_LAST_OF_KERNEL; c++) {
        const struct evidence *e = &row->at[c]->evidence;

        if (e->result != RESULT_FAILED || strcmp(row->probe->id, PROBE_OPEN) != 0)
            return false;
        if (row->door != DOOR_JCA && (e->code == NULL || (strcmp(e->code, "not-found") != 0 &&
                                                          strcmp(e->code, "cannot-load") != 0)))
            return false;
    }
    return true;
}

/* The first obstacle to a comparison, or NULL. */
static char *obstacle(const struct report *report, const struct dependence_row *row)
{
    struct place at = {row->door, row->jdk};

    for (int c = CONTEXT_KERNEL_OFF; c <= CONTEXT_LAST_OF_KERNEL; c++) {
        const struct group *g = look_group(report, at, (enum context)c);

        if (g != NULL && !g->presented)
            return mem_printf("the flag could not be presented: %s",
                              g->not_presented == NULL ? "no reason was given"
                                                       : g->not_presented);
    }
    for (int c = 0; c <= CONTEXT_LAST_OF_KERNEL; c++)
        if (row->at[c] == NULL)
            return mem_printf("there is no observation in the context %s",
                              context_word((enum context)c));
    for (int c = 0; c <= CONTEXT_LAST_OF_KERNEL; c++)
        if (row->at[c]->outcome == OUTCOME_NOT_RUN)
            return not_run_reason(report, row);
    for (int c = 0; c <= CONTEXT_LAST_OF_KERNEL; c++)
        if (row->at[c]->outcome == OUTCOME_TIMED_OUT)
            return mem_printf("it timed out in the context %s", context_word((enum context)c));
    if (nothing_loaded(row))
        return mem_printf("nothing could be loaded that could be asked%s%s%s",
                          row->at[0]->evidence.code == NULL ? "" : " (",
                          row->at[0]->evidence.code == NULL ? "" : row->at[0]->evidence.code,
                          row->at[0]->evidence.code == NULL ? "" : ")");
    return NULL;
}

/* Presenting the value that the host has anyway must change nothing. NULL: it does not. A flag
 * that could not be read has no own value: then one of the two must be like the host as it is. */
static char *unfaithful(const struct report *report, const struct dependence_row *row)
{
    const struct observation *as_is = row->at[CONTEXT_AS_IS];
    enum context own = flag_context(report->host.flag);
    own_free char *differs = NULL;

    if (report->host.flag == FLAG_UNREADABLE) {
        own_free char *off = judge_difference(report, as_is, row->at[CONTEXT_KERNEL_OFF]);
        own_free char *on = judge_difference(report, as_is, row->at[CONTEXT_KERNEL_ON]);

        if (off == NULL || on == NULL)
            return NULL;
        return mem_printf("the host's own flag could not be read, and neither presented value "
                          "gives what the host gives");
    }
    differs = judge_difference(report, as_is, row->at[own]);
    if (differs == NULL)
        return NULL;
    return mem_printf(JUDGE_UNFAITHFUL "the host's own value, presented as %s, gives %s where the "
                      "host as it is gives %s (different: %s)",
                      flag_of(own), outcome_word(row->at[own]->outcome),
                      outcome_word(as_is->outcome), differs);
}

/* ---- the rows --------------------------------------------------------------------------------- */

static void decide(const struct report *report, struct dependence_row *row)
{
    own_free char *differs = NULL;

    row->dependence = DEPENDENCE_UNDETERMINED;
    row->reason = obstacle(report, row);
    if (row->reason != NULL)
        return;
    row->reason = unfaithful(report, row);
    if (row->reason != NULL)
        return;
    differs = judge_difference(report, row->at[CONTEXT_KERNEL_OFF], row->at[CONTEXT_KERNEL_ON]);
    if (differs != NULL) {
        row->dependence = DEPENDENCE_DEPENDENT;
        row->reason = mem_printf("different: %s", differs);
        return;
    }
    row->dependence = DEPENDENCE_INDEPENDENT;
    if (row->at[CONTEXT_AS_IS]->outcome == OUTCOME_ABSENT)
        row->reason = mem_str("absent in every context, which proves nothing about FIPS");
}

static struct dependence_row *row_of(struct report *report, const struct observation *o)
{
    struct dependence_row *row = (struct dependence_row *)look_dependence(
        report, o->probe, (struct place){o->door, o->jdk});

    if (row != NULL)
        return row;
    row = mem_push(&report->dependences);
    row->probe = o->probe;
    row->door = o->door;
    row->jdk = o->jdk;
    return row;
}

void judge_dependence(struct report *report)
{
    for (size_t i = 0; i < report->observations.n; i++) {
        const struct observation *o = &report->observations.items[i];

        row_of(report, o)->at[o->context] = o;
    }
    for (size_t i = 0; i < report->dependences.n; i++) {
        decide(report, &report->dependences.items[i]);
        judge_determinant(report, &report->dependences.items[i]);
    }
}
