/* SPDX-License-Identifier: Apache-2.0 */
#include "model/words.h"

#include <stddef.h>
#include <string.h>

struct word {
    const char *word, *text;
};

static int find(const struct word *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i].word, word) == 0)
            return (int)i;
    return -1;
}

#define WORDS_ROW(id, word, text) {word, text},
#define WORDS_DEFINE(name, LIST)                                                                   \
    static const struct word name##_words[] = {LIST(WORDS_ROW)};                                   \
    const char *name##_word(enum name value)                                                       \
    {                                                                                              \
        return name##_words[value].word;                                                           \
    }                                                                                              \
    const char *name##_text(enum name value)                                                       \
    {                                                                                              \
        return name##_words[value].text;                                                           \
    }                                                                                              \
    int name##_parse(const char *word, enum name *out)                                             \
    {                                                                                              \
        int i = find(name##_words, sizeof name##_words / sizeof *name##_words, word);              \
                                                                                                   \
        if (i < 0)                                                                                 \
            return -1;                                                                             \
        *out = (enum name)i;                                                                       \
        return 0;                                                                                  \
    }

WORDS_DEFINE(door, DOORS)
WORDS_DEFINE(context, CONTEXTS)
WORDS_DEFINE(outcome, OUTCOMES)
WORDS_DEFINE(dependence, DEPENDENCES)
WORDS_DEFINE(determinant, DETERMINANTS)
WORDS_DEFINE(result, RESULTS)
WORDS_DEFINE(listing, LISTINGS)
WORDS_DEFINE(check, CHECKS)
WORDS_DEFINE(indicator, INDICATORS)
WORDS_DEFINE(control, CONTROLS)
WORDS_DEFINE(truth, TRUTHS)
WORDS_DEFINE(way, WAYS)
WORDS_DEFINE(ending, ENDINGS)
