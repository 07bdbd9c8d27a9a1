/* SPDX-License-Identifier: Apache-2.0
 *
 * runner.c: run_all: one thread, one poll loop over all children that run.
 */
#include "run/run.h"

#include "base/own.h"
#include "base/scratch.h"
#include "run/child.h"
#include "run/guard.h"
#include "run/job.h"
#include "run/kin.h"
#include "run/present-helper.h"
#include "run/present.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define SAID_MAX 4096 /* bytes of a child's last words */
#define DOOR_FACTOR 3      /* door.open may take so many times longer */
#define AFTER_END_MS 1000  /* a child that said that it was finished has only to exit */
#define AFTER_KILL_MS 5000 /* nothing outlives SIGKILL for so long but a broken disk */
#define NO_PIDFD_MS 5      /* between looks where the kernel has no pidfd */
#define ANSWERS_A_ROUND 32
#define CHUNK 65536

/* A child that runs. */
struct slot {
    struct job *job; /* NULL: free */
    struct child child;
    struct child_ends ends;
    char *scratch; /* its own directory, or NULL */
    int value, listener;
    bool installed; /* the listener came; the next word on the socket is what the child saw */
    struct wire_reader reader;
    long long deadline;
    unsigned long limit_ms; /* what the deadline was made of */
    bool timed_out, killed;
    char *not_presented;
};

struct runner {
    const struct run_options *options;
    struct job *jobs;
    long long *started; /* of each job */
    size_t n, next, n_over, n_children;
    struct slot *slots;
    struct present_helper *helpers; /* of each slot */
    size_t n_slots;
    struct pids known; /* children of this process that are not ours, and those that run */
    size_t n_before;   /* the first of them */
};

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void set_deadline(struct slot *s, unsigned long ms)
{
    s->limit_ms = ms;
    s->deadline = now_ms() + (long long)ms;
}

/* ---- start and end of a child ---------------------------------------------------------------- */

static void note_running(struct runner *r)
{
    r->known.n = r->n_before;
    for (size_t i = 0; i < r->n_slots; i++) {
        if (r->slots[i].job != NULL)
            r->known.items[r->known.n++] = r->slots[i].ends.pid;
        if (r->helpers[i].pid != 0)
            r->known.items[r->known.n++] = r->helpers[i].pid;
    }
}

/* The helper of a slot: it outlives the slot's children, unless one ended while it was asked. */
static struct present_helper *helper_of(const struct runner *r, const struct slot *s)
{
    return &r->helpers[s - r->slots];
}

static char *make_scratch(const char *parent, size_t number)
{
    own_free char *dir = NULL;

    if (parent == NULL)
        return NULL;
    dir = mem_printf("%s/%zu", parent, number);
    return mkdir(dir, 0700) == 0 ? steal_ptr(&dir) : NULL;
}

static int start(struct runner *r, struct slot *s, struct job *job, struct err *err)
{
    *s = (struct slot){.listener = -1, .value = child_presented(job->task->context)};
    s->scratch = make_scratch(r->options->scratch, r->n_children++);
    s->child = (struct child){.task = job->task, .ask = job->ask, .scratch = s->scratch};
    if (child_start(&s->child, &s->ends, err) < 0) {
        if (s->scratch != NULL)
            scratch_remove_tree(s->scratch);
        free(steal_ptr(&s->scratch));
        return -1;
    }
    s->job = job;
    job->group->children++;
    wire_reader_init(&s->reader, job->task->n_probes, job->ask);
    set_deadline(s, DOOR_FACTOR * (unsigned long)r->options->probe_ms);
    note_running(r);
    return 0;
}

static void kill_child(struct slot *s)
{
    if (!s->killed) {
        s->killed = true;
        s->deadline = now_ms() + AFTER_KILL_MS;
    }
    kill(s->ends.pid, SIGKILL);
    kill(-s->ends.pid, SIGKILL);
}

/* Releases everything but the job. The process is dead, or beyond reach. */
static void clear_slot(struct runner *r, struct slot *s)
{
    if (helper_of(r, s)->asked)
        present_helper_end(helper_of(r, s));
    child_close(&s->ends);
    if (s->listener >= 0)
        close(s->listener);
    wire_reader_free(&s->reader);
    if (s->scratch != NULL)
        scratch_remove_tree(s->scratch);
    free(s->scratch);
    free(s->not_presented);
    *s = (struct slot){.listener = -1};
}

/* ---- what children write --------------------------------------------------------------------- */

static void give_up(struct slot *s, const struct err *err)
{
    free(s->not_presented);
    s->not_presented = mem_str(err->msg);
    kill_child(s);
}

static void take_records(struct runner *r, struct slot *s)
{
    int rc;

    for (;;) {
        own_record struct record record;

        rc = wire_reader_next(&s->reader, &record);
        if (rc <= 0)
            break;
        job_record(s->job, &record);
        if (record.type == RECORD_BEGIN)
            set_deadline(s, (record.index == 0 ? DOOR_FACTOR : 1) *
                                (unsigned long)r->options->probe_ms);
        else if (record.type == RECORD_ANSWER)
            set_deadline(s, r->options->probe_ms);
        else if (record.type == RECORD_END)
            set_deadline(s, AFTER_END_MS);
    }
    if (rc < 0)
        kill_child(s);
}

/* One chunk; false: there is nothing to read at the moment. */
static bool read_wire(struct runner *r, struct slot *s)
{
    static char chunk[CHUNK];
    ssize_t n;

    if (s->ends.wire < 0)
        return false;
    n = read(s->ends.wire, chunk, sizeof chunk);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return errno == EINTR;
    if (n <= 0) {
        close(steal_fd(&s->ends.wire));
        return false;
    }
    wire_reader_add(&s->reader, chunk, (size_t)n);
    take_records(r, s);
    return s->reader.problem == NULL;
}

static bool read_noise(struct slot *s)
{
    static char chunk[CHUNK];
    ssize_t n;

    if (s->ends.noise < 0)
        return false;
    n = read(s->ends.noise, chunk, sizeof chunk);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return errno == EINTR;
    if (n <= 0) {
        close(steal_fd(&s->ends.noise));
        return false;
    }
    job_noise(s->job, chunk, (size_t)n);
    return true;
}

/* ---- presenting the flag --------------------------------------------------------------------- */

static void hear_presented(struct slot *s)
{
    own_err struct err err = {0};

    /* Not told by the listener: a child that ended has taken it along before its word is read. */
    if (!s->installed) {
        s->installed = present_receive(s->ends.sock, 0, &s->job->group->way, &s->listener,
                                       &err) == 0;
        if (!s->installed)
            give_up(s, &err);
    } else if (present_confirmed(s->ends.sock, &err) < 0) {
        give_up(s, &err);
    } else {
        s->job->group->presented = true;
        close(steal_fd(&s->ends.sock));
    }
    if (err.kind != ERR_NONE)
        close(steal_fd(&s->ends.sock));
}

static void answer_child(struct runner *r, struct slot *s)
{
    struct present_helper *helper = helper_of(r, s);
    own_err struct err err = {0};
    struct pollfd p = {.fd = s->listener, .events = POLLIN};

    for (int i = 0; i < ANSWERS_A_ROUND; i++) {
        int rc = helper->asked ? present_answer_rest(s->listener, s->value, helper, NULL)
                               : present_answer(s->listener, s->value, helper, NULL);

        if (rc != 0) {
            close(steal_fd(&s->listener));
            if (rc < 0 && !kin_ended(s->ends.pid)) {
                err_set(&err, ERR_TOOL, "the supervisor lost its connection to the child, or to "
                                        "the process that follows links for it");
                give_up(s, &err);
            }
            return;
        }
        p.fd = helper->asked ? helper->sock : s->listener;
        if (poll(&p, 1, 0) <= 0)
            return;
    }
}

/* ---- the end --------------------------------------------------------------------------------- */

static enum ending how_ended(const struct slot *s, int status)
{
    if (s->reader.problem != NULL)
        return ENDING_GARBLED;
    if (s->reader.ended)
        return ENDING_DONE;
    if (s->timed_out)
        return ENDING_TIMED_OUT;
    return WIFSIGNALED(status) ? ENDING_KILLED : ENDING_EXITED;
}

/* What it said and did not live to tell. It may have put anything there. */
static char *last_words(const struct slot *s)
{
    own_free char *path = NULL;
    own_fd int fd = -1;
    char text[SAID_MAX];
    ssize_t n;

    if (s->scratch == NULL || s->job->task->said == NULL)
        return NULL;
    path = mem_printf("%s/" CHILD_SAID, s->scratch);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (n <= 0)
        return NULL;
    text[n] = '\0';
    return s->job->task->said(text);
}

/* The child has ended (or cannot be killed): whatever it started goes too, what it wrote before is
 * read, and only then is its number given back. */
static void finish(struct runner *r, struct slot *s)
{
    struct job *job = s->job;
    struct job_end end = {.limit_ms = s->limit_ms};
    own_free char *said = NULL;
    int status = 0;

    kill(-s->ends.pid, SIGKILL);
    note_running(r); /* helpers that came since */
    kin_sweep(&r->known);
    while (read_wire(r, s))
        ;
    for (size_t total = 0; total < 64 && read_noise(s); total++)
        ;
    while (waitpid(s->ends.pid, &status, WNOHANG) < 0 && errno == EINTR)
        ;
    /* Dead by its own end: the last record may be torn. Killed by us, it may have been writing. */
    if (!s->killed && wire_reader_finish(&s->reader) < 0 && WIFSIGNALED(status)) {
        free(s->reader.problem); /* the signal tells more than half a record */
        s->reader.problem = NULL;
    }
    if (s->ends.sock >= 0 && s->not_presented == NULL)
        hear_presented(s); /* the end came before the child's word on it */
    end.ending = how_ended(s, status);
    end.status = status;
    if (end.ending == ENDING_EXITED || end.ending == ENDING_KILLED)
        end.said = said = last_words(s);
    if (s->not_presented != NULL)
        job_not_presented(job, s->not_presented);
    else
        job_child_ended(job, &s->reader, &end);
    clear_slot(r, s);
    note_running(r);
}

static void check_end(struct runner *r, struct slot *s, bool pidfd_ready)
{
    long long now = now_ms();

    if ((s->ends.pidfd < 0 || pidfd_ready) && kin_ended(s->ends.pid)) {
        finish(r, s);
        return;
    }
    if (now < s->deadline)
        return;
    if (s->killed) {
        s->timed_out = true;
        finish(r, s);
        return;
    }
    s->timed_out = true;
    kill_child(s);
}

/* ---- the loop -------------------------------------------------------------------------------- */

enum { POLL_PID, POLL_WIRE, POLL_NOISE, POLL_SOCK, POLL_LISTENER, POLL_MAX };

static int timeout_ms(const struct runner *r)
{
    long long least = -1, now = now_ms();

    for (size_t i = 0; i < r->n_slots; i++) {
        const struct slot *s = &r->slots[i];
        long long left;

        if (s->job == NULL)
            continue;
        left = s->deadline > now ? s->deadline - now : 0;
        if (s->ends.pidfd < 0 && left > NO_PIDFD_MS)
            left = NO_PIDFD_MS;
        if (least < 0 || left < least)
            least = left;
    }
    return (int)(least > 3600000 ? 3600000 : least);
}

static void serve(struct runner *r, struct slot *s, const struct pollfd *p)
{
    /* Answers first: the child waits for them. */
    if (p[POLL_LISTENER].revents != 0 && s->listener >= 0)
        answer_child(r, s);
    if (p[POLL_SOCK].revents != 0 && s->ends.sock >= 0)
        hear_presented(s);
    if (p[POLL_WIRE].revents != 0)
        read_wire(r, s);
    if (p[POLL_NOISE].revents != 0)
        read_noise(s);
    check_end(r, s, p[POLL_PID].revents != 0);
}

static int poll_once(struct runner *r, struct guard *guard, struct err *err)
{
    own_free struct pollfd *fds = mem_zero(r->n_slots * POLL_MAX, sizeof *fds);
    int ms = timeout_ms(r);
    struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    for (size_t i = 0; i < r->n_slots; i++) {
        const struct slot *s = &r->slots[i];
        struct pollfd *p = &fds[i * POLL_MAX];
        const struct present_helper *helper = &r->helpers[i];
        const int each[POLL_MAX] = {s->ends.pidfd, s->ends.wire, s->ends.noise, s->ends.sock,
                                    helper->asked && s->listener >= 0 ? helper->sock : s->listener};

        for (size_t k = 0; k < POLL_MAX; k++)
            p[k] = (struct pollfd){.fd = s->job == NULL ? -1 : each[k], .events = POLLIN};
    }
    if (ppoll(fds, r->n_slots * POLL_MAX, &wait, guard_mask(guard)) < 0 && errno != EINTR)
        return err_errno(err, ERR_TOOL, errno, "cannot wait for the children");
    if (guard_signal(guard) != 0)
        return err_set(err, ERR_TOOL, "interrupted by %s", kin_signal_name(guard_signal(guard)));
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->slots[i].job != NULL)
            serve(r, &r->slots[i], &fds[i * POLL_MAX]);
    return 0;
}

static struct slot *free_slot(struct runner *r)
{
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->slots[i].job == NULL)
            return &r->slots[i];
    return NULL;
}

static bool is_running(const struct runner *r, const struct job *job)
{
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->slots[i].job == job)
            return true;
    return false;
}

static bool any_running(const struct runner *r)
{
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->slots[i].job != NULL)
            return true;
    return false;
}

/* Starts what there is room for: first the rest of jobs whose child has ended, then new ones. */
static int fill(struct runner *r, struct err *err)
{
    for (size_t i = 0; i < r->n; i++) {
        struct job *job = &r->jobs[i];
        struct slot *s = free_slot(r);

        if (s == NULL)
            break;
        if (job->over || is_running(r, job))
            continue;
        if (r->started[i] == 0)
            r->started[i] = now_ms();
        if (start(r, s, job, err) < 0)
            return -1;
    }
    return 0;
}

static void note_over(struct runner *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->jobs[i].over && r->started[i] >= 0 && !is_running(r, &r->jobs[i])) {
            long long since = r->started[i] > 0 ? r->started[i] : now_ms();

            job_finish(&r->jobs[i], (unsigned long)(now_ms() - since));
            r->started[i] = -1;
            r->n_over++;
        }
}

static int loop(struct runner *r, struct guard *guard, struct err *err)
{
    while (r->n_over < r->n) {
        if (fill(r, err) < 0)
            return -1;
        if (any_running(r) && poll_once(r, guard, err) < 0)
            return -1;
        note_over(r);
    }
    return 0;
}

/* After a failure or a signal: nothing is left running. */
static void end_all(struct runner *r)
{
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->slots[i].job != NULL)
            kill_child(&r->slots[i]);
    for (size_t i = 0; i < r->n_slots; i++)
        present_helper_end(&r->helpers[i]);
    r->known.n = r->n_before;
    kin_sweep(&r->known);
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->slots[i].job != NULL)
            clear_slot(r, &r->slots[i]);
}

/* ---- run_all --------------------------------------------------------------------------------- */

static size_t how_many(const struct run_options *options, size_t n)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = options->parallel > 0 ? options->parallel
                                        : 2 * (processors < 1 ? 1 : (size_t)processors);

    return most < n ? most : n;
}

static void init(struct runner *r, const struct run_task *tasks, size_t n,
                 const struct run_options *options, struct group *groups,
                 struct observation *observations)
{
    size_t at = 0;

    *r = (struct runner){.options = options, .n = n, .n_slots = how_many(options, n)};
    r->jobs = mem_zero(n, sizeof *r->jobs);
    r->started = mem_zero(n, sizeof *r->started);
    r->slots = mem_zero(r->n_slots, sizeof *r->slots);
    r->helpers = mem_zero(r->n_slots, sizeof *r->helpers);
    kin_children(&r->known);
    r->n_before = r->known.n;
    r->known.items = mem_grow(r->known.items, r->n_before + 2 * r->n_slots + 1,
                              sizeof *r->known.items);
    for (size_t i = 0; i < r->n_slots; i++)
        r->slots[i].listener = -1;
    for (size_t i = 0; i < n; i++) {
        groups[i] = (struct group){0};
        job_init(&r->jobs[i], &tasks[i], &groups[i], observations + at);
        at += tasks[i].n_probes;
    }
}

static void release(struct runner *r)
{
    for (size_t i = 0; i < r->n; i++)
        job_free(&r->jobs[i]);
    free(r->jobs);
    free(r->started);
    free(r->slots);
    free(r->helpers);
    pids_free(&r->known);
}

int run_all(const struct run_task *tasks, size_t n, const struct run_options *options,
            struct group *groups, struct observation **observations, size_t *n_observations,
            struct err *err)
{
    struct runner r;
    struct guard guard;
    size_t total = 0;
    int rc;

    for (size_t i = 0; i < n; i++)
        total += tasks[i].n_probes;
    *observations = mem_zero(total, sizeof **observations);
    *n_observations = total;
    json_object_seed(0); /* once here, not once in each child */
    init(&r, tasks, n, options, groups, *observations);
    rc = guard_enter(&guard, err);
    if (rc == 0) {
        rc = loop(&r, &guard, err);
        if (rc < 0)
            end_all(&r);
        for (size_t i = 0; i < r.n_slots; i++)
            present_helper_end(&r.helpers[i]);
        r.known.n = r.n_before;
        kin_sweep(&r.known);
    }
    release(&r);
    if (rc < 0) {
        for (size_t i = 0; i < n; i++)
            group_free(&groups[i]);
        for (size_t i = 0; i < total; i++)
            evidence_free(&(*observations)[i].evidence);
        free(steal_ptr(observations));
        *n_observations = 0;
    }
    guard_leave(&guard); /* may not return: a signal that came is delivered now */
    return rc;
}
