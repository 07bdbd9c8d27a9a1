/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/library.h"

#include "base/own.h"

#include <dlfcn.h>
#include <glob.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>

/* What libsoftokn3 and libnss3 need, each after what it needs itself. Opened by path, they satisfy
 * the names that the libraries ask the loader for, so that no other copy comes in. */
static const char *const needed[] = {
    "libnspr4.so",   "libplc4.so",     "libplds4.so",
    "libnssutil3.so", "libsqlite3.so.0", "libsqlite3.so",
};

/* Where distributions keep NSS when the loader does not find it: Debian up to 11 has softokn in a
 * folder 'nss' of its own (libnss3 3.61 of Debian 11, file list); an empty ld.so.cache hides the
 * others. */
static const char *const places[] = {
    "/usr/lib64/%s",          "/usr/lib/*-linux-gnu*/%s", "/usr/lib/*-linux-gnu*/nss/%s",
    "/usr/lib64/nss/%s",      "/usr/lib/%s",              "/usr/lib/nss/%s",
    "/lib/*-linux-gnu*/%s",
};

static void *failed(struct evidence *evidence, const char *code, char *detail)
{
    free(evidence->step);
    free(evidence->code);
    free(evidence->detail);
    evidence->result = RESULT_FAILED;
    evidence->step = mem_str("dlopen");
    evidence->code = mem_str(code);
    evidence->detail = detail;
    return NULL;
}

static char *why_not(void)
{
    const char *text = dlerror();

    return mem_str(text == NULL ? "the loader gives no reason" : text);
}

static bool is_there(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

static void *open_in(const char *dir, const char *name, char **path, struct evidence *evidence)
{
    own_free char *absolute = realpath(dir, NULL); /* a name without '/' would be looked up */
    void *handle;

    *path = mem_printf("%s/%s", dir, name);
    if (absolute == NULL)
        return failed(evidence, "not-found", mem_printf("there is no directory '%s'", dir));
    free(*path);
    *path = mem_printf("%s/%s", absolute, name);
    if (!is_there(*path))
        return failed(evidence, "not-found", mem_printf("there is no %s in '%s'", name, dir));
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        own_free char *file = mem_printf("%s/%s", absolute, needed[i]);

        if (is_there(file) && dlopen(file, RTLD_NOW | RTLD_LOCAL) == NULL)
            return failed(evidence, "cannot-load", why_not());
    }
    handle = dlopen(*path, RTLD_NOW | RTLD_LOCAL);
    return handle != NULL ? handle : failed(evidence, "cannot-load", why_not());
}

/* The first of the paths that can be opened; *reason is set when one was there and could not. */
static void *open_first(char *const *paths, size_t n, char **path, char **reason)
{
    for (size_t i = 0; i < n; i++) {
        void *handle = dlopen(paths[i], RTLD_NOW | RTLD_LOCAL);

        if (handle != NULL) {
            free(*path);
            *path = mem_str(paths[i]);
            return handle;
        }
        if (*reason == NULL)
            *reason = why_not();
    }
    return NULL;
}

/* The pattern with name for its '%s'; the caller frees. */
static char *fill(const char *pattern, const char *name)
{
    size_t head = strcspn(pattern, "%");

    return mem_printf("%.*s%s%s", (int)head, pattern, name, pattern + head + strlen("%s"));
}

static void *open_elsewhere(const char *name, char **path, char **reason)
{
    void *handle = NULL;

    for (size_t i = 0; handle == NULL && i < sizeof places / sizeof *places; i++) {
        own_free char *pattern = fill(places[i], name);
        glob_t found = {0};

        if (glob(pattern, 0, NULL, &found) == 0)
            handle = open_first(found.gl_pathv, found.gl_pathc, path, reason);
        globfree(&found);
    }
    return handle;
}

void *library_open(const char *dir, const char *name, char **path, struct evidence *evidence)
{
    own_free char *first = NULL, *later = NULL;
    void *handle;

    *path = NULL;
    if (dir != NULL)
        return open_in(dir, name, path, evidence);
    *path = mem_str(name);
    handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (handle != NULL)
        return handle;
    first = why_not();
    handle = open_elsewhere(name, path, &later);
    if (handle != NULL)
        return handle;
    if (later == NULL && strncmp(first, name, strlen(name)) == 0 &&
        strstr(first, "No such file") != NULL)
        return failed(evidence, "not-found", steal_ptr(&first));
    return failed(evidence, "cannot-load",
                  later != NULL ? steal_ptr(&later) : steal_ptr(&first));
}

/* ---- where they came from ------------------------------------------------------------------- */

static const char *const modules[] = {"libnss3.so", "libnssutil3.so", "libsoftokn3.so",
                                      "libfreebl3.so", "libfreeblpriv3.so"};

struct search {
    const char *dir; /* absolute */
    char *stray;
};

static bool is_module(const char *base)
{
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (strcmp(base, modules[i]) == 0)
            return true;
    return false;
}

/* A folder of links is a folder of NSS too: the files are compared, not their names. */
static int look_at(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct search *search = arg;
    const char *slash = info->dlpi_name == NULL ? NULL : strrchr(info->dlpi_name, '/');
    own_free char *wanted = NULL, *real = NULL, *file = NULL;

    (void)size;
    if (slash == NULL || !is_module(slash + 1))
        return 0;
    wanted = mem_printf("%s%s", search->dir, slash);
    real = realpath(wanted, NULL);
    file = realpath(info->dlpi_name, NULL);
    if (real != NULL && file != NULL && strcmp(real, file) == 0)
        return 0;
    search->stray = mem_str(info->dlpi_name);
    return 1;
}

bool library_all_from(const char *dir, struct evidence *evidence)
{
    own_free char *absolute = dir == NULL ? NULL : realpath(dir, NULL), *stray = NULL;
    struct search search = {absolute, NULL};

    if (dir == NULL)
        return true;
    if (absolute != NULL)
        dl_iterate_phdr(look_at, &search);
    stray = search.stray;
    if (absolute != NULL && stray == NULL)
        return true;
    failed(evidence, "not-found",
           mem_printf("not all of NSS is in '%s': '%s' was loaded", dir, stray == NULL ? "" : stray));
    return false;
}
