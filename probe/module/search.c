/* SPDX-License-Identifier: Apache-2.0 */
#include "module/search.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"

#include <fcntl.h>
#include <string.h>

/* Libraries are installed here: the system's own, an administrator's, browsers, JDKs, vendors'
 * trees, Flatpak's and Snap's images. Links between them (a merged /usr) are not followed, so that
 * nothing is seen twice. */
static const char *const places[] = {"/usr", "/lib", "/lib32", "/lib64", "/opt", "/app", "/snap",
                                     "/srv", "/jre", "/java", "/home"};

/* Great, and without libraries. */
static const char *const left_out[] = {"/usr/share/doc",  "/usr/share/man", "/usr/share/locale",
                                       "/usr/include",    "/usr/src",       "/usr/share/icons",
                                       "/usr/lib/debug",  "/usr/lib/modules", "/lib/modules"};

#define MAX_DEPTH 40 /* an open directory each */
#define MAX_DIRECTORIES 100000
#define MAX_ENTRIES 2000000

struct walk {
    const struct root *root;
    search_visit *visit;
    void *arg;
    dev_t dev;
    size_t directories, entries;
    char *stopped;
};

static bool is_left_out(const char *path)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (strcmp(left_out[i], path) == 0)
            return true;
    return false;
}

static void stop(struct walk *w, const char *path, const char *why)
{
    own_free char *clean = text_clean(path, strlen(path));

    if (w->stopped == NULL)
        w->stopped = mem_printf("%s: %s", clean, why);
}

static void walk_directory(struct walk *w, int parent, const char *name, const char *path,
                           int depth);

static void take_entry(struct walk *w, int fd, const struct dirent *e, const char *dir, int depth)
{
    own_free char *path = mem_printf("%s/%s", dir, e->d_name);
    unsigned char type = e->d_type;

    if (type == DT_UNKNOWN) { /* file systems that do not tell */
        struct stat st;

        if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            return;
        type = S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : DT_UNKNOWN;
    }
    if (type == DT_REG)
        w->visit(w->arg, path, e->d_name);
    else if (type == DT_DIR && !is_left_out(path))
        walk_directory(w, fd, e->d_name, path, depth + 1);
}

/* Does not leave the file system: what is mounted below (a container's images, a network's home
 * directories) is not this root's. */
static void walk_directory(struct walk *w, int parent, const char *name, const char *path,
                           int depth)
{
    own_fd int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    own_dir DIR *dir = NULL;
    const struct dirent *e;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0 || (depth > 0 && st.st_dev != w->dev))
        return; /* a directory that this user may not read: nor may its programs */
    w->dev = st.st_dev;
    if (depth > MAX_DEPTH) {
        stop(w, path, "deeper than was looked");
        return;
    }
    if (w->directories++ > MAX_DIRECTORIES) {
        stop(w, path, "more directories than were looked through");
        return;
    }
    dir = fdopendir(fd);
    if (dir == NULL)
        return;
    fd = -1; /* dir has it */
    while ((e = readdir(dir)) != NULL && w->entries < MAX_ENTRIES) {
        w->entries++;
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            take_entry(w, dirfd(dir), e, path, depth);
    }
    if (e != NULL)
        stop(w, path, "more files than were looked through");
}

char *search_files(const struct root *root, search_visit *visit, void *arg)
{
    struct walk w = {.root = root, .visit = visit, .arg = arg};
    own_fd int top = root_open(root, "/", O_PATH | O_DIRECTORY);

    for (size_t i = 0; top >= 0 && i < sizeof places / sizeof *places; i++)
        walk_directory(&w, top, places[i] + 1, places[i], 0);
    return w.stopped;
}
