/* SPDX-License-Identifier: Apache-2.0 */
#include "running.h"

#include "unit.h"

#include <string.h>

static char ids[N_PROBES][10] = {PROBE_OPEN, "a", "b", "c", "d"};

const struct probe running_rows[N_PROBES] = {
    {.id = ids[0]}, {.id = ids[1]}, {.id = ids[2]}, {.id = ids[3]}, {.id = ids[4]}};
const struct probe *const running_probes[N_PROBES] = {
    &running_rows[0], &running_rows[1], &running_rows[2], &running_rows[3], &running_rows[4]};

struct ran ran;

void running_clear(void)
{
    for (size_t i = 0; i < ran.n; i++)
        group_free(&ran.group[i]);
    for (size_t i = 0; i < ran.n_o; i++)
        evidence_free(&ran.o[i].evidence);
    free(ran.o);
    ran = (struct ran){.n = 0};
}

void running_tasks(const struct run_task *tasks, size_t n, unsigned parallel,
                   const char *scratch)
{
    struct run_options options = {.probe_ms = RUNNING_MS, .parallel = parallel, .scratch = scratch};
    own_err struct err err = {0};

    running_clear();
    ck_assert_msg(run_all(tasks, n, &options, ran.group, &ran.o, &ran.n_o, &err) == 0, "%s",
                  err.msg);
    ran.n = n;
    ck_assert_uint_eq(ran.n_o, n * N_PROBES);
    for (size_t i = 0; i < n; i++)
        ck_assert_ptr_nonnull(ran.group[i].facts);
}

struct run_task running_task(void (*ask)(const struct child *, struct wire *), const void *arg)
{
    return (struct run_task){.door = DOOR_NSS, .context = CONTEXT_AS_IS, .jdk = -1,
                             .probes = running_probes, .n_probes = N_PROBES,
                             .ask = ask, .arg = arg};
}

void running_one(void (*ask)(const struct child *, struct wire *), const void *arg)
{
    struct run_task t = running_task(ask, arg);

    running_tasks(&t, 1, 1, NULL);
}

void running_assert_done_but(size_t except)
{
    for (size_t i = 0; i < N_PROBES; i++)
        if (i != except)
            ck_assert_msg(ran.o[i].evidence.result == RESULT_DONE, "probe %zu: %s, %s", i,
                          result_word(ran.o[i].evidence.result), ran.o[i].evidence.detail);
}

void running_assert_has(const char *text, const char *part)
{
    ck_assert_ptr_nonnull(text);
    ck_assert_msg(strstr(text, part) != NULL, "'%s' is not in '%s'", part, text);
}
