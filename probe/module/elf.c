/* SPDX-License-Identifier: Apache-2.0 */
#include "module/elf.h"

#include "base/mem.h"
#include "base/text.h"

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A library has about ten program headers; more than this is no library of a linker's. */
#define MAX_SEGMENTS 256
#define MAX_BUILD_ID 64
#define MAX_PACKAGE 4096
#define NOTE_PACKAGE 0xcafe1a7e /* systemd's ELF_PACKAGE_METADATA, owner "FDO" */

struct image {
    const unsigned char *data;
    size_t len;
    bool big, wide; /* big-endian, 64 bits */
};

static const struct {
    unsigned machine;
    bool wide;
    int order; /* ELFDATA2LSB, ELFDATA2MSB; 0: either */
    const char *name;
} machines[] = {
    {EM_X86_64, true, 0, "x86_64"},     {EM_AARCH64, true, 0, "aarch64"},
    {EM_386, false, 0, "i686"},         {EM_ARM, false, 0, "armv7l"},
    {EM_PPC64, true, ELFDATA2LSB, "ppc64le"}, {EM_PPC64, true, ELFDATA2MSB, "ppc64"},
    {EM_S390, true, 0, "s390x"},        {EM_RISCV, true, 0, "riscv64"},
    {258, true, 0, "loongarch64"}, /* EM_LOONGARCH, which older headers lack */
};

/* size bytes at `at`, as a number; the caller has checked that they are there. */
static uint64_t number(const struct image *image, size_t at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | image->data[at + (image->big ? i : size - 1 - i)];
    return value;
}

/* False unless [at, at + size) lies in the file. */
static bool inside(const struct image *image, uint64_t at, uint64_t size)
{
    return at <= image->len && size <= image->len - at;
}

static char *machine_name(const struct image *image, unsigned machine)
{
    int order = image->big ? ELFDATA2MSB : ELFDATA2LSB;

    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (machines[i].machine == machine && machines[i].wide == image->wide &&
            (machines[i].order == 0 || machines[i].order == order))
            return mem_str(machines[i].name);
    return mem_printf("ELF machine %u", machine);
}

static void take_note(const struct image *image, uint64_t type, size_t name, size_t name_len,
                      size_t desc, size_t desc_len, struct elf_facts *out)
{
    if (name_len != 4 || desc_len == 0)
        return;
    if (memcmp(image->data + name, "GNU", 4) == 0 && type == NT_GNU_BUILD_ID &&
        out->build_id == NULL && desc_len <= MAX_BUILD_ID)
        out->build_id = text_hex(image->data + desc, desc_len);
    if (memcmp(image->data + name, "FDO", 4) == 0 && type == NOTE_PACKAGE &&
        out->package == NULL && desc_len <= MAX_PACKAGE) {
        const char *text = (const char *)image->data + desc;

        out->package = mem_dup(text, strnlen(text, desc_len));
    }
}

static uint64_t aligned(uint64_t n, uint64_t align)
{
    return (n + align - 1) / align * align;
}

/* The notes of one segment; a broken one ends it. */
static void read_notes(const struct image *image, uint64_t at, uint64_t size, uint64_t align,
                       struct elf_facts *out)
{
    uint64_t end = at + size; /* the caller has checked: inside the file */

    if (align != 8) /* as readelf: everything but 8 means 4 */
        align = 4;
    while (end - at >= 12) {
        uint64_t name_len = number(image, (size_t)at, 4);
        uint64_t desc_len = number(image, (size_t)at + 4, 4);
        uint64_t type = number(image, (size_t)at + 8, 4);
        uint64_t desc = aligned(12 + name_len, align), step = aligned(desc + desc_len, align);

        if (desc + desc_len > end - at)
            return;
        take_note(image, type, (size_t)at + 12, (size_t)name_len, (size_t)(at + desc),
                  (size_t)desc_len, out);
        if (step >= end - at)
            return;
        at += step;
    }
}

static void read_segments(const struct image *image, struct elf_facts *out)
{
    uint64_t table = number(image, image->wide ? 32 : 28, image->wide ? 8 : 4);
    uint64_t each = number(image, image->wide ? 54 : 42, 2);
    uint64_t count = number(image, image->wide ? 56 : 44, 2);

    if (each < (image->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)) || count > MAX_SEGMENTS ||
        !inside(image, table, each * count)) {
        out->problem = mem_str("its program headers do not lie in the file");
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        size_t ph = (size_t)(table + i * each);
        uint64_t offset = image->wide ? number(image, ph + 8, 8) : number(image, ph + 4, 4);
        uint64_t size = image->wide ? number(image, ph + 32, 8) : number(image, ph + 16, 4);
        uint64_t align = image->wide ? number(image, ph + 48, 8) : number(image, ph + 28, 4);

        if (number(image, ph, 4) == PT_NOTE && inside(image, offset, size))
            read_notes(image, offset, size, align, out);
    }
}

void elf_read(const void *data, size_t len, struct elf_facts *out)
{
    struct image image = {.data = data, .len = len};
    int class, order;

    *out = (struct elf_facts){0};
    if (len < EI_NIDENT || memcmp(data, ELFMAG, SELFMAG) != 0) {
        out->problem = mem_str(len == 0 ? "it is empty" : "it is no ELF file");
        return;
    }
    class = image.data[EI_CLASS];
    order = image.data[EI_DATA];
    image.wide = class == ELFCLASS64;
    image.big = order == ELFDATA2MSB;
    if ((class != ELFCLASS32 && class != ELFCLASS64) ||
        (order != ELFDATA2LSB && order != ELFDATA2MSB) ||
        len < (image.wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr))) {
        out->problem = mem_str("its ELF header is damaged");
        return;
    }
    out->machine = machine_name(&image, (unsigned)number(&image, 18, 2));
    read_segments(&image, out);
}

void elf_facts_free(struct elf_facts *facts)
{
    free(facts->problem);
    free(facts->machine);
    free(facts->build_id);
    free(facts->package);
    *facts = (struct elf_facts){0};
}
