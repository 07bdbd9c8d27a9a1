/* SPDX-License-Identifier: Apache-2.0 */
#include "module/rpmheader.h"

#include "base/own.h"
#include "base/text.h"
#include "module/owners.h"

#include <string.h>

/* rpm docs/manual/format_header.md: big-endian; number of index entries, bytes of the store, then
 * entries of 16 bytes (tag, type, offset, count), then the store. In a package file a magic of 8
 * bytes stands before it, and the signature's header is padded to 8 bytes (format_v4.md); the lead
 * has 96 bytes. */
#define MAX_INDEX 65536
#define MAX_FILES 1000000
#define MAX_SAME_NAMES 256 /* of one package: each is a walk through its directories */
#define ENTRY 16
#define LEAD 96
#define MAGIC_LEN 8
#define TYPE_INT32 4
#define TYPE_STRING 6
#define TYPE_STRING_ARRAY 8
#define TYPE_I18NSTRING 9

static const unsigned char magic[] = {0x8e, 0xad, 0xe8, 0x01};

static uint32_t number_at(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

bool rpm_header_read(const void *data, size_t len, struct rpm_header *out, size_t *used)
{
    const unsigned char *p = data;
    size_t n, store;

    if (len < 8)
        return false;
    n = number_at(p);
    store = number_at(p + 4);
    if (n > MAX_INDEX || n * ENTRY > len - 8 || store > len - 8 - n * ENTRY)
        return false;
    *out = (struct rpm_header){p + 8, p + 8 + n * ENTRY, n, store};
    *used = 8 + n * ENTRY + store;
    return true;
}

bool rpm_header_of_package(const void *data, size_t len, struct rpm_header *out)
{
    static const unsigned char lead[] = {0xed, 0xab, 0xee, 0xdb};
    const unsigned char *p = data;
    size_t at = LEAD, used;

    if (len < LEAD || memcmp(p, lead, sizeof lead) != 0)
        return false;
    for (int i = 0; i < 2; i++) { /* signature, header */
        if (len - at < MAGIC_LEN || memcmp(p + at, magic, sizeof magic) != 0)
            return false;
        at += MAGIC_LEN;
        if (!rpm_header_read(p + at, len - at, out, &used))
            return false;
        at += used;
        at = (at + 7) / 8 * 8;
        if (i == 0 && at > len)
            return false;
    }
    return true;
}

static const unsigned char *entry_of(const struct rpm_header *h, enum rpm_tag tag)
{
    for (size_t i = 0; i < h->n; i++)
        if (number_at(h->index + i * ENTRY) == (uint32_t)tag)
            return h->index + i * ENTRY;
    return NULL;
}

/* Steps from one text of an array, which has its end, to the next; NULL where that has none. */
static const char *text_behind(const struct rpm_header *h, const char *text)
{
    const char *end = (const char *)h->store + h->store_len, *next = text + strlen(text) + 1;

    return next >= end || memchr(next, '\0', (size_t)(end - next)) == NULL ? NULL : next;
}

static const char *first_text(const struct rpm_header *h, enum rpm_tag tag, size_t *count)
{
    const unsigned char *entry = entry_of(h, tag);
    uint32_t type = entry == NULL ? 0 : number_at(entry + 4);
    size_t offset = entry == NULL ? 0 : number_at(entry + 8);

    *count = 0;
    if (entry == NULL || offset >= h->store_len ||
        (type != TYPE_STRING && type != TYPE_STRING_ARRAY && type != TYPE_I18NSTRING) ||
        memchr(h->store + offset, '\0', h->store_len - offset) == NULL)
        return NULL;
    *count = number_at(entry + 12);
    if (*count > MAX_FILES)
        *count = MAX_FILES;
    return (const char *)h->store + offset;
}

const char *rpm_header_text(const struct rpm_header *h, enum rpm_tag tag, size_t i)
{
    size_t count;
    const char *text = first_text(h, tag, &count);

    if (i >= count)
        return NULL;
    while (text != NULL && i-- > 0)
        text = text_behind(h, text);
    return text;
}

bool rpm_header_number(const struct rpm_header *h, enum rpm_tag tag, size_t i, uint32_t *out)
{
    const unsigned char *entry = entry_of(h, tag);
    size_t offset;

    if (entry == NULL || number_at(entry + 4) != TYPE_INT32 || i >= number_at(entry + 12))
        return false;
    offset = number_at(entry + 8);
    if (offset > h->store_len || i >= (h->store_len - offset) / 4)
        return false;
    *out = number_at(h->store + offset + i * 4);
    return true;
}

char *rpm_header_version(const struct rpm_header *h)
{
    const char *version = rpm_header_text(h, RPM_VERSION, 0);
    const char *release = rpm_header_text(h, RPM_RELEASE, 0);
    own_free char *all = NULL;
    uint32_t epoch;

    if (version == NULL || release == NULL)
        return NULL;
    if (rpm_header_number(h, RPM_EPOCH, 0, &epoch) && epoch > 0)
        all = mem_printf("%lu:%s-%s", (unsigned long)epoch, version, release);
    else
        all = mem_printf("%s-%s", version, release);
    return text_clean(all, strlen(all));
}

bool rpm_header_owns(const struct rpm_header *h, const char *path)
{
    const char *base = strrchr(path, '/') + 1;
    size_t count;
    const char *name = first_text(h, RPM_BASENAMES, &count);
    size_t same = 0;

    for (size_t i = 0; i < count && name != NULL && same < MAX_SAME_NAMES; i++, name = text_behind(h, name)) {
        const char *dir;
        uint32_t which;
        own_free char *full = NULL;

        if (strncmp(name, base, strlen(base) + 1) != 0 ||
            !rpm_header_number(h, RPM_DIRINDEXES, i, &which))
            continue;
        same++;
        dir = rpm_header_text(h, RPM_DIRNAMES, which);
        full = dir == NULL ? NULL : mem_printf("%s%s", dir, name);
        if (full != NULL && owners_same_path(path, full, strlen(full)))
            return true;
    }
    return false;
}
