/* SPDX-License-Identifier: Apache-2.0
 *
 * The runner and what is around it: processes left behind, descriptors, signals, the scratch
 * directory, a program in a strange state.
 */
#include "base/own.h"
#include "base/scratch.h"
#include "run/wire-child.h"

#include "faults.h"
#include "running.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static pid_t noted_pid(void)
{
    own_file FILE *f = fopen(fault_pid_file, "r");
    int pid = 0;

    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fscanf(f, "%d", &pid), 1);
    return pid;
}

static bool is_gone(pid_t pid)
{
    return kill(pid, 0) < 0 && errno == ESRCH;
}

START_TEST(input_is_empty_and_there_is_no_terminal)
{
    running_one(ask_but, FAULT(fault_read_input));
    running_assert_done_but(N_PROBES);
}
END_TEST

START_TEST(what_a_child_leaves_behind_is_killed)
{
    void (*const leave[])(struct wire *) = {fault_leave_child, fault_daemon};
    int subreaper = -1;

    snprintf(fault_pid_file, sizeof fault_pid_file, "%s/pid", scratch_make());
    running_one(ask_but, FAULT(leave[_i]));
    running_assert_done_but(N_PROBES);
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
    running_one(ask_well, NULL);
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
    running_one(ask_but, FAULT(fault_segv));
    running_assert_done_but(2);
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
        struct run_task t = running_task(ask_but, FAULT(fault_noise));
        struct run_options options = {.probe_ms = RUNNING_MS, .parallel = 1};
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
    running_assert_done_but(N_PROBES);
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
    int extra = open("/dev/null", O_RDONLY);

    for (size_t i = 0; i < 4; i++)
        t[i] = running_task(ask_descriptors, NULL);
    ck_assert_int_ge(extra, 0);
    running_tasks(t, 4, 4, NULL);
    close(extra);
    for (size_t i = 0; i < 4 * N_PROBES; i++)
        ck_assert_int_eq(ran.o[i].evidence.result, RESULT_DONE);
}
END_TEST

static void fault_nothing(struct wire *w)
{
    (void)w;
    fault_sleep_ms(2);
}

START_TEST(many_tasks_two_at_a_time)
{
    static void (*const mix[])(struct wire *) = {fault_nothing, fault_segv, fault_noise, fault_exit,
                                                 fault_garbage};
    struct run_task t[40];

    for (size_t i = 0; i < 40; i++)
        t[i] = running_task(ask_but, &mix[i % 5]);
    running_tasks(t, 40, 2, NULL);
    for (size_t i = 0; i < 40 * N_PROBES; i++) {
        size_t kind = i / N_PROBES % 5;
        bool crashes = kind == 1 || kind == 3 || kind == 4;

        ck_assert_int_eq(ran.o[i].evidence.result,
                         i % N_PROBES == 2 && crashes ? RESULT_CRASHED : RESULT_DONE);
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
    struct run_task t[2] = {running_task(ask_scratch, NULL), running_task(ask_scratch, NULL)};
    const char *dir = scratch_make();
    own_free char *copy = mem_str(dir);
    struct stat st;

    ck_assert_ptr_nonnull(dir);
    ck_assert_ptr_eq(scratch_make(), dir);
    ck_assert_int_eq(stat(dir, &st), 0);
    ck_assert_int_eq(st.st_mode & 07777, 0700);
    running_tasks(t, 2, 2, dir);
    for (size_t i = 0; i < 2 * N_PROBES; i++)
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
    snprintf(fault_pid_file, sizeof fault_pid_file, "%s/pid-%d", scratch_make(), (int)getpid());
    pid = fork();
    if (pid == 0) {
        struct run_task t = running_task(ask_but, FAULT(fault_hang));
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
    fault_sleep_ms(200);
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

static void fault_note_and_hang(struct wire *w)
{
    fault_note_pid(getpid());
    fault_hang(w);
}

START_TEST(children_die_with_the_program)
{
    pid_t pid;

    snprintf(fault_pid_file, sizeof fault_pid_file, "%s/pid", scratch_make());
    pid = fork();
    if (pid == 0) {
        struct run_task t = running_task(ask_but, FAULT(fault_note_and_hang));
        struct run_options options = {.probe_ms = 60000, .parallel = 1};

        _exit(run_all(&t, 1, &options, ran.group, &ran.o, &ran.n_o, NULL));
    }
    fault_sleep_ms(300);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    fault_sleep_ms(100);
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
    struct run_task t = running_task(ask_well, NULL);
    struct run_options options = {.probe_ms = RUNNING_MS, .parallel = 1};
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
    running_tasks(NULL, 0, 0, NULL);
    ck_assert_uint_eq(ran.n_o, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("runner_host");
    TCase *t = tcase_create("runner_host");

    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, NULL, running_clear);
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
