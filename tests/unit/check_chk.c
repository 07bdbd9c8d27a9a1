/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"
#include "module/chk.h"

#include "chk-made.h"
#include "unit.h"

#include <string.h>

static enum chk_state state_of(const void *chk, size_t len)
{
    struct chk_answer answer;
    enum chk_state state;

    chk_verify(chk, len, library, sizeof library, &answer);
    state = answer.state;
    ck_assert((state == CHK_VERIFIED) == (answer.detail == NULL));
    chk_answer_free(&answer);
    return state;
}

/* Every byte changed in turn, every truncation, and an addition. In memory of the exact length, so
 * that AddressSanitizer sees a read beyond it. */
static void check_all_damage(const struct buf *chk)
{
    for (size_t i = 0; i < chk->len; i++) {
        own_free char *copy = mem_dup(chk->data, chk->len);
        own_free char *cut = i == 0 ? NULL : malloc(i);

        copy[i] = (char)(copy[i] ^ (1 << i % 8));
        ck_assert_msg(state_of(copy, chk->len) != CHK_VERIFIED, "byte %zu changed", i);
        if (cut != NULL)
            memcpy(cut, chk->data, i);
        ck_assert_msg(state_of(cut, i) == CHK_MALFORMED, "cut to %zu", i);
    }
    {
        own_buf struct buf longer = {0};

        buf_add(&longer, chk->data, chk->len);
        buf_puts(&longer, "\n");
        ck_assert_int_eq(state_of(longer.data, longer.len), CHK_MALFORMED);
    }
}

START_TEST(chk_hmac)
{
    own_buf struct buf chk = {0};
    struct chk_answer answer;

    fill_library();
    hmac_chk(&chk, 32);
    ck_assert_uint_eq(chk.len, 84); /* as NSS's own */
    chk_verify(chk.data, chk.len, library, sizeof library, &answer);
    ck_assert_int_eq(answer.state, CHK_VERIFIED);
    ck_assert_str_eq(answer.format, "2.1 HMAC-SHA-256");
    ck_assert_ptr_null(answer.detail);
    chk_answer_free(&answer);
    check_all_damage(&chk);
    for (size_t i = 0; i < sizeof library; i++) {
        library[i] ^= 1;
        ck_assert_int_eq(state_of(chk.data, chk.len), CHK_MISMATCH);
        library[i] ^= 1;
    }
}
END_TEST

START_TEST(chk_dsa)
{
    own_buf struct buf chk = {0};
    struct chk_answer answer;

    fill_library();
    dsa_chk(&chk);
    chk_verify(chk.data, chk.len, library, sizeof library, &answer);
    ck_assert_int_eq(answer.state, CHK_VERIFIED);
    ck_assert_str_eq(answer.format, "1.2 DSA-1024 over SHA-1");
    chk_answer_free(&answer);
    check_all_damage(&chk);
    library[LIBRARY_LEN - 1] ^= 0x80;
    ck_assert_int_eq(state_of(chk.data, chk.len), CHK_MISMATCH);
}
END_TEST

START_TEST(chk_says_what_is_wrong)
{
    static const struct {
        const char *hex, *detail;
    } rows[] = {
        {"", "the check file is empty"},
        {"f1c50201", "the check file is 4 bytes long, cut off in its header"},
        {"f1c502010000000c80000004", "the check file is 12 bytes long, cut off before its HMAC key"},
        {"7f454c460000000c80000004",
         "this is no check file of NSS's: it begins with 7f 45 and not with f1 c5"},
        {"f1c503010000000c80000004",
         "the check file is of the format 3.1 HMAC, which no known NSS writes"},
        {"f1c502010000000c00000002", "the check file's type 0x2 is neither DSA nor HMAC"},
        {"f1c502010000000c80000002", "the check file's type 0x80000002 names no hash of NSS's"},
        {"f1c50201ffffffff80000004",
         "the check file is 12 bytes long, its contents should begin at 4294967295"},
        {"f1c502010000000b80000004",
         "the check file is 12 bytes long, its contents should begin at 11"},
        {"f1c502010000000c80000004ffffffff",
         "the check file is 16 bytes long, cut off in its HMAC key, which should have 4294967295"},
        {"f1c502010000000c8000000400000000" "00000000",
         "the HMAC key has 0 bytes; NSS takes none below 16"},
        {"f1c501020000000c00000001" "0000000103" "0000000103" "0000000102" "0000000102" "00000000",
         "DSA with a prime of 8 and a subprime of 8 bits is none of NSS's"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len;
        own_free unsigned char *bytes = text_unhex(rows[i].hex, &len);
        struct chk_answer answer;

        chk_verify(bytes, len, library, sizeof library, &answer);
        ck_assert_int_eq(answer.state, CHK_MALFORMED);
        ck_assert_str_eq(answer.detail, rows[i].detail);
        chk_answer_free(&answer);
    }
}
END_TEST

/* A DSA key that is none: even and zero moduli must not reach GMP, absurd sizes no arithmetic. */
START_TEST(chk_dsa_numbers)
{
    static const struct {
        size_t p, q, g, y, signature;
        unsigned char p_fill;
    } rows[] = {
        {128, 20, 128, 128, 40, 0},    /* a prime of 0 */
        {128, 20, 128, 128, 40, 0xfe}, /* an even one */
        {128, 20, 0, 0, 40, 0xff},     /* no base, no public value */
        {128, 20, 300, 128, 40, 0xff}, /* a base longer than the prime */
        {128, 20, 128, 128, 41, 0xff},
        {60000, 20, 20, 20, 40, 0xff},
        {0, 0, 0, 0, 0, 0xff},
    };
    own_free unsigned char *fill = mem_zero(60000, 1);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_buf struct buf chk = {0};

        put_header(&chk, 1, 2, 1);
        memset(fill, rows[i].p_fill, 60000);
        put_item(&chk, fill, rows[i].p);
        memset(fill, 0xff, 60000);
        put_item(&chk, fill, rows[i].q);
        memset(fill, 2, 60000);
        put_item(&chk, fill, rows[i].g);
        put_item(&chk, fill, rows[i].y);
        put_item(&chk, fill, rows[i].signature);
        ck_assert_int_eq(state_of(chk.data, chk.len), CHK_MALFORMED);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chk");
    TCase *pure = tcase_create("pure");

    tcase_set_timeout(pure, 60);
    tcase_add_test(pure, chk_hmac);
    tcase_add_test(pure, chk_dsa);
    tcase_add_test(pure, chk_says_what_is_wrong);
    tcase_add_test(pure, chk_dsa_numbers);
    suite_add_tcase(suite, pure);
    return unit_run(suite);
}
