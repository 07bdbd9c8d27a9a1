/* SPDX-License-Identifier: Apache-2.0 */
#include "module/collect.h"

#include "base/own.h"

#include <stdlib.h>
#include <string.h>

/* The files that make up NSS's crypto, in the order of the report. */
static const struct {
    const char *name;
    bool with_softokn; /* always installed together with libsoftokn3 */
} set[] = {
    {"libsoftokn3.so", true},
    {"libfreeblpriv3.so", true},
    {"libfreebl3.so", true},
    {"libnssutil3.so", false}, /* Debian 11 has softokn in a folder of its own */
    {"libnss3.so", false},     /* RHEL: package nss; softokn works without it */
};

#define SET_SIZE (sizeof set / sizeof *set)

static size_t set_index(const char *name)
{
    size_t i = 0;

    while (i < SET_SIZE && strcmp(set[i].name, name) != 0)
        i++;
    return i;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static struct module_file *find_path(const struct report *report, const char *path)
{
    for (size_t i = 0; i < report->modules.n; i++)
        if (strcmp(report->modules.items[i].path, path) == 0)
            return &report->modules.items[i];
    return NULL;
}

static struct module_file *find_mapped(const struct report *report, const struct mapped *m)
{
    for (size_t i = 0; i < report->modules.n; i++) {
        struct module_file *f = &report->modules.items[i];

        if (strcmp(f->path, m->path) == 0 && f->dev == m->dev && f->ino == m->ino)
            return f;
    }
    return NULL;
}

static char *mapper(const struct report *report, const struct group *g)
{
    if (g->door == DOOR_JCA && g->jdk >= 0 && (size_t)g->jdk < report->jdks.n)
        return mem_printf("loaded by the JVM of %s (%s)", report->jdks.items[g->jdk].home,
                          context_word(g->context));
    return mem_printf("loaded by %s (%s)", door_word(g->door), context_word(g->context));
}

/* The same file may be loaded by several; who can tell its id is one of them. */
static void add_mapped(const struct root *root, const struct builds *builds,
                       const struct group *g, const struct mapped *m, struct report *report)
{
    struct module_file *file = find_mapped(report, m);
    const char *id = json_string_value(json_object_get(g->facts, "module_id"));

    if (!module_is_one(base_of(m->path)))
        return;
    if (file == NULL) {
        file = mem_push(&report->modules);
        module_examine(root, m->path, m->dev, m->ino, builds, file);
        file->dev = m->dev;
        file->ino = m->ino;
        file->changed = file->changed || m->deleted;
        file->found_how = mapper(report, g);
    }
    if (id != NULL && file->module_id == NULL && strcmp(file->name, "libsoftokn3.so") == 0)
        file->module_id = mem_str(id);
}

static void add_missing(const char *path, const char *name, struct report *report)
{
    struct module_file *file = mem_push(&report->modules);

    file->name = mem_str(name);
    file->path = mem_str(path);
    file->stripped = file->names_flag = file->names_variable = -1;
    file->problem = mem_str(MODULE_MISSING);
    file->found_how = mem_str("expected beside the others");
}

void collect_missing(const struct root *root, const char *dir, struct report *report)
{
    for (size_t i = 0; i < SET_SIZE; i++) {
        own_free char *path = mem_printf("%s/%s", dir, set[i].name);

        if (set[i].with_softokn && !root_exists(root, path) && find_path(report, path) == NULL)
            add_missing(path, set[i].name, report);
    }
}

/* What else of the set is in the directory of a loaded or expected library, and what is not. */
static void add_beside(const struct root *root, const char *dir, bool whole_set,
                       const struct builds *builds, struct report *report)
{
    size_t present = 0;

    for (size_t i = 0; i < SET_SIZE; i++) {
        own_free char *path = mem_printf("%s/%s", dir, set[i].name);

        present += root_exists(root, path);
    }
    for (size_t i = 0; present > 0 && i < SET_SIZE; i++) {
        own_free char *path = mem_printf("%s/%s", dir, set[i].name);
        struct module_file *file;
        bool there = root_exists(root, path);

        if (find_path(report, path) != NULL || (!there && !whole_set && !set[i].with_softokn))
            continue;
        if (there) {
            file = mem_push(&report->modules);
            module_examine(root, path, 0, 0, builds, file);
            file->found_how = mem_str("found beside the others, not loaded");
        } else {
            add_missing(path, set[i].name, report);
        }
    }
}

/* ---- changed after it was built ------------------------------------------------------------- */

static bool same_directory(const char *a, const char *b)
{
    size_t la = (size_t)(base_of(a) - a), lb = (size_t)(base_of(b) - b);

    return la == lb && strncmp(a, b, la) == 0;
}

/* Is a file beside it, by its digest, of the known build b? */
static bool beside_build(const struct report *report, const struct module_file *file,
                         const struct build *b)
{
    own_free char *name = mem_printf("%s (%s)", b->name, b->arch);

    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *other = &report->modules.items[i];

        if (other != file && other->known_build != NULL && strcmp(other->known_build, name) == 0 &&
            same_directory(other->path, file->path))
            return true;
    }
    return false;
}

/* Does the file, whose digest is none of b's, say itself that it is of b? Strip, prelink and most
 * damage leave the build id and the package note as they are; a file that is no ELF file any more
 * says nothing, and stands in the place of one of b. The NSS version alone is no claim: an update
 * that changes one library may leave another as it was, byte for byte. */
static bool claims_build(const struct module_file *f, const struct build *b)
{
    const char *version = f->package_note == NULL ? NULL : strrchr(f->package_note, ' ');

    if (f->problem != NULL)
        return true;
    if (b->build_id != NULL && f->build_id != NULL && strcmp(b->build_id, f->build_id) == 0)
        return true;
    return version != NULL && strcmp(version + 1, b->version) == 0;
}

/* A file that is not of the known build b although the others beside it are, and although b has
 * such a file and this one claims to be it. Neither is enough by itself: two builds of one source
 * can share their build ids (Debian's 3.87.1-1+deb12u2 and u4 do, for softokn and freebl), and a
 * newer libnss3 may stand beside a validated softokn. Where NSS's own check file verified the
 * library there is nothing to suspect. */
static void find_altered(const struct builds *builds, struct report *report)
{
    for (size_t i = 0; i < report->modules.n; i++) {
        struct module_file *f = &report->modules.items[i];

        if (f->sha256 == NULL || f->known_build != NULL || f->chk == CHK_VERIFIED)
            continue;
        for (size_t k = 0; k < builds->n && f->altered_from == NULL; k++) {
            const struct build *b = &builds->items[k];

            if (b->sha256 != NULL && strcmp(b->file, f->name) == 0 && claims_build(f, b) &&
                beside_build(report, f, b))
                f->altered_from = mem_printf("%s (%s)", b->name, b->arch);
        }
    }
}

static int in_order(const void *a, const void *b)
{
    const struct module_file *x = a, *y = b;
    size_t ix = set_index(x->name), iy = set_index(y->name);

    if (x->other_copy != y->other_copy)
        return x->other_copy ? 1 : -1;
    if (ix != iy)
        return ix < iy ? -1 : 1;
    return strcmp(x->path, y->path);
}

void collect_finish(const struct builds *builds, struct report *report)
{
    find_altered(builds, report);
    if (report->modules.n > 1)
        qsort(report->modules.items, report->modules.n, sizeof *report->modules.items, in_order);
}

void collect_modules(const struct root *root, const char *nss_dir, const struct builds *builds,
                     struct report *report)
{
    struct strings dirs = {0};

    for (size_t g = 0; g < report->groups.n; g++)
        for (size_t m = 0; m < report->groups.items[g].mapped.n; m++)
            add_mapped(root, builds, &report->groups.items[g],
                       &report->groups.items[g].mapped.items[m], report);
    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *f = &report->modules.items[i];
        own_free char *dir = mem_dup(f->path, (size_t)(base_of(f->path) - f->path));
        bool known = false;

        if (strcmp(f->name, "libsoftokn3.so") != 0)
            continue;
        if (strlen(dir) > 1)
            dir[strlen(dir) - 1] = '\0';
        for (size_t k = 0; k < dirs.n; k++)
            known = known || strcmp(dirs.items[k], dir) == 0;
        if (!known)
            strings_add(&dirs, dir);
    }
    if (nss_dir != NULL) {
        own_free char *real = realpath(nss_dir, NULL);

        add_beside(root, real == NULL ? nss_dir : real, true, builds, report);
    }
    for (size_t i = 0; i < dirs.n; i++)
        add_beside(root, dirs.items[i], false, builds, report);
    strings_free(&dirs);
    collect_finish(builds, report);
}
