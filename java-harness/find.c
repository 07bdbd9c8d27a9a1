/* SPDX-License-Identifier: Apache-2.0
 *
 * find.c: the JDKs of a host or of an image's tree, from its files alone.
 */
#include "java-harness/java.h"

#include "base/own.h"
#include "base/text.h"
#include "java-harness/fips.h"
#include "java-harness/props.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* ---- paths -------------------------------------------------------------------------------- */

/* The path without links, as a process in the root sees it; NULL: there is no such file. */
static char *resolved(const struct root *root, const char *path)
{
    own_fd int fd = root_open(root, path, O_PATH);
    char link[40], name[PATH_MAX], top[PATH_MAX];
    ssize_t n, t;

    if (fd < 0)
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, name, sizeof name - 1);
    if (n <= 0 || name[0] != '/') /* no /proc here */
        return root->live ? realpath(path, NULL) : mem_str(path);
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

static bool is_directory(const struct root *root, const char *path)
{
    struct stat st;

    return root_stat(root, path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Cuts the last n components off; false: there are not that many. */
static bool cut_components(char *path, int n)
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

/* jvm.cfg: "-server KNOWN" first is what java starts without an option. */
static char *libjvm_of_config(const struct root *root, const char *libraries)
{
    own_free char *path = mem_printf("%s/jvm.cfg", libraries);
    own_buf struct buf text = {0};
    char *rest, *line;

    if (root_read(root, path, 65536, &text) < 0)
        return NULL;
    for (line = strtok_r(text.data, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        size_t len = strcspn(line, " \t");
        const char *how = line + len + strspn(line + len, " \t");
        own_free char *kind = NULL;
        char *found;

        if (*line != '-' || strncmp(how, "KNOWN", 5) != 0)
            continue;
        kind = mem_dup(line + 1, len - 1);
        found = strchr(kind, '/') == NULL ? libjvm_in(root, libraries, kind) : NULL;
        if (found != NULL)
            return found;
    }
    return NULL;
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
        jdk->libjvm = resolved(root, libjvm);
        return jdk->libjvm != NULL;
    }
    return false;
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

/* The start of an ELF file: 0, or -1: it is none. */
static int elf_start(const struct root *root, const char *path, unsigned char *out, size_t len)
{
    own_fd int fd = root_open(root, path, O_RDONLY | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : pread(fd, out, len, 0);

    if (n < (ssize_t)sizeof(Elf64_Ehdr) || memcmp(out, ELFMAG, SELFMAG) != 0)
        return -1;
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

static char *libjvm_problem(const struct root *root, const struct jdk *jdk,
                            const struct props *release)
{
    unsigned char start[sizeof(Elf64_Ehdr)];
    const Elf64_Ehdr *elf = (const void *)start; /* e_machine stands at the same place in 32 bits */
    Elf64_Ehdr header;

    if (elf_start(root, jdk->libjvm, start, sizeof start) < 0)
        return mem_printf("%s is no readable ELF library", jdk->libjvm);
    memcpy(&header, elf, sizeof header);
    if (header.e_ident[EI_CLASS] != ELF_CLASS || header.e_machine != MACHINE)
        return mem_str("it is built for another architecture than this program");
#ifdef __GLIBC__
    if (is_musl(root, jdk->home, release))
        return mem_str("it is built for musl; this program is built for glibc and cannot load it");
#endif
    return NULL;
}

static bool is_known(const struct jdk_list *list, const struct jdk *jdk)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct jdk *other = &list->items[i];

        if (jdk->libjvm != NULL ? other->libjvm != NULL && strcmp(other->libjvm, jdk->libjvm) == 0
                                : other->libjvm == NULL && strcmp(other->home, jdk->home) == 0)
            return true;
    }
    return false;
}

static void read_release(const struct root *root, const char *home, struct props *out)
{
    own_free char *path = mem_printf("%s/release", home);
    own_free char *above = mem_str(home);
    own_free char *path_above = NULL;

    if (props_read(root, path, out) == 0 || !cut_components(above, 1))
        return;
    path_above = mem_printf("%s/release", above); /* java.home is the jre of a JDK 8 */
    if (props_read(root, path_above, out) < 0)
        *out = (struct props){0};
}

struct finder {
    const struct root *root;
    char *const *env;
    struct jdk_list *out;
};

/* true: a JDK that can be asked (new or not). must: it is listed with its problem if it is none. */
static bool add_home(const struct finder *finder, const char *home, const char *how, bool must)
{
    struct jdk jdk = {.home = resolved(finder->root, home), .found_how = mem_str(how)};
    own_free char *named = jdk.home == NULL ? mem_str(home) : mem_str(jdk.home);
    own_props struct props release = {0};
    bool usable;

    if (jdk.home == NULL)
        jdk.home = mem_str(home);
    if (find_libjvm(finder->root, named, &jdk)) {
        read_release(finder->root, jdk.home, &release);
        jdk.version = release_value(&release, "JAVA_VERSION");
        jdk.vendor = release_value(&release, "IMPLEMENTOR");
        jdk.problem = libjvm_problem(finder->root, &jdk, &release);
        jdk.fips_support = fips_support(finder->root, jdk.home);
        jdk.fips_switch =
            fips_switch(finder->root, jdk.home, jdk.fips_support, finder->env);
        jdk.fips_option = fips_option(jdk.fips_support, finder->env);
        jdk.asks_nss = jdk.fips_switch != NULL ||
                       fips_asks_nss(finder->root, jdk.home, jdk.fips_support);
    } else if (!is_directory(finder->root, named)) {
        jdk.problem = mem_printf("there is no directory %s", named);
    } else {
        jdk.problem = mem_str("there is no libjvm.so in it: it is not the home of a JDK");
    }
    usable = jdk.problem == NULL;
    if ((jdk.libjvm == NULL && !must) || is_known(finder->out, &jdk))
        jdk_free(&jdk);
    else
        *mem_push(finder->out) = jdk;
    return usable;
}

/* ---- where to look -------------------------------------------------------------------------- */

/* HOME/bin/java or HOME/jre/bin/java, links resolved. */
static bool add_java(const struct finder *finder, const char *java, const char *how)
{
    own_free char *real = resolved(finder->root, java);

    return real != NULL && cut_components(real, 2) && add_home(finder, real, how, false);
}

static bool add_java_home(const struct finder *finder)
{
    const char *home = text_env(finder->env, "JAVA_HOME");

    if (home == NULL || *home == '\0')
        return false;
    if (*home != '/') { /* it would depend on the current directory */
        struct jdk *jdk = mem_push(finder->out);

        jdk->home = text_clean(home, strlen(home));
        jdk->found_how = mem_str("JAVA_HOME");
        jdk->problem = mem_str("JAVA_HOME is not an absolute path; it was not used");
        return false;
    }
    return add_home(finder, home, "JAVA_HOME", true);
}

static bool is_program(const struct root *root, const char *path)
{
    struct stat st;

    return root_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111) != 0;
}

/* The first java on PATH, as a shell finds it; entries that mean the current directory are passed
 * over. What it is need not stand in a JDK: a script is passed over too. */
static bool add_path(const struct finder *finder)
{
    const char *path = text_env(finder->env, "PATH");

    while (path != NULL && *path != '\0') {
        size_t len = strcspn(path, ":");
        own_free char *java = mem_printf("%.*s/java", (int)len, path);

        if (*path == '/' && is_program(finder->root, java) &&
            add_java(finder, java, "java on PATH"))
            return true;
        path += len + (path[len] == ':');
    }
    return false;
}

/* JAVA.md 4.5: links to bin/java or to a home, and directories that hold homes. */
static const char *const links[] = {"/etc/alternatives/java", "/etc/alternatives/jre_openjdk",
                                    "/usr/bin/java"};
static const char *const homes_here[] = {"/opt/java/openjdk", "/opt/jdk", "/opt/java"};
static const char *const directories[] = {"/usr/lib/jvm",  "/usr/lib64/jvm", "/usr/java",
                                          "/opt/java",     "/opt/jdk",       "/opt/ibm",
                                          "/opt/semeru",   "/usr/local/openjdk"};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct strings names_in(const struct root *root, const char *directory)
{
    struct strings names = {0};
    int fd = root_open(root, directory, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
    own_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (dir == NULL && fd >= 0)
        close(fd);
    while (dir != NULL && names.n < 4096 && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            strings_add(&names, entry->d_name);
    if (names.n > 1)
        qsort(names.items, names.n, sizeof *names.items, by_name);
    return names;
}

static bool add_directory(const struct finder *finder, const char *directory, bool all)
{
    struct strings names = names_in(finder->root, directory);
    bool found = false;

    for (size_t i = 0; i < names.n && (all || !found); i++) {
        own_free char *home = mem_printf("%s/%s", directory, names.items[i]);

        found |= add_home(finder, home, directory, false);
    }
    strings_free(&names);
    return found;
}

static void add_usual(const struct finder *finder, bool all)
{
    bool found = false;

    for (size_t i = 0; i < sizeof links / sizeof *links && (all || !found); i++) {
        if (is_directory(finder->root, links[i]))
            found |= add_home(finder, links[i], links[i], false);
        else
            found |= add_java(finder, links[i], links[i]);
    }
    for (size_t i = 0; i < sizeof homes_here / sizeof *homes_here && (all || !found); i++)
        found |= add_home(finder, homes_here[i], homes_here[i], false);
    for (size_t i = 0; i < sizeof directories / sizeof *directories && (all || !found); i++)
        found |= add_directory(finder, directories[i], all);
}

void java_find(const struct root *root, char *const *env, const struct strings *homes, bool all,
               struct jdk_list *out)
{
    struct finder finder = {root, env, out};
    bool found;

    *out = (struct jdk_list){0};
    for (size_t i = 0; homes != NULL && i < homes->n; i++)
        add_home(&finder, homes->items[i], "--java-home", true);
    if (homes != NULL && homes->n > 0 && !all)
        return;
    found = add_java_home(&finder);
    if (all || !found)
        found |= add_path(&finder);
    if (all || !found)
        add_usual(&finder, all);
}
