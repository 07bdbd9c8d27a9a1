/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"

#include "judge/search.h"

#include <stdlib.h>
#include <string.h>

static const struct finder *const finders[] = {find_in_modules, find_in_nss, find_in_host,
                                               find_in_java, find_in_java_answers};

#define N_FINDERS (sizeof finders / sizeof *finders)

const char *judge_finds(size_t n)
{
    for (size_t i = 0; i < N_FINDERS; i++)
        for (const struct finder *f = finders[i]; f->id != NULL; f++)
            if (n-- == 0)
                return f->id;
    return NULL;
}

struct finding *search_found(struct search *search, const char *subject)
{
    struct finding *f;

    for (size_t i = 0; i < search->report->findings.n; i++) {
        f = &search->report->findings.items[i];
        if (f->diagnosis == search->diagnosis &&
            (subject == NULL || f->subject == NULL ? subject == f->subject
                                                   : strcmp(subject, f->subject) == 0))
            return f;
    }
    f = mem_push(&search->report->findings);
    f->diagnosis = search->diagnosis;
    f->subject = mem_str(subject);
    return f;
}

void search_evidence(struct finding *finding, const char *fmt, ...)
{
    va_list ap;
    char *line;

    va_start(ap, fmt);
    line = mem_vprintf(fmt, ap);
    va_end(ap);
    for (size_t i = 0; i < finding->evidence.n; i++)
        if (strcmp(finding->evidence.items[i], line) == 0) {
            free(line);
            return;
        }
    *mem_push(&finding->evidence) = line;
}

char *search_where(const struct report *report, const struct observation *observation)
{
    char *place = look_place_name(report, (struct place){observation->door, observation->jdk});
    char *where = mem_printf("%s at %s (%s)", observation->probe->id, place,
                             context_word(observation->context));

    free(place);
    return where;
}

/* The diagnoses file can be another than the one that was shipped. What it does not describe is
 * still found, and counts as a failure: silence would look like health. */
static const struct diagnosis *describe(const struct diagnoses *diagnoses, const char *id)
{
    static char text[] = "the diagnoses file has no row of this name";
    static char who[] = "whoever wrote the diagnoses file";
    static struct diagnosis unknown[64];
    const struct diagnosis *known = diagnoses_find(diagnoses, id);
    size_t i = 0;

    if (known != NULL)
        return known;
    while (i + 1 < sizeof unknown / sizeof *unknown && unknown[i].id != NULL &&
           strcmp(unknown[i].id, id) != 0)
        i++;
    unknown[i] = (struct diagnosis){(char *)(uintptr_t)id, text, text, text, who, SEVERITY_FAILURE};
    return &unknown[i];
}

/* Insertion keeps the finders' order within a severity; qsort would not promise it. */
static void sort_findings(struct report *report)
{
    struct finding *f = report->findings.items;

    for (size_t i = 1; i < report->findings.n; i++)
        for (size_t k = i; k > 0 && f[k - 1].diagnosis->severity > f[k].diagnosis->severity; k--) {
            struct finding swap = f[k];

            f[k] = f[k - 1];
            f[k - 1] = swap;
        }
}

void judge_diagnose(struct report *report, const struct diagnoses *diagnoses)
{
    for (size_t i = 0; i < N_FINDERS; i++)
        for (const struct finder *f = finders[i]; f->id != NULL; f++) {
            struct search search = {report, describe(diagnoses, f->id)};

            f->look(&search);
        }
    sort_findings(report);
}

int judge_exit_status(const struct report *report)
{
    for (size_t i = 0; i < report->findings.n; i++)
        if (report->findings.items[i].diagnosis->severity == SEVERITY_FAILURE)
            return 2;
    return 0;
}
