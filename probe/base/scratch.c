/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scratch.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Deeper than this is left where it is: nothing that is examined makes such trees, and the stack
 * of a signal handler is finite. */
#define MAX_DEPTH 64

static const int deadly[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE, SIGTERM,
                             SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU};
#define N_DEADLY (sizeof deadly / sizeof *deadly)

/* Written before the handlers are installed, read by them. */
static char *made;
static pid_t made_by;
static bool handled[N_DEADLY];

/* As getdents64(2) describes it; glibc has a declaration only since 2.30. */
struct entry {
    unsigned long long ino;
    long long off;
    unsigned short reclen;
    unsigned char type;
    char name[];
};

static void remove_below(int dir, dev_t dev, int depth);

static void remove_entry(int dir, const char *name, dev_t dev, int depth)
{
    struct stat st;
    int fd;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    if (unlinkat(dir, name, 0) == 0 || depth >= MAX_DEPTH)
        return;
    /* A directory whose rights the child took away: it is ours, so they can be given back. The
     * descriptor is on the directory itself before anything is changed: no link is followed. */
    fd = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_dev == dev) {
        if ((st.st_mode & 0700) != 0700)
            (void)!fchmodat(dir, name, 0700, 0);
        close(fd);
        fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0 && fstat(fd, &st) == 0 && st.st_dev == dev)
            remove_below(fd, dev, depth + 1);
    }
    if (fd >= 0)
        close(fd);
    (void)!unlinkat(dir, name, AT_REMOVEDIR);
}

/* readdir allocates and locks, which a signal handler must not. Entries are read again from the
 * start as long as some disappear, since file systems may skip some while others are removed. */
static void remove_below(int dir, dev_t dev, int depth)
{
    _Alignas(struct entry) char buf[4096];

    for (int round = 0; round < 3; round++) {
        long n;

        (void)lseek(dir, 0, SEEK_SET);
        while ((n = syscall(SYS_getdents64, dir, buf, sizeof buf)) > 0)
            for (long at = 0; at < n;) {
                struct entry *e = (struct entry *)(void *)(buf + at);

                at += e->reclen;
                remove_entry(dir, e->name, dev, depth);
            }
    }
}

void scratch_remove_tree(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0 && errno == EACCES && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
        chmod(path, 0700) == 0)
        fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        if (fstat(fd, &st) == 0)
            remove_below(fd, st.st_dev, 0);
        close(fd);
    }
    (void)!rmdir(path);
}

static void on_deadly(int sig)
{
    int saved = errno;

    /* A forked child inherits the handler, not the directory. */
    if (made != NULL && made_by == getpid())
        scratch_remove_tree(made);
    signal(sig, SIG_DFL);
    raise(sig); /* blocked until this handler returns */
    errno = saved;
}

static void take_signals(void)
{
    struct sigaction old, mine = {.sa_handler = on_deadly};

    sigfillset(&mine.sa_mask);
    for (size_t i = 0; i < N_DEADLY; i++) {
        handled[i] = sigaction(deadly[i], NULL, &old) == 0 && !(old.sa_flags & SA_SIGINFO) &&
                     old.sa_handler == SIG_DFL;
        if (handled[i])
            sigaction(deadly[i], &mine, NULL);
    }
}

static void give_signals_back(void)
{
    for (size_t i = 0; i < N_DEADLY; i++) {
        struct sigaction now;

        if (handled[i] && sigaction(deadly[i], NULL, &now) == 0 && now.sa_handler == on_deadly)
            signal(deadly[i], SIG_DFL);
        handled[i] = false;
    }
}

/* A directory is of use only when something can be written there. */
static bool usable(const char *dir)
{
    own_free char *file = mem_printf("%s/x", dir);
    own_fd int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return false;
    return write(fd, "x", 1) == 1 && unlink(file) == 0;
}

const char *scratch_make(void)
{
    const char *places[] = {text_env(environ, "TMPDIR"), "/tmp",
                            text_env(environ, "XDG_RUNTIME_DIR"), "/dev/shm", "/run"};

    if (made != NULL)
        return made;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        own_free char *dir = NULL;

        if (places[i] == NULL || places[i][0] != '/')
            continue;
        dir = mem_printf("%s/fipsprobe-XXXXXX", places[i]);
        if (mkdtemp(dir) == NULL)
            continue;
        if (!usable(dir)) {
            scratch_remove_tree(dir);
            continue;
        }
        made_by = getpid();
        made = steal_ptr(&dir);
        take_signals();
        return made;
    }
    return NULL;
}

void scratch_remove(void)
{
    if (made == NULL)
        return;
    if (made_by == getpid()) {
        scratch_remove_tree(made);
        give_signals_back();
    }
    free(made);
    made = NULL;
}
