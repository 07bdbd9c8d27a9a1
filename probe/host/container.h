/* SPDX-License-Identifier: Apache-2.0
 *
 * container.h: signs that this is a container, and of which kind. Reads files below a root and the
 * environment it is given.
 */
#ifndef HOST_CONTAINER_H
#define HOST_CONTAINER_H

#include "base/root.h"
#include "model/result.h"

void container_read(const struct root *root, char *const *env, struct host *out);

#endif
