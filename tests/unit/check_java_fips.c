/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files and the environment say about a JDK's FIPS mode, on trees made here as the
 * packages of each vendor leave them: JAVA.md, sections 0.1 and 1; JAVA-REDHAT.md, section 2.2.
 */
#include "base/own.h"
#include "java-harness/fips.h"
#include "java-harness/p11config.h"
#include "java-harness/security.h"

#include "tree.h"
#include "unit.h"

#include <string.h>
#include <sys/stat.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define POLICY "/etc/crypto-policies/back-ends/java.config"
#define SECURITY "/jdk/conf/security"
#define STOCK "security.provider.1=SUN\nsecurity.overridePropertiesFile=true\n"
#define GEN_1                                                                                      \
    STOCK "fips.provider.1=SunPKCS11 ${java.home}/conf/security/nss.fips.cfg\n"                    \
          "fips.provider.2=SUN\nfips.provider.3=SunEC\n"                                           \
          "fips.provider.4=com.sun.net.ssl.internal.ssl.Provider SunPKCS11-NSS-FIPS\n"             \
          "security.useSystemPropertiesFile=true\n"
#define GEN_2                                                                                      \
    STOCK "fips.provider.1=SunPKCS11 ${java.home}/conf/security/nss.fips.cfg\n"                    \
          "fips.nssdb.path=sql:/etc/pki/nssdb\nfips.nssdb.pin=pin:\n"                              \
          "security.useSystemPropertiesFile=true\n"
#define GEN_3 STOCK "include redhat/${redhat.crypto-policies}/crypto-policies.properties\n"

/* The files of Red Hat's 25: JAVA.md 1.5. */
static void put_generation_3(void)
{
    tree_put(SECURITY "/redhat/crypto-policies.properties",
             "include true/crypto-policies.properties\n");
    tree_put(SECURITY "/redhat/true/crypto-policies.properties",
             "include " POLICY "\ninclude ../${__redhat_fips__}/fips.properties\n");
    tree_put(SECURITY "/redhat/false/crypto-policies.properties", "");
    tree_put(SECURITY "/redhat/false/fips.properties", "");
    tree_put(SECURITY "/redhat/true/fips.properties",
             "__redhat_fips_filter__=true\n"
             "security.provider.1=SunPKCS11 ${java.home}/conf/security/redhat/SunPKCS11-FIPS.cfg\n"
             "security.provider.2=SUN\nsecurity.provider.3=\nkeystore.type=pkcs12\n");
    tree_put(SECURITY "/redhat/SunPKCS11-FIPS.cfg",
             "name = FIPS\nlibrary = /usr/lib64/java-25-openjdk/libnssadapter.so\nslot = 3\n"
             "nssUseSecmod = false\n"
             "attributes(*,CKO_SECRET_KEY,*)={ CKA_SIGN=true CKA_ENCRYPT=true }\n");
}

static void put_policy(void)
{
    tree_put("/usr/share/crypto-policies/FIPS/java.txt", "jdk.tls.ephemeralDHKeySize=2048\n");
    tree_put_link("/usr/share/crypto-policies/FIPS/java.txt", POLICY);
}

static void examine(const char *version, const char *const *env, struct jdk *jdk)
{
    static const char *const none[] = {NULL};

    *jdk = (struct jdk){.home = mem_str("/jdk"), .version = mem_str(version),
                        .libjvm = mem_str("/jdk/lib/server/libjvm.so")};
    fips_examine(&tree_root, (char *const *)(uintptr_t)(env == NULL ? none : env), jdk);
}

static bool says(const struct strings *lines, const char *text)
{
    for (size_t i = 0; i < lines->n; i++)
        if (strstr(lines->items[i], text) != NULL)
            return true;
    return false;
}

/* ---- which kind ------------------------------------------------------------------------------ */

START_TEST(kinds_of_support)
{
    static const struct {
        const char *text, *support, *shown;
    } rows[] = {
        {STOCK, "stock", NULL},
        {GEN_1, "Red Hat generation 1", "fips.provider.1=SunPKCS11"},
        {GEN_2, "Red Hat generation 2", "fips.nssdb.path=sql:/etc/pki/nssdb"},
        {GEN_3, "Red Hat generation 3", "include=redhat/"},
        {"include ${suse}/crypto-policies.properties\n", "SUSE generation 3", "include=${suse}"},
        {"RestrictedSecurity.NSS.140-2.desc.name = x\n", "IBM Semeru", "RestrictedSecurity."},
        {"security.provider.1=org.bouncycastle.jcajce.provider.BouncyCastleFipsProvider\n",
         "stock, Bouncy Castle FIPS first", "security.provider.1="},
        {"security.provider.1=com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider\n",
         "stock, Amazon's ACCP first", "AmazonCorretto"},
        {"security.provider.1=SunPKCS11 /etc/nss.cfg\n", "stock, SunPKCS11 first by hand",
         "SunPKCS11 /etc/nss.cfg"},
        {"", NULL, NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct jdk jdk;

        tree_put(SECURITY "/java.security", rows[i].text);
        examine("17.0.19", NULL, &jdk);
        if (rows[i].support == NULL)
            ck_assert_ptr_null(jdk.fips_support);
        else
            ck_assert_str_eq(jdk.fips_support, rows[i].support);
        ck_assert_msg(rows[i].shown == NULL ? jdk.fips_files.n == 0
                                            : says(&jdk.fips_files, rows[i].shown), "row %zu", i);
        jdk_free(&jdk);
    }
    ck_assert_ptr_null(fips_support(&tree_root, "/nowhere"));
}
END_TEST

START_TEST(a_file_of_another_build)
{
    struct jdk jdk;

    put_policy();
    tree_put("/jdk/lib/libsystemconf.so", "");
    tree_put(SECURITY "/java.security", STOCK);
    tree_put(SECURITY "/java.security.rpmnew", GEN_2);
    examine("17.0.19", NULL, &jdk);
    ck_assert_str_eq(jdk.fips_support, "Red Hat generation 2");
    ck_assert(says(&jdk.fips_off, "no list of FIPS providers"));
    ck_assert(says(&jdk.fips_files, "/jdk/lib/libsystemconf.so"));
    ck_assert(says(&jdk.fips_files, "java.security.rpmnew"));
    jdk_free(&jdk);
    examine("11.0.25", NULL, &jdk);
    ck_assert_str_eq(jdk.fips_support, "Red Hat generation 1");
    jdk_free(&jdk);
}
END_TEST

START_TEST(without_libsystemconf_nothing_works)
{
    struct jdk jdk;

    put_policy();
    tree_put(SECURITY "/java.security", GEN_2);
    examine("17.0.19", NULL, &jdk);
    ck_assert(says(&jdk.fips_off, "libsystemconf.so is missing: Security cannot be initialised"));
    jdk_free(&jdk);
    tree_put("/jdk/lib/libsystemconf.so", "");
    examine("17.0.19", NULL, &jdk);
    ck_assert_uint_eq(jdk.fips_off.n, 0);
    jdk_free(&jdk);
}
END_TEST

/* ---- what switches it ------------------------------------------------------------------------ */

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
         "the file /u/off (of JAVA_TOOL_OPTIONS) sets security.useSystemPropertiesFile=false: "
         "switches FIPS off"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.properties=file:///u/fips",
         "another list of providers in FIPS mode"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/nowhere", "cannot be read"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dfips.nssdb.pin=pin:1234", "-Dfips.nssdb.pin=...: a PIN"},
        {GEN_2, "NSS_FIPS=1", "NSS_FIPS is set"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies=false", NULL},
        {GEN_3, "JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies=false", "switches FIPS off"},
        {GEN_3, "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false", NULL},
        {STOCK, "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false", NULL},
        {STOCK, "JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/p11",
         "puts SunPKCS11 first"},
        {"fips.nssdb.path=x\nsecurity.useSystemPropertiesFile=false\n", "X=",
         "as in Red Hat's portable builds"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips.plainKeySupport=false",
         "keys cannot be imported"},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Dcom.redhat.fips.plainKeySupport=FALSE", NULL},
        {GEN_2, "JAVA_TOOL_OPTIONS=-Djava.security.properties==/u/whole", "another list"},
        {GEN_2, "JDK_JAVA_OPTIONS=@/u/args",
         "the file /u/args, which JDK_JAVA_OPTIONS names, has -Dcom.redhat.fips=no"},
        {STOCK, "JAVA_TOOL_OPTIONS=-Djava.security.properties=", "cannot be read"},
    };

    put_policy();
    put_generation_3();
    tree_put("/jdk/lib/libsystemconf.so", "");
    tree_put("/u/replace", "security.provider.1=SUN\n");
    tree_put("/u/whole", "security.provider.1=SUN\nfips.provider.1=SUN\n"
                         "security.useSystemPropertiesFile=TRUE\n");
    tree_put("/u/off", "security.useSystemPropertiesFile=false\n");
    tree_put("/u/fips", "fips.provider.1=SUN\n");
    tree_put("/u/p11", "security.provider.1=SunPKCS11 /u/cfg\n");
    tree_put("/u/args", "# the application's\n-Dcom.redhat.fips=no\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *const env[] = {rows[i].variable, NULL};
        bool third = strstr(rows[i].text, "include") != NULL;
        struct jdk jdk;

        tree_put(SECURITY "/java.security", rows[i].text);
        if (strstr(rows[i].text, "fips.provider") == NULL && strstr(rows[i].text, "nssdb") == NULL)
            tree_remove("/jdk/lib/libsystemconf.so");
        else
            tree_put("/jdk/lib/libsystemconf.so", "");
        examine(third ? "25.0.2" : "17.0.19", env, &jdk);
        if (rows[i].says == NULL)
            ck_assert_msg(jdk.fips_switch == NULL, "row %zu says '%s'", i, jdk.fips_switch);
        else
            ck_assert_msg(jdk.fips_switch != NULL && strstr(jdk.fips_switch, rows[i].says) != NULL,
                          "row %zu says '%s'", i, jdk.fips_switch);
        jdk_free(&jdk);
    }
}
END_TEST

/* JAVA-REDHAT.md 2.2, JAVA.md 1.3 and 1.5: on, or off and by what. */
START_TEST(on_or_off)
{
    static const struct {
        int generation;
        const char *variables[3];
        const char *off; /* NULL: FIPS mode is left to the kernel's flag */
    } rows[] = {
        {2, {"X="}, NULL},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=true"}, NULL},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=TRUE"}, NULL},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false"}, "-Dcom.redhat.fips=false"},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=False"}, "-Dcom.redhat.fips=False"},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=0"}, "-Dcom.redhat.fips=0"},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=no"}, "-Dcom.redhat.fips=no"},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=yes"}, "-Dcom.redhat.fips=yes"},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips="}, "-Dcom.redhat.fips="},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips"}, "-Dcom.redhat.fips="},
        {2, {"JAVA_TOOL_OPTIONS=-Djava.security.disableSystemPropertiesFile=true"}, "disableSys"},
        {2, {"JAVA_TOOL_OPTIONS=-Djava.security.disableSystemPropertiesFile=TRUE"}, "disableSys"},
        {2, {"JAVA_TOOL_OPTIONS=-Djava.security.disableSystemPropertiesFile=1"}, NULL},
        {2, {"JAVA_TOOL_OPTIONS=-Djava.security.disableSystemPropertiesFile=yes"}, NULL},
        {2, {"JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/off"}, "useSystemPropertiesFile"},
        {2, {"JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/ON"}, NULL},
        {2, {"JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/sun"}, NULL},
        {2, {"JAVA_TOOL_OPTIONS=-Djava.security.properties==/u/sun"}, "the file /u/sun (of JAVA_TOOL_OPTIONS) replaces java.security"},
        {2, {"JDK_JAVA_OPTIONS=-Dcom.redhat.fips=false"}, "JDK_JAVA_OPTIONS has"},
        {2, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false", "_JAVA_OPTIONS=-Dcom.redhat.fips=true"},
         NULL}, /* the last one wins */
        {2, {"_JAVA_OPTIONS=-Dcom.redhat.fips=false", "JDK_JAVA_OPTIONS=-Dcom.redhat.fips=true"},
         "_JAVA_OPTIONS has"},
        {2, {"NSS_FIPS=0"}, NULL},
        {1, {"X="}, NULL},
        {1, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false"}, "-Dcom.redhat.fips=false"},
        {1, {"JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies=false"}, NULL},
        {3, {"X="}, NULL},
        {3, {"JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies=true"}, NULL},
        {3, {"JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies="}, NULL},
        {3, {"JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies=false"}, "-Dredhat.crypto-policies=false"},
        {3, {"JAVA_TOOL_OPTIONS=-Dredhat.crypto-policies=TRUE"}, "Security cannot be initialised"},
        {3, {"JAVA_TOOL_OPTIONS=-Dcom.redhat.fips=false"}, NULL},
        {3, {"JAVA_TOOL_OPTIONS=-D__redhat_fips__=false"}, NULL},
    };

    put_policy();
    put_generation_3();
    tree_put("/u/off", "security.useSystemPropertiesFile=false\n");
    tree_put("/u/ON", "security.useSystemPropertiesFile=TRUE\n");
    tree_put("/u/sun", "security.provider.1=SUN\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        static const char *const versions[] = {NULL, "11.0.25", "17.0.19", "25.0.2"};
        static const char *const texts[] = {NULL, GEN_1, GEN_2, GEN_3};
        struct jdk jdk;

        tree_put(SECURITY "/java.security", texts[rows[i].generation]);
        if (rows[i].generation == 3)
            tree_remove("/jdk/lib/libsystemconf.so");
        else
            tree_put("/jdk/lib/libsystemconf.so", "");
        examine(versions[rows[i].generation], rows[i].variables, &jdk);
        if (rows[i].off == NULL)
            ck_assert_msg(jdk.fips_off.n == 0, "row %zu: %s", i, jdk.fips_off.items[0]);
        else
            ck_assert_msg(says(&jdk.fips_off, rows[i].off), "row %zu: %s", i, jdk.fips_switch);
        jdk_free(&jdk);
    }
}
END_TEST

START_TEST(a_missing_policy_is_seen)
{
    struct jdk jdk;

    tree_put("/jdk/lib/libsystemconf.so", "");
    tree_put(SECURITY "/java.security", GEN_2);
    examine("17.0.19", NULL, &jdk);
    ck_assert_str_eq(jdk.fips_switch, POLICY " is missing: FIPS stays off without a word");
    jdk_free(&jdk);
    tree_put(POLICY, "a=\\u00zz\n");
    examine("17.0.19", NULL, &jdk);
    ck_assert(says(&jdk.fips_off, "Security cannot be initialised: " POLICY
                                  " has a \\u without its four digits"));
    jdk_free(&jdk);
    tree_remove(POLICY);
    tree_remove("/jdk/lib/libsystemconf.so");
    tree_put(SECURITY "/java.security", GEN_3);
    put_generation_3();
    examine("25.0.2", NULL, &jdk);
    ck_assert(says(&jdk.fips_off, "Security cannot be initialised: /jdk/conf/security/redhat/true/"
                                  "crypto-policies.properties includes " POLICY
                                  ": No such file or directory"));
    jdk_free(&jdk);
}
END_TEST

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
        own_launch struct launch launch;
        own_free char *option = NULL;

        launch_read(&tree_root, env, 17, &launch);
        option = fips_option(rows[i].support, &launch);

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

/* ---- java.security and what is put over it ----------------------------------------------------- */

START_TEST(every_file_that_java_reads)
{
    static const char *const env[] = {"JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/mine", NULL};
    struct jdk jdk;

    put_policy();
    put_generation_3();
    tree_put("/etc/java/security/java.security", GEN_3);
    tree_put_link("/etc/java/security/java.security", SECURITY "/java.security");
    tree_put_link(SECURITY "/redhat", "/etc/java/security/redhat");
    tree_put("/u/mine", "include inner\n");
    tree_put("/u/inner", "security.provider.1=SUN\n");
    examine("25.0.2", env, &jdk);
    ck_assert_uint_eq(jdk.security_files.n, 7);
    ck_assert_str_eq(jdk.security_files.items[0], SECURITY "/java.security -> /etc/java/security/"
                                                  "java.security (of the JDK)");
    ck_assert(says(&jdk.security_files, POLICY " -> /usr/share/crypto-policies/FIPS/java.txt "
                                               "(included by "));
    ck_assert_str_eq(jdk.security_files.items[5], "/u/mine (of JAVA_TOOL_OPTIONS)");
    ck_assert_str_eq(jdk.security_files.items[6], "/u/inner (included by /u/mine)");
    ck_assert(strstr(jdk.fips_switch, "replaces the FIPS list of providers") != NULL);
    jdk_free(&jdk);
}
END_TEST

START_TEST(includes_that_go_wrong)
{
    struct jdk jdk;

    tree_put(SECURITY "/java.security", STOCK "include a\n");
    tree_put(SECURITY "/a", "include ${none}b\n");
    tree_put(SECURITY "/b", "include java.security\n");
    examine("25.0.2", NULL, &jdk);
    ck_assert(says(&jdk.fips_off, "which includes it again"));
    jdk_free(&jdk);
    examine("21.0.2", NULL, &jdk); /* it does not know the word yet */
    ck_assert_uint_eq(jdk.fips_off.n, 0);
    ck_assert_uint_eq(jdk.security_files.n, 1);
    jdk_free(&jdk);
    tree_remove(SECURITY "/java.security");
    examine("25.0.2", NULL, &jdk);
    ck_assert_ptr_null(jdk.fips_support);
    ck_assert_str_eq(jdk.security_files.items[0],
                     SECURITY "/java.security (of the JDK): not read: No such file or directory");
    jdk_free(&jdk);
}
END_TEST

START_TEST(a_file_that_may_not_be_put_over_it)
{
    static const char *const env[] = {"JAVA_TOOL_OPTIONS=-Djava.security.properties=/u/p11", NULL};
    struct jdk jdk;

    tree_put(SECURITY "/java.security",
             "security.provider.1=SUN\nsecurity.overridePropertiesFile=false\n");
    tree_put("/u/p11", "security.provider.1=SunPKCS11 /u/cfg\n");
    examine("17.0.19", env, &jdk);
    ck_assert_uint_eq(jdk.pkcs11.n, 0);
    ck_assert(says(&jdk.security_files, "security.overridePropertiesFile is not true"));
    jdk_free(&jdk);
}
END_TEST

/* ---- SunPKCS11's configurations ---------------------------------------------------------------- */

START_TEST(every_path_of_a_configuration)
{
    const struct jdk_pkcs11 *p;
    struct jdk jdk;

    put_policy();
    tree_put("/jdk/lib/libsystemconf.so", "");
    tree_put(SECURITY "/java.security", GEN_2 "fips.provider.2=SunPKCS11 ${java.home}/none.cfg\n"
                                              "security.provider.7=SunPKCS11\n");
    tree_put(SECURITY "/nss.fips.cfg",
             "name = NSS-FIPS\nnssLibraryDirectory = /usr/lib64\n"
             "nssSecmodDirectory = ${fips.nssdb.path}\nnssDbMode = readWrite\nnssModule = fips\n"
             "attributes(*,CKO_SECRET_KEY,CKK_GENERIC_SECRET)={ CKA_SIGN=true }\n");
    tree_put("/etc/pki/nssdb/pkcs11.txt", "library=\n");
    tree_put("/etc/pki/nssdb/cert9.db", "x");
    tree_put("/usr/lib64/libnss3.so", "");
    examine("17.0.19", NULL, &jdk);
    ck_assert_uint_eq(jdk.pkcs11.n, 2);
    p = &jdk.pkcs11.items[0];
    ck_assert_str_eq(p->entry, "fips.provider.1");
    ck_assert_str_eq(p->file, SECURITY "/nss.fips.cfg");
    ck_assert_ptr_null(p->problem);
    ck_assert_uint_eq(p->paths.n, 6);
    ck_assert_str_eq(p->paths.items[0].path, "/usr/lib64");
    ck_assert_ptr_null(p->paths.items[0].problem);
    ck_assert_str_eq(p->paths.items[1].problem, "it is empty");
    ck_assert_str_eq(p->paths.items[2].path, "/etc/pki/nssdb");
    ck_assert_ptr_null(p->paths.items[3].problem);
    ck_assert_str_eq(p->paths.items[5].path, "/etc/pki/nssdb/key4.db");
    ck_assert_str_eq(p->paths.items[5].problem, "No such file or directory");
    ck_assert_str_eq(jdk.pkcs11.items[1].problem, "it cannot be read: No such file or directory");
    jdk_free(&jdk);
}
END_TEST

START_TEST(the_adapter_of_generation_3)
{
    struct jdk jdk;

    put_policy();
    put_generation_3();
    tree_put(SECURITY "/java.security", GEN_3);
    examine("25.0.2", NULL, &jdk);
    ck_assert_uint_eq(jdk.pkcs11.n, 1);
    ck_assert_str_eq(jdk.pkcs11.items[0].entry, "security.provider.1");
    ck_assert_ptr_null(jdk.pkcs11.items[0].problem);
    ck_assert_uint_eq(jdk.pkcs11.items[0].paths.n, 1);
    ck_assert_str_eq(jdk.pkcs11.items[0].paths.items[0].problem, "No such file or directory");
    jdk_free(&jdk);
}
END_TEST

START_TEST(configurations_that_java_refuses)
{
    static const struct {
        const char *text, *problem; /* NULL: it is fine */
    } rows[] = {
        {"name = a\nlibrary = /x/y.so\nslot = 3\nshowInfo = true\n", NULL},
        {"name = a\nnssDbMode = noDb\nnssModule = fips\n", NULL},
        {"name = a # c\nlibrary = /x/with \"a b\"\nenabledMechanisms = {\n CKM_A\n 0x5 }\n", NULL},
        {"name=\"a b\"\nlibrary=/x\nattributes = compatibility\n", NULL},
        {"name = a\nlibrary = /x\nattributes(*,CKO_SECRET_KEY,*)={ CKA_SIGN=true }\n", NULL},
        {"name = a\nlibrary = /x\nnssArgs = \"configdir=''\"\n", NULL},
        {"library = /x\n", "name must be specified"},
        {"name = a\n", "library must be specified"},
        {"name = a\nlibrary = /x\nnssModule = fips\nnssDbMode = noDb\n", "library must not be"},
        {"name = a\nnssModule = fips\n", "nssSecmodDirectory must be specified"},
        {"name = a\nnssDbMode = noDb\nnssSecmodDirectory = /x\n", "must not be specified in noDb"},
        {"name = a\nnssDbMode = rw\nnssSecmodDirectory = /x\n", "nssDbMode must be one of"},
        {"name = a\nnssUseSecmode = false\n", "the unknown keyword 'nssUseSecmode' in line 2"},
        {"name = a\nname = b\n", "'name' for the second time in line 2"},
        {"name a\n", "name: no '=' in line 1"},
        {"name =\n", "name: no value in line 1"},
        {"name = a\nslot = x\n", "slot: no number in line 2"},
        {"name = a\nshowInfo = yes\n", "showInfo: neither true nor false in line 2"},
        {"name = a\nlibrary = /x@y\n", "library: a character that needs quotes in line 2"},
        {"name = a\nnssArgs = b\n", "nssArgs: no string in quotes in line 2"},
        {"name = a\nenabledMechanisms = { a\n", "no '}' before the end"},
        {"= a\n", "something that is no keyword in line 1"},
        {"", "name must be specified"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        own_p11config struct p11config config = p11config_parse(rows[i].text);

        ck_assert_msg(rows[i].problem == NULL
                          ? config.problem == NULL
                          : config.problem != NULL &&
                                strstr(config.problem, rows[i].problem) != NULL,
                      "row %zu: %s", i, config.problem);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("java_fips");
    TCase *t = tcase_create("java_fips");

    tcase_add_checked_fixture(t, tree_set_up, tree_tear_down);
    tcase_add_test(t, kinds_of_support);
    tcase_add_test(t, a_file_of_another_build);
    tcase_add_test(t, without_libsystemconf_nothing_works);
    tcase_add_test(t, what_switches_it);
    tcase_add_test(t, on_or_off);
    tcase_add_test(t, a_missing_policy_is_seen);
    tcase_add_test(t, the_other_way_round);
    tcase_add_test(t, every_file_that_java_reads);
    tcase_add_test(t, includes_that_go_wrong);
    tcase_add_test(t, a_file_that_may_not_be_put_over_it);
    tcase_add_test(t, every_path_of_a_configuration);
    tcase_add_test(t, the_adapter_of_generation_3);
    tcase_add_test(t, configurations_that_java_refuses);
    suite_add_tcase(s, t);
    return unit_run(s);
}
