/* SPDX-License-Identifier: Apache-2.0
 *
 * ld.so.cache, the places of a root, package databases: all made here.
 */
#include "base/buf.h"
#include "base/own.h"
#include "base/root.h"
#include "module/find.h"
#include "module/ldcache.h"
#include "module/owner.h"
#include "module/owners.h"
#include "module/rpmheader.h"
#include "module/search.h"

#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

/* ---- ld.so.cache ----------------------------------------------------------------------------- */

static void put(struct buf *b, bool big, size_t size, unsigned long long n)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)(n >> 8 * (big ? size - 1 - i : i));

        buf_add(b, &byte, 1);
    }
}

struct row {
    const char *name, *path;
    unsigned long long hwcap;
};

static void make_cache(struct buf *out, const struct row *rows, size_t n, bool big, int flags)
{
    own_buf struct buf strings = {0};
    size_t at = 48 + n * 24;

    buf_puts(out, "glibc-ld.so.cache1.1");
    put(out, big, 4, n);
    put(out, big, 4, 0);
    put(out, big, 1, (unsigned)flags);
    put(out, big, 3, 0);
    put(out, big, 4, 0);
    put(out, big, 8, 0);
    put(out, big, 4, 0);
    for (size_t i = 0; i < n; i++) {
        put(out, big, 4, 0x0303);
        put(out, big, 4, at + strings.len);
        buf_add(&strings, rows[i].name, strlen(rows[i].name) + 1);
        put(out, big, 4, at + strings.len);
        buf_add(&strings, rows[i].path, strlen(rows[i].path) + 1);
        put(out, big, 4, 0);
        put(out, big, 8, rows[i].hwcap);
    }
    buf_add(out, strings.data, strings.len);
}

static const struct row cache_rows[] = {
    {"libz.so.1", "/lib/libz.so.1", 0},
    {"libnss3.so", "/usr/lib64/glibc-hwcaps/v3/libnss3.so", 1ull << 62},
    {"libnss3.so", "/usr/lib64/libnss3.so", 0},
    {"libsoftokn3.so", "/usr/lib64/libsoftokn3.so", 0},
};

static void check_cache(const struct buf *cache)
{
    own_ldcache struct ldcache got = {0};

    ldcache_read(cache->data, cache->len, module_is_one, &got);
    ck_assert_ptr_null(got.problem);
    ck_assert_uint_eq(got.n, 3);
    ck_assert_str_eq(got.items[0].path, "/usr/lib64/glibc-hwcaps/v3/libnss3.so");
    ck_assert(got.items[0].for_some_cpus);
    ck_assert_str_eq(got.items[1].path, "/usr/lib64/libnss3.so");
    ck_assert(!got.items[1].for_some_cpus);
    ck_assert_str_eq(got.items[2].name, "libsoftokn3.so");
}

/* Both byte orders, said and not said, and behind the old format. */
START_TEST(cache_forms)
{
    static const struct {
        bool big;
        int flags;
    } forms[] = {{false, 2}, {true, 3}, {false, 0}, {true, 0}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        own_buf struct buf cache = {0}, old = {0};

        make_cache(&cache, cache_rows, 4, forms[i].big, forms[i].flags);
        check_cache(&cache);
        buf_add(&old, "ld.so-1.7.0", 12);
        put(&old, forms[i].big, 4, 1);
        for (int k = 0; k < 12; k++)
            put(&old, false, 1, 0xee);
        put(&old, false, 4, 0); /* aligned to 8 */
        buf_add(&old, cache.data, cache.len);
        check_cache(&old);
    }
}
END_TEST

START_TEST(cache_damage)
{
    own_buf struct buf cache = {0};

    make_cache(&cache, cache_rows, 4, false, 2);
    for (size_t i = 0; i < cache.len; i++) { /* in memory of the exact length */
        own_free char *cut = malloc(i == 0 ? 1 : i), *copy = malloc(cache.len);
        own_ldcache struct ldcache a = {0}, b = {0};

        memcpy(cut, cache.data, i);
        ldcache_read(cut, i, module_is_one, &a);
        ck_assert_ptr_nonnull(a.problem);
        memcpy(copy, cache.data, cache.len);
        copy[i] = (char)(copy[i] ^ 0xff);
        ldcache_read(copy, cache.len, module_is_one, &b);
        ck_assert(b.n <= 4);
    }
}
END_TEST

/* ---- a root ----------------------------------------------------------------------------------- */

static char directory[] = "/tmp/check_find.XXXXXX";
static struct root root;

static void setup(void)
{
    own_err struct err err = {0};

    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(root_init(&root, directory, &err), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void teardown(void)
{
    root_free(&root);
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_dirs(const char *path)
{
    own_free char *full = mem_printf("%s%s", directory, path);

    for (char *p = full + strlen(directory) + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        mkdir(full, 0755);
        *p = '/';
    }
}

static void write_bytes(const char *path, const void *data, size_t len)
{
    own_free char *full = mem_printf("%s%s", directory, path);
    own_file FILE *f = NULL;

    make_dirs(path);
    f = fopen(full, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data, 1, len, f), len);
}

static void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

static const struct module_file *module_at(const struct report *r, const char *path)
{
    for (size_t i = 0; i < r->modules.n; i++)
        if (strcmp(r->modules.items[i].path, path) == 0)
            return &r->modules.items[i];
    return NULL;
}

START_TEST(by_the_loaders_rules)
{
    static const struct row rows[] = {{"libnss3.so", "/usr/lib64/libnss3.so", 0},
                                      {"libsoftokn3.so", "/gone/libsoftokn3.so", 0}};
    own_buf struct buf cache = {0};
    struct builds none = {0};
    struct report r = {0};
    const struct module_file *m;

    make_cache(&cache, rows, 2, false, 2);
    write_bytes(LDCACHE_PATH, cache.data, cache.len);
    write_text("/usr/lib64/libnss3.so", "a");
    write_text("/usr/lib64/nss/libsoftokn3.so", "b");
    write_text("/opt/browser/libnss3.so", "c");
    write_text("/opt/browser/libsoftokn3.so", "d");
    write_text("/usr/lib64/libgcrypt.so.20.1", "e");
    write_text("/usr/share/doc/libgnutls.so.30", "f");
    find_modules(&root, "/opt/browser", &none, &r); /* LD_LIBRARY_PATH is not the image's */
    ck_assert_ptr_null(r.search_stopped);
    m = module_at(&r, "/usr/lib64/libnss3.so");
    ck_assert_ptr_nonnull(m);
    ck_assert(!m->other_copy);
    ck_assert_str_eq(m->why_there, "/etc/ld.so.cache has it");
    m = module_at(&r, "/usr/lib64/nss/libsoftokn3.so");
    ck_assert_ptr_nonnull(m);
    ck_assert(!m->other_copy);
    ck_assert_str_eq(m->why_there, "libnss3.so looks in /usr/lib64/nss");
    m = module_at(&r, "/opt/browser/libnss3.so");
    ck_assert_ptr_nonnull(m);
    ck_assert(m->other_copy);
    /* what belongs beside softokn and is not there */
    m = module_at(&r, "/usr/lib64/nss/libfreeblpriv3.so");
    ck_assert_ptr_nonnull(m);
    ck_assert_ptr_nonnull(m->problem);
    ck_assert_ptr_null(module_at(&r, "/opt/browser/libfreeblpriv3.so"));
    ck_assert_uint_eq(r.neighbours.n, 1);
    ck_assert_str_eq(r.neighbours.items[0].what, "libgcrypt");
    report_free(&r);
}
END_TEST

START_TEST(no_way_out)
{
    own_free char *link = NULL, *outside = mem_printf("%s.out", directory);
    struct builds none = {0};
    struct report r = {0};

    ck_assert_int_eq(mkdir(outside, 0755), 0);
    {
        own_free char *file = mem_printf("%s/libsoftokn3.so", outside);
        own_file FILE *f = fopen(file, "w");

        ck_assert_ptr_nonnull(f);
    }
    make_dirs("/usr/x");
    link = mem_printf("%s/usr/lib64", directory);
    ck_assert_int_eq(symlink(outside, link), 0);
    find_modules(&root, NULL, &none, &r);
    ck_assert_uint_eq(r.modules.n, 0);
    report_free(&r);
    nftw(outside, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
END_TEST

START_TEST(without_a_cache)
{
    struct builds none = {0};
    struct report r = {0};
    const struct module_file *m;

    write_text("/etc/ld.so.conf", "# none\ninclude /etc/ld.so.conf.d/*.conf\n");
    write_text("/etc/ld.so.conf.d/own.conf", " /vendor/lib # ours\n");
    write_text("/vendor/lib/libnss3.so", "a");
    find_modules(&root, NULL, &none, &r);
    m = module_at(&r, "/vendor/lib/libnss3.so");
    ck_assert_ptr_nonnull(m);
    ck_assert_str_eq(m->why_there, "ld.so.conf has (and there is no ld.so.cache) /vendor/lib");
    report_free(&r);
}
END_TEST

START_TEST(damaged_cache_is_told)
{
    struct builds none = {0};
    struct report r = {0};

    write_text(LDCACHE_PATH, "glibc-ld.so.cache1.1 and no more");
    write_text("/usr/lib/libnss3.so", "a");
    find_modules(&root, NULL, &none, &r);
    ck_assert_ptr_nonnull(module_at(&r, "/usr/lib/libnss3.so"));
    ck_assert_ptr_nonnull(r.search_stopped);
    report_free(&r);
}
END_TEST

/* ---- owners ------------------------------------------------------------------------------------ */

START_TEST(same_paths)
{
    ck_assert(owners_same_path("/usr/lib64/a", "/usr/lib64/a", 12));
    ck_assert(owners_same_path("/usr/lib64/a", "/lib64/a", 8));
    ck_assert(owners_same_path("/lib64/a", "/usr/lib64/a", 12));
    ck_assert(!owners_same_path("/lib64/a", "/opt/lib64/a", 12));
    ck_assert(!owners_same_path("/lib64/a", "/lib64/b", 8));
}
END_TEST

START_TEST(dpkg_owners)
{
    struct builds none = {0};
    struct report r = {0};

    write_text("/usr/lib/libnss3.so", "a");
    write_text("/usr/lib/libnssutil3.so", "a");
    write_text("/usr/lib/libgcrypt.so.20", "a");
    write_text("/var/lib/dpkg/status",
               "Package: libnss3\nArchitecture: arm64\nVersion: 2\n\n"
               "Package: libnss3\nStatus: ok\nArchitecture: amd64\nVersion: 2:3.87.1-1\n");
    write_text("/var/lib/dpkg/info/libnss3:amd64.list", "/.\n/lib\n/lib/libnss3.so\n");
    write_text("/var/lib/dpkg/status.d/gcrypt", "Package: gcrypt\nVersion: 1.10\n");
    write_text("/var/lib/dpkg/status.d/gcrypt.md5sums",
               "0cc175b9c0f1b6a831c399e269772661  usr/lib/libgcrypt.so.20\nshort\n");
    find_modules(&root, NULL, &none, &r);
    owner_find(&root, &r);
    ck_assert_str_eq(module_at(&r, "/usr/lib/libnss3.so")->owner, "libnss3 2:3.87.1-1 (amd64)");
    ck_assert_ptr_null(module_at(&r, "/usr/lib/libnssutil3.so")->owner);
    ck_assert_str_eq(module_at(&r, "/usr/lib/libnssutil3.so")->owner_detail,
                     "the package database names no owner of it");
    ck_assert_uint_eq(r.neighbours.n, 1);
    ck_assert_str_eq(r.neighbours.items[0].owner, "gcrypt 1.10");
    report_free(&r);
}
END_TEST

struct tag {
    unsigned tag, type, count;
    const char *text; /* texts with NULs between */
    size_t len;
};

static void make_header(struct buf *out)
{
    static const struct tag tags[] = {
        {RPM_NAME, 6, 1, "nss-softokn", 12}, {RPM_VERSION, 6, 1, "3.90.0", 7},
        {RPM_RELEASE, 6, 1, "6.el9_2", 8},   {RPM_ARCH, 6, 1, "aarch64", 8},
        {RPM_DIRINDEXES, 4, 2, "\0\0\0\0\0\0\0\1", 8},
        {RPM_BASENAMES, 8, 2, "README\0libsoftokn3.so", 22},
        {RPM_DIRNAMES, 8, 2, "/usr/share/\0/usr/lib64/", 24},
    };
    own_buf struct buf store = {0};
    size_t n = sizeof tags / sizeof *tags;

    for (size_t i = 0; i < n; i++)
        store.len += tags[i].len;
    put(out, true, 4, n);
    put(out, true, 4, store.len);
    store.len = 0;
    for (size_t i = 0; i < n; i++) {
        put(out, true, 4, tags[i].tag);
        put(out, true, 4, tags[i].type);
        put(out, true, 4, store.len);
        put(out, true, 4, tags[i].count);
        buf_add(&store, tags[i].text, tags[i].len);
    }
    buf_add(out, store.data, store.len);
}

START_TEST(rpm_headers)
{
    own_buf struct buf header = {0};
    struct rpm_header h;
    own_free char *version = NULL;
    size_t used;

    make_header(&header);
    ck_assert(rpm_header_read(header.data, header.len, &h, &used));
    ck_assert_uint_eq(used, header.len);
    version = rpm_header_version(&h);
    ck_assert_str_eq(version, "3.90.0-6.el9_2");
    ck_assert(rpm_header_owns(&h, "/usr/lib64/libsoftokn3.so"));
    ck_assert(rpm_header_owns(&h, "/lib64/libsoftokn3.so"));
    ck_assert(!rpm_header_owns(&h, "/usr/share/libsoftokn3.so"));
    for (size_t i = 0; i < header.len; i++) {
        own_free char *cut = malloc(i == 0 ? 1 : i), *copy = malloc(header.len);

        memcpy(cut, header.data, i);
        ck_assert(!rpm_header_read(cut, i, &h, &used));
        memcpy(copy, header.data, header.len);
        copy[i] = (char)(copy[i] ^ 0xff);
        if (rpm_header_read(copy, header.len, &h, &used)) {
            free(rpm_header_version(&h));
            rpm_header_owns(&h, "/usr/lib64/libsoftokn3.so");
        }
    }
}
END_TEST

/* The last name of the array runs into the end of the header. */
START_TEST(rpm_name_without_end)
{
    own_buf struct buf header = {0};
    own_free char *exact = NULL;
    struct rpm_header h;
    size_t used;

    put(&header, true, 4, 1);
    put(&header, true, 4, 17);
    put(&header, true, 4, RPM_BASENAMES);
    put(&header, true, 4, 8);
    put(&header, true, 4, 0);
    put(&header, true, 4, 9);
    buf_add(&header, "lib\0libsoftokn3.s", 17);
    exact = malloc(header.len);
    memcpy(exact, header.data, header.len);
    ck_assert(rpm_header_read(exact, header.len, &h, &used));
    ck_assert(!rpm_header_owns(&h, "/usr/lib64/libsoftokn3.so"));
    ck_assert_str_eq(rpm_header_text(&h, RPM_BASENAMES, 0), "lib");
    ck_assert_ptr_null(rpm_header_text(&h, RPM_BASENAMES, 1));
}
END_TEST

START_TEST(rpm_owners)
{
    own_free char *path = mem_printf("%s/var/lib/rpm/rpmdb.sqlite", directory);
    own_free char *extra = NULL;
    own_buf struct buf header = {0};
    struct builds none = {0};
    struct report r = {0};
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;

    make_header(&header);
    make_dirs("/var/lib/rpm/x");
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db,
                                  "PRAGMA journal_mode = WAL;"
                                  "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB);"
                                  "CREATE TABLE Basenames (key TEXT, hnum INTEGER, idx INTEGER);"
                                  "INSERT INTO Basenames VALUES ('libsoftokn3.so', 1, 1)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_prepare_v2(db, "INSERT INTO Packages VALUES (1, ?1)", -1, &insert, NULL);
    sqlite3_bind_blob(insert, 1, header.data, (int)header.len, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(insert), SQLITE_DONE);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    write_text("/usr/lib64/libsoftokn3.so", "a");
    find_modules(&root, NULL, &none, &r);
    owner_find(&root, &r);
    ck_assert_str_eq(module_at(&r, "/usr/lib64/libsoftokn3.so")->owner,
                     "nss-softokn 3.90.0-6.el9_2 (aarch64)");
    extra = mem_printf("%s-shm", path);
    ck_assert_int_ne(access(extra, F_OK), 0); /* nothing was made beside it */
    report_free(&r);
    write_text("/var/lib/rpm/rpmdb.sqlite", "no database at all, and longer than its header is");
    find_modules(&root, NULL, &none, &r);
    owner_find(&root, &r);
    ck_assert_ptr_null(module_at(&r, "/usr/lib64/libsoftokn3.so")->owner);
    ck_assert_ptr_nonnull(strstr(module_at(&r, "/usr/lib64/libsoftokn3.so")->owner_detail,
                                 "rpmdb.sqlite: "));
    report_free(&r);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("module_find");
    TCase *pure = tcase_create("pure"), *files = tcase_create("files");

    tcase_add_test(pure, cache_forms);
    tcase_add_test(pure, cache_damage);
    tcase_add_test(pure, same_paths);
    tcase_add_test(pure, rpm_headers);
    tcase_add_test(pure, rpm_name_without_end);
    suite_add_tcase(s, pure);
    tcase_add_checked_fixture(files, setup, teardown);
    tcase_add_test(files, by_the_loaders_rules);
    tcase_add_test(files, no_way_out);
    tcase_add_test(files, without_a_cache);
    tcase_add_test(files, damaged_cache_is_told);
    tcase_add_test(files, dpkg_owners);
    tcase_add_test(files, rpm_owners);
    suite_add_tcase(s, files);
    return unit_run(s);
}
