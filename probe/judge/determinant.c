/* SPDX-License-Identifier: Apache-2.0
 *
 * What decides about a result: the kernel's flag, the variable NSS_FIPS, options of the JVM, or the
 * image alone. Each is told by two contexts that differ in nothing else.
 */
#include "judge/weigh.h"

#include "base/own.h"
#include "judge/look.h"

#include <string.h>

/* ---- two contexts ------------------------------------------------------------------------------ */

enum change {
    CHANGE_NONE,
    CHANGE_SEEN,
    CHANGE_NOT_TRIED, /* since it cannot matter: reason says why, or is NULL */
    CHANGE_UNKNOWN,   /* reason says why */
};

struct trial {
    enum change change;
    char *reason;
};

static bool was_asked(const struct report *report, const struct dependence_row *row,
                      enum context context)
{
    return look_group(report, (struct place){row->door, row->jdk}, context) != NULL;
}

/* Why the observation cannot be compared; NULL: it can. */
static char *not_comparable(const struct report *report, const struct dependence_row *row,
                            enum context context)
{
    const struct group *g = look_group(report, (struct place){row->door, row->jdk}, context);
    const struct observation *o = row->at[context];

    if (g != NULL && !g->presented)
        return mem_printf("the context %s could not be made: %s", context_word(context),
                          g->not_presented == NULL ? "no reason was given" : g->not_presented);
    if (o == NULL)
        return mem_printf("it was not asked in the context %s", context_word(context));
    if (o->outcome == OUTCOME_NOT_RUN || o->outcome == OUTCOME_TIMED_OUT)
        return mem_printf("%s in the context %s",
                          o->outcome == OUTCOME_NOT_RUN ? "not run" : "it timed out",
                          context_word(context));
    return NULL;
}

static struct trial compare(const struct report *report, const struct dependence_row *row,
                            enum context a, enum context b)
{
    struct trial t = {CHANGE_UNKNOWN, not_comparable(report, row, a)};
    own_free char *differs = NULL;

    if (t.reason == NULL)
        t.reason = not_comparable(report, row, b);
    if (t.reason != NULL)
        return t;
    differs = judge_difference(report, row->at[a], row->at[b]);
    t.change = differs == NULL ? CHANGE_NONE : CHANGE_SEEN;
    return t;
}

/* ---- what was varied --------------------------------------------------------------------------- */

/* Did any process that asked there have a library of NSS? None else reads NSS_FIPS: FAILURES 1. */
static bool had_nss(const struct report *report, const struct dependence_row *row)
{
    static const char *const names[] = {"libnss3.so", "libnssutil3.so", "libsoftokn3.so",
                                        "libfreebl3.so", "libfreeblpriv3.so"};

    for (size_t i = 0; i < report->groups.n; i++) {
        const struct group *g = &report->groups.items[i];

        if (g->door != row->door || g->jdk != row->jdk)
            continue;
        for (size_t m = 0; m < g->mapped.n; m++)
            for (size_t n = 0; n < sizeof names / sizeof *names; n++)
                if (strcmp(look_basename(g->mapped.items[m].path), names[n]) == 0)
                    return true;
    }
    return row->door != DOOR_JCA; /* the other doors are NSS */
}

static struct trial try_environment(const struct report *report, const struct dependence_row *row)
{
    enum context without = was_asked(report, row, CONTEXT_ENV_NONE) ? CONTEXT_ENV_NONE
                                                                    : CONTEXT_KERNEL_OFF;

    if (!was_asked(report, row, CONTEXT_ENV_NSS_FIPS) && !had_nss(report, row))
        return (struct trial){CHANGE_NOT_TRIED,
                              mem_str("NSS_FIPS was not tried: no library of NSS was loaded")};
    return compare(report, row, CONTEXT_ENV_NSS_FIPS, without);
}

static struct trial try_options(const struct report *report, const struct dependence_row *row)
{
    if (row->door != DOOR_JCA || row->jdk < 0 || (size_t)row->jdk >= report->jdks.n ||
        report->jdks.items[row->jdk].fips_option == NULL)
        return (struct trial){CHANGE_NOT_TRIED, NULL};
    return compare(report, row, CONTEXT_JVM_OPTIONS, CONTEXT_KERNEL_ON);
}

/* ---- the word ---------------------------------------------------------------------------------- */

/* The first that changes it decides: what stands later does only where the others let it. A result
 * is the image's only if everything that can matter was tried and nothing changed it. */
void judge_determinant(const struct report *report, struct dependence_row *row)
{
    struct trial environment = try_environment(report, row), options = try_options(report, row);

    row->changed_by[DETERMINED_BY_KERNEL] = row->dependence == DEPENDENCE_DEPENDENT;
    row->changed_by[DETERMINED_BY_ENVIRONMENT] = environment.change == CHANGE_SEEN;
    row->changed_by[DETERMINED_BY_JVM_OPTIONS] = options.change == CHANGE_SEEN;
    row->determined_by = DETERMINED_BY_UNKNOWN;
    if (row->dependence == DEPENDENCE_UNDETERMINED) {
        row->determined_reason = mem_str(row->reason);
    } else if (row->dependence == DEPENDENCE_DEPENDENT) {
        row->determined_by = DETERMINED_BY_KERNEL;
    } else if (environment.change == CHANGE_SEEN) {
        row->determined_by = DETERMINED_BY_ENVIRONMENT;
    } else if (environment.change == CHANGE_UNKNOWN) {
        row->determined_reason = steal_ptr(&environment.reason);
    } else if (options.change == CHANGE_SEEN) {
        row->determined_by = DETERMINED_BY_JVM_OPTIONS;
    } else if (options.change == CHANGE_UNKNOWN) {
        row->determined_reason = steal_ptr(&options.reason);
    } else {
        row->determined_by = DETERMINED_BY_IMAGE;
        row->determined_reason = steal_ptr(&environment.reason);
    }
    free(environment.reason);
    free(options.reason);
}
