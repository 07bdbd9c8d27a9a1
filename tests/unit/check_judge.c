/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include "base/buf.h"
#include "base/own.h"

#include "unit.h"

#include <string.h>

/* ---- dependence --------------------------------------------------------------------------------- */

#define OPENS "door.open done\n"

struct dependence_case {
    const char *name;
    enum flag_state flag;
    const char *as_is, *off, *on; /* rows beside door.open; NULL: not asked in that context */
    enum dependence dependence;
    const char *reason; /* how it begins */
};

static const struct dependence_case dependences[] = {
    {"the same", FLAG_OFF, "digest.md5 done", "digest.md5 done", "digest.md5 done",
     DEPENDENCE_INDEPENDENT, NULL},
    {"another outcome", FLAG_OFF, "digest.md5 done", "digest.md5 done",
     "digest.md5 failed code=CKR_KEY_SIZE_RANGE", DEPENDENCE_DEPENDENT,
     "different: outcome, code"},
    {"another code", FLAG_OFF, "digest.md5 failed code=A", "digest.md5 failed code=A",
     "digest.md5 failed code=B", DEPENDENCE_DEPENDENT, "different: code"},
    {"another provider", FLAG_OFF, "digest.md5 done provider=SUN", "digest.md5 done provider=SUN",
     "digest.md5 done provider=P", DEPENDENCE_DEPENDENT, "different: provider"},
    {"another answer", FLAG_OFF, "digest.md5 done answer=SUN", "digest.md5 done answer=SUN",
     "digest.md5 done answer=P", DEPENDENCE_DEPENDENT, "different: answer"},
    {"another detail is the same", FLAG_OFF, "digest.md5 done detail=1",
     "digest.md5 done detail=2", "digest.md5 done detail=3", DEPENDENCE_INDEPENDENT, NULL},
    {"the host is on", FLAG_ON, "digest.md5 done provider=P", "digest.md5 done provider=SUN",
     "digest.md5 done provider=P", DEPENDENCE_DEPENDENT, "different: provider"},
    {"no such file counts as off", FLAG_ABSENT, "digest.md5 done provider=SUN",
     "digest.md5 done provider=SUN", "digest.md5 done provider=P", DEPENDENCE_DEPENDENT,
     "different: provider"},
    {"not faithful", FLAG_OFF, "digest.md5 done provider=P", "digest.md5 done provider=SUN",
     "digest.md5 done provider=P", DEPENDENCE_UNDETERMINED, JUDGE_UNFAITHFUL},
    {"not faithful though both presented agree", FLAG_OFF, "digest.md5 done",
     "digest.md5 wrong", "digest.md5 wrong", DEPENDENCE_UNDETERMINED, JUDGE_UNFAITHFUL},
    {"not faithful on a host that is on", FLAG_ON, "digest.md5 done provider=SUN",
     "digest.md5 done provider=SUN", "digest.md5 done provider=P", DEPENDENCE_UNDETERMINED,
     JUDGE_UNFAITHFUL},
    {"flag not known, like one of them", FLAG_UNREADABLE, "digest.md5 done provider=P",
     "digest.md5 done provider=SUN", "digest.md5 done provider=P", DEPENDENCE_DEPENDENT,
     "different: provider"},
    {"flag not known, like none", FLAG_UNREADABLE, "digest.md5 done provider=X",
     "digest.md5 done provider=SUN", "digest.md5 done provider=P", DEPENDENCE_UNDETERMINED,
     "the host's own flag could not be read"},
    {"a crash is an answer", FLAG_OFF, "digest.md5 done", "digest.md5 done",
     "digest.md5 crashed code=SIGSEGV", DEPENDENCE_DEPENDENT, "different: outcome, code"},
    {"a timeout is none", FLAG_OFF, "digest.md5 done", "digest.md5 done", "digest.md5 timed-out",
     DEPENDENCE_UNDETERMINED, "it timed out in the context kernel-on"},
    {"timeouts everywhere", FLAG_OFF, "digest.md5 timed-out", "digest.md5 timed-out",
     "digest.md5 timed-out", DEPENDENCE_UNDETERMINED, "it timed out in the context as-is"},
    {"not asked as-is", FLAG_OFF, NULL, "digest.md5 done", "digest.md5 done",
     DEPENDENCE_UNDETERMINED, "there is no observation in the context as-is"},
    {"not asked in one", FLAG_OFF, "digest.md5 done", "digest.md5 done", NULL,
     DEPENDENCE_UNDETERMINED, "there is no observation in the context kernel-on"},
    {"not run in one", FLAG_OFF, "digest.md5 done", "digest.md5 not-run detail=why",
     "digest.md5 done", DEPENDENCE_UNDETERMINED, "not asked in kernel-off: why"},
    {"not run without a reason", FLAG_OFF, "digest.md5 not-run", "digest.md5 not-run",
     "digest.md5 not-run", DEPENDENCE_UNDETERMINED, "not asked in as-is: no reason was given"},
    {"absent everywhere", FLAG_OFF, "digest.md5 failed listed=no code=CKR_MECHANISM_INVALID",
     "digest.md5 failed listed=no code=CKR_MECHANISM_INVALID",
     "digest.md5 failed listed=no code=CKR_MECHANISM_INVALID", DEPENDENCE_INDEPENDENT,
     "absent in every context, which proves nothing about FIPS"},
    {"indicators without a control", FLAG_OFF, "digest.md5 done indicator=ok",
     "digest.md5 done indicator=ok", "digest.md5 done indicator=not-ok", DEPENDENCE_INDEPENDENT,
     NULL},
};

static void ask(struct sample *s, unsigned context, enum control control, const char *row)
{
    own_free char *rows = row == NULL ? NULL : mem_printf(OPENS "%s\n", row);

    if (rows != NULL)
        sample_door(s, DOOR_SOFTOKN_FIPS, -1, context, control, rows);
}

static const struct dependence_row *row_of(const struct sample *s, const char *probe)
{
    return look_dependence(&s->report, catalogue_find(&s->catalogue, probe),
                           (struct place){DOOR_SOFTOKN_FIPS, -1});
}

static void expect(const struct sample *s, const char *name, enum dependence dependence,
                   const char *reason)
{
    const struct dependence_row *d = row_of(s, "digest.md5");

    ck_assert_ptr_nonnull(d);
    ck_assert_msg(d->dependence == dependence, "%s: %s, %s", name,
                  dependence_word(d->dependence), d->reason == NULL ? "-" : d->reason);
    if (reason == NULL)
        ck_assert_msg(d->reason == NULL, "%s: %s", name, d->reason);
    else
        ck_assert_msg(d->reason != NULL && strncmp(d->reason, reason, strlen(reason)) == 0,
                      "%s: %s", name, d->reason == NULL ? "-" : d->reason);
}

START_TEST(dependence)
{
    const struct dependence_case *c = &dependences[_i];
    struct sample s;

    sample_init(&s);
    s.report.host.flag = c->flag;
    ask(&s, AS_IS, CONTROL_NOT_BUILT_IN, c->as_is);
    ask(&s, OFF, CONTROL_NOT_BUILT_IN, c->off);
    ask(&s, ON, CONTROL_NOT_BUILT_IN, c->on);
    sample_judge(&s);
    expect(&s, c->name, c->dependence, c->reason);
    sample_free(&s);
}
END_TEST

START_TEST(indicators_with_a_control)
{
    struct sample s;

    sample_init(&s);
    ask(&s, AS_IS | OFF, CONTROL_WORKING, "digest.md5 done indicator=ok");
    ask(&s, ON, CONTROL_WORKING, "digest.md5 done indicator=not-ok");
    sample_judge(&s);
    expect(&s, "indicators", DEPENDENCE_DEPENDENT, "different: outcome, indicator");
    sample_free(&s);
}
END_TEST

/* ---- what decides -------------------------------------------------------------------------------- */

/* Which contexts answer with another code than the rest; what was not asked. */
static const struct {
    const char *name;
    enum door door;
    unsigned other, not_asked;
    bool mapped;        /* a library of NSS was loaded */
    const char *option; /* of the JDK */
    enum determinant by;
    const char *changed_by; /* all words, with blanks */
    const char *reason;     /* how it begins */
} deciding[] = {
    {"nothing", DOOR_NSS, 0, NO_ENV | OPTIONS, true, NULL, DETERMINED_BY_IMAGE, "", NULL},
    {"the flag", DOOR_NSS, ON, NO_ENV | OPTIONS, true, NULL, DETERMINED_BY_KERNEL, " kernel", NULL},
    {"flag and variable", DOOR_NSS, ON | ENV, NO_ENV | OPTIONS, true, NULL, DETERMINED_BY_KERNEL,
     " kernel environment", NULL},
    {"the variable alone", DOOR_NSS, ENV, NO_ENV | OPTIONS, true, NULL,
     DETERMINED_BY_ENVIRONMENT, " environment", NULL},
    {"the variable is set", DOOR_NSS, AS_IS | OFF | ON | ENV, OPTIONS, true, NULL,
     DETERMINED_BY_ENVIRONMENT, " environment", NULL},
    {"the variable is set and means nothing", DOOR_NSS, 0, OPTIONS, true, NULL,
     DETERMINED_BY_IMAGE, "", NULL},
    {"the variable was not tried", DOOR_NSS, 0, ENV | NO_ENV | OPTIONS, true, NULL,
     DETERMINED_BY_UNKNOWN, "", "it was not asked in the context env-nss-fips"},
    {"the flag, the variable was not tried", DOOR_NSS, ON, ENV | NO_ENV | OPTIONS, true, NULL,
     DETERMINED_BY_KERNEL, " kernel", NULL},
    {"Java without NSS", DOOR_JCA, 0, ENV | NO_ENV | OPTIONS, false, NULL, DETERMINED_BY_IMAGE, "",
     "NSS_FIPS was not tried: no library of NSS was loaded"},
    {"Java with NSS all the same", DOOR_JCA, 0, ENV | NO_ENV | OPTIONS, true, NULL,
     DETERMINED_BY_UNKNOWN, "", "it was not asked in the context env-nss-fips"},
    {"Java's options", DOOR_JCA, OPTIONS, NO_ENV, true, "-Dx=y", DETERMINED_BY_JVM_OPTIONS,
     " jvm-options", NULL},
    {"the flag and Java's options", DOOR_JCA, ON, NO_ENV, true, "-Dx=y", DETERMINED_BY_KERNEL,
     " kernel jvm-options", NULL},
    {"Java's options were not tried", DOOR_JCA, 0, NO_ENV | OPTIONS, true, "-Dx=y",
     DETERMINED_BY_UNKNOWN, "", "it was not asked in the context jvm-options"},
    {"dependence is not known", DOOR_NSS, 0, ON | NO_ENV | OPTIONS, true, NULL,
     DETERMINED_BY_UNKNOWN, "", "there is no observation in the context kernel-on"},
};

START_TEST(what_decides)
{
    const unsigned asked = (ALL | NO_ENV | OPTIONS) & ~deciding[_i].not_asked;
    int jdk = deciding[_i].door == DOOR_JCA ? 0 : -1;
    const struct dependence_row *d;
    own_buf struct buf changed = {0};
    struct sample s;

    sample_init(&s);
    if (jdk == 0)
        sample_jdk(&s, "/jdk", "17", "stock")->fips_option = mem_str(deciding[_i].option);
    sample_door(&s, deciding[_i].door, jdk, asked & ~deciding[_i].other, CONTROL_NOT_BUILT_IN,
                OPENS "digest.md5 done\n");
    sample_door(&s, deciding[_i].door, jdk, asked & deciding[_i].other, CONTROL_NOT_BUILT_IN,
                OPENS "digest.md5 failed code=OTHER\n");
    if (deciding[_i].mapped) {
        struct mapped *m = mem_push(&s.report.groups.items[0].mapped);

        m->path = mem_str("/usr/lib/libnssutil3.so");
    }
    sample_judge(&s);
    d = look_dependence(&s.report, catalogue_find(&s.catalogue, "digest.md5"),
                        (struct place){deciding[_i].door, jdk});
    ck_assert_str_eq(determinant_word(d->determined_by), determinant_word(deciding[_i].by));
    buf_puts(&changed, "");
    for (int i = 0; i < DETERMINED_BY_MAX; i++)
        if (d->changed_by[i])
            buf_printf(&changed, " %s", determinant_word((enum determinant)i));
    ck_assert_str_eq(changed.data, deciding[_i].changed_by);
    if (deciding[_i].reason == NULL)
        ck_assert_ptr_null(d->determined_reason);
    else
        ck_assert_msg(d->determined_reason != NULL &&
                          strncmp(d->determined_reason, deciding[_i].reason,
                                  strlen(deciding[_i].reason)) == 0,
                      "%s", d->determined_reason == NULL ? "-" : d->determined_reason);
    sample_free(&s);
}
END_TEST

/* A context that could not be made decides nothing. */
START_TEST(variable_not_presented)
{
    const struct dependence_row *d;
    struct sample s;

    sample_init(&s);
    ask(&s, ALL, CONTROL_NOT_BUILT_IN, "digest.md5 done");
    for (size_t i = 0; i < s.report.groups.n; i++)
        if (s.report.groups.items[i].context == CONTEXT_ENV_NSS_FIPS) {
            s.report.groups.items[i].presented = false;
            s.report.groups.items[i].not_presented = mem_str("no");
        }
    sample_judge(&s);
    d = row_of(&s, "digest.md5");
    ck_assert_int_eq(d->dependence, DEPENDENCE_INDEPENDENT);
    ck_assert_int_eq(d->determined_by, DETERMINED_BY_UNKNOWN);
    ck_assert_str_eq(d->determined_reason, "the context env-nss-fips could not be made: no");
    sample_free(&s);
}
END_TEST

/* What was not presented has no observations worth comparing, even where there are some. */
START_TEST(not_presented)
{
    struct sample s;

    sample_init(&s);
    ask(&s, ALL, CONTROL_WORKING, "digest.md5 done");
    for (size_t i = 0; i < s.report.groups.n; i++)
        if (s.report.groups.items[i].context == CONTEXT_KERNEL_ON) {
            s.report.groups.items[i].presented = false;
            s.report.groups.items[i].not_presented = mem_str("seccomp was refused");
        }
    sample_judge(&s);
    expect(&s, "not presented", DEPENDENCE_UNDETERMINED,
           "the flag could not be presented: seccomp was refused");
    ck_assert_ptr_nonnull(sample_finding(&s, "presenting-refused"));
    sample_free(&s);
}
END_TEST

START_TEST(doors_that_do_not_open)
{
    static const char closed[] =
        "door.open failed code=CKR_DEVICE_ERROR\ndigest.md5 not-run detail=closed\n";
    static const char open[] = "door.open done\ndigest.md5 done\n";
    static const struct {
        unsigned open;
        const char *reason;
        enum dependence of_door;
    } rows[] = {
        {0, "the door does not open in any context (CKR_DEVICE_ERROR)", DEPENDENCE_INDEPENDENT},
        {AS_IS | OFF, "the door does not open with the flag at 1 (CKR_DEVICE_ERROR)",
         DEPENDENCE_DEPENDENT},
        {ON, "the door does not open with the flag at 0 (CKR_DEVICE_ERROR)",
         DEPENDENCE_DEPENDENT},
        {OFF | ON, "the door does not open on the host as it is (CKR_DEVICE_ERROR)",
         DEPENDENCE_UNDETERMINED},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample s;

        sample_init(&s);
        sample_door(&s, DOOR_SOFTOKN_FIPS, -1, rows[i].open, CONTROL_WORKING, open);
        sample_door(&s, DOOR_SOFTOKN_FIPS, -1, ALL & ~rows[i].open, CONTROL_WORKING, closed);
        sample_judge(&s);
        expect(&s, "door", DEPENDENCE_UNDETERMINED, rows[i].reason);
        ck_assert_int_eq(row_of(&s, PROBE_OPEN)->dependence, rows[i].of_door);
        sample_free(&s);
    }
}
END_TEST

/* A missing library is neither absent nor host-independent: nothing was asked. */
START_TEST(nothing_to_load)
{
    static const char *const codes[] = {"not-found", "cannot-load"};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        own_free char *rows =
            mem_printf("door.open failed code=%s\ndigest.md5 not-run detail=x\n", codes[i]);
        struct sample s;

        sample_init(&s);
        sample_door(&s, DOOR_SOFTOKN_FIPS, -1, ALL, CONTROL_NO_INTERFACE, rows);
        sample_judge(&s);
        ck_assert_int_eq(row_of(&s, PROBE_OPEN)->at[0]->outcome, OUTCOME_ERROR);
        ck_assert_int_eq(row_of(&s, PROBE_OPEN)->dependence, DEPENDENCE_UNDETERMINED);
        ck_assert_int_eq(row_of(&s, "digest.md5")->dependence, DEPENDENCE_UNDETERMINED);
        ck_assert_ptr_nonnull(sample_finding(&s, "nss-missing"));
        sample_free(&s);
    }
}
END_TEST

/* Rubbish in a library's place, and a library that has no .chk and was changed all the same. */
START_TEST(damage_of_other_kinds)
{
    struct sample s;
    struct module_file *m;

    sample_init(&s);
    m = sample_module(&s, "/opt", "libsoftokn3.so", NULL, CHK_MISMATCH);
    m->problem = mem_str("it is no ELF file");
    m = sample_module(&s, "/opt", "libnss3.so", "3.90", CHK_NONE_EXPECTED);
    m->altered_from = mem_str("Some build (x86_64)");
    m = sample_module(&s, "/opt", "libnssutil3.so", "3.90", CHK_NONE_EXPECTED);
    m->problem = mem_str("it is no ELF file");
    m = sample_module(&s, "/opt", "libfreebl3.so", "3.90", CHK_UNREADABLE);
    m->problem = mem_str("Permission denied"); /* not read: nothing is known */
    free(m->sha256);
    m->sha256 = NULL;
    sample_judge(&s);
    ck_assert_str_eq(s.report.findings.items[0].diagnosis->id, "module-damaged");
    ck_assert_str_eq(s.report.findings.items[0].subject, "/opt/libsoftokn3.so");
    ck_assert_str_eq(s.report.findings.items[1].diagnosis->id, "module-damaged");
    ck_assert_str_eq(s.report.findings.items[1].subject, "/opt/libnss3.so");
    ck_assert_str_eq(s.report.findings.items[2].diagnosis->id, "module-damaged");
    ck_assert_str_eq(s.report.findings.items[2].subject, "/opt/libnssutil3.so");
    ck_assert_str_eq(sample_finding(&s, "module-unreadable")->subject, "/opt/libfreebl3.so");
    ck_assert_int_eq(judge_exit_status(&s.report), 2);
    sample_free(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("judge");
    TCase *t = tcase_create("judge");

    tcase_add_test(t, nothing_to_load);
    tcase_add_loop_test(t, dependence, 0, (int)(sizeof dependences / sizeof *dependences));
    tcase_add_test(t, indicators_with_a_control);
    tcase_add_loop_test(t, what_decides, 0, sizeof deciding / sizeof *deciding);
    tcase_add_test(t, variable_not_presented);
    tcase_add_test(t, not_presented);
    tcase_add_test(t, doors_that_do_not_open);
    tcase_add_test(t, damage_of_other_kinds);
    suite_add_tcase(suite, t);
    return unit_run(suite);
}
