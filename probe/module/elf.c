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
#define MAX_DYNAMIC 512
#define MAX_NEEDED 64
#define MAX_NAME 4096
#define MAX_SECTIONS 4096
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

/* ---- the dynamic section ----------------------------------------------------------------------- */

struct segment {
    uint64_t type, offset, address, size, align;
};

static struct segment segment_at(const struct image *image, size_t at)
{
    struct segment s = {.type = number(image, at, 4)};

    s.offset = image->wide ? number(image, at + 8, 8) : number(image, at + 4, 4);
    s.address = image->wide ? number(image, at + 16, 8) : number(image, at + 8, 4);
    s.size = image->wide ? number(image, at + 32, 8) : number(image, at + 16, 4);
    s.align = image->wide ? number(image, at + 48, 8) : number(image, at + 28, 4);
    return s;
}

struct segments {
    size_t table, each, count;
};

/* The program headers; false where they do not lie in the file. */
static bool find_segments(const struct image *image, struct segments *out)
{
    uint64_t table = number(image, image->wide ? 32 : 28, image->wide ? 8 : 4);
    uint64_t each = number(image, image->wide ? 54 : 42, 2);
    uint64_t count = number(image, image->wide ? 56 : 44, 2);

    if (each < (image->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)) || count > MAX_SEGMENTS ||
        !inside(image, table, each * count))
        return false;
    *out = (struct segments){(size_t)table, (size_t)each, (size_t)count};
    return true;
}

/* Where in the file the loader would have address; false: in no segment of it. */
static bool offset_of(const struct image *image, const struct segments *segments, uint64_t address,
                      uint64_t *offset, uint64_t *left)
{
    for (size_t i = 0; i < segments->count; i++) {
        struct segment s = segment_at(image, segments->table + i * segments->each);

        if (s.type != PT_LOAD || !inside(image, s.offset, s.size) || address < s.address ||
            address - s.address >= s.size)
            continue;
        *offset = s.offset + (address - s.address);
        *left = s.size - (address - s.address);
        return true;
    }
    return false;
}

/* The text at `at` of the string table; NULL where it has no end in it. */
static char *text_in(const struct image *image, uint64_t table, uint64_t size, uint64_t at)
{
    const char *text;
    size_t room, len;

    if (at >= size)
        return NULL;
    text = (const char *)image->data + table + at;
    room = (size_t)(size - at);
    len = strnlen(text, room < MAX_NAME ? room : MAX_NAME);
    return len == room || len == MAX_NAME ? NULL : text_clean(text, len);
}

static void take_name(char **out, char *text)
{
    if (*out == NULL)
        *out = text;
    else
        free(text);
}

static void take_dynamic(uint64_t tag, char *text, struct elf_facts *out)
{
    if (text == NULL)
        return;
    switch (tag) {
    case DT_SONAME:
        take_name(&out->soname, text);
        return;
    case DT_RPATH:
        take_name(&out->rpath, text);
        return;
    case DT_RUNPATH:
        take_name(&out->runpath, text);
        return;
    case DT_NEEDED:
        if (out->needed.n < MAX_NEEDED)
            strings_add(&out->needed, text);
    }
    free(text);
}

/* Twice over the entries: the string table first, which may be named behind what needs it. */
static void read_dynamic(const struct image *image, const struct segments *segments, uint64_t at,
                         uint64_t size, struct elf_facts *out)
{
    size_t word = image->wide ? 8 : 4;
    uint64_t count = size / (2 * word), address = 0, length = 0, table, left;

    if (count > MAX_DYNAMIC)
        count = MAX_DYNAMIC;
    for (uint64_t i = 0; i < count; i++) {
        size_t entry = (size_t)(at + i * 2 * word);
        uint64_t tag = number(image, entry, word), value = number(image, entry + word, word);

        if (tag == DT_NULL)
            count = i;
        else if (tag == DT_STRTAB)
            address = value;
        else if (tag == DT_STRSZ)
            length = value;
    }
    if (!offset_of(image, segments, address, &table, &left))
        return;
    if (length > left)
        length = left;
    for (uint64_t i = 0; i < count; i++) {
        size_t entry = (size_t)(at + i * 2 * word);
        uint64_t tag = number(image, entry, word);

        if (tag == DT_SONAME || tag == DT_NEEDED || tag == DT_RPATH || tag == DT_RUNPATH)
            take_dynamic(tag, text_in(image, table, length, number(image, entry + word, word)),
                         out);
    }
}

static void read_segments(const struct image *image, struct elf_facts *out)
{
    struct segments segments;

    if (!find_segments(image, &segments)) {
        out->problem = mem_str("its program headers do not lie in the file");
        return;
    }
    for (size_t i = 0; i < segments.count; i++) {
        struct segment s = segment_at(image, segments.table + i * segments.each);

        if (!inside(image, s.offset, s.size))
            continue;
        if (s.type == PT_NOTE)
            read_notes(image, s.offset, s.size, s.align, out);
        else if (s.type == PT_DYNAMIC)
            read_dynamic(image, &segments, s.offset, s.size, out);
    }
}

/* strip takes .symtab away; .dynsym, which the loader needs, stays. */
static bool has_symbol_table(const struct image *image)
{
    uint64_t table = number(image, image->wide ? 40 : 32, image->wide ? 8 : 4);
    uint64_t each = number(image, image->wide ? 58 : 46, 2);
    uint64_t count = number(image, image->wide ? 60 : 48, 2);

    if (each < (image->wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) || count > MAX_SECTIONS ||
        !inside(image, table, each * count))
        return false;
    for (uint64_t i = 0; i < count; i++)
        if (number(image, (size_t)(table + i * each) + 4, 4) == SHT_SYMTAB)
            return true;
    return false;
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
    out->stripped = !has_symbol_table(&image);
}

void elf_facts_free(struct elf_facts *facts)
{
    free(facts->problem);
    free(facts->machine);
    free(facts->build_id);
    free(facts->package);
    free(facts->soname);
    free(facts->rpath);
    free(facts->runpath);
    strings_free(&facts->needed);
    *facts = (struct elf_facts){0};
}
