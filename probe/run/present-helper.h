/* SPDX-License-Identifier: Apache-2.0
 *
 * present-helper.h: a process that follows paths (present-path.h) for a supervisor that must not
 * wait for a file system. Forks; it touches what present_path_follow does, and ends with its
 * parent.
 */
#ifndef RUN_PRESENT_HELPER_H
#define RUN_PRESENT_HELPER_H

#include "run/present-path.h"
#include "run/present-table.h"

#include <sys/types.h>

/* A stopped call that means, or may mean, the flag. */
struct present_question {
    uint64_t id;
    pid_t pid;
    uint32_t arch;
    uint64_t args[6];
    const struct present_call *call;
    uint64_t flags; /* O_ or AT_ */
    int mode;
};

struct present_helper {
    pid_t pid; /* 0: there is none yet */
    int sock;
    bool asked; /* the answer, which is still to come, is that to question */
    struct present_question question;
};

/* Starts the process where there is none, and asks it. 0, or -1 when it cannot be had. */
int present_helper_ask(struct present_helper *helper, const struct path_query *query,
                       const struct present_question *question) must_check;
/* Once sock is readable: the answer. 0, or -1 when the process is gone. */
int present_helper_hear(struct present_helper *helper, bool *is_flag) must_check;
/* Ends it; the next question starts another. */
void present_helper_end(struct present_helper *helper);

#endif
