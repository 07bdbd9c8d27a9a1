/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void put(struct err *err, enum err_kind kind, char *msg)
{
    if (err == NULL) {
        free(msg);
        return;
    }
    free(err->msg);
    err->kind = kind;
    err->msg = msg;
}

int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    put(err, kind, mem_vprintf(fmt, ap));
    va_end(ap);
    return -1;
}

int err_errno(struct err *err, enum err_kind kind, int errnum, const char *fmt, ...)
{
    va_list ap;
    char *head;

    va_start(ap, fmt);
    head = mem_vprintf(fmt, ap);
    va_end(ap);
    put(err, kind, mem_printf("%s: %s", head, strerror(errnum)));
    free(head);
    return -1;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
    va_list ap;
    char *head;

    if (err == NULL)
        return -1;
    va_start(ap, fmt);
    head = mem_vprintf(fmt, ap);
    va_end(ap);
    put(err, err->kind, mem_printf("%s: %s", head, err->msg == NULL ? "failed" : err->msg));
    free(head);
    return -1;
}

int err_exit_status(const struct err *err)
{
    switch (err->kind) {
    case ERR_NONE:
        return 0;
    case ERR_TOOL:
        return 1;
    case ERR_USAGE:
    case ERR_INPUT:
        return 3;
    }
    return 1;
}

void err_free(struct err *err)
{
    free(err->msg);
    *err = (struct err){0};
}
