/* SPDX-License-Identifier: Apache-2.0
 *
 * judge.h: makes outcomes of evidence, dependences of outcomes, findings of both, and a summary.
 * Pure functions on the report: no files, no processes, no output.
 */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "model/result.h"

/* classify.c: the outcome of one observation. control: of its group. */
enum outcome judge_classify(const struct observation *observation, enum control control);

/* dependence.c: fills report->dependences from observations, groups and host.flag. */
void judge_dependence(struct report *report);
/* How the reason of a row begins that was undetermined because presenting changed something that
 * it must not change. */
#define JUDGE_UNFAITHFUL "presenting is not faithful here: "

/* diagnose.c: fills report->findings. Every id that it can find is in diagnoses (a unit test
 * proves it). */
void judge_diagnose(struct report *report, const struct diagnoses *diagnoses);
/* module_file.problem of a library that is absent although others of the same NSS stand where it
 * should (whoever fills the modules adds a row for it): "library-missing", a failure. */
#define JUDGE_NO_SUCH_FILE "no such file"
/* The ids that it can find, one by one; NULL behind the last. */
const char *judge_finds(size_t n);

/* primary.c: what it means that this provider is the first of a JDK's list. Never NULL. */
struct primary {
    const char *name; /* a provider's name, or the beginning of one where it ends in '*' */
    enum primary_kind {
        PRIMARY_NSS_FIPS, /* NSS's FIPS token, under one of its vendors' names */
        PRIMARY_STOCK,    /* the JDK's own Java code */
        PRIMARY_OTHER,    /* another module than NSS: nothing here judges it */
    } kind;
    const char *meaning;
};
const struct primary *judge_primary(const char *provider);

/* join.c: the observation at softokn-fips whose indicator is that of what Java did here: the same
 * mechanism, context and files, and a control that works. NULL: nothing is certain. The outcome of
 * the observation stays "works". */
const struct observation *judge_joined(const struct report *report,
                                       const struct observation *observation);

/* summary.c: fills report->summary. */
void judge_summary(struct report *report);

/* 0, or 2 when a finding is a failure on any host. */
int judge_exit_status(const struct report *report);

#endif
