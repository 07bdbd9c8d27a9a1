/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include "run/wire-child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- what children do ------------------------------------------------------------------------ */

void fault_answer(struct wire *w, size_t i, enum result result, char *code)
{
    struct evidence e = {.result = result, .code = code};

    wire_answer(w, i, &e);
}

void ask_well(const struct child *c, struct wire *w)
{
    for (size_t i = 0; i < c->task->n_probes; i++) {
        if (!c->ask[i])
            continue;
        wire_begin(w, i);
        fault_answer(w, i, RESULT_DONE, NULL);
    }
}

/* Asks well, but for probe 2, where arg is called. */
void ask_but(const struct child *c, struct wire *w)
{
    void (*fault)(struct wire *) = *(void (*const *)(struct wire *))c->task->arg;

    for (size_t i = 0; i < c->task->n_probes; i++) {
        if (!c->ask[i])
            continue;
        wire_begin(w, i);
        wire_step(w, "C_First");
        if (i == 2) {
            wire_step(w, "C_Second");
            fault(w);
        }
        fault_answer(w, i, RESULT_DONE, NULL);
    }
}

/* Does arg before anything. */
void ask_after(const struct child *c, struct wire *w)
{
    (*(void (*const *)(struct wire *))c->task->arg)(w);
    ask_well(c, w);
}

void fault_sleep_ms(long ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

void fault_segv(struct wire *w)
{
    (void)w;
    raise(SIGSEGV);
}

void fault_abort(struct wire *w)
{
    (void)w;
    abort();
}

void fault_kill(struct wire *w)
{
    (void)w;
    kill(getpid(), SIGKILL);
}

void fault_hang(struct wire *w)
{
    (void)w;
    for (;;)
        pause();
}

void fault_hang_deaf(struct wire *w)
{
    for (int sig = 1; sig < 32; sig++)
        signal(sig, SIG_IGN);
    fault_hang(w);
}

void fault_stop(struct wire *w)
{
    (void)w;
    raise(SIGSTOP);
}

void fault_exit(struct wire *w)
{
    (void)w;
    _exit(3);
}

static void raw(const struct wire *w, const char *s, size_t len)
{
    while (len > 0) {
        ssize_t n = write(w->fd, s, len);

        if (n <= 0)
            _exit(9);
        s += n;
        len -= (size_t)n;
    }
}

void fault_torn(struct wire *w)
{
    static const char half[] = "{\"r\":\"answer\",\"i\":2,\"resu";

    raw(w, half, sizeof half - 1);
    _exit(0);
}

void fault_garbage(struct wire *w)
{
    raw(w, "hello, this is libfoo\n", 22);
    fault_sleep_ms(60000);
}

void fault_zeros(struct wire *w)
{
    static char zeros[100000];

    raw(w, zeros, sizeof zeros);
    raw(w, "\n", 1);
    fault_sleep_ms(60000);
}

void fault_long_line(struct wire *w)
{
    static char as[65536];

    memset(as, 'a', sizeof as);
    for (int i = 0; i < 160; i++)
        raw(w, as, sizeof as);
    fault_sleep_ms(60000);
}

void fault_flood(struct wire *w)
{
    for (;;)
        wire_step(w, "C_Flood");
}

void fault_other_answer(struct wire *w)
{
    fault_answer(w, 3, RESULT_DONE, NULL);
}

void fault_twice(struct wire *w)
{
    fault_answer(w, 2, RESULT_DONE, NULL);
}

void fault_noise_flood(struct wire *w)
{
    char text[1000];

    (void)w;
    memset(text, 'n', sizeof text);
    for (int i = 0; i < 2000; i++)
        if (write(1, text, sizeof text) < 0 || write(2, text, sizeof text) < 0)
            _exit(8);
}

void fault_noise(struct wire *w)
{
    (void)w;
    printf("lib\x1b[31mred\n");
    fflush(stdout);
    fprintf(stderr, "bad \xff byte\n");
}

void fault_last_words(struct wire *w)
{
    (void)w;
    fprintf(stderr, "first\nmalloc(): \x1b corrupted\n\n");
    raise(SIGABRT);
}

void fault_emulated(struct wire *w)
{
    (void)w;
    fprintf(stderr, "malloc(): corrupted\nqemu: uncaught target signal 6 (Aborted) - core dumped\n");
    raise(SIGABRT);
}

void fault_emulated_alone(struct wire *w)
{
    (void)w;
    fprintf(stderr, "qemu: uncaught target signal 6 (Aborted) - core dumped\n");
    raise(SIGABRT);
}

void fault_read_input(struct wire *w)
{
    char c;

    (void)w;
    if (read(0, &c, 1) != 0)
        _exit(7);
    if (open("/dev/tty", O_RDWR) >= 0)
        _exit(6);
}

void fault_close_wire(struct wire *w)
{
    close(w->fd);
}

/* Something else under the wire's number: nothing may land there. */
void fault_replace_wire(struct wire *w)
{
    int fd = open("/dev/null", O_WRONLY);

    dup2(fd, w->fd);
}

/* ---- processes left behind ------------------------------------------------------------------- */

char fault_pid_file[256];

void fault_note_pid(pid_t pid)
{
    FILE *f = fopen(fault_pid_file, "w");

    fprintf(f, "%d\n", (int)pid);
    fclose(f);
}

void fault_leave_child(struct wire *w)
{
    pid_t pid = fork(); /* holds the wire and the noise pipe */

    (void)w;
    if (pid == 0)
        for (;;)
            pause();
    fault_note_pid(pid);
}

void fault_daemon(struct wire *w)
{
    pid_t first = fork();

    (void)w;
    if (first == 0) {
        pid_t second;

        setsid();
        second = fork();
        if (second != 0) {
            fault_note_pid(second);
            _exit(0);
        }
        setsid();
        prctl(PR_SET_PDEATHSIG, 0);
        for (;;)
            pause();
    }
    waitpid(first, NULL, 0);
}
