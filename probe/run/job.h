/* SPDX-License-Identifier: Apache-2.0
 *
 * job.h: one task while it is being run: what its children told so far, and what becomes of the
 * probes when one of them ends. Touches: memory only.
 */
#ifndef RUN_JOB_H
#define RUN_JOB_H

#include "run/maps.h"
#include "run/run.h"
#include "run/wire-parent.h"

#define NOISE_MAX 4096u /* bytes kept of what the children wrote to stdout and stderr */

struct job {
    const struct run_task *task;
    struct group *group;
    struct observation *observations; /* one for each probe of the task */
    bool *settled;                    /* the same */
    bool *ask;                        /* the same: for the next child */
    bool over;
    unsigned deaths;                  /* children that ended before they were finished */
    struct maps mapped;
    struct buf noise;
    size_t noise_before; /* so much of it is of earlier children */
};

/* group must be zeroed, observations have n_probes rooms; both stay the caller's. */
void job_init(struct job *job, const struct run_task *task, struct group *group,
              struct observation *observations);
void job_free(struct job *job);

/* Takes what is in the record. */
void job_record(struct job *job, struct record *record);
void job_noise(struct job *job, const char *p, size_t len);

/* How a child ended, and what its reader knew. */
struct job_end {
    enum ending ending;
    int status;             /* of waitpid */
    unsigned long limit_ms; /* ENDING_TIMED_OUT: which deadline passed */
    const char *said;       /* its last words; NULL: none */
};
/* Settles what this end settles. over is set when nothing is left to be asked; else ask is what
 * the next child shall be asked. */
void job_child_ended(struct job *job, const struct wire_reader *reader, const struct job_end *end);

/* The flag could not be presented, or no child could be started: nothing is asked. */
void job_not_presented(struct job *job, const char *why);

/* Fills the group from what is here; once, when the job is over. */
void job_finish(struct job *job, unsigned long wall_ms);

#endif
