/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/own.h"
#include "base/root.h"
#include "base/text.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

START_TEST(clean_keeps_text_and_escapes_the_rest)
{
    static const struct {
        const char *in;
        size_t len;
        const char *out;
    } rows[] = {
        {"plain", 5, "plain"},
        {"\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", 14, "\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"a\nb\tc\rd", 7, "a\\nb\\tc\\rd"},
        {"\x1b[31m", 5, "\\x1b[31m"},
        {"a\0b", 3, "a\\x00b"},
        {"\x7f", 1, "\\x7f"},
        {"\xc2\x85", 2, "\\xc2\\x85"},             /* C1: next line */
        {"\xe2\x80\xae", 3, "\\xe2\\x80\\xae"},     /* right-to-left override */
        {"\xff\xfe", 2, "\\xff\\xfe"},
        {"\xc0\x80", 2, "\\xc0\\x80"},             /* overlong NUL */
        {"\xed\xa0\x80", 3, "\\xed\\xa0\\x80"},     /* a surrogate */
        {"\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80"}, /* above U+10FFFF */
        {"\xe2\x82", 2, "\\xe2\\x82"},             /* cut off */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_free char *out = text_clean(rows[i].in, rows[i].len);

        ck_assert_str_eq(out, rows[i].out);
    }
}
END_TEST

START_TEST(hex_round_trip)
{
    unsigned char all[256];
    size_t n = 0;
    own_free char *hex = NULL;
    own_free unsigned char *back = NULL;

    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    hex = text_hex(all, sizeof all);
    back = text_unhex(hex, &n);
    ck_assert_uint_eq(n, 256);
    ck_assert_mem_eq(back, all, 256);
    ck_assert_ptr_null(text_unhex("abc", &n));
    ck_assert_ptr_null(text_unhex("0g", &n));
}
END_TEST

START_TEST(lists_grow)
{
    struct strings s = {0};

    for (int i = 0; i < 1000; i++) {
        own_free char *t = mem_printf("%d", i);

        strings_add(&s, t);
    }
    ck_assert_uint_eq(s.n, 1000);
    ck_assert_str_eq(s.items[999], "999");
    strings_free(&s);
}
END_TEST

START_TEST(buf_grows_drops_and_steals)
{
    struct buf b = {0};
    own_free char *s = NULL;

    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%03d", i);
    ck_assert_uint_eq(b.len, 3000);
    buf_drop(&b, 2997);
    ck_assert_str_eq(b.data, "999");
    s = buf_steal(&b);
    ck_assert_str_eq(s, "999");
    ck_assert_ptr_null(b.data);
}
END_TEST

START_TEST(err_keeps_kind_and_adds_context)
{
    own_err struct err err = {0};

    ck_assert_int_eq(err_errno(&err, ERR_INPUT, ENOENT, "cannot open '%s'", "x"), -1);
    ck_assert_int_eq(err_wrap(&err, "profile"), -1);
    ck_assert_str_eq(err.msg, "profile: cannot open 'x': No such file or directory");
    ck_assert_int_eq(err_exit_status(&err), 3);
    err_set(&err, ERR_TOOL, "fork");
    ck_assert_int_eq(err_exit_status(&err), 1);
}
END_TEST

/* ---- root ---------------------------------------------------------------------------------- */

static char tree[] = "/tmp/check_base.XXXXXX";

static void tree_make(void)
{
    ck_assert_ptr_nonnull(mkdtemp(tree));
    ck_assert_int_eq(chdir(tree), 0);
    ck_assert_int_eq(mkdir("etc", 0755), 0);
    ck_assert_int_eq(mkdir("etc/deep", 0755), 0);
    own_file FILE *f = fopen("etc/here", "w");
    fputs("one\ntwo\n", f);
    ck_assert_int_eq(symlink("/etc/here", "etc/absolute"), 0);
    ck_assert_int_eq(symlink("../../../../../etc/here", "etc/deep/climbing"), 0);
    ck_assert_int_eq(symlink("loop", "etc/loop"), 0);
    ck_assert_int_eq(symlink("/etc/passwd-not-in-this-root", "etc/out"), 0);
    ck_assert_int_eq(mkfifo("etc/fifo", 0600), 0);
}

static void tree_remove(void)
{
    own_free char *cmd = mem_printf("rm -rf '%s'", tree);

    ck_assert_int_eq(system(cmd), 0);
    strcpy(tree, "/tmp/check_base.XXXXXX");
}

START_TEST(root_stays_inside)
{
    struct root root;
    own_err struct err err = {0};
    own_buf struct buf b = {0};
    own_free char *line = NULL, *link = NULL;

    ck_assert_int_eq(root_init(&root, tree, &err), 0);
    ck_assert(!root.live);
    ck_assert_int_eq(root_read(&root, "/etc/here", 100, &b), 0);
    ck_assert_str_eq(b.data, "one\ntwo\n");
    ck_assert_int_eq(root_read(&root, "/etc/absolute", 100, &b), 0);
    ck_assert_int_eq(root_read(&root, "/etc/deep/climbing", 100, &b), 0);
    ck_assert_str_eq(b.data, "one\ntwo\n");
    ck_assert_int_eq(root_read(&root, "/etc/out", 100, &b), -ENOENT);
    ck_assert_int_eq(root_read(&root, "/etc/loop", 100, &b), -ELOOP);
    ck_assert_int_eq(root_read(&root, "/etc/here", 3, &b), -EFBIG);
    ck_assert_int_eq(root_read(&root, "/etc", 100, &b), -EISDIR);
    ck_assert_int_eq(root_read(&root, "/etc/fifo", 100, &b), -EINVAL);
    line = root_line(&root, "/etc/here");
    ck_assert_str_eq(line, "one");
    link = root_readlink(&root, "/etc/absolute");
    ck_assert_str_eq(link, "/etc/here");
    ck_assert(!root_exists(&root, "/etc/nothing"));
    root_free(&root);
}
END_TEST

START_TEST(root_that_is_none_is_bad_input)
{
    struct root root;
    own_err struct err err = {0};

    ck_assert_int_eq(root_init(&root, "/no/such/dir", &err), -1);
    ck_assert_str_eq(err.msg,
                     "cannot open the root directory '/no/such/dir': No such file or directory");
    ck_assert_int_eq(err.kind, ERR_INPUT);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base");
    TCase *plain = tcase_create("plain"), *root = tcase_create("root");

    tcase_add_test(plain, clean_keeps_text_and_escapes_the_rest);
    tcase_add_test(plain, hex_round_trip);
    tcase_add_test(plain, lists_grow);
    tcase_add_test(plain, buf_grows_drops_and_steals);
    tcase_add_test(plain, err_keeps_kind_and_adds_context);
    suite_add_tcase(s, plain);
    tcase_add_unchecked_fixture(root, tree_make, tree_remove);
    tcase_add_test(root, root_stays_inside);
    tcase_add_test(root, root_that_is_none_is_bad_input);
    suite_add_tcase(s, root);
    return unit_run(s);
}
