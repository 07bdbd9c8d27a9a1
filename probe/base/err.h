/* SPDX-License-Identifier: Apache-2.0
 *
 * err.h: what went wrong in the tool itself, as one line for a person. A bad answer of what is
 * examined is never an err: it is an observation.
 *
 * Functions that can fail take `struct err *err` last and return 0, or a negative number with err
 * set. Only main prints it. Messages: lower case, no full stop, the thing 'in quotes', and what to
 * do about it where that is not plain.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define must_check __attribute__((warn_unused_result))

enum err_kind {
    ERR_NONE,
    ERR_TOOL,  /* the tool failed: exit status 1 */
    ERR_USAGE, /* the command line: exit status 3 */
    ERR_INPUT, /* a file the user gave: exit status 3 */
};

struct err {
    enum err_kind kind;
    char *msg; /* owned */
};

/* Set err (freeing what it held) and return -1; err may be NULL. */
int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with ": " and the text of errnum appended. */
int err_errno(struct err *err, enum err_kind kind, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Put "context: " before the message; returns -1. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

int err_exit_status(const struct err *err);
void err_free(struct err *err);
#define own_err __attribute__((cleanup(err_free)))

#endif
