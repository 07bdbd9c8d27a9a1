/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables of builds that are written and checked, and package files made here.
 */
#include "base/buf.h"
#include "base/own.h"
#include "module/module.h"
#include "module/package.h"
#include "module/record.h"

#include "unit.h"

#include <elf.h>
#include <string.h>

#define DIGEST "5f3707ba2c0ee6c0cbc1863b25181511ead7d6b142549b4b3295b658943eb0b0"
#define OTHER_DIGEST "0f3707ba2c0ee6c0cbc1863b25181511ead7d6b142549b4b3295b658943eb0b0"

START_TEST(written_rows_load)
{
    struct module_file softokn = {.name = (char *)"libsoftokn3.so", .machine = (char *)"x86_64",
                                  .sha256 = (char *)DIGEST,
                                  .build_id = (char *)"9d26d9a7806a305bd72030a4f9547d51582b19ad",
                                  .file_module_id = (char *)"Vendor: \"nss\" \\x1b # 3.90"};
    struct module_file other = softokn;
    struct module_file *list[] = {&softokn, &other, &softokn};
    struct record record = {"RHEL 9.2", "nss-softokn", "2:3.90.0-6.el9_2", "- a [file]: here"};
    own_buf struct buf out = {0};
    own_err struct err err = {0};
    struct builds builds;

    other.machine = (char *)"i686";
    ck_assert_uint_eq(record_rows(&record, list, 3, &out), 2);
    ck_assert_int_eq(builds_load("x", out.data, out.len, &builds, &err), 0);
    ck_assert_uint_eq(builds.n, 2);
    ck_assert_str_eq(builds.items[0].name, "RHEL 9.2 nss-softokn 2:3.90.0-6.el9_2");
    ck_assert_str_eq(builds.items[0].version, "2:3.90.0-6.el9_2");
    ck_assert_str_eq(builds.items[0].module_id, softokn.file_module_id);
    ck_assert_str_eq(builds.items[0].source, record.source);
    ck_assert_str_eq(builds.items[0].sha256, DIGEST);
    ck_assert_str_eq(builds.items[1].arch, "i686");
    builds_free(&builds);
}
END_TEST

START_TEST(every_fault_has_a_line)
{
    static const char table[] =
        "- {name: a, package: p, version: 1, arch: x86_64, source: s, files: {libnss3.so: none}}\n"
        "- {name: a, package: p, version: 1, arch: x86_64, source: s, files: {libc.so: none}}\n"
        "- {name: a, package: p, version: 1, arch: x86_64, files: {libnss3.so: none}}\n"
        "- {name: a, package: p, version: 1, arch: x86_64, source: s,\n"
        "   files: {libnss3.so: " DIGEST "}}\n"
        "- {name: b, package: p, version: 1, arch: x86_64, source: s,\n"
        "   files: {libnss3.so: " OTHER_DIGEST "}}\n";
    struct strings faults = {0};
    size_t rows;

    builds_faults("t.yaml", table, strlen(table), &rows, &faults);
    ck_assert_uint_eq(rows, 5);
    ck_assert_uint_eq(faults.n, 3);
    ck_assert_ptr_nonnull(strstr(faults.items[0], "t.yaml:2: 'libc.so'"));
    ck_assert_ptr_nonnull(strstr(faults.items[1], "t.yaml:3: a build needs 'source'"));
    ck_assert_ptr_nonnull(strstr(faults.items[2], "two digests for 'libnss3.so'"));
    strings_free(&faults);
    builds_faults("t.yaml", "a: b\n", 5, &rows, &faults);
    ck_assert_uint_eq(faults.n, 1);
    strings_free(&faults);
}
END_TEST

START_TEST(added_beside_or_not_at_all)
{
    static const char row[] = "- {name: a, package: p, version: 1, arch: x86_64, source: s, files: "
                              "{libnss3.so: none}}\n";
    own_free char *bad = mem_printf("%s- nothing\n", row);
    own_err struct err err = {0};
    struct builds builds;

    ck_assert_int_eq(builds_load("x", row, strlen(row), &builds, &err), 0);
    ck_assert_int_eq(builds_add("y", bad, strlen(bad), &builds, &err), -1);
    ck_assert_uint_eq(builds.n, 1);
    ck_assert_int_eq(builds_add("z", row, strlen(row), &builds, &err), 0);
    ck_assert_uint_eq(builds.n, 2);
    builds_free(&builds);
}
END_TEST

/* ---- packages ------------------------------------------------------------------------------------ */

static void tar_file(struct buf *out, const char *name, const void *data, size_t len)
{
    char header[512] = {0};
    unsigned sum = 0;

    snprintf(header, 100, "%s", name);
    memcpy(header + 100, "0000644", 7);
    snprintf(header + 124, 12, "%011zo", len);
    memcpy(header + 136, "00000000000", 11);
    memset(header + 148, ' ', 8);
    header[156] = '0';
    memcpy(header + 257, "ustar\00000", 8);
    for (size_t i = 0; i < sizeof header; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    buf_add(out, header, sizeof header);
    buf_add(out, data, len);
    while (out->len % 512 != 0)
        buf_add(out, "", 1);
}

static void ar_member(struct buf *out, const char *name, const struct buf *data)
{
    buf_printf(out, "%-16s%-12d%-6d%-6d%-8s%-10zu`\n", name, 0, 0, 0, "100644", data->len);
    buf_add(out, data->data, data->len);
    if (data->len % 2 != 0)
        buf_puts(out, "\n");
}

static void make_deb(struct buf *out, const char *control)
{
    static const char zeros[1024];
    own_buf struct buf c = {0}, d = {0}, version = {0}, library = {0};
    Elf64_Ehdr eh = {.e_ident = ELFMAG, .e_machine = EM_X86_64, .e_phoff = sizeof eh,
                     .e_phentsize = sizeof(Elf64_Phdr)};

    eh.e_ident[EI_CLASS] = ELFCLASS64;
    eh.e_ident[EI_DATA] = ELFDATA2LSB;
    buf_add(&library, &eh, sizeof eh);
    buf_puts(&library, "Version: NSS 3.99 ");
    tar_file(&c, "./control", control, strlen(control));
    buf_add(&c, zeros, sizeof zeros);
    tar_file(&d, "./usr/lib/libsoftokn3.so", library.data, library.len);
    tar_file(&d, "./usr/lib/libother.so", "x", 1);
    buf_add(&d, zeros, sizeof zeros);
    buf_puts(&version, "2.0\n");
    buf_puts(out, "!<arch>\n");
    ar_member(out, "debian-binary", &version);
    ar_member(out, "control.tar", &c);
    ar_member(out, "data.tar", &d);
}

static int read_bytes(const void *data, size_t len, struct package *out, struct err *err)
{
    char path[] = "/tmp/check_record.XXXXXX";
    int fd = mkstemp(path), rc;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
    close(fd);
    rc = package_read(path, out, err);
    unlink(path);
    return rc;
}

START_TEST(deb)
{
    own_buf struct buf file = {0};
    own_package struct package p = {0};
    own_err struct err err = {0};

    make_deb(&file, "Package: libnss3\nVersion: 2:3.99-1\nArchitecture: amd64\n");
    ck_assert_int_eq(read_bytes(file.data, file.len, &p, &err), 0);
    ck_assert_str_eq(p.name, "libnss3");
    ck_assert_str_eq(p.version, "2:3.99-1");
    ck_assert_uint_eq(p.modules.n, 1);
    ck_assert_str_eq(p.modules.items[0].path, "/usr/lib/libsoftokn3.so");
    ck_assert_str_eq(p.modules.items[0].machine, "x86_64");
    ck_assert_str_eq(p.modules.items[0].nss_version, "3.99");
}
END_TEST

START_TEST(packages_that_are_none)
{
    own_buf struct buf nameless = {0}, whole = {0};

    make_deb(&nameless, "Architecture: amd64\n");
    make_deb(&whole, "Package: a\nVersion: 1\n");
    {
        const struct {
            const char *data;
            size_t len;
        } rows[] = {{"", 0},           {"!<arch>\n", 8},      {"!<arch>\nrubbish and more", 24},
                    {"\xed\xab\xee\xdb", 4}, {nameless.data, nameless.len}, {whole.data, 300},
                    {"hello", 5}};

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            own_package struct package p = {0};
            own_err struct err err = {0};

            ck_assert_int_eq(read_bytes(rows[i].data, rows[i].len, &p, &err), -1);
            ck_assert_int_eq(err.kind, ERR_INPUT);
        }
    }
    for (size_t i = 0; i < whole.len; i += 41) { /* changed anywhere: no crash */
        own_package struct package p = {0};
        own_err struct err err = {0};
        char kept = whole.data[i];

        whole.data[i] = (char)(kept ^ 0x55);
        if (read_bytes(whole.data, whole.len, &p, &err) == 0)
            ck_assert_ptr_nonnull(p.name);
        whole.data[i] = kept;
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("module_record");
    TCase *t = tcase_create("record");

    tcase_add_test(t, written_rows_load);
    tcase_add_test(t, every_fault_has_a_line);
    tcase_add_test(t, added_beside_or_not_at_all);
    tcase_add_test(t, deb);
    tcase_add_test(t, packages_that_are_none);
    suite_add_tcase(s, t);
    return unit_run(s);
}
