/* SPDX-License-Identifier: Apache-2.0
 *
 * An ELF file, and all that is read out of a library's bytes.
 */
#include "fuzz.h"

#include "module/elf.h"
#include "module/module.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct elf_facts facts;
    struct module_file file;
    struct buf bytes = {0};

    elf_read(data, size, &facts);
    elf_facts_free(&facts);
    buf_add(&bytes, data, size);
    if (bytes.data == NULL)
        buf_puts(&bytes, "");
    module_read("/usr/lib64/libsoftokn3.so", &bytes, &file);
    module_file_free(&file);
    buf_free(&bytes);
    return 0;
}
