/* SPDX-License-Identifier: Apache-2.0
 *
 * The child's side of present.h, and the few bytes that both sides exchange:
 *
 *     child -> parent   'L' and the listener as SCM_RIGHTS; 'O' or 'M' (enum way: no listener is
 *                       needed); or 'E' and a message to the end
 *     parent -> child   'A'
 *     child -> parent   'K': the value is seen, or 'E' and a message to the end
 */
#include "run/present.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"
#include "run/present-mount.h"
#include "run/present-nest.h"
#include "run/present-table.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

/* linux/seccomp.h: since Linux 4.17, 5.0 and 5.19; older headers lack them. */
#define FLAG_SPEC_ALLOW (1u << 2)
#define FLAG_NEW_LISTENER (1u << 3)
#define FLAG_WAIT_KILLABLE_RECV (1u << 5)
#define SET_MODE_FILTER 1u

#define MAX_FILTER 4096u  /* instructions: BPF_MAXINSNS */
#define MAX_REFUSAL 1024u /* bytes of the child's reason */

/* ---- the filter ------------------------------------------------------------------------------ */

/* What opens files through io_uring passes every filter (io_uring(7)): as on a kernel without it,
 * programs go on by the calls that are answered. */
static int forbid_rings(scmp_filter_ctx ctx)
{
    int nr = seccomp_syscall_resolve_name("io_uring_setup"), rc;

    if (nr == __NR_SCMP_ERROR || nr == __NR_SCMP_UNDEF)
        return 0;
    rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(ENOSYS), nr, 0, NULL);
    return rc == -EDOM || rc == -EOPNOTSUPP ? 0 : rc;
}

static int add_rules(scmp_filter_ctx ctx)
{
    for (size_t i = 0; i < present_n_calls; i++) {
        const struct present_call *call = &present_calls[i];
        int nr = seccomp_syscall_resolve_name(call->name), rc;

        /* A call that libseccomp or the architecture does not know cannot be asked about. */
        if (nr == __NR_SCMP_ERROR || nr == __NR_SCMP_UNDEF)
            continue;
        if (call->empty_path) {
            struct scmp_arg_cmp not_empty = SCMP_CMP64((unsigned)call->flags, SCMP_CMP_MASKED_EQ,
                                                       AT_EMPTY_PATH, 0);

            struct scmp_arg_cmp no_fd = SCMP_CMP64((unsigned)call->dirfd, SCMP_CMP_MASKED_EQ,
                                                   UINT32_MAX, (uint32_t)AT_FDCWD);

            rc = seccomp_rule_add_array(ctx, SCMP_ACT_NOTIFY, nr, 1, &not_empty);
            if (rc == 0)
                rc = seccomp_rule_add_array(ctx, SCMP_ACT_NOTIFY, nr, 1, &no_fd);
        } else {
            rc = seccomp_rule_add_array(ctx, SCMP_ACT_NOTIFY, nr, 0, NULL);
        }
        if (rc < 0 && rc != -EDOM && rc != -EOPNOTSUPP)
            return rc;
    }
    return forbid_rings(ctx);
}

/* libseccomp writes the program to a descriptor: a pipe, since a container may forbid
 * memfd_create. A program that does not fit into the pipe is an error, not a wait. */
static int export_filter(scmp_filter_ctx ctx, struct sock_filter *out, unsigned short *n)
{
    own_fd int from = -1, to = -1;
    int ends[2], rc;
    ssize_t len;

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    from = ends[0];
    to = ends[1];
    rc = seccomp_export_bpf(ctx, to);
    if (rc < 0)
        return rc;
    len = read(from, out, MAX_FILTER * sizeof *out);
    if (len < 0)
        return -errno;
    if (len == 0 || (size_t)len % sizeof *out != 0)
        return -EINVAL;
    *n = (unsigned short)((size_t)len / sizeof *out);
    return 0;
}

/* libseccomp makes the program; it is loaded by hand, for the flags and for the exact errno. */
static int make_filter(struct sock_filter *out, unsigned short *n, struct err *err)
{
    scmp_filter_ctx ctx;
    int rc;

    /* seccomp_api_get(3): level 5 has notifications. Else libseccomp asks the kernel, and where
     * seccomp(2) is refused it makes no such filter and cannot say why. */
    seccomp_api_set(5);
    ctx = seccomp_init(SCMP_ACT_ALLOW);
    if (ctx == NULL)
        return err_set(err, ERR_TOOL, "libseccomp cannot make a filter on this architecture");
    /* A program of an architecture that is not in the filter runs, and sees the host's value. */
    rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
    for (const uint32_t *arch = present_other_archs; rc == 0 && *arch != 0; arch++) {
        rc = seccomp_arch_add(ctx, *arch);
        if (rc == -EEXIST || rc == -EDOM || rc == -EINVAL)
            rc = 0;
    }
    if (rc == 0)
        rc = add_rules(ctx);
    if (rc == 0)
        rc = export_filter(ctx, out, n);
    seccomp_release(ctx);
    return rc < 0 ? err_errno(err, ERR_TOOL, -rc, "libseccomp cannot make the filter") : 0;
}

static int refused(int errnum, struct err *err)
{
    static const struct {
        int errnum;
        const char *remedy;
    } remedies[] = {
        /* kernel/seccomp.c: one listener for a process and all that it started */
        {EBUSY, "; this process already runs under a supervisor of the same kind (a container "
                "manager that answers system calls, or another version of fipsprobe exec): start "
                "it outside of that"},
        {ENOSYS, "; allow the seccomp system call in the container's profile"},
        {EPERM, "; allow the seccomp system call in the container's profile"},
        {EACCES, "; allow the seccomp system call in the container's profile"},
        {EINVAL, "; this needs Linux 5.9 or later with CONFIG_SECCOMP_FILTER"},
    };
    const char *remedy = "";

    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
        if (remedies[i].errnum == errnum)
            remedy = remedies[i].remedy;
    return err_set(err, ERR_TOOL, "seccomp(SECCOMP_SET_MODE_FILTER, NEW_LISTENER) was refused: %s%s",
                   strerror(errnum), remedy);
}

/* refusal is set to the errno where the kernel refused. */
static int load_filter(enum present_privs privs, int *refusal, struct err *err)
{
    /* WAIT_KILLABLE_RECV: a signal does not make a call fail with EINTR that never would without
     * a supervisor. SPEC_ALLOW: before Linux 5.16 any filter would slow the process down. */
    static const unsigned flags[] = {FLAG_SPEC_ALLOW | FLAG_WAIT_KILLABLE_RECV, FLAG_SPEC_ALLOW, 0};
    struct sock_filter filter[MAX_FILTER];
    struct sock_fprog prog = {.filter = filter};
    bool set = false;
    size_t i = 0;

    if (make_filter(filter, &prog.len, err) < 0)
        return -1;
    if (privs == PRESENT_NO_NEW_PRIVS)
        set = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    for (;;) {
        long fd = syscall(SYS_seccomp, SET_MODE_FILTER, FLAG_NEW_LISTENER | flags[i], &prog);

        if (fd >= 0)
            return (int)fd;
        if (errno == EINVAL && i + 1 < sizeof flags / sizeof *flags) {
            i++;
        } else if (errno == EACCES && !set) { /* without CAP_SYS_ADMIN it is needed */
            set = true;
            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return err_errno(err, ERR_TOOL, errno, "prctl(PR_SET_NO_NEW_PRIVS) was refused");
        } else {
            *refusal = errno;
            return refused(errno, err);
        }
    }
}

/* ---- the socket ------------------------------------------------------------------------------ */

static int send_all(int sock, const char *p, size_t len)
{
    while (len > 0) {
        ssize_t n = send(sock, p, len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

static int send_listener(int sock, int listener)
{
    char type = 'L';
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {{0}};
    struct iovec iov = {&type, 1};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
                         .msg_controllen = sizeof control.space};
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
    ssize_t n;

    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof listener);
    memcpy(CMSG_DATA(c), &listener, sizeof listener);
    do
        n = sendmsg(sock, &msg, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == 1 ? 0 : -1;
}

static int receive_byte(int sock, char *byte)
{
    ssize_t n;

    do
        n = recv(sock, byte, 1, 0);
    while (n < 0 && errno == EINTR);
    return n == 1 ? 0 : -1;
}

static void tell_refusal(int sock, const struct err *err)
{
    own_free char *text = mem_printf("E%.*s", (int)MAX_REFUSAL, err->msg);

    (void)!send_all(sock, text, strlen(text)); /* one message, which the parent need not wait for */
}

/* ---- looking at it --------------------------------------------------------------------------- */

/* The child's own eyes: that a presented value is seen is measured too. */
static int see_value(int value, struct err *err)
{
    own_fd int other = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    own_fd int fd = -1;
    char text[4] = {0};
    ssize_t n;

    if (other < 0)
        return err_errno(err, ERR_TOOL, errno,
                         "the supervisor cannot let other files be opened (needs Linux 5.5)");
    fd = open(PRESENT_PATH, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, ERR_TOOL, errno,
                         "the supervisor cannot answer for '%s' (needs Linux 5.9, and the right "
                         "to read the memory of its child)", PRESENT_PATH);
    n = read(fd, text, sizeof text);
    if (n != 2 || text[0] != '0' + value || text[1] != '\n')
        return err_set(err, ERR_TOOL,
                       "'%s' does not show the presented value: the supervisor may not read the "
                       "memory of its child; allow process_vm_readv in the container's profile",
                       PRESENT_PATH);
    if (access(PRESENT_PATH, R_OK) < 0)
        return err_errno(err, ERR_TOOL, errno, "the supervisor cannot answer access('%s')",
                         PRESENT_PATH);
    return 0;
}

/* Does the supervisor of an outer fipsprobe answer for this process? Where it is another program's,
 * the file says what it said before. */
static bool outer_answers(int value)
{
    return present_nest_mark(value) == 0 && see_value(value, NULL) == 0;
}

/* Without a listener of our own; err says why there is none. */
static int other_way(int value, int refusal, struct err *err)
{
    own_err struct err second = {0};

    /* EBUSY: there is a listener already (kernel/seccomp.c, has_duplicate_listener) */
    if (refusal == EBUSY && outer_answers(value))
        return WAY_OUTER;
    if (present_mount(value, &second) == 0)
        return WAY_MOUNT;
    return err_set(err, ERR_TOOL, "%s; nor can a file be mounted over the flag: %s",
                   err->msg == NULL ? "" : err->msg, second.msg);
}

static int tell_way(int sock, int way)
{
    static const char letters[WAY_MAX] = {[WAY_OUTER] = 'O', [WAY_MOUNT] = 'M'};

    return send_all(sock, &letters[way], 1);
}

static int install(int sock, int value, enum present_privs privs, struct err *err)
{
    own_err struct err why = {0};
    int refusal = 0;
    own_fd int listener = load_filter(privs, &refusal, &why);
    char ack = 0;
    int way;

    if (listener < 0) {
        way = other_way(value, refusal, &why);
        if (way < 0)
            return err_set(err, ERR_TOOL, "%s", why.msg);
        if (tell_way(sock, way) < 0)
            return err_errno(err, ERR_TOOL, errno, "cannot tell the supervisor");
    } else {
        if (send_listener(sock, listener) < 0)
            return err_errno(err, ERR_TOOL, errno, "cannot hand the listener to the supervisor");
        /* Before anything is opened: as long as this process has a copy, the end of its parent
         * would not end the listener, and each open would wait for ever. */
        close(steal_fd(&listener));
    }
    if (receive_byte(sock, &ack) < 0 || ack != 'A')
        return err_set(err, ERR_TOOL, "the supervisor did not take the listener");
    return see_value(value, err);
}

int present_install(int sock, int value, enum present_privs privs, struct err *err)
{
    own_err struct err own = {0};

    if (install(sock, value, privs, &own) == 0 && send_all(sock, "K", 1) == 0)
        return 0;
    if (own.kind == ERR_NONE)
        err_set(&own, ERR_TOOL, "the supervisor is gone");
    tell_refusal(sock, &own);
    return err_set(err, own.kind, "%s", own.msg);
}

/* ---- the parent's side ----------------------------------------------------------------------- */

/* What follows an 'E'. */
static int read_refusal(int sock, struct err *err)
{
    char text[MAX_REFUSAL];
    ssize_t n = recv(sock, text, sizeof text, MSG_DONTWAIT);
    own_free char *clean = text_clean(text, n < 0 ? 0 : (size_t)n);

    return err_set(err, ERR_TOOL, "%s", *clean == '\0' ? "the child gave no reason" : clean);
}

/* The way; where it needs one, *listener is set. */
static int receive_way(int sock, int *listener, struct err *err)
{
    char type = 0;
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec iov = {&type, 1};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
                         .msg_controllen = sizeof control.space};
    struct cmsghdr *c;
    ssize_t n;
    int fd = -1;

    do
        n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_errno(err, ERR_TOOL, errno, "cannot receive the listener");
    if (n == 0)
        return err_set(err, ERR_TOOL,
                       "the child ended while its filter was being installed, as where a container's "
                       "profile kills for that; allow the seccomp system call in the container's "
                       "profile");
    if (type == 'E')
        return read_refusal(sock, err);
    if (type == 'O' || type == 'M')
        return type == 'O' ? WAY_OUTER : WAY_MOUNT;
    c = CMSG_FIRSTHDR(&msg);
    if (type != 'L' || c == NULL || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
        c->cmsg_len != CMSG_LEN(sizeof fd))
        return err_set(err, ERR_TOOL, "the child sent no listener");
    memcpy(&fd, CMSG_DATA(c), sizeof fd);
    *listener = fd;
    return WAY_NOTIFICATION;
}

/* linux/seccomp.h, since Linux 6.6: the child's call and the answer happen on one processor, one
 * after the other, which saves most of the cost. Without it everything works. */
#define SET_FLAGS _IOW('!', 4, __u64)
#define SYNC_WAKE_UP 1UL

int present_receive(int sock, int timeout_ms, enum way *way, int *out, struct err *err)
{
    struct pollfd p = {.fd = sock, .events = POLLIN};
    own_fd int listener = -1;
    struct timespec now;
    long long end;
    int n, got;

    *out = -1;
    clock_gettime(CLOCK_MONOTONIC, &now);
    end = now.tv_sec * 1000LL + now.tv_nsec / 1000000 + timeout_ms;
    while ((n = poll(&p, 1, timeout_ms)) < 0 && errno == EINTR) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        timeout_ms = (int)(end - (now.tv_sec * 1000LL + now.tv_nsec / 1000000));
        if (timeout_ms < 0)
            timeout_ms = 0;
    }
    if (n <= 0)
        return err_set(err, ERR_TOOL, "the child did not install its filter in time");
    got = receive_way(sock, &listener, err);
    if (got < 0)
        return -1;
    if (listener >= 0)
        (void)!ioctl(listener, SET_FLAGS, SYNC_WAKE_UP);
    if (send_all(sock, "A", 1) < 0)
        return err_errno(err, ERR_TOOL, errno, "the child ended with its filter installed");
    *way = (enum way)got;
    *out = steal_fd(&listener);
    return 0;
}

int present_confirmed(int sock, struct err *err)
{
    char type = 0;

    if (receive_byte(sock, &type) < 0)
        return err_set(err, ERR_TOOL, "the child ended before it saw the presented value");
    if (type == 'K')
        return 0;
    if (type == 'E')
        return read_refusal(sock, err);
    return err_set(err, ERR_TOOL, "the child did not say whether it saw the presented value");
}
