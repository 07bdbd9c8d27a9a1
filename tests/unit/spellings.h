/* SPDX-License-Identifier: Apache-2.0
 *
 * spellings.h: every way to spell the path of the kernel's flag, with every system call that takes
 * one.
 */
#ifndef TESTS_SPELLINGS_H
#define TESTS_SPELLINGS_H

/* Asks for the flag, which must read value. The number of questions asked; *problems (malloc'd)
 * has a line for each answer that was another one. */
int spellings_ask(int value, char **problems);

#endif
