/* SPDX-License-Identifier: Apache-2.0 */
#include "run/kin.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/own.h"
#include "base/root.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/* Since Linux 5.3 and 5.9; the same number on every architecture. Older headers lack them. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

bool pids_has(const struct pids *pids, pid_t pid)
{
    for (size_t i = 0; i < pids->n; i++)
        if (pids->items[i] == pid)
            return true;
    return false;
}

void pids_free(struct pids *pids)
{
    free(pids->items);
    *pids = (struct pids){0};
}

/* ---- children -------------------------------------------------------------------------------- */

/* proc(5): "pid (comm) state ppid ...", where comm may hold anything. */
static bool is_child(const struct root *root, const char *pid)
{
    own_free char *path = mem_printf("/proc/%s/stat", pid);
    own_buf struct buf text = {0};
    const char *end;
    char state;
    int parent;

    if (root_read(root, path, 4096, &text) < 0)
        return false;
    end = strrchr(text.data, ')');
    return end != NULL && sscanf(end + 1, " %c %d", &state, &parent) == 2 && parent == getpid();
}

static void scan_proc(struct pids *out)
{
    own_dir DIR *dir = opendir("/proc");
    struct root root = {.fd = -1, .live = true};
    struct dirent *e;

    while (dir != NULL && (e = readdir(dir)) != NULL)
        if (e->d_name[0] >= '1' && e->d_name[0] <= '9' && is_child(&root, e->d_name))
            *mem_push(out) = (pid_t)strtol(e->d_name, NULL, 10);
}

void kin_children(struct pids *out)
{
    own_free char *path = mem_printf("/proc/self/task/%d/children", (int)getpid());
    struct root root = {.fd = -1, .live = true};
    own_buf struct buf text = {0};
    char *save = NULL;

    *out = (struct pids){0};
    /* Kernels without CONFIG_PROC_CHILDREN have no such list. */
    if (root_read(&root, path, 1048576, &text) < 0) {
        scan_proc(out);
        return;
    }
    for (char *s = strtok_r(text.data, " ", &save); s != NULL; s = strtok_r(NULL, " ", &save))
        *mem_push(out) = (pid_t)strtol(s, NULL, 10);
}

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* One round; true when there was somebody to end. */
static bool sweep_once(const struct pids *known)
{
    struct pids children;
    bool found = false;

    kin_children(&children);
    for (size_t i = 0; i < children.n; i++) {
        pid_t pid = children.items[i];

        if (pid <= 1 || pids_has(known, pid))
            continue;
        found = true;
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, WNOHANG | __WALL) < 0 && errno == EINTR)
            ;
    }
    pids_free(&children);
    return found;
}

void kin_sweep(const struct pids *known)
{
    static const struct timespec pause = {.tv_nsec = 200000};
    long long end = now_ms() + 2000;

    while (sweep_once(known) && now_ms() < end)
        nanosleep(&pause, NULL);
}

int kin_pidfd(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

bool kin_ended(pid_t pid)
{
    siginfo_t info = {.si_pid = 0};
    int rc;

    do
        rc = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
    while (rc < 0 && errno == EINTR);
    return rc < 0 || info.si_pid == pid; /* ECHILD: somebody else has reaped it */
}

/* ---- descriptors ----------------------------------------------------------------------------- */

int kin_move_fd(int fd, int lowest)
{
    int moved = -1, saved;

    for (; moved < 0 && lowest > 3; lowest /= 2)
        moved = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
    if (moved < 0)
        moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    saved = errno;
    close(fd);
    errno = saved;
    return moved;
}

static void close_between(unsigned first, unsigned last)
{
    own_dir DIR *dir = NULL;
    struct dirent *e;

    if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
        return;
    dir = opendir("/proc/self/fd");
    if (dir == NULL) { /* no list either: as far as a usual limit goes */
        for (unsigned fd = first; fd <= last && fd < 4096; fd++)
            close((int)fd);
        return;
    }
    while ((e = readdir(dir)) != NULL) {
        unsigned long fd = strtoul(e->d_name, NULL, 10);

        if (e->d_name[0] != '.' && fd >= first && fd <= last && (int)fd != dirfd(dir))
            close((int)fd);
    }
}

void kin_close_others(const int *keep, size_t n)
{
    unsigned first = 3;

    for (size_t i = 0; i < n; i++) {
        if (keep[i] < (int)first)
            continue;
        if ((unsigned)keep[i] > first)
            close_between(first, (unsigned)keep[i] - 1);
        first = (unsigned)keep[i] + 1;
    }
    close_between(first, INT_MAX);
}

/* sigabbrev_np came with glibc 2.32. */
const char *kin_signal_name(int sig)
{
    static const struct {
        int sig;
        const char *name;
    } names[] = {
        {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},     {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},
        {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT"},   {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
        {SIGKILL, "SIGKILL"}, {SIGUSR1, "SIGUSR1"},   {SIGSEGV, "SIGSEGV"}, {SIGUSR2, "SIGUSR2"},
        {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"},   {SIGTERM, "SIGTERM"}, {SIGXCPU, "SIGXCPU"},
        {SIGXFSZ, "SIGXFSZ"}, {SIGVTALRM, "SIGVTALRM"}, {SIGPROF, "SIGPROF"}, {SIGSYS, "SIGSYS"},
        {SIGPOLL, "SIGPOLL"},
    };
    static char other[32];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].sig == sig)
            return names[i].name;
    snprintf(other, sizeof other, "signal %d", sig);
    return other;
}
