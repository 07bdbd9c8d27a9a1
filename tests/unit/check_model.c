/* SPDX-License-Identifier: Apache-2.0 */
#include "base/own.h"
#include "model/catalogue.h"
#include "model/result.h"
#include "model/ytree.h"

#include "unit.h"

#include <string.h>

static const struct op ops[] = {
    {"open", "opens", {{NULL, PARAM_END, false}}},
    {"digest",
     "hashes",
     {{"mechanism", PARAM_WORD, true},
      {"message", PARAM_HEX, true},
      {"bits", PARAM_UINT, false},
      {NULL, PARAM_END, false}}},
    {NULL, NULL, {{NULL, PARAM_END, false}}},
};

static int load(const char *text, struct catalogue *out, struct err *err)
{
    static const struct catalogue_rules rules = {.pkcs11_ops = ops, .jca_ops = ops};

    return catalogue_load("c.yaml", text, strlen(text), &rules, out, err);
}

START_TEST(words_round_trip)
{
    enum outcome o;

    for (int i = 0; i < OUTCOME_MAX; i++) {
        ck_assert_int_eq(outcome_parse(outcome_word((enum outcome)i), &o), 0);
        ck_assert_int_eq((int)o, i);
    }
    ck_assert_int_eq(outcome_parse("fine", &o), -1);
    for (int i = 0; i < DETERMINED_BY_MAX; i++) {
        enum determinant d;

        ck_assert_int_eq(determinant_parse(determinant_word((enum determinant)i), &d), 0);
        ck_assert_int_eq((int)d, i);
    }
    for (int i = 0; i < CONTEXT_MAX; i++) {
        enum context c;

        ck_assert_int_eq(context_parse(context_word((enum context)i), &c), 0);
        ck_assert_int_eq((int)c, i);
    }
}
END_TEST

#define OPEN "- {id: door.open, title: Opens, pkcs11: {op: open}}\n"

START_TEST(row_and_vector)
{
    struct catalogue c;
    own_err struct err err = {0};
    struct spec spec;
    own_free unsigned char *message = NULL;
    size_t len;

    ck_assert_int_eq(load(OPEN "- id: digest.sha-256\n"
                               "  title: SHA-256\n"
                               "  vector: {message: 'text:abc', bits: 7}\n"
                               "  pkcs11: {op: digest, mechanism: CKM_SHA256, bits: 9}\n",
                          &c, &err),
                     0);
    spec = probe_spec(catalogue_find(&c, "digest.sha-256"), DOOR_NSS);
    message = spec_bytes(&spec, "message", &len);
    ck_assert_uint_eq(len, 3);
    ck_assert_mem_eq(message, "abc", 3);
    ck_assert_uint_eq(spec_uint(&spec, "bits", 0), 9);
    ck_assert(!probe_at(&c.items[1], DOOR_JCA));
    catalogue_free(&c);
}
END_TEST

START_TEST(an_excerpt_has_the_rows_of_its_patterns)
{
    static const struct {
        const char *text, *pattern, *excerpt;
    } cases[] = {
        {"# c\n- id: a.b\n  x: 1\n- id: a.bc\n", "a.b", "- id: a.b\n  x: 1\n"},
        {"- id: a.b\n- id: b.c\n- id: a.c", "a.*", "- id: a.b\n- id: a.c"},
        {"- id: a.b\n  - id: c.d\n", "c.d", ""},
        {"- id: x.y\n- id: door.open\n# of it\n- id: z.y\n", "z.y",
         "- id: door.open\n# of it\n- id: z.y\n"},
        {"- id: ", "*", ""},
        {"", "*", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        own_buf struct buf out = {0};
        struct strings only = {0};

        strings_add(&only, cases[i].pattern);
        buf_puts(&out, "");
        catalogue_excerpt(cases[i].text, strlen(cases[i].text), &only, &out);
        ck_assert_str_eq(out.data, cases[i].excerpt);
        strings_free(&only);
    }
}
END_TEST

/* What a row says of another is looked at where all rows are there. */
START_TEST(an_excerpt_may_name_rows_that_it_lacks)
{
    static const char text[] =
        OPEN "- {id: a.b, title: x, jca: {op: open, indicator-of: c.d}}\n";
    struct catalogue_rules rules = {.pkcs11_ops = ops, .jca_ops = ops, .partial = true};
    struct catalogue c;
    own_err struct err err = {0};

    ck_assert_int_eq(catalogue_load("c.yaml", text, strlen(text), &rules, &c, &err), 0);
    catalogue_free(&c);
    ck_assert_int_eq(load(text, &c, &err), -1);
    ck_assert_str_eq(err.msg, "c.yaml: there are rows for the door 'jca' but no row 'door.open' "
                              "that opens it");
}
END_TEST

START_TEST(bad_rows_are_named)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "c.yaml:1: the file is empty"},
        {"a: b\n", "c.yaml:1: a list of rows ('- id: ...') is expected"},
        {"- {id: Digest, title: x, pkcs11: {op: open}}\n",
         "c.yaml:1: the id 'Digest' is not of the form service.algorithm[.variant] in lower case"},
        {"- {id: a.b, title: x}\n", "c.yaml:1: row 'a.b' has neither 'pkcs11' nor 'jca'"},
        {"- {id: a.b, title: x, unasked: {mechanisms: CKM_A, reason: x}, jca: {op: op}}\n",
         "c.yaml:1: row 'a.b': 'unasked' stands alone"},
        {"- {id: a.b, title: x, unasked: {mechanisms: CKM_A}}\n",
         "c.yaml:1: row 'a.b': 'unasked' needs 'mechanisms' and 'reason', and no more"},
        {"- {id: a.b, title: x, unasked: {mechanisms: CKM_A, why: x}}\n",
         "c.yaml:1: row 'a.b': 'unasked' needs 'mechanisms' and 'reason', and no more"},
        {"- {id: a.b, pkcs11: {op: open}}\n", "c.yaml:1: a row needs 'id' and 'title'"},
        {"- {id: a.b, title: x, colour: red}\n", "c.yaml:1: a row has no 'colour'"},
        {"- {id: a.b, title: x, pkcs11: {op: fly}}\n",
         "c.yaml:1: there is no operation 'fly' at this door"},
        {"- {id: a.b, title: x, pkcs11: {op: digest, mechanism: M}}\n",
         "c.yaml:1: operation 'digest' needs 'message'"},
        {"- {id: a.b, title: x, pkcs11: {op: digest, mechanism: M, message: '0'}}\n",
         "c.yaml:1: 'message' is neither hexadecimal bytes nor 'text:...'"},
        {"- {id: a.b, title: x, pkcs11: {op: digest, mechanism: M, message: '', bits: -1}}\n",
         "c.yaml:1: 'bits' is not a whole number"},
        {"- {id: a.b, title: x, pkcs11: {op: open, iv: '00'}}\n",
         "c.yaml:1: operation 'open' takes no 'iv'"},
        {OPEN "\n- {id: door.open, title: x, pkcs11: {op: open}}\n",
         "c.yaml:3: the id 'door.open' is taken by line 1"},
        {"- {id: a.b, title: x, title: y}\n", "c.yaml:1: 'title' stands here twice"},
        {"- &x [*x]\n", "c.yaml:1: aliases ('*name') are not taken here"},
        {"- {id: a.b, title: x, pkcs11: {op: digest, mechanism: M, message: ''}}\n",
         "c.yaml: there are rows for the door 'softokn-fips' but no row 'door.open' that opens it"},
        {"- {id: \"a\\eb\", title: x, pkcs11: {op: open}}\n",
         "c.yaml:1: the id 'a\\x1bb' is not of the form service.algorithm[.variant] in lower case"},
        {"- [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "c.yaml:1: nested deeper than 32"},
        {"- \"a\\0b\"\n", "c.yaml:1: a NUL character"},
        {OPEN "---\n- b\n", "c.yaml:2: a second document; one is taken"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalogue c;
        own_err struct err err = {0};

        ck_assert_int_eq(load(rows[i].text, &c, &err), -1);
        ck_assert_str_eq(err.msg, rows[i].message);
        ck_assert_int_eq(err_exit_status(&err), 3);
    }
}
END_TEST

START_TEST(diagnoses_need_every_field)
{
    struct diagnoses d;
    own_err struct err err = {0};
    const char *good = "- {id: a, title: b, severity: warning, meaning: c, remedy: d, who: e}\n";
    const char *bad = "- {id: a, title: b, severity: awful, meaning: c, remedy: d, who: e}\n";

    ck_assert_int_eq(diagnoses_load("d.yaml", good, strlen(good), &d, &err), 0);
    ck_assert_int_eq(diagnoses_find(&d, "a")->severity, SEVERITY_WARNING);
    diagnoses_free(&d);
    ck_assert_int_eq(diagnoses_load("d.yaml", bad, strlen(bad), &d, &err), -1);
    ck_assert_str_eq(err.msg, "d.yaml:1: 'severity' must be failure, warning or note");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("model");
    TCase *t = tcase_create("model");

    tcase_add_test(t, words_round_trip);
    tcase_add_test(t, row_and_vector);
    tcase_add_test(t, an_excerpt_has_the_rows_of_its_patterns);
    tcase_add_test(t, an_excerpt_may_name_rows_that_it_lacks);
    tcase_add_test(t, bad_rows_are_named);
    tcase_add_test(t, diagnoses_need_every_field);
    suite_add_tcase(s, t);
    return unit_run(s);
}
