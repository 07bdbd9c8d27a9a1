/* SPDX-License-Identifier: Apache-2.0
 *
 * mechanisms.h: a token's list of mechanisms in words. Touches the token only.
 */
#ifndef SOFTOKN_MECHANISMS_H
#define SOFTOKN_MECHANISMS_H

#include <jansson.h>
#include <pkcs11.h>

/* The names alone, in the list's order; what has none in hexadecimal. */
json_t *mechanisms_names(const CK_MECHANISM_TYPE *list, size_t n);
/* One object for each: "name", "number" in hexadecimal, and where the token tells them "min", "max"
 * (in the token's own unit, which differs by mechanism) and "flags". */
json_t *mechanisms_describe(CK_C_GetMechanismInfo get, CK_SLOT_ID slot,
                            const CK_MECHANISM_TYPE *list, size_t n);

#endif
