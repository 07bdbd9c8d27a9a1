/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/switches.h"
#include "sample.h"

#include "base/buf.h"
#include "base/own.h"

#include "unit.h"

#include <string.h>

START_TEST(ids_and_rows_are_the_same_set)
{
    struct sample s;
    size_t n = 0;

    sample_init(&s);
    for (const char *id; (id = judge_finds(n)) != NULL; n++)
        ck_assert_msg(diagnoses_find(&s.diagnoses, id) != NULL, "no row for %s", id);
    ck_assert_uint_lt(n, 64); /* room of 'unknown' in diagnose.c */
    for (size_t i = 0; i < s.diagnoses.n; i++) {
        bool found = false;

        for (size_t k = 0; k < n; k++)
            found = found || strcmp(judge_finds(k), s.diagnoses.items[i].id) == 0;
        ck_assert_msg(found, "nothing finds %s", s.diagnoses.items[i].id);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(s.diagnoses.items[i].id, s.diagnoses.items[k].id);
    }
    sample_free(&s);
}
END_TEST

/* Exit status 2 is for what is wrong on any host. */
START_TEST(only_these_are_failures)
{
    static const char *const ids[] = {"module-damaged", "library-missing", "module-file-changed",
                                      "answer-incorrect", "probe-crashed"};
    struct sample s;

    sample_init(&s);
    for (size_t i = 0; i < s.diagnoses.n; i++) {
        bool expected = false;

        for (size_t k = 0; k < sizeof ids / sizeof *ids; k++)
            expected = expected || strcmp(ids[k], s.diagnoses.items[i].id) == 0;
        ck_assert_int_eq(s.diagnoses.items[i].severity == SEVERITY_FAILURE, expected);
    }
    sample_free(&s);
}
END_TEST

START_TEST(findings_of_whole_reports)
{
    static const struct {
        const char *report;
        int status;
        const char *ids; /* all of them, in order */
    } rows[] = {
        {"debian", 0, "unknown-build no-indicators"},
        {"amazon", 0, ""},
        {"contradiction", 0, "indicators-contradict unknown-build"},
        {"no-nss", 0, "nss-missing"},
        {"no-jdk", 0, "unknown-build no-indicators java-missing"},
        {"presenting-refused", 0, "presenting-refused unknown-build no-indicators"},
        {"damaged", 2,
         "module-damaged module-damaged library-missing self-test-failed unknown-build"},
        {"host-on", 0, ""},
        {"trouble", 2,
         "module-file-changed answer-incorrect probe-crashed chk-unreadable probe-timed-out "
         "control-failed flag-contradiction flag-unreadable jdk-unusable java-nss-not-in-fips "
         "version-skew unknown-build flag-presented files-from-host"},
    };

    for (size_t i = 0; sample_reports[i].name != NULL; i++) {
        own_buf struct buf ids = {0};
        struct sample s;

        ck_assert_str_eq(rows[i].report, sample_reports[i].name);
        sample_init(&s);
        sample_reports[i].make(&s);
        sample_judge(&s);
        buf_puts(&ids, "");
        for (size_t k = 0; k < s.report.findings.n; k++)
            buf_printf(&ids, "%s%s", k == 0 ? "" : " ", s.report.findings.items[k].diagnosis->id);
        ck_assert_msg(strcmp(ids.data, rows[i].ids) == 0, "%s: %s", rows[i].report, ids.data);
        ck_assert_int_eq(judge_exit_status(&s.report), rows[i].status);
        for (size_t k = 0; k < 3; k++)
            ck_assert_ptr_nonnull(s.report.summary.items[k]);
        sample_free(&s);
    }
}
END_TEST

START_TEST(provider_errors)
{
    static const struct {
        const char *error, *id;
    } rows[] = {
        {"NSS module not available: fips", "java-nss-not-in-fips"},
        {"Could not initialize NSS <- configDir must be a directory: /x", "java-nssdb-missing"},
        {"Could not initialize NSS <- /x/secmod.db", "java-nssdb-missing"},
        {"Could not initialize NSS <- nssLibDir must be a directory:/x",
         "java-nss-library-missing"},
        {"Library /x/libsoftokn3.so does not exist", "java-nss-library-missing"},
        {"Could not initialize NSS <- /usr/lib/libnss3.so: file too short",
         "java-nss-library-missing"},
        {"Could not initialize NSS <- NSS initialization failed", "java-nss-init-failed"},
        {"Initialization failed <- CKR_DEVICE_ERROR", "java-nss-init-failed"},
        {"java.lang.UnsatisfiedLinkError: no systemconf in system library path: /j/lib",
         "java-systemconf-missing"},
        {"java.lang.InternalError: Unable to include '/etc/crypto-policies/x'",
         "java-crypto-policies-missing"},
        {"java.lang.InternalError: Unable to include 'more.properties'", "java-provider-list-failed"},
        {"Initialization failed <- slotListIndex is 9 but token only has 1 slots",
         "java-pkcs11-configuration"},
        {"NSS module not available: crypto", "java-nss-in-fips"},
        {"NSS module not available: keystore", "java-nss-in-fips"},
        {"Secmod module already configured", "java-nss-configured-twice"},
        {"Secmod directory sql:/a invalid, NSS already initialized with sql:/b",
         "java-nss-configured-twice"},
        {"Unknown NSS module: fipps", "java-pkcs11-configuration"},
        {"Initialization failed <- CKR_SLOT_ID_INVALID", "java-pkcs11-configuration"},
        {"Initialization failed <- CKR_ARGUMENTS_BAD", "java-pkcs11-configuration"},
        {"undefined symbol: C_GetFunctionList", "java-pkcs11-configuration"},
        {"Library /usr/lib64/java-25-openjdk/libnssadapter.so does not exist",
         "java-adapter-missing"},
        {"something new", "java-provider-list-failed"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_free char *json = NULL;
        struct sample s;

        sample_init(&s);
        sample_jdk(&s, "/jdk", "17", "stock");
        sample_door(&s, DOOR_JCA, 0, AS_IS, CONTROL_NO_INTERFACE, "door.open done\n");
        json = mem_printf("\"%s\"", rows[i].error);
        sample_fact(&s, DOOR_JCA, 0, AS_IS, "provider_error", json);
        sample_judge(&s);
        ck_assert_msg(sample_finding(&s, rows[i].id) != NULL, "%s", rows[i].error);
        sample_free(&s);
    }
}
END_TEST

/* JAVA.md, section 0.2: what the first provider means, by flag, JDK and list. */
START_TEST(primary_providers)
{
    static const struct {
        enum flag_state flag;
        const char *support, *providers, *id; /* NULL: no finding */
    } rows[] = {
        {FLAG_ON, "Red Hat generation 2", "[{\"name\":\"SunPKCS11-NSS-FIPS\"}]", NULL},
        {FLAG_ON, "Red Hat generation 3", "[{\"name\":\"SunPKCS11-FIPS\"}]", NULL},
        {FLAG_OFF, "stock", "[{\"name\":\"SUN\"}]", NULL},
        {FLAG_ON, "stock", "[{\"name\":\"SUN\"}]", "fips-host-but-java-not"},
        {FLAG_ON, "Red Hat generation 2",
         "[{\"name\":\"SUN\"},{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"d\"},"
         "{\"name\":\"e\"},{\"name\":\"f\"},{\"name\":\"g\"}]",
         "fips-host-but-java-not"},
        {FLAG_ON, "Red Hat generation 2", "[{\"name\":\"SUN\"},{\"name\":\"SunEC\"}]",
         "java-fips-provider-lost"},
        {FLAG_ON, "stock", "[{\"name\":\"BCFIPS\"}]", "java-other-module"},
        {FLAG_ON, "stock", "[{\"name\":\"CCJ9\"}]", "java-other-module"},
        {FLAG_OFF, "stock", "[{\"name\":\"SunPKCS11-Token\"}]", "java-other-module"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample s;

        sample_init(&s);
        s.report.host.flag = rows[i].flag;
        s.report.nss_skipped = true;
        sample_jdk(&s, "/jdk", "17", rows[i].support);
        sample_door(&s, DOOR_JCA, 0, AS_IS, CONTROL_NO_INTERFACE, "door.open done\n");
        sample_fact(&s, DOOR_JCA, 0, AS_IS, "providers", rows[i].providers);
        sample_judge(&s);
        ck_assert_msg(s.report.findings.n == (rows[i].id != NULL), "row %zu: %zu findings", i,
                      s.report.findings.n);
        if (rows[i].id != NULL)
            ck_assert_msg(sample_finding(&s, rows[i].id) != NULL, "row %zu", i);
        sample_free(&s);
    }
}
END_TEST

/* JAVA-REDHAT.md, sections 2.2 and 3: what would be so on a host in FIPS mode is said on another
 * one, for a JDK that switches by itself; and a short list is its FIPS list only where FIPS mode
 * was not switched off. */
START_TEST(on_a_host_in_fips_mode)
{
    static const char error[] = "\"java.security.ProviderException: Could not initialize NSS <- "
                                "java.io.IOException: NSS initialization failed\"";
    static const char ordinary[] =
        "[{\"name\":\"SUN\"},{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"d\"},"
        "{\"name\":\"e\"},{\"name\":\"f\"},{\"name\":\"g\"}]";
    static const char lost[] = "[{\"name\":\"SUN\"},{\"name\":\"SunEC\"}]";
    static const struct {
        const char *support, *off, *as_is, *on, *error, *id; /* NULL: none */
    } rows[] = {
        {"Red Hat generation 2", NULL, ordinary, NULL, error, "java-nss-init-failed"},
        {"Red Hat generation 2", NULL, ordinary, lost, NULL, "java-fips-provider-lost"},
        {"Red Hat generation 2", NULL, ordinary, ordinary, NULL, NULL},
        {"Red Hat generation 2", "replaces java.security", lost, lost, NULL,
         "java-fips-kept-off"},
        {"Red Hat generation 2", "x is missing", ordinary, ordinary, NULL, "java-fips-kept-off"},
        {"IBM Semeru", NULL, ordinary, ordinary, NULL, NULL},
        {"stock", NULL, ordinary, NULL, error, NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample s;
        struct jdk *j;

        sample_init(&s);
        s.report.host.flag = FLAG_OFF;
        s.report.nss_skipped = true;
        j = sample_jdk(&s, "/jdk", "17", rows[i].support);
        if (rows[i].off != NULL)
            strings_add(&j->fips_off, rows[i].off);
        sample_door(&s, DOOR_JCA, 0, AS_IS | 1u << CONTEXT_KERNEL_ON, CONTROL_NO_INTERFACE,
                    "door.open done\n");
        sample_fact(&s, DOOR_JCA, 0, AS_IS, "providers", rows[i].as_is);
        if (rows[i].on != NULL)
            sample_fact(&s, DOOR_JCA, 0, 1u << CONTEXT_KERNEL_ON, "providers", rows[i].on);
        if (rows[i].error != NULL)
            sample_fact(&s, DOOR_JCA, 0, 1u << CONTEXT_KERNEL_ON, "provider_error", rows[i].error);
        sample_judge(&s);
        ck_assert_msg(s.report.findings.n == (rows[i].id != NULL), "row %zu: %zu findings", i,
                      s.report.findings.n);
        if (rows[i].id != NULL) {
            const struct finding *f = sample_finding(&s, rows[i].id);

            ck_assert_msg(f != NULL, "row %zu", i);
            ck_assert_str_eq(f->evidence.items[0],
                             rows[i].off == NULL
                                 ? "with the kernel's flag presented as 1, as a host in FIPS mode "
                                   "has it:"
                                 : "with the kernel's flag presented as 1 the first provider is SUN");
        }
        sample_free(&s);
    }
}
END_TEST

START_TEST(single_java_answers)
{
    static const struct {
        const char *row, *id;
    } rows[] = {
        {"digest.md5 failed code=java.security.ProviderException~<-~x.PKCS11Exception/"
         "CKR_PIN_INCORRECT",
         "java-login-pin"},
        {"digest.md5 failed code=java.security.InvalidKeyException~<-~x.PKCS11Exception/"
         "CKR_ATTRIBUTE_VALUE_INVALID "
         "detail=Could~not~create~key~<-~CKR_ATTRIBUTE_VALUE_INVALID",
         "java-key-import-refused"},
        {"digest.md5 failed code=java.security.InvalidKeyException~<-~x.PKCS11Exception/"
         "CKR_KEY_TYPE_INCONSISTENT",
         "java-mac-key-type"},
        {"agreement.dh-1024 failed code=x detail=Could~not~derive~key~<-~"
         "CKR_ATTRIBUTE_SENSITIVE",
         "java-secret-not-extractable"},
        {"digest.md5 failed code=x detail=if~keyStoreType~is~PKCS11,~then~keyStore~must~be~NONE",
         "java-key-store"},
        {"digest.md5 failed code=x detail=DerInputStream.getLength():~lengthTag=109,~too~big",
         "java-key-store"},
        {"digest.md5 failed code=x detail=Invalid~keystore~format", "java-key-store"},
        {"digest.md5 failed code=x detail=parseAlgParameters~failed:~PBE~AlgorithmParameters~not~"
         "available",
         "java-pbe-missing"},
        /* what a healthy JDK of Red Hat's says of the old schemes (17, seen), and of the others */
        {"digest.md5 failed code=x detail=Cannot~find~any~provider~supporting~"
         "PBEWithSHA1AndDESede",
         NULL},
        {"digest.md5 failed code=x detail=keystore~password~was~incorrect~<-~failed~to~decrypt:~"
         "Cannot~find~any~provider~supporting~PBEWithSHA1AndRC2_40",
         NULL},
        {"digest.md5 failed code=x detail=Cannot~find~any~provider~supporting~"
         "PBEWithHmacSHA256AndAES_256",
         "java-pbe-missing"},
        {"digest.md5 failed code=x detail=No~strong~SecureRandom~impls~available:~DRBG:SUN",
         "java-no-strong-random"},
        {"tls.handshake.tls12 failed code=x detail=No~appropriate~protocol",
         "java-tls-nothing-in-common"},
        {"tls.handshake.tls13 failed code=x detail=Received~fatal~alert:~handshake_failure",
         "java-tls-nothing-in-common"},
        {"keystore.cacerts failed code=java.io.FileNotFoundException detail=cacerts",
         "java-trust-store"},
        {"keystore.cacerts failed code=java.io.EOFException", "java-trust-store"}, /* no message */
        /* every JDK disables TLS 1.1; one suite that is disabled leaves the others; and so does a
         * policy without TLS 1.2 */
        {"tls.handshake.tls11 failed code=x detail=No~appropriate~protocol", NULL},
        {"tls.handshake.tls12.cbc failed code=x detail=No~appropriate~protocol", NULL},
        {"tls.handshake.tls13 done\ntls.handshake.tls12 failed code=x "
         "detail=No~appropriate~protocol",
         NULL},
        /* DH below 2048 bits has the same CKR_ name and is no key import; a long HMAC key
         * another one */
        {"agreement.dh-1024 failed code=java.security.ProviderException~<-~x.PKCS11Exception/"
         "CKR_ATTRIBUTE_VALUE_INVALID detail=CKR_ATTRIBUTE_VALUE_INVALID",
         NULL},
        {"digest.md5 failed code=java.security.InvalidKeyException~<-~x.PKCS11Exception/"
         "CKR_TEMPLATE_INCONSISTENT detail=Could~not~create~key",
         NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_free char *text = mem_printf("door.open done\n%s\n", rows[i].row);
        struct sample s;

        sample_init(&s);
        s.report.nss_skipped = true;
        sample_jdk(&s, "/jdk", "17", "stock");
        sample_door(&s, DOOR_JCA, 0, AS_IS, CONTROL_NO_INTERFACE, text);
        sample_judge(&s);
        ck_assert_msg(s.report.findings.n == (rows[i].id != NULL), "row %zu", i);
        if (rows[i].id != NULL) {
            const struct finding *finding = sample_finding(&s, rows[i].id);

            ck_assert_ptr_nonnull(finding);
            ck_assert_ptr_null(strstr(finding->evidence.items[0], "(null)"));
        }
        sample_free(&s);
    }
}
END_TEST

/* JAVA-REDHAT.md, sections 3.2 and 7.1: a list that looks perfect. */
START_TEST(nss_first_and_not_at_work)
{
    static const struct {
        const char *first, *rows, *id; /* NULL: no finding */
    } rows[] = {
        {"SunPKCS11-NSS-FIPS", "digest.sha-256 done provider=SunPKCS11-NSS-FIPS", NULL},
        {"SunPKCS11-NSS-FIPS", "digest.sha-256 done provider=SUN", "java-passed-over"},
        {"SunPKCS11-FIPS", "cipher.aes-256-gcm.caller-iv done provider=SunJCE",
         "java-passed-over"},
        /* not offered by every NSS, or not asked of it */
        {"SunPKCS11-NSS-FIPS", "cipher.blowfish-cbc done provider=SunJCE", NULL},
        {"SUN", "digest.sha-256 done provider=SUN", NULL},
        {"SunPKCS11-NSS-FIPS", "mac.hmac-sha-256.key-64 done provider=SunPKCS11-NSS-FIPS",
         "java-name-alone"},
        /* a key of its own, of a provider that refuses none */
        {"SunPKCS11-NSS-FIPS", "mac.hmac-sha-256.key-64 done provider=SunJCE", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_free char *text = mem_printf("door.open done\n%s\n", rows[i].rows);
        own_free char *list = mem_printf("[{\"name\":\"%s\"}]", rows[i].first);
        struct sample s;

        sample_init(&s);
        s.report.nss_skipped = true;
        sample_jdk(&s, "/jdk", "17", "stock");
        sample_door(&s, DOOR_JCA, 0, AS_IS, CONTROL_NO_INTERFACE, text);
        sample_fact(&s, DOOR_JCA, 0, AS_IS, "providers", list);
        sample_judge(&s);
        ck_assert_msg(s.report.findings.n == (rows[i].id != NULL), "row %zu: %zu findings", i,
                      s.report.findings.n);
        if (rows[i].id != NULL)
            ck_assert_msg(sample_finding(&s, rows[i].id) != NULL, "row %zu", i);
        sample_free(&s);
    }
}
END_TEST

/* A file of diagnoses that lacks a row must not make a damaged module look well. */
START_TEST(a_row_that_is_not_there)
{
    struct diagnoses none = {0};
    struct sample s;

    sample_init(&s);
    sample_module(&s, "/opt", "libfreebl3.so", "3.90", CHK_MISMATCH);
    judge_diagnose(&s.report, &none);
    ck_assert_int_eq(judge_exit_status(&s.report), 2);
    ck_assert_str_eq(s.report.findings.items[0].diagnosis->id, "module-damaged");
    sample_free(&s);
}
END_TEST

START_TEST(nothing_at_all)
{
    struct sample s;

    sample_init(&s);
    s.report.nss_skipped = s.report.java_skipped = true;
    sample_judge(&s);
    ck_assert_uint_eq(s.report.findings.n, 0);
    ck_assert_int_eq(judge_exit_status(&s.report), 0);
    ck_assert_ptr_nonnull(strstr(s.report.summary.items[0], "NSS was not looked at"));
    ck_assert_ptr_nonnull(strstr(s.report.summary.items[2], "was not measured"));
    sample_free(&s);
}
END_TEST

START_TEST(a_partial_update)
{
    struct sample s;

    sample_init(&s);
    s.report.java_skipped = true;
    sample_module(&s, "/usr/lib64", "libsoftokn3.so", "3.90", CHK_VERIFIED);
    sample_module(&s, "/usr/lib64", "libfreebl3.so", "3.90.0", CHK_VERIFIED);
    sample_judge(&s);
    ck_assert_ptr_null(sample_finding(&s, "version-skew"));
    sample_free(&s);
    sample_init(&s);
    sample_module(&s, "/usr/lib64", "libsoftokn3.so", "3.90", CHK_VERIFIED);
    sample_module(&s, "/opt/other", "libsoftokn3.so", "3.90.1", CHK_VERIFIED);
    sample_judge(&s);
    ck_assert_ptr_null(sample_finding(&s, "version-skew")); /* two installations */
    sample_free(&s);
}
END_TEST

static void skew(struct sample *s, const char *const versions[5])
{
    static const char *const names[] = {"libsoftokn3.so", "libfreeblpriv3.so", "libfreebl3.so",
                                        "libnss3.so", "libnssutil3.so"};

    sample_init(s);
    s->report.java_skipped = true;
    for (size_t i = 0; i < 5; i++)
        if (versions[i] != NULL)
            sample_module(s, "/usr/lib64", names[i], versions[i], CHK_VERIFIED);
    sample_judge(s);
}

/* A validated module beside newer libraries is no partial update, and the report knows it. */
START_TEST(kinds_of_skew)
{
    static const struct {
        const char *versions[5];
        const char *first; /* line of evidence; NULL: no finding */
    } rows[] = {
        {{"3.90", "3.90.0", "3.90", "3.120", "3.120.0"},
         "softokn and freebl are 3.90, libnss3 and libnssutil3 are 3.120"},
        {{"3.90", "3.120", "3.120", "3.120", "3.120"}, "softokn and freebl, which are one module"},
        {{"3.120", "3.120", "3.120", "3.120", "3.90"}, "libnss3 and libnssutil3 are of several"},
        {{"3.90", "3.90", NULL, NULL, "3.90"}, NULL},
        {{"3.90.0", "3.90.0", NULL, "3.87.1", "3.87.1"},
         "softokn and freebl are 3.90.0, libnss3 and libnssutil3 are 3.87.1, which is older"},
        {{"3.90", NULL, NULL, NULL, "3.110.1"}, "softokn and freebl are 3.90, libnss3"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct finding *f;
        struct sample s;

        skew(&s, rows[i].versions);
        f = sample_finding(&s, "version-skew");
        ck_assert_int_eq(f != NULL, rows[i].first != NULL);
        if (f != NULL) {
            ck_assert_int_eq(f->diagnosis->severity, SEVERITY_NOTE);
            ck_assert_msg(strncmp(f->evidence.items[0], rows[i].first, strlen(rows[i].first)) == 0,
                          "%s", f->evidence.items[0]);
        }
        sample_free(&s);
    }
}
END_TEST

START_TEST(versions_are_read)
{
    ck_assert_int_eq(switches_at_least("3.94", 3, 94), 1);
    ck_assert_int_eq(switches_at_least("3.110.1", 3, 94), 1);
    ck_assert_int_eq(switches_at_least("4.0", 3, 94), 1);
    ck_assert_int_eq(switches_at_least("3.87.1", 3, 94), 0);
    ck_assert_int_eq(switches_at_least("3.9", 3, 94), 0);
    ck_assert_int_eq(switches_at_least(NULL, 3, 94), -1);
    ck_assert_int_eq(switches_at_least("", 3, 94), -1);
    ck_assert_int_eq(switches_at_least("3", 3, 94), -1);
    ck_assert_int_eq(switches_at_least("x.94", 3, 94), -1);
    ck_assert_int_eq(switches_at_least("3.x", 3, 94), -1);
}
END_TEST

/* What a switch is said to be comes from the contexts, and from nothing else. */
START_TEST(switches)
{
    static const struct {
        int off, on, env;
        const char *what;
    } rows[] = {
        {0, 1, 0, "follows the kernel's flag; does not follow NSS_FIPS=1"},
        {0, 1, 1, "follows the kernel's flag; follows NSS_FIPS=1"},
        {0, 0, 0, "never FIPS: looks neither at the kernel's flag nor at NSS_FIPS"},
        {1, 1, 1, "FIPS whatever the kernel's flag and NSS_FIPS are"},
        {0, 0, 1, "does not follow the kernel's flag; follows NSS_FIPS=1"},
        {-1, -1, -1, "not measured: no context presented the flag"},
        {0, 1, -1, "follows the kernel's flag; not measured: NSS_FIPS=1"},
        {-1, 1, 0, "not measured: the kernel's flag; not measured: NSS_FIPS=1"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct {
            unsigned contexts;
            int value;
        } told[] = {{1u << CONTEXT_AS_IS, 0},
                    {1u << CONTEXT_KERNEL_OFF, rows[i].off},
                    {1u << CONTEXT_KERNEL_ON, rows[i].on},
                    {1u << CONTEXT_ENV_NSS_FIPS, rows[i].env}};
        struct fips_switches all;
        struct sample s;

        sample_init(&s);
        for (size_t k = 0; k < sizeof told / sizeof *told; k++) {
            if (told[k].value < 0)
                continue;
            sample_door(&s, DOOR_NSS, -1, told[k].contexts, CONTROL_NO_INTERFACE,
                        "door.open done\n");
            sample_fact(&s, DOOR_NSS, -1, told[k].contexts, "system_fips",
                        told[k].value ? "true" : "false");
        }
        switches_find(&s.report, &all);
        ck_assert_uint_ge(all.n, 1);
        ck_assert_msg(strcmp(all.items[0].what, rows[i].what) == 0, "%zu: %s", i,
                      all.items[0].what);
        switches_free(&all);
        sample_free(&s);
    }
}
END_TEST
int main(void)
{
    Suite *suite = suite_create("diagnose");
    TCase *t = tcase_create("diagnose");

    tcase_add_test(t, ids_and_rows_are_the_same_set);
    tcase_add_test(t, only_these_are_failures);
    tcase_add_test(t, findings_of_whole_reports);
    tcase_add_test(t, provider_errors);
    tcase_add_test(t, primary_providers);
    tcase_add_test(t, on_a_host_in_fips_mode);
    tcase_add_test(t, single_java_answers);
    tcase_add_test(t, nss_first_and_not_at_work);
    tcase_add_test(t, a_row_that_is_not_there);
    tcase_add_test(t, nothing_at_all);
    tcase_add_test(t, a_partial_update);
    tcase_add_test(t, kinds_of_skew);
    tcase_add_test(t, versions_are_read);
    tcase_add_test(t, switches);
    suite_add_tcase(suite, t);
    return unit_run(suite);
}
