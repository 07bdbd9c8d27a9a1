/* SPDX-License-Identifier: Apache-2.0
 *
 * mem.h: allocation that cannot fail. When memory is out the program says so on stderr and ends
 * with status 1 (the tool itself failed): nothing here could go on usefully, and a check at each
 * call would never be exercised. Everything returned is released with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

void *mem_zero(size_t n, size_t size) __attribute__((malloc, warn_unused_result));
void *mem_grow(void *p, size_t n, size_t size) __attribute__((warn_unused_result));
char *mem_dup(const void *p, size_t len) __attribute__((warn_unused_result)); /* NUL added */
char *mem_str(const char *s) __attribute__((warn_unused_result)); /* NULL gives NULL */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2), warn_unused_result));
char *mem_vprintf(const char *fmt, va_list ap)
    __attribute__((format(printf, 1, 0), warn_unused_result));

/* For structs of the shape { T *items; size_t n; }: adds one zeroed item and returns it. */
#define mem_push(list)                                                                             \
    ({                                                                                             \
        if (((list)->n & ((list)->n - 1)) == 0) /* full at 0, 1, 2, 4, 8 ... */                    \
            (list)->items = mem_grow((list)->items, (list)->n == 0 ? 1 : (list)->n * 2,            \
                                     sizeof *(list)->items);                                       \
        (list)->items[(list)->n] = (__typeof__(*(list)->items)){0};                                \
        &(list)->items[(list)->n++];                                                               \
    })

/* A list of owned strings. */
struct strings {
    char **items;
    size_t n;
};
void strings_add(struct strings *s, const char *text); /* copies */
void strings_free(struct strings *s);

#endif
