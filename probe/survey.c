/* SPDX-License-Identifier: Apache-2.0 */
#include "survey.h"

#include "base/own.h"
#include "base/root.h"
#include "base/scratch.h"
#include "base/text.h"
#include "host/host.h"
#include "java-harness/java.h"
#include "judge/judge.h"
#include "judge/lists.h"
#include "module/collect.h"
#include "module/find.h"
#include "module/owner.h"
#include "run/run.h"
#include "softokn/softokn.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a run is made of; the pieces that tasks point to must outlive them. */
struct plan {
    const struct survey_options *options;
    bool nss_fips; /* the variable is set */
    const struct catalogue *catalogue;
    struct softokn_config softokn;
    struct java_config *java; /* one per JDK of the report */
    struct {
        const struct probe **items;
        size_t n;
    } rows[DOOR_MAX];
    struct {
        struct run_task *items;
        size_t n;
    } tasks;
};

static void plan_free(struct plan *plan)
{
    for (int door = 0; door < DOOR_MAX; door++)
        free(plan->rows[door].items);
    free(plan->java);
    free(plan->tasks.items);
}

static bool is_selected(const struct strings *only, const char *id)
{
    for (size_t i = 0; i < only->n; i++)
        if (text_match(only->items[i], id))
            return true;
    return only->n == 0;
}

static int check_patterns(const struct survey_options *options, const struct catalogue *catalogue,
                          struct err *err)
{
    for (size_t p = 0; p < options->only.n; p++) {
        bool matched = false;

        for (size_t i = 0; i < catalogue->n && !matched; i++)
            matched = text_match(options->only.items[p], catalogue->items[i].id);
        if (!matched) {
            own_free char *clean =
                text_clean(options->only.items[p], strlen(options->only.items[p]));

            return err_set(err, ERR_USAGE, "no probe matches '%s'; 'fipsprobe list' names them",
                           clean);
        }
    }
    return 0;
}

/* Rows that a run asks only where they are named. */
static void tell_on_request(const struct catalogue *catalogue, enum door door, struct strings *out)
{
    for (size_t i = 0; i < catalogue->n; i++)
        if (probe_on_request(&catalogue->items[i], door))
            strings_add(out, catalogue->items[i].id);
}

/* door.open first, then the selected rows in the catalogue's order. A door at which nothing is
 * selected is left closed. */
static void choose_rows(struct plan *plan, enum door door)
{
    const struct catalogue *c = plan->catalogue;
    const struct probe *open = catalogue_find(c, PROBE_OPEN);
    bool wanted = false;

    if (open == NULL || !probe_at(open, door))
        return;
    *mem_push(&plan->rows[door]) = open;
    for (size_t i = 0; i < c->n; i++) {
        if (!probe_at(&c->items[i], door) || !is_selected(&plan->options->only, c->items[i].id) ||
            (plan->options->only.n == 0 && probe_on_request(&c->items[i], door)))
            continue;
        wanted = true;
        if (&c->items[i] != open)
            *mem_push(&plan->rows[door]) = &c->items[i];
    }
    if (!wanted)
        plan->rows[door].n = 0;
}

/* Contexts beside the kernel's are asked for where they can matter: each costs as much as another. */
static bool can_matter(const struct plan *plan, enum context context, const struct jdk *jdk)
{
    switch (context) {
    case CONTEXT_ENV_NONE:
        return plan->nss_fips && (jdk == NULL || jdk->asks_nss);
    case CONTEXT_ENV_NSS_FIPS:
        return jdk == NULL || jdk->asks_nss;
    case CONTEXT_JVM_OPTIONS:
        return jdk != NULL && jdk->fips_option != NULL;
    case CONTEXT_AS_IS:
    case CONTEXT_KERNEL_OFF:
    case CONTEXT_KERNEL_ON:
    case CONTEXT_MAX:
        break;
    }
    return true;
}

static void add_tasks(struct plan *plan, enum door door, int jdk, const struct jdk *of,
                      void (*ask)(const struct child *, struct wire *), const void *arg)
{
    if (plan->rows[door].n == 0)
        return;
    for (int context = 0; context < CONTEXT_MAX; context++) {
        struct run_task *task;

        if (!plan->options->contexts[context] || !can_matter(plan, (enum context)context, of))
            continue;
        task = mem_push(&plan->tasks);
        task->door = door;
        task->context = (enum context)context;
        task->jdk = jdk;
        task->probes = plan->rows[door].items;
        task->n_probes = plan->rows[door].n;
        task->ask = ask;
        task->arg = arg;
        task->said = door == DOOR_JCA ? java_said : NULL;
    }
}

/* The JVMs first: they take longest. */
static void make_tasks(struct plan *plan, const struct report *report)
{
    plan->java = mem_zero(report->jdks.n, sizeof *plan->java);
    for (size_t i = 0; i < report->jdks.n; i++) {
        if (report->jdks.items[i].problem != NULL || report->jdks.items[i].not_asked != NULL)
            continue;
        plan->java[i].jdk = &report->jdks.items[i];
        add_tasks(plan, DOOR_JCA, (int)i, plan->java[i].jdk, java_ask, &plan->java[i]);
    }
    if (!plan->options->nss)
        return;
    plan->softokn.nss_dir = plan->options->nss_dir;
    add_tasks(plan, DOOR_NSS, -1, NULL, nss_ask, &plan->softokn);
    add_tasks(plan, DOOR_SOFTOKN_FIPS, -1, NULL, softokn_ask, &plan->softokn);
    add_tasks(plan, DOOR_SOFTOKN_DEFAULT, -1, NULL, softokn_ask, &plan->softokn);
}

static void find_jdks(const struct root *root, const struct survey_options *options,
                      char *const *env, struct report *out)
{
    struct jdk_list list = {0};

    bool all = options->all_jdks || (options->java_homes.n == 0 && !options->first_jdk);

    java_find(root, env, &options->java_homes, all, &list);
    out->jdks.items = list.items;
    out->jdks.n = list.n;
}

static int run_tasks(const struct plan *plan, struct report *out, struct err *err)
{
    struct run_options options = {.probe_ms = plan->options->timeout_s * 1000};
    int rc;

    out->groups.items = mem_zero(plan->tasks.n, sizeof *out->groups.items);
    if (plan->tasks.n == 0)
        return 0;
    options.scratch = scratch_make();
    rc = run_all(plan->tasks.items, plan->tasks.n, &options, out->groups.items,
                 &out->observations.items, &out->observations.n, err);
    scratch_remove();
    if (rc < 0)
        return rc;
    out->groups.n = plan->tasks.n;
    for (size_t i = 0; i < out->observations.n; i++) {
        struct observation *o = &out->observations.items[i];

        for (size_t g = 0; g < out->groups.n; g++) {
            const struct group *group = &out->groups.items[g];

            if (group->door == o->door && group->context == o->context && group->jdk == o->jdk)
                o->outcome = judge_classify(o, group->control);
        }
    }
    return 0;
}

static char *now_utc(void)
{
    time_t now = time(NULL);
    struct tm tm;
    char text[32];

    if (gmtime_r(&now, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        return NULL;
    return mem_str(text);
}

static unsigned long now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (unsigned long)ts.tv_sec * 1000 + (unsigned long)ts.tv_nsec / 1000000;
}

/* Of what the tokens list and no row asks: what the catalogue says about that. */
static void tell_unasked(const struct catalogue *catalogue, struct report *out)
{
    struct strings without = {0};

    lists_without_row(out, NULL, &without);
    for (size_t i = 0; i < without.n; i++) {
        const char *reason = catalogue_unasked(catalogue, without.items[i]);

        if (reason == NULL)
            continue;
        strings_add(&out->unasked, without.items[i]);
        strings_add(&out->unasked_reasons, reason);
    }
    strings_free(&without);
}

int survey(const struct survey_options *options, const struct catalogue *catalogue,
           const struct diagnoses *diagnoses, char *const *env, struct report *out,
           struct err *err)
{
    struct plan plan = {.options = options, .catalogue = catalogue};
    struct root root = {.fd = -1};
    unsigned long started = now_ms();
    int rc;

    plan.nss_fips = text_env(env, "NSS_FIPS") != NULL;
    *out = (struct report){0};
    out->started = now_utc();
    if (check_patterns(options, catalogue, err) < 0)
        return -1;
    rc = root_init(&root, "/", err);
    if (rc == 0) {
        host_read(&root, env, &out->host);
        for (int door = 0; door < DOOR_MAX; door++)
            choose_rows(&plan, (enum door)door);
        if (options->nss && options->only.n == 0)
            tell_on_request(catalogue, DOOR_NSS, &out->on_request_nss);
        out->nss_skipped = !options->nss || plan.rows[DOOR_NSS].n + plan.rows[DOOR_SOFTOKN_FIPS].n +
                                                plan.rows[DOOR_SOFTOKN_DEFAULT].n == 0;
        out->java_skipped = !options->java || plan.rows[DOOR_JCA].n == 0;
        if (!out->java_skipped)
            find_jdks(&root, options, env, out);
        if (out->jdks.n > 0 && options->only.n == 0)
            tell_on_request(catalogue, DOOR_JCA, &out->on_request_java);
        softokn_row_mechanisms(catalogue, &out->row_mechanisms);
        make_tasks(&plan, out);
        rc = run_tasks(&plan, out, err);
    }
    if (rc == 0) {
        collect_modules(&root, options->nss_dir, options->builds, out);
        find_explain(&root, text_env(env, "LD_LIBRARY_PATH"), options->nss_dir, options->builds,
                     out);
        owner_find(&root, out);
        tell_unasked(catalogue, out);
        judge_dependence(out);
        judge_diagnose(out, diagnoses);
        out->wall_ms = now_ms() - started;
        judge_summary(out);
    }
    root_free(&root);
    plan_free(&plan);
    return rc;
}
