/* SPDX-License-Identifier: Apache-2.0
 *
 * present.h: commands under present_exec, as check_present runs them, and how it reports.
 */
#ifndef TESTS_PRESENT_H
#define TESTS_PRESENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Shared with the process that has no rights. */
extern struct count {
    int number, failures;
} *count;

/* One line of TAP; detail (or NULL) is shown when it is not ok. */
void report(bool ok, const char *who, const char *name, const char *detail);

/* A process that is present_exec of PROGRAM -c script; its stdout is *out. -1: it does not start. */
pid_t start_exec(int value, const char *program, const char *script, int *out);

/* What it wrote, to the end of file, and its waitpid status. Closing of its stdout is waited for
 * at most ms. */
int end_exec(pid_t pid, int out, char *text, size_t size, int ms);

void check_commands(const char *who);
void check_background(const char *who);
void check_signals(const char *who);
void check_closed(const char *who);
void check_mount(const char *who); /* where a listener is refused */

#endif
