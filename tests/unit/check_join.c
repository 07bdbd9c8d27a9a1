/* SPDX-License-Identifier: Apache-2.0
 *
 * Tests of joining what NSS served in Java with the indicator at softokn-fips: all that must be
 * the same is the same in made(), and each test changes one thing.
 */
#include "sample.h"
#include "unit.h"

#include "base/own.h"

#include <string.h>

static const struct op ops[] = {
    {"op", "does it", {{NULL, PARAM_END, false}}},
    {"digest", "hashes", {{NULL, PARAM_END, false}}},
    {NULL, NULL, {{NULL, PARAM_END, false}}},
};
static const struct catalogue_rules rules = {.pkcs11_ops = ops, .jca_ops = ops};

static const char catalogue_text[] =
    "- {id: door.open, title: x, pkcs11: {op: op}, jca: {op: op}}\n"
    "- {id: digest.a, title: x, pkcs11: {op: digest}, jca: {op: digest, indicator-of: digest.a}}\n"
    "- {id: digest.alone, title: x, pkcs11: {op: digest}, jca: {op: digest}}\n"
    "- {id: cipher.a, title: x, pkcs11: {op: op}, jca: {op: op, indicator-of: cipher.a}}\n"
    "- {id: cipher.b, title: x, jca: {op: op, indicator-of: cipher.a}}\n"
    "- {id: signature.a, title: x, pkcs11: {op: op},\n"
    "   jca: {op: op, indicator-of: signature.a, indicator-since: 16}}\n";

static struct sample sample;

#define JAVA_KEY "detail=key:~sun.security.pkcs11.P11Key$P11SecretKey;~more"
#define NSS_ROWS                                                                                   \
    "door.open done\n"                                                                             \
    "digest.a done indicator=ok\n"                                                                 \
    "digest.alone done indicator=ok\n"                                                             \
    "cipher.a done indicator=not-ok key=not-ok\n"                                                  \
    "signature.a done indicator=ok key=ok\n"
#define JAVA_ROWS(provider)                                                                        \
    "door.open done\n"                                                                             \
    "digest.a done provider=" provider "\n"                                                        \
    "digest.alone done provider=" provider "\n"                                                    \
    "cipher.a done provider=" provider " " JAVA_KEY "\n"                                           \
    "cipher.b done provider=" provider " " JAVA_KEY "\n"                                           \
    "signature.a done provider=" provider " detail=the~first~provider~takes~no~plain~key:~"        \
    "java.lang.X;~private~key:~sun.security.pkcs11.P11Key\n"

static void maps(enum door door, const char *path, ino_t ino)
{
    for (size_t i = 0; i < sample.report.groups.n; i++) {
        struct group *g = &sample.report.groups.items[i];

        if (g->door == door)
            *(struct mapped *)mem_push(&g->mapped) =
                (struct mapped){.path = mem_str(path), .dev = 1, .ino = ino};
    }
}

/* class: as JSON; more: what stands behind it in the list */
static void provider_of_class(const char *name, const char *info, const char *class,
                              const char *more)
{
    own_free char *json = mem_printf("[{\"name\": \"SUN\", \"info\": \"SUN\"}, {\"name\": \"%s\", "
                                     "\"info\": \"%s\", \"jdk_class\": %s}%s]",
                                     name, info, class, more);

    sample_fact(&sample, DOOR_JCA, 0, ON | OFF, "providers", json);
}

static void provider_is(const char *name, const char *info)
{
    provider_of_class(name, info, "\"sun.security.pkcs11.SunPKCS11\"", "");
}

static void made_with(enum control control, const char *java_rows)
{
    sample_door(&sample, DOOR_SOFTOKN_FIPS, -1, ON, control, NSS_ROWS);
    sample_door(&sample, DOOR_JCA, 0, ON, CONTROL_NO_INTERFACE, java_rows);
    maps(DOOR_SOFTOKN_FIPS, "/lib/libsoftokn3.so", 7);
    maps(DOOR_SOFTOKN_FIPS, "/lib/libfreeblpriv3.so", 8);
    maps(DOOR_JCA, "/other/name/libsoftokn3.so", 7);
    maps(DOOR_JCA, "/lib/libfreeblpriv3.so", 8);
    provider_is("SunPKCS11-NSS-FIPS", "SunPKCS11-NSS-FIPS using library null");
    sample_fact(&sample, DOOR_JCA, 0, ON, "nss_fips_mode", "true");
    sample_fact(&sample, DOOR_JCA, 0, ON, "java_version", "\"17.0.15\"");
}

static void made(void)
{
    made_with(CONTROL_WORKING, JAVA_ROWS("SunPKCS11-NSS-FIPS"));
}

static void set_up(void)
{
    own_err struct err err = {0};

    sample_init(&sample);
    catalogue_free(&sample.catalogue);
    if (catalogue_load("join", catalogue_text, strlen(catalogue_text), &rules, &sample.catalogue,
                       &err) < 0)
        ck_abort_msg("%s", err.msg);
    sample_jdk(&sample, "/jdk", "17.0.15", "stock");
}

static void tear_down(void)
{
    sample_free(&sample);
}

/* "probe outcome", "" where nothing is joined; static. */
static const char *joined(const char *probe)
{
    static char text[200];
    const struct observation *o, *same;

    for (size_t i = 0; i < sample.report.observations.n; i++) {
        struct observation *x = &sample.report.observations.items[i];
        const struct group *g = look_group(&sample.report, (struct place){x->door, x->jdk},
                                           x->context);

        x->outcome = judge_classify(x, g->control);
    }
    o = look_observation(&sample.report, probe, (struct place){DOOR_JCA, 0}, CONTEXT_KERNEL_ON);
    ck_assert_ptr_nonnull(o);
    same = judge_joined(&sample.report, o);
    if (same == NULL)
        return "";
    ck_assert_int_eq(same->door, DOOR_SOFTOKN_FIPS);
    ck_assert_int_eq(same->context, o->context);
    snprintf(text, sizeof text, "%s %s", same->probe->id, outcome_word(same->outcome));
    return text;
}

static void nothing_joined(void)
{
    ck_assert_str_eq(joined("digest.a"), "");
    ck_assert_str_eq(joined("cipher.a"), "");
    ck_assert_str_eq(joined("cipher.b"), "");
    ck_assert_str_eq(joined("signature.a"), "");
}

START_TEST(what_is_the_same_is_joined)
{
    made();
    ck_assert_str_eq(joined("digest.a"), "digest.a approved");
    ck_assert_str_eq(joined("cipher.a"), "cipher.a not-approved");
    ck_assert_str_eq(joined("cipher.b"), "cipher.a not-approved");
    ck_assert_str_eq(joined("signature.a"), "signature.a approved");
    ck_assert_str_eq(joined("digest.alone"), ""); /* the row does not say that it is the same */
}
END_TEST

START_TEST(the_outcome_stays)
{
    made();
    joined("digest.a");
    ck_assert_int_eq(look_observation(&sample.report, "digest.a", (struct place){DOOR_JCA, 0},
                                      CONTEXT_KERNEL_ON)->outcome,
                     OUTCOME_WORKS);
}
END_TEST

START_TEST(without_a_working_control)
{
    static const enum control controls[] = {CONTROL_NO_INTERFACE, CONTROL_FAILED,
                                            CONTROL_CONTRADICTED};

    made_with(controls[_i], JAVA_ROWS("SunPKCS11-NSS-FIPS"));
    nothing_joined();
}
END_TEST

START_TEST(another_provider)
{
    made_with(CONTROL_WORKING, JAVA_ROWS("SunJCE"));
    nothing_joined();
}
END_TEST

START_TEST(a_name_is_no_proof)
{
    static const char *const infos[] = {
        "SunPKCS11-NSS-FIPS using library /lib/libsoftokn3.so", "", "using library null or so"};

    made();
    provider_is("SunPKCS11-NSS-FIPS", infos[_i]);
    nothing_joined();
}
END_TEST

START_TEST(not_of_the_jdk) /* an application's, whatever it calls itself */
{
    static const char *const classes[] = {"null", "\"com.example.SunPKCS11\"", "7"};

    made();
    provider_of_class("SunPKCS11-NSS-FIPS", "SunPKCS11-NSS-FIPS using library null", classes[_i],
                      "");
    nothing_joined();
}
END_TEST

START_TEST(two_of_one_name) /* which one served, its name does not tell */
{
    made();
    provider_of_class("SunPKCS11-NSS-FIPS", "SunPKCS11-NSS-FIPS using library null",
                      "\"sun.security.pkcs11.SunPKCS11\"",
                      ", {\"name\": \"SunPKCS11-NSS-FIPS\", \"info\": \"\", \"jdk_class\": null}");
    nothing_joined();
}
END_TEST

START_TEST(through_the_adapter)
{
    made_with(CONTROL_WORKING, JAVA_ROWS("SunPKCS11-FIPS"));
    provider_is("SunPKCS11-FIPS", "SunPKCS11-FIPS using library /usr/lib64/x/libnssadapter.so");
    ck_assert_str_eq(joined("digest.a"), "digest.a approved");
}
END_TEST

START_TEST(another_file)
{
    static const char *const names[] = {"libsoftokn3.so", "libfreeblpriv3.so"};

    made();
    for (size_t i = 0; i < sample.report.groups.n; i++) {
        struct group *g = &sample.report.groups.items[i];

        for (size_t k = 0; g->door == DOOR_JCA && k < g->mapped.n; k++)
            if (strstr(g->mapped.items[k].path, names[_i / 3]) != NULL)
                switch (_i % 3) {
                case 0:
                    g->mapped.items[k].ino = 99;
                    break;
                case 1:
                    g->mapped.items[k].deleted = true;
                    break;
                default:
                    free(g->mapped.items[k].path);
                    g->mapped.items[k].path = mem_str("/lib/libother.so");
                }
    }
    nothing_joined();
}
END_TEST

START_TEST(two_copies)
{
    made();
    maps(DOOR_JCA, "/another/libsoftokn3.so", 70);
    nothing_joined();
}
END_TEST

START_TEST(nss_is_not_in_fips_mode)
{
    made();
    sample_fact(&sample, DOOR_JCA, 0, ON, "nss_fips_mode", _i == 0 ? "false" : "null");
    nothing_joined();
}
END_TEST

START_TEST(another_context)
{
    made();
    for (size_t i = 0; i < sample.report.groups.n; i++)
        if (sample.report.groups.items[i].door == DOOR_SOFTOKN_FIPS)
            sample.report.groups.items[i].context = CONTEXT_KERNEL_OFF;
    for (size_t i = 0; i < sample.report.observations.n; i++)
        if (sample.report.observations.items[i].door == DOOR_SOFTOKN_FIPS)
            sample.report.observations.items[i].context = CONTEXT_KERNEL_OFF;
    /* what is classified looks for its group */
    nothing_joined();
}
END_TEST

START_TEST(an_older_java)
{
    made();
    sample_fact(&sample, DOOR_JCA, 0, ON, "java_version", _i == 0 ? "\"1.8.0_482\"" : "\"11.0.2\"");
    ck_assert_str_eq(joined("signature.a"), "");
    ck_assert_str_eq(joined("cipher.a"), "cipher.a not-approved");
}
END_TEST

START_TEST(a_key_from_outside)
{
    static const char *const details[] = {
        "key:~javax.crypto.spec.SecretKeySpec",
        "given~private~key:~sun.security.pkcs11.P11Key",
        "private~key:~sun.security.rsa.RSAPrivateCrtKeyImpl",
        "it~takes~no~plain~key:~sun.security.pkcs11.X",
    };
    own_free char *rows = mem_printf("door.open done\n"
                                     "cipher.a done provider=SunPKCS11-NSS-FIPS detail=%s\n",
                                     details[_i]);

    made_with(CONTROL_WORKING, rows);
    ck_assert_str_eq(joined("cipher.a"), "");
}
END_TEST

START_TEST(rows_that_cannot_be_joined)
{
    static const struct {
        const char *rows, *message;
    } wrong[] = {
        {"- {id: a.b, title: x, jca: {op: op, indicator-of: c.d}}\n", "'c.d' is no row of softokn"},
        {"- {id: a.b, title: x, jca: {op: op, indicator-of: a.b}}\n", "'a.b' is no row of softokn"},
        {"- {id: a.b, title: x, pkcs11: {op: op, doors: nss}, jca: {op: op, indicator-of: a.b}}\n",
         "'a.b' is no row of softokn"},
        {"- {id: a.b, title: x, pkcs11: {op: op, indicator-of: a.b}}\n", "is for 'jca' alone"},
    };
    own_free char *text = mem_printf("- {id: door.open, title: x, pkcs11: {op: op}, jca: {op: op}}"
                                     "\n%s", wrong[_i].rows);
    struct catalogue catalogue;
    own_err struct err err = {0};

    ck_assert_int_eq(catalogue_load("c", text, strlen(text), &rules, &catalogue, &err), -1);
    ck_assert_msg(strstr(err.msg, wrong[_i].message) != NULL, "%s", err.msg);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("join");
    TCase *t = tcase_create("join");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, what_is_the_same_is_joined);
    tcase_add_test(t, the_outcome_stays);
    tcase_add_loop_test(t, without_a_working_control, 0, 3);
    tcase_add_test(t, another_provider);
    tcase_add_loop_test(t, a_name_is_no_proof, 0, 3);
    tcase_add_loop_test(t, not_of_the_jdk, 0, 3);
    tcase_add_test(t, two_of_one_name);
    tcase_add_test(t, through_the_adapter);
    tcase_add_loop_test(t, another_file, 0, 6);
    tcase_add_test(t, two_copies);
    tcase_add_loop_test(t, nss_is_not_in_fips_mode, 0, 2);
    tcase_add_test(t, another_context);
    tcase_add_loop_test(t, an_older_java, 0, 2);
    tcase_add_loop_test(t, a_key_from_outside, 0, 4);
    tcase_add_loop_test(t, rows_that_cannot_be_joined, 0, 4);
    suite_add_tcase(s, t);
    return unit_run(s);
}
