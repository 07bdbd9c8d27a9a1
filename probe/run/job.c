/* SPDX-License-Identifier: Apache-2.0 */
#include "run/job.h"

#include "base/own.h"
#include "base/text.h"
#include "run/kin.h"

#include <string.h>
#include <sys/wait.h>

/* Each child that dies settles at least one probe; a module that kills all of them costs no more
 * than so many starts and deadlines. */
#define MAX_DEATHS 16u
#define LINE_MAX_SHOWN 200u /* bytes of a child's last line */

void job_init(struct job *job, const struct run_task *task, struct group *group,
              struct observation *observations)
{
    *job = (struct job){.task = task, .group = group, .observations = observations};
    job->settled = mem_zero(task->n_probes, sizeof *job->settled);
    job->ask = mem_zero(task->n_probes, sizeof *job->ask);
    group->door = task->door;
    group->context = task->context;
    group->jdk = task->jdk;
    group->control = CONTROL_NO_INTERFACE;
    group->facts = json_object();
    job->over = task->n_probes == 0;
    for (size_t i = 0; i < task->n_probes; i++) {
        observations[i] = (struct observation){
            .probe = task->probes[i], .door = task->door, .context = task->context,
            .jdk = task->jdk, .outcome = OUTCOME_NOT_RUN};
        observations[i].evidence.result = RESULT_NOT_RUN;
        job->ask[i] = true;
    }
}

void job_free(struct job *job)
{
    free(job->settled);
    free(job->ask);
    maps_free(&job->mapped);
    buf_free(&job->noise);
}

/* ---- settling -------------------------------------------------------------------------------- */

static void settle(struct job *job, size_t index, enum result result, const char *step,
                   const char *code, const char *detail)
{
    struct evidence *e = &job->observations[index].evidence;

    if (job->settled[index])
        return;
    job->settled[index] = true;
    job->ask[index] = index == 0;
    evidence_free(e);
    e->result = result;
    e->step = mem_str(step);
    e->code = mem_str(code);
    e->detail = mem_str(detail);
}

static void settle_rest(struct job *job, const char *why)
{
    for (size_t i = 0; i < job->task->n_probes; i++)
        settle(job, i, RESULT_NOT_RUN, NULL, NULL, why);
    job->over = true;
}

/* "did not open" the first time, "did not open again" where it did before. */
static void close_door(struct job *job, const char *again, const struct evidence *e)
{
    own_buf struct buf why = {0};

    buf_printf(&why, "the door did not open%s: ", again);
    if (e->code != NULL && e->result != RESULT_CRASHED) /* a signal's name is in the detail */
        buf_printf(&why, "%s%s", e->code, e->detail == NULL ? "" : ": ");
    if (e->detail != NULL)
        buf_puts(&why, e->detail);
    else if (e->code == NULL)
        buf_puts(&why, e->step != NULL ? e->step : result_text(e->result));
    settle_rest(job, why.data);
}

static void take_answer(struct job *job, struct record *r)
{
    bool first = !job->settled[r->index];

    if (first) {
        struct evidence *e = &job->observations[r->index].evidence;

        evidence_free(e);
        *e = r->evidence;
        r->evidence = (struct evidence){0};
        job->settled[r->index] = true;
        job->ask[r->index] = r->index == 0;
    }
    if (r->index != 0)
        return;
    if (first && job->observations[0].evidence.result != RESULT_DONE)
        close_door(job, "", &job->observations[0].evidence);
    else if (!first && r->evidence.result != RESULT_DONE)
        close_door(job, " again", &r->evidence);
}

void job_record(struct job *job, struct record *r)
{
    switch (r->type) {
    case RECORD_ANSWER:
        if (!job->over) /* behind a door that did not open nothing can be right */
            take_answer(job, r);
        break;
    case RECORD_FACT:
        json_object_set(job->group->facts, r->text, r->value);
        break;
    case RECORD_CONTROL:
        job->group->control = r->control;
        break;
    case RECORD_MAPPED:
        maps_add(&job->mapped, r->mapped.path, r->mapped.dev, r->mapped.ino, r->mapped.deleted);
        break;
    case RECORD_BEGIN:
    case RECORD_STEP:
    case RECORD_AGAIN:
    case RECORD_END:
    case RECORD_MAX:
        break;
    }
}

void job_noise(struct job *job, const char *p, size_t len)
{
    size_t room = NOISE_MAX - job->noise.len;

    buf_add(&job->noise, p, len < room ? len : room);
}

/* ---- the end of a child ---------------------------------------------------------------------- */

/* The last line that a child wrote before it died: libc, the loader and a VM say there why they give
 * up. What qemu adds when it emulates another architecture says no more than the signal
 * (linux-user/signal.c). NULL: it wrote nothing. */
static char *last_line(const struct job *job)
{
    static const char emulator[] = "qemu: uncaught target signal ";
    size_t len = job->noise.len - job->noise_before; /* up to the end of the line */
    const char *from, *start;

    if (len == 0 || job->noise.len == NOISE_MAX)
        return NULL; /* nothing, or the last is not there */
    from = job->noise.data + job->noise_before;
    for (;; len = (size_t)(start - from)) {
        while (len > 0 && (from[len - 1] == '\n' || from[len - 1] == '\r' || from[len - 1] == ' '))
            len--;
        start = memrchr(from, '\n', len);
        start = start == NULL ? from : start + 1;
        if (start == from + len || strncmp(start, emulator, sizeof emulator - 1) != 0)
            break;
    }
    len -= (size_t)(start - from);
    return len == 0 ? NULL
                    : text_clean(start, len < LINE_MAX_SHOWN ? len : LINE_MAX_SHOWN);
}

static char *describe(const struct job *job, const struct wire_reader *reader,
                      const struct job_end *end)
{
    own_buf struct buf out = {0};

    switch (end->ending) {
    case ENDING_TIMED_OUT:
        buf_printf(&out, "no answer within %lu.%03lu", end->limit_ms / 1000, end->limit_ms % 1000);
        while (out.data[out.len - 1] == '0')
            out.data[--out.len] = '\0';
        if (out.data[out.len - 1] == '.')
            out.data[--out.len] = '\0';
        buf_puts(&out, " s");
        break;
    case ENDING_GARBLED:
        buf_printf(&out, "what the child wrote was not of the agreed form: %s", reader->problem);
        break;
    case ENDING_KILLED:
        buf_puts(&out, kin_signal_name(WTERMSIG(end->status)));
        break;
    case ENDING_EXITED:
        buf_printf(&out, "left with status %d before it was finished", WEXITSTATUS(end->status));
        break;
    case ENDING_DONE:
    case ENDING_NOT_STARTED:
    case ENDING_MAX:
        return NULL;
    }
    if (reader->step != NULL)
        buf_printf(&out, " in %s", reader->step);
    if (end->said != NULL) {
        own_free char *clean = text_clean(end->said, strlen(end->said));

        buf_printf(&out, ": %s", clean);
    } else if (end->ending == ENDING_KILLED || end->ending == ENDING_EXITED) {
        own_free char *line = last_line(job);

        if (line != NULL)
            buf_printf(&out, "; the last that it wrote: %s", line);
    }
    return buf_steal(&out);
}

/* The probe that this death is charged to, or NO_PROBE: that which had been begun; in a child that
 * settled nothing the first that it was to be asked, so that each child brings the job on. */
static size_t culprit(const struct job *job, const struct wire_reader *reader)
{
    if (reader->begun != NO_PROBE)
        return reader->begun;
    if (!reader->answered[0])
        return 0;
    if (reader->n_answered > 1)
        return NO_PROBE;
    for (size_t i = 1; i < job->task->n_probes; i++)
        if (!job->settled[i])
            return i;
    return NO_PROBE;
}

static void charge(struct job *job, const struct wire_reader *reader, const struct job_end *end)
{
    const char *code = NULL, *detail = job->group->ending_detail;
    struct evidence e = {.result = RESULT_CRASHED};
    size_t index = culprit(job, reader);

    if (end->ending == ENDING_TIMED_OUT)
        e.result = RESULT_TIMED_OUT;
    else if (end->ending == ENDING_KILLED)
        code = kin_signal_name(WTERMSIG(end->status));
    if (index == NO_PROBE)
        return;
    if (index == 0 && job->settled[0]) { /* it had opened for an earlier child */
        e.detail = job->group->ending_detail;
        close_door(job, " again", &e);
        return;
    }
    if (index == 0 && end->ending == ENDING_EXITED && end->said != NULL) {
        e.result = RESULT_FAILED; /* it left by itself, and said why: it could not start */
        code = "exit";
    }
    settle(job, index, e.result, reader->step, code, detail);
    if (index == 0)
        close_door(job, "", &job->observations[0].evidence);
}

static bool all_settled(const struct job *job)
{
    for (size_t i = 0; i < job->task->n_probes; i++)
        if (!job->settled[i])
            return false;
    return true;
}

void job_child_ended(struct job *job, const struct wire_reader *reader, const struct job_end *end)
{
    struct group *g = job->group;

    g->ending = end->ending;
    free(g->ending_detail);
    g->ending_detail = describe(job, reader, end);
    job->noise_before = job->noise.len;
    if (end->ending != ENDING_DONE) {
        job->deaths++;
        if (!job->over)
            charge(job, reader, end);
    }
    if (all_settled(job))
        job->over = true;
    if (job->over)
        return;
    if (end->ending == ENDING_DONE && !reader->again) {
        settle_rest(job, "the child was finished without asking it");
    } else if (end->ending == ENDING_DONE && reader->n_answered < 2) {
        settle_rest(job, "a fresh child was asked for that had nothing to begin with");
    } else if (job->deaths >= MAX_DEATHS) {
        own_free char *why = mem_printf("%u children of this group ended early, the last one: %s",
                                        job->deaths, g->ending_detail);

        settle_rest(job, why);
    }
}

void job_not_presented(struct job *job, const char *why)
{
    own_free char *detail = mem_printf("the kernel's flag could not be presented: %s", why);
    struct group *g = job->group;

    g->presented = false;
    g->way = WAY_NONE;
    free(g->not_presented);
    g->not_presented = mem_str(why);
    g->ending = ENDING_NOT_STARTED;
    free(g->ending_detail);
    g->ending_detail = mem_str(detail);
    settle_rest(job, detail);
}

void job_finish(struct job *job, unsigned long wall_ms)
{
    struct group *g = job->group;

    g->wall_ms = wall_ms;
    g->mapped.items = job->mapped.items;
    g->mapped.n = job->mapped.n;
    job->mapped = (struct maps){0};
    if (job->noise.len > 0) {
        own_free char *clean = text_clean(job->noise.data, job->noise.len);

        json_object_set_new(g->facts, "noise", json_string(clean));
    }
}
