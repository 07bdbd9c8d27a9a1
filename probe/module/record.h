/* SPDX-License-Identifier: Apache-2.0
 *
 * record.h: rows of a table of known builds, as YAML in the form of data/builds.yaml. Pure.
 */
#ifndef MODULE_RECORD_H
#define MODULE_RECORD_H

#include "base/buf.h"
#include "module/module.h"

struct record {
    const char *name;    /* "Debian 12"; NULL: nothing in front of the package's name */
    const char *package, *version, *source;
};

/* One row for each architecture of the modules; those without a digest are left out. Returns the
 * number of files that were recorded. */
size_t record_rows(const struct record *record, struct module_file *const *modules, size_t n,
                   struct buf *out);

#endif
