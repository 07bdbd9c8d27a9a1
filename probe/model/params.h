/* SPDX-License-Identifier: Apache-2.0
 *
 * params.h: what a catalogue row tells an operation: named words, numbers and bytes. The
 * operations of a door are a table (struct op); a row is checked against it when it is loaded, so
 * that an operation finds every parameter there and well-formed. Touches nothing.
 *
 * Four keys belong to no operation and may stand in every row: "refusal", the codes (separated by
 * blanks) that mean a refusal in this row although they mean an error elsewhere; "note", a sentence
 * for people with the source of what the row says; "doors", the doors (separated by blanks) that
 * the row is limited to, of those that its part is for; and "asked: on-request" for a costly row,
 * which is asked only where a pattern selects it.
 */
#ifndef MODEL_PARAMS_H
#define MODEL_PARAMS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct param {
    char *key, *value; /* value: as written */
    size_t line;
};

struct params {
    struct param *items;
    size_t n;
};

enum param_type {
    PARAM_END,  /* closes a table */
    PARAM_WORD, /* a name: printable ASCII */
    PARAM_UINT, /* decimal, at most 10^9 */
    PARAM_HEX,  /* bytes in hexadecimal; may be empty ("") */
    PARAM_TEXT, /* bytes of the text as written */
};

struct param_rule {
    const char *key;
    enum param_type type;
    bool required;
};

#define OP_MAX_PARAMS 24

/* One operation of a door. */
struct op {
    const char *name; /* the row's "op"; NULL closes a table of operations */
    const char *what; /* one line for 'explain' */
    struct param_rule rules[OP_MAX_PARAMS];
};

/* A door's own part of a row, with the row's test vector behind it: look-ups find the door's value
 * first, then the vector's. */
struct spec {
    const struct params *own, *vector;
};

const char *spec_get(const struct spec *spec, const char *key); /* NULL: not there */
const char *spec_word(const struct spec *spec, const char *key, const char *otherwise);
unsigned long spec_uint(const struct spec *spec, const char *key, unsigned long otherwise);
/* The bytes of a PARAM_HEX or PARAM_TEXT ("message: text:abc" is text too); NULL and *len 0 where
 * the key is not there. The caller frees. */
unsigned char *spec_bytes(const struct spec *spec, const char *key, size_t *len);

/* Is the row's own part of the form that one of ops asks for? The vector may hold keys that the
 * operation does not use. name and the error's line are for the message. *out is the operation. */
int spec_check(const struct spec *spec, const struct op *ops, const char *name, size_t line,
               const struct op **out, struct err *err) must_check;

void params_free(struct params *params);

#endif
