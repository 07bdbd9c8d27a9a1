/* SPDX-License-Identifier: Apache-2.0
 *
 * search.h: looking through the usual places of a root for files by their names, within bounds.
 * Reads directories below the root; follows no links.
 */
#ifndef MODULE_SEARCH_H
#define MODULE_SEARCH_H

#include "base/root.h"

/* Called for each regular file; path is absolute below the root and not cleaned. */
typedef void search_visit(void *arg, const char *path, const char *name);

/* NULL: everything was looked through; else where and why it stopped (the caller frees). */
char *search_files(const struct root *root, search_visit *visit, void *arg);

#endif
