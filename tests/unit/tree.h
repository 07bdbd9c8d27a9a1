/* SPDX-License-Identifier: Apache-2.0
 *
 * tree.h: a tree of files that a test makes and looks at through struct root; gone afterwards.
 */
#ifndef TESTS_TREE_H
#define TESTS_TREE_H

#include "base/root.h"

#include <sys/types.h>

extern char tree_top[];
extern struct root tree_root;

void tree_set_up(void); /* fixtures of check */
void tree_tear_down(void);

/* path is absolute, below the tree; its directories are made. */
void tree_put(const char *path, const char *text);
void tree_put_bytes(const char *path, const void *data, size_t len, mode_t mode);
void tree_put_link(const char *target, const char *path);
/* The head of an ELF file of this machine, or of another one, with tail behind it. */
void tree_put_elf(const char *path, bool foreign, const char *tail);
void tree_remove(const char *path); /* or it is not there */
/* libjvm.so, bin/java, release and java.security of a stock JDK. */
void tree_put_jdk(const char *home, const char *version);

#endif
