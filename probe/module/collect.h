/* SPDX-License-Identifier: Apache-2.0
 *
 * collect.h: which module files a report is about: those that a child really mapped, and what
 * stands or is missing beside them. Reads files below a root; writes only to the report.
 */
#ifndef MODULE_COLLECT_H
#define MODULE_COLLECT_H

#include "module/module.h"

/* Fills report->modules from report->groups. nss_dir: what --nss-dir said; all of NSS is then
 * expected there. A library that is missing although others of its set are there gets a row with
 * problem MODULE_MISSING. */
void collect_modules(const struct root *root, const char *nss_dir, const struct builds *builds,
                     struct report *report);

/* Adds a row for each library of the set that is not in dir, where softokn is. */
void collect_missing(const struct root *root, const char *dir, struct report *report);

/* Once all rows are there: files changed after they were built are told, and the rows sorted. */
void collect_finish(const struct builds *builds, struct report *report);

#define MODULE_MISSING "no such file"

#endif
