/* SPDX-License-Identifier: Apache-2.0
 *
 * chk.h: NSS's own check file of a library (libsoftokn3.chk beside libsoftokn3.so), verified as
 * NSS does at its power-up (NSS lib/freebl/shvfy.c and shsign.h), but stricter: only the forms
 * that NSS's shlibsign writes are taken, and nothing may stand behind them. Reads memory, touches
 * nothing.
 */
#ifndef MODULE_CHK_H
#define MODULE_CHK_H

#include "model/result.h"

#include <stddef.h>

#define CHK_MAX_BYTES 65536

struct chk_answer {
    enum chk_state state; /* CHK_VERIFIED, CHK_MISMATCH or CHK_MALFORMED */
    char *format;         /* "2.1 HMAC-SHA-256"; NULL: not known */
    char *detail;         /* what is wrong; NULL when verified */
};

void chk_verify(const void *chk, size_t chk_len, const void *lib, size_t lib_len,
                struct chk_answer *out);
void chk_answer_free(struct chk_answer *answer);

#endif
