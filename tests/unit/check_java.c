/* SPDX-License-Identifier: Apache-2.0
 *
 * What java-harness reads and decides without a JDK: the options of the environment, which
 * databases need protection.
 */
#include "base/own.h"
#include "java-harness/classpath.h"
#include "java-harness/java.h"
#include "java-harness/kind.h"
#include "java-harness/launch.h"
#include "java-harness/options.h"
#include "java-harness/props.h"
#include "java-harness/protect.h"

#include "tree.h"
#include "unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- options ------------------------------------------------------------------------------ */

static void launch(const char *variable, unsigned long major, struct launch *out)
{
    char *const env[] = {(char *)(uintptr_t)variable, NULL};

    launch_read(&tree_root, env, major, out);
}

START_TEST(an_argument_file_as_the_launcher_reads_it)
{
    static const struct {
        const char *text;
        const char *words[5];
    } rows[] = {
        {"-Da=b -Dc", {"-Da=b", "-Dc"}},
        {"-Da='b c'\n\"-Dd=e f\"", {"-Da=b c", "-Dd=e f"}},
        {"# comment -Dx\n-Da#rest\n-Db", {"-Da", "-Db"}},
        {"-Da=\"x\\\\y\\tz\" -Db=c\\d", {"-Da=x\\y\tz", "-Db=c\\d"}},
        {"-Da=\"one \\\n   two\"", {"-Da=one two"}},
        {"-Da=\"open\n-Db", {"-Da=open", "-Db"}},
        {"-Da=\"#no comment\"", {"-Da=#no comment"}},
        {"--limit-modules java.base -cp /x:y --add-modules=ALL-SYSTEM",
         {"--limit-modules=java.base", "-Djava.class.path=/x:y", "--add-modules=ALL-SYSTEM"}},
        {"-p /m -verify -mx9m -Dlast", {"--module-path=/m", "-Xverify:all", "-Xmx9m", "-Dlast"}},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        own_launch struct launch l;
        size_t n = 0;

        tree_put("/u/args", rows[i].text);
        launch("JDK_JAVA_OPTIONS=@/u/args", 17, &l);
        ck_assert_msg(l.refused == NULL, "row %zu: %s", i, l.refused);
        for (; rows[i].words[n] != NULL; n++)
            ck_assert_msg(n < l.n && strcmp(l.items[n].text, rows[i].words[n]) == 0,
                          "row %zu, word %zu: '%s'", i, n, n < l.n ? l.items[n].text : "(none)");
        ck_assert_uint_eq(l.n, n);
        ck_assert_str_eq(l.items[0].via, "/u/args");
    }
}
END_TEST

START_TEST(what_java_refuses_or_keeps)
{
    static const struct {
        const char *value;
        unsigned long major;
        const char *refused; /* NULL: it is not */
        size_t words, told;
    } rows[] = {
        {"-Da='b c' --add-modules x -Dfips.nssdb.pin=pin:1", 17, NULL, 3, 0},
        {"-Da", 8, NULL, 0, 1},
        {"-Da 'b", 17, "a quote that is never closed", 0, 0},
        {"@/u/none", 17, "@/u/none, which cannot be read", 0, 0},
        {"@/u/nested", 17, "'@/u/args', which java takes for a main class", 1, 0},
        {"-Da Main", 17, "'Main', which java takes for a main class", 2, 0},
        {"@@x", 17, "'@x'", 1, 0},
        {"-version", 17, "-version is not allowed", 1, 0},
        {"-jar x.jar", 17, "-jar is not allowed", 2, 0},
        {"--limit-modules", 17, "--limit-modules without its value", 0, 0},
        {"--limit-modules -Da", 17, "--limit-modules without its value", 1, 0},
        {"--list-modules", 17, "java lists its modules and ends", 0, 0},
        {"-showversion -splash:x.png -XshowSettings:all -Da", 17, NULL, 1, 3},
        {"--disable-@files -Da", 21, NULL, 1, 1},
        {"--disable-@files -Da", 17, NULL, 2, 0}, /* the VM refuses it */
        {"", 17, NULL, 0, 0},
    };

    tree_put("/u/args", "-Dx");
    tree_put("/u/nested", "@/u/args");
    for (size_t i = 0; i < COUNT(rows); i++) {
        own_free char *variable = mem_printf("JDK_JAVA_OPTIONS=%s", rows[i].value);
        own_launch struct launch l;

        launch(variable, rows[i].major, &l);
        ck_assert_msg(rows[i].refused == NULL
                          ? l.refused == NULL
                          : l.refused != NULL && strstr(l.refused, rows[i].refused) != NULL,
                      "row %zu: %s", i, l.refused);
        ck_assert_msg(l.told.n == rows[i].told, "row %zu: %zu are told", i, l.told.n);
        if (rows[i].refused == NULL)
            ck_assert_msg(l.n == rows[i].words, "row %zu: %zu words", i, l.n);
    }
}
END_TEST

START_TEST(the_launchers_own_variable)
{
    struct strings pass = {0}, told = {0};
    own_launch struct launch l;
    own_free char *path = NULL;
    char *const env[] = {(char *)"CLASSPATH=/env", NULL};

    launch("JDK_JAVA_OPTIONS=-Da='b c' -javaagent:y -cp /a:b:/c* -Dfips.nssdb.pin=pin:1", 17, &l);
    path = classpath_option(&tree_root, &l, env, &told);
    ck_assert_str_eq(path, "-Djava.class.path=/a:/c*");
    ck_assert_uint_eq(told.n, 1);
    ck_assert_str_eq(told.items[0], "not passed on from JDK_JAVA_OPTIONS: b");
    strings_free(&told);
    launch_pass(&l, &pass, &told);
    ck_assert_uint_eq(pass.n, 2);
    ck_assert_str_eq(pass.items[0], "-Da=b c");
    ck_assert_str_eq(pass.items[1], "-Dfips.nssdb.pin=pin:1");
    ck_assert_uint_eq(told.n, 3);
    ck_assert_str_eq(told.items[1],
                     "not passed on from JDK_JAVA_OPTIONS: -javaagent:y (an agent may write)");
    ck_assert_str_eq(told.items[2], "from JDK_JAVA_OPTIONS: -Dfips.nssdb.pin=...");
    strings_free(&told);
    strings_free(&pass);
}
END_TEST

START_TEST(a_class_path_with_patterns)
{
    static const struct {
        const char *value, *path;
        size_t told;
    } rows[] = {
        {"/u/one/*", "/u/one/a.jar", 0},
        {"/u/one/*:/u/none/*:/u/empty/*", "/u/one/a.jar:/u/none/*:/u/empty/*", 0},
        {"/x:/u/one/*:", "/x:/u/one/a.jar", 0},
        {"/u/star/*", "/u/star/*", 0}, /* a file of that name */
        {"/u/one/a*:/u/one*", "/u/one/a*:/u/one*", 0},
        {"*:x/*:.", "/dev/null", 3},
        {"", "/dev/null", 0},
    };

    tree_put("/u/one/a.jar", "");
    tree_put("/u/one/b.zip", "");
    tree_put("/u/one/c:d.jar", "");
    tree_put("/u/one/.jars", "");
    tree_put("/u/empty/readme", "");
    tree_put("/u/star/*", "");
    tree_put("/u/star/a.jar", "");
    for (size_t i = 0; i < COUNT(rows); i++) {
        own_free char *variable = mem_printf("CLASSPATH=%s", rows[i].value);
        char *const env[] = {variable, NULL};
        struct strings told = {0};
        own_launch struct launch l;
        own_free char *path = NULL, *wanted = mem_printf(LAUNCH_CLASS_PATH "%s", rows[i].path);

        launch_read(&tree_root, env, 17, &l);
        path = classpath_option(&tree_root, &l, env, &told);
        ck_assert_msg(strcmp(path, wanted) == 0, "row %zu: %s", i, path);
        ck_assert_uint_eq(told.n, rows[i].told);
        strings_free(&told);
    }
}
END_TEST

START_TEST(the_kind_of_vm_is_what_java_would_start)
{
    static const struct {
        const char *options, *alternate; /* the two variables */
        const char *libjvm, *refused, *not_followed;
        size_t words; /* that are left */
    } rows[] = {
        {"-Da", NULL, NULL, NULL, NULL, 1},
        {"-zero -Da", NULL, "/j/lib/zero/libjvm.so", NULL, NULL, 1},
        {"-J-zero", NULL, "/j/lib/zero/libjvm.so", NULL, NULL, 0},
        {"-zero -server", NULL, NULL, NULL, NULL, 0},
        {"-client", NULL, NULL, NULL, NULL, 0},
        {"-hotspot", NULL, "/j/lib/zero/libjvm.so", NULL, NULL, 0},
        {"-ring", NULL, NULL, "leads to no VM", NULL, 0},
        {"-loose", NULL, NULL, "jvm.cfg has -gone for -loose", NULL, 0},
        {"-classic", NULL, NULL, "jvm.cfg does not allow -classic", NULL, 0},
        {"-dcevm", NULL, NULL, "chooses /j/lib/dcevm/libjvm.so, and there is no such file", NULL, 0},
        {"-XXaltjvm=zero", NULL, "/j/lib/zero/libjvm.so", NULL, NULL, 0},
        {"-J-XXaltjvm=/j/lib/zero", NULL, "/j/lib/zero/libjvm.so", NULL, NULL, 0},
        {"-XXaltjvm=./zero", NULL, NULL, NULL, "./zero, which depends on the current", 0},
        {"-Da", "zero", "/j/lib/zero/libjvm.so", NULL, NULL, 1},
        {"-server", "zero", NULL, NULL, NULL, 0},
        {"-Da", "", NULL, "JDK_ALTERNATE_VM chooses", NULL, 1},
        {"-Da", "x/y", NULL, NULL, "JDK_ALTERNATE_VM leads to x/y", 1},
    };

    tree_put("/j/lib/jvm.cfg", "# kinds\n-server KNOWN\n-zero KNOWN\n-client IGNORE\n"
                               "-hotspot ALIASED_TO -zero\n-ring ALIASED_TO -ring\n"
                               "-loose ALIASED_TO -gone\n-classic ERROR\n-dcevm KNOWN\n-x\n");
    tree_put("/j/lib/server/libjvm.so", "");
    tree_put("/j/lib/zero/libjvm.so", "");
    for (size_t i = 0; i < COUNT(rows); i++) {
        own_free char *options = mem_printf("JDK_JAVA_OPTIONS=%s", rows[i].options);
        own_free char *alternate = mem_printf("JDK_ALTERNATE_VM=%s", rows[i].alternate);
        char *const env[] = {options, rows[i].alternate == NULL ? NULL : alternate, NULL};
        own_launch struct launch l;

        launch_read(&tree_root, env, 17, &l);
        kind_choose(&tree_root, env, "/j/lib", "/j/lib/server/libjvm.so", &l);
        ck_assert_pstr_eq(l.libjvm, rows[i].libjvm);
        ck_assert_msg(rows[i].refused == NULL
                          ? l.refused == NULL
                          : l.refused != NULL && strstr(l.refused, rows[i].refused) != NULL,
                      "row %zu: %s", i, l.refused);
        ck_assert_msg(rows[i].not_followed == NULL
                          ? l.not_followed == NULL
                          : l.not_followed != NULL &&
                                strstr(l.not_followed, rows[i].not_followed) != NULL,
                      "row %zu: %s", i, l.not_followed);
        ck_assert_msg(l.n == rows[i].words, "row %zu: %zu words", i, l.n);
    }
}
END_TEST

START_TEST(the_first_kind_must_be_there)
{
    char *const env[] = {NULL};
    own_launch struct launch l;

    tree_put("/k/lib/jvm.cfg", "-server KNOWN\n-zero KNOWN\n");
    tree_put("/k/lib/zero/libjvm.so", "");
    launch_read(&tree_root, env, 17, &l);
    kind_choose(&tree_root, env, "/k/lib", "/k/lib/zero/libjvm.so", &l);
    ck_assert_str_eq(l.refused, "jvm.cfg chooses /k/lib/server/libjvm.so, and there is no such file");
}
END_TEST

START_TEST(a_jdk_without_jvm_cfg_is_taken_as_it_was_found)
{
    char *const env[] = {(char *)"JDK_JAVA_OPTIONS=-server", NULL};
    own_launch struct launch l;

    tree_put("/n/lib/server/libjvm.so", "");
    launch_read(&tree_root, env, 17, &l);
    kind_choose(&tree_root, env, "/n/lib", "/n/lib/server/libjvm.so", &l);
    ck_assert_ptr_null(l.refused);
    ck_assert_ptr_null(l.libjvm);
}
END_TEST

START_TEST(files_of_options_and_their_rules)
{
    static const struct {
        const char *value, *refused;
        size_t words;
    } rows[] = {
        {"JAVA_TOOL_OPTIONS=-XX:VMOptionsFile=/u/vm", NULL, 2},
        {"JAVA_TOOL_OPTIONS=-XX:VMOptionsFile=/u/vm -XX:VMOptionsFile=/u/vm", "a second", 4},
        {"JAVA_TOOL_OPTIONS=-XX:VMOptionsFile=/u/vm2", "/u/vm2, names another one", 0},
        {"JAVA_TOOL_OPTIONS=-XX:VMOptionsFile=/u/vm3", NULL, 1}, /* the flags' own words */
        {"JDK_JAVA_OPTIONS=@/u/at", NULL, 2},
        {"JDK_JAVA_OPTIONS=--limit-modules=", "--limit-modules= without its value", 0},
        {"JDK_JAVA_OPTIONS=--source 8", "compiles a source file", 0},
    };

    tree_put("/u/vm", "-Da -javaagent:x");
    tree_put("/u/vm2", "-XX:VMOptionsFile=/u/vm");
    tree_put("/u/vm3", "-XX:Flags=/u/f");
    tree_put("/u/f", "OnError=touch");
    tree_put("/u/at", "-XX:VMOptionsFile=/u/vm");
    for (size_t i = 0; i < COUNT(rows); i++) {
        own_launch struct launch l;

        launch(rows[i].value, 17, &l);
        ck_assert_msg(rows[i].refused == NULL
                          ? l.refused == NULL
                          : l.refused != NULL && strstr(l.refused, rows[i].refused) != NULL,
                      "row %zu: %s", i, l.refused);
        ck_assert_msg(l.n == rows[i].words, "row %zu: %zu words", i, l.n);
        if (i == 3)
            ck_assert_ptr_nonnull(l.items[0].why_not);
    }
}
END_TEST

START_TEST(the_last_word_wins)
{
    char *const env[] = {(char *)"_JAVA_OPTIONS=-Da=3", (char *)"JAVA_TOOL_OPTIONS=-Da=1 -Db=1",
                         (char *)"JDK_JAVA_OPTIONS=-Da=2 -Db", NULL};
    own_launch struct launch l;

    launch_read(&tree_root, env, 17, &l);
    ck_assert_str_eq(launch_value(launch_property(&l, "a")), "3");
    ck_assert_str_eq(launch_property(&l, "a")->variable, "_JAVA_OPTIONS");
    ck_assert_str_eq(launch_value(launch_property(&l, "b")), "");
    ck_assert_ptr_null(launch_property(&l, "c"));
}
END_TEST

/* ---- properties --------------------------------------------------------------------------- */

START_TEST(properties_as_java_reads_them)
{
    own_props struct props props = props_parse("# comment\n! another\n\n  a = b c \n"
                                               "d:e\\\n   f\ng\\=h=i\nj\ninclude x/y.props\r\n"
                                               "k=\\\\\nl=1\nl=2\nm\\u0061=\\u002Fx\\u00e9\\u20AC"
                                               "\\ty");
    own_props struct props bad = props_parse("a=\\u00zz");

    ck_assert_str_eq(props_get(&props, "a"), "b c ");
    ck_assert_str_eq(props_get(&props, "d"), "ef");
    ck_assert_str_eq(props_get(&props, "g=h"), "i");
    ck_assert_str_eq(props_get(&props, "j"), "");
    ck_assert_str_eq(props_get(&props, "include"), "x/y.props");
    ck_assert_str_eq(props_get(&props, "k"), "\\");
    ck_assert_str_eq(props_get(&props, "l"), "2");
    ck_assert_str_eq(props_get(&props, "ma"), "/x\u00e9\u20ac\ty");
    ck_assert_uint_eq(props.n, 9);
    ck_assert(!props.malformed && bad.malformed);
}
END_TEST

/* java.util.Properties.load throws "Malformed \\uxxxx encoding." for these. */
START_TEST(broken_escapes)
{
    static const struct {
        const char *text;
        bool malformed;
    } rows[] = {
        {"a=\\u00e9\n", false}, {"a=\\u00zz\n", true},      {"a=\\u00e", true},
        {"\\u12=b\n", true},    {"a=\\\\u00zz\n", false}, {"# \\u00zz\n", false},
        {"a=\\U00zz\n", false}, {"a=b\\\n\\u", true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_props struct props props = props_parse(rows[i].text);

        ck_assert_msg(props.malformed == rows[i].malformed, "row %zu", i);
    }
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

#define GEN_2                                                                                      \
    "security.provider.1=SUN\nsecurity.overridePropertiesFile=true\n"                              \
    "fips.provider.1=SunPKCS11 ${java.home}/conf/security/nss.fips.cfg\n"                          \
    "fips.nssdb.path=sql:/etc/pki/nssdb\nfips.nssdb.pin=pin:\n"                                    \
    "security.useSystemPropertiesFile=true\n"

/* ---- databases ---------------------------------------------------------------------------- */

static struct protect_dirs found(const struct jdk *jdk, char *const *env)
{
    own_launch struct launch l;

    launch_read(&tree_root, env, 17, &l);
    return protect_find(&tree_root, jdk, &l);
}

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
                  "security.provider.3=SunPKCS11 ${nothing}/cfg\nsecurity.provider.4=SunPKCS11\n"
                  "security.provider.5=SunPKCS11 --name=a\\\\nnssSecmodDirectory=/u/line\\\\nnssModule=b\n"
                  "security.provider.6=SunPKCS11 /u/dir\\u0065ct\n");
    tree_put("/u/cfg", "nssSecmodDirectory = sql:${db}\n");
    tree_put("/u/direct", "library = /x/libsoftokn3.so\n"
                          "nssArgs = \"configdir='sql:/u/token' secmod='' flags=forceOpen\"\n");
    dirs = found(&jdk, env);
    ck_assert_uint_eq(dirs.n, 5);
    ck_assert_str_eq(dirs.items[0].path, "/etc/pki/nssdb");
    ck_assert(dirs.items[0].writes && dirs.items[0].movable);
    ck_assert_str_eq(dirs.items[3].path, "/u/line");
    ck_assert(dirs.items[3].writes);
    ck_assert_str_eq(dirs.items[4].path, "/u/token");
    ck_assert(dirs.items[4].writes && !dirs.items[4].movable);
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
    dirs = found(&jdk, env);
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
         "'parameters' is neither gcm, iv, chacha20 nor none"},
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
        {"{op: wrap, transformation: T, key-algorithm: K, key-bits: 128, iv-source: me}",
         "'iv-source' is neither caller nor module"},
        {"{op: cipher, transformation: T, key-algorithm: K, plaintext: '00', parameters: chacha20, "
         "iv: '0011'}",
         "'parameters: chacha20' needs an 'iv' of 16 bytes"},
        {"{op: signature, algorithm: S, key-algorithm: EC, message: 'aa', signed: '30'}",
         "'signed' needs 'public-key' or 'private-key'"},
        {"{op: agreement, algorithm: A, key-algorithm: EC, private-key: '30', answer: '00'}",
         "'private-key', 'peer-key' and 'answer' need each other"},
        {"{op: agreement, algorithm: A, key-algorithm: EC, private-key: '30', peer-key: '30'}",
         "'private-key', 'peer-key' and 'answer' need each other"},
        {"{op: pair-wrap, transformation: T, key-algorithm: RSA, private-key: '30'}",
         "'private-key' needs 'key-algorithm: RSA' and 'ciphertext'"},
        {"{op: keystore, store: '30'}", "'private-key' and 'store' need 'certificate'"},
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
    tcase_add_test(t, an_argument_file_as_the_launcher_reads_it);
    tcase_add_test(t, what_java_refuses_or_keeps);
    tcase_add_test(t, the_launchers_own_variable);
    tcase_add_test(t, a_class_path_with_patterns);
    tcase_add_test(t, the_kind_of_vm_is_what_java_would_start);
    tcase_add_test(t, the_first_kind_must_be_there);
    tcase_add_test(t, a_jdk_without_jvm_cfg_is_taken_as_it_was_found);
    tcase_add_test(t, files_of_options_and_their_rules);
    tcase_add_test(t, the_last_word_wins);
    tcase_add_test(t, properties_as_java_reads_them);
    tcase_add_test(t, broken_escapes);
    tcase_add_test(t, configuration_of_sunpkcs11);
    tcase_add_test(t, databases_that_may_be_written);
    tcase_add_test(t, the_last_word_on_the_database);
    tcase_add_test(t, rows_that_make_no_sense);
    suite_add_tcase(s, t);
    return unit_run(s);
}
