/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "base/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void buf_add(struct buf *b, const void *p, size_t len)
{
    if (b->cap - b->len <= len) { /* cap is 0 or holds len + 1 */
        size_t cap = b->cap < 64 ? 64 : b->cap;

        while (cap - b->len <= len)
            cap *= 2;
        b->data = mem_grow(b->data, cap, 1);
        b->cap = cap;
    }
    if (len > 0)
        memcpy(b->data + b->len, p, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    char *s;

    va_start(ap, fmt);
    s = mem_vprintf(fmt, ap);
    va_end(ap);
    buf_puts(b, s);
    free(s);
}

int buf_read(struct buf *b, int fd, size_t max)
{
    char chunk[16384];

    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : 0;
        if (b->len + (size_t)n > max)
            return -EFBIG;
        buf_add(b, chunk, (size_t)n);
    }
}

void buf_drop(struct buf *b, size_t n)
{
    if (n == 0)
        return;
    memmove(b->data, b->data + n, b->len - n + 1);
    b->len -= n;
}

char *buf_steal(struct buf *b)
{
    char *s = b->data == NULL ? mem_dup("", 0) : b->data;

    *b = (struct buf){0};
    return s;
}

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}
