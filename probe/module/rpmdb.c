/* SPDX-License-Identifier: Apache-2.0
 *
 * rpmdb.c: rpm's database as sqlite (rpm 4.16 and later: RHEL 9, Fedora, Amazon Linux 2023).
 *
 * Not with librpm, which opens the database of another root with locks and settings of its own and
 * would write beside it, and not by running the image's rpm. libsqlite3 is opened when it is needed
 * and not linked: softokn has the same library, and the children of other commands must get the one
 * that their NSS finds.
 */
#include "base/own.h"
#include "base/text.h"
#include "module/owners.h"
#include "module/rpmheader.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>

#define MAX_STEPS 20000 /* of the progress handler: two thousand million instructions */
#define MAX_BLOB (64 << 20)

static const char *const databases[] = {"/usr/lib/sysimage/rpm/rpmdb.sqlite",
                                        "/var/lib/rpm/rpmdb.sqlite"};
/* Forms that are not read: Berkeley DB (RHEL 8 and before) and SUSE's. */
static const char *const others[] = {"/var/lib/rpm/Packages", "/var/lib/rpm/Packages.db",
                                     "/usr/lib/sysimage/rpm/Packages.db"};

struct sqlite {
    void *library;
    __typeof__(sqlite3_open_v2) *open_v2;
    __typeof__(sqlite3_close) *close;
    __typeof__(sqlite3_prepare_v2) *prepare_v2;
    __typeof__(sqlite3_bind_text) *bind_text;
    __typeof__(sqlite3_step) *step;
    __typeof__(sqlite3_column_blob) *column_blob;
    __typeof__(sqlite3_column_bytes) *column_bytes;
    __typeof__(sqlite3_finalize) *finalize;
    __typeof__(sqlite3_progress_handler) *progress_handler;
    __typeof__(sqlite3_limit) *limit;
    __typeof__(sqlite3_errstr) *errstr;
};

static bool open_sqlite(struct sqlite *out)
{
    const struct {
        const char *name;
        void *to;
    } functions[] = {
        {"sqlite3_open_v2", &out->open_v2},         {"sqlite3_close", &out->close},
        {"sqlite3_prepare_v2", &out->prepare_v2},   {"sqlite3_bind_text", &out->bind_text},
        {"sqlite3_step", &out->step},               {"sqlite3_column_blob", &out->column_blob},
        {"sqlite3_column_bytes", &out->column_bytes}, {"sqlite3_finalize", &out->finalize},
        {"sqlite3_progress_handler", &out->progress_handler}, {"sqlite3_limit", &out->limit},
        {"sqlite3_errstr", &out->errstr},
    };

    out->library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; out->library != NULL && i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(out->library, functions[i].name);

        if (function == NULL)
            return false;
        memcpy(functions[i].to, &function, sizeof function);
    }
    return out->library != NULL;
}

/* A database can be made so that a query never ends. */
static int count_steps(void *arg)
{
    return ++*(int *)arg > MAX_STEPS;
}

static void take_owner(const struct rpm_header *h, struct owned *file)
{
    const char *name = rpm_header_text(h, RPM_NAME, 0), *arch = rpm_header_text(h, RPM_ARCH, 0);
    own_free char *version = rpm_header_version(h);
    own_free char *all = NULL;

    if (name == NULL || version == NULL || !rpm_header_owns(h, file->path))
        return;
    all = mem_printf("%s %s (%s)", name, version, arch == NULL ? "?" : arch);
    *file->owner = text_clean(all, strlen(all));
}

static int ask(const struct sqlite *sql, sqlite3 *db, struct owned *file)
{
    static const char query[] = "SELECT p.blob FROM Basenames b JOIN Packages p ON p.hnum = b.hnum "
                                "WHERE CAST(b.key AS TEXT) = ?1 LIMIT 256";
    sqlite3_stmt *statement = NULL;
    int rc = sql->prepare_v2(db, query, -1, &statement, NULL);

    if (rc == SQLITE_OK)
        rc = sql->bind_text(statement, 1, strrchr(file->path, '/') + 1, -1, SQLITE_STATIC);
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        struct rpm_header header;
        const void *blob;
        size_t used;

        rc = sql->step(statement);
        if (rc != SQLITE_ROW)
            break;
        blob = sql->column_blob(statement, 0);
        if (*file->owner == NULL && blob != NULL &&
            rpm_header_read(blob, (size_t)sql->column_bytes(statement, 0), &header, &used))
            take_owner(&header, file);
    }
    sql->finalize(statement);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* By the descriptor, so that no link leads out of the root; immutable: no lock, no journal and no
 * shared memory is made beside it. */
static int ask_all(const struct sqlite *sql, int fd, struct owned_list *files)
{
    own_free char *uri = mem_printf("file:/proc/self/fd/%d?mode=ro&immutable=1", fd);
    sqlite3 *db = NULL;
    int steps = 0, rc = sql->open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);

    if (rc == SQLITE_OK) {
        sql->limit(db, SQLITE_LIMIT_LENGTH, MAX_BLOB);
        sql->progress_handler(db, 100000, count_steps, &steps);
    }
    for (size_t i = 0; rc == SQLITE_OK && i < files->n; i++)
        if (*files->items[i].owner == NULL)
            rc = ask(sql, db, &files->items[i]);
    sql->close(db);
    return rc;
}

bool owners_rpm(const struct root *root, struct owned_list *files, char **problem)
{
    struct sqlite sql = {0};
    bool some = false;

    *problem = NULL;
    for (size_t i = 0; i < sizeof databases / sizeof *databases && !some; i++) {
        own_fd int fd = root_open(root, databases[i], O_RDONLY | O_NONBLOCK);
        int rc;

        if (fd < 0)
            continue;
        some = true;
        if (!open_sqlite(&sql)) {
            *problem = mem_printf("%s was not read: there is no libsqlite3.so.0 (Debian: package "
                                  "libsqlite3-0)", databases[i]);
            break;
        }
        rc = ask_all(&sql, fd, files);
        if (rc != SQLITE_OK)
            *problem = mem_printf("%s: %s", databases[i], sql.errstr(rc));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others && !some; i++)
        if (root_exists(root, others[i])) {
            *problem = mem_printf("%s is a database of rpm in a form that is not read here; ask "
                                  "'rpm -qf' there", others[i]);
            some = true;
        }
    if (sql.library != NULL)
        dlclose(sql.library);
    return some;
}
