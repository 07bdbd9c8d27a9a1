/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/providers.h"

#include "base/own.h"
#include "base/text.h"
#include "java-harness/p11config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SYSINIT "libnsssysinit.so"

enum wanted { LIBRARY, LIBRARIES, DATABASE };

/* The keywords that name files. */
static const struct {
    const char *keyword;
    enum wanted wanted;
} path_keywords[] = {
    {"library", LIBRARY},
    {"nssLibraryDirectory", LIBRARIES},
    {"nssSecmodDirectory", DATABASE},
};

static void add_path(struct jdk_pkcs11 *out, const char *keyword, const char *path, char *problem)
{
    struct jdk_path *p = mem_push(&out->paths);

    p->keyword = mem_str(keyword);
    p->path = text_clean(path, strlen(path));
    p->problem = problem;
}

/* NULL: this user can read it. */
static char *unreadable(const struct root *root, const char *path, bool directory)
{
    own_fd int fd = -1;
    struct stat st;

    if (*path != '/')
        return mem_str("it is not an absolute path");
    fd = root_open(root, path, O_RDONLY | O_NONBLOCK);
    if (fd < 0)
        return mem_str(strerror(-fd));
    if (fstat(fd, &st) < 0)
        return mem_str(strerror(errno));
    if (S_ISDIR(st.st_mode) != directory)
        return mem_str(directory ? "it is not a directory" : "it is not a file");
    return st.st_size == 0 && !directory ? mem_str("it is empty") : NULL;
}

static void add_below(const struct root *root, struct jdk_pkcs11 *out, const char *keyword,
                      const char *dir, const char *name)
{
    own_free char *path = mem_printf("%s/%s", dir, name);

    add_path(out, keyword, path, unreadable(root, path, false));
}

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* NULL: this user may write it, or it is not known. Opening it for writing would already change a
 * file of an overlay, so that only the question is asked. */
static char *unwritable(const struct root *root, const char *path)
{
    own_fd int fd = root_open(root, path, O_RDONLY | O_NONBLOCK);
    own_free char *link = mem_printf("/proc/self/fd/%d", fd);

    if (fd < 0 || faccessat(AT_FDCWD, link, W_OK, AT_EACCESS) == 0 ||
        (errno != EACCES && errno != EROFS))
        return NULL;
    return mem_printf("readable, and not writable (%s): nssDbMode readWrite needs it, where "
                      "pkcs11.txt does not name " SYSINIT,
                      strerror(errno));
}

/* With nss-sysinit the database of the system is read, and one of the user is written
 * (JAVA-REDHAT.md, section 4). */
static bool has_sysinit(const struct root *root, const char *dir)
{
    own_free char *path = mem_printf("%s/pkcs11.txt", dir);
    own_buf struct buf text = {0};

    return root_read(root, path, PROPS_MAX, &text) == 0 &&
           strstr(text.data, SYSINIT) != NULL;
}

static void want_writable(const struct root *root, const char *dir, struct jdk_pkcs11 *out)
{
    if (!root->live || has_sysinit(root, dir))
        return;
    for (size_t i = 0; i < out->paths.n; i++) {
        struct jdk_path *p = &out->paths.items[i];
        const char *dot = strrchr(p->path, '.');

        if (p->problem == NULL && dot != NULL && strcmp(dot, ".db") == 0)
            p->problem = unwritable(root, p->path);
    }
}

/* "sql:DIR", and without the prefix the old format (Secmod.java: secmod.db must be there). */
static void add_database(const struct root *root, const char *keyword, const char *value,
                         bool written, struct jdk_pkcs11 *out)
{
    bool sql = starts(value, "sql:");
    const char *dir = sql ? value + 4 : starts(value, "dbm:") ? value + 4 : value;
    char *problem = unreadable(root, dir, true);
    bool there = problem == NULL;

    add_path(out, keyword, dir, problem);
    if (!there)
        return;
    add_below(root, out, keyword, dir, sql ? "pkcs11.txt" : "secmod.db");
    if (sql) {
        add_below(root, out, keyword, dir, "cert9.db");
        add_below(root, out, keyword, dir, "key4.db");
    }
    if (sql && written)
        want_writable(root, dir, out);
}

/* A database that was copied from a distribution with nss-sysinit into an image without: its module
 * database is "critical", and NSS does not start. */
static void want_sysinit(const struct root *root, struct jdk_pkcs11 *out)
{
    const char *libraries = NULL;

    for (size_t i = 0; i < out->paths.n; i++)
        if (strcmp(out->paths.items[i].keyword, "nssLibraryDirectory") == 0 && libraries == NULL &&
            out->paths.items[i].problem == NULL)
            libraries = out->paths.items[i].path; /* the directory is the first of them */
    for (size_t i = 0; libraries != NULL && i < out->paths.n; i++) {
        struct jdk_path *p = &out->paths.items[i];
        size_t len = strlen(p->path), tail = strlen("/pkcs11.txt");
        own_free char *library = mem_printf("%s/" SYSINIT, libraries);
        own_free char *dir = NULL;

        if (strcmp(p->keyword, "nssSecmodDirectory") != 0 || p->problem != NULL || len < tail ||
            strcmp(p->path + len - tail, "/pkcs11.txt") != 0)
            continue;
        dir = mem_dup(p->path, len - tail);
        if (has_sysinit(root, dir) && !root_exists(root, library))
            p->problem = mem_printf("readable, and it names " SYSINIT ", which is not in %s",
                                    libraries);
    }
}

static void add_libraries(const struct root *root, const char *keyword, const char *dir,
                          struct jdk_pkcs11 *out)
{
    char *problem = unreadable(root, dir, true);
    bool there = problem == NULL;

    add_path(out, keyword, dir, problem);
    if (there) /* Secmod.java opens this one; the loader finds the others */
        add_below(root, out, keyword, dir, "libnss3.so");
}

static void look_at_config(const struct root *root, const char *home, const struct launch *launch,
                           const struct security *security, const char *text,
                           struct jdk_pkcs11 *out)
{
    own_p11config struct p11config config = p11config_parse(text);
    const char *mode = p11config_get(&config, "nssDbMode"); /* readWrite unless it says otherwise */
    bool written = mode == NULL || strcmp(mode, "readWrite") == 0;

    if (config.problem != NULL)
        out->problem = text_clean(config.problem, strlen(config.problem));
    for (size_t i = 0; i < config.n; i++)
        for (size_t k = 0; k < sizeof path_keywords / sizeof *path_keywords; k++) {
            const struct p11entry *e = &config.items[i];
            own_free char *value = NULL;

            if (strcmp(path_keywords[k].keyword, e->keyword) != 0)
                continue;
            value = security_expand(e->value, home, launch, security, true, false);
            if (value == NULL) {
                add_path(out, e->keyword, e->value,
                         mem_str("it names a system property without a value: the provider is "
                                 "passed over"));
            } else if (path_keywords[k].wanted == DATABASE) {
                add_database(root, e->keyword, value, written, out);
            } else if (path_keywords[k].wanted == LIBRARIES) {
                add_libraries(root, e->keyword, value, out);
            } else {
                add_path(out, e->keyword, value, unreadable(root, value, false));
            }
        }
    want_sysinit(root, out);
}

bool providers_pkcs11(const struct root *root, const char *home, const struct launch *launch,
                      const struct security *security, const struct prop *entry,
                      struct jdk_pkcs11 *out)
{
    /* 9 and later; 8 */
    static const char *const names[] = {"SunPKCS11", "sun.security.pkcs11.SunPKCS11"};
    size_t len = strcspn(entry->value, " \t");
    const char *argument = entry->value + len + strspn(entry->value + len, " \t");
    own_free char *name = mem_dup(entry->value, len);
    own_free char *file = NULL;
    own_buf struct buf text = {0};
    int rc;

    *out = (struct jdk_pkcs11){0};
    if ((strcmp(name, names[0]) != 0 && strcmp(name, names[1]) != 0) || *argument == '\0')
        return false;
    out->entry = text_clean(entry->key, strlen(entry->key));
    if (starts(argument, "--")) {
        own_free char *inline_text = props_inline(argument + 2);

        look_at_config(root, home, launch, security, inline_text, out);
        return true;
    }
    file = security_expand(argument, home, launch, security, true, false);
    out->file = text_clean(file == NULL ? argument : file, strlen(file == NULL ? argument : file));
    rc = file == NULL ? 0 : root_read(root, file, PROPS_MAX, &text);
    if (file == NULL)
        out->problem = mem_str("it names a system property without a value");
    else if (rc < 0)
        out->problem = mem_printf("it cannot be read: %s", strerror(-rc));
    else
        look_at_config(root, home, launch, security, text.data, out);
    return true;
}
