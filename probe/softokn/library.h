/* SPDX-License-Identifier: Apache-2.0
 *
 * library.h: opens a library of NSS, in a child. Touches: dlopen, and whether files are there.
 */
#ifndef SOFTOKN_LIBRARY_H
#define SOFTOKN_LIBRARY_H

#include "model/result.h"

/* The handle of name ("libsoftokn3.so", "libnss3.so"), opened with RTLD_NOW | RTLD_LOCAL. With dir
 * (--nss-dir) it comes from there, and so does every library of NSS and NSPR that it needs and
 * that is there: those are opened first, by path. Without dir the loader looks, and then we in the
 * places that distributions keep it in outside of the loader's path. *path is what was asked for
 * (the caller frees). NULL: evidence says why (step "dlopen", code "not-found" or "cannot-load",
 * detail) and is RESULT_FAILED. Never closed: it goes with the process. */
void *library_open(const char *dir, const char *name, char **path, struct evidence *evidence);

/* With dir: is every module of NSS that is loaded now from there? libnss3 and libsoftokn3 look
 * elsewhere for what is not beside them, and then a mixture would be asked. False: evidence says
 * which is not (step "dlopen", code "not-found"). */
bool library_all_from(const char *dir, struct evidence *evidence);

#endif
