/* SPDX-License-Identifier: Apache-2.0
 *
 * validation.h: what a token says of its validations: NSS's validation object, and the objects and
 * flags of PKCS#11 3.2, which tell of an operation and of a key whether they were consistent with
 * a validation. Touches the token only.
 */
#ifndef SOFTOKN_VALIDATION_H
#define SOFTOKN_VALIDATION_H

#include "softokn/token.h"

/* PKCS#11 3.2 adds functions behind those of 3.0; the sixth but one is this (pkcs11f.h of 3.2,
 * which NSS has in 3.132 and not in 3.110). list: a function list of that version or later. */
validation_flags_fn *validation_function(const void *list);

/* Tells the facts "validations" and "module_id", and learns which flags mean a validation. */
void validation_describe(struct token *token);

/* What the flags say after an operation of the session, and of an object; INDICATOR_NONE where the
 * module has no such function or names no validation that a flag could stand for. */
enum indicator validation_of_session(struct token *token, CK_SESSION_HANDLE session);
enum indicator validation_of_object(struct token *token, CK_SESSION_HANDLE session,
                                    CK_OBJECT_HANDLE object);

#endif
