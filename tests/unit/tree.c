/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include "base/own.h"
#include "base/mem.h"

#include "unit.h"

#include <elf.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

char tree_top[] = "/tmp/check_java.XXXXXX";
struct root tree_root;

static void make_parents(char *path)
{
    for (char *slash = path + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        (void)mkdir(path, 0755);
        *slash = '/';
    }
}

void tree_put_bytes(const char *path, const void *data, size_t len, mode_t mode)
{
    own_free char *full = mem_printf("%s%s", tree_top, path);
    own_fd int fd = -1;

    make_parents(full);
    fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
}

void tree_put(const char *path, const char *text)
{
    tree_put_bytes(path, text, strlen(text), 0644);
}

void tree_put_link(const char *target, const char *path)
{
    own_free char *full = mem_printf("%s%s", tree_top, path);

    make_parents(full);
    ck_assert_int_eq(symlink(target, full), 0);
}

/* The head of an ELF file of this machine (of this very program), with tail behind it. */
void tree_put_elf(const char *path, bool foreign, const char *tail)
{
    own_fd int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    unsigned char data[256] = {0};
    Elf64_Ehdr header;

    ck_assert_int_eq(read(fd, &header, sizeof header), (ssize_t)sizeof header);
    header.e_shoff = 0; /* it is the head alone */
    if (foreign)
        header.e_machine = header.e_machine == EM_S390 ? EM_X86_64 : EM_S390;
    memcpy(data, &header, sizeof header);
    memcpy(data + sizeof header, tail, strlen(tail));
    tree_put_bytes(path, data, sizeof data, 0755);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void tree_set_up(void)
{
    own_err struct err err = {0};

    strcpy(tree_top, "/tmp/check_java.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(tree_top));
    ck_assert_int_eq(root_init(&tree_root, tree_top, &err), 0);
}

void tree_tear_down(void)
{
    root_free(&tree_root);
    nftw(tree_top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void tree_put_jdk(const char *home, const char *version)
{
    own_free char *libjvm = mem_printf("%s/lib/server/libjvm.so", home);
    own_free char *java = mem_printf("%s/bin/java", home);
    own_free char *release = mem_printf("%s/release", home);
    own_free char *text = mem_printf("IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"%s\"\n", version);
    own_free char *security = mem_printf("%s/conf/security/java.security", home);

    tree_put_elf(libjvm, false, "");
    tree_put_elf(java, false, "");
    tree_put(release, text);
    tree_put(security, "security.provider.1=SUN\n");
}

void tree_remove(const char *path)
{
    own_free char *full = mem_printf("%s%s", tree_top, path);

    (void)remove(full);
}
