/* SPDX-License-Identifier: Apache-2.0
 *
 * looks.h: the ways in which a process may look at the kernel's flag.
 */
#ifndef TESTS_LOOKS_H
#define TESTS_LOOKS_H

#define N_LOOKS 27

/* Gets the value that is expected and returns NULL, or what was wrong, which leaks: the process
 * ends soon. */
struct look {
    const char *name;
    const char *(*look)(int value);
};
extern const struct look looks[N_LOOKS];

#endif
