/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/own.h"
#include "base/text.h"
#include "data/data.h"
#include "module/chk.h"
#include "module/elf.h"
#include "module/module.h"

#include "chk-made.h"
#include "unit.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* ---- ELF ----------------------------------------------------------------------------------- */

#define BUILD_ID "\x01\x02\x03\x04"
#define PACKAGE "{\"type\":\"rpm\",\"name\":\"nss\",\"version\":\"3.90.0-6.test\"}"

/* A 64-bit library with one segment of notes. */
static void fake_elf(struct buf *out, const char *contents)
{
    Elf64_Ehdr eh = {.e_ident = ELFMAG, .e_machine = EM_AARCH64, .e_phoff = sizeof eh,
                     .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1};
    Elf64_Nhdr id = {4, 4, NT_GNU_BUILD_ID}, package = {4, sizeof PACKAGE, 0xcafe1a7e};
    Elf64_Phdr ph = {.p_type = PT_NOTE, .p_offset = sizeof eh + sizeof ph, .p_align = 4};
    size_t pad = (4 - sizeof PACKAGE % 4) % 4;

    eh.e_ident[EI_CLASS] = ELFCLASS64;
    eh.e_ident[EI_DATA] = ELFDATA2LSB;
    ph.p_filesz = sizeof id + 8 + sizeof package + 4 + sizeof PACKAGE + pad;
    buf_add(out, &eh, sizeof eh);
    buf_add(out, &ph, sizeof ph);
    buf_add(out, &id, sizeof id);
    buf_add(out, "GNU\0" BUILD_ID, 8);
    buf_add(out, &package, sizeof package);
    buf_add(out, "FDO", 4);
    buf_add(out, PACKAGE, sizeof PACKAGE);
    buf_add(out, "\0\0\0", pad);
    buf_puts(out, contents);
}

START_TEST(elf_facts)
{
    own_buf struct buf file = {0};
    struct elf_facts facts;

    fake_elf(&file, "");
    elf_read(file.data, file.len, &facts);
    ck_assert_ptr_null(facts.problem);
    ck_assert_str_eq(facts.machine, "aarch64");
    ck_assert_str_eq(facts.build_id, "01020304");
    ck_assert_str_eq(facts.package, PACKAGE);
    elf_facts_free(&facts);
}
END_TEST

START_TEST(elf_damage)
{
    own_buf struct buf file = {0};
    struct elf_facts facts;

    fake_elf(&file, "");
    for (size_t i = 0; i <= file.len; i++) {
        own_free char *cut = i == 0 ? NULL : malloc(i);

        if (cut != NULL)
            memcpy(cut, file.data, i);
        elf_read(cut, i, &facts);
        ck_assert(i >= sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr) || facts.problem != NULL);
        elf_facts_free(&facts);
    }
    for (size_t i = 0; i < file.len; i++)
        for (int v = 0; v < 256; v += 51) {
            own_free char *copy = malloc(file.len);

            memcpy(copy, file.data, file.len);
            copy[i] = (char)v;
            elf_read(copy, file.len, &facts);
            elf_facts_free(&facts);
        }
}
END_TEST

/* The facts of a 64-bit library with a dynamic section and section headers, made here. */
static void fake_library(struct buf *out, size_t names_len, bool symbols)
{
    static const char names[] = "\0libsoftokn3.so\0libnssutil3.so\0libc.so.6\0$ORIGIN/nss";
    const Elf64_Dyn dynamic[] = {
        {DT_NEEDED, {16}},  {DT_SONAME, {1}},        {DT_NEEDED, {31}},
        {DT_RUNPATH, {41}}, {DT_STRTAB, {0x400000}}, {DT_STRSZ, {names_len}},
        {DT_NEEDED, {7000}}, {DT_NULL, {0}},         {DT_NEEDED, {1}},
    };
    Elf64_Ehdr eh = {.e_ident = ELFMAG, .e_machine = EM_X86_64, .e_phoff = sizeof eh,
                     .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2,
                     .e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 1};
    Elf64_Phdr ph[] = {{.p_type = PT_DYNAMIC, .p_filesz = sizeof dynamic},
                       {.p_type = PT_LOAD, .p_vaddr = 0x400000, .p_filesz = sizeof names}};
    Elf64_Shdr sh = {.sh_type = symbols ? SHT_SYMTAB : SHT_DYNSYM};

    eh.e_ident[EI_CLASS] = ELFCLASS64;
    eh.e_ident[EI_DATA] = ELFDATA2LSB;
    ph[0].p_offset = sizeof eh + sizeof ph;
    ph[1].p_offset = ph[0].p_offset + sizeof dynamic;
    eh.e_shoff = ph[1].p_offset + sizeof names;
    buf_add(out, &eh, sizeof eh);
    buf_add(out, ph, sizeof ph);
    buf_add(out, dynamic, sizeof dynamic);
    buf_add(out, names, sizeof names);
    buf_add(out, &sh, sizeof sh);
}

START_TEST(elf_dynamic)
{
    own_buf struct buf file = {0}, stripped = {0}, cut = {0};
    struct elf_facts facts;

    fake_library(&file, 54, true);
    elf_read(file.data, file.len, &facts);
    ck_assert_ptr_null(facts.problem);
    ck_assert_str_eq(facts.soname, "libsoftokn3.so");
    ck_assert_str_eq(facts.runpath, "$ORIGIN/nss");
    ck_assert_ptr_null(facts.rpath);
    ck_assert_uint_eq(facts.needed.n, 2);
    ck_assert_str_eq(facts.needed.items[0], "libnssutil3.so");
    ck_assert_str_eq(facts.needed.items[1], "libc.so.6");
    ck_assert(!facts.stripped);
    elf_facts_free(&facts);
    fake_library(&stripped, 54, false);
    elf_read(stripped.data, stripped.len, &facts);
    ck_assert(facts.stripped);
    elf_facts_free(&facts);
    fake_library(&cut, 20, true); /* a name without an end in its table is none */
    elf_read(cut.data, cut.len, &facts);
    ck_assert_str_eq(facts.soname, "libsoftokn3.so");
    ck_assert_uint_eq(facts.needed.n, 0);
    ck_assert_ptr_null(facts.runpath);
    elf_facts_free(&facts);
    for (size_t i = 0; i < file.len; i++) { /* in memory of the exact length */
        own_free char *part = mem_dup(file.data, i), *copy = malloc(file.len);

        elf_read(part, i, &facts);
        elf_facts_free(&facts);
        memcpy(copy, file.data, file.len);
        copy[i] = (char)(copy[i] ^ 0xff);
        elf_read(copy, file.len, &facts);
        elf_facts_free(&facts);
    }
}
END_TEST

/* ---- whole files ---------------------------------------------------------------------------- */

static char directory[] = "/tmp/check_module.XXXXXX";
static struct root root;

static void setup(void)
{
    own_err struct err err = {0};

    fill_library();
    strcpy(strrchr(directory, '.'), ".XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(root_init(&root, directory, &err), 0);
}

static void teardown(void)
{
    static const char *const names[] = {"libsoftokn3.so", "libsoftokn3.chk", "libnss3.so",
                                        "libfreebl3.so", "real.so", "real.chk"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlinkat(root.fd, names[i], 0);
    unlinkat(root.fd, "libfreebl3.chk", AT_REMOVEDIR);
    root_free(&root);
    rmdir(directory);
}

static void write_file(const char *name, const void *data, size_t len)
{
    own_free char *path = mem_printf("%s/%s", directory, name);
    own_file FILE *f = fopen(path, "w");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data, 1, len, f), len);
}

static void examine(const char *path, const struct builds *builds, struct module_file *out)
{
    module_examine(&root, path, 0, 0, builds, out);
}

START_TEST(whole_file)
{
    own_buf struct buf file = {0};
    own_err struct err err = {0};
    struct builds builds;
    struct module_file m;
    own_free char *yaml = NULL;

    fake_elf(&file, "xx Version: NSS 3.87.1 Basic ECC\n");
    write_file("libsoftokn3.so", file.data, file.len);
    examine("/libsoftokn3.so", NULL, &m);
    ck_assert_ptr_null(m.problem);
    ck_assert_str_eq(m.name, "libsoftokn3.so");
    ck_assert_str_eq(m.machine, "aarch64");
    ck_assert_str_eq(m.nss_version, "3.87.1");
    ck_assert_str_eq(m.package_note, "nss 3.90.0-6.test");
    ck_assert_int_eq(m.chk, CHK_MISSING);
    ck_assert_str_eq(m.chk_detail, "there is no check file '/libsoftokn3.chk'");
    ck_assert_ptr_null(m.known_build);
    ck_assert(!m.changed);
    yaml = mem_printf("- {name: Test 1 nss, package: nss, version: '1', arch: aarch64, "
                      "source: here, files: {libsoftokn3.so: %s}}\n", m.sha256);
    module_file_free(&m);

    ck_assert_int_eq(builds_load("b.yaml", yaml, strlen(yaml), &builds, &err), 0);
    examine("/libsoftokn3.so", &builds, &m);
    ck_assert_str_eq(m.known_build, "Test 1 nss (aarch64)");
    ck_assert_str_eq(m.known_source, "here");
    module_file_free(&m);
    builds_free(&builds);
}
END_TEST

START_TEST(version_without_marker)
{
    own_buf struct buf file = {0}, plain = {0};
    struct module_file m;

    fake_elf(&file, "no marker");
    write_file("libnss3.so", file.data, file.len);
    examine("/libnss3.so", NULL, &m);
    ck_assert_str_eq(m.nss_version, "3.90.0"); /* of the package note */
    ck_assert_int_eq(m.chk, CHK_NONE_EXPECTED);
    module_file_free(&m);

    buf_puts(&plain, "nss 3.x Red Hat Enterprise Linux 9 nss 3.90.0-4408e3bb8a34af3a");
    write_file("libnss3.so", plain.data, plain.len + 1);
    examine("/libnss3.so", NULL, &m);
    ck_assert_str_eq(m.nss_version, "3.90.0");
    ck_assert_str_eq(m.problem, "it is no ELF file");
    module_file_free(&m);
}
END_TEST

START_TEST(chk_beside_link_and_target)
{
    own_buf struct buf chk = {0};
    struct module_file m;

    hmac_chk(&chk, 32);
    write_file("real.so", library, sizeof library);
    write_file("real.chk", chk.data, chk.len);
    ck_assert_int_eq(symlinkat("real.so", root.fd, "libsoftokn3.so"), 0);
    examine("/libsoftokn3.so", NULL, &m);
    ck_assert_int_eq(m.chk, CHK_VERIFIED);
    ck_assert_str_eq(m.chk_path, "/real.chk");
    module_file_free(&m);

    write_file("libsoftokn3.chk", chk.data, 12);
    examine("/libsoftokn3.so", NULL, &m);
    ck_assert_int_eq(m.chk, CHK_MALFORMED);
    ck_assert_str_eq(m.chk_path, "/libsoftokn3.chk");
    module_file_free(&m);
}
END_TEST

START_TEST(files_that_are_none)
{
    struct module_file m;

    examine("/libsoftokn3.so", NULL, &m);
    ck_assert_str_eq(m.problem, "No such file or directory");
    ck_assert_int_eq(m.chk, CHK_UNREADABLE);
    ck_assert_ptr_null(m.sha256);
    module_file_free(&m);

    write_file("libfreebl3.so", "", 0);
    ck_assert_int_eq(mkdirat(root.fd, "libfreebl3.chk", 0700), 0);
    examine("/libfreebl3.so", NULL, &m);
    ck_assert_str_eq(m.problem, "it is empty");
    ck_assert_int_eq(m.chk, CHK_MALFORMED);
    ck_assert_str_eq(m.chk_detail, "the check file is no regular file");
    module_file_free(&m);

    ck_assert_int_eq(mkfifoat(root.fd, "libnss3.so", 0600), 0);
    examine("/libnss3.so", NULL, &m);
    ck_assert_str_eq(m.problem, "it is no regular file");
    module_file_free(&m);
}
END_TEST

START_TEST(changed_since_it_was_mapped)
{
    own_err struct err err = {0};
    own_free char *path = mem_printf("%s/libnss3.so", directory);
    struct root live;
    struct module_file m;
    struct stat st;

    write_file("libnss3.so", library, sizeof library);
    ck_assert_int_eq(root_init(&live, "/", &err), 0);
    ck_assert_int_eq(stat(path, &st), 0);
    module_examine(&live, path, st.st_dev, st.st_ino, NULL, &m);
    ck_assert(!m.changed);
    module_file_free(&m);
    module_examine(&live, path, st.st_dev, st.st_ino + 1, NULL, &m);
    ck_assert(m.changed);
    module_file_free(&m);
    root_free(&live);
}
END_TEST

/* ---- known builds ---------------------------------------------------------------------------- */

START_TEST(builds_of_the_project)
{
    own_err struct err err = {0};
    struct builds builds;
    size_t without = 0;

    ck_assert_msg(builds_load("builds.yaml", (const char *)data_builds, data_builds_len, &builds,
                              &err) == 0, "%s", err.msg);
    for (size_t i = 0; i < builds.n; i++)
        without += builds.items[i].sha256 == NULL;
    ck_assert_uint_eq(without, 3); /* RHEL 9.2's */
    ck_assert_uint_ge(builds.n, 18);
    builds_free(&builds);
}
END_TEST

#define SOME "name: a, package: a, version: a, arch: a, source: a"

START_TEST(bad_builds_are_named)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"a: b\n", "b.yaml:1: a list of builds ('- name: ...') is expected"},
        {"- x\n", "b.yaml:1: a build ('- name: ...') is expected"},
        {"- {" SOME "}\n", "b.yaml:1: a build needs 'files': a SHA-256, or 'none', for each"},
        {"- {name: a, files: {libnss3.so: none}}\n", "b.yaml:1: a build needs 'package'"},
        {"- {" SOME ", colour: red, files: {libnss3.so: none}}\n", "b.yaml:1: a build has no 'colour'"},
        {"- {" SOME ", files: {libc.so.6: none}}\n",
         "b.yaml:1: 'libc.so.6' is none of NSS's modules"},
        {"- {" SOME ", files: {libnss3.so: ABC}}\n",
         "b.yaml:1: 'ABC' is no SHA-256 (64 hexadecimal digits in lower case) and not 'none'"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_err struct err err = {0};
        struct builds builds;

        ck_assert_int_lt(builds_load("b.yaml", rows[i].text, strlen(rows[i].text), &builds, &err), 0);
        ck_assert_str_eq(err.msg, rows[i].message);
    }
}
END_TEST

START_TEST(module_names)
{
    ck_assert(module_is_one("libsoftokn3.so"));
    ck_assert(module_is_one("libnss3.so.1d"));
    ck_assert(!module_is_one("libsoftokn3.sox"));
    ck_assert(!module_is_one("libnssckbi.so"));
    ck_assert(!module_is_one(""));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("module");
    TCase *pure = tcase_create("pure"), *files = tcase_create("files");

    tcase_set_timeout(pure, 60);
    tcase_add_test(pure, elf_facts);
    tcase_add_test(pure, elf_damage);
    tcase_add_test(pure, elf_dynamic);
    tcase_add_test(pure, builds_of_the_project);
    tcase_add_test(pure, bad_builds_are_named);
    tcase_add_test(pure, module_names);
    suite_add_tcase(suite, pure);
    tcase_add_checked_fixture(files, setup, teardown);
    tcase_add_test(files, whole_file);
    tcase_add_test(files, version_without_marker);
    tcase_add_test(files, chk_beside_link_and_target);
    tcase_add_test(files, files_that_are_none);
    tcase_add_test(files, changed_since_it_was_mapped);
    suite_add_tcase(suite, files);
    return unit_run(suite);
}
