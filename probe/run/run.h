/* SPDX-License-Identifier: Apache-2.0
 *
 * run.h: runs groups of probes in forked children and brings back what they saw. The room may
 * fork, wait, use pipes, seccomp and /proc/PID of its children; it never loads what is examined.
 *
 * One task is a group of probes at one door in one context. Its child is forked without exec, in a
 * process group of its own, with the kernel's flag presented (present.h) before its function is
 * called; stdin is /dev/null, stdout and stderr are kept apart from the program's own and end up,
 * cleaned and at most 4 KiB, in the fact "noise". It has no terminal and no other descriptor that
 * was open here.
 *
 * Every probe has a deadline. A child that dies or passes it is charged to the probe it had begun;
 * the rest is asked in a new child. When probe 0 (door.open) does not end well, or its answer is
 * not RESULT_DONE, the others are RESULT_NOT_RUN with that as the reason. Nothing that a child
 * writes is trusted; whatever it started is killed when it ends. Where SIGHUP, SIGINT, SIGQUIT or
 * SIGTERM comes, the children are ended first and then the program gets its signal.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "model/result.h"
#include "run/wire.h"

struct run_task;

/* A file of a child's scratch directory. */
#define CHILD_SAID "said"

/* What a child's function gets. */
struct child {
    const struct run_task *task;
    const bool *ask;     /* per probe of the task: is it to be asked here? ask[0] always is */
    const char *scratch; /* a private directory, gone afterwards; NULL: none could be made */
};

struct run_task {
    enum door door;
    enum context context;
    int jdk; /* -1 unless DOOR_JCA */
    const struct probe *const *probes; /* probes[0] is PROBE_OPEN */
    size_t n_probes;
    /* Asks the probes in order; returns when done. What it leaks goes with the process. */
    void (*ask)(const struct child *child, struct wire *wire);
    const void *arg; /* for ask: the door's configuration */
    /* What a child put into its CHILD_SAID and did not live to tell, as it may be shown; NULL:
     * nothing. The caller frees. No function: nobody looks. */
    char *(*said)(const char *text);
};

struct run_options {
    unsigned probe_ms;   /* deadline of one probe; door.open gets three times as much */
    unsigned parallel;   /* children at a time; 0: twice the processors */
    const char *scratch; /* where the children's own directories are made; NULL: nowhere */
};

/* Runs all tasks. groups has n rooms and is filled in the tasks' order; observations (their outcome
 * OUTCOME_NOT_RUN) are in the order tasks, then probes: exactly one for each. An err means that the
 * tool failed (no fork, no pipe); nothing is left running then. */
int run_all(const struct run_task *tasks, size_t n, const struct run_options *options,
            struct group *groups, struct observation **observations, size_t *n_observations,
            struct err *err) must_check;

#endif
