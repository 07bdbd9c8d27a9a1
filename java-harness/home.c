/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/home.h"

#include "base/own.h"
#include "base/text.h"
#include "java-harness/fips.h"
#include "java-harness/kind.h"
#include "java-harness/props.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define LIBJAVA_MAX ((size_t)4 << 20)

/* ---- paths -------------------------------------------------------------------------------- */

char *home_resolved(const struct root *root, const char *path)
{
    own_fd int fd = root_open(root, path, O_PATH);
    char link[40], name[PATH_MAX], top[PATH_MAX];
    ssize_t n, t;

    if (fd < 0)
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, name, sizeof name - 1);
    if (n <= 0 || name[0] != '/') { /* no /proc here */
        char *real = root->live ? realpath(path, NULL) : NULL;

        return real == NULL ? mem_str(path) : real; /* a filter may forbid readlink */
    }
    name[n] = '\0';
    if (root->live)
        return mem_str(name);
    snprintf(link, sizeof link, "/proc/self/fd/%d", root->fd);
    t = readlink(link, top, sizeof top - 1);
    if (t <= 0 || t > n || strncmp(name, top, (size_t)t) != 0)
        return mem_str(path);
    if (t == 1) /* the root is "/" itself */
        return mem_str(name);
    return mem_str(name[t] == '\0' ? "/" : name + t);
}

bool home_is_directory(const struct root *root, const char *path)
{
    struct stat st;

    return root_stat(root, path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool home_cut(char *path, int n)
{
    while (n-- > 0) {
        char *slash = strrchr(path, '/');

        if (slash == NULL || slash == path)
            return false;
        *slash = '\0';
    }
    return true;
}

/* ---- one JDK ------------------------------------------------------------------------------ */

/* What the kernel calls the machine, and what JDK 8 calls its directory. */
#if defined(__x86_64__)
#define MACHINE EM_X86_64
#define ARCH "amd64"
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#define ARCH "aarch64"
#elif defined(__powerpc64__)
#define MACHINE EM_PPC64
#define ARCH "ppc64le"
#elif defined(__s390x__)
#define MACHINE EM_S390
#define ARCH "s390x"
#else
#error "name the ELF machine and the JDK's word for this architecture here"
#endif
#if __SIZEOF_POINTER__ == 8
#define ELF_CLASS ELFCLASS64
#else
#define ELF_CLASS ELFCLASS32
#endif

/* Below which directory of a home java.home is, where its libraries are, and whether lib/jvm.cfg
 * there gives the order of the kinds. */
static const struct {
    const char *java_home; /* relative to the home that was named */
    const char *libraries; /* relative to java.home */
} places[] = {
    {"", "/lib"},                 /* 9 and later; also a jre of its own */
    {"/jre", "/lib/" ARCH},       /* a JDK 8 */
    {"", "/lib/" ARCH},           /* the jre of a JDK 8 */
    {"/jre", "/lib"},             /* some builds of 8 without a directory per architecture */
};

/* The kinds of VM in the order in which they are looked for when jvm.cfg says nothing; j9vm,
 * default and compressedrefs are OpenJ9's. */
static const char *const kinds[] = {"server", "default", "j9vm", "compressedrefs",
                                    "client", "minimal", "zero"};

static char *libjvm_in(const struct root *root, const char *libraries, const char *kind)
{
    own_free char *path = mem_printf("%s/%s/libjvm.so", libraries, kind);

    return root_exists(root, path) ? steal_ptr(&path) : NULL;
}

/* The first kind of jvm.cfg that is there. What java does where its first one is not: kind.h. */
static char *libjvm_of_config(const struct root *root, const char *libraries)
{
    own_kinds struct kinds known;
    char *found = NULL;

    kinds_read(root, libraries, &known);
    for (size_t i = 0; i < known.n && found == NULL; i++)
        if (known.items[i].use == KIND_KNOWN && strchr(known.items[i].name, '/') == NULL)
            found = libjvm_in(root, libraries, known.items[i].name);
    return found;
}

/* java.home and libjvm below home; false: there is no libjvm. */
static bool find_libjvm(const struct root *root, const char *home, struct jdk *jdk)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        own_free char *java_home = mem_printf("%s%s", home, places[i].java_home);
        own_free char *libraries = mem_printf("%s%s", java_home, places[i].libraries);
        own_free char *libjvm = libjvm_of_config(root, libraries);

        for (size_t k = 0; k < sizeof kinds / sizeof *kinds && libjvm == NULL; k++)
            libjvm = libjvm_in(root, libraries, kinds[k]);
        if (libjvm == NULL)
            continue;
        free(jdk->home);
        jdk->home = steal_ptr(&java_home);
        jdk->libjvm = home_resolved(root, libjvm);
        return jdk->libjvm != NULL;
    }
    return false;
}

/* Why nothing is found where somebody may not look, and -errno of it; else 0. */
static int may_not_look(const struct root *root, const char *home)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        own_free char *path = mem_printf("%s%s%s/%s/libjvm.so", home, places[i].java_home,
                                         places[i].libraries, kinds[0]);
        struct stat st;
        int rc = root_stat(root, path, &st);

        if (rc < 0 && rc != -ENOENT && rc != -ENOTDIR)
            return rc;
    }
    return 0;
}

char *home_why_none(const struct root *root, const char *path)
{
    own_free char *above = home_resolved(root, path);
    const char *what = "there is no libjvm.so in it: it is not the home of a JDK";
    struct stat st;
    int rc = root_stat(root, path, &st);
    bool directory = rc == 0 && S_ISDIR(st.st_mode);

    if (rc == -ENOENT || rc == -ENOTDIR)
        return mem_printf("there is no directory %s", path);
    if (rc == 0)
        rc = directory ? may_not_look(root, path) : 0;
    if (rc < 0)
        return mem_printf("what is in %s cannot be seen: %s", path, strerror(-rc));
    if (!directory)
        what = "it is a file, not a directory: the home of a JDK is wanted";
    while (above != NULL && home_cut(above, 1)) { /* HOME/bin/java, HOME/lib/server */
        struct jdk jdk = {0};
        bool found = find_libjvm(root, above, &jdk);

        free(jdk.home);
        free(jdk.libjvm);
        if (found)
            return mem_printf("%s, which is %s", what, above);
    }
    return mem_str(what);
}

/* NAME="value" of the release file; NULL: it is not there. */
static char *release_value(const struct props *release, const char *name)
{
    const char *value = props_get(release, name);
    size_t len = value == NULL ? 0 : strlen(value);

    if (value == NULL)
        return NULL;
    if (len >= 2 && value[0] == '"' && value[len - 1] == '"')
        return text_clean(value + 1, len - 2);
    return text_clean(value, len);
}

/* The start of an ELF file: 0, or -errno; -ENOEXEC: it is none. */
static int elf_start(const struct root *root, const char *path, unsigned char *out, size_t len)
{
    own_fd int fd = root_open(root, path, O_RDONLY | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : pread(fd, out, len, 0);

    if (fd < 0)
        return fd;
    if (n < (ssize_t)sizeof(Elf64_Ehdr) || memcmp(out, ELFMAG, SELFMAG) != 0)
        return n < 0 ? -errno : -ENOEXEC;
    memset(out + n, 0, len - (size_t)n);
    return 0;
}

/* The loader that the JDK's java asks for stands among its first bytes (PT_INTERP); libjvm has
 * none, and its release file may be silent. */
static bool is_musl(const struct root *root, const char *home, const struct props *release)
{
    own_free char *libc = release_value(release, "LIBC");
    own_free char *java = mem_printf("%s/bin/java", home);
    unsigned char start[4096];

    if (libc != NULL)
        return strcmp(libc, "musl") == 0;
    return elf_start(root, java, start, sizeof start) == 0 &&
           memmem(start, sizeof start, "/ld-musl-", 9) != NULL;
}

static char *built_for(unsigned machine, unsigned char class)
{
    static const struct {
        unsigned machine;
        const char *name, *narrow; /* of 64 and of 32 bits */
    } names[] = {
        {EM_X86_64, "x86_64", "x32"}, {EM_386, "i386", "i386"},
        {EM_AARCH64, "aarch64", "aarch64, 32 bits"}, {EM_ARM, "arm", "arm"},
        {EM_PPC64, "ppc64", "ppc64"}, {EM_S390, "s390x", "s390"},
        {EM_RISCV, "riscv64", "riscv32"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].machine == machine)
            return mem_str(class == ELFCLASS64 ? names[i].name : names[i].narrow);
    return mem_printf("ELF machine %u", machine);
}

static char *libjvm_problem(const struct root *root, const struct jdk *jdk,
                            const struct props *release)
{
    unsigned char start[sizeof(Elf64_Ehdr)];
    Elf64_Ehdr header; /* e_machine stands at the same place in 32 bits */
    struct stat st;
    int rc;

    rc = elf_start(root, jdk->libjvm, start, sizeof start);
    if (rc < 0)
        return rc == -ENOEXEC ? mem_printf("%s is no ELF library", jdk->libjvm)
                              : mem_printf("%s cannot be read: %s", jdk->libjvm, strerror(-rc));
    memcpy(&header, start, sizeof header);
    if (header.e_ident[EI_CLASS] != ELF_CLASS || header.e_machine != MACHINE) {
        own_free char *its = built_for(header.e_machine, header.e_ident[EI_CLASS]);
        own_free char *ours = built_for(MACHINE, ELF_CLASS);

        return mem_printf("it is built for another architecture (%s) than this program (%s)", its,
                          ours);
    }
    if (root_stat(root, jdk->libjvm, &st) == 0 && header.e_shoff > (uint64_t)st.st_size)
        return mem_printf("%s was cut off: it has only %lld bytes", jdk->libjvm,
                          (long long)st.st_size); /* its table of sections stands at the end */
#ifdef __GLIBC__
    if (is_musl(root, jdk->home, release))
        return mem_str("it is built for musl; this program is built for glibc and cannot load it");
#endif
    return NULL;
}

static void read_release(const struct root *root, const char *home, struct props *out)
{
    own_free char *path = mem_printf("%s/release", home);
    own_free char *above = mem_str(home);
    own_free char *path_above = NULL;

    if (props_read(root, path, out) == 0 || !home_cut(above, 1))
        return;
    path_above = mem_printf("%s/release", above); /* java.home is the jre of a JDK 8 */
    if (props_read(root, path_above, out) < 0)
        *out = (struct props){0};
}

/* JDK_VERSION as it was compiled into a library of 8 and before: a package may bring a jre without
 * a release file. Whatever has rt.jar is older than 9. */
static char *version_of_old(const struct root *root, const char *home, const char *libjvm)
{
    own_free char *classes = mem_printf("%s/lib/rt.jar", home), *path = mem_str(libjvm);
    own_free char *library = NULL;
    own_buf struct buf text = {0};

    if (!root_exists(root, classes) || !home_cut(path, 2))
        return NULL;
    library = mem_printf("%s/libjava.so", path);
    if (root_read(root, library, LIBJAVA_MAX, &text) == 0)
        for (size_t i = 0; i + 6 < text.len; i++) {
            const char *at = text.data + i + 1;
            size_t len;

            if (text.data[i] != '\0' || at[0] != '1' || at[1] != '.' || at[3] != '.')
                continue;
            len = strspn(at, "0123456789._");
            if (len >= 5 && len < 16 && at[len] == '\0')
                return mem_dup(at, len);
        }
    return mem_str("1.8 or older");
}

/* ---- what kind of runtime ------------------------------------------------------------------- */

static bool has_file(const struct root *root, const char *home, const char *below)
{
    own_free char *path = mem_printf("%s/%s", home, below);

    return root_exists(root, path);
}

/* Where Java's own libraries of a java.home are, the directory above libjvm's. */
static bool has_library(const struct root *root, const struct jdk *jdk, const char *name)
{
    own_free char *dir = mem_str(jdk->libjvm);
    own_free char *path = NULL;

    if (!home_cut(dir, 2))
        return false;
    path = mem_printf("%s/%s", dir, name);
    return root_exists(root, path);
}

/* MODULES="java.base java.logging ..." of the release file, 9 and later: 0 where there is none. */
static size_t count_words(const char *text)
{
    size_t n = 0;

    while (*(text += strspn(text, " ")) != '\0') {
        text += strcspn(text, " ");
        n++;
    }
    return n;
}

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    while (*(text += strspn(text, " ")) != '\0') {
        size_t n = strcspn(text, " ");

        if (n == len && strncmp(text, word, n) == 0)
            return true;
        text += n;
    }
    return false;
}

/* "JDK", "JRE, headless", "runtime of 2 modules (jlink)". java.se is in every whole runtime since
 * 9, and jlink writes MODULES into the release file of what it makes. */
static char *kind_of(const struct root *root, const struct jdk *jdk, const struct props *release)
{
    own_free char *above = mem_str(jdk->home);
    own_free char *modules = release_value(release, "MODULES");
    own_free char *variant = release_value(release, "JVM_VARIANT");
    bool openj9 = (variant != NULL && strcasecmp(variant, "openj9") == 0) ||
                  strstr(jdk->libjvm, "/j9vm/") != NULL || strstr(jdk->libjvm, "/default/") != NULL;
    bool compiler = has_file(root, jdk->home, "bin/javac") ||
                    (home_cut(above, 1) && has_file(root, above, "bin/javac"));
    bool headless = has_library(root, jdk, "libawt.so") &&
                    !has_library(root, jdk, "libawt_xawt.so") &&
                    !has_library(root, jdk, "xawt/libmawt.so"); /* 6 and 7 */
    const char *vm = openj9 ? ", OpenJ9" : "";

    if (modules != NULL && *modules != '\0' && !has_word(modules, "java.se"))
        return mem_printf("runtime of %zu module%s (jlink)%s", count_words(modules),
                          count_words(modules) == 1 ? "" : "s", vm);
    return mem_printf("%s%s%s", compiler ? "JDK" : "JRE", headless ? ", headless" : "", vm);
}

/* lib/modules, which has all classes of 9 and later: "jimage" in jdk.internal.jimage.ImageHeader,
 * the magic number in the machine's own order. A build that was not packed has a directory. */
static char *modules_problem(const struct root *root, const struct jdk *jdk)
{
    own_free char *path = mem_printf("%s/lib/modules", jdk->home);
    own_free char *unpacked = mem_printf("%s/modules/java.base", jdk->home);
    static const uint32_t magic = 0xCAFEDADA;
    own_fd int fd = root_open(root, path, O_RDONLY | O_NONBLOCK);
    uint32_t start = 0;

    if (fd < 0)
        return root_exists(root, unpacked) ? NULL : mem_printf("%s: %s", path, strerror(-fd));
    if (pread(fd, &start, sizeof start, 0) != (ssize_t)sizeof start || start != magic)
        return mem_printf("%s: it is no image of Java's classes (damaged)", path);
    return NULL;
}

/* What is not there or damaged: all of Java's classes; or what SunPKCS11 needs, without which the
 * provider is passed over in silence. */
static char *what_it_lacks(const struct root *root, const struct jdk *jdk,
                           const struct props *release)
{
    own_free char *modules = release_value(release, "MODULES");
    own_free char *damaged = home_major(jdk->version) >= 9 ? modules_problem(root, jdk) : NULL;

    if (damaged != NULL)
        return steal_ptr(&damaged);
    if (modules != NULL && *modules != '\0' && !has_word(modules, "jdk.crypto.cryptoki"))
        return mem_str("the module jdk.crypto.cryptoki: SunPKCS11 cannot be had");
    if (!has_library(root, jdk, "libj2pkcs11.so"))
        return mem_str("libj2pkcs11.so: SunPKCS11 cannot be had");
    return NULL;
}

/* ---- all of it ------------------------------------------------------------------------------ */

bool home_examine(const struct root *root, const char *home, char *const *env, struct jdk *out)
{
    own_props struct props release = {0};

    if (!find_libjvm(root, home, out))
        return false;
    read_release(root, out->home, &release);
    out->version = release_value(&release, "JAVA_VERSION");
    if (out->version == NULL)
        out->version = version_of_old(root, out->home, out->libjvm);
    out->vendor = release_value(&release, "IMPLEMENTOR");
    out->kind = kind_of(root, out, &release);
    out->lacks = what_it_lacks(root, out, &release);
    out->problem = libjvm_problem(root, out, &release);
    fips_examine(root, env, out);
    return true;
}

unsigned long home_major(const char *version)
{
    unsigned long major = version == NULL ? 0 : strtoul(version, NULL, 10);

    if (major == 1 && version[1] == '.')
        major = strtoul(version + 2, NULL, 10);
    return major;
}
