/* SPDX-License-Identifier: Apache-2.0
 *
 * find.h: which files of NSS programs below a root get, by the rules of its loader, and which other
 * copies of NSS and libraries of cryptography are there. Reads files and directories below the
 * root; executes nothing of it and loads nothing.
 */
#ifndef MODULE_FIND_H
#define MODULE_FIND_H

#include "module/module.h"

/* Where a library's name leads, in the loader's order. */
struct find_places {
    struct {
        struct find_place {
            char *path;
            char *why;
        } *items;
        size_t n;
    } of;           /* every file of NSS's names, existing ones only */
    char *problem;  /* of the cache; NULL: none */
};

/* library_path: LD_LIBRARY_PATH of the process, NULL for an image: an image has no environment. */
void find_places(const struct root *root, const char *library_path, struct find_places *out);
void find_places_free(struct find_places *places);

/* Fills report->modules and report->neighbours with what is below the root. */
void find_modules(const struct root *root, const char *library_path, const struct builds *builds,
                  struct report *report);

/* For modules that processes had loaded: by which rule (why_there). nss_dir: what --nss-dir said;
 * NULL: what the rules lead to behind a loaded file is added as another copy. */
void find_explain(const struct root *root, const char *library_path, const char *nss_dir,
                  const struct builds *builds, struct report *report);

#endif
