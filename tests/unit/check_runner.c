/* SPDX-License-Identifier: Apache-2.0
 *
 * The runner with real children that crash, hang, lie and leave things behind.
 */
#include "base/own.h"
#include "base/scratch.h"
#include "run/run.h"
#include "run/wire-child.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define N 5

static struct probe rows[N];
static const struct probe *probes[N];

static void make_rows(void)
{
    static char ids[N][8] = {"open", "a", "b", "c", "d"};

    for (size_t i = 0; i < N; i++) {
        rows[i].id = ids[i];
        probes[i] = &rows[i];
    }
}

/* ---- what children do -------------------------------------------------------------------------- */

static void answer(struct wire *w, size_t i, enum result result, char *code)
{
    struct evidence e = {.result = result, .code = code};

    wire_answer(w, i, &e);
}

static void ask_well(const struct child *c, struct wire *w)
{
    for (size_t i = 0; i < c->task->n_probes; i++) {
        if (!c->ask[i])
            continue;
        wire_begin(w, i);
        answer(w, i, RESULT_DONE, NULL);
    }
}

/* Asks well, but for probe 2, where arg is called. */
static void ask_but(const struct child *c, struct wire *w)
{
    void (*fault)(struct wire *) = *(void (*const *)(struct wire *))c->task->arg;

    for (size_t i = 0; i < c->task->n_probes; i++) {
        if (!c->ask[i])
            continue;
        wire_begin(w, i);
        wire_step(w, "C_First");
        if (i == 2) {
            wire_step(w, "C_Second");
            fault(w);
        }
        answer(w, i, RESULT_DONE, NULL);
    }
}

/* Does arg before anything. */
static void ask_after(const struct child *c, struct wire *w)
{
    (*(void (*const *)(struct wire *))c->task->arg)(w);
    ask_well(c, w);
}

static void sleep_ms(long ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

static void do_segv(struct wire *w)
{
    (void)w;
    raise(SIGSEGV);
}

static void do_abort(struct wire *w)
{
    (void)w;
    abort();
}

static void do_kill(struct wire *w)
{
    (void)w;
    kill(getpid(), SIGKILL);
}

static void do_hang(struct wire *w)
{
    (void)w;
    for (;;)
        pause();
}

static void do_hang_deaf(struct wire *w)
{
    for (int sig = 1; sig < 32; sig++)
        signal(sig, SIG_IGN);
    do_hang(w);
}

static void do_stop(struct wire *w)
{
    (void)w;
    raise(SIGSTOP);
}

static void do_exit(struct wire *w)
{
    (void)w;
    _exit(3);
}

static void raw(const struct wire *w, const char *s, size_t len)
{
    while (len > 0) {
        ssize_t n = write(w->fd, s, len);

        if (n <= 0)
            _exit(9);
        s += n;
        len -= (size_t)n;
    }
}

static void do_torn(struct wire *w)
{
    static const char half[] = "{\"r\":\"answer\",\"i\":2,\"resu";

    raw(w, half, sizeof half - 1);
    _exit(0);
}

static void do_garbage(struct wire *w)
{
    raw(w, "hello, this is libfoo\n", 22);
    sleep_ms(60000);
}

static void do_zeros(struct wire *w)
{
    static char zeros[100000];

    raw(w, zeros, sizeof zeros);
    raw(w, "\n", 1);
    sleep_ms(60000);
}

static void do_long_line(struct wire *w)
{
    static char as[65536];

    memset(as, 'a', sizeof as);
    for (int i = 0; i < 160; i++)
        raw(w, as, sizeof as);
    sleep_ms(60000);
}

static void do_flood(struct wire *w)
{
    for (;;)
        wire_step(w, "C_Flood");
}

static void do_other_answer(struct wire *w)
{
    answer(w, 3, RESULT_DONE, NULL);
}

static void do_twice(struct wire *w)
{
    answer(w, 2, RESULT_DONE, NULL);
}

static void do_noise_flood(struct wire *w)
{
    char text[1000];

    (void)w;
    memset(text, 'n', sizeof text);
    for (int i = 0; i < 2000; i++)
        if (write(1, text, sizeof text) < 0 || write(2, text, sizeof text) < 0)
            _exit(8);
}

static void do_noise(struct wire *w)
{
    (void)w;
    printf("lib\x1b[31mred\n");
    fflush(stdout);
    fprintf(stderr, "bad \xff byte\n");
}

static void do_read_input(struct wire *w)
{
    char c;

    (void)w;
    if (read(0, &c, 1) != 0)
        _exit(7);
    if (open("/dev/tty", O_RDWR) >= 0)
        _exit(6);
}

static void do_close_wire(struct wire *w)
{
    close(w->fd);
}

/* Something else under the wire's number: nothing may land there. */
static void do_replace_wire(struct wire *w)
{
    int fd = open("/dev/null", O_WRONLY);

    dup2(fd, w->fd);
}

/* ---- processes left behind --------------------------------------------------------------------- */

/* Where children write the number of the process that they left behind. */
static char pid_file[256];

static void note_pid(pid_t pid)
{
    FILE *f = fopen(pid_file, "w");

    fprintf(f, "%d\n", (int)pid);
    fclose(f);
}

static pid_t noted_pid(void)
{
    own_file FILE *f = fopen(pid_file, "r");
    int pid = 0;

    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fscanf(f, "%d", &pid), 1);
    return pid;
}

static void do_leave_child(struct wire *w)
{
    pid_t pid = fork(); /* holds the wire and the noise pipe */

    (void)w;
    if (pid == 0)
        for (;;)
            pause();
    note_pid(pid);
}

static void do_daemon(struct wire *w)
{
    pid_t first = fork();

    (void)w;
    if (first == 0) {
        pid_t second;

        setsid();
        second = fork();
        if (second != 0) {
            note_pid(second);
            _exit(0);
        }
        setsid();
        prctl(PR_SET_PDEATHSIG, 0);
        for (;;)
            pause();
    }
    waitpid(first, NULL, 0);
}

/* ---- running ----------------------------------------------------------------------------------- */

struct ran {
    struct group group[40];
    struct observation *o;
    size_t n_o, n;
};

static struct ran ran;

static void clear(void)
{
    for (size_t i = 0; i < ran.n; i++)
        group_free(&ran.group[i]);
    for (size_t i = 0; i < ran.n_o; i++)
        evidence_free(&ran.o[i].evidence);
    free(ran.o);
    ran = (struct ran){.n = 0};
}

static void run_tasks(const struct run_task *tasks, size_t n, unsigned parallel, const char *scratch)
{
    struct run_options options = {.probe_ms = 400, .parallel = parallel, .scratch = scratch};
    own_err struct err err = {0};

    clear();
    ck_assert_msg(run_all(tasks, n, &options, ran.group, &ran.o, &ran.n_o, &err) == 0, "%s", err.msg);
    ran.n = n;
    ck_assert_uint_eq(ran.n_o, n * N);
    for (size_t i = 0; i < n; i++)
        ck_assert_ptr_nonnull(ran.group[i].facts);
}

static struct run_task task(void (*ask)(const struct child *, struct wire *), const void *arg)
{
    return (struct run_task){.door = DOOR_NSS, .context = CONTEXT_AS_IS, .jdk = -1,
                             .probes = probes, .n_probes = N, .ask = ask, .arg = arg};
}

static void run_one(void (*ask)(const struct child *, struct wire *), const void *arg)
{
    struct run_task t = task(ask, arg);

    run_tasks(&t, 1, 1, NULL);
}

#define FAULT(f) (const void *)&(void (*)(struct wire *)){f}

static void assert_done_but(size_t except)
{
    for (size_t i = 0; i < N; i++)
        if (i != except)
            ck_assert_msg(ran.o[i].evidence.result == RESULT_DONE, "probe %zu: %s, %s", i,
                          result_word(ran.o[i].evidence.result), ran.o[i].evidence.detail);
}

static void assert_has(const char *text, const char *part)
{
    ck_assert_ptr_nonnull(text);
    ck_assert_msg(strstr(text, part) != NULL, "'%s' is not in '%s'", part, text);
}

static bool is_gone(pid_t pid)
{
    return kill(pid, 0) < 0 && errno == ESRCH;
}

/* ---- tests ------------------------------------------------------------------------------------- */

START_TEST(all_answers_come_back)
{
    const struct group *g = &ran.group[0];

    run_one(ask_well, NULL);
    assert_done_but(N);
    ck_assert_int_eq(g->ending, ENDING_DONE);
    ck_assert_ptr_null(g->ending_detail);
    ck_assert_uint_eq(g->children, 1);
    ck_assert_int_eq(g->door, DOOR_NSS);
    ck_assert(!g->presented);
    ck_assert_ptr_null(json_object_get(g->facts, "noise"));
    ck_assert_uint_gt(g->mapped.n, 0); /* libc at least */
    for (size_t i = 0; i < g->mapped.n; i++)
        ck_assert_int_eq(g->mapped.items[i].path[0], '/');
    for (size_t i = 0; i < N; i++) {
        ck_assert_ptr_eq(ran.o[i].probe, probes[i]);
        ck_assert_int_eq(ran.o[i].outcome, OUTCOME_NOT_RUN);
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
    {"segv", do_segv, RESULT_CRASHED, "SIGSEGV in C_Second", "SIGSEGV"},
    {"abort", do_abort, RESULT_CRASHED, "SIGABRT in C_Second", "SIGABRT"},
    {"kill", do_kill, RESULT_CRASHED, "SIGKILL in C_Second", "SIGKILL"},
    {"exit", do_exit, RESULT_CRASHED, "left with status 3 before it was finished in C_Second", NULL},
    {"hang", do_hang, RESULT_TIMED_OUT, "no answer within 0.4 s in C_Second", NULL},
    {"hang deaf", do_hang_deaf, RESULT_TIMED_OUT, "no answer within 0.4 s in C_Second", NULL},
    {"stop", do_stop, RESULT_TIMED_OUT, "no answer within 0.4 s", NULL},
    {"torn", do_torn, RESULT_CRASHED, "a record was cut off", NULL},
    {"garbage", do_garbage, RESULT_CRASHED, "not of the agreed form: a record is no JSON object", NULL},
    {"zeros", do_zeros, RESULT_CRASHED, "not of the agreed form", NULL},
    {"long line", do_long_line, RESULT_CRASHED, "longer than", NULL},
    {"other answer", do_other_answer, RESULT_CRASHED, "was not begun", NULL},
    {"wire closed", do_close_wire, RESULT_CRASHED, "left with status 124", NULL},
    {"wire replaced", do_replace_wire, RESULT_CRASHED, "left with status 124", NULL},
};

START_TEST(a_fault_is_charged_to_its_probe)
{
    const struct evidence *e;

    run_one(ask_but, FAULT(faults[_i].fault));
    assert_done_but(2);
    e = &ran.o[2].evidence;
    ck_assert_msg(e->result == faults[_i].result, "%s: %s", faults[_i].name, result_word(e->result));
    assert_has(e->detail, faults[_i].detail);
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
    run_one(ask_but, FAULT(do_flood));
    assert_done_but(2);
    ck_assert(ran.o[2].evidence.result == RESULT_CRASHED ||
              ran.o[2].evidence.result == RESULT_TIMED_OUT);
}
END_TEST

START_TEST(the_second_answer_is_not_believed)
{
    run_one(ask_but, FAULT(do_twice)); /* answered, then once more: what came first stays */
    assert_done_but(N);
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
    {do_segv, ENDING_KILLED, RESULT_CRASHED, "SIGSEGV"},
    {do_exit, ENDING_EXITED, RESULT_CRASHED, "left with status 3"},
    {do_garbage, ENDING_GARBLED, RESULT_CRASHED, "no JSON object"},
    {do_hang, ENDING_TIMED_OUT, RESULT_TIMED_OUT, "no answer within 1.2 s"},
};

START_TEST(a_door_that_kills_stays_closed)
{
    run_one(ask_after, FAULT(closed[_i].fault));
    ck_assert_int_eq(ran.o[0].evidence.result, closed[_i].result);
    assert_has(ran.o[0].evidence.detail, closed[_i].detail);
    ck_assert_int_eq(ran.group[0].ending, closed[_i].ending);
    assert_has(ran.group[0].ending_detail, closed[_i].detail);
    ck_assert_uint_eq(ran.group[0].children, 1);
    for (size_t i = 1; i < N; i++) {
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_NOT_RUN);
        assert_has(ran.o[i].evidence.detail, "the door did not open: ");
        assert_has(ran.o[i].evidence.detail, closed[_i].detail);
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
        answer(w, i, RESULT_DONE, NULL);
    }
}

START_TEST(behind_a_closed_door_nothing_counts)
{
    run_one(ask_refused, NULL);
    ck_assert_int_eq(ran.o[0].evidence.result, RESULT_FAILED);
    for (size_t i = 1; i < N; i++) {
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_NOT_RUN);
        ck_assert_str_eq(ran.o[i].evidence.detail,
                         "the door did not open: CKR_DEVICE_ERROR: self-test");
    }
}
END_TEST

static void ask_and_hang(const struct child *c, struct wire *w)
{
    ask_well(c, w);
    do_hang(w);
}

START_TEST(a_hang_after_the_last_answer_costs_no_answer)
{
    run_one(ask_and_hang, NULL);
    assert_done_but(N);
    ck_assert_int_eq(ran.group[0].ending, ENDING_TIMED_OUT);
    ck_assert_uint_eq(ran.group[0].children, 1);
}
END_TEST

static void ask_none(const struct child *c, struct wire *w)
{
    (void)c;
    wire_begin(w, 0);
    answer(w, 0, RESULT_DONE, NULL);
}

START_TEST(what_was_not_asked_is_not_run)
{
    run_one(ask_none, NULL);
    ck_assert_int_eq(ran.o[0].evidence.result, RESULT_DONE);
    for (size_t i = 1; i < N; i++) {
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_NOT_RUN);
        assert_has(ran.o[i].evidence.detail, "without asking it");
    }
}
END_TEST

static void ask_one_each(const struct child *c, struct wire *w)
{
    size_t asked = 0;

    wire_begin(w, 0);
    answer(w, 0, RESULT_DONE, NULL);
    for (size_t i = 1; i < c->task->n_probes; i++) {
        if (!c->ask[i])
            continue;
        if (asked++ == 1) {
            wire_again(w);
            return;
        }
        wire_begin(w, i);
        answer(w, i, RESULT_DONE, NULL);
    }
}

START_TEST(again_goes_on_in_a_fresh_child)
{
    run_one(ask_one_each, NULL);
    assert_done_but(N);
    ck_assert_uint_eq(ran.group[0].children, N - 1);
}
END_TEST

static void ask_again_at_once(const struct child *c, struct wire *w)
{
    (void)c;
    wire_begin(w, 0);
    answer(w, 0, RESULT_DONE, NULL);
    wire_again(w);
}

START_TEST(again_must_make_progress)
{
    run_one(ask_again_at_once, NULL);
    ck_assert_uint_eq(ran.group[0].children, 1);
    for (size_t i = 1; i < N; i++)
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
        answer(w, i, RESULT_DONE, NULL);
    }
}

START_TEST(every_probe_may_die)
{
    run_one(ask_all_die, NULL);
    for (size_t i = 1; i < N; i++)
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_CRASHED);
    ck_assert_uint_eq(ran.group[0].children, N - 1);
    ck_assert_int_eq(ran.group[0].ending, ENDING_KILLED);
}
END_TEST

START_TEST(deaths_are_bounded)
{
    enum { MANY = 40 };
    const struct probe *many[MANY];
    struct run_task t = task(ask_all_die, NULL);
    struct run_options options = {.probe_ms = 400, .parallel = 1};
    own_err struct err err = {0};

    for (size_t i = 0; i < MANY; i++)
        many[i] = &rows[i % N];
    t.probes = many;
    t.n_probes = MANY;
    ck_assert_int_eq(run_all(&t, 1, &options, ran.group, &ran.o, &ran.n_o, &err), 0);
    ran.n = 1;
    ck_assert_uint_eq(ran.group[0].children, 16);
    ck_assert_int_eq(ran.o[16].evidence.result, RESULT_CRASHED);
    ck_assert_int_eq(ran.o[17].evidence.result, RESULT_NOT_RUN);
    assert_has(ran.o[17].evidence.detail, "16 children of this group ended early");
}
END_TEST

START_TEST(facts_and_noise)
{
    const struct group *g = &ran.group[0];

    run_one(ask_but, FAULT(do_noise));
    assert_done_but(N);
    /* stdout was flushed before stderr was written */
    ck_assert_str_eq(json_string_value(json_object_get(g->facts, "noise")),
                     "lib\\x1b[31mred\\nbad \\xff byte\\n");
    run_one(ask_but, FAULT(do_noise_flood));
    assert_done_but(N);
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

    run_one(ask_facts, NULL);
    assert_done_but(N);
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

START_TEST(input_is_empty_and_there_is_no_terminal)
{
    run_one(ask_but, FAULT(do_read_input));
    assert_done_but(N);
}
END_TEST

START_TEST(what_a_child_leaves_behind_is_killed)
{
    void (*const leave[])(struct wire *) = {do_leave_child, do_daemon};
    int subreaper = -1;

    snprintf(pid_file, sizeof pid_file, "%s/pid", scratch_make());
    run_one(ask_but, FAULT(leave[_i]));
    assert_done_but(N);
    ck_assert_int_eq(ran.group[0].ending, ENDING_DONE);
    ck_assert_uint_lt(ran.group[0].wall_ms, 1000);
    ck_assert(is_gone(noted_pid()));
    prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0);
    ck_assert_int_eq(subreaper, 0);
    scratch_remove();
}
END_TEST

START_TEST(a_child_of_the_caller_is_left_alone)
{
    pid_t other = fork();

    if (other == 0)
        for (;;)
            pause();
    run_one(ask_well, NULL);
    ck_assert_int_eq(kill(other, 0), 0);
    ck_assert_int_eq(waitpid(other, NULL, WNOHANG), 0);
    kill(other, SIGKILL);
    ck_assert_int_eq(waitpid(other, NULL, 0), other);
}
END_TEST

START_TEST(an_ignored_sigchld_changes_nothing)
{
    struct sigaction now;

    signal(SIGCHLD, SIG_IGN);
    run_one(ask_but, FAULT(do_segv));
    assert_done_but(2);
    ck_assert_str_eq(ran.o[2].evidence.detail, "SIGSEGV in C_Second");
    sigaction(SIGCHLD, NULL, &now);
    ck_assert_ptr_eq(now.sa_handler, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
}
END_TEST

START_TEST(closed_standard_descriptors)
{
    int saved[3];
    bool open_after = false;

    for (int fd = 0; fd < 3; fd++) {
        saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 100);
        close(fd);
    }
    {
        struct run_task t = task(ask_but, FAULT(do_noise));
        struct run_options options = {.probe_ms = 400, .parallel = 1};
        int rc = run_all(&t, 1, &options, ran.group, &ran.o, &ran.n_o, NULL);

        for (int fd = 0; fd < 3; fd++) {
            open_after = open_after || fcntl(fd, F_GETFD) >= 0;
            dup2(saved[fd], fd);
            close(saved[fd]);
        }
        ck_assert_int_eq(rc, 0);
        ran.n = 1;
    }
    ck_assert(!open_after);
    assert_done_but(N);
    ck_assert_ptr_nonnull(json_object_get(ran.group[0].facts, "noise"));
}
END_TEST

/* Nothing that was open in the parent is open in the child but 0, 1, 2 and its wire. */
static void ask_descriptors(const struct child *c, struct wire *w)
{
    for (int fd = 3; fd < 1024; fd++)
        if (fd != w->fd && fcntl(fd, F_GETFD) >= 0)
            _exit(40);
    ask_well(c, w);
}

START_TEST(children_have_no_foreign_descriptors)
{
    struct run_task t[4];
    own_fd int extra = open("/dev/null", O_RDONLY);

    for (size_t i = 0; i < 4; i++)
        t[i] = task(ask_descriptors, NULL);
    run_tasks(t, 4, 4, NULL);
    for (size_t i = 0; i < 4 * N; i++)
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_DONE);
}
END_TEST

static void do_nothing(struct wire *w)
{
    (void)w;
    sleep_ms(2);
}

START_TEST(many_tasks_two_at_a_time)
{
    static void (*const mix[])(struct wire *) = {do_nothing, do_segv, do_noise, do_exit, do_garbage};
    struct run_task t[40];

    for (size_t i = 0; i < 40; i++)
        t[i] = task(ask_but, &mix[i % 5]);
    run_tasks(t, 40, 2, NULL);
    for (size_t i = 0; i < 40 * N; i++) {
        size_t kind = i / N % 5;
        bool crashes = kind == 1 || kind == 3 || kind == 4;

        ck_assert_int_eq(ran.o[i].evidence.result,
                         i % N == 2 && crashes ? RESULT_CRASHED : RESULT_DONE);
    }
}
END_TEST

static void ask_scratch(const struct child *c, struct wire *w)
{
    own_free char *dir = mem_printf("%s/deep/er", c->scratch), *file = NULL;
    own_free char *deep = mem_printf("%s/deep", c->scratch), *link = NULL;
    struct stat st;

    if (stat(c->scratch, &st) < 0 || (st.st_mode & 07777) != 0700)
        _exit(50);
    mkdir(deep, 0700);
    mkdir(dir, 0700);
    file = mem_printf("%s/file", dir);
    close(open(file, O_WRONLY | O_CREAT, 0400));
    link = mem_printf("%s/link", dir);
    if (symlink("/etc", link) < 0)
        _exit(51);
    chmod(dir, 0500);
    chmod(deep, 0);
    ask_well(c, w);
}

START_TEST(scratch_is_private_and_gone_afterwards)
{
    struct run_task t[2] = {task(ask_scratch, NULL), task(ask_scratch, NULL)};
    const char *dir = scratch_make();
    own_free char *copy = mem_str(dir);
    struct stat st;

    ck_assert_ptr_nonnull(dir);
    ck_assert_ptr_eq(scratch_make(), dir);
    ck_assert_int_eq(stat(dir, &st), 0);
    ck_assert_int_eq(st.st_mode & 07777, 0700);
    run_tasks(t, 2, 2, dir);
    for (size_t i = 0; i < 2 * N; i++)
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_DONE);
    ck_assert_int_eq(rmdir(dir), 0); /* the children's own are gone already */
    ck_assert_int_eq(mkdir(dir, 0700), 0);
    scratch_remove();
    ck_assert_int_eq(lstat(copy, &st), -1);
    ck_assert_int_eq(stat("/etc/passwd", &st), 0);
    scratch_remove();
}
END_TEST

/* A program in the middle of a run, or before it, gets a signal: it dies of it, and nothing is
 * left. */
START_TEST(a_signal_ends_everything)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    int sig = signals[_i % 3], status, ends[2];
    bool running = _i < 3;
    char dir[256] = {0};
    struct stat st;
    pid_t pid;

    ck_assert_int_eq(pipe(ends), 0);
    snprintf(pid_file, sizeof pid_file, "%s/pid-%d", scratch_make(), (int)getpid());
    pid = fork();
    if (pid == 0) {
        struct run_task t = task(ask_but, FAULT(do_hang));
        struct run_options options = {.probe_ms = 60000, .parallel = 1};
        const char *own;

        scratch_remove(); /* the parent's: forgotten, not removed */
        signal(sig, SIG_DFL);
        own = scratch_make();
        options.scratch = own;
        if (write(ends[1], own, strlen(own)) < 0)
            _exit(1);
        if (running)
            _exit(run_all(&t, 1, &options, ran.group, &ran.o, &ran.n_o, NULL));
        for (;;)
            pause();
    }
    ck_assert_int_gt(read(ends[0], dir, sizeof dir - 1), 0);
    sleep_ms(200);
    ck_assert_int_eq(stat(dir, &st), 0);
    kill(pid, sig);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), sig);
    ck_assert_int_eq(stat(dir, &st), -1);
    close(ends[0]);
    close(ends[1]);
    scratch_remove();
}
END_TEST

static void do_note_and_hang(struct wire *w)
{
    note_pid(getpid());
    do_hang(w);
}

START_TEST(children_die_with_the_program)
{
    pid_t pid;

    snprintf(pid_file, sizeof pid_file, "%s/pid", scratch_make());
    pid = fork();
    if (pid == 0) {
        struct run_task t = task(ask_but, FAULT(do_note_and_hang));
        struct run_options options = {.probe_ms = 60000, .parallel = 1};

        _exit(run_all(&t, 1, &options, ran.group, &ran.o, &ran.n_o, NULL));
    }
    sleep_ms(300);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    sleep_ms(100);
    ck_assert(kill(noted_pid(), 0) < 0 || access("/proc", F_OK) == 0); /* a zombie at most */
    {
        own_free char *path = mem_printf("/proc/%d/cmdline", (int)noted_pid());
        own_file FILE *f = fopen(path, "r");

        ck_assert(f == NULL || fgetc(f) == EOF);
    }
    scratch_remove();
}
END_TEST

START_TEST(without_fork_it_is_an_error)
{
    struct run_task t = task(ask_well, NULL);
    struct run_options options = {.probe_ms = 400, .parallel = 1};
    own_err struct err err = {0};
    struct rlimit old, none = {3, 3};

    /* No descriptors: the pipe cannot be made. */
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
    none.rlim_max = old.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    ck_assert_int_eq(run_all(&t, 1, &options, ran.group, &ran.o, &ran.n_o, &err), -1);
    setrlimit(RLIMIT_NOFILE, &old);
    ck_assert_int_eq(err.kind, ERR_TOOL);
    ck_assert_ptr_null(ran.o);
    ck_assert_uint_eq(ran.n_o, 0);
}
END_TEST

START_TEST(no_tasks)
{
    run_tasks(NULL, 0, 0, NULL);
    ck_assert_uint_eq(ran.n_o, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("runner");
    TCase *t = tcase_create("runner");

    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, make_rows, clear);
    tcase_add_test(t, all_answers_come_back);
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
    tcase_add_test(t, input_is_empty_and_there_is_no_terminal);
    tcase_add_loop_test(t, what_a_child_leaves_behind_is_killed, 0, 2);
    tcase_add_test(t, a_child_of_the_caller_is_left_alone);
    tcase_add_test(t, an_ignored_sigchld_changes_nothing);
    tcase_add_test(t, closed_standard_descriptors);
    tcase_add_test(t, children_have_no_foreign_descriptors);
    tcase_add_test(t, many_tasks_two_at_a_time);
    tcase_add_test(t, scratch_is_private_and_gone_afterwards);
    tcase_add_loop_test(t, a_signal_ends_everything, 0, 6);
    tcase_add_test(t, children_die_with_the_program);
    tcase_add_test(t, without_fork_it_is_an_error);
    tcase_add_test(t, no_tasks);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
