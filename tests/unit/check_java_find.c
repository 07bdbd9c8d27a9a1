/* SPDX-License-Identifier: Apache-2.0
 *
 * Where JDKs are found and what is found out about each without starting it, on trees made here.
 */
#include "base/own.h"
#include "java-harness/java.h"

#include "tree.h"
#include "unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void find(const char *const *env, const char *home, bool all, struct jdk_list *out)
{
    struct strings homes = {0};

    if (home != NULL)
        strings_add(&homes, home);
    java_find(&tree_root, (char *const *)(uintptr_t)env, &homes, all, out);
    strings_free(&homes);
}

static void free_list(struct jdk_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        jdk_free(&list->items[i]);
    free(list->items);
}

/* ---- discovery ---------------------------------------------------------------------------- */

static const char *const no_env[] = {NULL};

START_TEST(java_home_comes_first)
{
    static const char *const env[] = {"JAVA_HOME=/opt/mine", "PATH=/usr/bin", NULL};
    struct jdk_list list;

    tree_put_jdk("/opt/mine", "21.0.2");
    tree_put_jdk("/usr/lib/jvm/java-17", "17.0.15");
    tree_put_link("/usr/lib/jvm/java-17/bin/java", "/usr/bin/java");
    find(env, NULL, false, &list);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_str_eq(list.items[0].home, "/opt/mine");
    ck_assert_str_eq(list.items[0].libjvm, "/opt/mine/lib/server/libjvm.so");
    ck_assert_str_eq(list.items[0].version, "21.0.2");
    ck_assert_str_eq(list.items[0].vendor, "Debian");
    ck_assert_str_eq(list.items[0].found_how, "JAVA_HOME");
    ck_assert_str_eq(list.items[0].fips_support, "stock");
    ck_assert_ptr_null(list.items[0].problem);
    free_list(&list);
}
END_TEST

START_TEST(path_leads_through_links_each_jdk_once)
{
    static const char *const env[] = {"PATH=:.:bin:/nowhere:/usr/bin", NULL};
    struct jdk_list list;

    tree_put_jdk("/usr/lib/jvm/java-17", "17.0.15");
    tree_put_jdk("/usr/lib/jvm/java-25", "25.0.3");
    tree_put_link("java-17", "/usr/lib/jvm/default-java");
    tree_put_link("/usr/lib/jvm/java-17/bin/java", "/etc/alternatives/java");
    tree_put_link("/etc/alternatives/java", "/usr/bin/java");
    find(env, NULL, false, &list);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_str_eq(list.items[0].home, "/usr/lib/jvm/java-17");
    ck_assert_str_eq(list.items[0].found_how, "java on PATH");
    free_list(&list);
    find(env, NULL, true, &list);
    ck_assert_uint_eq(list.n, 2);
    ck_assert_str_eq(list.items[1].home, "/usr/lib/jvm/java-25");
    free_list(&list);
}
END_TEST

START_TEST(without_path_the_usual_places)
{
    struct jdk_list list;

    tree_put("/usr/lib/jvm/a-directory/readme", "no JDK");
    tree_put_jdk("/usr/lib/jvm/temurin-25", "25.0.3");
    find(no_env, NULL, false, &list);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_str_eq(list.items[0].home, "/usr/lib/jvm/temurin-25");
    ck_assert_str_eq(list.items[0].found_how, "/usr/lib/jvm");
    free_list(&list);
}
END_TEST

#if defined(__x86_64__)
#define ARCH "amd64"
#elif defined(__aarch64__)
#define ARCH "aarch64"
#elif defined(__s390x__)
#define ARCH "s390x"
#else
#define ARCH "ppc64le"
#endif

START_TEST(jdk_8_and_its_jre_are_one)
{
    struct jdk_list list;

    tree_put_elf("/usr/lib/jvm/java-8/jre/lib/" ARCH "/server/libjvm.so", false, "");
    tree_put("/usr/lib/jvm/java-8/release", "JAVA_VERSION=\"1.8.0_462\"\n");
    tree_put("/usr/lib/jvm/java-8/jre/lib/security/java.security",
        "fips.provider.1=sun.security.pkcs11.SunPKCS11 ${java.home}/lib/security/nss.fips.cfg\n");
    tree_put_link("java-8/jre", "/usr/lib/jvm/jre-8");
    find(no_env, NULL, true, &list);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_str_eq(list.items[0].home, "/usr/lib/jvm/java-8/jre");
    ck_assert_str_eq(list.items[0].version, "1.8.0_462");
    ck_assert_str_eq(list.items[0].fips_support, "Red Hat generation 1");
    free_list(&list);
}
END_TEST

START_TEST(everywhere_that_jdks_are_put)
{
    static const char *const homes[] = {
        "/opt/java/openjdk", "/opt/app/lib/runtime", "/opt/ibm/semeru", "/usr/java/jdk-21",
        "/usr/lib64/jvm/java-17", "/usr/local/openjdk-17", "/jre", "/snap/openjdk/current/jdk",
        "/home/u/.sdkman/candidates/java/21-tem", "/home/u/.jdks/corretto-17", "/sdk/candidates/java/8",
        "/far/away/jdk", "/variable",
    };
    static const char *const env[] = {"HOME=/home/u", "SDKMAN_DIR=/sdk",
                                      "JAVA_HOME_21_X64=/variable", "JRE_HOME=rel", NULL};
    struct jdk_list list;

    for (size_t i = 0; i < COUNT(homes); i++)
        tree_put_jdk(homes[i], "21");
    tree_put("/var/lib/alternatives/java", "auto\n/usr/bin/java\n\n/far/away/jdk/bin/java\nfamily x\n");
    find(env, NULL, true, &list);
    ck_assert_uint_eq(list.n, COUNT(homes) + 1);
    for (size_t i = 0; i < COUNT(homes); i++) {
        size_t n = 0;

        for (size_t k = 0; k < list.n; k++)
            n += strcmp(list.items[k].home, homes[i]) == 0;
        ck_assert_msg(n == 1, "%s was found %zu times", homes[i], n);
    }
    ck_assert_str_eq(list.items[list.n - 1].home, "rel");
    ck_assert_str_eq(list.items[list.n - 1].problem, "JRE_HOME is not an absolute path; it was not used");
    ck_assert_ptr_nonnull(list.items[12].not_asked); /* more than are asked of a search */
    free_list(&list);
    find(env, "/jre", false, &list); /* what is named stands alone */
    ck_assert_uint_eq(list.n, 1);
    free_list(&list);
    find(env, "/jre", true, &list);
    ck_assert_uint_eq(list.n, COUNT(homes) + 1);
    ck_assert_str_eq(list.items[0].found_how, "--java-home");
    free_list(&list);
}
END_TEST

static void put_process(const char *pid, const char *maps, const char *namespace, const char *top_)
{
    own_free char *maps_path = mem_printf("/proc/%s/maps", pid);
    own_free char *mnt = mem_printf("/proc/%s/ns/mnt", pid), *to = mem_printf("/proc/%s/root", pid);

    tree_put(maps_path, maps);
    tree_put_link(namespace, mnt);
    tree_put_link(top_, to);
}

START_TEST(what_running_processes_have_mapped)
{
    struct jdk_list list;

    tree_put_jdk("/srv/jdk", "21");
    tree_put_elf("/srv/jdk8/jre/lib/" ARCH "/server/libjvm.so", false, "");
    tree_put_link("mnt:[1]", "/proc/self/ns/mnt");
    put_process("10", "7f00-7f01 r-xp 0 8:1 5 /usr/lib/libc.so.6\n"
                      "7f02-7f03 r-xp 0 8:1 6    /srv/jdk/lib/server/libjvm.so\n", "mnt:[1]", "/");
    put_process("11", "7f02-7f03 r-xp 0 8:1 6 /srv/jdk/lib/server/libjvm.so\n", "mnt:[1]", "/");
    put_process("12", "7f02-7f03 r-xp 0 8:1 7 /srv/jdk8/jre/lib/" ARCH "/server/libjvm.so\n",
                "mnt:[1]", "/");
    put_process("13", "7f02-7f03 r-xp 0 8:1 7 /opt/c/lib/server/libjvm.so\n", "mnt:[2]", "/");
    put_process("14", "7f02-7f03 r-xp 0 8:1 7 /root/lib/server/libjvm.so\n", "mnt:[1]", "/chroot");
    put_process("15", "7f02-7f03 r-xp 0 8:1 8 /srv/old/lib/server/libjvm.so (deleted)\n",
                "mnt:[1]", "/");
    put_process("16", "7f02-7f03 r-xp 0 8:1 8 /srv/x/libjvm.so.bak\n", "mnt:[1]", "/");
    find(no_env, NULL, true, &list);
    ck_assert_uint_eq(list.n, 5);
    ck_assert_str_eq(list.items[0].home, "/srv/jdk");
    ck_assert_str_eq(list.items[0].found_how, "running process 10, running process 11");
    ck_assert_str_eq(list.items[1].home, "/srv/jdk8/jre");
    ck_assert_ptr_null(list.items[1].problem);
    ck_assert_ptr_nonnull(strstr(list.items[2].not_asked, "process 13"));
    ck_assert_ptr_nonnull(strstr(list.items[3].not_asked, "process 14"));
    ck_assert_ptr_nonnull(strstr(list.items[4].problem, "replaced or removed"));
    free_list(&list);
    find(no_env, NULL, false, &list);
    ck_assert_uint_eq(list.n, 0);
    free_list(&list);
}
END_TEST

START_TEST(kinds_of_runtime)
{
    static const unsigned char image[2][4] = {{0xda, 0xda, 0xfe, 0xca}, {0xca, 0xfe, 0xda, 0xda}};
    const unsigned char *modules = image[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__];
    struct jdk_list list;

    for (char name = 'a'; name <= 'd'; name++) {
        own_free char *path = mem_printf("/usr/lib/jvm/%c/lib/modules", name);

        tree_put_bytes(path, modules, 4, 0644);
    }
    tree_put_jdk("/usr/lib/jvm/a", "21");
    tree_put("/usr/lib/jvm/a/bin/javac", "");
    tree_put("/usr/lib/jvm/a/lib/libj2pkcs11.so", "");
    tree_put_jdk("/usr/lib/jvm/b", "21");
    tree_put("/usr/lib/jvm/b/lib/libawt.so", "");
    tree_put_jdk("/usr/lib/jvm/c", "21");
    tree_put("/usr/lib/jvm/c/release", "JAVA_VERSION=\"21\"\nMODULES=\"java.base jdk.crypto.cryptoki\"\n");
    tree_put("/usr/lib/jvm/c/lib/libj2pkcs11.so", "");
    tree_put_jdk("/usr/lib/jvm/d", "21");
    tree_put("/usr/lib/jvm/d/release", "JVM_VARIANT=\"Openj9\"\nMODULES=\"java.base\"\n");
    tree_put_elf("/usr/lib/jvm/e/jre/lib/" ARCH "/server/libjvm.so", false, "");
    tree_put("/usr/lib/jvm/e/bin/javac", "");
    tree_put("/usr/lib/jvm/e/jre/lib/" ARCH "/libawt.so", "");
    tree_put("/usr/lib/jvm/e/jre/lib/" ARCH "/libawt_xawt.so", "");
    tree_put_elf("/usr/lib/jvm/f/lib/default/libjvm.so", false, "");
    find(no_env, NULL, true, &list);
    ck_assert_uint_eq(list.n, 6);
    ck_assert_str_eq(list.items[0].kind, "JDK");
    ck_assert_ptr_null(list.items[0].lacks);
    ck_assert_str_eq(list.items[1].kind, "JRE, headless");
    ck_assert_ptr_nonnull(strstr(list.items[1].lacks, "libj2pkcs11.so"));
    ck_assert_str_eq(list.items[2].kind, "runtime of 2 modules (jlink)");
    ck_assert_ptr_null(list.items[2].lacks);
    ck_assert_str_eq(list.items[3].kind, "runtime of 1 module (jlink), OpenJ9");
    ck_assert_ptr_nonnull(strstr(list.items[3].lacks, "jdk.crypto.cryptoki"));
    ck_assert_str_eq(list.items[4].kind, "JDK");
    ck_assert_str_eq(list.items[5].kind, "JRE, OpenJ9");
    tree_put("/usr/lib/jvm/a/lib/modules", "text");
    free_list(&list);
    find(no_env, "/usr/lib/jvm/a", false, &list);
    ck_assert_str_eq(list.items[0].lacks,
                     "/usr/lib/jvm/a/lib/modules: it is no image of Java's classes (damaged)");
    free_list(&list);
}
END_TEST

START_TEST(jvm_cfg_gives_the_order)
{
    struct jdk_list list;

    tree_put_jdk("/opt/java/openjdk", "17");
    tree_put_elf("/opt/java/openjdk/lib/zero/libjvm.so", false, "");
    tree_put("/opt/java/openjdk/lib/jvm.cfg", "# c\n-../evil KNOWN\n-client IGNORE\n-zero KNOWN\n"
                                         "-server KNOWN\n");
    find(no_env, NULL, false, &list);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_str_eq(list.items[0].libjvm, "/opt/java/openjdk/lib/zero/libjvm.so");
    free_list(&list);
}
END_TEST

START_TEST(what_cannot_be_asked_is_listed_with_its_problem)
{
    static const char *const env[] = {"JAVA_HOME=relative/jdk", NULL};
    struct jdk_list list;

    tree_put("/opt/empty/readme", "");
    find(no_env, "/opt/empty", false, &list);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_str_eq(list.items[0].problem,
                     "there is no libjvm.so in it: it is not the home of a JDK");
    free_list(&list);

    find(no_env, "/opt/nowhere", false, &list);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_str_eq(list.items[0].problem, "there is no directory /opt/nowhere");
    free_list(&list);

    tree_put_elf("/opt/foreign/lib/server/libjvm.so", true, "");
    find(no_env, "/opt/foreign", false, &list);
    ck_assert_ptr_nonnull(
        strstr(list.items[0].problem, "it is built for another architecture ("));
    free_list(&list);

    tree_put("/opt/text/lib/server/libjvm.so", "not a library");
    find(no_env, "/opt/text", false, &list);
    ck_assert_str_eq(list.items[0].problem,
                     "/opt/text/lib/server/libjvm.so is no ELF library");
    free_list(&list);

    tree_put_jdk("/srv/whole", "21");
    tree_put("/srv/whole/bin/java", "");
    for (size_t i = 0; i < 3; i++) {
        static const char *const named[] = {"/srv/whole/bin/java", "/srv/whole/bin",
                                            "/srv/whole/lib/server/libjvm.so"};
        static const char *const problems[] = {
            "it is a file, not a directory: the home of a JDK is wanted, which is /srv/whole",
            "there is no libjvm.so in it: it is not the home of a JDK, which is /srv/whole",
            "it is a file, not a directory: the home of a JDK is wanted, which is /srv/whole"};

        find(no_env, named[i], false, &list);
        ck_assert_str_eq(list.items[0].problem, problems[i]);
        free_list(&list);
    }
    tree_put("/srv/file", "");
    find(no_env, "/srv/file", false, &list);
    ck_assert_str_eq(list.items[0].problem,
                     "it is a file, not a directory: the home of a JDK is wanted");
    free_list(&list);

    find(env, NULL, false, &list);
    ck_assert_uint_eq(list.n, 3); /* and the two that cannot be asked of /opt */
    ck_assert_str_eq(list.items[0].problem, "JAVA_HOME is not an absolute path; it was not used");
    free_list(&list);
}
END_TEST

#ifdef __GLIBC__
START_TEST(musl_is_not_tried)
{
    struct jdk_list list;

    tree_put_elf("/usr/lib/jvm/a/lib/server/libjvm.so", false, "");
    tree_put_elf("/usr/lib/jvm/a/bin/java", false, "/lib/ld-musl-x86_64.so.1");
    tree_put_elf("/usr/lib/jvm/b/lib/server/libjvm.so", false, "");
    tree_put("/usr/lib/jvm/b/release", "LIBC=\"musl\"\n");
    tree_put_jdk("/usr/lib/jvm/c", "21");
    find(no_env, NULL, false, &list);
    ck_assert_uint_eq(list.n, 3); /* the two on the way to one that can be asked */
    ck_assert_ptr_nonnull(strstr(list.items[0].problem, "musl"));
    ck_assert_ptr_nonnull(strstr(list.items[1].problem, "musl"));
    ck_assert_ptr_null(list.items[2].problem);
    free_list(&list);
}
END_TEST
#endif

int main(void)
{
    Suite *s = suite_create("java_find");
    TCase *t = tcase_create("java_find");

    tcase_add_checked_fixture(t, tree_set_up, tree_tear_down);
    tcase_add_test(t, java_home_comes_first);
    tcase_add_test(t, path_leads_through_links_each_jdk_once);
    tcase_add_test(t, without_path_the_usual_places);
    tcase_add_test(t, jdk_8_and_its_jre_are_one);
    tcase_add_test(t, everywhere_that_jdks_are_put);
    tcase_add_test(t, what_running_processes_have_mapped);
    tcase_add_test(t, kinds_of_runtime);
    tcase_add_test(t, jvm_cfg_gives_the_order);
    tcase_add_test(t, what_cannot_be_asked_is_listed_with_its_problem);
#ifdef __GLIBC__
    tcase_add_test(t, musl_is_not_tried);
#endif
    suite_add_tcase(s, t);
    return unit_run(s);
}
