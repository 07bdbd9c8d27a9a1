/* SPDX-License-Identifier: Apache-2.0 */
#include "run/child.h"

#include "base/own.h"
#include "run/kin.h"
#include "run/present.h"
#include "run/wire-child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Out of the way of a library that counts on low numbers, or closes some. */
#define HIGH_FD 400

/* The child's status when it could not be made ready; its wire says nothing then. */
#define STATUS_NOT_READY 123

int child_presented(enum context context)
{
    switch (context) {
    case CONTEXT_KERNEL_OFF:
    case CONTEXT_ENV_NSS_FIPS:
    case CONTEXT_ENV_NONE:
        return 0;
    case CONTEXT_KERNEL_ON:
    case CONTEXT_JVM_OPTIONS:
        return 1;
    case CONTEXT_AS_IS:
    case CONTEXT_MAX:
        break;
    }
    return -1;
}

/* ---- in the child ---------------------------------------------------------------------------- */

static void reset_signals(void)
{
    sigset_t none;

    for (int sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL); /* SIGKILL, SIGSTOP and libc's own refuse */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Before a thread or a library is there to read it. */
static void set_environment(enum context context)
{
    if (context == CONTEXT_ENV_NSS_FIPS)
        setenv("NSS_FIPS", "1", 1);
    else if (context == CONTEXT_ENV_NONE)
        unsetenv("NSS_FIPS");
}

/* A limit of 0 stops a core file, but not a core_pattern with a pipe to systemd-coredump or abrt;
 * a limit of exactly 1 stops both (fs/coredump.c: "RLIMIT_CORE is set to 1, aborting core"). */
static void forbid_core(void)
{
    struct rlimit core;

    if (getrlimit(RLIMIT_CORE, &core) < 0)
        return;
    core.rlim_cur = core.rlim_max < 1 ? 0 : 1;
    setrlimit(RLIMIT_CORE, &core);
}

/* At the end of file at once; a pipe without a writer where there is no /dev/null. */
static int empty_input(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), ends[2];

    if (fd >= 0)
        return fd;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    close(ends[1]);
    return ends[0];
}

/* The runner holds 0, 1 and 2 open, so that what is opened here is none of them. */
static int redirect(int noise)
{
    own_fd int input = empty_input();

    if (input < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(noise, STDOUT_FILENO) < 0)
        return -1;
    return dup2(noise, STDERR_FILENO) < 0 ? -1 : 0;
}

static int order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void be_child(const struct child *child, pid_t parent, int wire_fd, int noise, int sock)
    __attribute__((noreturn));
static void be_child(const struct child *child, pid_t parent, int wire_fd, int noise, int sock)
{
    int value = child_presented(child->task->context);
    int keep[] = {wire_fd, sock};
    struct wire wire;

    /* Should the parent die: it may have, before this call. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(STATUS_NOT_READY);
    reset_signals();
    /* A process group to be killed by, and no terminal: a library that asks for a password at
     * /dev/tty gets an error and is not stopped by SIGTTIN. */
    setsid();
    /* Processes that this one's descendants orphan stay below it as long as it lives, so that at
     * its end the parent knows whose they are. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    forbid_core();
    if (redirect(noise) < 0)
        _exit(STATUS_NOT_READY);
    qsort(keep, sizeof keep / sizeof *keep, sizeof *keep, order);
    kin_close_others(keep, sizeof keep / sizeof *keep);
    set_environment(child->task->context);
    if (value >= 0) {
        if (present_install(sock, value, PRESENT_NO_NEW_PRIVS, NULL) < 0)
            _exit(STATUS_NOT_READY); /* the parent has heard why */
        close(sock);
    }
    wire_open(&wire, wire_fd);
    child->task->ask(child, &wire);
    wire_mapped(&wire);
    wire_end(&wire);
    _exit(0);
}

/* ---- in the parent --------------------------------------------------------------------------- */

struct pair {
    int parent, child;
};
#define NO_PAIR ((struct pair){-1, -1})

static void pair_close(const struct pair *p)
{
    if (p->parent >= 0)
        close(p->parent);
    if (p->child >= 0)
        close(p->child);
}
#define own_pair __attribute__((cleanup(pair_close)))

/* Numbers above 2 in any case: this program may have been started with 0, 1 or 2 closed. */
static int settle(struct pair *p, const int ends[2], bool nonblock)
{
    p->parent = kin_move_fd(ends[0], 3);
    p->child = kin_move_fd(ends[1], HIGH_FD);
    if (p->parent < 0 || p->child < 0)
        return -1;
    return nonblock ? fcntl(p->parent, F_SETFL, O_NONBLOCK) : 0;
}

static int make_pipe(struct pair *p)
{
    int ends[2];

    return pipe2(ends, O_CLOEXEC) < 0 ? -1 : settle(p, ends, true);
}

static int make_sock(struct pair *p)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    return settle(p, ends, false);
}

static int cannot_make(const char *what, struct err *err)
{
    struct rlimit limit;

    /* EINVAL: kin_move_fd asks for a descriptor above the limit */
    if ((errno == EMFILE || errno == EINVAL) && getrlimit(RLIMIT_NOFILE, &limit) == 0)
        return err_set(err, ERR_TOOL,
                       "cannot make %s: only %llu files may be open here; 64 are enough "
                       "(ulimit -n 64)",
                       what, (unsigned long long)limit.rlim_cur);
    return err_errno(err, ERR_TOOL, errno, "cannot make %s", what);
}

int child_start(const struct child *child, struct child_ends *out, struct err *err)
{
    own_pair struct pair wire = NO_PAIR, noise = NO_PAIR, sock = NO_PAIR;
    pid_t self = getpid(), pid;

    *out = (struct child_ends){.pid = -1, .pidfd = -1, .wire = -1, .noise = -1, .sock = -1};
    if (make_pipe(&wire) < 0 || make_pipe(&noise) < 0)
        return cannot_make("a pipe", err);
    if (child_presented(child->task->context) >= 0 && make_sock(&sock) < 0)
        return cannot_make("a socket pair", err);
    pid = fork();
    if (pid < 0)
        return err_errno(err, ERR_TOOL, errno, "cannot start a child process");
    if (pid == 0)
        be_child(child, self, wire.child, noise.child, sock.child);
    out->pid = pid;
    out->pidfd = kin_pidfd(pid);
    out->wire = steal_fd(&wire.parent);
    out->noise = steal_fd(&noise.parent);
    out->sock = steal_fd(&sock.parent);
    return 0;
}

void child_close(struct child_ends *ends)
{
    int *all[] = {&ends->pidfd, &ends->wire, &ends->noise, &ends->sock};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (*all[i] >= 0)
            close(steal_fd(all[i]));
}
