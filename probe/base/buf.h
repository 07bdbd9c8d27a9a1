/* SPDX-License-Identifier: Apache-2.0
 *
 * buf.h: a growing byte buffer. data is NUL-terminated after every call (NULL while empty), len
 * does not count that NUL. Released with buf_free, or handed on with buf_steal.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct buf {
    char *data;
    size_t len, cap;
};

void buf_add(struct buf *b, const void *p, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Adds what is left of a file: 0, -errno, or -EFBIG where b would hold more than max bytes. */
int buf_read(struct buf *b, int fd, size_t max);
void buf_drop(struct buf *b, size_t n); /* the first n bytes, n <= len */
char *buf_steal(struct buf *b);         /* never NULL; the caller frees */
void buf_free(struct buf *b);
#define own_buf __attribute__((cleanup(buf_free)))

#endif
