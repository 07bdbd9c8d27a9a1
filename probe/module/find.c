/* SPDX-License-Identifier: Apache-2.0 */
#include "module/find.h"

#include "base/own.h"
#include "base/text.h"
#include "module/collect.h"
#include "module/ldcache.h"
#include "module/search.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#define MAX_COPIES 128
#define MAX_CONF_BYTES 65536
#define MAX_CONF_FILES 64

/* ---- the loader's places --------------------------------------------------------------------- */

/* Built into the loader (glibc elf/Makefile: slibdir and libdir, and Debian's multiarch folders;
 * musl ldso/dynlink.c: /lib:/usr/local/lib:/usr/lib). */
static const char *const default_dirs[] = {
    "/lib64",
    "/usr/lib64",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/lib/powerpc64le-linux-gnu",
    "/usr/lib/powerpc64le-linux-gnu",
    "/lib/s390x-linux-gnu",
    "/usr/lib/s390x-linux-gnu",
    "/lib/riscv64-linux-gnu",
    "/usr/lib/riscv64-linux-gnu",
    "/lib/arm-linux-gnueabihf",
    "/usr/lib/arm-linux-gnueabihf",
    "/lib/i386-linux-gnu",
    "/usr/lib/i386-linux-gnu",
    "/lib",
    "/usr/lib",
};

static const char *const libraries[] = {"libnss3.so", "libsoftokn3.so", "libfreeblpriv3.so",
                                        "libfreebl3.so", "libnssutil3.so",    "libnssdbm3.so"};
#define N_LIBRARIES (sizeof libraries / sizeof *libraries)

static bool is_wanted(const char *name)
{
    return module_is_one(name);
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static void add_place(struct find_places *out, const char *path, char *why)
{
    struct find_place *place;

    for (size_t i = 0; i < out->of.n; i++)
        if (strcmp(out->of.items[i].path, path) == 0) { /* an earlier rule led there already */
            free(why);
            return;
        }
    place = mem_push(&out->of);
    place->path = mem_str(path);
    place->why = why;
}

/* What of NSS is in dir. */
static void add_dir(const struct root *root, const char *dir, const char *why,
                    struct find_places *out)
{
    own_free char *clean = text_clean(dir, strlen(dir));

    for (size_t i = 0; i < N_LIBRARIES; i++) {
        own_free char *path = mem_printf("%s/%s", dir, libraries[i]);

        if (root_exists(root, path))
            add_place(out, path, mem_printf("%s %s", why, clean));
    }
}

/* ld.so(8): directories separated by colons or semicolons; an empty one is the working directory. */
static void add_library_path(const struct root *root, const char *list, struct find_places *out)
{
    while (list != NULL) {
        size_t len = strcspn(list, ":;");
        own_free char *dir = mem_dup(list, len);

        if (*dir == '/')
            add_dir(root, dir, "LD_LIBRARY_PATH has", out);
        list = list[len] == '\0' ? NULL : list + len + 1;
    }
}

static void add_cache(const struct root *root, struct find_places *out)
{
    own_buf struct buf bytes = {0};
    own_ldcache struct ldcache cache = {0};
    int rc = root_read(root, LDCACHE_PATH, LDCACHE_MAX_BYTES, &bytes);

    if (rc < 0) {
        if (rc != -ENOENT)
            out->problem = mem_printf(LDCACHE_PATH ": %s", strerror(-rc));
        return;
    }
    ldcache_read(bytes.data, bytes.len, is_wanted, &cache);
    if (cache.problem != NULL)
        out->problem = mem_printf(LDCACHE_PATH ": %s", cache.problem);
    for (size_t i = 0; i < cache.n; i++)
        if (root_exists(root, cache.items[i].path))
            add_place(out, cache.items[i].path,
                      mem_printf("%s%s", LDCACHE_PATH " has it",
                                 cache.items[i].for_some_cpus ? ", for some CPUs only" : ""));
}

/* Directories of ld.so.conf: not the loader's, but what ldconfig would make a cache of. A file
 * includes others by a pattern of which only all .conf in a directory is in use. */
static void add_conf(const struct root *root, const char *file, struct find_places *out)
{
    own_buf struct buf text = {0};

    if (root_read(root, file, MAX_CONF_BYTES, &text) < 0)
        return;
    for (char *line = text.data, *rest = NULL;
         (line = strtok_r(rest == NULL ? line : NULL, "\n", &rest)) != NULL;) {
        line += strspn(line, " \t");
        line[strcspn(line, " \t#=\r")] = '\0';
        if (*line == '/')
            add_dir(root, line, "ld.so.conf has (and there is no ld.so.cache)", out);
    }
}

static void add_conf_dir(const struct root *root, struct find_places *out)
{
    own_fd int fd = root_open(root, "/etc/ld.so.conf.d", O_RDONLY | O_DIRECTORY);
    own_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *e;

    if (dir == NULL)
        return;
    fd = -1; /* dir has it */
    for (size_t i = 0; i < MAX_CONF_FILES && (e = readdir(dir)) != NULL; i++) {
        size_t len = strlen(e->d_name);
        own_free char *path = mem_printf("/etc/ld.so.conf.d/%s", e->d_name);

        if (len > 5 && strcmp(e->d_name + len - 5, ".conf") == 0)
            add_conf(root, path, out);
    }
}

/* libnss3 loads softokn, and softokn freebl, from its own directory first and only then by name
 * (NSS lib/util/secload.c, PORT_LoadLibraryFromOrigin); Debian up to 11 has them in "nss" there. */
static void add_origin(const struct root *root, struct find_places *out)
{
    for (size_t i = 0; i < out->of.n; i++) {
        const char *path = out->of.items[i].path, *base = base_of(path);
        own_free char *dir = mem_printf("%.*snss", (int)(base - path), path);

        if (strcmp(base, "libnss3.so") == 0)
            add_dir(root, dir, "libnss3.so looks in", out);
    }
}

void find_places(const struct root *root, const char *library_path, struct find_places *out)
{
    *out = (struct find_places){0};
    if (root->live)
        add_library_path(root, library_path, out);
    add_cache(root, out);
    for (size_t i = 0; i < sizeof default_dirs / sizeof *default_dirs; i++)
        add_dir(root, default_dirs[i], "the loader looks in", out);
    add_origin(root, out);
    if (!root_exists(root, LDCACHE_PATH)) {
        add_conf(root, "/etc/ld.so.conf", out);
        add_conf_dir(root, out);
        add_dir(root, "/usr/local/lib", "musl's loader looks in", out);
    }
}

void find_places_free(struct find_places *places)
{
    for (size_t i = 0; i < places->of.n; i++) {
        free(places->of.items[i].path);
        free(places->of.items[i].why);
    }
    free(places->of.items);
    free(places->problem);
    *places = (struct find_places){0};
}

/* ---- everything below a root -------------------------------------------------------------------- */

static bool is_known_file(const struct report *report, const struct stat *st)
{
    for (size_t i = 0; i < report->modules.n; i++)
        if (report->modules.items[i].dev == st->st_dev && report->modules.items[i].ino == st->st_ino)
            return true;
    return false;
}

/* Is a library of this name and machine there that comes first? */
static bool is_behind(const struct report *report, const struct module_file *file)
{
    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];

        if (m != file && !m->other_copy && strcmp(m->name, file->name) == 0 &&
            (m->machine == NULL || file->machine == NULL || strcmp(m->machine, file->machine) == 0))
            return true;
    }
    return false;
}

static struct module_file *add_file(const struct root *root, const char *path,
                                    const struct builds *builds, struct report *report)
{
    struct module_file *file;
    struct stat st;

    if (report->modules.n >= MAX_COPIES || root_stat(root, path, &st) < 0 ||
        is_known_file(report, &st))
        return NULL;
    file = mem_push(&report->modules);
    module_examine(root, path, 0, 0, builds, file);
    file->dev = st.st_dev;
    file->ino = st.st_ino;
    return file;
}

struct looking {
    const struct root *root;
    const struct builds *builds;
    struct report *report;
    struct strings copies; /* looked at afterwards: the loader's come first */
};

/* Cryptography that is not under the validated module's control. Names of files, in an image whose
 * applications should use the module alone. */
static const struct {
    const char *prefix, *what;
} neighbours[] = {
    {"libgcrypt.so", "libgcrypt"},       {"libgnutls.so", "GnuTLS"},
    {"libnettle.so", "Nettle (of GnuTLS)"}, {"libmbedcrypto.so", "Mbed TLS"},
    {"libsodium.so", "libsodium"},       {"libwolfssl.so", "wolfSSL"},
    {"libtomcrypt.so", "LibTomCrypt"},   {"libbotan-", "Botan"},
    {"libcryptopp.so", "Crypto++"},
};

static void add_neighbour(struct report *report, const char *path, const char *name)
{
    for (size_t i = 0; i < sizeof neighbours / sizeof *neighbours; i++) {
        size_t len = strlen(neighbours[i].prefix);
        struct neighbour *n;

        if (strncmp(name, neighbours[i].prefix, len) != 0 || report->neighbours.n >= MAX_COPIES ||
            strstr(name, ".so") == NULL)
            continue;
        n = mem_push(&report->neighbours);
        n->path = text_clean(path, strlen(path));
        n->what = neighbours[i].what;
    }
}

static void seen(void *arg, const char *path, const char *name)
{
    struct looking *l = arg;
    size_t len = strlen(name);

    add_neighbour(l->report, path, name);
    if (module_is_one(name) && len > 3 && strcmp(name + len - 3, ".so") == 0 &&
        l->copies.n < MAX_COPIES)
        strings_add(&l->copies, path);
}

static void beside_softokn(const struct root *root, struct report *report)
{
    struct strings dirs = {0};

    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];
        own_free char *dir = mem_dup(m->path, (size_t)(base_of(m->path) - m->path));

        if (strcmp(m->name, "libsoftokn3.so") != 0 || m->other_copy)
            continue;
        if (strlen(dir) > 1)
            dir[strlen(dir) - 1] = '\0';
        strings_add(&dirs, dir);
    }
    for (size_t i = 0; i < dirs.n; i++)
        collect_missing(root, dirs.items[i], report);
    strings_free(&dirs);
}

void find_modules(const struct root *root, const char *library_path, const struct builds *builds,
                  struct report *report)
{
    struct looking looking = {.root = root, .builds = builds, .report = report};
    struct find_places places;

    find_places(root, library_path, &places);
    for (size_t i = 0; i < places.of.n; i++) {
        struct module_file *file = add_file(root, places.of.items[i].path, builds, report);

        if (file == NULL)
            continue;
        file->found_how = mem_str("found by the loader's rules; not loaded");
        file->why_there = steal_ptr(&places.of.items[i].why);
        file->other_copy = is_behind(report, file);
    }
    beside_softokn(root, report);
    report->search_stopped = search_files(root, seen, &looking);
    if (report->search_stopped == NULL && places.problem != NULL)
        report->search_stopped = steal_ptr(&places.problem);
    for (size_t i = 0; i < looking.copies.n; i++) {
        struct module_file *file = add_file(root, looking.copies.items[i], builds, report);

        if (file == NULL)
            continue;
        file->found_how = mem_str("found by its name; not loaded");
        file->why_there = mem_str("another copy: not where the loader looks by itself");
        file->other_copy = true;
    }
    strings_free(&looking.copies);
    find_places_free(&places);
    collect_finish(builds, report);
}

/* ---- what was loaded --------------------------------------------------------------------------- */

static bool below(const char *dir, const char *path)
{
    own_free char *real = realpath(dir, NULL);
    size_t len = real == NULL ? 0 : strlen(real);

    return len > 0 && strncmp(path, real, len) == 0 && path[len] == '/';
}

/* Does the library m need the file, and does an entry of its RUNPATH or RPATH lead to it? That
 * entry; NULL: no. The caller frees. */
static char *looks_there(const struct module_file *m, const struct module_file *file)
{
    static const char *const origins[] = {"$ORIGIN", "${ORIGIN}"};
    own_free char *dir = mem_dup(file->path, (size_t)(base_of(file->path) - file->path));
    own_free char *wanted = realpath(dir, NULL);
    bool needs = false;

    for (size_t i = 0; i < m->needed.n; i++)
        needs = needs || strcmp(m->needed.items[i], base_of(file->path)) == 0;
    if (m == file || !needs || wanted == NULL || m->path == NULL)
        return NULL;
    for (const char *at = m->search_path; at != NULL;) {
        size_t len = strcspn(at, ":");
        own_free char *entry = mem_dup(at, len), *place = NULL, *real = NULL;

        for (size_t i = 0; i < sizeof origins / sizeof *origins && place == NULL; i++)
            if (strncmp(entry, origins[i], strlen(origins[i])) == 0)
                place = mem_printf("%.*s/%s", (int)(base_of(m->path) - m->path), m->path,
                                   entry + strlen(origins[i]));
        real = realpath(place == NULL ? entry : place, NULL);
        if (real != NULL && strcmp(real, wanted) == 0)
            return steal_ptr(&entry);
        at = at[len] == '\0' ? NULL : at + len + 1;
    }
    return NULL;
}

static char *explain(const struct root *root, const struct find_places *places,
                     const char *nss_dir, const struct report *report,
                     const struct module_file *file)
{
    struct stat st, at;

    if (nss_dir != NULL && below(nss_dir, file->path))
        return mem_printf("--nss-dir says so");
    if (root_stat(root, file->path, &st) < 0)
        return NULL;
    for (size_t i = 0; i < places->of.n; i++)
        if (root_stat(root, places->of.items[i].path, &at) == 0 && at.st_dev == st.st_dev &&
            at.st_ino == st.st_ino)
            return mem_str(places->of.items[i].why);
    for (size_t i = 0; i < report->modules.n; i++) {
        own_free char *entry = looks_there(&report->modules.items[i], file);

        if (entry != NULL)
            return mem_printf("%s looks in %s", report->modules.items[i].name, entry);
    }
    return mem_str("no rule of the loader's: whoever loaded it named its path");
}

/* What the loader's rules lead to, too, but nobody loaded, since something comes before it: the
 * system's NSS behind another one. */
static void add_others(const struct root *root, const struct find_places *places,
                       const struct builds *builds, struct report *report)
{
    size_t loaded = report->modules.n;

    for (size_t i = 0; i < places->of.n; i++) {
        const struct find_place *place = &places->of.items[i];
        struct module_file *file;
        bool wanted = false;

        for (size_t k = 0; k < loaded; k++)
            wanted = wanted || (report->modules.items[k].ino != 0 &&
                                strcmp(report->modules.items[k].name, base_of(place->path)) == 0);
        file = wanted ? add_file(root, place->path, builds, report) : NULL;
        if (file == NULL)
            continue;
        file->found_how = mem_str("found by the loader's rules; not loaded");
        file->why_there = mem_str(place->why);
        file->other_copy = true;
    }
}

void find_explain(const struct root *root, const char *library_path, const char *nss_dir,
                  const struct builds *builds, struct report *report)
{
    struct find_places places;

    find_places(root, library_path, &places);
    for (size_t i = 0; i < report->modules.n; i++) {
        struct module_file *file = &report->modules.items[i];

        if (file->problem == NULL && file->why_there == NULL && (file->dev != 0 || file->ino != 0))
            file->why_there = explain(root, &places, nss_dir, report, file);
    }
    if (nss_dir == NULL)
        add_others(root, &places, builds, report);
    find_places_free(&places);
}
