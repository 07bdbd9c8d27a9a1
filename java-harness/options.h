/* SPDX-License-Identifier: Apache-2.0
 *
 * options.h: the options of a JVM: the words of a variable that gives some, what each would do to
 * the host, and our own. Pure functions. What the environment gives as a whole: launch.h.
 */
#ifndef JAVA_HARNESS_OPTIONS_H
#define JAVA_HARNESS_OPTIONS_H

#include "base/mem.h"

#include <stdbool.h>

/* One word of such a variable. The rules of the launcher (JLI_AddArgsFromEnvVar in args.c) and of
 * HotSpot (Arguments::parse_options_buffer) are the same: blanks separate, ' and " keep blanks
 * anywhere in a word, there is no escape. */
struct option_word {
    char *text;         /* without its quotes */
    size_t start, end;  /* where it stands, quotes included */
};
struct option_words {
    struct option_word *items;
    size_t n;
    bool unmatched; /* a quote that is never closed: java does not start */
};
struct option_words options_split(const char *value);
void options_free(struct option_words *words);

/* Why this option must not reach a probe's VM: it writes files, opens ports, runs commands or loads
 * agents. NULL: it may. */
const char *options_effect(const char *option);

/* What the VM does with this option instead of running a program; NULL: it runs one. java_major 0: not
 * known. */
const char *options_ends(const char *option, unsigned long java_major);

/* Our own options. Those that keep the VM from writing; errors: where its crash report may go. */
void options_of_ours(unsigned long java_major, const char *errors, struct strings *pass);
/* Those for a quick start in little memory, without what contradicts the words that the environment
 * gives. */
void options_for_speed(const struct strings *given, struct strings *pass);

/* An option as it may be shown: the values of those that may hold a secret are left out. */
char *options_shown(const char *option);

/* The value of -Dname= among the words of one variable, the last one; NULL: it is not there.
 * "" for a -Dname without value. */
const char *options_property(const struct option_words *words, const char *name);

#endif
