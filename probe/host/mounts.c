/* SPDX-License-Identifier: Apache-2.0 */
#include "host/mounts.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define MAX_BYTES (4u << 20)
#define FIELDS_BEFORE 5 /* id, parent, device, from, point */

/* proc(5): blank, tab, newline and backslash are written as \ and three octal digits. */
static char *unescape(const char *s, size_t len)
{
    char *out = mem_dup(s, len), *to = out;

    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\\' && len - i > 3 && strspn(s + i + 1, "01234567") >= 3) {
            *to++ = (char)((s[i + 1] - '0') << 6 | (s[i + 2] - '0') << 3 | (s[i + 3] - '0'));
            i += 3;
        } else {
            *to++ = s[i];
        }
    }
    *to = '\0';
    return out;
}

/* The next field of the line, which ends at a blank; false at the line's end. */
static bool field(const char **at, const char *end, const char **start, size_t *len)
{
    while (*at < end && **at == ' ')
        (*at)++;
    *start = *at;
    while (*at < end && **at != ' ')
        (*at)++;
    *len = (size_t)(*at - *start);
    return *len > 0;
}

static void read_line(const char *line, const char *end, struct mounts *out)
{
    const char *at = line, *start[FIELDS_BEFORE], *type, *source;
    size_t len[FIELDS_BEFORE], type_len, source_len;
    struct mount *m;

    for (int i = 0; i < FIELDS_BEFORE; i++)
        if (!field(&at, end, &start[i], &len[i]))
            return;
    do /* options and optional fields, up to a lone hyphen */
        if (!field(&at, end, &type, &type_len))
            return;
    while (type_len != 1 || *type != '-');
    if (!field(&at, end, &type, &type_len) || !field(&at, end, &source, &source_len))
        return;
    m = mem_push(out);
    m->id = strtoul(start[0], NULL, 10);
    m->parent = strtoul(start[1], NULL, 10);
    m->from = unescape(start[3], len[3]);
    m->point = unescape(start[4], len[4]);
    m->type = unescape(type, type_len);
    m->source = unescape(source, source_len);
}

void mounts_read(const struct root *root, struct mounts *out)
{
    own_buf struct buf text = {0};

    *out = (struct mounts){0};
    if (root_read(root, "/proc/self/mountinfo", MAX_BYTES, &text) < 0)
        return;
    for (const char *line = text.data; *line != '\0';) {
        const char *end = strchrnul(line, '\n');

        read_line(line, end, out);
        line = *end == '\0' ? end : end + 1;
    }
}

void mounts_free(struct mounts *mounts)
{
    for (size_t i = 0; i < mounts->n; i++) {
        free(mounts->items[i].from);
        free(mounts->items[i].point);
        free(mounts->items[i].type);
        free(mounts->items[i].source);
    }
    free(mounts->items);
    *mounts = (struct mounts){0};
}

/* Is path the mount point or below it? */
static bool is_below(const char *path, const char *point)
{
    size_t len = strlen(point);

    if (strcmp(point, "/") == 0)
        return *path == '/';
    return strncmp(path, point, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* The mount that covers `under` on the way to path: its child with the shortest mount point, since
 * what is mounted further down on the same parent cannot be reached any more. */
static const struct mount *child_towards(const struct mounts *mounts, const struct mount *under,
                                         const char *path)
{
    const struct mount *best = NULL;

    for (size_t i = 0; i < mounts->n; i++) {
        const struct mount *m = &mounts->items[i];

        if (m->parent == under->id && m != under && is_below(path, m->point) &&
            is_below(m->point, under->point) &&
            (best == NULL || strlen(m->point) < strlen(best->point)))
            best = m;
    }
    return best;
}

/* The mount of "/" whose parent is not listed: the first one that this process can see. */
static const struct mount *lowest(const struct mounts *mounts)
{
    for (size_t i = 0; i < mounts->n; i++) {
        const struct mount *m = &mounts->items[i];
        bool listed = false;

        for (size_t k = 0; k < mounts->n; k++)
            listed = listed || (k != i && mounts->items[k].id == m->parent);
        if (!listed && strcmp(m->point, "/") == 0)
            return m;
    }
    return NULL;
}

const struct mount *mounts_of(const struct mounts *mounts, const char *path)
{
    const struct mount *at = lowest(mounts);

    for (size_t steps = 0; at != NULL && steps <= mounts->n; steps++) {
        const struct mount *next = child_towards(mounts, at, path);

        if (next == NULL)
            return at;
        at = next;
    }
    return NULL; /* a list that goes round in circles is none of the kernel's */
}
