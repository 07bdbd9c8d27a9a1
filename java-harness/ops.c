/* SPDX-License-Identifier: Apache-2.0
 *
 * ops.c: the operations of the jca door. FipsProbe.java does them.
 */
#include "java-harness/java.h"

#include <string.h>

#define END                                                                                        \
    {                                                                                              \
        NULL, PARAM_END, false                                                                     \
    }
#define KEY_PAIR                                                                                   \
    {"key-algorithm", PARAM_WORD, true}, {"key-bits", PARAM_UINT, false},                          \
    {                                                                                              \
        "curve", PARAM_WORD, false                                                                 \
    }

const struct op java_ops[] = {
    {"open", "starts the JVM", {END}},
    {"primary-provider", "asks Security.getProviders() for the first one", {END}},
    {"digest",
     "hashes a message with MessageDigest and compares with the known answer",
     {{"algorithm", PARAM_WORD, true},
      {"message", PARAM_HEX, true},
      {"answer", PARAM_HEX, true},
      END}},
    {"cipher",
     "encrypts and decrypts with a key that a provider generated; where the provider takes a plain "
     "key too, compares with the known answer",
     {{"transformation", PARAM_WORD, true},
      {"key-algorithm", PARAM_WORD, true},
      {"key-bits", PARAM_UINT, false},
      {"parameters", PARAM_WORD, false}, /* gcm; iv where there is an IV and nothing is said */
      {"tag-bits", PARAM_UINT, false},   /* there: authenticated, a changed text must not pass */
      {"iv-source", PARAM_WORD, false},  /* caller; module: the provider makes it */
      {"plaintext", PARAM_HEX, true},
      {"key", PARAM_HEX, false},
      {"iv", PARAM_HEX, false},
      {"aad", PARAM_HEX, false},
      {"ciphertext", PARAM_HEX, false},
      END}},
    {"mac",
     "computes a Mac twice, and of a changed message, with a key that a provider generated; where "
     "the provider takes a plain key too, compares with the known answer",
     {{"algorithm", PARAM_WORD, true},
      {"key-algorithm", PARAM_WORD, false},
      {"key-bits", PARAM_UINT, false},
      {"message", PARAM_HEX, true},
      {"key", PARAM_HEX, false},
      {"answer", PARAM_HEX, false},
      END}},
    {"signature",
     "signs, verifies, and verifies a changed message, which must not pass; with the given RSA key "
     "and a known answer where the first provider takes it, else with a key pair that it generates",
     {{"algorithm", PARAM_WORD, true},
      KEY_PAIR,
      {"message", PARAM_HEX, true},
      {"private-key", PARAM_HEX, false},
      {"answer", PARAM_HEX, false},
      END}},
    {"keypair", "generates a key pair", {KEY_PAIR, END}},
    {"agreement",
     "generates two key pairs and compares the secrets that the two parties agree on",
     {{"algorithm", PARAM_WORD, true}, KEY_PAIR, END}},
    {"random",
     "takes bytes of a SecureRandom twice: the platform's default unless an algorithm is named",
     {{"algorithm", PARAM_WORD, false}, {"bytes", PARAM_UINT, true}, END}},
    {"import",
     "encrypts with a SecretKeySpec, and tells which provider took the key",
     {{"transformation", PARAM_WORD, true},
      {"key-algorithm", PARAM_WORD, true},
      {"parameters", PARAM_WORD, false},
      {"tag-bits", PARAM_UINT, false},
      {"key", PARAM_HEX, true},
      {"iv", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, true},
      {"ciphertext", PARAM_HEX, true},
      END}},
    {NULL, NULL, {END}},
};

static bool is_word(const struct spec *spec, const char *key, const char *word)
{
    const char *value = spec_get(spec, key);

    return value != NULL && strcmp(value, word) == 0;
}

/* What one row must not combine: when says whether the fault is there. */
static bool bad_parameters(const struct spec *spec)
{
    return spec_get(spec, "parameters") != NULL && !is_word(spec, "parameters", "gcm") &&
           !is_word(spec, "parameters", "iv");
}

static bool bad_iv_source(const struct spec *spec)
{
    return spec_get(spec, "iv-source") != NULL && !is_word(spec, "iv-source", "module") &&
           !is_word(spec, "iv-source", "caller");
}

static bool gcm_without_tag(const struct spec *spec)
{
    return is_word(spec, "parameters", "gcm") && spec_get(spec, "tag-bits") == NULL;
}

static bool caller_without_iv(const struct spec *spec)
{
    return (is_word(spec, "iv-source", "caller") || is_word(spec, "parameters", "gcm")) &&
           !is_word(spec, "iv-source", "module") && spec_get(spec, "iv") == NULL;
}

static bool bits_and_curve(const struct spec *spec)
{
    return spec_get(spec, "key-bits") != NULL && spec_get(spec, "curve") != NULL;
}

static bool key_without_answer(const struct spec *spec)
{
    return spec_get(spec, "private-key") != NULL &&
           (spec_get(spec, "answer") == NULL || !is_word(spec, "key-algorithm", "RSA"));
}

static bool nothing(const struct spec *spec, const char *key)
{
    const char *value = spec_get(spec, key);

    return value != NULL && (*value == '\0' || strcmp(value, "text:") == 0);
}

static bool empty_message(const struct spec *spec) /* an empty one cannot be changed */
{
    return nothing(spec, "message");
}

static bool empty_plaintext(const struct spec *spec)
{
    return nothing(spec, "plaintext");
}

static bool bytes_out_of_range(const struct spec *spec)
{
    unsigned long n = spec_uint(spec, "bytes", 32);

    return n < 16 || n > 4096;
}

static const struct {
    const char *op, *fault;
    bool (*when)(const struct spec *spec);
} faults[] = {
    {"cipher", "'parameters' is neither gcm nor iv", bad_parameters},
    {"import", "'parameters' is neither gcm nor iv", bad_parameters},
    {"cipher", "'iv-source' is neither caller nor module", bad_iv_source},
    {"cipher", "'parameters: gcm' needs 'tag-bits'", gcm_without_tag},
    {"import", "'parameters: gcm' needs 'tag-bits'", gcm_without_tag},
    {"cipher", "the caller's IV needs 'iv'", caller_without_iv},
    {"import", "the caller's IV needs 'iv'", caller_without_iv},
    {"cipher", "'plaintext' is empty", empty_plaintext},
    {"mac", "'message' is empty", empty_message},
    {"signature", "'message' is empty", empty_message},
    {"signature", "'private-key' needs 'answer', and 'key-algorithm: RSA'", key_without_answer},
    {"signature", "'key-bits' and 'curve' exclude each other", bits_and_curve},
    {"keypair", "'key-bits' and 'curve' exclude each other", bits_and_curve},
    {"agreement", "'key-bits' and 'curve' exclude each other", bits_and_curve},
    {"random", "'bytes' is not between 16 and 4096", bytes_out_of_range},
};

int java_check(const struct spec *spec, const struct op *op, struct err *err)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strcmp(faults[i].op, op->name) == 0 && faults[i].when(spec))
            return err_set(err, ERR_INPUT, "%s", faults[i].fault);
    return 0;
}
