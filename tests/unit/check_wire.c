/* SPDX-License-Identifier: Apache-2.0
 *
 * Both sides of the wire without processes: what one writes the other reads, and what is not of
 * the agreed form is not believed. Also maps.h, whose text comes from the kernel.
 */
#include "base/own.h"
#include "run/maps.h"
#include "run/wire-parent.h"

#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define N 4

static const bool all[N] = {true, true, true, true};
static const bool some[N] = {true, false, true, true};

#define OPEN "{\"r\":\"begin\",\"i\":0}\n" ANSWER(0)
#define ANSWER(i)                                                                                  \
    "{\"r\":\"answer\",\"i\":" #i ",\"result\":\"done\",\"listed\":\"yes\",\"check\":\"none\","    \
    "\"indicator\":\"ok\",\"key_indicator\":\"none\",\"validation\":\"none\","                      \
    "\"key_validation\":\"none\"}\n"
#define BEGIN(i) "{\"r\":\"begin\",\"i\":" #i "}\n"

/* Feeds text in pieces of size step; the number of records, or -1. *problem is the caller's. */
static int feed(const char *text, size_t len, size_t step, const bool *ask, char **problem)
{
    struct wire_reader reader;
    int n = 0, rc = 0;

    wire_reader_init(&reader, N, ask);
    for (size_t at = 0; at < len && rc >= 0; at += step) {
        wire_reader_add(&reader, text + at, step < len - at ? step : len - at);
        for (;;) {
            own_record struct record record;

            rc = wire_reader_next(&reader, &record);
            if (rc <= 0)
                break;
            n++;
        }
    }
    if (rc >= 0)
        rc = wire_reader_finish(&reader);
    if (problem != NULL)
        *problem = mem_str(reader.problem);
    wire_reader_free(&reader);
    return rc < 0 ? -1 : n;
}

START_TEST(what_one_side_writes_the_other_reads)
{
    struct wire_reader reader;
    struct wire wire;
    char text[65536];
    char step[] = "C_Encrypt\x01", code[] = "CKR_OK", detail[] = "d\xff\n", provider[] = "P",
         reply[] = "a";
    struct evidence e = {RESULT_WRONG, LISTED_NO, CHECK_ROUND_TRIP, INDICATOR_NOT_OK,
                         INDICATOR_FAILED, INDICATOR_OK, INDICATOR_NOT_OK, step, code, detail,
                         provider, reply};
    int ends[2], mapped = 0;
    ssize_t n;

    ck_assert_int_eq(pipe(ends), 0);
    wire_open(&wire, ends[1]);
    wire_begin(&wire, 0);
    wire_step(&wire, "C_Initialize");
    wire_answer(&wire, 0, &e);
    wire_fact_str(&wire, "version", "3.87");
    wire_control(&wire, CONTROL_NOT_BUILT_IN);
    wire_again(&wire);
    wire_end(&wire);
    n = read(ends[0], text, sizeof text);
    ck_assert_int_gt(n, 0);
    wire_reader_init(&reader, N, all);
    wire_reader_add(&reader, text, (size_t)n);
    for (int i = 0;; i++) {
        own_record struct record r;
        int rc = wire_reader_next(&reader, &r);

        if (rc == 1 && r.type == RECORD_MAPPED) {
            ck_assert_int_eq(r.mapped.path[0], '/');
            mapped++;
            i--;
            continue;
        }
        switch (i) {
        case 0:
            ck_assert_int_eq(r.type, RECORD_BEGIN);
            ck_assert_uint_eq(reader.begun, 0);
            break;
        case 1:
            ck_assert_int_eq(r.type, RECORD_STEP);
            ck_assert_str_eq(reader.step, "C_Initialize");
            break;
        case 2:
            ck_assert_int_eq(r.type, RECORD_ANSWER);
            ck_assert_uint_eq(reader.begun, NO_PROBE);
            ck_assert_ptr_null(reader.step);
            ck_assert_int_eq(r.evidence.result, RESULT_WRONG);
            ck_assert_int_eq(r.evidence.listed, LISTED_NO);
            ck_assert_int_eq(r.evidence.check, CHECK_ROUND_TRIP);
            ck_assert_int_eq(r.evidence.indicator, INDICATOR_NOT_OK);
            ck_assert_int_eq(r.evidence.key_indicator, INDICATOR_FAILED);
            ck_assert_int_eq(r.evidence.validation, INDICATOR_OK);
            ck_assert_int_eq(r.evidence.key_validation, INDICATOR_NOT_OK);
            ck_assert_str_eq(r.evidence.step, "C_Encrypt\\x01");
            ck_assert_str_eq(r.evidence.code, "CKR_OK");
            ck_assert_str_eq(r.evidence.detail, "d\\xff\\n");
            ck_assert_str_eq(r.evidence.provider, "P");
            ck_assert_str_eq(r.evidence.answer, "a");
            break;
        case 3:
            ck_assert_int_eq(r.type, RECORD_FACT);
            ck_assert_str_eq(r.text, "version");
            ck_assert_str_eq(json_string_value(r.value), "3.87");
            break;
        case 4:
            ck_assert_int_eq(r.type, RECORD_CONTROL);
            ck_assert_int_eq(r.control, CONTROL_NOT_BUILT_IN);
            break;
        case 5:
            ck_assert_int_eq(r.type, RECORD_AGAIN);
            ck_assert(reader.again);
            break;
        case 6:
            ck_assert_int_eq(r.type, RECORD_END);
            ck_assert(reader.ended);
            break;
        default:
            ck_assert_int_eq(rc, 0);
        }
        if (rc == 0)
            break;
        ck_assert_int_eq(rc, 1);
    }
    ck_assert_int_gt(mapped, 0);
    ck_assert_int_eq(wire_reader_finish(&reader), 0);
    wire_reader_free(&reader);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

static const struct {
    const char *text, *problem; /* NULL: it is right */
} streams[] = {
    {"", NULL},
    {OPEN BEGIN(2) ANSWER(2) "{\"r\":\"end\"}\n", NULL},
    {OPEN "{\"r\":\"again\"}\n{\"r\":\"step\",\"call\":\"x\"}\n{\"r\":\"end\"}\n", NULL},
    {"{\"r\":\"fact\",\"key\":\"k\",\"value\":{\"a\":[1,2.5,null,true,\"s\"]}}\n", NULL},
    {"\n", "no JSON object"},
    {"[]\n", "no JSON object"},
    {"null\n", "no JSON object"},
    {"\"r\"\n", "no JSON object"},
    {"{}\n", "no known type"},
    {"{\"r\":3}\n", "no known type"},
    {"{\"r\":\"hello\"}\n", "no known type"},
    {"{\"r\":\"begin\",\"r\":\"end\"}\n", "no JSON object"},
    {"{\"r\":\"end\"} x\n", "no JSON object"},
    {"{\"r\":\"end\"", "cut off"},
    {"{\"r\":\"begin\"}\n", "no probe of the group"},
    {"{\"r\":\"begin\",\"i\":4}\n", "no probe of the group"},
    {"{\"r\":\"begin\",\"i\":-1}\n", "no probe of the group"},
    {"{\"r\":\"begin\",\"i\":\"0\"}\n", "no probe of the group"},
    {"{\"r\":\"begin\",\"i\":0.0}\n", "no probe of the group"},
    {"{\"r\":\"begin\",\"i\":99999999999999999999}\n", "no JSON object"},
    {BEGIN(2), "before the door was open"},
    {BEGIN(0) BEGIN(2), "before the one before it"},
    {OPEN BEGIN(1), "not asked"},
    {OPEN BEGIN(0), "begun twice"},
    {OPEN BEGIN(2) ANSWER(2) BEGIN(2), "begun twice"},
    {ANSWER(0), "not begun"},
    {OPEN ANSWER(0), "not begun"},
    {OPEN BEGIN(2) ANSWER(3), "not begun"},
    {BEGIN(0) "{\"r\":\"answer\",\"i\":0,\"result\":\"approved\",\"listed\":\"yes\"}\n",
     "agreed words"},
    {BEGIN(0) "{\"r\":\"answer\",\"i\":0,\"result\":\"done\",\"listed\":1}\n", "agreed words"},
    {BEGIN(0) "{\"r\":\"answer\",\"i\":0}\n", "agreed words"},
    {BEGIN(0) "{\"r\":\"answer\",\"i\":0,\"result\":\"done\",\"listed\":\"yes\",\"check\":\"none\","
              "\"indicator\":\"ok\",\"key_indicator\":\"none\",\"validation\":\"none\","
              "\"key_validation\":\"none\",\"step\":7}\n", "no text \"step\""},
    {BEGIN(0) "{\"r\":\"answer\",\"i\":0,\"result\":\"done\",\"listed\":\"yes\",\"check\":\"none\","
              "\"indicator\":\"ok\",\"key_indicator\":\"none\",\"validation\":\"none\","
              "\"key_validation\":\"none\",\"detail\":\"a\\u001bb\"}\n",
     "control characters"},
    {"{\"r\":\"step\"}\n", "no text \"call\""},
    {"{\"r\":\"step\",\"call\":\"a\\u0000b\"}\n", "no JSON object"},
    {"{\"r\":\"step\",\"call\":\"\\u202e\"}\n", "control characters"},
    {"{\"r\":\"control\",\"control\":\"maybe\"}\n", "agreed words"},
    {"{\"r\":\"fact\",\"key\":\"k\"}\n", "no value"},
    {"{\"r\":\"fact\",\"value\":1}\n", "no text \"key\""},
    {"{\"r\":\"fact\",\"key\":\"k\",\"value\":[[\"a\\nb\"]]}\n", "agreed form"},
    {"{\"r\":\"fact\",\"key\":\"k\",\"value\":{\"\\u0007\":1}}\n", "agreed form"},
    {"{\"r\":\"fact\",\"key\":\"k\",\"value\":[[[[[[[[[[1]]]]]]]]]]}\n", "agreed form"},
    {"{\"r\":\"mapped\",\"path\":\"/x\",\"dev\":1,\"ino\":2}\n", "no device, inode or state"},
    {"{\"r\":\"mapped\",\"path\":\"x\",\"dev\":1,\"ino\":2,\"deleted\":false}\n", "not absolute"},
    {OPEN BEGIN(2) "{\"r\":\"again\"}\n", "before a probe was answered"},
    {OPEN "{\"r\":\"again\"}\n" BEGIN(2), "after a fresh child"},
    {OPEN BEGIN(2) "{\"r\":\"end\"}\n", "before a probe was answered"},
    {"{\"r\":\"end\"}\n{\"r\":\"end\"}\n", "after the end"},
    {"{\"r\":\"end\"}\nx", "after the end"},
};

START_TEST(streams_right_and_wrong)
{
    static const size_t steps[] = {1, 7, 65536};

    for (size_t s = 0; s < 3; s++) {
        own_free char *problem = NULL;
        int n = feed(streams[_i].text, strlen(streams[_i].text), steps[s], some, &problem);

        if (streams[_i].problem == NULL) {
            ck_assert_msg(n >= 0, "'%s': %s", streams[_i].text, problem);
            continue;
        }
        ck_assert_msg(n < 0, "'%s' was believed", streams[_i].text);
        ck_assert_msg(strstr(problem, streams[_i].problem) != NULL, "'%s': %s", streams[_i].text,
                      problem);
    }
}
END_TEST

START_TEST(sizes_are_bounded)
{
    own_buf struct buf text = {0};
    own_free char *problem = NULL, *fat = NULL;
    own_free char *as = mem_zero(WIRE_MAX_LINE + 1, 1);

    memset(as, 'a', WIRE_MAX_LINE);
    ck_assert_int_eq(feed(as, WIRE_MAX_LINE - 1, 4096, all, NULL), -1); /* cut off */
    ck_assert_int_eq(feed(as, WIRE_MAX_LINE, 4096, all, &problem), -1);
    ck_assert_ptr_nonnull(strstr(problem, "longer than"));
    /* Right records without end. */
    for (size_t i = 0; i < 700000; i++)
        buf_puts(&text, "{\"r\":\"step\",\"call\":\"C_X\"}\n");
    free(steal_ptr(&problem));
    ck_assert_int_eq(feed(text.data, text.len, 65536, all, &problem), -1);
    ck_assert_ptr_nonnull(strstr(problem, "bytes of records"));
    /* Small on the wire, large in memory. */
    buf_free(&text);
    for (int i = 0; i < 2; i++) {
        buf_puts(&text, "{\"r\":\"fact\",\"key\":\"k\",\"value\":[0");
        for (int k = 0; k < 200000; k++)
            buf_puts(&text, ",0");
        buf_puts(&text, "]}\n");
    }
    ck_assert_int_eq(feed(text.data, text.len, 65536, all, &fat), -1);
    ck_assert_ptr_nonnull(strstr(fat, "agreed form"));
}
END_TEST

/* xorshift: the same stream on every run. */
static uint32_t seed = 0x2545f491;
static uint32_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

START_TEST(mutated_streams_do_no_harm)
{
    static const char good[] =
        OPEN BEGIN(2) "{\"r\":\"step\",\"call\":\"C_EncryptInit\"}\n" ANSWER(2)
        "{\"r\":\"fact\",\"key\":\"k\",\"value\":{\"a\":[1,\"b\",null]}}\n"
        "{\"r\":\"control\",\"control\":\"working\"}\n"
        "{\"r\":\"mapped\",\"path\":\"/lib/x.so\",\"dev\":64,\"ino\":9,\"deleted\":false}\n"
        BEGIN(3) ANSWER(3) "{\"r\":\"again\"}\n{\"r\":\"end\"}\n";
    static const char likely[] = "{}[]\":,\n\\u0019-.eE truefalsn\x80\xff";
    char text[sizeof good + 64];
    int believed = 0;

    for (int i = 0; i < 100000; i++) {
        size_t len = sizeof good - 1;

        memcpy(text, good, len);
        for (uint32_t k = next_random() % 4 + 1; k > 0; k--) {
            size_t at = next_random() % len, other = next_random() % len;

            switch (next_random() % 5) {
            case 0:
                text[at] = (char)next_random();
                break;
            case 1:
                text[at] = likely[next_random() % (sizeof likely - 1)];
                break;
            case 2: /* a byte less */
                if (len == 1)
                    break;
                memmove(text + at, text + at + 1, len - at - 1);
                len--;
                break;
            case 3: /* a piece twice */
                memmove(text + at, text + other, (len - (at > other ? at : other)) % 40);
                break;
            default:
                len = at + 1;
            }
        }
        believed += feed(text, len, next_random() % len + 1, all, NULL) >= 0;
    }
    ck_assert_int_gt(believed, 100); /* some change only a name */
    ck_assert_int_lt(believed, 50000);
}
END_TEST

START_TEST(maps_of_all_kinds)
{
    char text[] =
        "55d0c0a00000-55d0c0a01000 r--p 00000000 fe:00 11    /usr/bin/x\n"
        "7f00a0000000-7f00a0001000 r-xp 00001000 fe:00 17    /usr/lib/lib one.so\n"
        "7f00a0001000-7f00a0002000 r-xp 00002000 fe:00 17    /usr/lib/lib one.so\n"
        "7f00a0003000-7f00a0004000 r-xp 00000000 103:1f 18446744073709551615 /l/l\x1b.so (deleted)\n"
        "7f00a0005000-7f00a0006000 r-xp 00000000 00:00 0     [vdso]\n"
        "7f00a0007000-7f00a0008000 rwxp 00000000 00:00 0 \n"
        "7f00a0009000-7f00a000a000 r-xp\n"
        "nonsense / x\n-\n/\n - /x\n"
        "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n";
    struct maps maps = {0};

    maps_parse(text, &maps);
    ck_assert_uint_eq(maps.n, 2);
    ck_assert_str_eq(maps.items[0].path, "/usr/lib/lib one.so");
    ck_assert_uint_eq(maps.items[0].ino, 17);
    ck_assert(!maps.items[0].deleted);
    ck_assert_str_eq(maps.items[1].path, "/l/l\\x1b.so");
    ck_assert(maps.items[1].deleted);
    maps_free(&maps);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("wire");
    TCase *t = tcase_create("wire");

    tcase_set_timeout(t, 120);
    tcase_add_test(t, what_one_side_writes_the_other_reads);
    tcase_add_loop_test(t, streams_right_and_wrong, 0, sizeof streams / sizeof *streams);
    tcase_add_test(t, sizes_are_bounded);
    tcase_add_test(t, mutated_streams_do_no_harm);
    tcase_add_test(t, maps_of_all_kinds);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
