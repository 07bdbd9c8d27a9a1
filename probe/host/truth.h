/* SPDX-License-Identifier: Apache-2.0
 *
 * truth.h: is the FIPS flag that is seen here the kernel's own? And what of this container's files
 * follows from the host's. Reads files below a root; on a live root asks what file system the flag
 * is opened from, and the kernel's crypto API where a question loads nothing (alg.h).
 */
#ifndef HOST_TRUTH_H
#define HOST_TRUTH_H

#include "host/mounts.h"
#include "model/result.h"

/* Fills flag_truth, flag_presented and flag_evidence; flag, flag_overmount and cmdline_fips must be
 * there. */
void truth_read(const struct root *root, struct host *out);
/* Fills from_host. */
void truth_from_host(const struct root *root, const struct mounts *mounts, struct host *out);

#endif
