/* SPDX-License-Identifier: Apache-2.0
 *
 * policy.h: the system-wide crypto policy (crypto-policies of Red Hat, Fedora, Amazon), and whether
 * a container runtime or an initramfs has mounted another one over it. Reads files below a root.
 */
#ifndef HOST_POLICY_H
#define HOST_POLICY_H

#include "base/root.h"
#include "host/mounts.h"
#include "model/result.h"

void policy_read(const struct root *root, const struct mounts *mounts, struct host *out);

#endif
