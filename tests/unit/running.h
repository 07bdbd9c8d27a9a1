/* SPDX-License-Identifier: Apache-2.0
 *
 * running.h: groups of five probes run by the tests of the runner, and what came of them.
 */
#ifndef TESTS_RUNNING_H
#define TESTS_RUNNING_H

#include "run/run.h"

#define N_PROBES 5

/* A probe's deadline; a longer one where every instruction is emulated (check-arm64.sh). The door
 * has three times as long. */
#ifdef RUNNING_EMULATED
#define RUNNING_MS 4000
#define RUNNING_MS_TEXT "4 s"
#define RUNNING_DOOR_TEXT "12 s"
#else
#define RUNNING_MS 800
#define RUNNING_MS_TEXT "0.8 s"
#define RUNNING_DOOR_TEXT "2.4 s"
#endif

extern const struct probe running_rows[N_PROBES];
extern const struct probe *const running_probes[N_PROBES];

/* The result of the last run. */
struct ran {
    struct group group[40];
    struct observation *o;
    size_t n_o, n;
};
extern struct ran ran;

void running_clear(void);

struct run_task running_task(void (*ask)(const struct child *, struct wire *), const void *arg);
void running_tasks(const struct run_task *tasks, size_t n, unsigned parallel, const char *scratch);
void running_one(void (*ask)(const struct child *, struct wire *), const void *arg);

/* For ask_but and ask_after of faults.h. */
#define FAULT(f) (const void *)&(void (*)(struct wire *)){f}

void running_assert_done_but(size_t except);
void running_assert_has(const char *text, const char *part);

#endif
