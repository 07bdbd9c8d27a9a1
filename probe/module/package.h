/* SPDX-License-Identifier: Apache-2.0
 *
 * package.h: NSS's modules inside a package file (.deb, .rpm). The package is hostile. Reads the
 * one file; unpacks into memory, writes and executes nothing.
 */
#ifndef MODULE_PACKAGE_H
#define MODULE_PACKAGE_H

#include "base/err.h"
#include "model/result.h"

struct package {
    char *name, *version; /* as the package says; cleaned */
    char *arch;           /* as the package says: "amd64", "x86_64" */
    char *sha256;         /* of the package file */
    struct { struct module_file *items; size_t n; } modules; /* path: inside the package */
};

int package_read(const char *path, struct package *out, struct err *err) must_check;
void package_free(struct package *package);
#define own_package __attribute__((cleanup(package_free)))

#endif
