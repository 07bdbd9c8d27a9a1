/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/look.h"

#include <stdlib.h>
#include <string.h>

const struct group *look_group(const struct report *report, struct place at, enum context context)
{
    for (size_t i = 0; i < report->groups.n; i++) {
        const struct group *g = &report->groups.items[i];

        if (g->door == at.door && g->jdk == at.jdk && g->context == context)
            return g;
    }
    return NULL;
}

const struct observation *look_observation(const struct report *report, const char *probe,
                                           struct place at, enum context context)
{
    for (size_t i = 0; i < report->observations.n; i++) {
        const struct observation *o = &report->observations.items[i];

        if (o->door == at.door && o->jdk == at.jdk && o->context == context &&
            strcmp(o->probe->id, probe) == 0)
            return o;
    }
    return NULL;
}

const struct dependence_row *look_dependence(const struct report *report,
                                             const struct probe *probe, struct place at)
{
    for (size_t i = 0; i < report->dependences.n; i++) {
        const struct dependence_row *d = &report->dependences.items[i];

        if (d->probe == probe && d->door == at.door && d->jdk == at.jdk)
            return d;
    }
    return NULL;
}

bool look_opened(const struct report *report, struct place at, enum context context)
{
    const struct observation *open = look_observation(report, PROBE_OPEN, at, context);

    return open != NULL && open->evidence.result == RESULT_DONE;
}

const char *look_fact(const struct report *report, struct place at, enum context context,
                      const char *key)
{
    const struct group *g = look_group(report, at, context);

    return g == NULL ? NULL : json_string_value(json_object_get(g->facts, key));
}

int look_fact_true(const struct report *report, struct place at, enum context context,
                   const char *key)
{
    const struct group *g = look_group(report, at, context);
    const json_t *value = g == NULL ? NULL : json_object_get(g->facts, key);

    return json_is_boolean(value) ? json_is_true(value) : -1;
}

bool look_control(const struct report *report, struct place at, enum context context,
                  enum control *out)
{
    const struct group *g = look_group(report, at, context);

    if (g == NULL || !look_opened(report, at, context))
        return false;
    *out = g->control;
    return true;
}

static bool is_contrary(enum indicator a, enum indicator b)
{
    return (a == INDICATOR_OK && b == INDICATOR_NOT_OK) ||
           (a == INDICATOR_NOT_OK && b == INDICATOR_OK);
}

bool look_contradicts(const struct report *report, const struct observation *o)
{
    enum control control;

    return o->evidence.result == RESULT_DONE &&
           look_control(report, (struct place){o->door, o->jdk}, o->context, &control) &&
           (control == CONTROL_WORKING || control == CONTROL_CONTRADICTED) &&
           (is_contrary(o->evidence.indicator, o->evidence.validation) ||
            is_contrary(o->evidence.key_indicator, o->evidence.key_validation));
}

const char *look_provider(const struct report *report, int jdk, enum context context, size_t n)
{
    const struct group *g = look_group(report, (struct place){DOOR_JCA, jdk}, context);
    const json_t *list = g == NULL ? NULL : json_object_get(g->facts, "providers");

    return json_string_value(json_object_get(json_array_get(list, n), "name"));
}

size_t look_places(const struct report *report, struct place *out, size_t room)
{
    size_t n = 0;

    for (int door = 0; door < DOOR_MAX; door++)
        for (int jdk = -1; jdk < (int)report->jdks.n && n < room; jdk++) {
            struct place at = {(enum door)door, jdk};

            for (size_t i = 0; i < report->observations.n; i++)
                if (report->observations.items[i].door == at.door &&
                    report->observations.items[i].jdk == at.jdk) {
                    out[n++] = at;
                    break;
                }
        }
    return n;
}

char *look_place_name(const struct report *report, struct place at)
{
    const char *version = NULL;

    if (at.door != DOOR_JCA || at.jdk < 0 || (size_t)at.jdk >= report->jdks.n)
        return mem_str(door_word(at.door));
    version = look_fact(report, at, CONTEXT_AS_IS, "java_version");
    if (version == NULL)
        version = report->jdks.items[at.jdk].version;
    return version == NULL ? mem_printf("java #%d", at.jdk + 1) : mem_printf("java %s", version);
}

int look_version_order(const char *a, const char *b)
{
    while (*a != '\0' || *b != '\0') {
        char *end_a, *end_b;
        unsigned long x = strtoul(a, &end_a, 10), y = strtoul(b, &end_b, 10);

        if (x != y)
            return x < y ? -1 : 1;
        a = end_a + strcspn(end_a, ".");
        b = end_b + strcspn(end_b, ".");
        a += *a == '.';
        b += *b == '.';
    }
    return 0;
}

const char *look_basename(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

size_t look_nss_mapped(const struct report *report, struct place at, enum context context,
                       struct look_mapped *out)
{
    static const char *const names[] = {"libnssadapter.so", "libnss3.so", "libnssutil3.so",
                                        "libnsssysinit.so", "libsoftokn3.so", "libfreeblpriv3.so",
                                        "libfreebl3.so"};
    const struct group *g = look_group(report, at, context);
    size_t n = 0;

    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        for (size_t i = 0; g != NULL && i < g->mapped.n && n < LOOK_MAPPED; i++) {
            const struct mapped *m = &g->mapped.items[i];
            struct look_mapped *one = &out[n];

            if (strcmp(look_basename(m->path), names[k]) != 0)
                continue;
            *one = (struct look_mapped){m, NULL};
            for (size_t f = 0; f < report->modules.n; f++)
                if (strcmp(report->modules.items[f].path, m->path) == 0)
                    one->module = &report->modules.items[f];
            n++;
        }
    return n;
}
