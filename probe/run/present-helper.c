/* SPDX-License-Identifier: Apache-2.0 */
#include "run/present-helper.h"

#include "base/own.h"
#include "run/kin.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* One datagram; the path is sent with its NUL. */
struct order {
    pid_t pid;
    int dirfd;
    bool follow;
    uint64_t resolve;
    char path[PATH_MAX];
};

static void be_helper(int sock, pid_t parent) __attribute__((noreturn));
static void be_helper(int sock, pid_t parent)
{
    static struct order o;
    ssize_t n;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    /* A listener that it holds would outlive the supervisor. */
    kin_close_others(&sock, 1);
    while ((n = recv(sock, &o, sizeof o, 0)) > 0 || (n < 0 && errno == EINTR)) {
        struct path_query q = {.pid = o.pid, .dirfd = o.dirfd, .path = o.path, .follow = o.follow,
                               .resolve = o.resolve};
        char answer;

        if (n < (ssize_t)offsetof(struct order, path) + 1)
            continue;
        answer = present_path_follow(&q) ? 'y' : 'n';
        if (send(sock, &answer, 1, MSG_NOSIGNAL) != 1)
            break;
    }
    _exit(0);
}

static int start(struct present_helper *h)
{
    pid_t self = getpid(), pid;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    ends[0] = kin_move_fd(ends[0], 3);
    ends[1] = kin_move_fd(ends[1], 3);
    pid = ends[0] < 0 || ends[1] < 0 ? -1 : fork();
    if (pid == 0)
        be_helper(ends[1], self);
    if (ends[1] >= 0)
        close(ends[1]);
    if (pid < 0) {
        if (ends[0] >= 0)
            close(ends[0]);
        return -1;
    }
    h->pid = pid;
    h->sock = ends[0];
    return 0;
}

int present_helper_ask(struct present_helper *h, const struct path_query *query,
                       const struct present_question *question)
{
    struct order o = {.pid = query->pid, .dirfd = query->dirfd, .follow = query->follow,
                      .resolve = query->resolve};
    size_t len = strlen(query->path) + 1, size = offsetof(struct order, path) + len;

    if (len > sizeof o.path || (h->pid == 0 && start(h) < 0))
        return -1;
    memcpy(o.path, query->path, len);
    /* It waits for nothing else: there is room for one datagram. */
    if (send(h->sock, &o, size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)size)
        return -1;
    h->question = *question;
    h->asked = true;
    return 0;
}

int present_helper_hear(struct present_helper *h, bool *is_flag)
{
    char answer = 0;

    h->asked = false;
    if (recv(h->sock, &answer, 1, MSG_DONTWAIT) != 1)
        return -1;
    *is_flag = answer == 'y';
    return 0;
}

void present_helper_end(struct present_helper *h)
{
    if (h->pid == 0)
        return;
    close(h->sock);
    kill(h->pid, SIGKILL);
    /* Where a file system holds it, it is not waited for: kin_sweep knows it later. */
    (void)!waitpid(h->pid, NULL, WNOHANG);
    *h = (struct present_helper){.pid = 0};
}
