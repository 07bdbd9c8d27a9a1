/* SPDX-License-Identifier: Apache-2.0
 *
 * sample.h: reports made by hand for the tests of judge and report. Nothing in them is measured.
 */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include "judge/judge.h"
#include "judge/look.h"

struct sample {
    struct catalogue catalogue;
    struct diagnoses diagnoses; /* the project's own */
    struct report report;
};

#define AS_IS (1u << CONTEXT_AS_IS)
#define OFF (1u << CONTEXT_KERNEL_OFF)
#define ON (1u << CONTEXT_KERNEL_ON)
#define ENV (1u << CONTEXT_ENV_NSS_FIPS)
#define NO_ENV (1u << CONTEXT_ENV_NONE)
#define OPTIONS (1u << CONTEXT_JVM_OPTIONS)
#define ALL (AS_IS | OFF | ON | ENV) /* of a host where NSS_FIPS is not set */

void sample_init(struct sample *sample);
void sample_free(struct sample *sample);

/* One group per context of the mask, with the same answers. rows: one line each,
 *     PROBE RESULT [listed=W] [check=W] [indicator=W] [key=W] [validation=W]
 *                  [key-validation=W] [step=S] [code=S] [detail=S] [provider=S] [answer=S]
 * where RESULT and the W are the words of words.h, and a '~' in an S is a blank. */
void sample_door(struct sample *sample, enum door door, int jdk, unsigned contexts,
                 enum control control, const char *rows);
/* A fact of these groups, as JSON text. */
void sample_fact(struct sample *sample, enum door door, int jdk, unsigned contexts,
                 const char *key, const char *json);
struct module_file *sample_module(struct sample *sample, const char *dir, const char *name,
                                  const char *version, enum chk_state chk);
struct jdk *sample_jdk(struct sample *sample, const char *home, const char *version,
                       const char *fips_support);
/* Classifies, compares, diagnoses, sums up. */
void sample_judge(struct sample *sample);

const struct finding *sample_finding(const struct sample *sample, const char *id);

/* Whole reports; sample_reports is closed by a NULL name. */
struct sample_report {
    const char *name;
    void (*make)(struct sample *sample);
};
extern const struct sample_report sample_reports[];

#endif
