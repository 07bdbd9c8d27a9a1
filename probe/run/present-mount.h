/* SPDX-License-Identifier: Apache-2.0
 *
 * present-mount.h: the second way to present the flag, where the kernel or a container refuses the
 * first: a mount namespace of this process's own, with a small file system mounted over the
 * directory of the flag. Where mounting takes a privilege that is not there, a user namespace comes
 * with it. Nobody else sees it, and it is gone with the last process in it.
 */
#ifndef RUN_PRESENT_MOUNT_H
#define RUN_PRESENT_MOUNT_H

#include "base/err.h"

/* This process, which must have one thread, and all that it starts from now on see value. -1 with
 * err set to the call that was refused. */
int present_mount(int value, struct err *err) must_check;

#endif
