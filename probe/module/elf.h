/* SPDX-License-Identifier: Apache-2.0
 *
 * elf.h: what an ELF file says of itself in its header, notes and dynamic section. The file is
 * hostile: every offset is checked against its length. Reads memory, touches nothing.
 */
#ifndef MODULE_ELF_H
#define MODULE_ELF_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

struct elf_facts {
    char *problem;  /* why it is no ELF file, or none that can be read; NULL: it is one */
    char *machine;  /* "x86_64", as uname -m says it; "ELF machine 9" where no name is known */
    char *build_id; /* GNU build id, hexadecimal; NULL: none */
    char *package;  /* the package note (systemd's ELF_PACKAGE_METADATA), JSON; NULL: none */
    char *soname;   /* DT_SONAME; NULL: none */
    char *rpath;    /* DT_RPATH: searched before LD_LIBRARY_PATH, unless there is a runpath */
    char *runpath;  /* DT_RUNPATH: searched behind LD_LIBRARY_PATH */
    struct strings needed; /* DT_NEEDED, in order */
    bool stripped;  /* it has no symbol table (.symtab); means nothing with a problem */
};

void elf_read(const void *data, size_t len, struct elf_facts *out);
void elf_facts_free(struct elf_facts *facts);

#endif
