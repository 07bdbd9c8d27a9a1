/* SPDX-License-Identifier: Apache-2.0
 *
 * host.h: facts of the kernel, the OS, the container and the environment. Reads files below a root
 * and the environment it is given; on a live root asks uname, getuid and, where that
 * loads nothing, the kernel's crypto API. Writes nothing.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "base/root.h"
#include "model/result.h"

void host_read(const struct root *root, char *const *env, struct host *out);

#endif
