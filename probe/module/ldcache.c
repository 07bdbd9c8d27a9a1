/* SPDX-License-Identifier: Apache-2.0 */
#include "module/ldcache.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* glibc sysdeps/generic/dl-cache.h, struct cache_file_new:
 *      0  "glibc-ld.so.cache" "1.1"
 *     20  number of entries
 *     24  bytes of strings
 *     28  flags: byte order in the two lowest bits (since 2.33; 0: not said)
 *     32  offset of extensions
 *     48  entries of 24 bytes: flags, offset of the name, offset of the path, unused, hwcap (8)
 * Offsets of strings count from the beginning of this header. glibc before 2.32 writes the old
 * format "ld.so-1.7.0" in front of it, with entries of 12 bytes, and aligns this one to 8. */
#define OLD_MAGIC "ld.so-1.7.0"
#define OLD_HEADER 16
#define OLD_ENTRY 12
#define NEW_MAGIC "glibc-ld.so.cache1.1"
#define NEW_HEADER 48
#define NEW_ENTRY 24
#define ORDER_MASK 3
#define ORDER_LITTLE 2
#define ORDER_BIG 3
#define MAX_KEPT 256
#define MAX_TEXT 4096

struct image {
    const unsigned char *data;
    size_t len;
    bool big;
};

static uint64_t number(const struct image *image, size_t at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | image->data[at + (image->big ? i : size - 1 - i)];
    return value;
}

static bool has_magic(const struct image *image, size_t at, const char *magic)
{
    return image->len >= at && image->len - at >= strlen(magic) &&
           memcmp(image->data + at, magic, strlen(magic)) == 0;
}

/* The new format inside the file, whichever byte order its old part has. */
static bool find_new(const struct image *image, size_t *at)
{
    *at = 0;
    if (has_magic(image, 0, NEW_MAGIC))
        return true;
    if (!has_magic(image, 0, OLD_MAGIC) || image->len < OLD_HEADER)
        return false;
    for (int big = 0; big < 2; big++) {
        struct image as = {image->data, image->len, big == 1};
        uint64_t end = OLD_HEADER + number(&as, 12, 4) * OLD_ENTRY;

        end = (end + 7) / 8 * 8;
        if (end <= image->len && has_magic(image, (size_t)end, NEW_MAGIC)) {
            *at = (size_t)end;
            return true;
        }
    }
    return false;
}

/* An old cache does not say its byte order: then that one under which its entries fit. */
static bool fits(const struct image *image)
{
    return image->len >= NEW_HEADER && number(image, 20, 4) <= (image->len - NEW_HEADER) / NEW_ENTRY;
}

static bool find_order(struct image *image)
{
    int order = image->data[28] & ORDER_MASK;

    if (order == ORDER_BIG || order == ORDER_LITTLE) {
        image->big = order == ORDER_BIG;
        return fits(image);
    }
    image->big = false;
    if (fits(image))
        return true;
    image->big = true;
    return fits(image);
}

/* NULL where it does not end in the file. */
static const char *text_at(const struct image *image, uint64_t at)
{
    size_t room, len;

    if (at >= image->len)
        return NULL;
    room = image->len - (size_t)at;
    len = strnlen((const char *)image->data + at, room < MAX_TEXT ? room : MAX_TEXT);
    return len == room || len == MAX_TEXT ? NULL : (const char *)image->data + at;
}

void ldcache_read(const void *data, size_t len, bool (*wanted)(const char *name),
                  struct ldcache *out)
{
    struct image whole = {.data = data, .len = len}, image;
    uint64_t count;
    size_t at;

    *out = (struct ldcache){0};
    if (!find_new(&whole, &at)) {
        out->problem = mem_str("it is no cache of glibc's ldconfig");
        return;
    }
    image = (struct image){.data = whole.data + at, .len = len - at};
    if (image.len < NEW_HEADER || !find_order(&image)) {
        out->problem = mem_str("it is cut off");
        return;
    }
    count = number(&image, 20, 4);
    for (uint64_t i = 0; i < count && out->n < MAX_KEPT; i++) {
        size_t entry = NEW_HEADER + (size_t)i * NEW_ENTRY;
        const char *name = text_at(&image, number(&image, entry + 4, 4));
        const char *path = text_at(&image, number(&image, entry + 8, 4));
        struct ldcache_entry *e;

        if (name == NULL || path == NULL || *path != '/') {
            if (out->problem == NULL)
                out->problem = mem_str("an entry of it leads nowhere");
            continue;
        }
        if (!wanted(name))
            continue;
        e = mem_push(out);
        e->name = text_clean(name, strlen(name));
        e->path = text_clean(path, strlen(path));
        e->for_some_cpus = number(&image, entry + 16, 8) != 0;
    }
}

void ldcache_free(struct ldcache *cache)
{
    for (size_t i = 0; i < cache->n; i++) {
        free(cache->items[i].name);
        free(cache->items[i].path);
    }
    free(cache->items);
    free(cache->problem);
    *cache = (struct ldcache){0};
}
