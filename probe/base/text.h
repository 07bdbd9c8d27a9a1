/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h: strings from the outside world made safe, and bytes as hexadecimal.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A copy that is valid UTF-8 and has no control characters: C0, DEL, C1, the bidirectional and
 * line-separator characters and bytes that are not UTF-8 are written as \xNN per byte (\n, \t and
 * \r by name). Every string that reaches a report has come through here. The caller frees. */
char *text_clean(const char *s, size_t len);

char *text_hex(const void *p, size_t len); /* lower case; the caller frees */
/* Bytes of a string of hexadecimal digits; *out_len is set. NULL if it is none. The caller frees. */
unsigned char *text_unhex(const char *hex, size_t *out_len);

/* Shell-style match (fnmatch without special slashes): '*', '?', '[...]'. */
bool text_match(const char *pattern, const char *s);

/* The value of key in "key=value" environment block env, or NULL. */
const char *text_env(char *const *env, const char *key);

#endif
