/* SPDX-License-Identifier: Apache-2.0
 *
 * evidence.h: fills the evidence of one probe. All return false, so that a probe ends with
 * `return evidence_...`. Touches nothing.
 */
#ifndef SOFTOKN_EVIDENCE_H
#define SOFTOKN_EVIDENCE_H

#include "model/result.h"

/* A step failed, with a code and a sentence (NULL: none). */
bool evidence_fail(struct evidence *evidence, const char *step, const char *code,
                   const char *detail);
/* A PKCS#11 call returned rv. */
bool evidence_rv(struct evidence *evidence, const char *step, unsigned long rv);
/* A step succeeded and what it gave is wrong. */
bool evidence_wrong(struct evidence *evidence, const char *step, const char *detail);
/* Forgets a failure that is none of the probe's: RESULT_FAILED without a step, until it is done. */
void evidence_clear(struct evidence *evidence);
/* Adds a sentence. */
void evidence_detail(struct evidence *evidence, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
