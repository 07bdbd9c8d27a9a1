/* SPDX-License-Identifier: Apache-2.0
 *
 * An ld.so.cache.
 */
#include "fuzz.h"

#include "module/ldcache.h"

#include <stdlib.h>

static bool every(const char *name)
{
    return name[0] != '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ldcache cache;

    ldcache_read(data, size, every, &cache);
    for (size_t i = 0; i < cache.n; i++)
        if (cache.items[i].path[0] != '/')
            abort();
    ldcache_free(&cache);
    return 0;
}
