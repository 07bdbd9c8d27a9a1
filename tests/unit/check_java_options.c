/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of a VM: how java splits a variable, what each option would do to the host or makes the
 * VM do, and our own.
 */
#include "base/own.h"
#include "java-harness/launch.h"
#include "java-harness/options.h"

#include "tree.h"
#include "unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

START_TEST(words_are_split_as_java_does)
{
    static const struct {
        const char *value;
        const char *words[4];
        bool unmatched;
    } rows[] = {
        {"", {NULL}, false},
        {"  -Da=b\t-Dc ", {"-Da=b", "-Dc"}, false},
        {"'-Da=b c' \"-Dd='e'\"", {"-Da=b c", "-Dd='e'"}, false},
        {"-Da='b c'd", {"-Da=b cd"}, false},
        {"-Da=\\\"b c\\\"", {"-Da=\\b c\\"}, false},
        {"-Da='b c", {"-Da=b c"}, true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct option_words words = options_split(rows[i].value);
        size_t n = 0;

        while (n < 4 && rows[i].words[n] != NULL)
            n++;
        ck_assert_int_eq(words.unmatched, rows[i].unmatched);
        ck_assert_uint_eq(words.n, n);
        for (size_t k = 0; k < n; k++)
            ck_assert_str_eq(words.items[k].text, rows[i].words[k]);
        options_free(&words);
    }
}
END_TEST

static void launch(const char *variable, unsigned long major, struct launch *out)
{
    char *const env[] = {(char *)(uintptr_t)variable, NULL};

    launch_read(&tree_root, env, major, out);
}

START_TEST(options_with_effects_do_not_reach_the_vm)
{
    static const struct {
        const char *value, *kept; /* NULL: as it is */
    } rows[] = {
        {"-Da='b c' -Xmx1g", NULL},
        {"-Da='b c' -javaagent:/x.jar=a  -Db", "\"-Da=b c\" \"-Db\""},
        {"-Da='x\"y' -javaagent:/x.jar=a", "\"-Da=x\"'\"y'"},
        {"-agentlib:jdwp=transport=dt_socket,address=5005", ""},
        {"\"-XX:OnError=touch /x\"", ""},
        {"-Dcom.sun.management.jmxremote.port=9010 -Dx", "\"-Dx\""},
        {"-Xlog:gc:file=/x", ""},
        {"-XX:StartFlightRecording=filename=/x", ""},
        {"-XX:VMOptionsFile=/u/vm", "\"-Dfrom=a file\""},
        {"-XX:Flags=/u/flags", "\"-XX:+UseG1GC\" \"-XX:NewSize=1m\""},
        {"-XX:Flags=/u/none", NULL}, /* the VM does not start with it anyway */
        {"-javaagent:/x 'open", NULL},
    };

    tree_put("/u/vm", "-Dfrom='a file'\n-javaagent:/x.jar\n");
    tree_put("/u/flags", "# c\n+UseG1GC NewSize=1m\nOnError=touch\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        own_free char *variable = mem_printf("JAVA_TOOL_OPTIONS=%s", rows[i].value);
        struct strings told = {0};
        own_launch struct launch l;
        own_free char *kept = NULL;

        launch(variable, 17, &l);
        kept = launch_variable(&l, "JAVA_TOOL_OPTIONS", rows[i].value, &told);
        if (rows[i].kept == NULL)
            ck_assert_msg(kept == NULL, "row %zu: %s", i, kept);
        else
            ck_assert_msg(kept != NULL && (strcmp(kept, rows[i].kept) == 0), "row %zu: %s", i, kept);
        ck_assert_uint_eq(told.n, rows[i].kept == NULL ? 0 : 1);
        strings_free(&told);
    }
}
END_TEST

START_TEST(what_writes_is_left_out)
{
    static const char *const writes[] = {
        "-Djava.util.logging.config.file=/x", "-Djava.util.logging.config.class=x.Y",
        "-Djdk.internal.lambda.dumpProxyClasses=/x", "-Djdk.proxy.ProxyGenerator.saveGeneratedFiles=true",
        "-XX:CompileCommand=DumpReplay,*.*", "-XX:+PauseAtStartup", "-Xshare:dump",
    };
    static const char *const harmless[] = {
        "-Djava.util.logging.SimpleFormatter.format=x", "-Djdk.internal.lambda.other=1",
        "-XX:-PauseAtStartup", "-Xshare:auto", "-XX:-DumpSharedSpaces",
    };

    for (size_t i = 0; i < COUNT(writes); i++)
        ck_assert_msg(options_effect(writes[i]) != NULL, "%s", writes[i]);
    for (size_t i = 0; i < COUNT(harmless); i++)
        ck_assert_msg(options_effect(harmless[i]) == NULL, "%s", harmless[i]);
}
END_TEST

START_TEST(what_may_be_secret_is_not_shown)
{
    static const char *const rows[][2] = {
        {"-Dfips.nssdb.pin=pin:1", "-Dfips.nssdb.pin=..."},
        {"-javaagent:/a.jar=licensekey=x", "-javaagent:/a.jar=..."},
        {"-agentlib:a=token", "-agentlib:a=..."},
        {"-javaagent:/a.jar", "-javaagent:/a.jar"},
        {"-XX:MaxHeapSize=64m", "-XX:MaxHeapSize=64m"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        own_free char *shown = options_shown(rows[i][0]);

        ck_assert_str_eq(shown, rows[i][1]);
    }
}
END_TEST

START_TEST(what_makes_the_vm_end)
{
    static const struct {
        const char *variable;
        unsigned long major;
        const char *refused; /* NULL: it is not */
    } rows[] = {
        {"JAVA_TOOL_OPTIONS=-Da -Xshare:dump", 17,
         "JAVA_TOOL_OPTIONS has -Xshare:dump: the VM writes an archive of its classes and ends"},
        {"JDK_JAVA_OPTIONS=-Xshare:dump", 17, "JDK_JAVA_OPTIONS has -Xshare:dump"},
        {"_JAVA_OPTIONS=-XX:+DumpSharedSpaces", 17, "_JAVA_OPTIONS has -XX:+DumpSharedSpaces"},
        {"_JAVA_OPTIONS=-XX:+DumpSharedSpaces", 25, NULL}, /* ignored since 19, with a warning */
        {"JAVA_TOOL_OPTIONS=-XX:+PrintFlagsInitial", 8, NULL}, /* goes on */
        {"JAVA_TOOL_OPTIONS=-XX:+PrintFlagsInitial", 11, "prints its flags and ends"},
        {"JAVA_TOOL_OPTIONS=-XX:+PrintFlagsFinal", 11, NULL},
        {"JAVA_TOOL_OPTIONS=-XX:Flags=/u/flags", 17, "-XX:+DumpSharedSpaces"},
    };

    tree_put("/u/flags", "+DumpSharedSpaces");
    for (size_t i = 0; i < COUNT(rows); i++) {
        own_launch struct launch l;

        launch(rows[i].variable, rows[i].major, &l);
        ck_assert_msg(rows[i].refused == NULL
                          ? l.refused == NULL
                          : l.refused != NULL && strstr(l.refused, rows[i].refused) != NULL,
                      "row %zu: %s", i, l.refused);
    }
}
END_TEST

static bool among(const struct strings *strings, const char *text)
{
    for (size_t i = 0; i < strings->n; i++)
        if (strcmp(strings->items[i], text) == 0)
            return true;
    return false;
}

START_TEST(our_options_yield)
{
    struct strings none = {0}, some = {0}, pass = {0};

    strings_add(&some, "-XX:+UseG1GC");
    strings_add(&some, "-Xmx2g");
    options_for_speed(&none, &pass);
    ck_assert(among(&pass, "-XX:+UseSerialGC") && among(&pass, "-Xmx64m"));
    strings_free(&pass);
    options_for_speed(&some, &pass);
    ck_assert(!among(&pass, "-XX:+UseSerialGC") && !among(&pass, "-Xmx64m"));
    ck_assert(among(&pass, "-Xshare:auto"));
    strings_add(&some, "-XX:+IgnoreUnrecognizedVMOptions");
    strings_free(&pass);
    options_for_speed(&some, &pass);
    ck_assert_uint_eq(pass.n, 0);
    strings_free(&pass);
    strings_free(&some);
    options_of_ours(8, "/dev/null", &pass);
    ck_assert(among(&pass, "-XX:-CreateMinidumpOnCrash") && among(&pass, "-XX:-UsePerfData"));
    ck_assert(!among(&pass, "-XX:-CreateCoredumpOnCrash"));
    strings_free(&pass);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("java_options");
    TCase *t = tcase_create("java_options");

    tcase_add_checked_fixture(t, tree_set_up, tree_tear_down);
    tcase_add_test(t, words_are_split_as_java_does);
    tcase_add_test(t, options_with_effects_do_not_reach_the_vm);
    tcase_add_test(t, what_writes_is_left_out);
    tcase_add_test(t, what_may_be_secret_is_not_shown);
    tcase_add_test(t, what_makes_the_vm_end);
    tcase_add_test(t, our_options_yield);
    suite_add_tcase(s, t);
    return unit_run(s);
}
