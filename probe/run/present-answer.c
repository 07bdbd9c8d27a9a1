/* SPDX-License-Identifier: Apache-2.0
 *
 * The supervisor's side of present.h: reads what a stopped call asks for and answers it.
 */
#include "run/present.h"

#include "base/mem.h"
#include "base/own.h"
#include "run/present-memory.h"
#include "run/present-nest.h"
#include "run/present-path.h"
#include "run/present-table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>

/* linux/seccomp.h and linux/openat2.h, which older kernel headers lack (Linux 5.9, 5.14, 5.6). */
struct addfd {
    uint64_t id;
    uint32_t flags, srcfd, newfd, newfd_flags;
};
#define NOTIF_ADDFD _IOW('!', 3, struct addfd)
#define ADDFD_FLAG_SEND (1u << 1)
#define NOTIF_FLAG_CONTINUE 1u
#define HOW_RESOLVE_NO_SYMLINKS 0x04u
#define HOW_RESOLVE_BENEATH 0x08u
#define HOW_RESOLVE_IN_ROOT 0x10u
struct open_how_head {
    uint64_t flags, mode, resolve;
};

/* ---- the memory of the process that asks ----------------------------------------------------- */

static bool read_exactly(pid_t pid, uint64_t address, void *p, size_t len)
{
    return present_memory(pid, address, p, len, false) == (ssize_t)len;
}

/* ---- what is asked --------------------------------------------------------------------------- */

struct question {
    const struct seccomp_notif *req;
    const struct present_call *call;
    uint64_t flags; /* O_ or AT_ */
    int mode;
    bool flag; /* it means the flag */
};

struct answer {
    enum { ANSWER_CONTINUE, ANSWER_VALUE, ANSWER_FILE } kind;
    int error; /* ANSWER_VALUE: 0 or an errno */
};

static pid_t asker(const struct question *q)
{
    return (pid_t)q->req->pid;
}

static uint64_t arg(const struct question *q, int position)
{
    return position == NO_ARG ? 0 : q->req->data.args[position];
}

static bool follows(const struct question *q)
{
    switch (q->call->kind) {
    case KIND_OPEN:
    case KIND_CREAT:
    case KIND_OPEN2:
        return !(q->flags & O_NOFOLLOW) &&
               (q->flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
    case KIND_ACCESS:
    case KIND_STAT:
    case KIND_STATX:
        return !(q->flags & AT_SYMLINK_NOFOLLOW) && strcmp(q->call->name, "lstat") != 0;
    case KIND_READLINK:
        return false;
    }
    return false;
}

/* Fills in what the call says; false: it does not mean the flag. */
static bool means_flag(struct question *q, enum present_links links)
{
    char path[PATH_MAX];
    struct path_query query = {.pid = asker(q), .path = path, .dirfd = AT_FDCWD};
    ssize_t n = present_memory(query.pid, arg(q, q->call->path), path, sizeof path, false);

    if (n <= 0 || memchr(path, '\0', (size_t)n) == NULL)
        return false;
    if (q->call->dirfd != NO_ARG)
        query.dirfd = (int)arg(q, q->call->dirfd);
    q->flags = (uint32_t)arg(q, q->call->flags);
    q->mode = (int)arg(q, q->call->mode);
    if (q->call->kind == KIND_CREAT)
        q->flags = O_CREAT | O_WRONLY | O_TRUNC;
    if (q->call->kind == KIND_OPEN2) {
        struct open_how_head how;

        if (!read_exactly(query.pid, arg(q, q->call->flags), &how, sizeof how))
            return false;
        q->flags = how.flags;
        query.in_root = (how.resolve & HOW_RESOLVE_IN_ROOT) != 0;
        /* These may refuse the way to the flag: only the kernel can tell. */
        if ((how.resolve & HOW_RESOLVE_BENEATH) && *path == '/')
            return false;
        if (how.resolve & (HOW_RESOLVE_BENEATH | HOW_RESOLVE_NO_SYMLINKS))
            links = PRESENT_BY_TEXT;
    }
    query.follow = follows(q);
    return present_path_is_flag(&query, links);
}

/* ---- the answers ----------------------------------------------------------------------------- */

static struct answer value(int error)
{
    return (struct answer){ANSWER_VALUE, error};
}

/* As fs/proc/proc_sysctl.c answers for a file of mode 0444: nobody, not even root, may write. */
static struct answer answer_open(const struct question *q)
{
    uint64_t f = q->flags;

    if (f & O_PATH)
        return f & O_DIRECTORY ? value(ENOTDIR) : (struct answer){ANSWER_FILE, 0};
    if ((f & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        return value(EEXIST);
    if (f & O_DIRECTORY)
        return value(ENOTDIR);
    if ((f & O_ACCMODE) != O_RDONLY || (f & O_TRUNC))
        return value(EACCES);
    return (struct answer){ANSWER_FILE, 0};
}

static void fill_times(struct timespec *t)
{
    clock_gettime(CLOCK_REALTIME, t);
    t->tv_nsec = 0;
}

/* What procfs would say: a file of root's, mode 0444, size 0, one link. */
#define FLAG_MODE (S_IFREG | 0444)
#define FLAG_INO 0xf1b5u
#define FLAG_BLOCK 1024

static struct answer answer_stat(const struct question *q)
{
    struct stat st = {.st_mode = FLAG_MODE, .st_nlink = 1, .st_ino = FLAG_INO,
                      .st_blksize = FLAG_BLOCK};

    if (access(PRESENT_PATH, F_OK) == 0)
        return (struct answer){ANSWER_CONTINUE, 0};
    /* struct stat is the kernel's own on the 64-bit architectures; a program of another one is
     * told what the host says. */
    if (q->req->data.arch != seccomp_arch_native() || sizeof(long) != 8)
        return (struct answer){ANSWER_CONTINUE, 0};
    fill_times(&st.st_mtim);
    st.st_atim = st.st_ctim = st.st_mtim;
    return present_memory(asker(q), arg(q, q->call->buf), &st, sizeof st, true) == (ssize_t)sizeof st
               ? value(0)
               : value(EFAULT);
}

static struct answer answer_statx(const struct question *q)
{
    struct statx st = {.stx_mask = STATX_BASIC_STATS, .stx_mode = FLAG_MODE, .stx_nlink = 1,
                       .stx_ino = FLAG_INO, .stx_blksize = FLAG_BLOCK};
    struct timespec now;

    if (access(PRESENT_PATH, F_OK) == 0)
        return (struct answer){ANSWER_CONTINUE, 0};
    fill_times(&now);
    st.stx_mtime.tv_sec = now.tv_sec;
    st.stx_atime = st.stx_ctime = st.stx_mtime;
    return present_memory(asker(q), arg(q, q->call->buf), &st, sizeof st, true) == (ssize_t)sizeof st
               ? value(0)
               : value(EFAULT);
}

static struct answer answer_for(const struct question *q)
{
    switch (q->call->kind) {
    case KIND_OPEN:
    case KIND_CREAT:
    case KIND_OPEN2:
        return answer_open(q);
    case KIND_ACCESS:
        if (q->mode & ~(R_OK | W_OK | X_OK))
            return value(EINVAL);
        return value(q->mode & (W_OK | X_OK) ? EACCES : 0);
    case KIND_STAT:
        return answer_stat(q);
    case KIND_STATX:
        return answer_statx(q);
    case KIND_READLINK:
        return value(EINVAL);
    }
    return (struct answer){ANSWER_CONTINUE, 0};
}

/* A file without a name, for writing; -1 with errno. A container may forbid memfd_create. */
static int nameless_file(void)
{
    static const char *const dirs[] = {"/dev/shm", "/tmp", "/var/tmp"};
    int fd = memfd_create("fips_enabled", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    for (size_t i = 0; fd < 0 && i < sizeof dirs / sizeof *dirs; i++)
        fd = open(dirs[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd;
}

/* The last resort: whoever reads gets the same, but cannot seek. */
static int pipe_with(const char *text, size_t len)
{
    own_fd int from = -1, to = -1;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    from = ends[0];
    to = ends[1];
    return write(to, text, len) == (ssize_t)len ? steal_fd(&from) : -1;
}

/* A descriptor that reads "0\n" or "1\n" and cannot be written; -1 with errno. */
static int make_file(int flag)
{
    const char text[2] = {(char)('0' + flag), '\n'};
    own_fd int fd = nameless_file();
    own_free char *path = NULL;
    int readable;

    if (fd < 0 || write(fd, text, sizeof text) != (ssize_t)sizeof text)
        return pipe_with(text, sizeof text);
    (void)!fchmod(fd, 0444);
    (void)!fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    path = mem_printf("/proc/self/fd/%d", fd);
    readable = open(path, O_RDONLY | O_CLOEXEC);
    /* Without /proc: the sealed file itself; what cannot be sealed is not handed out. */
    if (readable >= 0)
        return readable;
    if (fcntl(fd, F_GET_SEALS) < 0 || lseek(fd, 0, SEEK_SET) < 0)
        return pipe_with(text, sizeof text);
    return steal_fd(&fd);
}

static void respond(int listener, struct seccomp_notif_resp *resp)
{
    /* ENOENT: the call was interrupted or its process is gone; nobody waits for the answer. */
    (void)!seccomp_notify_respond(listener, resp);
}

static void hand_file(int listener, const struct question *q, int flag,
                      struct seccomp_notif_resp *resp)
{
    own_fd int fd = make_file(flag);
    struct addfd add = {.id = q->req->id, .flags = ADDFD_FLAG_SEND,
                        .newfd_flags = (uint32_t)(q->flags & O_CLOEXEC)};
    int remote = -1;

    if (fd >= 0) {
        add.srcfd = (uint32_t)fd;
        if (ioctl(listener, NOTIF_ADDFD, &add) >= 0)
            return; /* answered in the same breath */
        if (errno == EINVAL) { /* before Linux 5.14 */
            add.flags = 0;
            remote = ioctl(listener, NOTIF_ADDFD, &add);
        }
    }
    resp->val = remote;
    resp->error = remote >= 0 ? 0 : errno == ENOENT ? 0 : -errno;
    if (remote < 0)
        resp->val = 0;
    if (remote >= 0 || resp->error != 0)
        respond(listener, resp);
}

static void answer_one(int listener, int flag, enum present_links links,
                       const struct present_watch *watch, const struct seccomp_notif *req,
                       struct seccomp_notif_resp *resp)
{
    struct question q = {.req = req, .call = present_call_find(req->data.arch, req->data.nr)};
    struct answer a = {ANSWER_CONTINUE, 0};

    resp->id = req->id;
    /* The memory read is that process's only if the call still waits: its number may have been
     * given to another one. */
    q.flag = q.call != NULL && means_flag(&q, links) &&
             seccomp_notify_id_valid(listener, req->id) == 0;
    if (q.flag)
        a = answer_for(&q);
    if (a.kind == ANSWER_FILE)
        flag = present_nest_value(asker(&q), flag);
    if (watch != NULL && q.flag)
        watch->seen(watch->arg, asker(&q), q.call->name, a.kind == ANSWER_FILE ? flag : -1);
    switch (a.kind) {
    case ANSWER_CONTINUE:
        resp->flags = NOTIF_FLAG_CONTINUE;
        respond(listener, resp);
        break;
    case ANSWER_VALUE:
        resp->error = -a.error;
        respond(listener, resp);
        break;
    case ANSWER_FILE:
        hand_file(listener, &q, flag, resp);
        break;
    }
}

int present_answer(int listener, int flag, enum present_links links,
                   const struct present_watch *watch)
{
    struct seccomp_notif *req = NULL;
    struct seccomp_notif_resp *resp = NULL;
    struct pollfd p = {.fd = listener, .events = POLLIN};
    int rc = 0;

    /* Receiving would block where nothing waits. */
    if (poll(&p, 1, 0) < 0)
        return errno == EINTR ? 0 : -1;
    if (!(p.revents & POLLIN))
        return p.revents & POLLHUP ? 1 : p.revents & (POLLERR | POLLNVAL) ? -1 : 0;
    if (seccomp_notify_alloc(&req, &resp) < 0)
        return -1;
    memset(req, 0, sizeof *req); /* the kernel insists */
    if (seccomp_notify_receive(listener, req) == 0)
        answer_one(listener, flag, links, watch, req, resp);
    else if (errno != ENOENT && errno != EINTR)
        rc = -1;
    seccomp_notify_free(req, resp);
    return rc;
}
