/* SPDX-License-Identifier: Apache-2.0
 *
 * chk-made.h: a library and its check files, made by the tests: the two formats of .chk.
 */
#ifndef TESTS_CHK_MADE_H
#define TESTS_CHK_MADE_H

#include "base/buf.h"

#define LIBRARY_LEN 300

extern unsigned char library[LIBRARY_LEN]; /* after fill_library */

void fill_library(void);

/* Add the .chk of library: an HMAC-SHA-256 with a key of key_len bytes, or a DSA signature. */
void hmac_chk(struct buf *chk, size_t key_len);
void dsa_chk(struct buf *chk);

/* Parts of one. */
void put_header(struct buf *b, unsigned char major, unsigned char minor, size_t type);
void put_item(struct buf *b, const void *data, size_t len);

#endif
