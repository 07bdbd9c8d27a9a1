/* SPDX-License-Identifier: Apache-2.0
 *
 * survey.h: one complete look at a host: facts, groups of probes in their contexts, module files,
 * judgement. Wires the rooms together; what each does is in its own header.
 */
#ifndef SURVEY_H
#define SURVEY_H

#include "model/result.h"
#include "module/module.h"

struct survey_options {
    const struct builds *builds; /* known ones */
    const char *nss_dir;        /* NULL: as the loader finds it */
    struct strings java_homes;  /* empty: search */
    bool first_jdk;             /* of a search, only the first that can be asked */
    bool all_jdks;              /* a search too where java_homes are named */
    bool nss, java;             /* which doors */
    bool contexts[CONTEXT_MAX]; /* as-is always is among them */
    struct strings only;        /* patterns of probe ids; empty: all */
    unsigned timeout_s;         /* deadline of one probe */
};

/* err is set when the tool failed (or no probe matches); the report must be freed in any case. */
int survey(const struct survey_options *options, const struct catalogue *catalogue,
           const struct diagnoses *diagnoses, char *const *env, struct report *out,
           struct err *err) must_check;

#endif
