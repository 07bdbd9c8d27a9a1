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

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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
#include <time.h>

/* Shared with the process that has no rights. */
static struct count {
    int number, failures;
} *count;

static void report(bool ok, const char *who, const char *name, const char *detail)
{
    own_free char *clean = detail == NULL || ok ? NULL : text_clean(detail, strlen(detail));

    printf("%sok %d - %s%s%s%s\n", ok ? "" : "not ", ++count->number, who, name,
           clean == NULL ? "" : ": ", clean == NULL ? "" : clean);
    fflush(stdout);
    count->failures += !ok;
}

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

/* ---- present_exec ---------------------------------------------------------------------------- */

static void sleep_ms(long ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

/* A process that is present_exec of sh -c script; its stdout is *out. */
static pid_t start_exec(int value, const char *program, const char *script, int *out)
{
    int ends[2];
    pid_t pid;

    fflush(stdout);
    if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
        return -1;
    if (pid == 0) {
        char *argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)"-c",
                        (char *)(uintptr_t)script, NULL};
        own_err struct err err = {0};
        int status;

        dup2(ends[1], STDOUT_FILENO);
        status = present_exec(&(struct present_exec){.value = value, .argv = argv}, &err);
        if (err.kind != ERR_NONE)
            dprintf(STDOUT_FILENO, "%s", err.msg);
        err_free(&err);
        _exit(status);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

/* What it wrote, to the end of file, and its waitpid status. Closing of its stdout is waited for
 * at most ms. */
static int end_exec(pid_t pid, int out, char *text, size_t size, int ms)
{
    size_t len = 0;
    int status = -1;

    while (len + 1 < size) {
        struct pollfd p = {out, POLLIN, 0};
        ssize_t n;

        if (poll(&p, 1, ms) <= 0)
            break;
        n = read(out, text + len, size - 1 - len);
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    text[len] = '\0';
    close(out);
    waitpid(pid, &status, 0);
    return status;
}

static const struct {
    const char *name, *program, *script;
    int value, status, signal;
    const char *output; /* its beginning */
} commands[] = {
    {"value 1", "sh", "cat " PRESENT_PATH, 1, 0, 0, "1\n"},
    {"value 0", "sh", "cat " PRESENT_PATH, 0, 0, 0, "0\n"},
    {"status", "sh", "exit 7", 1, 7, 0, ""},
    {"signal", "sh", "kill -TERM $$", 1, 0, SIGTERM, ""},
    {"not found", "/no/such/command", "", 1, 127, 0,
     "cannot run '/no/such/command': No such file or directory"},
    {"not executable", "/etc/passwd", "", 1, 126, 0, "cannot run '/etc/passwd': Permission denied"},
    {"tests of the shell", "sh", "test -r " PRESENT_PATH " && test ! -w " PRESENT_PATH
     " && test -f " PRESENT_PATH " && echo yes", 1, 0, 0, "yes\n"},
    {"symbolic link", "sh", "d=$(mktemp -d) && ln -s " PRESENT_PATH " $d/l && cat $d/l; rm -r $d",
     1, 0, 0, "1\n"},
    {"link to the directory", "sh",
     "d=$(mktemp -d) && ln -s /proc/sys $d/l && cat $d/l/crypto/fips_enabled; rm -r $d", 1, 0, 0,
     "1\n"},
    {"pipeline", "sh", "cat " PRESENT_PATH " | cat; (cat " PRESENT_PATH ")", 1, 0, 0, "1\n1\n"},
};

static void check_commands(const char *who)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char text[2048];
        int out = -1;
        pid_t pid = start_exec(commands[i].value, commands[i].program, commands[i].script, &out);
        int status = end_exec(pid, out, text, sizeof text, 20000);
        own_free char *detail = mem_printf("status %x, '%s'", (unsigned)status, text);
        bool ok = commands[i].signal != 0
                      ? WIFSIGNALED(status) && WTERMSIG(status) == commands[i].signal
                      : WIFEXITED(status) && WEXITSTATUS(status) == commands[i].status;

        ok = ok && strncmp(text, commands[i].output, strlen(commands[i].output)) == 0;
        report(ok, who, commands[i].name, ok ? NULL : detail);
    }
}

/* The command ends, its daemon lives on and still sees the value; nobody waits for it. */
static void check_background(const char *who)
{
    const char *dir = scratch_make();
    own_free char *file = mem_printf("%s/late", dir);
    own_free char *script = mem_printf("(sleep 0.5; cat " PRESENT_PATH " >%s.n; mv %s.n %s) "
                                       ">/dev/null 2>&1 & exit 3", file, file, file);
    char text[64] = {0};
    int out = -1, fd = -1;
    pid_t pid = start_exec(1, "sh", script, &out);
    int status = end_exec(pid, out, text, sizeof text, 5000);

    report(WIFEXITED(status) && WEXITSTATUS(status) == 3 && access(file, F_OK) < 0, who,
           "a command that leaves something running ends at once", NULL);
    for (int i = 0; i < 100 && fd < 0; i++) {
        sleep_ms(50);
        fd = open(file, O_RDONLY);
    }
    memset(text, 0, sizeof text);
    if (fd >= 0 && read(fd, text, sizeof text - 1) < 0)
        text[0] = '\0';
    if (fd >= 0)
        close(fd);
    report(strcmp(text, "1\n") == 0, who, "what was left running keeps seeing the value", NULL);
    scratch_remove();
}

static void check_signals(const char *who)
{
    char text[64] = {0};
    int out = -1, status = 0;
    pid_t pid = start_exec(1, "sh", "trap 'echo usr1; exit 5' USR1; trap 'echo int' INT; "
                                    "echo ready; while :; do sleep 0.05; done", &out);

    if (read(out, text, 6) != 6)
        report(false, who, "the command did not start", NULL);
    kill(pid, SIGINT);
    sleep_ms(200);
    kill(pid, SIGUSR1);
    status = end_exec(pid, out, text, sizeof text, 20000);
    report(WIFEXITED(status) && WEXITSTATUS(status) == 5 && strcmp(text, "int\nusr1\n") == 0, who,
           "signals reach the command", text);

    pid = start_exec(1, "sh", "kill -STOP $$; echo on", &out);
    report(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status), who,
           "it stops with the command", NULL);
    kill(pid, SIGCONT);
    status = end_exec(pid, out, text, sizeof text, 20000);
    report(status == 0 && strcmp(text, "on\n") == 0, who, "and goes on with it", text);

    pid = start_exec(1, "sh", "echo $$; exec sleep 60", &out);
    memset(text, 0, sizeof text);
    if (read(out, text, sizeof text - 1) <= 0)
        report(false, who, "the command did not start", NULL);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    sleep_ms(300);
    {
        own_free char *path = mem_printf("/proc/%d/cmdline", atoi(text));
        own_fd int fd = open(path, O_RDONLY);
        char c;

        report(fd < 0 || read(fd, &c, 1) <= 0, who, "killed, it takes the command along", NULL);
    }
    close(out);
}

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

/* Nothing that the command does not hold itself keeps its output open, and 0 to 2 may be closed. */
static void check_closed(const char *who)
{
    char text[64];
    int out = -1, status;
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        char *argv[] = {(char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c", (char *)(uintptr_t)
                        "test ! -e /proc/self/fd/0 && test \"$(cat " PRESENT_PATH ")\" = 1", NULL};

        for (int fd = 0; fd < 3; fd++)
            close(fd);
        signal(SIGCHLD, SIG_IGN);
        _exit(present_exec(&(struct present_exec){.value = 1, .argv = argv}, NULL));
    }
    waitpid(pid, &status, 0);
    report(WIFEXITED(status) && WEXITSTATUS(status) == 0, who,
           "closed descriptors and an ignored SIGCHLD", NULL);
    pid = start_exec(1, "sh", "sleep 3 >/dev/null 2>&1 & exec >&-; sleep 0.2; exit 0", &out);
    status = end_exec(pid, out, text, sizeof text, 1000);
    report(status == 0 && *text == '\0', who, "stdout is held by nobody else", NULL);
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

/* ---- a listener that is refused ---------------------------------------------------------------- */

static int forbid_listener(bool namespaces)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
    struct scmp_arg_cmp listener = SCMP_CMP64(1, SCMP_CMP_MASKED_EQ, 8, 8); /* NEW_LISTENER */
    int rc = ctx == NULL ? -ENOMEM : 0;

    if (rc == 0)
        rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(seccomp), 1, &listener);
    if (rc == 0 && !namespaces)
        rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 0, NULL);
    if (rc == 0)
        rc = seccomp_load(ctx);
    seccomp_release(ctx);
    return rc;
}

/* What a mount cannot imitate: the answers of procfs to those who want to write, and its sizes. */
static void be_without_listener(bool namespaces) __attribute__((noreturn));
static void be_without_listener(bool namespaces)
{
    static const char script[] =
        "cat " PRESENT_PATH " /proc/self/root" PRESENT_PATH "; cd /proc/sys/crypto && cat fips_enabled; "
        "test -e /proc/sys/kernel/ostype && test ! -w " PRESENT_PATH " && cat /proc/sys/kernel/ostype";
    char *argv[] = {(char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c", (char *)(uintptr_t)script,
                    NULL};
    own_err struct err err = {0};
    int status = forbid_listener(namespaces);

    if (status == 0)
        status = present_exec(&(struct present_exec){.value = 1, .argv = argv}, &err);
    dprintf(STDOUT_FILENO, "exec %d: %s\n", status, err.kind == ERR_NONE ? "" : err.msg);
    err_free(&err);
    _exit(0);
}

static void without_listener(bool namespaces, char *text, size_t size)
{
    int ends[2];
    pid_t pid;

    *text = '\0';
    fflush(stdout);
    if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
        return;
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        be_without_listener(namespaces);
    }
    close(ends[1]);
    end_exec(pid, ends[0], text, size, 20000);
}

static void check_mount(const char *who)
{
    static const char seen[] = "1\n1\n1\nLinux\nexec 0: \n";
    static const char both[] = "NEW_LISTENER) was refused: Operation not permitted; allow the "
                               "seccomp system call in the container's profile; nor can a file be "
                               "mounted over the flag: unshare(CLONE_NEWUSER | CLONE_NEWNS): "
                               "Operation not permitted\n";
    char text[4096], host[64] = {0};
    own_fd int fd = open(PRESENT_PATH, O_RDONLY | O_CLOEXEC);
    own_free char *name = NULL;

    without_listener(false, text, sizeof text);
    report(strncmp(text, "exec 125: ", 10) == 0 && strstr(text, both) != NULL, who,
           "neither a listener nor a mount: both are said", text);
    without_listener(true, text, sizeof text);
    if (strstr(text, "nor can a file be mounted") != NULL) {
        printf("ok %d - %sa mount # SKIP %s", ++count->number, who, text);
        fflush(stdout);
        return;
    }
    name = mem_str("without a listener by a mount");
    report(strcmp(text, seen) == 0, who, name, text);
    if (fd >= 0 && read(fd, host, sizeof host - 1) < 0)
        *host = '\0';
    report((fd >= 0) == (access(PRESENT_PATH, F_OK) == 0), who, "the host sees nothing of it", host);
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
