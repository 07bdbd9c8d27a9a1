/* SPDX-License-Identifier: Apache-2.0
 *
 * options.h: the options of a JVM: those that the environment gives it, and ours. Pure functions.
 *
 * libjvm itself reads JAVA_TOOL_OPTIONS (before the arguments) and _JAVA_OPTIONS (after them). The
 * launcher, java of JDK 9 and later, puts JDK_JAVA_OPTIONS before its arguments; a VM started
 * through JNI sees it only if we hand it on.
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

/* The value without the words that why_not gives a reason for. What was left out is added to
 * dropped, with the reason. NULL where nothing has to go. */
char *options_without(const char *variable, const char *value,
                      const char *(*why_not)(const char *option, const void *arg), const void *arg,
                      struct strings *dropped);

/* The value without the words that must not reach a probe's VM: those that write files, open
 * ports, run commands or load agents. What was left out is added to dropped, with the reason. NULL
 * where nothing has to go. */
char *options_without_effects(const char *variable, const char *value, struct strings *dropped);

/* The -D options of JDK_JAVA_OPTIONS into pass; what cannot be handed on into told. */
void options_of_launcher(const char *value, unsigned long java_major, struct strings *pass,
                         struct strings *told);

/* Our own options. Those that keep the VM from writing; errors: where its crash report may go. */
void options_of_ours(unsigned long java_major, const char *errors, struct strings *pass);
/* Those for a quick start in little memory, without what contradicts the environment's variables
 * (values; may be NULL). */
void options_for_speed(const char *const *variables, size_t n, struct strings *pass);

/* An option as it may be shown: the values of those that may hold a secret are left out. */
char *options_shown(const char *option);

/* The value of -Dname= among the words of one variable, the last one; NULL: it is not there.
 * "" for a -Dname without value. */
const char *options_property(const struct option_words *words, const char *name);

#endif
