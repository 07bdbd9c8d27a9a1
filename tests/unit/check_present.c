/* SPDX-License-Identifier: Apache-2.0
 *
 * A presented flag as real processes see it. Where this environment refuses seccomp notification
 * the tests that need it are skipped, with the reason; so this program prints its own TAP. As root
 * everything is done twice, the second time as uid 65534.
 */
#include "base/mem.h"
#include "base/own.h"
#include "base/scratch.h"
#include "base/text.h"
#include "run/present-path.h"
#include "run/present.h"
#include "run/run.h"

#include "looks.h"
#include "present.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* ---- looks of a presented child -------------------------------------------------------------- */

static void ask_looks(const struct child *child, struct wire *wire)
{
    for (size_t i = 0; i < N_LOOKS; i++) {
        struct evidence e = {.result = RESULT_DONE};
        const char *bad;

        if (!child->ask[i])
            continue;
        wire_begin(wire, i);
        bad = looks[i].look(child->task->context == CONTEXT_KERNEL_ON);
        if (bad != NULL) {
            e.result = RESULT_FAILED;
            e.detail = (char *)(uintptr_t)bad;
        }
        wire_answer(wire, i, &e);
    }
}

/* Several presented children at once, with different values. NULL, or why nothing was presented. */
static char *check_looks(const char *who)
{
    enum { TASKS = 4 };
    static struct probe rows[N_LOOKS];
    const struct probe *probes[N_LOOKS];
    struct run_options options = {.probe_ms = 20000, .parallel = TASKS};
    struct run_task tasks[TASKS];
    struct group groups[TASKS];
    struct observation *o = NULL;
    size_t n = 0;
    own_err struct err err = {0};
    char *refused = NULL;

    for (size_t i = 0; i < N_LOOKS; i++)
        probes[i] = &rows[i];
    for (size_t i = 0; i < TASKS; i++)
        tasks[i] = (struct run_task){.door = DOOR_NSS, .jdk = -1,
                                     .context = i % 2 ? CONTEXT_KERNEL_ON : CONTEXT_KERNEL_OFF,
                                     .probes = probes, .n_probes = N_LOOKS, .ask = ask_looks};
    if (run_all(tasks, TASKS, &options, groups, &o, &n, &err) < 0)
        return mem_str(err.msg);
    for (size_t i = 0; i < TASKS; i++) {
        if (groups[i].not_presented != NULL && refused == NULL)
            refused = mem_str(groups[i].not_presented);
        /* Refused or not, it must be said and nothing may look measured. */
        if (groups[i].presented != (groups[i].not_presented == NULL))
            report(false, who, "presented or the reason", NULL);
    }
    for (size_t i = 0; refused == NULL && i < n; i++) {
        own_free char *name = mem_printf("%s as %d", looks[i % N_LOOKS].name,
                                         o[i].context == CONTEXT_KERNEL_ON);

        report(o[i].evidence.result == RESULT_DONE, who, name, o[i].evidence.detail);
    }
    for (size_t i = 0; i < n; i++) {
        if (refused != NULL && o[i].evidence.result != RESULT_NOT_RUN)
            report(false, who, "a refused look", result_word(o[i].evidence.result));
        evidence_free(&o[i].evidence);
    }
    for (size_t i = 0; i < TASKS; i++)
        group_free(&groups[i]);
    free(o);
    return refused;
}

/* ---- paths, which need no seccomp ------------------------------------------------------------ */

/* What the first step alone says, and both. */
static void check_paths(const char *who)
{
    static const struct {
        const char *path;
        enum path_meaning quick;
        bool is;
    } rows[] = {
        {PRESENT_PATH, PATH_FLAG, true},
        {"//proc/sys//crypto/./fips_enabled", PATH_FLAG, true},
        {"/proc/sys/crypto/../../sys/crypto/fips_enabled", PATH_MUST_FOLLOW, true},
        {"/../proc/sys/crypto/fips_enabled", PATH_MUST_FOLLOW, true},
        {"/proc/self/root/proc/sys/crypto/fips_enabled", PATH_MUST_FOLLOW, true},
        {"/proc/self/cwd/fips_enabled", PATH_MUST_FOLLOW, false},
        {"/proc/1234567890/task/99/root/proc/sys/crypto/fips_enabled", PATH_MUST_FOLLOW, false},
        {"/dev/fd/../sys/crypto/fips_enabled", PATH_MUST_FOLLOW, false},
        {"/proc/self/fd/0", PATH_MUST_FOLLOW, false},
        {"/dev/fd/1234", PATH_MUST_FOLLOW, false},
        {"fips_enabled", PATH_MUST_FOLLOW, false},
        {"/proc/sys/fips_enabled", PATH_MUST_FOLLOW, false},
        {"/proc/sys/crypto/fips_enabled/", PATH_OTHER, false},
        {"/proc/sys/crypto/fips_enabled/.", PATH_OTHER, false},
        {"/proc/sys/crypto/fips_enabled/..", PATH_OTHER, false},
        {"", PATH_OTHER, false},
        {"/", PATH_OTHER, false},
        {"..", PATH_OTHER, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct path_query q = {.pid = getpid(), .dirfd = AT_FDCWD, .path = rows[i].path,
                               .follow = true};
        enum path_meaning quick = present_path_quick(&q);

        report(quick == rows[i].quick &&
                   (quick == PATH_MUST_FOLLOW ? present_path_follow(&q) : quick == PATH_FLAG) ==
                       rows[i].is,
               who, "path", rows[i].path);
    }
}

/* A path that ends in no link is known at once where the kernel can say so (Linux 5.12). */
static void check_plain(const char *who)
{
    struct path_query q = {.pid = getpid(), .dirfd = AT_FDCWD, .path = "/etc/passwd",
                           .follow = true};
    struct {
        uint64_t flags, mode, resolve;
    } how = {O_PATH, 0, 0x20};
    own_fd int cached = -1;

    if (access(q.path, R_OK) == 0) /* now it is in the cache */
        cached = (int)syscall(437, AT_FDCWD, q.path, &how, sizeof how); /* openat2 */
    report(present_path_quick(&q) == (cached >= 0 ? PATH_OTHER : PATH_MUST_FOLLOW), who,
           "a path without a link", NULL);
    q.pid = 1 << 30; /* nobody */
    report(present_path_quick(&q) == PATH_MUST_FOLLOW && !present_path_follow(&q), who,
           "a path of a process that is gone", NULL);
    q.path = PRESENT_PATH;
    report(present_path_quick(&q) == PATH_FLAG, who, "the flag of a process that is gone", NULL);
}

static void check_links(const char *who)
{
    const char *dir = scratch_make();
    own_free char *name = mem_printf("%s/other", dir), *below = mem_printf("%s/sub", dir);
    own_free char *chain = mem_printf("%s/chain", dir), *loop = mem_printf("%s/loop", dir);
    own_free char *through = mem_printf("%s/sub/crypto/fips_enabled", dir);
    struct {
        const char *path;
        bool follow, is;
    } rows[] = {{name, true, true},   {name, false, false},  {chain, true, true},
                {loop, true, false},  {through, true, true}, {through, false, true},
                {below, true, false}, {dir, true, false}};

    if (symlink(PRESENT_PATH, name) < 0 || symlink("/proc/sys", below) < 0 ||
        symlink("other", chain) < 0 || symlink("loop", loop) < 0)
        report(false, who, "symlink", strerror(errno));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct path_query q = {.pid = getpid(), .dirfd = AT_FDCWD, .path = rows[i].path,
                               .follow = rows[i].follow};

        report((present_path_quick(&q) == PATH_MUST_FOLLOW && present_path_follow(&q)) ==
                   rows[i].is, who, "link",
               strrchr(rows[i].path, '/') + 1);
    }
    scratch_remove();
}

/* ---- a file system that does not answer ------------------------------------------------------- */

/* Mounts one of FUSE over dir that nobody serves, in a mount namespace of this process's own. */
static const char *mount_silent(const char *dir)
{
    int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    own_free char *options = mem_printf("fd=%d,rootmode=40000,user_id=0,group_id=0", fd);

    if (fd < 0)
        return "no /dev/fuse";
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("silent", dir, "fuse", 0, options) < 0)
        return strerror(errno);
    return NULL;
}

static const char *silent_dir;

/* The first child waits for it; the other one has its looks answered meanwhile. */
static void ask_silent(const struct child *child, struct wire *wire)
{
    struct evidence e = {.result = RESULT_DONE};
    own_free char *path = mem_printf("%s/fips_enabled", silent_dir);
    const char *bad;
    int fd;

    wire_begin(wire, 0);
    if (child->task->context == CONTEXT_KERNEL_ON) {
        bad = mount_silent(silent_dir);
        if (bad == NULL) {
            fd = open(path, O_RDONLY);
            bad = fd >= 0 ? "opened" : strerror(errno);
        }
        e.result = RESULT_NOT_RUN;
        e.detail = (char *)(uintptr_t)bad;
    } else {
        for (int i = 0; i < 50 && e.detail == NULL; i++) {
            own_fd int other = open("/proc/self/root" PRESENT_PATH, O_RDONLY | O_CLOEXEC);
            char c = 0;

            if (read(other, &c, 1) != 1 || c != '0')
                e = (struct evidence){.result = RESULT_FAILED, .detail = (char *)(uintptr_t)"read"};
        }
    }
    wire_answer(wire, 0, &e);
}

static void check_silent(const char *who)
{
    static const struct probe row;
    const struct probe *probes[] = {&row};
    struct run_options options = {.probe_ms = 700, .parallel = 2};
    struct run_task tasks[2];
    struct group groups[2];
    struct observation *o = NULL;
    size_t n = 0;
    own_err struct err err = {0};

    if (geteuid() != 0)
        return;
    silent_dir = scratch_make();
    for (size_t i = 0; i < 2; i++)
        tasks[i] = (struct run_task){.door = DOOR_NSS, .jdk = -1,
                                     .context = i == 0 ? CONTEXT_KERNEL_ON : CONTEXT_KERNEL_OFF,
                                     .probes = probes, .n_probes = 1, .ask = ask_silent};
    if (run_all(tasks, 2, &options, groups, &o, &n, &err) < 0) {
        report(false, who, "a file system that does not answer", err.msg);
    } else if (o[0].evidence.result == RESULT_NOT_RUN) {
        printf("ok %d - %sa file system that does not answer # SKIP %s\n", ++count->number, who,
               o[0].evidence.detail == NULL ? "" : o[0].evidence.detail);
    } else {
        report(o[0].evidence.result == RESULT_TIMED_OUT, who,
               "a child that waits for its file system ends by its deadline",
               result_word(o[0].evidence.result));
        report(o[1].evidence.result == RESULT_DONE, who, "and the others are answered meanwhile",
               o[1].evidence.detail);
    }
    for (size_t i = 0; i < n; i++)
        evidence_free(&o[i].evidence);
    for (size_t i = 0; i < 2 && n > 0; i++)
        group_free(&groups[i]);
    free(o);
    scratch_remove();
}

/* ---- under another supervisor -------------------------------------------------------------------- */

/* Under another supervisor of this program's: it answers for the inner one too. */
static void be_nested(void) __attribute__((noreturn));
static void be_nested(void)
{
    /* 0 within 1, 1 within that, and 0 again for what is left behind */
    static const char script[] = "cat " PRESENT_PATH "; setsid sh -c 'cat " PRESENT_PATH "'";
    char *argv[] = {(char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c", (char *)(uintptr_t)script,
                    NULL};
    own_err struct err err = {0};
    char *refused = check_looks("nested: ");
    int status;

    fflush(stdout);
    dprintf(STDOUT_FILENO, "looks: %s\n", refused == NULL ? "presented" : refused);
    status = present_exec(&(struct present_exec){.value = 0, .argv = argv}, &err);
    dprintf(STDOUT_FILENO, "exec %d: %s\n", status, err.kind == ERR_NONE ? "" : err.msg);
    free(refused);
    err_free(&err);
    _exit(0);
}

static void check_nested(const char *who, const char *self)
{
    own_free char *script = mem_printf("exec %s nested; cat " PRESENT_PATH, self);
    char text[65536];
    int out = -1, status;
    const char *inner;
    pid_t pid = start_exec(1, "sh", script, &out);

    status = end_exec(pid, out, text, sizeof text, 60000);
    inner = strstr(text, "looks: presented\n");
    report(status == 0 && inner != NULL && strcmp(inner, "looks: presented\n0\n0\nexec 0: \n") == 0 &&
               strstr(text, "not ok") == NULL, who, "nested", text);
}

/* ---- system calls that a container's profile forbids ------------------------------------------ */

/* There is another way than each of these. */
static int forbid_calls(void)
{
    static const char *const calls[] = {"memfd_create", "process_vm_readv", "process_vm_writev",
                                        "pidfd_open", "close_range"};
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
    int rc = ctx == NULL ? -ENOMEM : 0;

    for (size_t i = 0; rc == 0 && i < sizeof calls / sizeof *calls; i++)
        rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM),
                                    seccomp_syscall_resolve_name(calls[i]), 0, NULL);
    if (rc == 0)
        rc = seccomp_load(ctx);
    seccomp_release(ctx);
    return rc;
}

static void check_forbidden(const char *who)
{
    pid_t pid;
    int status = 0;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        own_free char *name = mem_printf("%sforbidden calls: ", who), *refused = NULL;
        int rc = forbid_calls();

        refused = rc < 0 ? mem_str(strerror(-rc)) : check_looks(name);
        report(refused == NULL, name, "presented all the same", refused);
        fflush(stdout);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    report(status == 0, who, "a process with forbidden calls", NULL);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void check_all(const char *who, const char *self)
{
    own_free char *refused = NULL;

    check_paths(who);
    check_plain(who);
    check_links(who);
    refused = check_looks(who);
    if (refused != NULL) {
        printf("ok %d - %spresenting # SKIP %s\n", ++count->number, who, refused);
        fflush(stdout);
        return;
    }
    check_silent(who);
    check_commands(who);
    check_background(who);
    check_signals(who);
    check_nested(who, self);
    check_closed(who);
    check_forbidden(who);
    check_mount(who);
}

/* The tests of a process without rights: a test program below a directory that only root may
 * enter cannot be started again there, and then nesting is tried with a copy. */
static char *copy_of_self(void)
{
    char path[] = "/tmp/check_present-XXXXXX";
    own_fd int in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), out = mkostemp(path, O_CLOEXEC);
    static char chunk[65536];
    ssize_t n;

    while ((n = read(in, chunk, sizeof chunk)) > 0)
        if (write(out, chunk, (size_t)n) != n)
            return NULL;
    if (fchmod(out, 0755) < 0)
        return NULL;
    return mem_str(path);
}

static void be_nobody(const char *self) __attribute__((noreturn));
static void be_nobody(const char *self)
{
    /* Not setgroups(3): <grp.h> has another struct group. */
    if (syscall(SYS_setgroups, 0, NULL) < 0 || setresgid(65534, 65534, 65534) < 0 ||
        setresuid(65534, 65534, 65534) < 0 || chdir("/") < 0) {
        printf("ok %d - uid 65534 # SKIP %s\n", ++count->number, strerror(errno));
    } else {
        prctl(PR_SET_DUMPABLE, 1); /* as after an exec */
        check_all("uid 65534: ", self);
    }
    fflush(stdout);
    _exit(0);
}

int main(int argc, char **argv)
{
    own_free char *self = NULL;
    int status = 0;

    /* A shell starts what it puts in the background with these ignored, and no shell can trap what
     * was ignored when it started. */
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (count == MAP_FAILED)
        return 99;
    if (argc > 1 && strcmp(argv[1], "nested") == 0)
        be_nested();
    self = copy_of_self();
    if (self == NULL)
        return 99;
    check_all("", self);
    fflush(stdout);
    if (geteuid() == 0) {
        pid_t pid = fork();

        if (pid == 0)
            be_nobody(self);
        waitpid(pid, &status, 0);
    }
    printf("1..%d\n", count->number);
    (void)!unlink(self);
    return count->failures == 0 && status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
