/* SPDX-License-Identifier: Apache-2.0
 *
 * faults.h: what the children of check_runner do wrong.
 */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include "run/run.h"

#include <sys/types.h>

/* Where children write the number of the process that they left behind. */
extern char fault_pid_file[256];

/* For run_task.ask. The last two call the function that arg points to: before anything else, or
 * while probe 2 is being asked. */
void ask_well(const struct child *c, struct wire *w);
void ask_but(const struct child *c, struct wire *w);
void ask_after(const struct child *c, struct wire *w);

void fault_answer(struct wire *w, size_t i, enum result result, char *code);
void fault_sleep_ms(long ms);
void fault_segv(struct wire *w);
void fault_abort(struct wire *w);
void fault_last_words(struct wire *w);
void fault_emulated(struct wire *w);
void fault_emulated_alone(struct wire *w);
void fault_kill(struct wire *w);
void fault_hang(struct wire *w);
void fault_hang_deaf(struct wire *w);
void fault_stop(struct wire *w);
void fault_exit(struct wire *w);
void fault_torn(struct wire *w);
void fault_garbage(struct wire *w);
void fault_zeros(struct wire *w);
void fault_long_line(struct wire *w);
void fault_flood(struct wire *w);
void fault_other_answer(struct wire *w);
void fault_twice(struct wire *w);
void fault_noise_flood(struct wire *w);
void fault_noise(struct wire *w);
void fault_read_input(struct wire *w);
void fault_close_wire(struct wire *w);
void fault_replace_wire(struct wire *w);
void fault_note_pid(pid_t pid);
void fault_leave_child(struct wire *w);
void fault_daemon(struct wire *w);

#endif
