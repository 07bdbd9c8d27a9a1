/* SPDX-License-Identifier: Apache-2.0
 *
 * A table of known builds: YAML, and what stands in it.
 */
#include "fuzz.h"

#include "module/module.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct builds builds = {0};
    struct strings faults = {0};
    struct err err = {0};
    size_t rows;
    int rc = builds_load("fuzz.yaml", (const char *)data, size, &builds, &err);

    if ((rc == 0) != (err.kind == ERR_NONE))
        abort();
    builds_faults("fuzz.yaml", (const char *)data, size, &rows, &faults);
    if (rc != 0 && faults.n == 0)
        abort();
    builds_free(&builds);
    strings_free(&faults);
    err_free(&err);
    return 0;
}
