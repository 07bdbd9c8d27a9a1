/* SPDX-License-Identifier: Apache-2.0 */
#include "looks.h"

#include "spellings.h"

#include "base/mem.h"
#include "base/own.h"
#include "run/present.h"

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

static const char *wrong(const char *what)
{
    return mem_printf("%s: %s", what, strerror(errno));
}

static const char *see(int fd, int value)
{
    char text[8] = {0};
    ssize_t n;

    if (fd < 0)
        return wrong("open");
    n = read(fd, text, sizeof text);
    close(fd);
    if (n == 2 && text[0] == '0' + value && text[1] == '\n')
        return NULL;
    return mem_printf("read '%s'", text);
}

static const char *expect(long rc, int errnum)
{
    if (errnum == 0)
        return rc < 0 ? wrong("failed") : NULL;
    return rc < 0 && errno == errnum ? NULL : rc < 0 ? wrong("other error") : "succeeded";
}

static const char *look_open(int v)
{
    return see(open(PRESENT_PATH, O_RDONLY), v);
}

static const char *look_open_call(int v)
{
#ifdef SYS_open
    return see((int)syscall(SYS_open, PRESENT_PATH, O_RDONLY), v);
#else
    return look_open(v);
#endif
}

static const char *look_openat2(int v)
{
    struct {
        unsigned long long flags, mode, resolve;
    } how = {O_RDONLY | O_CLOEXEC, 0, 0}, in_root = {O_RDONLY, 0, 0x10};
    int proc = open("/proc", O_PATH | O_DIRECTORY), fd;
    const char *bad;

    fd = (int)syscall(SYS_openat2, AT_FDCWD, PRESENT_PATH, &how, sizeof how);
    if (fd < 0 && errno == ENOSYS)
        return NULL;
    bad = see(fd, v);
    if (bad != NULL)
        return bad;
    return see((int)syscall(SYS_openat2, proc, "/../sys/crypto/fips_enabled", &in_root,
                            sizeof in_root), v);
}

static const char *look_fopen(int v)
{
    own_file FILE *f = fopen(PRESENT_PATH, "r");
    int c = f == NULL ? -1 : fgetc(f);

    return c == '0' + v ? NULL : "fopen and fgetc";
}

static const char *look_cwd(int v)
{
    if (chdir("/proc/sys") < 0)
        return wrong("chdir");
    return see(open("crypto/fips_enabled", O_RDONLY), v);
}

static const char *look_dirfd(int v)
{
    own_fd int dir = open("/proc/self", O_PATH | O_DIRECTORY);

    return see(openat(dir, "../sys/./crypto//fips_enabled", O_RDONLY), v);
}

static const char *look_dots(int v)
{
    return see(open("/proc/../proc//./sys/crypto/../crypto/fips_enabled", O_RDONLY), v);
}

static const char *look_roots(int v)
{
    own_free char *mine = mem_printf("/proc/%d/root%s", (int)getpid(), PRESENT_PATH);
    static const char *const paths[] = {"/proc/self/root" PRESENT_PATH,
                                        "/proc/thread-self/root" PRESENT_PATH,
                                        "/proc/self/root/proc/self/root" PRESENT_PATH};

    for (size_t i = 0; i < 3; i++) {
        const char *bad = see(open(paths[i], O_RDONLY), v);

        if (bad != NULL)
            return mem_printf("%s: %s", paths[i], bad);
    }
    return see(open(mine, O_RDONLY), v);
}

static const char *look_cloexec(int v)
{
    own_fd int with = open(PRESENT_PATH, O_RDONLY | O_CLOEXEC);
    own_fd int without = open(PRESENT_PATH, O_RDONLY);

    (void)v;
    return fcntl(with, F_GETFD) == FD_CLOEXEC && fcntl(without, F_GETFD) == 0 ? NULL : "FD_CLOEXEC";
}

static const char *look_write(int v)
{
    static const int flags[] = {O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_WRONLY | O_CREAT};
    own_fd int fd = open(PRESENT_PATH, O_RDONLY);

    (void)v;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const char *bad = expect(open(PRESENT_PATH, flags[i], 0600), EACCES);

        if (bad != NULL)
            return bad;
    }
    return write(fd, "9", 1) < 0 && errno == EBADF ? NULL : "the descriptor can be written";
}

static const char *look_kinds(int v)
{
    const char *bad = expect(open(PRESENT_PATH, O_RDONLY | O_DIRECTORY), ENOTDIR);

    (void)v;
    if (bad == NULL)
        bad = expect(open(PRESENT_PATH, O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
    if (bad == NULL)
        bad = expect(open(PRESENT_PATH, O_PATH | O_NOFOLLOW), 0);
    if (bad == NULL && open(PRESENT_PATH "/", O_RDONLY) >= 0)
        bad = "a trailing slash";
    return bad;
}

static const char *look_twice(int v)
{
    own_fd int first = open(PRESENT_PATH, O_RDONLY), second = open(PRESENT_PATH, O_RDONLY);
    char c[2];

    (void)v;
    return read(first, c, 2) == 2 && read(second, c, 2) == 2 && lseek(first, 0, SEEK_SET) == 0
               ? NULL
               : "two descriptors share their position";
}

static const char *look_access(int v)
{
    const char *bad = expect(access(PRESENT_PATH, F_OK), 0);

    (void)v;
    if (bad == NULL)
        bad = expect(access(PRESENT_PATH, R_OK), 0);
    if (bad == NULL)
        bad = expect(access(PRESENT_PATH, W_OK), EACCES);
    if (bad == NULL)
        bad = expect(access(PRESENT_PATH, R_OK | X_OK), EACCES);
    if (bad == NULL)
        bad = expect(faccessat(AT_FDCWD, PRESENT_PATH, R_OK, AT_EACCESS), 0);
    return bad;
}

static const char *is_flag_stat(int rc, mode_t mode, uid_t uid, long long size)
{
    if (rc < 0)
        return wrong("stat");
    return S_ISREG(mode) && (mode & 07777) == 0444 && uid == 0 && size == 0 ? NULL : "its fields";
}

static const char *look_stat(int v)
{
    struct stat st;
    int rc = stat(PRESENT_PATH, &st);
    const char *bad = is_flag_stat(rc, st.st_mode, st.st_uid, st.st_size);

    (void)v;
    if (bad == NULL) {
        rc = lstat(PRESENT_PATH, &st);
        bad = is_flag_stat(rc, st.st_mode, st.st_uid, st.st_size);
    }
    if (bad == NULL) {
        rc = fstatat(AT_FDCWD, PRESENT_PATH, &st, AT_SYMLINK_NOFOLLOW);
        bad = is_flag_stat(rc, st.st_mode, st.st_uid, st.st_size);
    }
#ifdef SYS_stat
    if (bad == NULL) {
        rc = (int)syscall(SYS_stat, PRESENT_PATH, &st);
        bad = is_flag_stat(rc, st.st_mode, st.st_uid, st.st_size);
    }
#endif
    return bad;
}

static const char *look_statx(int v)
{
    struct statx st;
    int rc = statx(AT_FDCWD, PRESENT_PATH, 0, STATX_BASIC_STATS, &st);

    (void)v;
    return is_flag_stat(rc, st.stx_mode, st.stx_uid, (long long)st.stx_size);
}

static const char *look_readlink(int v)
{
    char target[16];

    (void)v;
    return expect(readlink(PRESENT_PATH, target, sizeof target), EINVAL);
}

static const char *look_elsewhere(int v)
{
    own_fd int fd = open("/proc/self/status", O_RDONLY);
    char c, link[64];
    struct stat st;

    (void)v;
    if (fd < 0 || read(fd, &c, 1) != 1)
        return wrong("another file");
    if (fstat(fd, &st) < 0 || stat("/", &st) < 0 || readlink("/proc/self", link, sizeof link) < 0)
        return wrong("another file's stat");
    if (open("/no/such/fips_enabled", O_RDONLY) >= 0 || errno != ENOENT)
        return "a file that is not there";
    return expect(access("/no/such/file", F_OK), ENOENT);
}

static const char *look_bad_memory(int v)
{
    long page = sysconf(_SC_PAGESIZE);
    char *two = mmap(NULL, (size_t)page * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0);
    char *path = two + page - sizeof PRESENT_PATH;
    const char *bad = expect(syscall(SYS_openat, AT_FDCWD, (char *)1, O_RDONLY), EFAULT);

    munmap(two + page, (size_t)page);
    memcpy(path, PRESENT_PATH, sizeof PRESENT_PATH); /* ends with the page */
    return bad != NULL ? bad : see(open(path, O_RDONLY), v);
}

static const char *look_command(int v)
{
    FILE *f = popen("exec cat " PRESENT_PATH, "r");
    int c = f == NULL ? -1 : fgetc(f);

    if (f != NULL)
        pclose(f);
    return c == '0' + v ? NULL : "what cat printed";
}

static void *thread_main(void *p)
{
    return (void *)(uintptr_t)look_open(*(int *)p);
}

static const char *look_thread(int v)
{
    pthread_t thread;
    void *bad = NULL;

    if (pthread_create(&thread, NULL, thread_main, &v) != 0)
        return "pthread_create";
    pthread_join(thread, &bad);
    return bad;
}

static void on_alarm(int sig)
{
    (void)sig;
}

/* A descriptor of the path alone, opened again through /proc. */
static const char *look_path_only(int v)
{
    own_fd int only = open(PRESENT_PATH, O_PATH | O_CLOEXEC);
    own_free char *again = mem_printf("/proc/self/fd/%d", only);

    return only < 0 ? wrong("O_PATH") : see(open(again, O_RDONLY), v);
}

static const char *look_creat(int v)
{
    (void)v;
#ifdef SYS_creat
    return expect(syscall(SYS_creat, PRESENT_PATH, 0600), EACCES);
#else
    return NULL;
#endif
}

/* Opens through a ring would see the host's value. */
static const char *look_ring(int v)
{
    char params[256] = {0};

    (void)v;
#ifdef SYS_io_uring_setup
    return expect(syscall(SYS_io_uring_setup, 1, params), ENOSYS);
#else
    (void)params;
    return NULL;
#endif
}

#if defined(__x86_64__) && !defined(__ILP32__)
/* The calls of 32-bit programs: open is 5, access 33 (asm/unistd_32.h). Killed where the kernel has
 * none. */
static const char *look_narrow(int v)
{
    char *path = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    int status = 0;
    pid_t pid;

    if (path == MAP_FAILED)
        return NULL;
    strcpy(path, PRESENT_PATH);
    pid = fork();
    if (pid == 0) {
        long fd, access;
        char text[2] = {0};

        signal(SIGSEGV, SIG_DFL);
        __asm__ volatile("int $0x80" : "=a"(fd) : "0"(5L), "b"(path), "c"((long)O_RDONLY), "d"(0L)
                         : "memory", "r8", "r9", "r10", "r11");
        __asm__ volatile("int $0x80" : "=a"(access) : "0"(33L), "b"(path), "c"((long)R_OK)
                         : "memory", "r8", "r9", "r10", "r11");
        if ((int)fd < 0)
            _exit(1);
        if (read((int)fd, text, 1) != 1 || text[0] != '0' + v)
            _exit(2);
        _exit((int)access == 0 ? 0 : 3);
    }
    munmap(path, 4096);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return wrong("fork");
    if (WIFSIGNALED(status))
        return NULL;
    return WEXITSTATUS(status) == 0 ? NULL
                                    : mem_printf("step %d of a 32-bit program", WEXITSTATUS(status));
}
#else
static const char *look_narrow(int v)
{
    (void)v;
    return NULL;
}
#endif

#if defined(__x86_64__) && !defined(__ILP32__)
/* The calls of x32 programs have a bit in their number (asm/unistd.h). The filter comes before the
 * kernel finds out whether it has such programs at all: what is answered needs none. Killed where
 * another filter, made for x86_64 alone, takes them for foreign. */
static const char *look_x32(int v)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        if (see((int)syscall(__X32_SYSCALL_BIT | SYS_open, PRESENT_PATH, O_RDONLY, 0), v) != NULL)
            _exit(1);
        if (see((int)syscall(__X32_SYSCALL_BIT | SYS_openat, AT_FDCWD,
                             "/proc/self/root" PRESENT_PATH, O_RDONLY, 0), v) != NULL)
            _exit(2);
        _exit(syscall(__X32_SYSCALL_BIT | SYS_access, PRESENT_PATH, W_OK) < 0 && errno == EACCES
                  ? 0 : 3);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return wrong("fork");
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? NULL : "a signal";
    return WEXITSTATUS(status) == 0 ? NULL
                                    : mem_printf("step %d of x32 calls", WEXITSTATUS(status));
}
#else
static const char *look_x32(int v)
{
    (void)v;
    return NULL;
}
#endif

/* Signals must not bring a wrong answer, nor any error but EINTR: how often that comes, with kernels
 * before Linux 5.19, depends on how soon the supervisor gets the processor. */
static const char *look_signals(int v)
{
    struct sigaction action = {.sa_handler = on_alarm}; /* no SA_RESTART */
    struct itimerspec often = {{0, 2000000}, {0, 500000}}, never = {{0, 0}, {0, 0}};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    const char *bad = NULL;
    timer_t timer;

    sigaction(SIGALRM, &action, NULL);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
        return wrong("timer_create");
    timer_settime(timer, 0, &often, NULL);
    for (int i = 0; i < 300 && bad == NULL; i++) {
        int fd = open(PRESENT_PATH, O_RDONLY);

        if (fd < 0 && errno == EINTR) { /* and without a signal the same call gives the answer */
            timer_settime(timer, 0, &never, NULL);
            fd = open(PRESENT_PATH, O_RDONLY);
        }
        bad = see(fd, v);
        timer_settime(timer, 0, &often, NULL);
    }
    timer_delete(timer);
    return bad != NULL ? bad : see(open(PRESENT_PATH, O_RDONLY), v);
}

static const char *look_spellings(int v)
{
    char *problems = NULL;

    spellings_ask(v, &problems);
    return problems;
}

const struct look looks[] = {
    {"open", look_open},           {"open(2)", look_open_call},   {"openat2", look_openat2},
    {"fopen", look_fopen},         {"relative", look_cwd},        {"dirfd", look_dirfd},
    {"dots", look_dots},           {"/proc/self/root", look_roots}, {"O_CLOEXEC", look_cloexec},
    {"not writable", look_write},  {"kinds of open", look_kinds}, {"twice", look_twice},
    {"access", look_access},       {"stat", look_stat},           {"statx", look_statx},
    {"readlink", look_readlink},   {"other files", look_elsewhere},
    {"edges of memory", look_bad_memory}, {"another program", look_command},
    {"O_PATH", look_path_only},    {"creat", look_creat},         {"io_uring", look_ring},
    {"32-bit calls", look_narrow}, {"x32 calls", look_x32},
    {"a thread", look_thread},     {"signals", look_signals},
    {"spellings", look_spellings},
};
_Static_assert(sizeof looks / sizeof *looks == N_LOOKS, "N_LOOKS");
