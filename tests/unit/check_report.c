/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"
#include "report/report.h"
#include "sample.h"

#include "base/own.h"
#include "base/text.h"

#include "unit.h"

#include <string.h>

#define WIDTH 100

/* ---- golden files: what a fixed report looks like; 'make golden-update' rewrites them ------------ */

static char *read_file(const char *path)
{
    own_file FILE *f = fopen(path, "re");
    struct buf b = {0};
    char part[4096];
    size_t n;

    if (f == NULL)
        return NULL;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&b, part, n);
    return buf_steal(&b);
}

static void compare(const char *name, const char *suffix, const struct buf *got)
{
    const char *dir = getenv("srcdir");
    own_free char *path =
        mem_printf("%s/tests/golden/%s.%s", dir == NULL ? "." : dir, name, suffix);
    own_free char *want = NULL;

    if (getenv("GOLDEN_UPDATE") != NULL) {
        own_file FILE *f = fopen(path, "we");

        ck_assert_ptr_nonnull(f);
        ck_assert_uint_eq(fwrite(got->data, 1, got->len, f), got->len);
        return;
    }
    want = read_file(path);
    if (want == NULL)
        ck_abort_msg("there is no %s: run 'make golden-update' and read what it wrote", path);
    if (strcmp(want, got->data) != 0)
        ck_abort_msg("%s differs from the report: run 'make golden-update' and read the "
                     "difference",
                     path);
}

static void each_line_fits(const char *text, size_t width)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        own_free char *line = mem_dup(text, len);

        if (page_columns(line) > width)
            ck_abort_msg("wider than %zu columns: %s", width, line);
        ck_assert(len == 0 || line[len - 1] != ' ');
        text += len + (text[len] == '\n');
    }
}

/* However the rows are put together, none is lost, and none of what is said of it. */
static void each_row_is_there(const struct report *r, const char *text)
{
    for (size_t i = 0; i < r->observations.n; i++)
        if (strstr(text, r->observations.items[i].probe->id) == NULL)
            ck_abort_msg("no %s in the text", r->observations.items[i].probe->id);
    for (size_t i = 0; i < r->observations.n; i++) {
        const struct observation *o = &r->observations.items[i];

        if (o->context == CONTEXT_AS_IS && strstr(text, outcome_word(o->outcome)) == NULL &&
            o->outcome != OUTCOME_ABSENT)
            ck_abort_msg("no '%s' in the text", outcome_word(o->outcome));
    }
}

START_TEST(golden)
{
    const struct sample_report *which = &sample_reports[_i];
    struct report_style style = {.width = WIDTH};
    struct sample s;
    own_buf struct buf text = {0}, json = {0}, all = {0};

    sample_init(&s);
    which->make(&s);
    sample_judge(&s);
    report_text(&s.report, REPORT_ALL, &style, &text);
    report_json(&s.report, REPORT_ALL, &json);
    each_line_fits(text.data, WIDTH);
    compare(which->name, "txt", &text);
    style.all = true;
    report_text(&s.report, REPORT_ALL, &style, &all);
    each_line_fits(all.data, WIDTH);
    each_row_is_there(&s.report, text.data);
    each_row_is_there(&s.report, all.data);
    if (_i == 0) /* one of them whole */
        compare("all", "txt", &all);
    compare(which->name, "json", &json);
    sample_free(&s);
}
END_TEST

/* ---- the writers ----------------------------------------------------------------------------------- */

static void strip_colour(struct buf *b)
{
    char *to = b->data;

    for (const char *from = b->data; *from != '\0'; from++)
        if (*from == '\x1b')
            from = strchr(from, 'm');
        else
            *to++ = *from;
    *to = '\0';
}

START_TEST(colour_adds_nothing_but_colour)
{
    struct report_style plain = {.width = WIDTH}, colour = {.width = WIDTH, .colour = true};
    struct sample s;
    own_buf struct buf a = {0}, b = {0};

    sample_init(&s);
    sample_reports[_i].make(&s);
    sample_judge(&s);
    report_text(&s.report, REPORT_ALL, &plain, &a);
    report_text(&s.report, REPORT_ALL, &colour, &b);
    ck_assert_ptr_null(strchr(a.data, '\x1b'));
    ck_assert_ptr_nonnull(strchr(b.data, '\x1b'));
    strip_colour(&b);
    ck_assert_str_eq(a.data, b.data);
    sample_free(&s);
}
END_TEST

START_TEST(any_width_ends)
{
    static const unsigned widths[] = {1, 20, 40, 60, 80, 132, 0};
    struct sample s;

    sample_init(&s);
    sample_reports[_i].make(&s);
    sample_judge(&s);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct report_style style = {.width = widths[i]};
        own_buf struct buf text = {0};

        report_text(&s.report, REPORT_ALL, &style, &text);
        if (widths[i] >= 80)
            each_line_fits(text.data, widths[i]);
    }
    sample_free(&s);
}
END_TEST

START_TEST(parts_that_were_not_wanted)
{
    struct report_style style = {.width = WIDTH};
    struct sample s;
    own_buf struct buf text = {0}, json = {0};
    own_json json_t *doc = NULL;

    sample_init(&s);
    sample_reports[0].make(&s);
    sample_judge(&s);
    report_text(&s.report, REPORT_JAVA, &style, &text);
    ck_assert_ptr_null(strstr(text.data, "softokn-fips  "));
    ck_assert_ptr_null(strstr(text.data, "\nModules"));
    report_json(&s.report, REPORT_JAVA, &json);
    doc = json_loads(json.data, 0, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(doc, "modules")), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(doc, "jdks")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(doc, "parts")), 1);
    sample_free(&s);
}
END_TEST

/* Every key is there, whatever the text was. */
START_TEST(json_loses_no_key)
{
    static const char *const keys[] = {"schema", "tool",         "parts",      "host",
                                       "modules", "neighbours",  "search_stopped", "jdks",
                                       "groups", "mechanism_lists", "switches", "on_request", "observations", "dependence", "findings",
                                       "verdicts", "summary"};
    struct sample s;
    own_buf struct buf json = {0};
    own_json json_t *doc = NULL;
    const char *value;
    const char *key;
    json_t *member;
    size_t i = 0;

    sample_init(&s);
    for (size_t k = 0; sample_reports[k].name != NULL; k++)
        if (strcmp(sample_reports[k].name, "trouble") == 0)
            sample_reports[k].make(&s);
    sample_judge(&s);
    report_json(&s.report, REPORT_ALL, &json);
    doc = json_loads(json.data, 0, NULL);
    ck_assert_ptr_nonnull(doc);
    json_object_foreach(doc, key, member)
        ck_assert_str_eq(key, keys[i++]);
    ck_assert_uint_eq(i, sizeof keys / sizeof *keys);
    value = json_string_value(json_object_get(
        json_array_get(json_object_get(json_object_get(doc, "host"), "variables"), 0), "value"));
    ck_assert_ptr_nonnull(value);
    ck_assert_str_eq(value, "1\\xff");
    sample_free(&s);
}
END_TEST

START_TEST(an_empty_report)
{
    struct report_style style = {.width = WIDTH};
    struct report r = {0};
    own_buf struct buf text = {0}, json = {0};

    report_text(&r, REPORT_ALL, &style, &text);
    report_json(&r, REPORT_ALL, &json);
    ck_assert_ptr_nonnull(strstr(text.data, "nothing was asked"));
    ck_assert_ptr_nonnull(strstr(json.data, "\"observations\": []"));
}
END_TEST

START_TEST(columns)
{
    ck_assert_uint_eq(page_columns("abc"), 3);
    ck_assert_uint_eq(page_columns("\xc3\xa9"), 1);             /* e acute */
    ck_assert_uint_eq(page_columns("e\xcc\x81"), 1);            /* e and a combining acute */
    ck_assert_uint_eq(page_columns("\xe6\x9d\xb1\xe4\xba\xac"), 4);
    ck_assert_uint_eq(page_columns("\xff\xc3"), 2);             /* not UTF-8 */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *t = tcase_create("report");
    int n = 0;

    while (sample_reports[n].name != NULL)
        n++;
    tcase_add_loop_test(t, golden, 0, n);
    tcase_add_loop_test(t, colour_adds_nothing_but_colour, 0, n);
    tcase_add_loop_test(t, any_width_ends, 0, n);
    tcase_add_test(t, parts_that_were_not_wanted);
    tcase_add_test(t, json_loses_no_key);
    tcase_add_test(t, an_empty_report);
    tcase_add_test(t, columns);
    suite_add_tcase(suite, t);
    return unit_run(suite);
}
