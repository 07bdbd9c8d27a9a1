/* SPDX-License-Identifier: Apache-2.0
 *
 * present-who.h: who asks for the kernel's flag: for the summary of 'fipsprobe exec'. Reads
 * /proc/PID of who asks, its stack, and the files that it has mapped to execute.
 *
 * As JSON, schema "fipsprobe-exec/1": presented (0 or 1), way, complete (false: somebody answers in
 * our place, or there were more programs than are kept), readers[]: program (the path of its file),
 * value (what it was given; null: it only looked whether the file is there), opens, looks,
 * processes, pids[] (the first of them), libraries[]: path, names_the_flag (the path of the flag
 * stands in the file), calls (how often it was the nearest to the call, by what looks like return
 * addresses on the stack: a good sign and no proof).
 */
#ifndef RUN_PRESENT_WHO_H
#define RUN_PRESENT_WHO_H

#include "base/mem.h"
#include "model/words.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define WHO_PIDS 16

struct who_library {
    char *path;
    bool names_the_flag;
    unsigned long calls;
};

struct who_reader {
    char *program;
    int value; /* -1: looked only */
    unsigned long opens, looks, processes;
    pid_t pids[WHO_PIDS], last;
    struct {
        struct who_library *items;
        size_t n;
    } libraries;
};

struct who {
    struct {
        struct who_reader *items;
        size_t n;
    } readers;
    struct { /* files that were looked through */
        struct who_file {
            uint64_t dev, ino;
            bool names;
        } *items;
        size_t n;
    } files;
    bool more; /* than are kept */
};

/* present_watch.seen with arg a struct who. */
void who_seen(void *arg, pid_t thread, const char *call, int value);
void who_clear(struct who *who);
char *who_json(const struct who *who, int value, enum way way); /* the caller frees */

#endif
