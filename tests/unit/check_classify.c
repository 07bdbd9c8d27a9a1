/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include "unit.h"

struct success_row {
    enum door door;
    enum control control;
    enum indicator indicator, key;
    enum outcome outcome;
};

/* The only ways to "approved" stand first. */
static const struct success_row successes[] = {
    {DOOR_SOFTOKN_FIPS, CONTROL_WORKING, INDICATOR_OK, INDICATOR_NONE, OUTCOME_APPROVED},
    {DOOR_SOFTOKN_FIPS, CONTROL_WORKING, INDICATOR_OK, INDICATOR_OK, OUTCOME_APPROVED},
    {DOOR_NSS, CONTROL_WORKING, INDICATOR_OK, INDICATOR_NONE, OUTCOME_APPROVED},
    {DOOR_SOFTOKN_FIPS, CONTROL_WORKING, INDICATOR_OK, INDICATOR_NOT_OK, OUTCOME_NOT_APPROVED},
    {DOOR_SOFTOKN_FIPS, CONTROL_WORKING, INDICATOR_OK, INDICATOR_FAILED, OUTCOME_WORKS},
    {DOOR_SOFTOKN_FIPS, CONTROL_WORKING, INDICATOR_NOT_OK, INDICATOR_NONE, OUTCOME_NOT_APPROVED},
    {DOOR_SOFTOKN_FIPS, CONTROL_WORKING, INDICATOR_NOT_OK, INDICATOR_OK, OUTCOME_NOT_APPROVED},
    {DOOR_SOFTOKN_FIPS, CONTROL_WORKING, INDICATOR_NONE, INDICATOR_OK, OUTCOME_WORKS},
    {DOOR_SOFTOKN_FIPS, CONTROL_WORKING, INDICATOR_FAILED, INDICATOR_OK, OUTCOME_WORKS},
    {DOOR_SOFTOKN_FIPS, CONTROL_NOT_BUILT_IN, INDICATOR_OK, INDICATOR_OK, OUTCOME_WORKS},
    {DOOR_SOFTOKN_FIPS, CONTROL_NOT_BUILT_IN, INDICATOR_NOT_OK, INDICATOR_NONE, OUTCOME_WORKS},
    {DOOR_SOFTOKN_FIPS, CONTROL_NO_INTERFACE, INDICATOR_OK, INDICATOR_NONE, OUTCOME_WORKS},
    {DOOR_SOFTOKN_FIPS, CONTROL_FAILED, INDICATOR_OK, INDICATOR_NONE, OUTCOME_WORKS},
    {DOOR_JCA, CONTROL_WORKING, INDICATOR_OK, INDICATOR_OK, OUTCOME_WORKS},
};

/* What PKCS#11 3.2's flags add: they can take "approved" away and never give it. */
static const struct {
    enum indicator indicator, validation, key, key_validation;
    enum outcome outcome;
} seconds[] = {
    {INDICATOR_OK, INDICATOR_OK, INDICATOR_OK, INDICATOR_OK, OUTCOME_APPROVED},
    {INDICATOR_OK, INDICATOR_OK, INDICATOR_NONE, INDICATOR_NONE, OUTCOME_APPROVED},
    {INDICATOR_OK, INDICATOR_NOT_OK, INDICATOR_NONE, INDICATOR_NONE, OUTCOME_NOT_APPROVED},
    {INDICATOR_NOT_OK, INDICATOR_OK, INDICATOR_NONE, INDICATOR_NONE, OUTCOME_NOT_APPROVED},
    {INDICATOR_OK, INDICATOR_FAILED, INDICATOR_NONE, INDICATOR_NONE, OUTCOME_WORKS},
    {INDICATOR_FAILED, INDICATOR_OK, INDICATOR_NONE, INDICATOR_NONE, OUTCOME_WORKS},
    {INDICATOR_NONE, INDICATOR_OK, INDICATOR_NONE, INDICATOR_NONE, OUTCOME_WORKS},
    {INDICATOR_OK, INDICATOR_OK, INDICATOR_OK, INDICATOR_NOT_OK, OUTCOME_NOT_APPROVED},
    {INDICATOR_OK, INDICATOR_OK, INDICATOR_NOT_OK, INDICATOR_OK, OUTCOME_NOT_APPROVED},
    {INDICATOR_OK, INDICATOR_OK, INDICATOR_OK, INDICATOR_FAILED, OUTCOME_WORKS},
};

static const struct probe plain = {.id = (char *)(uintptr_t) "digest.sha-256"};

START_TEST(success)
{
    for (size_t i = 0; i < sizeof successes / sizeof *successes; i++) {
        const struct success_row *r = &successes[i];
        struct observation o = {.probe = &plain, .door = r->door};

        o.evidence.result = RESULT_DONE;
        o.evidence.indicator = r->indicator;
        o.evidence.key_indicator = r->key;
        ck_assert_msg(judge_classify(&o, r->control) == r->outcome, "row %zu", i);
    }
}
END_TEST

START_TEST(a_second_word)
{
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        struct observation o = {.probe = &plain, .door = DOOR_SOFTOKN_FIPS};

        o.evidence.result = RESULT_DONE;
        o.evidence.indicator = seconds[i].indicator;
        o.evidence.validation = seconds[i].validation;
        o.evidence.key_indicator = seconds[i].key;
        o.evidence.key_validation = seconds[i].key_validation;
        ck_assert_msg(judge_classify(&o, CONTROL_WORKING) == seconds[i].outcome, "row %zu", i);
        ck_assert_int_eq(judge_classify(&o, CONTROL_CONTRADICTED), OUTCOME_WORKS);
    }
}
END_TEST

/* Of all that can be said, nothing but these rows is approved, and nothing but a success. */
START_TEST(approved_is_rare)
{
    size_t approved = 0;

    for (int result = 0; result < RESULT_MAX; result++)
        for (int control = 0; control < CONTROL_MAX; control++)
            for (int indicator = 0; indicator < INDICATOR_MAX; indicator++)
                for (int key = 0; key < INDICATOR_MAX; key++) {
                    struct observation o = {.probe = &plain};

                    o.evidence.result = (enum result)result;
                    o.evidence.indicator = (enum indicator)indicator;
                    o.evidence.key_indicator = (enum indicator)key;
                    if (judge_classify(&o, (enum control)control) != OUTCOME_APPROVED)
                        continue;
                    approved++;
                    ck_assert_int_eq(result, RESULT_DONE);
                    ck_assert_int_eq(control, CONTROL_WORKING);
                    ck_assert_int_eq(indicator, INDICATOR_OK);
                }
    ck_assert_uint_eq(approved, 2);
}
END_TEST

START_TEST(other_results)
{
    static const struct {
        enum result result;
        enum outcome outcome;
    } rows[] = {
        {RESULT_WRONG, OUTCOME_INCORRECT},     {RESULT_CRASHED, OUTCOME_CRASHED},
        {RESULT_TIMED_OUT, OUTCOME_TIMED_OUT}, {RESULT_NOT_RUN, OUTCOME_NOT_RUN},
        {RESULT_FAILED, OUTCOME_ERROR}, /* without a code nothing is known of it */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct observation o = {.probe = &plain};

        o.evidence.result = rows[i].result;
        o.evidence.indicator = INDICATOR_OK;
        ck_assert_int_eq(judge_classify(&o, CONTROL_WORKING), rows[i].outcome);
    }
}
END_TEST

struct failure_row {
    enum door door;
    enum listing listed;
    const char *code, *detail;
    enum outcome outcome;
};

#define P11E " <- sun.security.pkcs11.wrapper.PKCS11Exception/"
#define NSAE "java.security.NoSuchAlgorithmException"
#define IKE "java.security.InvalidKeyException"
#define PE "java.security.ProviderException"

static const struct failure_row failures[] = {
    /* FACTS.md, "NSS: what depends on the host" */
    {DOOR_SOFTOKN_FIPS, LISTED_NO, "CKR_MECHANISM_INVALID", NULL, OUTCOME_ABSENT},
    {DOOR_SOFTOKN_FIPS, LISTED_UNKNOWN, "CKR_MECHANISM_INVALID", NULL, OUTCOME_ABSENT},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_MECHANISM_INVALID", NULL, OUTCOME_REFUSED},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_KEY_SIZE_RANGE", NULL, OUTCOME_REFUSED},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_ATTRIBUTE_VALUE_INVALID", NULL, OUTCOME_REFUSED},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_USER_NOT_LOGGED_IN", NULL, OUTCOME_REFUSED},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_DOMAIN_PARAMS_INVALID", NULL, OUTCOME_REFUSED},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_KEY_FUNCTION_NOT_PERMITTED", NULL, OUTCOME_REFUSED},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_ARGUMENTS_BAD", NULL, OUTCOME_ERROR},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_DEVICE_ERROR", NULL, OUTCOME_ERROR},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_GENERAL_ERROR", NULL, OUTCOME_ERROR},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_HOST_MEMORY", NULL, OUTCOME_ERROR},
    {DOOR_SOFTOKN_FIPS, LISTED_YES, "CKR_FUNCTION_FAILED", NULL, OUTCOME_ERROR},
    {DOOR_SOFTOKN_FIPS, LISTED_NO, "0x80001234", NULL, OUTCOME_ERROR},
    {DOOR_SOFTOKN_FIPS, LISTED_NO, "", NULL, OUTCOME_ERROR},
    /* a code of another door means nothing here */
    {DOOR_SOFTOKN_FIPS, LISTED_NO, "SEC_ERROR_INVALID_ALGORITHM", NULL, OUTCOME_ERROR},
    {DOOR_NSS, LISTED_NO, "SEC_ERROR_INVALID_ALGORITHM", NULL, OUTCOME_ABSENT},
    {DOOR_NSS, LISTED_YES, "SEC_ERROR_INVALID_ALGORITHM", NULL, OUTCOME_REFUSED},
    {DOOR_NSS, LISTED_NO, "SEC_ERROR_NO_TOKEN", NULL, OUTCOME_ABSENT},
    {DOOR_NSS, LISTED_YES, "SEC_ERROR_INVALID_KEY", NULL, OUTCOME_REFUSED},
    {DOOR_NSS, LISTED_YES, "SEC_ERROR_TOKEN_NOT_LOGGED_IN", NULL, OUTCOME_REFUSED},
    {DOOR_NSS, LISTED_YES, "SEC_ERROR_SIGNATURE_ALGORITHM_DISABLED", NULL, OUTCOME_REFUSED},
    {DOOR_NSS, LISTED_YES, "SEC_ERROR_BAD_DATA", NULL, OUTCOME_ERROR},
    {DOOR_NSS, LISTED_NO, "SEC_ERROR_BAD_DATA", NULL, OUTCOME_ABSENT},
    {DOOR_NSS, LISTED_UNKNOWN, "SEC_ERROR_BAD_DATA", NULL, OUTCOME_ERROR},
    {DOOR_NSS, LISTED_YES, "SEC_ERROR_PKCS11_DEVICE_ERROR", NULL, OUTCOME_ERROR},
    {DOOR_NSS, LISTED_YES, "SEC_ERROR_LIBRARY_FAILURE", NULL, OUTCOME_ERROR},

    /* JAVA-REDHAT.md, section 6, in its order. AES/OFB: NSAE <- Unsupported mode OFB */
    {DOOR_JCA, LISTED_NO, NSAE " <- " NSAE, NULL, OUTCOME_ABSENT},
    {DOOR_JCA, LISTED_YES, "java.security.InvalidAlgorithmParameterException",
     "Cannot reuse the same key and iv pair", OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_NO, NSAE, "Cannot find any provider supporting Blowfish", OUTCOME_ABSENT},
    {DOOR_JCA, LISTED_UNKNOWN, NSAE, "Blowfish KeyGenerator not available", OUTCOME_ABSENT},
    {DOOR_JCA, LISTED_NO, NSAE " <- javax.crypto.NoSuchPaddingException",
     "Unsupported padding OAEP", OUTCOME_ABSENT},
    {DOOR_JCA, LISTED_YES, "java.lang.UnsupportedOperationException", "Unsupported mode: 3",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES,
     "java.lang.CloneNotSupportedException" P11E "CKR_STATE_UNSAVEABLE", NULL, OUTCOME_ERROR},
    {DOOR_JCA, LISTED_YES, IKE P11E "CKR_KEY_SIZE_RANGE", "init() failed", OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, IKE P11E "CKR_TEMPLATE_INCONSISTENT", "Could not create key",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, IKE P11E "CKR_KEY_TYPE_INCONSISTENT", "init() failed",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, IKE " <- " NSAE,
     "No installed provider supports this key <- SHA3-256 MessageDigest not available",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, PE P11E "CKR_ARGUMENTS_BAD", "RSA 2048 with e=3", OUTCOME_ERROR},
    {DOOR_JCA, LISTED_YES, "java.security.InvalidAlgorithmParameterException",
     "EC key must be at least 256 bits", OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, PE P11E "CKR_DOMAIN_PARAMS_INVALID", "secp256k1", OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, PE P11E "CKR_ATTRIBUTE_VALUE_INVALID", "DH 1024", OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_NO, NSAE, "No strong SecureRandom impls available", OUTCOME_ABSENT},
    {DOOR_JCA, LISTED_YES, IKE, "Missing password", OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_NO, "java.security.KeyStoreException <- " NSAE, "JCEKS not found",
     OUTCOME_ABSENT},
    {DOOR_JCA, LISTED_YES, "java.io.IOException <- java.security.UnrecoverableKeyException",
     "keystore password was incorrect", OUTCOME_ERROR},
    {DOOR_JCA, LISTED_YES, IKE P11E "CKR_ATTRIBUTE_VALUE_INVALID", "Could not create key",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, PE P11E "CKR_ATTRIBUTE_SENSITIVE", "Could not derive key",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, "java.security.spec.InvalidKeySpecException", NULL, OUTCOME_REFUSED},

    /* JAVA-REDHAT.md, section 3 */
    {DOOR_JCA, LISTED_UNKNOWN, PE " <- java.io.IOException",
     "Could not initialize NSS <- configDir must be a directory: /x", OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN, PE " <- java.io.FileNotFoundException", "/x/secmod.db",
     OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN, PE, "Library /x/libsoftokn3.so does not exist", OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN, PE, "NSS module not available: fips", OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN, "java.lang.InternalError <- " NSAE, "SHA-1 not available",
     OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN, "java.lang.UnsatisfiedLinkError",
     "no systemconf in system library path", OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN,
     "java.lang.NoClassDefFoundError <- java.lang.ExceptionInInitializerError", NULL,
     OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN, "java.lang.NullPointerException", "\"list\" is null",
     OUTCOME_ERROR},
    /* 3.2: a database with a PIN */
    {DOOR_JCA, LISTED_YES, PE P11E "CKR_PIN_INCORRECT",
     "FIPS: error during the Token login required for the MessageDigest service.",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, NSAE P11E "CKR_PIN_INCORRECT",
     "Cannot find any provider supporting AES/GCM/NoPadding", OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, PE " <- java.nio.file.NoSuchFileException",
     PE ": FIPS: error during the Token login required <- "
        "javax.security.auth.login.LoginException: Unable to perform password callback <- " PE
        ": Error reading fips.nssdb.pin",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, NSAE " <- " PE,
     NSAE ": Cannot find any provider <- "
          "javax.security.auth.login.LoginException: x <- " PE
          ": Unsupported prefix for fips.nssdb.pin.",
     OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, NSAE " <- " PE, "a cause that is no login", OUTCOME_ERROR},

    /* FAILURES.md, section 2 */
    {DOOR_JCA, LISTED_UNKNOWN, PE P11E "CKR_DEVICE_ERROR", "Initialization failed",
     OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN, PE " <- java.io.IOException", "NSS initialization failed",
     OUTCOME_ERROR},
    {DOOR_JCA, LISTED_YES, PE P11E "CKR_SESSION_READ_ONLY", NULL, OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_YES, PE P11E "CKR_USER_TYPE_INVALID", NULL, OUTCOME_REFUSED},
    {DOOR_JCA, LISTED_NO, NSAE, "MD5 MessageDigest not available", OUTCOME_ABSENT},
    {DOOR_JCA, LISTED_NO, NSAE, "no such algorithm: Ed25519 for provider SunEC", OUTCOME_ABSENT},
    {DOOR_JCA, LISTED_YES, "javax.crypto.ShortBufferException" P11E "CKR_DATA_LEN_RANGE", NULL,
     OUTCOME_ERROR},
    {DOOR_JCA, LISTED_YES, "java.lang.ClassCastException", NULL, OUTCOME_ERROR},

    /* the virtual machine itself */
    {DOOR_JCA, LISTED_UNKNOWN, "JNI_ENOMEM", NULL, OUTCOME_ERROR},
    {DOOR_JCA, LISTED_UNKNOWN, "<-/ <-", NULL, OUTCOME_ERROR},
};

START_TEST(failure)
{
    const struct failure_row *r = &failures[_i];
    struct observation o = {.probe = &plain, .door = r->door};
    enum outcome got;

    o.evidence.result = RESULT_FAILED;
    o.evidence.listed = r->listed;
    o.evidence.code = (char *)(uintptr_t)r->code;
    o.evidence.detail = (char *)(uintptr_t)r->detail;
    got = judge_classify(&o, CONTROL_WORKING);
    ck_assert_msg(got == r->outcome, "%s: %s", r->code, outcome_word(got));
}
END_TEST

START_TEST(rows_name_their_refusals)
{
    static const struct {
        enum door door;
        const char *code;
        enum outcome outcome;
    } rows[] = {
        {DOOR_SOFTOKN_FIPS, "CKR_ARGUMENTS_BAD", OUTCOME_REFUSED},
        {DOOR_SOFTOKN_FIPS, "CKR_GENERAL_ERROR", OUTCOME_ERROR},
        {DOOR_JCA, PE P11E "CKR_ARGUMENTS_BAD", OUTCOME_REFUSED},
        {DOOR_JCA, PE P11E "CKR_GENERAL_ERROR", OUTCOME_REFUSED},
        {DOOR_JCA, PE P11E "CKR_GENERAL_ERROR_X", OUTCOME_ERROR},
    };
    struct sample s;

    sample_init(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct observation o = {.probe = catalogue_find(&s.catalogue, "agreement.dh-1024"),
                                .door = rows[i].door};

        o.evidence.result = RESULT_FAILED;
        o.evidence.listed = LISTED_YES;
        o.evidence.code = (char *)(uintptr_t)rows[i].code;
        ck_assert_msg(judge_classify(&o, CONTROL_FAILED) == rows[i].outcome, "%s", rows[i].code);
    }
    sample_free(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("classify");
    TCase *t = tcase_create("classify");

    tcase_add_test(t, success);
    tcase_add_test(t, a_second_word);
    tcase_add_test(t, approved_is_rare);
    tcase_add_test(t, other_results);
    tcase_add_loop_test(t, failure, 0, (int)(sizeof failures / sizeof *failures));
    tcase_add_test(t, rows_name_their_refusals);
    suite_add_tcase(suite, t);
    return unit_run(suite);
}
