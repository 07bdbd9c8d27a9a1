/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/evidence.h"

#include "base/own.h"
#include "softokn/constants.h"

#include <stdarg.h>

bool evidence_fail(struct evidence *evidence, const char *step, const char *code,
                   const char *detail)
{
    free(evidence->step);
    free(evidence->code);
    evidence->result = RESULT_FAILED;
    evidence->step = mem_str(step);
    evidence->code = mem_str(code);
    if (detail != NULL)
        evidence_detail(evidence, "%s", detail);
    return false;
}

bool evidence_rv(struct evidence *evidence, const char *step, unsigned long rv)
{
    own_free char *code = constants_text("CKR_", rv);

    return evidence_fail(evidence, step, code, NULL);
}

bool evidence_wrong(struct evidence *evidence, const char *step, const char *detail)
{
    free(evidence->step);
    free(evidence->code);
    evidence->result = RESULT_WRONG;
    evidence->step = mem_str(step);
    evidence->code = NULL;
    evidence_detail(evidence, "%s", detail);
    return false;
}

void evidence_clear(struct evidence *evidence)
{
    free(evidence->step);
    free(evidence->code);
    evidence->step = evidence->code = NULL;
    evidence->result = RESULT_FAILED;
}

void evidence_detail(struct evidence *evidence, const char *fmt, ...)
{
    own_free char *old = evidence->detail, *more = NULL;
    va_list ap;

    va_start(ap, fmt);
    more = mem_vprintf(fmt, ap);
    va_end(ap);
    evidence->detail = old == NULL ? steal_ptr(&more) : mem_printf("%s; %s", old, more);
}
