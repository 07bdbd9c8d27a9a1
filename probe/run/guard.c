/* SPDX-License-Identifier: Apache-2.0 */
#include "run/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Those that others send to end a program, and would end it without a handler. */
static const int ending[GUARD_SIGNALS] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGPIPE,
                                          SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU};

static volatile sig_atomic_t came;

static void on_signal(int sig)
{
    came = sig;
}

/* Pipes and files that are opened later must not become somebody's stdout. */
static int hold_standard(struct guard *g)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        int got;

        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        got = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (got < 0)
            got = eventfd(0, EFD_CLOEXEC);
        if (got != fd) /* the lowest free number is fd: this is an error */
            return -1;
        g->held[fd] = true;
    }
    return 0;
}

static void release_standard(struct guard *g)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (g->held[fd])
            close(fd);
}

int guard_enter(struct guard *g, struct err *err)
{
    struct sigaction mine = {.sa_handler = on_signal}, plain = {.sa_handler = SIG_DFL};
    sigset_t block;

    *g = (struct guard){.subreaper = 0};
    came = 0;
    if (hold_standard(g) < 0) {
        release_standard(g);
        return err_errno(err, ERR_TOOL, errno, "cannot open '/dev/null'");
    }
    sigemptyset(&block);
    for (int i = 0; i < GUARD_SIGNALS; i++)
        sigaddset(&block, ending[i]);
    sigprocmask(SIG_BLOCK, &block, &g->mask);
    for (int i = 0; i < GUARD_SIGNALS; i++) {
        sigaction(ending[i], NULL, &g->old[i]);
        /* nohup(1) and the like stay in force */
        g->taken[i] = (g->old[i].sa_flags & SA_SIGINFO) || g->old[i].sa_handler != SIG_IGN;
        if (g->taken[i])
            sigaction(ending[i], &mine, NULL);
    }
    /* Ignored, it would make waitpid forget how a child ended: waitpid(2), ECHILD. */
    sigaction(SIGCHLD, &plain, &g->old_child);
    if (prctl(PR_GET_CHILD_SUBREAPER, &g->subreaper, 0, 0, 0) < 0)
        g->subreaper = 0;
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    g->entered = true;
    return 0;
}

const sigset_t *guard_mask(const struct guard *g)
{
    return &g->mask;
}

int guard_signal(const struct guard *g)
{
    return g->entered ? came : 0;
}

void guard_leave(struct guard *g)
{
    int sig = guard_signal(g);

    if (!g->entered)
        return;
    g->entered = false;
    prctl(PR_SET_CHILD_SUBREAPER, g->subreaper, 0, 0, 0);
    sigaction(SIGCHLD, &g->old_child, NULL);
    for (int i = 0; i < GUARD_SIGNALS; i++)
        if (g->taken[i])
            sigaction(ending[i], &g->old[i], NULL);
    release_standard(g);
    /* What came while it was blocked and was not seen by ppoll is delivered here by itself. */
    sigprocmask(SIG_SETMASK, &g->mask, NULL);
    if (sig != 0)
        raise(sig);
}
