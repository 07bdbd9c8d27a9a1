/* SPDX-License-Identifier: Apache-2.0
 *
 * home.h: what the files of one JDK say, without starting it: where its libjvm is, what kind of
 * runtime it is, and why it cannot be asked. Reads files below a root.
 */
#ifndef JAVA_HARNESS_HOME_H
#define JAVA_HARNESS_HOME_H

#include "base/root.h"
#include "model/result.h"

/* The path without links, as a process in the root sees it; NULL: there is no such file. */
char *home_resolved(const struct root *root, const char *path);
bool home_is_directory(const struct root *root, const char *path);
/* Cuts the last n components off; false: there are not that many. */
bool home_cut(char *path, int n);

/* home: a java.home, or the JDK above it. True where there is a libjvm: then all that the files
 * tell is filled in, problem where it cannot be asked. What env switches is told too. */
bool home_examine(const struct root *root, const char *home, char *const *env, struct jdk *out);

/* Why there is no JDK at this path, where home_examine found none; and where one is, above it. The
 * caller frees. */
char *home_why_none(const struct root *root, const char *path);

/* 8 of "1.8.0_462", 17 of "17.0.15"; 0: not known. */
unsigned long home_major(const char *version);

#endif
