/* SPDX-License-Identifier: Apache-2.0
 *
 * error-state.c: what a token still does whose self-tests have failed.
 */
#include "softokn/token.h"

#include "base/own.h"
#include "softokn/constants.h"

#define FIPS_SLOT 3 /* FIPS_SLOT_ID of lib/softoken/pkcs11i.h */
#define ROOM 4096

/* Functions that look at nothing but their arguments before they look at the error state
 * (SFTK_FIPSFATALCHECK, lib/softoken/fipstokn.c), or ask for information alone. */
void token_error_state(struct token *token)
{
    own_free void *room = mem_zero(ROOM, 1);
    CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0};
    CK_ULONG slots = ROOM / sizeof(CK_SLOT_ID), mechanisms = ROOM / sizeof(CK_MECHANISM_TYPE);
    CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
    json_t *state = json_object();
#define ASK(name, ...)                                                                             \
    {                                                                                              \
        own_free char *said = constants_text("CKR_", P11(token, name, __VA_ARGS__));               \
                                                                                                   \
        json_object_set_new(state, "C_" #name, json_string(said));                                 \
    }
    ASK(GetInfo, room)
    ASK(GetSlotList, CK_TRUE, room, &slots)
    ASK(GetTokenInfo, FIPS_SLOT, room)
    ASK(GetMechanismList, FIPS_SLOT, room, &mechanisms)
    ASK(OpenSession, FIPS_SLOT, CKF_SERIAL_SESSION, NULL, NULL, &session)
    ASK(DigestInit, session, &sha256)
    ASK(GenerateRandom, session, room, 16)
#undef ASK
    wire_fact(token->wire, "error_state", state);
}
