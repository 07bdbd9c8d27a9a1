/* SPDX-License-Identifier: Apache-2.0
 *
 * rpmheader.h: an rpm header, as it stands in package files and in rpm's database. It is hostile:
 * every offset is checked. Reads memory, touches nothing.
 */
#ifndef MODULE_RPMHEADER_H
#define MODULE_RPMHEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* rpm include/rpm/rpmtag.h */
enum rpm_tag {
    RPM_NAME = 1000,
    RPM_VERSION = 1001,
    RPM_RELEASE = 1002,
    RPM_EPOCH = 1003,
    RPM_ARCH = 1022,
    RPM_DIRINDEXES = 1116,
    RPM_BASENAMES = 1117,
    RPM_DIRNAMES = 1118,
};

struct rpm_header {
    const unsigned char *index, *store;
    size_t n, store_len;
};

/* The header at data (without the magic that it has in a package file); its length in *used. */
bool rpm_header_read(const void *data, size_t len, struct rpm_header *out, size_t *used);
/* The headers of a package file: behind the lead and the signature. */
bool rpm_header_of_package(const void *data, size_t len, struct rpm_header *out);

/* The i-th text or number of a tag; NULL and false where there is none. */
const char *rpm_header_text(const struct rpm_header *header, enum rpm_tag tag, size_t i);
bool rpm_header_number(const struct rpm_header *header, enum rpm_tag tag, size_t i, uint32_t *out);

/* "2:3.90.0-6.el9_2", the epoch only where there is one; cleaned, the caller frees; NULL: none. */
char *rpm_header_version(const struct rpm_header *header);
/* Does the package have the file at path, by that name or its other one in a merged /usr? */
bool rpm_header_owns(const struct rpm_header *header, const char *path);

#endif
