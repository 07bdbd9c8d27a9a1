/* SPDX-License-Identifier: Apache-2.0 */
#include "module/owner.h"

#include "base/own.h"
#include "base/text.h"
#include "module/owners.h"

#include <fcntl.h>
#include <string.h>

#define MAX_STATUS_BYTES (64u << 20)
#define MAX_LIST_BYTES (16u << 20) /* the longest of Debian's has 1 MB */
#define MAX_LISTS 50000
#define INFO "/var/lib/dpkg/info"
#define STATUS "/var/lib/dpkg/status"
#define STATUS_D "/var/lib/dpkg/status.d" /* distroless images: a file for each package */

bool owners_same_path(const char *path, const char *listed, size_t listed_len)
{
    static const char usr[] = "/usr";
    size_t len = strlen(path), n = sizeof usr - 1;

    if (len == listed_len)
        return memcmp(path, listed, len) == 0;
    if (len == listed_len + n)
        return strncmp(path, usr, n) == 0 && memcmp(path + n, listed, listed_len) == 0;
    return listed_len == len + n && memcmp(listed, usr, n) == 0 &&
           memcmp(listed + n, path, len) == 0;
}

/* ---- dpkg ---------------------------------------------------------------------------------------- */

/* The value of a field in the paragraph that begins at p ("Version: 1.2"); NULL: none. */
static char *field(const char *p, const char *name)
{
    size_t len = strlen(name);

    while (*p != '\0' && *p != '\n') {
        size_t line = strcspn(p, "\n");

        if (line > len && strncmp(p, name, len) == 0 && p[len] == ':') {
            const char *value = p + len + 1 + strspn(p + len + 1, " ");

            return text_clean(value, (size_t)(p + line - value));
        }
        p += line + (p[line] == '\n');
    }
    return NULL;
}

/* The paragraph of a package in dpkg's status; name may say an architecture ("libnss3:amd64"). */
static const char *paragraph(const char *status, const char *name)
{
    const char *colon = strchr(name, ':');
    own_free char *package = mem_dup(name, colon == NULL ? strlen(name) : (size_t)(colon - name));

    for (const char *p = status; p != NULL && *p != '\0';) {
        own_free char *got = field(p, "Package");
        const char *end = strstr(p, "\n\n");

        if (got != NULL && strcmp(got, package) == 0) {
            own_free char *arch = colon == NULL ? NULL : field(p, "Architecture");

            if (arch == NULL || strcmp(arch, colon + 1) == 0)
                return p;
        }
        p = end == NULL ? NULL : end + strspn(end, "\n");
    }
    return NULL;
}

static char *describe(const char *text, const char *name)
{
    own_free char *clean = text_clean(name, strcspn(name, ":"));
    const char *p = paragraph(text, name);
    own_free char *version = p == NULL ? NULL : field(p, "Version");
    own_free char *arch = p == NULL ? NULL : field(p, "Architecture");

    return mem_printf("%s%s%s%s%s%s", clean, version == NULL ? "" : " ",
                      version == NULL ? "" : version, arch == NULL ? "" : " (",
                      arch == NULL ? "" : arch, arch == NULL ? "" : ")");
}

/* The lines of a list that are files looked for; skip: what stands before the path in a line. */
static void match_lines(const char *text, bool md5sums, struct owned_list *files, const char *status,
                        const char *package)
{
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n"), skip = md5sums && len > 34 ? 34 : 0;
        own_free char *rooted = md5sums ? mem_printf("/%.*s", (int)(len - skip), line + skip) : NULL;
        const char *path = md5sums ? rooted : line;
        size_t path_len = md5sums ? strlen(rooted) : len;

        for (size_t i = 0; i < files->n; i++)
            if (*files->items[i].owner == NULL &&
                owners_same_path(files->items[i].path, path, path_len))
                *files->items[i].owner = describe(status, package);
        line += len + (line[len] == '\n');
    }
}

static bool wanted(const struct owned_list *files)
{
    for (size_t i = 0; i < files->n; i++)
        if (*files->items[i].owner == NULL)
            return true;
    return false;
}

/* Is one of the names looked for in the text at all? Most lists have none. */
static bool mentions(const char *text, const struct owned_list *files)
{
    for (size_t i = 0; i < files->n; i++)
        if (*files->items[i].owner == NULL && strstr(text, strrchr(files->items[i].path, '/')) != NULL)
            return true;
    return false;
}

static bool read_lists(const struct root *root, const char *at, const char *suffix, bool md5sums,
                       const char *status, struct owned_list *files)
{
    int fd = root_open(root, at, O_RDONLY | O_DIRECTORY);
    own_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *e;
    bool some = false;

    for (size_t n = 0;
         dir != NULL && n < MAX_LISTS && wanted(files) && (e = readdir(dir)) != NULL; n++) {
        size_t len = strlen(e->d_name), tail = strlen(suffix);
        own_free char *path = mem_printf("%s/%s", at, e->d_name);
        own_free char *package = NULL;
        own_buf struct buf text = {0}, own_status = {0};

        if (len <= tail || strcmp(e->d_name + len - tail, suffix) != 0 ||
            root_read(root, path, MAX_LIST_BYTES, &text) < 0)
            continue;
        some = true;
        if (!mentions(text.data, files))
            continue;
        package = mem_dup(e->d_name, len - tail);
        if (md5sums) { /* distroless: the paragraph is a file of its own */
            own_free char *control = mem_printf("%s/%s", at, package);

            if (root_read(root, control, MAX_LIST_BYTES, &own_status) < 0)
                buf_puts(&own_status, "");
        }
        match_lines(text.data, md5sums, files, md5sums ? own_status.data : status, package);
    }
    if (dir == NULL && fd >= 0)
        close(fd);
    return some;
}

bool owners_dpkg(const struct root *root, struct owned_list *files)
{
    own_buf struct buf status = {0};
    bool some;

    if (root_read(root, STATUS, MAX_STATUS_BYTES, &status) < 0)
        buf_puts(&status, "");
    some = read_lists(root, INFO, ".list", false, status.data, files);
    return read_lists(root, STATUS_D, ".md5sums", true, NULL, files) || some;
}

/* ---- all ------------------------------------------------------------------------------------------ */

void owner_find(const struct root *root, struct report *report)
{
    struct owned_list files = {0};
    own_free char *problem = NULL;
    bool known;

    for (size_t i = 0; i < report->modules.n; i++)
        if (report->modules.items[i].path != NULL && strchr(report->modules.items[i].path, '/'))
            *mem_push(&files) = (struct owned){report->modules.items[i].path,
                                               &report->modules.items[i].owner};
    for (size_t i = 0; i < report->neighbours.n; i++)
        *mem_push(&files) = (struct owned){report->neighbours.items[i].path,
                                           &report->neighbours.items[i].owner};
    if (files.n == 0) /* a thousand lists would be read for nothing */
        return;
    known = owners_dpkg(root, &files);
    known = owners_rpm(root, &files, &problem) || known;
    for (size_t i = 0; i < report->modules.n; i++) {
        struct module_file *m = &report->modules.items[i];

        if (m->owner == NULL)
            m->owner_detail = problem != NULL ? mem_str(problem)
                              : known ? mem_str("the package database names no owner of it")
                                      : mem_str("there is no package database that is known here");
    }
    free(files.items);
}
