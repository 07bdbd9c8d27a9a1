/* SPDX-License-Identifier: Apache-2.0
 *
 * present-nest.h: a value within a value. The kernel allows one listener for a process and all that
 * it started, so that an inner fipsprobe cannot have one of its own: it marks its process, and the
 * outer supervisor answers marked processes with the value of their mark.
 *
 * The mark must be inherited over fork, exec and the loss of a parent, need no privilege and have no
 * effect of its own: it is the resource limit RLIMIT_LOCKS, which Linux has not looked at since
 * 2.4.25 (getrlimit(2)). Touches its own limits, and reads those of others.
 */
#ifndef RUN_PRESENT_NEST_H
#define RUN_PRESENT_NEST_H

#include <sys/types.h>

/* Marks this process. 0, or -1 with errno: the limit is lower already. */
int present_nest_mark(int value);
/* The value for the process pid: of its mark, or else value. */
int present_nest_value(pid_t pid, int value);

#endif
