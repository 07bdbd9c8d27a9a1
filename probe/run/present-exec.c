/* SPDX-License-Identifier: Apache-2.0
 *
 * present_exec. Three processes:
 *
 *     this one      stays the shell's child, in the command's process group, and holds nothing of
 *                   the command's but its status: it ends when the command ends
 *     supervisor    its child, in a session of its own, without stdin, stdout and stderr: answers
 *                   as long as any process has the filter, also after the command itself
 *     command       the supervisor's child: where Yama's ptrace_scope is 1 only an ancestor may
 *                   read a process's memory. The supervisor takes over orphans for the same reason.
 */
#include "run/present.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"
#include "run/kin.h"
#include "run/present-who.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define STATUS_FAILED 125    /* env(1): this program itself */
#define STATUS_CANNOT_RUN 126
#define STATUS_NOT_FOUND 127

/* What the supervisor tells, one datagram each. */
enum news_kind {
    NEWS_PID,
    NEWS_FAILED,
    NEWS_CANNOT_RUN,
    NEWS_PRESENTED,
    NEWS_NO_NEW_PRIVS,
    NEWS_SUMMARY, /* a piece of it */
    NEWS_STATUS,
};

struct news {
    enum news_kind kind;
    int number; /* pid, errno, enum way, length of text, status of waitpid */
    char text[1100];
};

/* All signals are blocked in all three processes until the command gets its own mask back. */
struct exec {
    const struct present_exec *order;
    struct buf summary; /* what came of it so far */
    sigset_t mask;                /* as it was */
    struct sigaction child_action; /* of SIGCHLD, as it was */
};

static void block_all(sigset_t *old)
{
    sigset_t all;

    sigfillset(&all);
    /* What the kernel raises for a fault must be delivered. */
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGABRT);
    sigprocmask(SIG_SETMASK, &all, old);
}

static void tell(int sock, const struct news *news)
{
    while (send(sock, news, sizeof *news, MSG_NOSIGNAL) < 0 && errno == EINTR)
        ;
}

static void tell_failure(int sock, const char *text)
{
    struct news news = {.kind = NEWS_FAILED};

    snprintf(news.text, sizeof news.text, "%s", text);
    tell(sock, &news);
}

/* ---- the command ----------------------------------------------------------------------------- */

/* exec closes both sockets; what comes through news_fd is a failure to exec. */
static void be_command(const struct exec *x, int sock, int news_fd) __attribute__((noreturn));
static void be_command(const struct exec *x, int sock, int news_fd)
{
    struct news news = {.kind = NEWS_CANNOT_RUN};

    if (present_install(sock, x->order->value, PRESENT_KEEP_PRIVS, NULL) < 0)
        _exit(STATUS_FAILED); /* the supervisor has heard why */
    sigaction(SIGCHLD, &x->child_action, NULL);
    sigprocmask(SIG_SETMASK, &x->mask, NULL);
    execvp(x->order->argv[0], x->order->argv);
    news.number = errno;
    tell(news_fd, &news);
    _exit(errno == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN);
}

/* ---- the supervisor -------------------------------------------------------------------------- */

struct supervisor {
    const struct exec *x;
    int news, sock, listener, signals;
    pid_t first;   /* who reads the news */
    pid_t command; /* -1: it has ended */
    enum way way;
    struct who who;
    enum { WAIT_LISTENER, WAIT_CONFIRMED, WAIT_END } stage;
};

/* Whoever reads the command's output must see its end, and no other descriptor, directory or
 * terminal is held either. */
static void let_go(const struct supervisor *s)
{
    int keep[] = {s->news, s->sock, s->signals};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    setsid();
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if (null >= 0)
            dup2(null, fd);
        else
            close(fd);
    }
    for (size_t i = 0; i < 3; i++) /* three numbers: sort by exchange */
        for (size_t k = i + 1; k < 3; k++)
            if (keep[k] < keep[i]) {
                int other = keep[i];

                keep[i] = keep[k];
                keep[k] = other;
            }
    kin_close_others(keep, 3);
    if (chdir("/") < 0)
        return; /* then the directory stays in use, and nothing else is wrong */
}

static bool is_readable(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};

    return fd >= 0 && poll(&p, 1, 0) > 0;
}

/* proc(5), status: has the command been denied what this process has not? */
static bool lost_privs(const struct supervisor *s)
{
    own_free char *path = mem_printf("/proc/%d/status", (int)s->command);
    own_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    char text[4096];
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (n <= 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0)
        return false;
    text[n] = '\0';
    return strstr(text, "\nNoNewPrivs:\t1\n") != NULL;
}

/* The next word of the command on its filter. */
static void hear_command(struct supervisor *s)
{
    own_err struct err err = {0};

    if (s->stage == WAIT_LISTENER) {
        if (present_receive(s->sock, 0, &s->way, &s->listener, &err) == 0) {
            s->stage = WAIT_CONFIRMED;
            return;
        }
    } else if (present_confirmed(s->sock, &err) == 0) {
        struct news news = {.kind = NEWS_PRESENTED, .number = (int)s->way};

        who_clear(&s->who); /* that was the command's first look, which is ours */
        tell(s->news, &news);
        news.kind = NEWS_NO_NEW_PRIVS;
        if (lost_privs(s))
            tell(s->news, &news);
    }
    if (err.kind != ERR_NONE)
        tell_failure(s->news, err.msg);
    close(steal_fd(&s->sock));
    s->stage = WAIT_END;
}

static void tell_summary(struct supervisor *s)
{
    own_free char *text = who_json(&s->who, s->x->order->value, s->way);

    for (size_t at = 0, len = strlen(text); at < len;) {
        struct news news = {.kind = NEWS_SUMMARY};
        size_t piece = len - at < sizeof news.text ? len - at : sizeof news.text;

        news.number = (int)piece;
        memcpy(news.text, text + at, piece);
        tell(s->news, &news);
        at += piece;
    }
}

static void tell_status(struct supervisor *s, int status)
{
    struct news news = {.kind = NEWS_STATUS, .number = status};

    while (is_readable(s->sock)) /* what it said before it ended comes first */
        hear_command(s);
    if (s->news < 0)
        return;
    if (s->x->order->summary != NULL && (WIFEXITED(status) || WIFSIGNALED(status)))
        tell_summary(s);
    tell(s->news, &news);
    if (WIFCONTINUED(status))
        kill(s->first, SIGCONT); /* it stopped when the command did */
}

/* Every child that ended or stopped, orphans of the command among them. False: none is left. */
static bool reap(struct supervisor *s)
{
    struct signalfd_siginfo info;
    int status;
    pid_t pid;

    while (read(s->signals, &info, sizeof info) > 0)
        ;
    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED | __WALL)) > 0) {
        if (pid != s->command)
            continue;
        tell_status(s, status);
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            s->command = -1;
            if (s->news >= 0)
                close(steal_fd(&s->news));
        }
    }
    return !(pid < 0 && errno == ECHILD);
}

/* Until the last process with the filter is gone. */
static void supervise(struct supervisor *s)
{
    const struct present_watch watch = {who_seen, &s->who};
    const struct present_watch *watching = s->x->order->summary == NULL ? NULL : &watch;

    while (s->command > 0 || s->listener >= 0) {
        struct pollfd p[] = {{s->listener, POLLIN, 0}, {s->sock, POLLIN, 0},
                             {s->signals, POLLIN, 0}, {s->news, POLLIN, 0}};

        if (poll(p, 4, -1) < 0 && errno != EINTR)
            return;
        if (p[0].revents != 0 &&
            present_answer(s->listener, s->x->order->value, NULL, watching) != 0)
            close(steal_fd(&s->listener));
        if (p[1].revents != 0)
            hear_command(s);
        if (p[2].revents != 0 && !reap(s))
            return;
        /* The first process was killed: so is the command, as it would be without us. */
        if ((p[3].revents & (POLLHUP | POLLERR)) && s->news >= 0) {
            close(steal_fd(&s->news));
            if (s->command > 0)
                kill(s->command, SIGKILL);
        }
    }
}

static void be_supervisor(const struct exec *x, int news) __attribute__((noreturn));
static void be_supervisor(const struct exec *x, int news)
{
    struct supervisor s = {.x = x, .news = news, .first = getppid(), .sock = -1, .listener = -1,
                           .signals = -1};
    struct sigaction plain = {.sa_handler = SIG_DFL};
    struct news hello = {.kind = NEWS_PID};
    int ends[2];
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigaction(SIGCHLD, &plain, NULL);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    s.signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (s.signals >= 0)
        s.signals = kin_move_fd(s.signals, 3);
    if (s.signals < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        tell_failure(news, strerror(errno));
        _exit(STATUS_FAILED);
    }
    ends[0] = kin_move_fd(ends[0], 3);
    ends[1] = kin_move_fd(ends[1], 3);
    s.sock = ends[0];
    s.command = ends[0] < 0 || ends[1] < 0 ? -1 : fork();
    if (s.command < 0) {
        tell_failure(news, strerror(errno));
        _exit(STATUS_FAILED);
    }
    if (s.command == 0)
        be_command(x, ends[1], news);
    close(ends[1]);
    hello.number = (int)s.command;
    tell(news, &hello);
    let_go(&s);
    supervise(&s);
    _exit(0);
}

/* ---- the first process ----------------------------------------------------------------------- */

/* A signal that the terminal sent went to the whole process group, the command included; what a
 * process sent came here alone. */
static bool is_from_terminal(const struct signalfd_siginfo *info)
{
    return info->ssi_code == SI_KERNEL;
}

static void pass_on(int signals, pid_t command)
{
    struct signalfd_siginfo info;

    while (read(signals, &info, sizeof info) > 0) {
        int sig = (int)info.ssi_signo;

        if (sig != SIGCHLD && !is_from_terminal(&info))
            kill(command, sig);
    }
}

/* As the command ended. */
static int end_as(int status)
{
    int sig = WTERMSIG(status);
    struct rlimit no_core = {0, 0};
    sigset_t only;

    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    setrlimit(RLIMIT_CORE, &no_core); /* one core file, the command's own, is enough */
    signal(sig, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, sig);
    raise(sig);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    return 128 + sig;
}

/* One piece of news; false: it was the last, and *status is what to return. */
static bool take_news(struct exec *x, int sock, pid_t *command, int *status,
                      struct err *err)
{
    struct news news;
    ssize_t n = recv(sock, &news, sizeof news, 0);

    if (n < 0 && errno == EINTR)
        return true;
    if (n != (ssize_t)sizeof news) {
        *status = STATUS_FAILED;
        err_set(err, ERR_TOOL, "the supervising process ended");
        return false;
    }
    switch (news.kind) {
    case NEWS_PID:
        *command = news.number;
        return true;
    case NEWS_PRESENTED:
        if (x->order->presented != NULL)
            x->order->presented(x->order->arg, (enum way)news.number);
        return true;
    case NEWS_NO_NEW_PRIVS:
        if (x->order->no_new_privs != NULL)
            x->order->no_new_privs(x->order->arg);
        return true;
    case NEWS_SUMMARY:
        buf_add(&x->summary, news.text, (size_t)news.number);
        return true;
    case NEWS_FAILED:
        news.text[sizeof news.text - 1] = '\0';
        *status = STATUS_FAILED;
        err_set(err, ERR_TOOL, "%s", news.text);
        return false;
    case NEWS_CANNOT_RUN: {
        own_free char *name = text_clean(x->order->argv[0], strlen(x->order->argv[0]));

        *status = news.number == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
        err_errno(err, ERR_TOOL, news.number, "cannot run '%s'", name);
        return false;
    }
    case NEWS_STATUS:
        if (WIFSTOPPED(news.number))
            raise(SIGSTOP); /* so does this process, until somebody continues it: job control */
        if (WIFSTOPPED(news.number) || WIFCONTINUED(news.number))
            return true;
        if (x->order->summary != NULL && x->summary.len > 0)
            x->order->summary(x->order->arg, x->summary.data);
        *status = end_as(news.number);
        return false;
    }
    return true;
}

static int follow(struct exec *x, int sock, int signals, struct err *err)
{
    pid_t command = -1;
    int status = STATUS_FAILED;

    for (;;) {
        /* Signals wait until there is somebody to get them. */
        struct pollfd p[] = {{sock, POLLIN, 0}, {command > 0 ? signals : -1, POLLIN, 0}};

        if (poll(p, 2, -1) < 0 && errno != EINTR)
            break;
        if (p[0].revents != 0 && !take_news(x, sock, &command, &status, err))
            return status;
        if (p[1].revents != 0)
            pass_on(signals, command);
    }
    err_errno(err, ERR_TOOL, errno, "cannot wait for the command");
    return STATUS_FAILED;
}

static int start_and_follow(struct exec *x, struct err *err)
{
    own_fd int signals = -1, near = -1, far = -1;
    int ends[2];
    sigset_t all;
    pid_t supervisor;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return err_errno(err, ERR_TOOL, errno, "cannot make a socket pair");
    near = kin_move_fd(ends[0], 3);
    far = kin_move_fd(ends[1], 3);
    sigprocmask(SIG_SETMASK, NULL, &all); /* those that are blocked now */
    signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals >= 0)
        signals = kin_move_fd(signals, 3);
    if (near < 0 || far < 0 || signals < 0)
        return err_errno(err, ERR_TOOL, errno, "cannot make a descriptor");
    supervisor = fork();
    if (supervisor < 0)
        return err_errno(err, ERR_TOOL, errno, "cannot start a process");
    if (supervisor == 0) {
        close(near);
        close(signals);
        be_supervisor(x, far);
    }
    close(steal_fd(&far));
    return follow(x, near, signals, err);
}

int present_exec(const struct present_exec *order, struct err *err)
{
    struct exec x = {.order = order};
    struct sigaction plain = {.sa_handler = SIG_DFL};
    int status;

    block_all(&x.mask);
    sigaction(SIGCHLD, &plain, &x.child_action);
    status = start_and_follow(&x, err);
    sigaction(SIGCHLD, &x.child_action, NULL);
    sigprocmask(SIG_SETMASK, &x.mask, NULL);
    buf_free(&x.summary);
    return status < 0 ? STATUS_FAILED : status;
}
