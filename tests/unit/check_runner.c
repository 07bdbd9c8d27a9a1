/* SPDX-License-Identifier: Apache-2.0
 *
 * The runner with real children that crash, hang and lie: what is charged to which probe.
 */
#include "base/own.h"
#include "run/wire-child.h"

#include "faults.h"
#include "running.h"
#include "unit.h"

#include <string.h>

START_TEST(all_answers_come_back)
{
    const struct group *g = &ran.group[0];

    running_one(ask_well, NULL);
    running_assert_done_but(N_PROBES);
    ck_assert_int_eq(g->ending, ENDING_DONE);
    ck_assert_ptr_null(g->ending_detail);
    ck_assert_uint_eq(g->children, 1);
    ck_assert_int_eq(g->door, DOOR_NSS);
    ck_assert(!g->presented);
    ck_assert_ptr_null(json_object_get(g->facts, "noise"));
    ck_assert_uint_gt(g->mapped.n, 0); /* libc at least */
    for (size_t i = 0; i < g->mapped.n; i++)
        ck_assert_int_eq(g->mapped.items[i].path[0], '/');
    for (size_t i = 0; i < N_PROBES; i++) {
        ck_assert_ptr_eq(ran.o[i].probe, running_probes[i]);
        ck_assert_int_eq(ran.o[i].outcome, OUTCOME_NOT_RUN);
    }
}
END_TEST

/* The variable as the child has it, for every context. */
static void ask_variable(const struct child *child, struct wire *wire)
{
    const char *value = getenv("NSS_FIPS");
    own_free char *seen = mem_printf("%s=%s", context_word(child->task->context),
                                     value == NULL ? "-" : value);

    wire_fact_str(wire, "seen", seen);
    ask_well(child, wire);
}

START_TEST(the_environment_is_of_the_context)
{
    static const struct {
        const char *set, *seen[CONTEXT_MAX];
    } rows[] = {
        {NULL,
         {"as-is=-", "kernel-off=-", "kernel-on=-", "env-nss-fips=1", "env-no-nss-fips=-",
          "jvm-options=-"}},
        {"yes",
         {"as-is=yes", "kernel-off=yes", "kernel-on=yes", "env-nss-fips=1", "env-no-nss-fips=-",
          "jvm-options=yes"}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run_task tasks[CONTEXT_MAX];

        if (rows[i].set != NULL)
            setenv("NSS_FIPS", rows[i].set, 1);
        else
            unsetenv("NSS_FIPS");
        for (int c = 0; c < CONTEXT_MAX; c++) {
            tasks[c] = running_task(ask_variable, NULL);
            tasks[c].context = (enum context)c;
        }
        running_tasks(tasks, CONTEXT_MAX, 2, NULL);
        for (int c = 0; c < CONTEXT_MAX; c++) {
            const json_t *seen = json_object_get(ran.group[c].facts, "seen");

            if (ran.group[c].not_presented == NULL)
                ck_assert_str_eq(json_string_value(seen), rows[i].seen[c]);
        }
    }
}
END_TEST

/* A fault in probe 2 is its own, the rest is answered by another child. */
static const struct {
    const char *name;
    void (*fault)(struct wire *);
    enum result result;
    const char *detail, *code;
} faults[] = {
    {"segv", fault_segv, RESULT_CRASHED, "SIGSEGV in C_Second", "SIGSEGV"},
    {"abort", fault_abort, RESULT_CRASHED, "SIGABRT in C_Second", "SIGABRT"},
    {"words", fault_last_words, RESULT_CRASHED,
     "SIGABRT in C_Second; the last that it wrote: malloc(): \\x1b corrupted", "SIGABRT"},
    {"emulated", fault_emulated, RESULT_CRASHED,
     "SIGABRT in C_Second; the last that it wrote: malloc(): corrupted", "SIGABRT"},
    {"emulated alone", fault_emulated_alone, RESULT_CRASHED, "SIGABRT in C_Second", "SIGABRT"},
    {"kill", fault_kill, RESULT_CRASHED, "SIGKILL in C_Second", "SIGKILL"},
    {"exit", fault_exit, RESULT_CRASHED,
     "left with status 3 before it was finished in C_Second", NULL},
    {"hang", fault_hang, RESULT_TIMED_OUT, "no answer within " RUNNING_MS_TEXT " in C_Second", NULL},
    {"hang deaf", fault_hang_deaf, RESULT_TIMED_OUT, "no answer within " RUNNING_MS_TEXT " in C_Second", NULL},
    {"stop", fault_stop, RESULT_TIMED_OUT, "no answer within " RUNNING_MS_TEXT, NULL},
    {"torn", fault_torn, RESULT_CRASHED, "a record was cut off", NULL},
    {"garbage", fault_garbage, RESULT_CRASHED,
     "not of the agreed form: a record is no JSON object", NULL},
    {"zeros", fault_zeros, RESULT_CRASHED, "not of the agreed form", NULL},
    {"long line", fault_long_line, RESULT_CRASHED, "longer than", NULL},
    {"other answer", fault_other_answer, RESULT_CRASHED, "was not begun", NULL},
    {"wire closed", fault_close_wire, RESULT_CRASHED, "left with status 124", NULL},
    {"wire replaced", fault_replace_wire, RESULT_CRASHED, "left with status 124", NULL},
};

START_TEST(a_fault_is_charged_to_its_probe)
{
    const struct evidence *e;

    running_one(ask_but, FAULT(faults[_i].fault));
    running_assert_done_but(2);
    e = &ran.o[2].evidence;
    ck_assert_msg(e->result == faults[_i].result, "%s: %s", faults[_i].name,
                  result_word(e->result));
    running_assert_has(e->detail, faults[_i].detail);
    ck_assert_str_eq(e->step, "C_Second");
    if (faults[_i].code != NULL)
        ck_assert_str_eq(e->code, faults[_i].code);
    else
        ck_assert_ptr_null(e->code);
    ck_assert_uint_eq(ran.group[0].children, 2);
    ck_assert_int_eq(ran.group[0].ending, ENDING_DONE);
    ck_assert_uint_gt(ran.group[0].mapped.n, 0);
}
END_TEST

START_TEST(a_flood_of_records_ends)
{
    running_one(ask_but, FAULT(fault_flood));
    running_assert_done_but(2);
    ck_assert(ran.o[2].evidence.result == RESULT_CRASHED ||
              ran.o[2].evidence.result == RESULT_TIMED_OUT);
}
END_TEST

START_TEST(the_second_answer_is_not_believed)
{
    running_one(ask_but, FAULT(fault_twice)); /* answered, then once more: what came first stays */
    running_assert_done_but(N_PROBES);
    ck_assert_uint_eq(ran.group[0].children, 2);
}
END_TEST

/* Faults before the door is asked. */
static const struct {
    void (*fault)(struct wire *);
    enum ending ending;
    enum result result;
    const char *detail;
} closed[] = {
    {fault_segv, ENDING_KILLED, RESULT_CRASHED, "SIGSEGV"},
    {fault_exit, ENDING_EXITED, RESULT_CRASHED, "left with status 3"},
    {fault_garbage, ENDING_GARBLED, RESULT_CRASHED, "no JSON object"},
    {fault_hang, ENDING_TIMED_OUT, RESULT_TIMED_OUT, "no answer within " RUNNING_DOOR_TEXT},
};

START_TEST(a_door_that_kills_stays_closed)
{
    running_one(ask_after, FAULT(closed[_i].fault));
    ck_assert_int_eq(ran.o[0].evidence.result, closed[_i].result);
    running_assert_has(ran.o[0].evidence.detail, closed[_i].detail);
    ck_assert_int_eq(ran.group[0].ending, closed[_i].ending);
    running_assert_has(ran.group[0].ending_detail, closed[_i].detail);
    ck_assert_uint_eq(ran.group[0].children, 1);
    for (size_t i = 1; i < N_PROBES; i++) {
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_NOT_RUN);
        running_assert_has(ran.o[i].evidence.detail, "the door did not open: ");
        running_assert_has(ran.o[i].evidence.detail, closed[_i].detail);
    }
}
END_TEST

static void ask_refused(const struct child *c, struct wire *w)
{
    struct evidence e = {.result = RESULT_FAILED, .code = (char *)(uintptr_t)"CKR_DEVICE_ERROR",
                         .detail = (char *)(uintptr_t)"self-test"};

    wire_begin(w, 0);
    wire_answer(w, 0, &e);
    for (size_t i = 1; i < c->task->n_probes; i++) { /* goes on all the same */
        wire_begin(w, i);
        fault_answer(w, i, RESULT_DONE, NULL);
    }
}

START_TEST(behind_a_closed_door_nothing_counts)
{
    running_one(ask_refused, NULL);
    ck_assert_int_eq(ran.o[0].evidence.result, RESULT_FAILED);
    for (size_t i = 1; i < N_PROBES; i++) {
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_NOT_RUN);
        ck_assert_str_eq(ran.o[i].evidence.detail,
                         "the door did not open: CKR_DEVICE_ERROR: self-test");
    }
}
END_TEST

static void ask_and_hang(const struct child *c, struct wire *w)
{
    ask_well(c, w);
    fault_hang(w);
}

START_TEST(a_hang_after_the_last_answer_costs_no_answer)
{
    running_one(ask_and_hang, NULL);
    running_assert_done_but(N_PROBES);
    ck_assert_int_eq(ran.group[0].ending, ENDING_TIMED_OUT);
    ck_assert_uint_eq(ran.group[0].children, 1);
}
END_TEST

static void ask_none(const struct child *c, struct wire *w)
{
    (void)c;
    wire_begin(w, 0);
    fault_answer(w, 0, RESULT_DONE, NULL);
}

START_TEST(what_was_not_asked_is_not_run)
{
    running_one(ask_none, NULL);
    ck_assert_int_eq(ran.o[0].evidence.result, RESULT_DONE);
    for (size_t i = 1; i < N_PROBES; i++) {
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_NOT_RUN);
        running_assert_has(ran.o[i].evidence.detail, "without asking it");
    }
}
END_TEST

static void ask_one_each(const struct child *c, struct wire *w)
{
    size_t asked = 0;

    wire_begin(w, 0);
    fault_answer(w, 0, RESULT_DONE, NULL);
    for (size_t i = 1; i < c->task->n_probes; i++) {
        if (!c->ask[i])
            continue;
        if (asked++ == 1) {
            wire_again(w);
            return;
        }
        wire_begin(w, i);
        fault_answer(w, i, RESULT_DONE, NULL);
    }
}

START_TEST(again_goes_on_in_a_fresh_child)
{
    running_one(ask_one_each, NULL);
    running_assert_done_but(N_PROBES);
    ck_assert_uint_eq(ran.group[0].children, N_PROBES - 1);
}
END_TEST

static void ask_again_at_once(const struct child *c, struct wire *w)
{
    (void)c;
    wire_begin(w, 0);
    fault_answer(w, 0, RESULT_DONE, NULL);
    wire_again(w);
}

START_TEST(again_must_make_progress)
{
    running_one(ask_again_at_once, NULL);
    ck_assert_uint_eq(ran.group[0].children, 1);
    for (size_t i = 1; i < N_PROBES; i++)
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_NOT_RUN);
}
END_TEST

static void ask_all_die(const struct child *c, struct wire *w)
{
    for (size_t i = 0; i < c->task->n_probes; i++) {
        if (!c->ask[i])
            continue;
        wire_begin(w, i);
        if (i > 0)
            abort();
        fault_answer(w, i, RESULT_DONE, NULL);
    }
}

START_TEST(every_probe_may_die)
{
    running_one(ask_all_die, NULL);
    for (size_t i = 1; i < N_PROBES; i++)
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_CRASHED);
    ck_assert_uint_eq(ran.group[0].children, N_PROBES - 1);
    ck_assert_int_eq(ran.group[0].ending, ENDING_KILLED);
}
END_TEST

START_TEST(deaths_are_bounded)
{
    enum { MANY = 40 };
    const struct probe *many[MANY];
    struct run_task t = running_task(ask_all_die, NULL);
    struct run_options options = {.probe_ms = RUNNING_MS, .parallel = 1};
    own_err struct err err = {0};

    for (size_t i = 0; i < MANY; i++)
        many[i] = &running_rows[i % N_PROBES];
    t.probes = many;
    t.n_probes = MANY;
    ck_assert_int_eq(run_all(&t, 1, &options, ran.group, &ran.o, &ran.n_o, &err), 0);
    ran.n = 1;
    ck_assert_uint_eq(ran.group[0].children, 16);
    ck_assert_int_eq(ran.o[16].evidence.result, RESULT_CRASHED);
    ck_assert_int_eq(ran.o[17].evidence.result, RESULT_NOT_RUN);
    running_assert_has(ran.o[17].evidence.detail, "16 children of this group ended early");
}
END_TEST

START_TEST(facts_and_noise)
{
    const struct group *g = &ran.group[0];

    running_one(ask_but, FAULT(fault_noise));
    running_assert_done_but(N_PROBES);
    /* stdout was flushed before stderr was written */
    ck_assert_str_eq(json_string_value(json_object_get(g->facts, "noise")),
                     "lib\\x1b[31mred\\nbad \\xff byte\\n");
    running_one(ask_but, FAULT(fault_noise_flood));
    running_assert_done_but(N_PROBES);
    ck_assert_uint_eq(json_string_length(json_object_get(g->facts, "noise")), 4096);
}
END_TEST

static void ask_facts(const struct child *c, struct wire *w)
{
    json_t *list = json_array();
    own_free char *big = mem_zero(3000000, 1);

    memset(big, 'x', 2999999);
    json_array_append_new(list, json_string("a\nb"));
    json_array_append_new(list, json_integer(3));
    wire_fact(w, "list", list);
    wire_fact(w, "none", NULL);
    wire_fact_str(w, "text", "\x1b[0m");
    wire_fact_str(w, "nothing", NULL);
    wire_fact_str(w, "long", big);
    wire_fact_str(w, "twice", "first");
    wire_fact_str(w, "twice", "second");
    list = json_array();
    for (int i = 0; i < 200000; i++)
        json_array_append_new(list, json_string("abcdefgh"));
    wire_fact(w, "huge", list);
    wire_control(w, CONTROL_WORKING);
    ask_well(c, w);
}

START_TEST(facts_are_clean_and_bounded)
{
    const json_t *f;

    running_one(ask_facts, NULL);
    running_assert_done_but(N_PROBES);
    f = ran.group[0].facts;
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(f, "list"), 0)), "a\\nb");
    ck_assert_int_eq(json_integer_value(json_array_get(json_object_get(f, "list"), 1)), 3);
    ck_assert_ptr_null(json_object_get(f, "none"));
    ck_assert_ptr_null(json_object_get(f, "nothing"));
    ck_assert_str_eq(json_string_value(json_object_get(f, "text")), "\\x1b[0m");
    ck_assert_uint_eq(json_string_length(json_object_get(f, "long")), WIRE_MAX_TEXT);
    ck_assert_str_eq(json_string_value(json_object_get(f, "twice")), "second");
    ck_assert(json_is_null(json_object_get(f, "huge")));
    ck_assert_int_eq(ran.group[0].control, CONTROL_WORKING);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("runner");
    TCase *t = tcase_create("runner");

    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, NULL, running_clear);
    tcase_add_test(t, all_answers_come_back);
    tcase_add_test(t, the_environment_is_of_the_context);
    tcase_add_loop_test(t, a_fault_is_charged_to_its_probe, 0, sizeof faults / sizeof *faults);
    tcase_add_test(t, a_flood_of_records_ends);
    tcase_add_test(t, the_second_answer_is_not_believed);
    tcase_add_loop_test(t, a_door_that_kills_stays_closed, 0, sizeof closed / sizeof *closed);
    tcase_add_test(t, behind_a_closed_door_nothing_counts);
    tcase_add_test(t, a_hang_after_the_last_answer_costs_no_answer);
    tcase_add_test(t, what_was_not_asked_is_not_run);
    tcase_add_test(t, again_goes_on_in_a_fresh_child);
    tcase_add_test(t, again_must_make_progress);
    tcase_add_test(t, every_probe_may_die);
    tcase_add_test(t, deaths_are_bounded);
    tcase_add_test(t, facts_and_noise);
    tcase_add_test(t, facts_are_clean_and_bounded);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
