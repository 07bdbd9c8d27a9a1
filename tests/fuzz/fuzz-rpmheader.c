/* SPDX-License-Identifier: Apache-2.0
 *
 * An rpm header, of a database or of a package file.
 */
#include "fuzz.h"

#include "module/rpmheader.h"

#include <stdlib.h>

static void use(const struct rpm_header *h)
{
    free(rpm_header_version(h));
    rpm_header_owns(h, "/usr/lib64/libsoftokn3.so");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpm_header h;
    size_t used;

    if (rpm_header_read(data, size, &h, &used)) {
        if (used > size)
            abort();
        use(&h);
    }
    if (rpm_header_of_package(data, size, &h))
        use(&h);
    return 0;
}
