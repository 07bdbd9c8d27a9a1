/* SPDX-License-Identifier: Apache-2.0
 *
 * A check file. What verifies must be one that was made for the library: its bytes decide, and with
 * a library of another byte it must not verify.
 */
#include "fuzz.h"

#include "module/chk.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char library[] = "the library", changed[] = "the librarz";
    struct chk_answer answer, other;

    chk_verify(data, size, library, sizeof library, &answer);
    chk_verify(data, size, changed, sizeof changed, &other);
    if ((answer.state == CHK_VERIFIED) != (answer.detail == NULL) ||
        (answer.state == CHK_VERIFIED && other.state == CHK_VERIFIED))
        abort();
    chk_answer_free(&answer);
    chk_answer_free(&other);
    return 0;
}
