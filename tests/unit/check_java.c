/* SPDX-License-Identifier: Apache-2.0
 *
 * What java-harness reads and decides without a JDK: the options of the
 * environment, the marks and switches of FIPS support, which databases need protection.
 */
#include "base/own.h"
#include "java-harness/fips.h"
#include "java-harness/java.h"
#include "java-harness/options.h"
#include "java-harness/props.h"
#include "java-harness/protect.h"

#include "tree.h"
#include "unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- options ------------------------------------------------------------------------------ */

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

START_TEST(options_with_effects_do_not_reach_the_vm)
{
    static const struct {
        const char *value, *kept; /* NULL: as it is */
    } rows[] = {
        {"-Da='b c' -Xmx1g", NULL},
        {"-Da='b c' -javaagent:/x.jar=a  -Db", "-Da='b c'   -Db"},
        {"-agentlib:jdwp=transport=dt_socket,address=5005", ""},
        {"\"-XX:OnError=touch /x\"", ""},
        {"-Dcom.sun.management.jmxremote.port=9010 -Dx", " -Dx"},
        {"-Xlog:gc:file=/x", ""},
        {"-XX:StartFlightRecording=filename=/x", ""},
        {"-javaagent:/x 'open", NULL}, /* the VM does not start with it anyway */
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct strings dropped = {0};
        own_free char *kept = options_without_effects("V", rows[i].value, &dropped);

        if (rows[i].kept == NULL)
            ck_assert_ptr_null(kept);
        else
            ck_assert_str_eq(kept, rows[i].kept);
        ck_assert_uint_eq(dropped.n, rows[i].kept == NULL ? 0 : 1);
        strings_free(&dropped);
    }
}
END_TEST

START_TEST(the_launchers_own_variable)
{
    struct strings pass = {0}, told = {0};

    options_of_launcher("-Da='b c' --add-modules=x @file -javaagent:y -Dfips.nssdb.pin=pin:1", 17,
                        &pass, &told);
    ck_assert_uint_eq(pass.n, 2);
    ck_assert_str_eq(pass.items[0], "-Da=b c");
    ck_assert_str_eq(pass.items[1], "-Dfips.nssdb.pin=pin:1");
    ck_assert_uint_eq(told.n, 5);
    ck_assert_str_eq(told.items[1], "not passed on from JDK_JAVA_OPTIONS: --add-modules=x (only "
                                    "java itself takes it from there)");
    ck_assert_str_eq(told.items[4], "from JDK_JAVA_OPTIONS: -Dfips.nssdb.pin=...");
    strings_free(&told);
    strings_free(&pass);
    options_of_launcher("-Da", 8, &pass, &told); /* java of 8 does not read it */
    options_of_launcher(NULL, 17, &pass, &told);
    ck_assert_uint_eq(pass.n + told.n, 0);
    options_of_launcher("-Da 'b", 17, &pass, &told);
    ck_assert_uint_eq(pass.n, 0);
    ck_assert_uint_eq(told.n, 1);
    strings_free(&told);
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
    static const char *const none[] = {NULL, NULL};
    static const char *const some[] = {"-XX:+UseG1GC", "-Dx -Xmx2g"};
    struct strings pass = {0};

    options_for_speed(none, 2, &pass);
    ck_assert(among(&pass, "-XX:+UseSerialGC") && among(&pass, "-Xmx64m"));
    strings_free(&pass);
    options_for_speed(some, 2, &pass);
    ck_assert(!among(&pass, "-XX:+UseSerialGC") && !among(&pass, "-Xmx64m"));
    ck_assert(among(&pass, "-Xshare:auto"));
    strings_free(&pass);
    options_of_ours(8, "/dev/null", &pass);
    ck_assert(among(&pass, "-XX:-CreateMinidumpOnCrash") && among(&pass, "-XX:-UsePerfData"));
    ck_assert(!among(&pass, "-XX:-CreateCoredumpOnCrash"));
    strings_free(&pass);
}
END_TEST

/* ---- properties --------------------------------------------------------------------------- */

START_TEST(properties_as_java_reads_them)
{
    own_props struct props props = props_parse("# comment\n! another\n\n  a = b c \n"
                                               "d:e\\\n   f\ng\\=h=i\nj\ninclude x/y.props\r\n"
                                               "k=\\\\\nl=1\nl=2");

    ck_assert_str_eq(props_get(&props, "a"), "b c ");
    ck_assert_str_eq(props_get(&props, "d"), "ef");
    ck_assert_str_eq(props_get(&props, "g=h"), "i");
    ck_assert_str_eq(props_get(&props, "j"), "");
    ck_assert_str_eq(props_get(&props, "include"), "x/y.props");
    ck_assert_str_eq(props_get(&props, "k"), "\\");
    ck_assert_str_eq(props_get(&props, "l"), "2");
    ck_assert_uint_eq(props.n, 8);
}
END_TEST

START_TEST(configuration_of_sunpkcs11)
{
    const char *config = "name = NSS-FIPS\n# nssDbMode = readOnly\n"
                         "nssSecmodDirectory = \"sql:/a b\"\nnssDbMode=readWrite\n";
    own_free char *dir = props_pkcs11(config, "nssSecmodDirectory");
    own_free char *mode = props_pkcs11(config, "nssDbMode");

    ck_assert_str_eq(dir, "sql:/a b");
    ck_assert_str_eq(mode, "readWrite");
    ck_assert_ptr_null(props_pkcs11(config, "nssModule"));
    ck_assert_ptr_null(props_pkcs11(config, "SecmodDirectory"));
}
END_TEST

/* ---- FIPS support ------------------------------------------------------------------------- */

#define GEN_2                                                                                      \
    "security.provider.1=SUN\n"                                                                    \
    "fips.provider.1=SunPKCS11 ${java.home}/conf/security/nss.fips.cfg\n"                          \
    "fips.nssdb.path=sql:/etc/pki/nssdb\nfips.nssdb.pin=pin:\n"                                    \
    "security.useSystemPropertiesFile=true\n"
#define GEN_3                                                                                      \
    "security.provider.1=SUN\n"                                                                    \
    "include redhat/${redhat.crypto-policies}/crypto-policies.properties\n"

START_TEST(kinds_of_support)
{
    static const struct {
        const char *text, *support;
    } rows[] = {
        {"security.provider.1=SUN\n", "stock"},
        {"fips.provider.1=SunPKCS11 ${java.home}/conf/security/nss.fips.cfg\n"
         "fips.provider.4=com.sun.net.ssl.internal.ssl.Provider SunPKCS11-NSS-FIPS\n",
         "Red Hat generation 1"},
        {GEN_2, "Red Hat generation 2"},
        {GEN_3, "Red Hat generation 3"},
        {"include ${suse}/crypto-policies.properties\n", "SUSE generation 3"},
        {"RestrictedSecurity.NSS.140-2.desc.name = x\n", "IBM Semeru"},
        {"", NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        own_free char *support = NULL;

        tree_put("/jdk/conf/security/java.security", rows[i].text);
        support = fips_support(&tree_root, "/jdk");
        if (rows[i].support == NULL)
            ck_assert_ptr_null(support);
        else
            ck_assert_str_eq(support, rows[i].support);
    }
    ck_assert_ptr_null(fips_support(&tree_root, "/nowhere"));
}
END_TEST

START_TEST(what_switches_it)
{
    static const struct {
        const char *text, *variable, *says; /* NULL: nothing; else a part of what is said */
    } rows[] = {
        {GEN_2, "X=", NULL},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=true", NULL},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=TRUE", NULL},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false",
         "JAVA_TOOL_OPTIONS has -Dcom.redhat.fips=false: switches FIPS off"},
        {GEN_2, "JDK_JAVA_OPTIONS=-Dcom.redhat.fips=0", "switches FIPS off"},
        {GEN_2, "_JAVA_OPTIONS=-Dcom.redhat.fips", "switches FIPS off"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.disableSystemPropertiesFile=TRUE",
         "switches FIPS off"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.disableSystemPropertiesFile=1", NULL},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.properties==/u/replace",
         "replaces java.security: switches FIPS off"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/off",
         "its file sets security.useSystemPropertiesFile: switches FIPS off"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.properties=file:///u/fips",
         "another list of providers in FIPS mode"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/nowhere", "cannot be read"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dfips.nssdb.pin=pin:1234", "-Dfips.nssdb.pin=...: a PIN"},
        {GEN_2, "NSS_FIPS=1", "NSS_FIPS is set"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies=false", NULL},
        {GEN_3, "JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies=false", "switches FIPS off"},
        {GEN_3, "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false", NULL},
        {"security.provider.1=SUN\n", "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false", NULL},
        {"security.provider.1=SUN\n", "JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/p11",
         "puts SunPKCS11 first"},
        {"fips.nssdb.path=x\nsecurity.useSystemPropertiesFile=false\n", "X=",
         "as in Red Hat's portable builds"},
    };

    tree_put("/etc/crypto-policies/back-ends/java.config", "");
    tree_put("/u/replace", "security.provider.1=SUN\n");
    tree_put("/u/off", "security.useSystemPropertiesFile=false\n");
    tree_put("/u/fips", "fips.provider.1=SUN\n");
    tree_put("/u/p11", "security.provider.1=SunPKCS11 /u/cfg\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *const env[] = {(char *)(uintptr_t)rows[i].variable, NULL};
        own_free char *support = NULL, *says = NULL;

        tree_put("/jdk/conf/security/java.security", rows[i].text);
        support = fips_support(&tree_root, "/jdk");
        says = fips_switch(&tree_root, "/jdk", support, env);
        if (rows[i].says == NULL)
            ck_assert_msg(says == NULL, "row %zu says '%s'", i, says);
        else
            ck_assert_msg(says != NULL && strstr(says, rows[i].says) != NULL, "row %zu says '%s'",
                          i, says);
    }
}
END_TEST

/* What the context jvm-options does. */
START_TEST(the_other_way_round)
{
    static const struct {
        const char *support, *variable, *option;
    } rows[] = {
        {"stock", "X=", NULL},
        {"stock", "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false", NULL},
        {"stock", "JAVA_TOOL_OPTIONS=-Xmx1g -Djava.security.properties=/u/f",
         "without -Djava.security.properties=/u/f of JAVA_TOOL_OPTIONS"},
        {"Red Hat generation 1", "X=", "-Dcom.redhat.fips=false"},
        {"Red Hat generation 2", "X=", "-Dcom.redhat.fips=false"},
        {"Red Hat generation 2", "_JAVA_OPTIONS=-Dcom.redhat.fips=true", "-Dcom.redhat.fips=false"},
        {"Red Hat generation 2", "_JAVA_OPTIONS=-Dcom.redhat.fips=no",
         "without -Dcom.redhat.fips=no of _JAVA_OPTIONS"},
        {"Red Hat generation 2", "JDK_JAVA_OPTIONS=-Dfips.nssdb.path=/u",
         "-Dcom.redhat.fips=false"},
        {"Red Hat generation 3", "X=", "-Dredhat.crypto-policies=false"},
        {"SUSE generation 3", "X=", NULL},
        {"IBM Semeru", "X=", "-Dsemeru.fips=true"},
        {NULL, "X=", NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        char *const env[] = {(char *)(uintptr_t)rows[i].variable, NULL};
        own_free char *option = fips_option(rows[i].support, env);

        ck_assert_msg(option == NULL || rows[i].option == NULL
                          ? option == rows[i].option
                          : strcmp(option, rows[i].option) == 0,
                      "row %zu: '%s'", i, option);
    }
    ck_assert(fips_is_switch("Red Hat generation 2", "-Dcom.redhat.fips=true"));
    ck_assert(fips_is_switch("Red Hat generation 2", "-Dcom.redhat.fips"));
    ck_assert(!fips_is_switch("Red Hat generation 2", "-Dcom.redhat.fips.plainKeySupport=false"));
    ck_assert(!fips_is_switch("Red Hat generation 3", "-Dcom.redhat.fips=true"));
    ck_assert(!fips_is_switch("stock", "-Xmx1g"));
}
END_TEST

START_TEST(leading_to_nss)
{
    static const struct {
        const char *text;
        bool asks;
    } rows[] = {
        {"security.provider.1=SUN\nsecurity.provider.12=SunPKCS11\n", false},
        {"security.provider.1=SUN\nsecurity.provider.12=SunPKCS11 /etc/nss.cfg\n", true},
        {GEN_2, true},
        {"", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        own_free char *support = NULL;

        tree_put("/jdk/conf/security/java.security", rows[i].text);
        support = fips_support(&tree_root, "/jdk");
        ck_assert_msg(fips_asks_nss(&tree_root, "/jdk", support) == rows[i].asks, "row %zu", i);
    }
    ck_assert(fips_asks_nss(&tree_root, "/nowhere", "stock"));
}
END_TEST

START_TEST(a_missing_policy_is_seen)
{
    char *const env[] = {NULL};
    own_free char *two = NULL, *three = NULL;

    tree_put("/jdk/conf/security/java.security", GEN_2);
    two = fips_switch(&tree_root, "/jdk", "Red Hat generation 2", env);
    ck_assert_str_eq(two, "/etc/crypto-policies/back-ends/java.config is missing: FIPS stays off "
                          "without a word");
    three = fips_switch(&tree_root, "/jdk", "Red Hat generation 3", env);
    ck_assert_str_eq(three, "/etc/crypto-policies/back-ends/java.config is missing: Security "
                            "cannot be initialised");
}
END_TEST

/* ---- databases ---------------------------------------------------------------------------- */

START_TEST(databases_that_may_be_written)
{
    char *const env[] = {(char *)"JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/p11 -Ddb=/u/own",
                         NULL};
    struct jdk jdk = {.home = (char *)"/jdk"};
    struct protect_dirs dirs;

    tree_put("/jdk/conf/security/java.security", GEN_2);
    tree_put("/jdk/conf/security/nss.fips.cfg",
        "name = NSS-FIPS\nnssSecmodDirectory = ${fips.nssdb.path}\nnssDbMode = readWrite\n");
    tree_put("/u/p11", "security.provider.1=SunPKCS11 /u/cfg\n"
                  "security.provider.2=SunPKCS11 --nssSecmodDirectory=/u/inline"
                  " nssDbMode=readOnly\n"
                  "security.provider.3=SunPKCS11 ${nothing}/cfg\nsecurity.provider.4=SunPKCS11\n");
    tree_put("/u/cfg", "nssSecmodDirectory = sql:${db}\n");
    dirs = protect_find(&tree_root, &jdk, env);
    ck_assert_uint_eq(dirs.n, 3);
    ck_assert_str_eq(dirs.items[0].path, "/etc/pki/nssdb");
    ck_assert(dirs.items[0].writes && dirs.items[0].movable);
    ck_assert_str_eq(dirs.items[1].path, "/u/own");
    ck_assert(dirs.items[1].writes && !dirs.items[1].movable); /* readWrite is the default */
    ck_assert_str_eq(dirs.items[2].path, "/u/inline");
    ck_assert(!dirs.items[2].writes);
    protect_dirs_free(&dirs);
}
END_TEST

START_TEST(the_last_word_on_the_database)
{
    char *const env[] = {(char *)"_JAVA_OPTIONS=-Dfips.nssdb.path=sql:/u/other", NULL};
    struct jdk jdk = {.home = (char *)"/jdk"};
    struct protect_dirs dirs;

    tree_put("/jdk/conf/security/java.security", GEN_2);
    tree_put("/jdk/conf/security/nss.fips.cfg", "nssSecmodDirectory = ${fips.nssdb.path}\n");
    dirs = protect_find(&tree_root, &jdk, env);
    ck_assert_uint_eq(dirs.n, 1);
    ck_assert_str_eq(dirs.items[0].path, "/u/other");
    ck_assert(!dirs.items[0].movable);
    protect_dirs_free(&dirs);
}
END_TEST

/* ---- rows --------------------------------------------------------------------------------- */

START_TEST(rows_that_make_no_sense)
{
    static const struct {
        const char *row, *message;
    } rows[] = {
        {"{op: cipher, transformation: T, key-algorithm: K, plaintext: '00', parameters: ctr}",
         "'parameters' is neither gcm, iv nor none"},
        {"{op: cipher, transformation: T, key-algorithm: K, plaintext: '00', parameters: gcm}",
         "'parameters: gcm' needs 'tag-bits'"},
        {"{op: cipher, transformation: T, key-algorithm: K, plaintext: ''}",
         "'plaintext' is empty"},
        {"{op: cipher, transformation: T, key-algorithm: K, plaintext: '00', iv-source: me}",
         "'iv-source' is neither caller nor module"},
        {"{op: keypair, key-algorithm: EC, key-bits: 256, curve: secp256r1}",
         "'key-bits' and 'curve' exclude each other"},
        {"{op: random, bytes: 4}", "'bytes' is not between 16 and 4096"},
        {"{op: random, bytes: 32, instance: weak}", "'instance' can be strong alone"},
        {"{op: signature, algorithm: S, key-algorithm: EC, message: 'aa', private-key: '30'}",
         "'private-key' needs 'key-algorithm: RSA'"},
        {"{op: signature, algorithm: S, key-algorithm: RSA, message: 'aa', hash: SHA-256}",
         "'hash' and 'salt-bytes' need each other"},
        {"{op: pair-cipher, transformation: T, key-algorithm: RSA, plaintext: 'aa', private-key: "
         "'30'}",
         "'private-key' needs 'key-algorithm: RSA' and 'ciphertext'"},
        {"{op: import, key: 'aa', key-algorithm: K, transformation: T, plaintext: 'aa'}",
         "it needs 'transformation'"},
        {"{op: import, key: 'aa', algorithm: A, message: 'aa'}", "it needs 'transformation'"},
        {"{op: import, key: 'aa', algorithm: A, transformation: T, message: 'aa', answer: 'aa'}",
         "it needs 'transformation'"},
        {"{op: verify, algorithm: A, key-algorithm: EC, point: '04', message: 'aa', answer: 'aa'}",
         "it needs 'point' and 'public-head'"},
        {"{op: import-private, algorithm: A, key-algorithm: EC, private-key: '30', message: 'aa'}",
         "it needs 'answer' or a public key"},
        {"{op: keypair, key-algorithm: EC, curve: P-256}", "'curve' is not of the form secp256r1"},
        {"{op: agreement, algorithm: DH, key-algorithm: DH, prime: 'ff'}", "'prime' needs 'base'"},
        {"{op: keystore, certificate: '30'}", "'certificate' and 'password' need each other"},
        {"{op: key-factory, algorithm: AES, key: 'aa'}", "'algorithm' is neither DES nor DESede"},
        {"{op: tls-offer, protocol: TLS, what: all}", "'what' is neither protocols, suites"},
    };
    static const struct catalogue_rules rules = {.jca_ops = java_ops, .check_jca = java_check};

    for (size_t i = 0; i < COUNT(rows); i++) {
        own_free char *text = mem_printf("- {id: door.open, title: x, jca: {op: open}}\n"
                                         "- {id: a.b, title: x, jca: %s}\n",
                                         rows[i].row);
        struct catalogue catalogue;
        own_err struct err err = {0};

        ck_assert_int_eq(catalogue_load("c", text, strlen(text), &rules, &catalogue, &err), -1);
        ck_assert_msg(strstr(err.msg, rows[i].message) != NULL, "row %zu: %s", i, err.msg);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("java");
    TCase *t = tcase_create("java");

    tcase_add_checked_fixture(t, tree_set_up, tree_tear_down);
    tcase_add_test(t, words_are_split_as_java_does);
    tcase_add_test(t, options_with_effects_do_not_reach_the_vm);
    tcase_add_test(t, the_launchers_own_variable);
    tcase_add_test(t, our_options_yield);
    tcase_add_test(t, properties_as_java_reads_them);
    tcase_add_test(t, configuration_of_sunpkcs11);
    tcase_add_test(t, kinds_of_support);
    tcase_add_test(t, what_switches_it);
    tcase_add_test(t, the_other_way_round);
    tcase_add_test(t, leading_to_nss);
    tcase_add_test(t, a_missing_policy_is_seen);
    tcase_add_test(t, databases_that_may_be_written);
    tcase_add_test(t, the_last_word_on_the_database);
    tcase_add_test(t, rows_that_make_no_sense);
    suite_add_tcase(s, t);
    return unit_run(s);
}
