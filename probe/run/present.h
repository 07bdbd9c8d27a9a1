/* SPDX-License-Identifier: Apache-2.0
 *
 * present.h: shows a process tree another value of /proc/sys/crypto/fips_enabled than the host
 * has, through seccomp user notification (seccomp_unotify(2)). It needs no privilege, changes
 * nothing on the host, works where the file does not exist, and is inherited by whatever the child
 * starts. The kernel's own crypto does not change.
 *
 * The child calls present_install before it loads anything; the parent takes the listener from
 * the socket and answers notifications as they become readable.
 */
#ifndef RUN_PRESENT_H
#define RUN_PRESENT_H

#include "base/err.h"

#include <stdbool.h>

#define PRESENT_PATH "/proc/sys/crypto/fips_enabled"

/* In the child: installs the filter and sends the listener over the stream socket sock, or tells
 * the parent what was refused. 0, or -1 with err set to the call that was refused and how to
 * allow it; the child must then not go on as if it were presented. */
int present_install(int sock, struct err *err) must_check;

/* In the parent: the listener (owned by the caller), or -1 with the child's err. Waits at most
 * timeout_ms. */
int present_receive(int sock, int timeout_ms, struct err *err) must_check;

/* Answers one waiting notification with value (0 or 1). 0; 1 when the last process that has the
 * filter is gone; -1 when the listener is of no more use. */
int present_answer(int listener, int value) must_check;

#endif
