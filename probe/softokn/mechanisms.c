/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/mechanisms.h"

#include "base/mem.h"
#include "base/own.h"
#include "softokn/constants.h"

/* What the flags of CK_MECHANISM_INFO mean (PKCS#11 3.0, pkcs11t.h), in their order there. */
static const struct {
    CK_FLAGS flag;
    const char *word;
} mechanism_flags[] = {
    {CKF_HW, "hardware"},
    {CKF_MESSAGE_ENCRYPT, "message-encrypt"},
    {CKF_MESSAGE_DECRYPT, "message-decrypt"},
    {CKF_ENCRYPT, "encrypt"},
    {CKF_DECRYPT, "decrypt"},
    {CKF_DIGEST, "digest"},
    {CKF_SIGN, "sign"},
    {CKF_SIGN_RECOVER, "sign-recover"},
    {CKF_VERIFY, "verify"},
    {CKF_VERIFY_RECOVER, "verify-recover"},
    {CKF_GENERATE, "generate"},
    {CKF_GENERATE_KEY_PAIR, "generate-key-pair"},
    {CKF_WRAP, "wrap"},
    {CKF_UNWRAP, "unwrap"},
    {CKF_DERIVE, "derive"},
};

/* The words of the flags, and in hexadecimal what no word is for. */
static json_t *flags_of(CK_FLAGS flags)
{
    json_t *words = json_array();

    for (size_t i = 0; i < sizeof mechanism_flags / sizeof *mechanism_flags; i++)
        if ((flags & mechanism_flags[i].flag) != 0) {
            json_array_append_new(words, json_string(mechanism_flags[i].word));
            flags &= ~mechanism_flags[i].flag;
        }
    if (flags != 0) {
        own_free char *rest = mem_printf("0x%lx", flags);

        json_array_append_new(words, json_string(rest));
    }
    return words;
}

json_t *mechanisms_names(const CK_MECHANISM_TYPE *list, size_t n)
{
    json_t *names = json_array();

    for (size_t i = 0; i < n; i++) {
        own_free char *name = constants_text("CKM_", list[i]);

        json_array_append_new(names, json_string(name));
    }
    return names;
}

json_t *mechanisms_describe(CK_C_GetMechanismInfo get, CK_SLOT_ID slot,
                            const CK_MECHANISM_TYPE *list, size_t n)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < n; i++) {
        own_free char *name = constants_text("CKM_", list[i]);
        own_free char *number = mem_printf("0x%lx", list[i]);
        CK_MECHANISM_INFO info = {0};
        json_t *row = json_object();

        json_object_set_new(row, "name", json_string(name));
        json_object_set_new(row, "number", json_string(number));
        if (get != NULL && get(slot, list[i], &info) == CKR_OK) {
            json_object_set_new(row, "min", json_integer((json_int_t)info.ulMinKeySize));
            json_object_set_new(row, "max", json_integer((json_int_t)info.ulMaxKeySize));
            json_object_set_new(row, "flags", flags_of(info.flags));
        }
        json_array_append_new(rows, row);
    }
    return rows;
}
