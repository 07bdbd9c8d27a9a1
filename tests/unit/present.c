/* SPDX-License-Identifier: Apache-2.0 */
#include "present.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/scratch.h"
#include "base/text.h"
#include "run/present.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct count *count;

void report(bool ok, const char *who, const char *name, const char *detail)
{
    own_free char *clean = detail == NULL || ok ? NULL : text_clean(detail, strlen(detail));

    printf("%sok %d - %s%s%s%s\n", ok ? "" : "not ", ++count->number, who, name,
           clean == NULL ? "" : ": ", clean == NULL ? "" : clean);
    fflush(stdout);
    count->failures += !ok;
}

/* ---- present_exec ---------------------------------------------------------------------------- */

static void sleep_ms(long ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

pid_t start_exec(int value, const char *program, const char *script, int *out)
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

int end_exec(pid_t pid, int out, char *text, size_t size, int ms)
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

void check_commands(const char *who)
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
void check_background(const char *who)
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

void check_signals(const char *who)
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

/* Nothing that the command does not hold itself keeps its output open, and 0 to 2 may be closed. */
void check_closed(const char *who)
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

void check_mount(const char *who)
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
