/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *checked(void *p)
{
    static const char msg[] = "fipsprobe: out of memory\n";

    if (p == NULL) {
        if (write(STDERR_FILENO, msg, sizeof msg - 1) < 0)
            _exit(1);
        _exit(1);
    }
    return p;
}

void *mem_zero(size_t n, size_t size)
{
    return checked(calloc(n == 0 ? 1 : n, size == 0 ? 1 : size));
}

void *mem_grow(void *p, size_t n, size_t size)
{
    return checked(reallocarray(p, n, size));
}

char *mem_dup(const void *p, size_t len)
{
    char *copy = checked(malloc(len + 1));

    if (len > 0)
        memcpy(copy, p, len);
    copy[len] = '\0';
    return copy;
}

char *mem_str(const char *s)
{
    return s == NULL ? NULL : mem_dup(s, strlen(s));
}

char *mem_vprintf(const char *fmt, va_list ap)
{
    char *s = NULL;

    return checked(vasprintf(&s, fmt, ap) < 0 ? NULL : s);
}

char *mem_printf(const char *fmt, ...)
{
    va_list ap;
    char *s;

    va_start(ap, fmt);
    s = mem_vprintf(fmt, ap);
    va_end(ap);
    return s;
}

void strings_add(struct strings *s, const char *text)
{
    *mem_push(s) = mem_str(text);
}

void strings_free(struct strings *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->items[i]);
    free(s->items);
    *s = (struct strings){0};
}
