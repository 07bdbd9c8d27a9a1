/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "base/own.h"
#include "data/data.h"
#include "softokn/constants.h"
#include "softokn/recipe.h"

#include "unit.h"

#include <string.h>

static const struct catalogue_rules rules = {
    .pkcs11_ops = softokn_ops,
    .check_pkcs11 = softokn_check,
};

static void load(struct catalogue *c)
{
    own_err struct err err = {0};
    int rc = catalogue_load("catalogue.yaml", (const char *)data_catalogue, data_catalogue_len,
                            &rules, c, &err);

    ck_assert_msg(rc == 0, "%s", err.msg);
}

START_TEST(constants_are_sorted_and_complete)
{
    size_t n;
    const struct constant *table = constants_table(&n);

    ck_assert_uint_gt(n, 500);
    for (size_t i = 0; i < n; i++) {
        unsigned long number;

        ck_assert_msg(i == 0 || strcmp(table[i - 1].name, table[i].name) < 0, "%s",
                      table[i].name);
        ck_assert(constants_number(table[i].name, &number));
        ck_assert_uint_eq(number, table[i].number);
    }
}
END_TEST

START_TEST(constants_round_trip)
{
    size_t n;
    const struct constant *table = constants_table(&n);

    for (size_t i = 0; i < n; i++) {
        char prefix[5] = {0};
        const char *name;
        unsigned long number;

        memcpy(prefix, table[i].name, 4);
        name = constants_name(prefix, table[i].number);
        ck_assert_ptr_nonnull(name);
        ck_assert(constants_number(name, &number));
        ck_assert_uint_eq(number, table[i].number);
    }
}
END_TEST

/* Headers that have a name of the table of newer ones agree with it, so that a number that is read
 * wrong shows as soon as they arrive; and every row can be found by its name and by its number. */
START_TEST(newer_constants_are_those_of_the_headers)
{
    size_t n, n_newer;
    const struct constant *table = constants_table(&n);
    const struct constant *newer = constants_newer(&n_newer);

    ck_assert_uint_gt(n_newer, 100);
    for (size_t i = 0; i < n_newer; i++) {
        char prefix[5] = {0};
        unsigned long number;

        memcpy(prefix, newer[i].name, 4);
        ck_assert(constants_number(newer[i].name, &number));
        ck_assert_msg(number == newer[i].number, "%s", newer[i].name);
        ck_assert_ptr_nonnull(constants_name(prefix, newer[i].number));
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(newer[k].name, newer[i].name);
        for (size_t k = 0; k < n; k++)
            ck_assert_msg(strcmp(table[k].name, newer[i].name) != 0 ||
                              table[k].number == newer[i].number,
                          "%s", newer[i].name);
    }
}
END_TEST

START_TEST(constants_prefer_the_current_spelling)
{
    static const struct {
        const char *prefix;
        unsigned long number;
        const char *name;
    } rows[] = {
        {"CKM_", CKM_EC_KEY_PAIR_GEN, "CKM_EC_KEY_PAIR_GEN"},
        {"CKK_", CKK_EC, "CKK_EC"},
        {"CKM_", CKM_NSS + 2, "CKM_NSS_AES_KEY_WRAP_PAD"},
        {"CKM_", CKM_NSS + 48, "CKM_NSS_ML_KEM_KEY_PAIR_GEN"},
        {"CKR_", CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR"},
        {"CKR_", CKR_OK, "CKR_OK"},
        {"CKO_", 0x0a, "CKO_VALIDATION"},
        {"CKM_", 0x402e, "CKM_IKE2_PRF_PLUS_DERIVE"},
        {"CKM_", 0x398, "CKM_SHA3_224_KEY_DERIVE"},
        {"CKM_", 0x2003, "CKM_DSA_PROBABILISTIC_PARAMETER_GEN"},
        {"CKM_", CKM_NSS + 49, "CKM_NSS_ML_KEM"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_str_eq(constants_name(rows[i].prefix, rows[i].number), rows[i].name);
    ck_assert_ptr_null(constants_name("CKM_", 0x7fff1234));
}
END_TEST

START_TEST(unknown_numbers_are_kept)
{
    own_free char *unknown = constants_text("CKR_", 0x7fff1234);
    own_free char *known = constants_text("CKR_", 0x70);
    unsigned long number;

    ck_assert_str_eq(unknown, "0x7fff1234");
    ck_assert_str_eq(known, "CKR_MECHANISM_INVALID");
    ck_assert(!constants_number("CKM_NONE_SUCH", &number));
    ck_assert(!constants_number("", &number));
}
END_TEST

START_TEST(embedded_catalogue_loads)
{
    struct catalogue c;

    load(&c);
    ck_assert_str_eq(c.items[0].id, PROBE_OPEN);
    ck_assert_ptr_nonnull(catalogue_find(&c, "cipher.aes-256-gcm.module-iv"));
    catalogue_free(&c);
}
END_TEST

/* Every row is found by its id, alone and as the whole catalogue has it. */
START_TEST(embedded_catalogue_has_excerpts)
{
    struct catalogue c;

    load(&c);
    for (size_t i = 0; i < c.n; i++) {
        struct catalogue_rules part = rules;
        struct strings only = {&c.items[i].id, 1};
        struct catalogue some;
        own_buf struct buf text = {0};
        own_err struct err err = {0};

        part.partial = true;
        catalogue_excerpt((const char *)data_catalogue, data_catalogue_len, &only, &text);
        ck_assert_int_eq(catalogue_load("excerpt", text.data, text.len, &part, &some, &err), 0);
        ck_assert_uint_eq(some.n, i == 0 ? 1 : 2);
        ck_assert_str_eq(some.items[0].id, PROBE_OPEN);
        ck_assert_str_eq(some.items[some.n - 1].id, c.items[i].id);
        ck_assert_str_eq(some.items[some.n - 1].title, c.items[i].title);
        ck_assert_uint_eq(some.items[some.n - 1].jca.n, c.items[i].jca.n);
        ck_assert_uint_eq(some.items[some.n - 1].pkcs11.n, c.items[i].pkcs11.n);
        ck_assert_uint_eq(some.items[some.n - 1].vector.n, c.items[i].vector.n);
        catalogue_free(&some);
    }
    catalogue_free(&c);
}
END_TEST

/* Canonical spellings, alternatives too, each once. */
START_TEST(mechanisms_of_all_rows)
{
    struct catalogue c;
    struct strings names = {0};
    size_t gcm = 0, chacha = 0;

    load(&c);
    softokn_row_mechanisms(&c, &names);
    for (size_t i = 0; i < names.n; i++) {
        unsigned long number;

        ck_assert(constants_number(names.items[i], &number));
        ck_assert_str_eq(constants_name("CKM_", number), names.items[i]);
        gcm += strcmp(names.items[i], "CKM_AES_GCM") == 0;
        chacha += strcmp(names.items[i], "CKM_NSS_CHACHA20_POLY1305") == 0;
    }
    ck_assert_uint_eq(gcm, 1);
    ck_assert_uint_eq(chacha, 1);
    strings_free(&names);
    catalogue_free(&c);
}
END_TEST

/* What is told to be asked nowhere is a mechanism, as the report spells it, and no row asks it. */
START_TEST(unasked_mechanisms)
{
    struct catalogue c;
    struct strings asked = {0};
    size_t n = 0;

    load(&c);
    softokn_row_mechanisms(&c, &asked);
    for (size_t i = 0; i < c.n; i++) {
        struct spec spec = {&c.items[i].unasked, NULL};
        own_free char *names = mem_str(spec_word(&spec, "mechanisms", ""));
        char *save = NULL;

        for (char *name = strtok_r(names, " ", &save); name != NULL;
             name = strtok_r(NULL, " ", &save)) {
            unsigned long number;

            ck_assert_msg(constants_number(name, &number), "%s", name);
            ck_assert_str_eq(constants_name("CKM_", number), name);
            ck_assert_str_eq(catalogue_unasked(&c, name), spec_get(&spec, "reason"));
            for (size_t k = 0; k < asked.n; k++)
                ck_assert_str_ne(asked.items[k], name);
            n++;
        }
    }
    ck_assert_uint_ge(n, 30);
    ck_assert_ptr_null(catalogue_unasked(&c, "CKM_SHA256"));
    strings_free(&asked);
    catalogue_free(&c);
}
END_TEST

START_TEST(every_answer_has_a_source)
{
    static const char *const answers[] = {"answer", "ciphertext"};
    struct catalogue c;

    load(&c);
    for (size_t i = 0; i < c.n; i++) {
        struct spec spec = {&c.items[i].vector, NULL};

        for (size_t k = 0; k < sizeof answers / sizeof *answers; k++)
            ck_assert_msg(spec_get(&spec, answers[k]) == NULL || spec_get(&spec, "source") != NULL,
                          "%s", c.items[i].id);
    }
    catalogue_free(&c);
}
END_TEST

/* The pieces that the parameters of key derivations point to are where they belong. */
START_TEST(parameters_are_of_their_row)
{
    struct catalogue c;
    struct spec spec;
    own_recipe struct recipe r = {0};
    struct mech mech;

    load(&c);
    spec = probe_spec(catalogue_find(&c, "kdf.sp800-108-counter"), DOOR_SOFTOKN_FIPS);
    recipe_read(&spec, 0, &r);
    recipe_mech(&r, &mech);
    ck_assert_uint_eq(mech.u.kdf.prfType, CKM_SHA256_HMAC);
    ck_assert_uint_eq(mech.u.kdf.ulNumberOfDataParams, 2);
    ck_assert_ptr_eq(mech.u.kdf.pDataParams[0].pValue, &mech.counter);
    ck_assert_ptr_eq(mech.u.kdf.pDataParams[1].pValue, r.info.data);
    recipe_free(&r);
    spec = probe_spec(catalogue_find(&c, "signature.rsa-2048-pss"), DOOR_SOFTOKN_FIPS);
    recipe_read(&spec, 0, &r);
    recipe_mech(&r, &mech);
    ck_assert_uint_eq(mech.u.pss.hashAlg, CKM_SHA256);
    ck_assert_uint_eq(mech.u.pss.mgf, CKG_MGF1_SHA256);
    ck_assert_uint_eq(mech.u.pss.sLen, 32);
    recipe_free(&r);
    spec = probe_spec(catalogue_find(&c, "kdf.ikev1-skeyid-d"), DOOR_SOFTOKN_FIPS);
    recipe_read(&spec, 0, &r);
    recipe_mech(&r, &mech);
    ck_assert(recipe_takes_second(&r));
    recipe_mech_second(&mech, r.form, 42);
    ck_assert_uint_eq(mech.u.ike1.hKeygxy, 42);
    ck_assert_ptr_eq(mech.u.ike1.pCKYr, r.info.data + 8);
    recipe_free(&r);
    spec = probe_spec(catalogue_find(&c, "kem.ml-kem-768.nss"), DOOR_SOFTOKN_FIPS);
    recipe_read(&spec, 0, &r);
    ck_assert(recipe_vendor_set(&r));
    recipe_free(&r);
    spec = probe_spec(catalogue_find(&c, "kem.ml-kem-768"), DOOR_SOFTOKN_FIPS);
    recipe_read(&spec, 0, &r);
    ck_assert(!recipe_vendor_set(&r));
    catalogue_free(&c);
}
END_TEST

static char *pair_id(const struct catalogue *c, const char *id, bool brought, CK_ATTRIBUTE_TYPE use)
{
    struct spec spec = probe_spec(catalogue_find(c, id), DOOR_SOFTOKN_FIPS);
    own_recipe struct recipe r = {0};

    recipe_read(&spec, 0, &r);
    return recipe_pair_id(&r, brought, use);
}

/* Rows share a key pair when it is the same value, or made in the same way, for the same use. */
START_TEST(pairs_are_told_apart)
{
    static const char *const others[] = {"signature.rsa-1024", "signature.ecdsa-p256",
                                         "signature.ecdsa-p384", "signature.dsa-2048"};
    struct catalogue c;
    own_free char *brought = NULL, *again = NULL, *used = NULL, *made = NULL;

    load(&c);
    brought = pair_id(&c, "signature.rsa-2048.sha-384", true, CKA_SIGN);
    again = pair_id(&c, "signature.rsa-2048.sha-512", true, CKA_SIGN);
    used = pair_id(&c, "signature.rsa-2048.sha-384", true, CKA_DECRYPT);
    made = pair_id(&c, "signature.rsa-2048.sha-384", false, CKA_SIGN);
    ck_assert_str_eq(brought, again);
    ck_assert_str_ne(brought, used);
    ck_assert_str_ne(brought, made);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        own_free char *other = pair_id(&c, others[i], false, CKA_SIGN);

        ck_assert_str_ne(other, made);
    }
    catalogue_free(&c);
}
END_TEST

/* A hundred rows at the least, and each says what standards say. */
START_TEST(every_row_knows_its_standard)
{
    struct catalogue c;
    size_t rows = 0;

    load(&c);
    for (size_t i = 0; i < c.n; i++) {
        if (!probe_at(&c.items[i], DOOR_SOFTOKN_FIPS) || strcmp(c.items[i].id, PROBE_OPEN) == 0)
            continue;
        rows += !probe_on_request(&c.items[i], DOOR_SOFTOKN_FIPS);
        ck_assert_msg(c.items[i].standard.n >= 3, "%s", c.items[i].id);
    }
    ck_assert_uint_ge(rows, 100);
    ck_assert(probe_at(catalogue_find(&c, "key.export"), DOOR_NSS));
    ck_assert(probe_at(catalogue_find(&c, "key.export"), DOOR_SOFTOKN_DEFAULT));
    catalogue_free(&c);
}
END_TEST

START_TEST(every_alternative_can_be_read)
{
    struct catalogue c;

    load(&c);
    for (size_t i = 0; i < c.n; i++) {
        struct spec spec = probe_spec(&c.items[i], DOOR_SOFTOKN_FIPS);

        if (!probe_at(&c.items[i], DOOR_SOFTOKN_FIPS))
            continue;
        for (size_t k = 0; k < recipe_alternatives(&spec); k++) {
            own_recipe struct recipe r = {0};
            struct mech mech;

            recipe_read(&spec, k, &r);
            ck_assert(r.form != FORM_MAX);
            recipe_mech(&r, &mech);
            ck_assert_uint_eq(mech.m.mechanism, r.mechanism);
            ck_assert((mech.m.pParameter == NULL) == (mech.m.ulParameterLen == 0));
            ck_assert((r.form == FORM_NONE) == (mech.m.pParameter == NULL));
        }
    }
    catalogue_free(&c);
}
END_TEST

START_TEST(the_first_listed_alternative_is_chosen)
{
    const CK_MECHANISM_TYPE old[] = {CKM_SHA256, CKM_NSS_CHACHA20_KEY_GEN,
                                     CKM_NSS_CHACHA20_POLY1305};
    const CK_MECHANISM_TYPE both[] = {CKM_NSS_CHACHA20_POLY1305, CKM_NSS_CHACHA20_KEY_GEN,
                                      CKM_CHACHA20_POLY1305, CKM_CHACHA20_KEY_GEN};
    struct catalogue c;
    struct spec spec;

    load(&c);
    spec = probe_spec(catalogue_find(&c, "cipher.chacha20-poly1305"), DOOR_NSS);
    ck_assert_uint_eq(recipe_alternatives(&spec), 2);
    ck_assert_uint_eq(recipe_choose(&spec, old, 3), 1);
    ck_assert_uint_eq(recipe_choose(&spec, both, 4), 0);
    ck_assert_uint_eq(recipe_choose(&spec, NULL, 0), 0);
    catalogue_free(&c);
}
END_TEST

#define ROW "- {id: door.open, title: x, pkcs11: {op: open}}\n- {id: a.b, title: x, pkcs11: {"

START_TEST(bad_rows_are_named)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"op: digest, mechanism: CKM_NONE_SUCH, message: '', answer: ''",
         "c.yaml:2: row 'a.b': 'mechanism': there is no 'CKM_NONE_SUCH' (CKM_... is expected)"},
        {"op: digest, mechanism: CKK_AES, message: '', answer: ''",
         "c.yaml:2: row 'a.b': 'mechanism': there is no 'CKK_AES' (CKM_... is expected)"},
        {"op: digest, mechanism: CKM_MD5, message: '', answer: '', refusal: CKM_MD5",
         "c.yaml:2: row 'a.b': 'refusal': there is no 'CKM_MD5' (CKR_... or SEC_ERROR_... is "
         "expected)"},
        {"op: cipher, mechanism: CKM_AES_CBC or CKM_AES_ECB, keygen: CKM_AES_KEY_GEN or "
         "CKM_AES_KEY_GEN or CKM_AES_KEY_GEN, key-type: CKK_AES, parameter: none, key: '00', "
         "plaintext: '', ciphertext: ''",
         "c.yaml:2: row 'a.b': 'mechanism' names 2 alternatives where another word names 3"},
        {"op: cipher, mechanism: CKM_AES_CBC, keygen: CKM_AES_KEY_GEN, key-type: CKK_AES, "
         "parameter: iv, key: '00', plaintext: '', ciphertext: ''",
         "c.yaml:2: row 'a.b': parameter 'iv' needs 'iv'"},
        {"op: cipher, mechanism: CKM_AES_CBC, keygen: CKM_AES_KEY_GEN, key-type: CKK_AES, "
         "parameter: round, key: '00', plaintext: '', ciphertext: ''",
         "c.yaml:2: row 'a.b': 'parameter': there is no form 'round'"},
        {"op: aead, mechanism: CKM_AES_GCM, keygen: CKM_AES_KEY_GEN, key-type: CKK_AES, "
         "parameter: gcm, tag-bytes: 16, key: '00', iv: '00', aad: '', plaintext: '', "
         "ciphertext: '00'",
         "c.yaml:2: row 'a.b': 'ciphertext' must be as long as 'plaintext' and the tag together"},
        {"op: sign, mechanism: CKM_EDDSA, keygen: CKM_EC_KEY_PAIR_GEN, key-type: CKK_EC, "
         "message: ''",
         "c.yaml:2: row 'a.b': one of 'bits', 'ec-params', 'prime' and 'parameter-set' is needed"},
        {"op: kem, mechanism: CKM_ML_KEM, keygen: CKM_ML_KEM_KEY_PAIR_GEN, key-type: CKK_ML_KEM, "
         "parameter-set: ML-KEM-768, ciphertext-bytes: 1088, doors: softokn-fips",
         "c.yaml:2: row 'a.b': 'parameter-set': there is no 'ML-KEM-768' (CKP_... is expected)"},
        {"op: tls-keys, mechanism: CKM_TLS12_KEY_AND_MAC_DERIVE, "
         "keygen: CKM_GENERIC_SECRET_KEY_GEN, key-type: CKK_GENERIC_SECRET, hash: CKM_SHA256, "
         "mac-bytes: 1, write-bytes: 1, iv-bytes: 1, key: '00', info: '00', answer: '000000000000', "
         "doors: softokn-fips",
         "c.yaml:2: row 'a.b': 'info' must be 64 bytes, and 'answer' two MAC keys, keys and IVs"},
        {"op: derive, mechanism: CKM_AES_CBC_ENCRYPT_DATA, keygen: CKM_AES_KEY_GEN, "
         "key-type: CKK_AES, parameter: cbc-data, key: '00', iv: '00', info: '00', answer: '00', "
         "doors: softokn-fips",
         "c.yaml:2: row 'a.b': parameter 'cbc-data' needs an 'iv' of 16 bytes"},
        {"op: derive, mechanism: CKM_DES3_CBC_ENCRYPT_DATA, keygen: CKM_DES3_KEY_GEN, "
         "key-type: CKK_DES3, parameter: des-cbc-data, key: '00', iv: '00', info: '00', "
         "answer: '00'",
         "c.yaml:2: row 'a.b': parameter 'des-cbc-data' needs an 'iv' of 8 bytes"},
        {"op: derive, mechanism: CKM_EXTRACT_KEY_FROM_KEY, keygen: CKM_GENERIC_SECRET_KEY_GEN, "
         "key-type: CKK_GENERIC_SECRET, parameter: extract, key: '00', answer: '00'",
         "c.yaml:2: row 'a.b': parameter 'extract' needs 'bit'"},
        {"op: derive, mechanism: CKM_CONCATENATE_BASE_AND_KEY, keygen: CKM_GENERIC_SECRET_KEY_GEN, "
         "key-type: CKK_GENERIC_SECRET, parameter: key, key: '00', answer: '00', "
         "doors: softokn-fips",
         "c.yaml:2: row 'a.b': parameter 'key' needs 'second'"},
        {"op: agree, mechanism: CKM_DH_PKCS_DERIVE, keygen: CKM_DH_PKCS_KEY_PAIR_GEN, "
         "key-type: CKK_DH, prime: '03'",
         "c.yaml:2: row 'a.b': 'prime' and 'base' belong together"},
        {"op: agree, mechanism: CKM_ECDH1_DERIVE, keygen: CKM_EC_KEY_PAIR_GEN, key-type: CKK_EC, "
         "ec-params: zz",
         "c.yaml:2: row 'a.b': 'ec-params': 'zz' is not bytes in hexadecimal"},
        {"op: export, doors: softokn-fips nss",
         "c.yaml:2: row 'a.b': 'doors' leaves one out: 'note' must say why"},
        {"op: export, doors: jca", "c.yaml:2: row 'a.b': 'doors': 'jca' is no door of this part"},
        {"op: random, bytes: 32, asked: never",
         "c.yaml:2: row 'a.b': 'asked' can be 'on-request' alone"},
        {"op: pbkdf, mechanism: CKM_PKCS5_PBKD2, parameter: hkdf, prf: CKP_PKCS5_PBKD2_HMAC_SHA1, "
         "password: '', salt: '', iterations: 1, answer: '', doors: softokn-fips",
         "c.yaml:2: row 'a.b': parameter 'hkdf' needs 'hash'"},
        {"op: random, bytes: 2", "c.yaml:2: row 'a.b': fewer than 16 random bytes tell nothing"},
        {"op: random, bytes: 999999999", "c.yaml:2: row 'a.b': a size is beyond what is asked here"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_free char *text = mem_printf(ROW "%s}}\n", rows[i].text);
        own_err struct err err = {0};
        struct catalogue c;

        ck_assert_int_eq(catalogue_load("c.yaml", text, strlen(text), &rules, &c, &err), -1);
        ck_assert_str_eq(err.msg, rows[i].message);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("softokn");
    TCase *t = tcase_create("softokn");

    tcase_add_test(t, constants_are_sorted_and_complete);
    tcase_add_test(t, constants_round_trip);
    tcase_add_test(t, newer_constants_are_those_of_the_headers);
    tcase_add_test(t, constants_prefer_the_current_spelling);
    tcase_add_test(t, unknown_numbers_are_kept);
    tcase_add_test(t, embedded_catalogue_loads);
    tcase_add_test(t, embedded_catalogue_has_excerpts);
    tcase_add_test(t, mechanisms_of_all_rows);
    tcase_add_test(t, unasked_mechanisms);
    tcase_add_test(t, every_answer_has_a_source);
    tcase_add_test(t, every_row_knows_its_standard);
    tcase_add_test(t, parameters_are_of_their_row);
    tcase_add_test(t, pairs_are_told_apart);
    tcase_add_test(t, every_alternative_can_be_read);
    tcase_add_test(t, the_first_listed_alternative_is_chosen);
    tcase_add_test(t, bad_rows_are_named);
    suite_add_tcase(s, t);
    return unit_run(s);
}
