/* SPDX-License-Identifier: Apache-2.0
 *
 * The supervisor's side of present.h: reads what a stopped call asks for and answers it.
 */
#include "run/present.h"

#include "base/mem.h"
#include "base/own.h"
#include "run/present-helper.h"
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
struct open_how_head {
    uint64_t flags, mode, resolve;
};
#define OPEN2_SIZE 3 /* the position of its length */

/* ---- the memory of the process that asks ----------------------------------------------------- */

static bool read_exactly(pid_t pid, uint64_t address, void *p, size_t len)
{
    return present_memory(pid, address, p, len, false) == (ssize_t)len;
}

/* ---- what is asked --------------------------------------------------------------------------- */

static uint64_t arg(const struct present_question *q, int position)
{
    return position == NO_ARG ? 0 : q->args[position];
}

static bool follows(const struct present_question *q)
{
    switch (q->call->kind) {
    case KIND_OPEN:
    case KIND_CREAT:
    case KIND_OPEN2:
        return !(q->flags & O_NOFOLLOW) &&
               (q->flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
    case KIND_ACCESS:
    case KIND_STAT:
    case KIND_STAT64:
    case KIND_STATX:
        return !(q->flags & AT_SYMLINK_NOFOLLOW) && q->call->name[0] != 'l'; /* lstat */
    case KIND_READLINK:
        return false;
    }
    return false;
}

/* Fills in what the call says of how to open. False: the kernel knows better. */
static bool read_how(struct present_question *q, uint64_t *resolve)
{
    struct open_how_head how;

    if (arg(q, OPEN2_SIZE) < sizeof how ||
        !read_exactly(q->pid, arg(q, q->call->flags), &how, sizeof how))
        return false;
    q->flags = how.flags;
    *resolve = how.resolve;
    return true;
}

/* Fills in what the call says, and the query of its path (path has PATH_MAX bytes). False: it can
 * mean nothing. */
static bool read_question(struct present_question *q, char *path, struct path_query *query)
{
    ssize_t n = present_memory(q->pid, arg(q, q->call->path), path, PATH_MAX, false);

    *query = (struct path_query){.pid = q->pid, .path = path, .dirfd = AT_FDCWD};
    if (n <= 0 || memchr(path, '\0', (size_t)n) == NULL)
        return false;
    if (q->call->dirfd != NO_ARG)
        query->dirfd = (int)arg(q, q->call->dirfd);
    q->flags = (uint32_t)arg(q, q->call->flags);
    q->mode = (int)arg(q, q->call->mode);
    if (q->call->kind == KIND_CREAT)
        q->flags = O_CREAT | O_WRONLY | O_TRUNC;
    if (q->call->kind == KIND_OPEN2 && !read_how(q, &query->resolve))
        return false;
    query->follow = follows(q);
    return true;
}

/* ---- the answers ----------------------------------------------------------------------------- */

struct answer {
    enum { ANSWER_CONTINUE, ANSWER_VALUE, ANSWER_FILE } kind;
    int error; /* ANSWER_VALUE: 0 or an errno */
};

static struct answer value(int error)
{
    return (struct answer){ANSWER_VALUE, error};
}

/* As fs/proc/proc_sysctl.c answers for a file of mode 0444: nobody, not even root, may write. */
static struct answer answer_open(const struct present_question *q)
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

static struct answer answer_stat(const struct present_question *q)
{
    struct stat st = {.st_mode = FLAG_MODE, .st_nlink = 1, .st_ino = FLAG_INO,
                      .st_blksize = FLAG_BLOCK};

    if (access(PRESENT_PATH, F_OK) == 0)
        return (struct answer){ANSWER_CONTINUE, 0};
    /* struct stat is the kernel's own on the 64-bit architectures; a program of another one is
     * told what the host says. */
    if (q->arch != seccomp_arch_native() || sizeof(long) != 8)
        return (struct answer){ANSWER_CONTINUE, 0};
    fill_times(&st.st_mtim);
    st.st_atim = st.st_ctim = st.st_mtim;
    return present_memory(q->pid, arg(q, q->call->buf), &st, sizeof st, true) == (ssize_t)sizeof st
               ? value(0)
               : value(EFAULT);
}

/* What 32-bit programs call struct stat64: asm/stat.h, where i386 packs it and Arm does not. */
static struct answer answer_stat64(const struct present_question *q)
{
    struct __attribute__((packed)) {
        uint64_t dev;
        uint32_t pad0, ino32, mode, nlink, uid, gid;
        uint64_t rdev;
        uint32_t pad3;
        int64_t size;
        uint32_t blksize;
        uint64_t blocks;
        uint32_t times[6]; /* accessed, modified, changed: seconds and nanoseconds */
        uint64_t ino;
    } st = {.ino32 = FLAG_INO, .mode = FLAG_MODE, .nlink = 1, .blksize = FLAG_BLOCK,
            .ino = FLAG_INO};
    struct timespec now;

    if (q->arch != SCMP_ARCH_X86 || access(PRESENT_PATH, F_OK) == 0)
        return (struct answer){ANSWER_CONTINUE, 0};
    fill_times(&now);
    for (size_t i = 0; i < 6; i += 2)
        st.times[i] = (uint32_t)now.tv_sec;
    return present_memory(q->pid, arg(q, q->call->buf), &st, sizeof st, true) == (ssize_t)sizeof st
               ? value(0)
               : value(EFAULT);
}

static struct answer answer_statx(const struct present_question *q)
{
    struct statx st = {.stx_mask = STATX_BASIC_STATS, .stx_mode = FLAG_MODE, .stx_nlink = 1,
                       .stx_ino = FLAG_INO, .stx_blksize = FLAG_BLOCK};
    struct timespec now;

    if (access(PRESENT_PATH, F_OK) == 0)
        return (struct answer){ANSWER_CONTINUE, 0};
    fill_times(&now);
    st.stx_mtime.tv_sec = now.tv_sec;
    st.stx_atime = st.stx_ctime = st.stx_mtime;
    return present_memory(q->pid, arg(q, q->call->buf), &st, sizeof st, true) == (ssize_t)sizeof st
               ? value(0)
               : value(EFAULT);
}

static struct answer answer_for(const struct present_question *q)
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
    case KIND_STAT64:
        return answer_stat64(q);
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

static void hand_file(int listener, const struct present_question *q, int flag,
                      struct seccomp_notif_resp *resp)
{
    own_fd int fd = make_file(flag);
    struct addfd add = {.id = q->id, .flags = ADDFD_FLAG_SEND,
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

/* What to say to a question about the flag, and saying it. */
static void answer_flag(int listener, int flag, const struct present_watch *watch,
                        const struct present_question *q)
{
    struct seccomp_notif_resp resp = {.id = q->id};
    struct answer a = answer_for(q);

    if (a.kind == ANSWER_FILE)
        flag = present_nest_value(q->pid, flag);
    if (watch != NULL)
        watch->seen(watch->arg, q->pid, q->call->name, a.kind == ANSWER_FILE ? flag : -1);
    switch (a.kind) {
    case ANSWER_CONTINUE:
        resp.flags = NOTIF_FLAG_CONTINUE;
        respond(listener, &resp);
        break;
    case ANSWER_VALUE:
        resp.error = -a.error;
        respond(listener, &resp);
        break;
    case ANSWER_FILE:
        hand_file(listener, q, flag, &resp);
        break;
    }
}

static void answer_other(int listener, const struct present_question *q)
{
    struct seccomp_notif_resp resp = {.id = q->id, .flags = NOTIF_FLAG_CONTINUE};

    respond(listener, &resp);
}

static void answer(int listener, int flag, const struct present_watch *watch,
                   const struct present_question *q, bool is_flag)
{
    /* The memory read is that process's only if the call still waits: its number may have been
     * given to another one. */
    if (is_flag && seccomp_notify_id_valid(listener, q->id) == 0)
        answer_flag(listener, flag, watch, q);
    else
        answer_other(listener, q);
}

/* -1: the helper is of no use. */
static int answer_one(int listener, int flag, struct present_helper *helper,
                      const struct present_watch *watch, const struct seccomp_notif *req)
{
    struct present_question q = {.id = req->id, .pid = (pid_t)req->pid, .arch = req->data.arch,
                                 .call = present_call_find(req->data.arch, req->data.nr)};
    char path[PATH_MAX];
    struct path_query query;
    enum path_meaning meaning = PATH_OTHER;

    for (size_t i = 0; i < sizeof q.args / sizeof *q.args; i++)
        q.args[i] = req->data.args[i];
    if (q.call != NULL && read_question(&q, path, &query))
        meaning = present_path_quick(&query);
    if (meaning == PATH_MUST_FOLLOW && helper != NULL)
        return present_helper_ask(helper, &query, &q);
    answer(listener, flag, watch, &q,
           meaning == PATH_FLAG || (meaning == PATH_MUST_FOLLOW && present_path_follow(&query)));
    return 0;
}

int present_answer(int listener, int flag, struct present_helper *helper,
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
        rc = answer_one(listener, flag, helper, watch, req);
    else if (errno != ENOENT && errno != EINTR)
        rc = -1;
    seccomp_notify_free(req, resp);
    return rc;
}

int present_answer_rest(int listener, int flag, struct present_helper *helper,
                        const struct present_watch *watch)
{
    bool is_flag = false;

    if (present_helper_hear(helper, &is_flag) < 0)
        return -1;
    answer(listener, flag, watch, &helper->question, is_flag);
    return 0;
}
