/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/nss-error.h"

#include "unit.h"

START_TEST(errors_have_names)
{
    /* NSS lib/util/secerr.h: SEC_ERROR_BASE is -0x2000; NSPR pr/include/prerr.h: -6000 */
    ck_assert_str_eq(nss_error_name(-0x2000 + 2), "SEC_ERROR_BAD_DATA");
    ck_assert_str_eq(nss_error_name(-0x2000 + 40), "SEC_ERROR_INVALID_KEY");
    ck_assert_str_eq(nss_error_name(-5999), "PR_BAD_DESCRIPTOR_ERROR");
    ck_assert_ptr_null(nss_error_name(0));
    ck_assert_ptr_null(nss_error_name(-0x2000 + 5000));
}
END_TEST

START_TEST(names_are_known)
{
    ck_assert(nss_error_is_known("SEC_ERROR_NO_TOKEN"));
    ck_assert(!nss_error_is_known("SEC_ERROR_"));
    ck_assert(!nss_error_is_known("SEC_ERROR_BASE"));
    ck_assert(!nss_error_is_known("CKR_OK"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nss");
    TCase *tcase = tcase_create("errors");

    tcase_add_test(tcase, errors_have_names);
    tcase_add_test(tcase, names_are_known);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
