/* SPDX-License-Identifier: Apache-2.0
 *
 * softokn_ask against modules that misbehave (mock-p11.c). Each test runs in a process of its own
 * (libcheck), so that each opens a fresh module.
 */
#include "base/own.h"
#include "softokn/softokn.h"

#include "unit.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* ---- a wire that keeps what it is told ------------------------------------------------------ */

#define PROBES 16

struct wire {
    struct evidence answers[PROBES];
    size_t n_answers;
    json_t *facts;
    enum control control;
    unsigned again;
};

void wire_begin(struct wire *wire, size_t index)
{
    ck_assert_uint_eq(index, wire->n_answers);
}

void wire_step(struct wire *wire, const char *call)
{
    (void)wire;
    ck_assert_ptr_nonnull(call);
}

void wire_answer(struct wire *wire, size_t index, const struct evidence *evidence)
{
    struct evidence *kept = &wire->answers[wire->n_answers++];

    ck_assert_uint_eq(index + 1, wire->n_answers);
    *kept = *evidence;
    kept->step = mem_str(evidence->step);
    kept->code = mem_str(evidence->code);
    kept->detail = mem_str(evidence->detail);
}

void wire_fact(struct wire *wire, const char *key, json_t *value)
{
    json_object_set_new(wire->facts, key, value);
}

void wire_fact_str(struct wire *wire, const char *key, const char *value)
{
    if (value != NULL) /* the real one cleans it; bytes that are not UTF-8 are none of ours here */
        json_object_set_new(wire->facts, key, json_stringn_nocheck(value, strlen(value)));
}

void wire_control(struct wire *wire, enum control control)
{
    wire->control = control;
}

void wire_again(struct wire *wire)
{
    wire->again++;
}

/* ---- asking --------------------------------------------------------------------------------- */

static const char rows[] =
    "- {id: door.open, title: x, pkcs11: {op: open}}\n"
    "- {id: a.digest, title: x, pkcs11: {op: digest, mechanism: CKM_SHA256, message: '00', "
    "answer: '5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a'}}\n"
    "- {id: a.wrong, title: x, pkcs11: {op: digest, mechanism: CKM_MD5, message: '00', "
    "answer: '00'}}\n"
    "- {id: a.random, title: x, pkcs11: {op: random, bytes: 16}}\n"
    "- {id: a.cipher, title: x, pkcs11: {op: cipher, mechanism: CKM_AES_ECB, keygen: "
    "CKM_AES_KEY_GEN, key-type: CKK_AES, parameter: none, key: '00', plaintext: '00', "
    "ciphertext: '00'}}\n"
    "- {id: a.sign, title: x, pkcs11: {op: sign, mechanism: CKM_SHA256_RSA_PKCS, keygen: "
    "CKM_RSA_PKCS_KEY_PAIR_GEN, key-type: CKK_RSA, bits: 2048, private-key: '00', message: '', "
    "answer: '00'}}\n"
    "- {id: a.block, title: x, pkcs11: {op: cipher, mechanism: CKM_AES_ECB, keygen: "
    "CKM_AES_KEY_GEN, key-type: CKK_AES, parameter: none, key: '00', "
    "plaintext: '000102030405060708090a0b0c0d0e0f', "
    "ciphertext: '000102030405060708090a0b0c0d0e0f'}}\n"
    "- {id: a.verify, title: x, pkcs11: {op: verify, mechanism: CKM_SHA256_RSA_PKCS, key-type: "
    "CKK_RSA, modulus: '00', exponent: '03', message: '00', answer: '00', doors: softokn-fips, note: x}}\n"
    "- {id: a.derive, title: x, pkcs11: {op: derive, mechanism: CKM_SHA256_KEY_DERIVATION, keygen: "
    "CKM_GENERIC_SECRET_KEY_GEN, key-type: CKK_GENERIC_SECRET, key-bytes: 32, parameter: none, "
    "key: '00', answer: '00', doors: softokn-fips, note: x}}\n"
    "- {id: a.wrap, title: x, pkcs11: {op: wrap, mechanism: CKM_AES_KEY_WRAP, keygen: "
    "CKM_AES_KEY_GEN, key-type: CKK_AES, key-bytes: 32, parameter: none, key: '00', plaintext: "
    "'00', ciphertext: '00', doors: softokn-fips, note: x}}\n"
    "- {id: a.export, title: x, pkcs11: {op: export, doors: softokn-fips, note: x}}\n"
    "- {id: a.pbkdf, title: x, pkcs11: {op: pbkdf, mechanism: CKM_PKCS5_PBKD2, parameter: pbkdf2, "
    "prf: CKP_PKCS5_PBKD2_HMAC_SHA1, password: '00', salt: '00', iterations: 1, answer: '00', "
    "doors: softokn-fips, note: x}}\n";
enum {
    OPEN, DIGEST, WRONG, RANDOM, CIPHER, SIGN, BLOCK, VERIFY, DERIVE, WRAP, EXPORT, PBKDF, N_ROWS
};

static struct wire wire;
static struct catalogue catalogue;

static void load_rows(void)
{
    static const struct catalogue_rules rules = {.pkcs11_ops = softokn_ops,
                                                 .check_pkcs11 = softokn_check};
    own_err struct err err = {0};
    int rc = catalogue_load("rows", rows, strlen(rows), &rules, &catalogue, &err);

    ck_assert_msg(rc == 0, "%s", err.msg);
}

/* A folder of that name with the mock as its libsoftokn3.so; the caller frees. */
static char *folder(const char *behaviour)
{
    const char *builddir = getenv("builddir");
    char *dir = mem_printf("%s/tests/unit/mock.dir/%s", builddir == NULL ? "." : builddir,
                           behaviour);
    own_free char *module = mem_printf("%s/tests/unit/mock-p11.so",
                                       builddir == NULL ? "." : builddir);
    own_free char *absolute = realpath(module, NULL);
    own_free char *link = mem_printf("%s/libsoftokn3.so", dir);
    own_free char *base = mem_printf("%s/tests/unit/mock.dir", builddir == NULL ? "." : builddir);

    ck_assert_msg(absolute != NULL, "no %s", module);
    mkdir(base, 0777);
    mkdir(dir, 0777);
    unlink(link);
    ck_assert_int_eq(symlink(absolute, link), 0);
    return dir;
}

static void ask_dir(const char *dir, enum door door)
{
    struct softokn_config config = {dir};
    const struct probe *probes[N_ROWS];
    bool wanted[N_ROWS];
    struct run_task task = {.door = door, .jdk = -1, .probes = probes, .n_probes = N_ROWS,
                            .arg = &config};
    struct child child = {&task, wanted, NULL};

    load_rows();
    for (size_t i = 0; i < N_ROWS; i++) {
        probes[i] = &catalogue.items[i];
        wanted[i] = true;
    }
    wire = (struct wire){.facts = json_object(), .control = CONTROL_MAX};
    softokn_ask(&child, &wire);
}

static void ask_mock(const char *behaviour)
{
    own_free char *dir = folder(behaviour);

    ask_dir(dir, DOOR_SOFTOKN_FIPS);
}

static void done_with(void)
{
    for (size_t i = 0; i < wire.n_answers; i++)
        evidence_free(&wire.answers[i]);
    json_decref(wire.facts);
    catalogue_free(&catalogue);
}

static void is_failed(size_t i, const char *step, const char *code)
{
    const struct evidence *e = &wire.answers[i];

    ck_assert_uint_gt(wire.n_answers, i);
    ck_assert_int_eq((int)e->result, RESULT_FAILED);
    ck_assert_str_eq(e->step, step);
    ck_assert_str_eq(e->code, code);
}

static void is_wrong(size_t i, const char *detail)
{
    const struct evidence *e = &wire.answers[i];

    ck_assert_uint_gt(wire.n_answers, i);
    ck_assert_int_eq((int)e->result, RESULT_WRONG);
    ck_assert_str_eq(e->detail, detail);
}

START_TEST(opened_with_indicators)
{
    ask_mock("plain");
    ck_assert_uint_eq(wire.n_answers, N_ROWS);
    ck_assert_int_eq((int)wire.answers[OPEN].result, RESULT_DONE);
    ck_assert_int_eq((int)wire.control, CONTROL_WORKING);
    ck_assert_str_eq(json_string_value(json_object_get(wire.facts, "module_id")), "mock");
    ck_assert(json_is_true(json_object_get(wire.facts, "fips_token")));
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(wire.facts, "mechanisms"), 1)),
                     "0x7fff1234");
    ck_assert_int_eq((int)wire.answers[DIGEST].result, RESULT_DONE);
    ck_assert_int_eq((int)wire.answers[DIGEST].indicator, INDICATOR_OK);
    ck_assert_int_eq((int)wire.answers[DIGEST].listed, LISTED_YES);
    ck_assert_int_eq((int)wire.answers[DIGEST].check, CHECK_KNOWN_ANSWER);
    ck_assert_int_eq((int)wire.answers[WRONG].listed, LISTED_NO);
    is_wrong(WRONG, "not the digest of the message");
    is_wrong(RANDOM, "all bytes are the same");
    /* the list has no such functions */
    is_failed(CIPHER, "C_GenerateKey", "CKR_FUNCTION_NOT_SUPPORTED");
    is_failed(SIGN, "C_GenerateKeyPair", "CKR_FUNCTION_NOT_SUPPORTED");
    is_failed(VERIFY, "C_GetMechanismInfo", "CKR_FUNCTION_NOT_SUPPORTED");
    is_failed(DERIVE, "C_GenerateKey", "CKR_FUNCTION_NOT_SUPPORTED");
    is_failed(WRAP, "C_GenerateKey", "CKR_FUNCTION_NOT_SUPPORTED");
    is_failed(EXPORT, "C_GenerateKey", "CKR_FUNCTION_NOT_SUPPORTED");
    is_failed(PBKDF, "C_GenerateKey", "CKR_FUNCTION_NOT_SUPPORTED");
    ck_assert_uint_eq(wire.again, 0);
    done_with();
}
END_TEST

/* Every call succeeds, and nothing was done: no probe may take that for an answer. */
START_TEST(success_is_not_believed)
{
    ask_mock("full-yes");
    ck_assert_uint_eq(wire.n_answers, N_ROWS);
    is_wrong(BLOCK, "the ciphertext is the plaintext");
    is_wrong(VERIFY, "the signature verifies for a changed message too");
    is_wrong(DERIVE, "two keys give the same");
    is_wrong(WRAP, "shorter than the key");
    is_wrong(EXPORT, "not as long as the key");
    done_with();
}
END_TEST

START_TEST(lengths_of_ciphers_may_lie)
{
    ask_mock("full-cipher-lies");
    ck_assert_uint_eq(wire.n_answers, N_ROWS);
    is_wrong(BLOCK, "it says that it wrote more than it was given room for");
    is_wrong(WRAP, "it says that it wrote more than it was given room for");
    done_with();
}
END_TEST

/* What the token says of its mechanisms, unknown numbers and flags in hexadecimal. */
START_TEST(mechanisms_are_told_in_full)
{
    const json_t *list, *flags;

    ask_mock("full-yes");
    list = json_object_get(wire.facts, "mechanism_info");
    ck_assert_uint_eq(json_array_size(list), 2);
    flags = json_object_get(json_array_get(list, 0), "flags");
    ck_assert_str_eq(json_string_value(json_array_get(flags, 0)), "digest");
    ck_assert_str_eq(json_string_value(json_array_get(flags, 1)), "0x40000000");
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(list, 1), "name")),
                     "0x7fff1234");
    ck_assert_ptr_null(json_object_get(json_array_get(list, 1), "flags"));
    ck_assert(json_is_integer(json_object_get(wire.facts, "initialize_us")));
    done_with();
}
END_TEST

/* Where the door does not open, nothing else is asked and the step and code say why. */
START_TEST(door_does_not_open)
{
    static const struct {
        const char *behaviour, *step, *code;
    } cases[] = {
        {"init-device-error", "C_Initialize", "CKR_DEVICE_ERROR"},
        {"init-unknown", "C_Initialize", "0xdeadbeef"},
        {"no-functions", "C_Initialize", "CKR_FUNCTION_NOT_SUPPORTED"},
        {"no-slot", "C_GetSlotList", "no-token"},
        {"no-session", "C_OpenSession", "CKR_SESSION_COUNT"},
    };

    ask_mock(cases[_i].behaviour);
    ck_assert_uint_eq(wire.n_answers, 1);
    is_failed(OPEN, cases[_i].step, cases[_i].code);
    ck_assert_int_eq(json_object_get(wire.facts, "error_state") != NULL,
                     strcmp(cases[_i].code, "CKR_DEVICE_ERROR") == 0);
    done_with();
}
END_TEST

/* Each function's own word, a missing one's too. */
START_TEST(error_state_is_told)
{
    const json_t *state;

    ask_mock("init-device-error");
    state = json_object_get(wire.facts, "error_state");
    ck_assert_str_eq(json_string_value(json_object_get(state, "C_GetInfo")), "CKR_OK");
    ck_assert_str_eq(json_string_value(json_object_get(state, "C_GenerateRandom")),
                     "CKR_DEVICE_ERROR");
    ck_assert_uint_eq(json_object_size(state), 7);
    done_with();
}
END_TEST

START_TEST(door_answers_nonsense)
{
    static const struct {
        const char *behaviour, *detail;
    } cases[] = {
        {"no-list", "it gave no list of functions"},
        {"slots-lie", "more slots than there was room for"},
    };

    ask_mock(cases[_i].behaviour);
    ck_assert_uint_eq(wire.n_answers, 1);
    is_wrong(OPEN, cases[_i].detail);
    done_with();
}
END_TEST

/* What a module says of itself is left out where it cannot be, and the rest goes on. */
START_TEST(lies_are_left_out)
{
    static const struct {
        const char *behaviour;
        bool module_id, listed;
    } cases[] = {
        {"mechanisms-many", true, false}, {"mechanisms-grow", true, false},
        {"mechanisms-lie", true, false},  {"find-lies", false, true},
        {"attribute-lies", false, true},
    };

    ask_mock(cases[_i].behaviour);
    ck_assert_uint_eq(wire.n_answers, N_ROWS);
    ck_assert_int_eq((int)wire.answers[OPEN].result, RESULT_DONE);
    ck_assert_int_eq((int)wire.answers[DIGEST].result, RESULT_DONE);
    ck_assert_int_eq(json_object_get(wire.facts, "module_id") != NULL, cases[_i].module_id);
    ck_assert_int_eq((int)wire.answers[DIGEST].listed,
                     cases[_i].listed ? LISTED_YES : LISTED_UNKNOWN);
    done_with();
}
END_TEST

START_TEST(indicator_is_what_the_module_said)
{
    static const struct {
        const char *behaviour;
        enum control control;
        enum indicator indicator;
    } cases[] = {
        {"status-no", CONTROL_NOT_BUILT_IN, INDICATOR_NOT_OK},
        {"status-odd", CONTROL_FAILED, INDICATOR_FAILED},
        {"status-fails", CONTROL_FAILED, INDICATOR_FAILED},
        {"no-status", CONTROL_NO_INTERFACE, INDICATOR_NONE},
    };

    ask_mock(cases[_i].behaviour);
    ck_assert_int_eq((int)wire.control, (int)cases[_i].control);
    ck_assert_int_eq((int)wire.answers[DIGEST].indicator, (int)cases[_i].indicator);
    done_with();
}
END_TEST

/* NSS's own indicator says yes to everything here, unless there is none. */
START_TEST(both_ways_to_ask_are_asked)
{
    static const struct {
        const char *behaviour;
        enum control control;
        enum indicator indicator, validation, key_validation;
    } cases[] = {
        {"v32-agrees", CONTROL_WORKING, INDICATOR_OK, INDICATOR_OK, INDICATOR_OK},
        {"v32-rows", CONTROL_WORKING, INDICATOR_OK, INDICATOR_NOT_OK, INDICATOR_OK},
        {"v32-key", CONTROL_WORKING, INDICATOR_OK, INDICATOR_OK, INDICATOR_NOT_OK},
        {"v32-control", CONTROL_CONTRADICTED, INDICATOR_OK, INDICATOR_NOT_OK, INDICATOR_OK},
        {"v32-agrees-no-status", CONTROL_WORKING, INDICATOR_OK, INDICATOR_OK, INDICATOR_OK},
        {"v32-control-no-status", CONTROL_NOT_BUILT_IN, INDICATOR_NOT_OK, INDICATOR_NOT_OK,
         INDICATOR_OK},
        /* asked no more once it has failed, or where no object says what a flag means */
        {"v32-fails", CONTROL_WORKING, INDICATOR_OK, INDICATOR_NONE, INDICATOR_NONE},
        {"v32-fails-no-status", CONTROL_FAILED, INDICATOR_NONE, INDICATOR_NONE, INDICATOR_NONE},
        {"v32-no-flag", CONTROL_WORKING, INDICATOR_OK, INDICATOR_NONE, INDICATOR_NONE},
    };
    const json_t *object;

    ask_mock(cases[_i].behaviour);
    ck_assert_int_eq((int)wire.control, (int)cases[_i].control);
    ck_assert_int_eq((int)wire.answers[DIGEST].indicator, (int)cases[_i].indicator);
    ck_assert_int_eq((int)wire.answers[DIGEST].validation, (int)cases[_i].validation);
    ck_assert_int_eq((int)wire.answers[DIGEST].key_validation, INDICATOR_NONE);
    ck_assert_int_eq((int)wire.answers[BLOCK].key_validation, (int)cases[_i].key_validation);
    object = json_array_get(json_object_get(wire.facts, "validations"), 1);
    ck_assert_str_eq(json_string_value(json_object_get(object, "class")), "CKO_VALIDATION");
    ck_assert_str_eq(json_string_value(json_object_get(object, "country")), "mock");
    /* four bytes are no number, and no version of two */
    ck_assert_ptr_null(json_object_get(object, "level"));
    ck_assert_ptr_null(json_object_get(object, "version"));
    done_with();
}
END_TEST

START_TEST(impossible_length_is_wrong)
{
    ask_mock("digest-lies");
    is_wrong(DIGEST, "it says that it wrote more than it was given room for");
    ck_assert_int_eq((int)wire.control, CONTROL_FAILED);
    done_with();
}
END_TEST

START_TEST(same_random_bytes_are_wrong)
{
    ask_mock("random-twice");
    is_wrong(RANDOM, "twice the same bytes");
    done_with();
}
END_TEST

START_TEST(dead_module_needs_a_fresh_child)
{
    ask_mock("dies");
    ck_assert_uint_eq(wire.n_answers, 2);
    is_failed(DIGEST, "C_DigestInit", "CKR_DEVICE_ERROR");
    ck_assert_uint_eq(wire.again, 1);
    done_with();
}
END_TEST

START_TEST(library_that_is_not_there)
{
    own_free char *dir = folder("empty"), *file = mem_printf("%s/libsoftokn3.so", dir);

    unlink(file);
    ask_dir(dir, DOOR_SOFTOKN_DEFAULT);
    is_failed(OPEN, "dlopen", "not-found");
    ck_assert_ptr_nonnull(strstr(wire.answers[OPEN].detail, "there is no libsoftokn3.so in"));
    done_with();
    ask_dir("/nonexistent", DOOR_SOFTOKN_FIPS);
    is_failed(OPEN, "dlopen", "not-found");
    ck_assert_str_eq(wire.answers[OPEN].detail, "there is no directory '/nonexistent'");
    done_with();
}
END_TEST

START_TEST(library_that_is_none)
{
    own_free char *dir = folder("text"), *file = mem_printf("%s/libsoftokn3.so", dir);
    FILE *f;

    unlink(file);
    f = fopen(file, "w");
    ck_assert_ptr_nonnull(f);
    fputs("no library\n", f);
    fclose(f);
    ask_dir(dir, DOOR_SOFTOKN_FIPS);
    is_failed(OPEN, "dlopen", "cannot-load");
    ck_assert_ptr_nonnull(wire.answers[OPEN].detail);
    done_with();
}
END_TEST

/* The mock has no C_ entry points. */
START_TEST(door_without_entry_point)
{
    own_free char *dir = folder("plain-default");

    ask_dir(dir, DOOR_SOFTOKN_DEFAULT);
    is_failed(OPEN, "C_GetFunctionList", "not-found");
    done_with();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("softokn_ask");
    TCase *t = tcase_create("softokn_ask");

    tcase_add_test(t, opened_with_indicators);
    tcase_add_loop_test(t, door_does_not_open, 0, 5);
    tcase_add_loop_test(t, door_answers_nonsense, 0, 2);
    tcase_add_test(t, success_is_not_believed);
    tcase_add_test(t, lengths_of_ciphers_may_lie);
    tcase_add_test(t, mechanisms_are_told_in_full);
    tcase_add_loop_test(t, lies_are_left_out, 0, 5);
    tcase_add_loop_test(t, indicator_is_what_the_module_said, 0, 4);
    tcase_add_test(t, error_state_is_told);
    tcase_add_loop_test(t, both_ways_to_ask_are_asked, 0, 9);
    tcase_add_test(t, impossible_length_is_wrong);
    tcase_add_test(t, same_random_bytes_are_wrong);
    tcase_add_test(t, dead_module_needs_a_fresh_child);
    tcase_add_test(t, library_that_is_not_there);
    tcase_add_test(t, library_that_is_none);
    tcase_add_test(t, door_without_entry_point);
    suite_add_tcase(s, t);
    return unit_run(s);
}
