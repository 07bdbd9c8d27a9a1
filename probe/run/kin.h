/* SPDX-License-Identifier: Apache-2.0
 *
 * kin.h: processes and descriptors of a program that starts others: who is a child of this
 * process, ending all that a child left behind, descriptors that stay clear of 0, 1 and 2.
 * Touches /proc/self and /proc/PID/stat, signals and waits.
 */
#ifndef RUN_KIN_H
#define RUN_KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pids {
    pid_t *items;
    size_t n;
};

bool pids_has(const struct pids *pids, pid_t pid);
void pids_free(struct pids *pids);

/* The children of this process now, zombies too. Nothing without /proc. */
void kin_children(struct pids *out);

/* Kills and reaps every child of this process that is not in known, again and again, since what
 * those have started becomes ours when they die (PR_SET_CHILD_SUBREAPER); at most for 2 s. */
void kin_sweep(const struct pids *known);

/* A descriptor that is readable when pid has ended, or -1: the kernel (before 5.3) has none. */
int kin_pidfd(pid_t pid);
/* Has the child ended? It is not reaped: its number stays its own. */
bool kin_ended(pid_t pid);

/* The same descriptor under a number of at least lowest (as near as the limit allows, never 0 to
 * 2), closed on exec; the old one is closed. -1 with errno. */
int kin_move_fd(int fd, int lowest);
/* Closes every descriptor from 3 up that is not one of the n in keep (ascending). */
void kin_close_others(const int *keep, size_t n);

const char *kin_signal_name(int sig); /* "SIGSEGV"; static, valid until the next call */

#endif
