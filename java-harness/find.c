/* SPDX-License-Identifier: Apache-2.0
 *
 * find.c: where the JDKs of a host are.
 */
#include "java-harness/java.h"

#include "base/own.h"
#include "base/text.h"
#include "java-harness/home.h"

#include <fcntl.h>
#include <string.h>

#define MOST_ASKED 12u     /* JDKs that nobody named: more would take all day */
#define MOST_LISTED 64u    /* of those */
#define LONGEST_HOW 160u   /* many processes may run the same JDK */
#define MOST_NAMES 4096u   /* of one directory */
#define MOST_PROCESSES 4096u
#define MAPS_MAX ((size_t)4 << 20) /* bytes of one process's maps */

#define HIDDEN "another java on PATH"

struct finder {
    const struct root *root;
    char *const *env;
    bool all; /* every one; else the search ends with the first that can be asked */
    struct jdk_list *out;
};

/* ---- one more --------------------------------------------------------------------------------- */

static struct jdk *known(const struct jdk_list *list, const struct jdk *jdk)
{
    for (size_t i = 0; i < list->n; i++) {
        struct jdk *other = &list->items[i];

        if (jdk->libjvm != NULL ? other->libjvm != NULL && strcmp(other->libjvm, jdk->libjvm) == 0
                                : other->libjvm == NULL && strcmp(other->home, jdk->home) == 0)
            return other;
    }
    return NULL;
}

/* Another way that leads to it, where somebody chose it that way; that it also stands where JDKs
 * usually do is no news. */
static void found_too(struct jdk *jdk, const char *how)
{
    size_t len = strlen(how);
    char *longer;

    if ((*how == '/' && strncmp(how, "/etc/", 5) != 0) || strcmp(how, "alternatives") == 0 ||
        strlen(jdk->found_how) > LONGEST_HOW)
        return;
    if (strcmp(how, HIDDEN) == 0 && strstr(jdk->found_how, "java on PATH") != NULL)
        return; /* /bin and /usr/bin */
    for (const char *at = jdk->found_how; (at = strstr(at, how)) != NULL; at += len)
        if ((at == jdk->found_how || at[-1] == ' ') && (at[len] == '\0' || at[len] == ','))
            return;
    longer = mem_printf("%s, %s", jdk->found_how, how);
    free(jdk->found_how);
    jdk->found_how = longer;
}

/* Named ones are always asked; those that were merely come across up to a number. */
static void limit(const struct finder *finder, struct jdk *jdk, bool must)
{
    size_t asked = 0;

    for (size_t i = 0; i < finder->out->n; i++)
        asked += finder->out->items[i].problem == NULL && finder->out->items[i].not_asked == NULL;
    if (!must && jdk->problem == NULL && asked >= MOST_ASKED)
        jdk->not_asked = mem_printf("%u others were found before it; name it with --java-home",
                                    MOST_ASKED);
}

/* true: a JDK that can be asked (new or not). must: it is listed with its problem if it is none. */
static bool add_home(const struct finder *finder, const char *home, const char *how, bool must)
{
    struct jdk jdk = {.home = home_resolved(finder->root, home)};
    own_free char *named = jdk.home == NULL ? mem_str(home) : mem_str(jdk.home);
    struct jdk *other;
    bool usable;

    if (jdk.home == NULL)
        jdk.home = mem_str(home);
    if (!home_examine(finder->root, named, finder->env, &jdk))
        jdk.problem = home_why_none(finder->root, named);
    usable = jdk.problem == NULL;
    other = known(finder->out, &jdk);
    if (other != NULL)
        found_too(other, how);
    if (other != NULL || (jdk.libjvm == NULL && !must) || finder->out->n >= MOST_LISTED) {
        jdk_free(&jdk);
        return usable;
    }
    jdk.found_how = text_clean(how, strlen(how));
    limit(finder, &jdk, must);
    *mem_push(finder->out) = jdk;
    return usable;
}

/* One that cannot be asked, or is nobody's fault and was not. */
static void add_as_is(const struct finder *finder, const char *home, const char *how,
                      const char *problem, const char *not_asked)
{
    struct jdk jdk = {.home = text_clean(home, strlen(home))};
    struct jdk *other = known(finder->out, &jdk);

    if (other != NULL || finder->out->n >= MOST_LISTED) {
        if (other != NULL)
            found_too(other, how);
        jdk_free(&jdk);
        return;
    }
    jdk.found_how = mem_str(how);
    jdk.problem = mem_str(problem);
    jdk.not_asked = mem_str(not_asked);
    *mem_push(finder->out) = jdk;
}

/* HOME/bin/java or HOME/jre/bin/java, links resolved. */
static bool add_java(const struct finder *finder, const char *java, const char *how)
{
    own_free char *real = home_resolved(finder->root, java);

    return real != NULL && home_cut(real, 2) && add_home(finder, real, how, false);
}

/* ---- of the environment ------------------------------------------------------------------------ */

static bool add_variable(const struct finder *finder, const char *name, bool must)
{
    const char *home = text_env(finder->env, name);

    if (home == NULL || *home == '\0')
        return false;
    if (*home != '/') { /* it would depend on the current directory */
        own_free char *problem = mem_printf("%s is not an absolute path; it was not used", name);

        add_as_is(finder, home, name, problem, NULL);
        return false;
    }
    return add_home(finder, home, name, must);
}

/* JDK_HOME, JRE_HOME (Tomcat's catalina.sh), and one for each version, as build machines have. */
static bool add_other_variables(const struct finder *finder)
{
    static const char *const patterns[] = {"JDK_HOME", "JRE_HOME", "JAVA_HOME_*", "GRAALVM_HOME"};
    bool found = false;

    for (char *const *e = finder->env; e != NULL && *e != NULL; e++) {
        own_free char *name = mem_dup(*e, strcspn(*e, "="));

        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
            if (text_match(patterns[i], name))
                found |= add_variable(finder, name, false);
    }
    return found;
}

static bool is_program(const struct root *root, const char *path)
{
    struct stat st;

    return root_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111) != 0;
}

/* The first java on PATH, as a shell finds it, and those that it hides; entries that mean the
 * current directory are passed over. What it is need not stand in a JDK: a script is passed over
 * too. */
static bool add_path(const struct finder *finder)
{
    const char *path = text_env(finder->env, "PATH");
    const char *how = "java on PATH";
    bool found = false;

    while (path != NULL && *path != '\0') {
        size_t len = strcspn(path, ":");
        own_free char *java = mem_printf("%.*s/java", (int)len, path);

        if (*path == '/' && is_program(finder->root, java) && add_java(finder, java, how)) {
            found = true;
            how = HIDDEN;
            if (!finder->all)
                break;
        }
        path += len + (path[len] == ':');
    }
    return found;
}

/* ---- of the packages' choice -------------------------------------------------------------------- */

/* JAVA.md 4.5: links to bin/java or to a home. */
static const char *const links[] = {"/etc/alternatives/java", "/etc/alternatives/jre_openjdk",
                                    "/usr/bin/java"};

static bool add_link(const struct finder *finder, const char *link)
{
    return home_is_directory(finder->root, link) ? add_home(finder, link, link, false)
                                                 : add_java(finder, link, link);
}

/* Every candidate that update-alternatives knows, wherever it is: a line of its own in the files of
 * Debian (dpkg's update-alternatives.c), of chkconfig and of SUSE. */
static bool add_alternatives(const struct finder *finder)
{
    static const char *const files[] = {"/var/lib/dpkg/alternatives/java",
                                        "/var/lib/alternatives/java",
                                        "/var/lib/rpm/alternatives/java"};
    bool found = false;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        own_buf struct buf text = {0};
        char *rest;

        if (root_read(finder->root, files[i], 1 << 20, &text) < 0 || text.data == NULL)
            continue;
        for (char *line = strtok_r(text.data, "\n", &rest); line != NULL;
             line = strtok_r(NULL, "\n", &rest)) {
            size_t len = strlen(line);

            if (*line == '/' && len > 9 && strcmp(line + len - 9, "/bin/java") == 0)
                found |= add_java(finder, line, "alternatives");
        }
    }
    return found;
}

/* ---- of the usual directories -------------------------------------------------------------------- */

/* Homes; a component may be a pattern. ~ is HOME. */
static const char *const usual[] = {
    "/opt/java/openjdk",   /* Temurin's and others' images */
    "/opt/jdk",
    "/opt/java",
    "/usr/lib/jvm/*",      /* Debian, Red Hat, Alpine, Corretto, Zulu, Liberica */
    "/usr/lib64/jvm/*",    /* SUSE */
    "/usr/java/*",         /* Oracle's packages */
    "/opt/java/*",
    "/opt/jdk/*",
    "/opt/ibm/*",
    "/opt/semeru/*",
    "/usr/local/*",        /* openjdk-17 of Docker's openjdk images, jdk-21.0.2 of a tarball */
    "/usr/local/*/*",
    "/opt/*",              /* a tarball, or what jlink made, under a name of its own */
    "/opt/*/jre",          /* a runtime that an application brought */
    "/opt/*/lib/runtime",  /* jpackage's application images (JEP 392) */
    "/opt/*/runtime",
    "/jdk*", "/jre*", "/java*", "/runtime", "/app/jre", "/app/runtime", /* jlink's, in images */
    "/snap/openjdk/current/jdk",
    "/usr/local/sdkman/candidates/java/*",
    "~/.sdkman/candidates/java/*", /* SDKMAN, asdf, jabba, jenv's sources, Gradle and IntelliJ: */
    "~/.asdf/installs/java/*",     /* where Gradle looks for toolchains, too (its manual, */
    "~/.jabba/jdk/*",              /* "Toolchains for JVM projects": auto-detection) */
    "~/.gradle/jdks/*",
    "~/.jdks/*",
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct strings names_in(const struct root *root, const char *directory, size_t most)
{
    struct strings names = {0};
    int fd = root_open(root, directory, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
    own_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (dir == NULL && fd >= 0)
        close(fd);
    while (dir != NULL && names.n < most && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            strings_add(&names, entry->d_name);
    if (names.n > 1)
        qsort(names.items, names.n, sizeof *names.items, by_name);
    return names;
}

/* done: the part of the path before rest, without a pattern. */
static bool add_matching(const struct finder *finder, const char *done, const char *rest,
                         const char *how)
{
    size_t len = strcspn(rest, "/");
    own_free char *component = mem_dup(rest, len);
    const char *next = rest + len + (rest[len] == '/');
    struct strings names = {0};
    bool found = false;

    if (*rest == '\0')
        return add_home(finder, done, how, false);
    if (strchr(component, '*') == NULL) {
        own_free char *path = mem_printf("%s/%s", done, component);

        return home_is_directory(finder->root, path) && add_matching(finder, path, next, how);
    }
    names = names_in(finder->root, *done == '\0' ? "/" : done, MOST_NAMES);
    for (size_t i = 0; i < names.n && (finder->all || !found); i++) {
        own_free char *path = mem_printf("%s/%s", done, names.items[i]);

        if (text_match(component, names.items[i]) && home_is_directory(finder->root, path))
            found |= add_matching(finder, path, next, how);
    }
    strings_free(&names);
    return found;
}

static bool add_usual(const struct finder *finder)
{
    const char *home = text_env(finder->env, "HOME"), *sdkman = text_env(finder->env, "SDKMAN_DIR");
    bool found = false;

    for (size_t i = 0; i < sizeof usual / sizeof *usual && (finder->all || !found); i++) {
        const char *pattern = usual[i], *star = strstr(pattern, "/*");
        own_free char *how = star == NULL ? mem_str(pattern)
                                          : mem_dup(pattern, (size_t)(star - pattern));
        bool below_home = *pattern == '~';

        if (below_home && (home == NULL || *home != '/' || home[1] == '\0'))
            continue;
        found |= add_matching(finder, below_home ? home : "",
                              pattern + (below_home ? 2 : 1), how);
    }
    if (sdkman != NULL && *sdkman == '/' && (finder->all || !found))
        found |= add_matching(finder, sdkman, "candidates/java/*", "SDKMAN_DIR");
    return found;
}

/* ---- of running processes ------------------------------------------------------------------------ */

/* The path of the libjvm.so that a process has mapped; NULL: none, or it cannot be seen.
 * proc(5): the path is the rest of the line. The caller frees. */
static char *libjvm_of_maps(char *maps)
{
    char *rest;

    for (char *line = strtok_r(maps, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *path = strchr(line, '/'), *name = strstr(line, "/libjvm.so");

        if (path != NULL && name != NULL &&
            (name[10] == '\0' || strcmp(name + 10, " (deleted)") == 0))
            return mem_str(path);
    }
    return NULL;
}

/* Does the process see the same files under the same names? */
static bool same_files(const struct root *root, const char *process)
{
    own_free char *theirs = mem_printf("/proc/%s/ns/mnt", process);
    own_free char *top = mem_printf("/proc/%s/root", process);
    own_free char *a = root_readlink(root, theirs), *b = root_readlink(root, "/proc/self/ns/mnt");
    own_free char *c = root_readlink(root, top);

    return a != NULL && b != NULL && strcmp(a, b) == 0 && c != NULL && strcmp(c, "/") == 0;
}

static void add_process(const struct finder *finder, const char *process)
{
    static const char gone[] = " (deleted)";
    own_free char *path = mem_printf("/proc/%s/maps", process);
    own_free char *libjvm = NULL, *home = NULL, *clean = NULL, *how = NULL;
    own_buf struct buf maps = {0};
    size_t len;

    if (root_read(finder->root, path, MAPS_MAX, &maps) < 0 || maps.data == NULL)
        return; /* another user's, or gone */
    libjvm = libjvm_of_maps(maps.data);
    if (libjvm == NULL)
        return;
    clean = text_clean(libjvm, strlen(libjvm));
    len = strlen(libjvm);
    how = mem_printf("running process %s", process);
    if (!same_files(finder->root, process)) {
        own_free char *why = mem_printf("process %s runs it in another root or mount namespace (a "
                                        "container); run fipsprobe in there",
                                        process);

        add_as_is(finder, clean, how, NULL, why);
    } else if (len > sizeof gone - 1 && strcmp(libjvm + len - (sizeof gone - 1), gone) == 0) {
        own_free char *problem = mem_printf("process %s still runs a libjvm.so that was replaced "
                                            "or removed since: what is found here is not what it "
                                            "runs; restart it",
                                            process);

        add_as_is(finder, clean, how, problem, NULL);
    } else {
        /* lib/server/libjvm.so, or lib/ARCH/server/libjvm.so of 8 */
        for (int up = 3; up <= 4; up++) {
            free(home);
            home = mem_str(libjvm);
            if (home_cut(home, up) && add_home(finder, home, how, false))
                return;
        }
    }
}

static bool is_number(const char *name)
{
    return *name != '\0' && name[strspn(name, "0123456789")] == '\0';
}

static void add_running(const struct finder *finder)
{
    struct strings names = names_in(finder->root, "/proc", MOST_PROCESSES);

    for (size_t i = 0; i < names.n; i++)
        if (is_number(names.items[i]))
            add_process(finder, names.items[i]);
    strings_free(&names);
}

/* ------------------------------------------------------------------------------------------------ */

void java_find(const struct root *root, char *const *env, const struct strings *homes, bool all,
               struct jdk_list *out)
{
    struct finder finder = {root, env, all, out};
    bool found;

    *out = (struct jdk_list){0};
    for (size_t i = 0; homes != NULL && i < homes->n; i++)
        add_home(&finder, homes->items[i], "--java-home", true);
    if (homes != NULL && homes->n > 0 && !all)
        return;
    found = add_variable(&finder, "JAVA_HOME", true);
    if (all || !found)
        found |= add_path(&finder);
    for (size_t i = 0; i < sizeof links / sizeof *links && (all || !found); i++)
        found |= add_link(&finder, links[i]);
    if (all || !found)
        found |= add_alternatives(&finder);
    if (all || !found)
        found |= add_usual(&finder);
    if (all) {
        add_other_variables(&finder);
        add_running(&finder);
    }
}
