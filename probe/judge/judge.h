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

/* diagnose.c: fills report->findings. Every id that it can find is in diagnoses (a unit test
 * proves it). */
void judge_diagnose(struct report *report, const struct diagnoses *diagnoses);

/* summary.c: fills report->summary. */
void judge_summary(struct report *report);

/* 0, or 2 when a finding is a failure on any host. */
int judge_exit_status(const struct report *report);

#endif
