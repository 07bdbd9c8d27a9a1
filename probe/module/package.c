/* SPDX-License-Identifier: Apache-2.0
 *
 * package.c: with libarchive, which knows both forms and all their compressions. It is opened when
 * it is needed and not linked: it brings libcrypto and libxml2 with it on some distributions, and
 * the children of other commands must not inherit what they did not ask for.
 */
#include "module/package.h"

#include "base/own.h"
#include "base/root.h"
#include "base/text.h"
#include "module/module.h"
#include "module/rpmheader.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <string.h>

#define MAX_PACKAGE_BYTES (512u << 20)
#define MAX_MEMBER_BYTES (512u << 20)
#define MAX_CONTROL_BYTES (1u << 20)
#define MAX_UNPACKED (8ll << 30) /* a small file can unpack to any size */
#define MAX_MODULES 64

struct library {
    void *handle;
    __typeof__(archive_read_new) *read_new;
    __typeof__(archive_read_free) *read_free;
    __typeof__(archive_read_support_format_ar) *format_ar;
    __typeof__(archive_read_support_format_tar) *format_tar;
    __typeof__(archive_read_support_format_cpio) *format_cpio;
    __typeof__(archive_read_support_filter_gzip) *filter_gzip;
    __typeof__(archive_read_support_filter_bzip2) *filter_bzip2;
    __typeof__(archive_read_support_filter_xz) *filter_xz;
    __typeof__(archive_read_support_filter_lzma) *filter_lzma;
    __typeof__(archive_read_support_filter_zstd) *filter_zstd;
    __typeof__(archive_read_support_filter_rpm) *filter_rpm;
    __typeof__(archive_read_open_memory) *open_memory;
    __typeof__(archive_read_next_header) *next_header;
    __typeof__(archive_read_data) *read_data;
    __typeof__(archive_filter_bytes) *filter_bytes;
    __typeof__(archive_error_string) *error_string;
    __typeof__(archive_entry_pathname) *pathname;
    __typeof__(archive_entry_filetype) *filetype;
};

static int open_library(struct library *out, struct err *err)
{
    const struct {
        const char *name;
        void *to;
    } functions[] = {
        {"archive_read_new", &out->read_new},
        {"archive_read_free", &out->read_free},
        {"archive_read_support_format_ar", &out->format_ar},
        {"archive_read_support_format_tar", &out->format_tar},
        {"archive_read_support_format_cpio", &out->format_cpio},
        {"archive_read_support_filter_gzip", &out->filter_gzip},
        {"archive_read_support_filter_bzip2", &out->filter_bzip2},
        {"archive_read_support_filter_xz", &out->filter_xz},
        {"archive_read_support_filter_lzma", &out->filter_lzma},
        {"archive_read_support_filter_zstd", &out->filter_zstd},
        {"archive_read_support_filter_rpm", &out->filter_rpm},
        {"archive_read_open_memory", &out->open_memory},
        {"archive_read_next_header", &out->next_header},
        {"archive_read_data", &out->read_data},
        {"archive_filter_bytes", &out->filter_bytes},
        {"archive_error_string", &out->error_string},
        {"archive_entry_pathname", &out->pathname},
        {"archive_entry_filetype", &out->filetype},
    };

    out->handle = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    if (out->handle == NULL)
        return err_set(err, ERR_TOOL, "package files are read with libarchive.so.13, which is not "
                                      "here (Debian: libarchive13; RHEL: libarchive)");
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(out->handle, functions[i].name);

        if (function == NULL)
            return err_set(err, ERR_TOOL, "this libarchive has no %s", functions[i].name);
        memcpy(functions[i].to, &function, sizeof function);
    }
    return 0;
}

/* ---- one archive ------------------------------------------------------------------------------ */

struct reading {
    const struct library *lib;
    const char *name; /* of the package file, for messages */
    struct package *out;
};

typedef int take_entry(struct reading *r, struct archive *a, const char *path, struct err *err);

static int broken(struct reading *r, struct archive *a, struct err *err)
{
    const char *why = a == NULL ? NULL : r->lib->error_string(a);
    own_free char *clean = text_clean(why == NULL ? "" : why, why == NULL ? 0 : strlen(why));

    return err_set(err, ERR_INPUT, "'%s' cannot be unpacked%s%s", r->name, *clean == '\0' ? "" : ": ",
                   clean);
}

/* The entry's contents; at most max bytes. */
static int read_entry(struct reading *r, struct archive *a, size_t max, struct buf *out,
                      struct err *err)
{
    static char chunk[65536];

    for (;;) {
        la_ssize_t n = r->lib->read_data(a, chunk, sizeof chunk);

        if (n < 0)
            return broken(r, a, err);
        if (n == 0)
            break;
        if (out->len + (size_t)n > max)
            return err_set(err, ERR_INPUT, "'%s' holds a file longer than %zu bytes", r->name, max);
        buf_add(out, chunk, (size_t)n);
    }
    if (out->data == NULL)
        buf_puts(out, "");
    return 0;
}

/* Only filters that libarchive has itself: some others would start programs. */
static struct archive *new_reader(const struct library *lib)
{
    struct archive *a = lib->read_new();

    if (a == NULL)
        return NULL;
    lib->format_ar(a);
    lib->format_tar(a);
    lib->format_cpio(a);
    lib->filter_gzip(a);
    lib->filter_bzip2(a);
    lib->filter_xz(a);
    lib->filter_lzma(a);
    lib->filter_zstd(a);
    lib->filter_rpm(a);
    return a;
}

static int each_entry(struct reading *r, const void *data, size_t len, take_entry *take,
                      struct err *err)
{
    struct archive *a = new_reader(r->lib);
    struct archive_entry *entry;
    int rc, failed = 0;

    if (a == NULL || r->lib->open_memory(a, data, len) < ARCHIVE_WARN) {
        failed = broken(r, a, err);
        if (a != NULL)
            r->lib->read_free(a);
        return failed;
    }
    while (failed == 0 && (rc = r->lib->next_header(a, &entry)) != ARCHIVE_EOF) {
        const char *path;

        if (rc < ARCHIVE_WARN) {
            failed = broken(r, a, err);
            break;
        }
        if (r->lib->filter_bytes(a, 0) > MAX_UNPACKED) {
            failed = err_set(err, ERR_INPUT, "'%s' unpacks to more than 8 GiB", r->name);
            break;
        }
        path = r->lib->pathname(entry);
        if (path != NULL && r->lib->filetype(entry) == AE_IFREG)
            failed = take(r, a, path, err);
    }
    r->lib->read_free(a);
    return failed;
}

/* ---- what is in it ------------------------------------------------------------------------------ */

static int take_module(struct reading *r, struct archive *a, const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/'), *base = slash == NULL ? path : slash + 1;
    size_t len = strlen(base);
    own_buf struct buf bytes = {0};

    if (!module_is_one(base) || len < 3 || strcmp(base + len - 3, ".so") != 0)
        return 0;
    if (r->out->modules.n >= MAX_MODULES)
        return err_set(err, ERR_INPUT, "'%s' holds more modules than any package of NSS", r->name);
    if (read_entry(r, a, MODULE_MAX_BYTES, &bytes, err) < 0)
        return -1;
    module_read(path + strspn(path, "."), &bytes, mem_push(&r->out->modules));
    return 0;
}

/* "Package: libnss3" of the control file. */
static char *control_field(const char *text, const char *name)
{
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n"), n = strlen(name);

        if (len > n && strncmp(line, name, n) == 0 && line[n] == ':') {
            const char *value = line + n + 1 + strspn(line + n + 1, " ");

            return text_clean(value, (size_t)(line + len - value));
        }
        line += len + (line[len] == '\n');
    }
    return NULL;
}

static int take_control(struct reading *r, struct archive *a, const char *path, struct err *err)
{
    own_buf struct buf text = {0};

    if (strcmp(path, "./control") != 0 && strcmp(path, "control") != 0)
        return 0;
    if (r->out->name != NULL)
        return err_set(err, ERR_INPUT, "'%s' has two control files", r->name);
    if (read_entry(r, a, MAX_CONTROL_BYTES, &text, err) < 0)
        return -1;
    r->out->name = control_field(text.data, "Package");
    r->out->version = control_field(text.data, "Version");
    r->out->arch = control_field(text.data, "Architecture");
    return 0;
}

/* deb(5): an ar archive of debian-binary, control.tar and data.tar, these two compressed. */
static int take_member(struct reading *r, struct archive *a, const char *path, struct err *err)
{
    bool control = strncmp(path, "control.tar", 11) == 0;
    own_buf struct buf member = {0};

    if (!control && strncmp(path, "data.tar", 8) != 0)
        return 0;
    if (read_entry(r, a, MAX_MEMBER_BYTES, &member, err) < 0)
        return -1;
    return each_entry(r, member.data, member.len, control ? take_control : take_module, err);
}

static int read_rpm(struct reading *r, const struct buf *file, struct err *err)
{
    struct rpm_header h;
    const char *name, *arch;

    if (!rpm_header_of_package(file->data, file->len, &h))
        return err_set(err, ERR_INPUT, "the header of '%s' is damaged", r->name);
    name = rpm_header_text(&h, RPM_NAME, 0);
    arch = rpm_header_text(&h, RPM_ARCH, 0);
    r->out->name = name == NULL ? NULL : text_clean(name, strlen(name));
    r->out->arch = arch == NULL ? NULL : text_clean(arch, strlen(arch));
    r->out->version = rpm_header_version(&h);
    return each_entry(r, file->data, file->len, take_module, err);
}

static int read_any(struct reading *r, const struct buf *file, struct err *err)
{
    if (file->len >= 8 && memcmp(file->data, "!<arch>\n", 8) == 0)
        return each_entry(r, file->data, file->len, take_member, err);
    if (file->len >= 4 && memcmp(file->data, "\xed\xab\xee\xdb", 4) == 0)
        return read_rpm(r, file, err);
    return err_set(err, ERR_INPUT, "'%s' is neither a .deb nor an .rpm", r->name);
}

int package_read(const char *path, struct package *out, struct err *err)
{
    own_free char *clean = text_clean(path, strlen(path));
    own_buf struct buf file = {0};
    struct root root = {.fd = -1, .live = true};
    struct library lib = {0};
    struct reading r = {&lib, clean, out};
    int rc = root_read(&root, path, MAX_PACKAGE_BYTES, &file);

    *out = (struct package){0};
    if (rc < 0)
        return err_errno(err, ERR_INPUT, -rc, "cannot read '%s'", clean);
    rc = open_library(&lib, err);
    if (rc == 0)
        rc = read_any(&r, &file, err);
    if (lib.handle != NULL)
        dlclose(lib.handle);
    if (rc < 0)
        return rc;
    out->sha256 = module_sha256(file.data, file.len);
    if (out->name == NULL || out->version == NULL || *out->name == '\0' || *out->version == '\0')
        return err_set(err, ERR_INPUT, "'%s' does not say its name and version", clean);
    if (out->modules.n == 0)
        return err_set(err, ERR_INPUT, "'%s' holds none of NSS's modules", clean);
    return 0;
}

void package_free(struct package *package)
{
    for (size_t i = 0; i < package->modules.n; i++)
        module_file_free(&package->modules.items[i]);
    free(package->modules.items);
    free(package->name);
    free(package->version);
    free(package->arch);
    free(package->sha256);
    *package = (struct package){0};
}
