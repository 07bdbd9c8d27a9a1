/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/constants.h"

#include "base/mem.h"

#include <pkcs11.h>
#include <pkcs11n.h>
#include <stdlib.h>
#include <string.h>

/* Sorted by name; made by constants.awk. */
static const struct constant from_headers[] = {
#include "softokn/constants.gen.h"
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static int by_name(const void *name, const void *row)
{
    return strcmp(name, ((const struct constant *)row)->name);
}

bool constants_number(const char *name, unsigned long *out)
{
    size_t n;
    const struct constant *newer = constants_newer(&n);
    const struct constant *row =
        bsearch(name, from_headers, COUNT(from_headers), sizeof *from_headers, by_name);

    for (size_t i = 0; row == NULL && i < n; i++)
        if (strcmp(newer[i].name, name) == 0)
            row = &newer[i];
    if (row == NULL)
        return false;
    *out = row->number;
    return true;
}

static const struct constant *best(const struct constant *rows, size_t n, const char *prefix,
                                   unsigned long number, const struct constant *found)
{
    size_t len = strlen(prefix);

    for (size_t i = 0; i < n; i++)
        if (rows[i].number == number && strncmp(rows[i].name, prefix, len) == 0 &&
            (found == NULL || rows[i].rank > found->rank))
            found = &rows[i];
    return found;
}

const char *constants_name(const char *prefix, unsigned long number)
{
    const struct constant *found = best(from_headers, COUNT(from_headers), prefix, number, NULL);
    size_t n;
    const struct constant *newer = constants_newer(&n);

    found = best(newer, n, prefix, number, found);
    return found == NULL ? NULL : found->name;
}

char *constants_text(const char *prefix, unsigned long number)
{
    const char *name = constants_name(prefix, number);

    return name == NULL ? mem_printf("0x%lx", number) : mem_str(name);
}

const struct constant *constants_table(size_t *n)
{
    *n = COUNT(from_headers);
    return from_headers;
}
