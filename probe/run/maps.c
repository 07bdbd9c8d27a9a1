/* SPDX-License-Identifier: Apache-2.0 */
#include "run/maps.h"

#include "base/own.h"
#include "base/root.h"
#include "base/text.h"
#include "run/wire-child.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define MAX_MAPS 8388608u /* bytes of /proc/self/maps */

void maps_add(struct maps *maps, const char *path, dev_t dev, ino_t ino, bool deleted)
{
    struct mapped *m;

    for (size_t i = 0; i < maps->n; i++) {
        m = &maps->items[i];
        if (m->dev == dev && m->ino == ino && m->deleted == deleted && strcmp(m->path, path) == 0)
            return;
    }
    if (maps->n >= WIRE_MAX_MAPPED)
        return;
    m = mem_push(maps);
    m->path = mem_str(path);
    m->dev = dev;
    m->ino = ino;
    m->deleted = deleted;
}

/* proc(5): "address perms offset dev inode pathname", the numbers in hexadecimal but the inode,
 * the path (which may hold blanks) to the end of the line. */
static void parse_line(const char *line, struct maps *maps)
{
    static const char gone[] = " (deleted)";
    const char *dash = strchr(line, '-'), *perms = strchr(line, ' ');
    const char *path = strchr(line, '/');
    own_free char *name = NULL, *clean = NULL;
    unsigned long major, minor;
    unsigned long long ino;
    bool deleted = false;
    char *end;
    size_t len;

    if (dash == NULL || perms == NULL || path == NULL || dash > perms || strlen(perms) < 6 ||
        perms[3] != 'x')
        return;
    end = strchr(perms + 1, ' ');
    end = end == NULL ? NULL : strchr(end + 1, ' '); /* behind the offset */
    if (end == NULL || end > path)
        return;
    major = strtoul(end + 1, &end, 16);
    if (*end != ':')
        return;
    minor = strtoul(end + 1, &end, 16);
    ino = strtoull(end, &end, 10);
    if (ino == 0) /* no file: "/dev/zero (deleted)", "/memfd:x" have one, "[heap]" has none */
        return;
    len = strlen(path);
    if (len >= sizeof gone && strcmp(path + len - (sizeof gone - 1), gone) == 0) {
        deleted = true;
        len -= sizeof gone - 1;
    }
    name = mem_dup(path, len);
    clean = text_clean(name, len);
    maps_add(maps, clean, makedev((unsigned)major, (unsigned)minor), (ino_t)ino, deleted);
}

void maps_parse(char *text, struct maps *maps)
{
    char *save = NULL;

    for (char *line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save))
        parse_line(line, maps);
}

static void drop_program(struct maps *maps)
{
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

    if (n < 0)
        return;
    exe[n] = '\0';
    for (size_t i = 0; i < maps->n; i++)
        if (strcmp(maps->items[i].path, exe) == 0) {
            free(maps->items[i].path);
            memmove(&maps->items[i], &maps->items[i + 1],
                    (maps->n - i - 1) * sizeof *maps->items);
            maps->n--;
            return;
        }
}

void maps_self(struct maps *maps)
{
    own_buf struct buf text = {0};
    struct root root = {.fd = -1, .live = true};

    if (root_read(&root, "/proc/self/maps", MAX_MAPS, &text) < 0)
        return;
    maps_parse(text.data, maps);
    drop_program(maps);
}

void maps_free(struct maps *maps)
{
    for (size_t i = 0; i < maps->n; i++)
        free(maps->items[i].path);
    free(maps->items);
    *maps = (struct maps){0};
}
