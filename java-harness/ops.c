/* SPDX-License-Identifier: Apache-2.0
 *
 * ops.c: the operations of the jca door. FipsProbe*.java do them.
 */
#include "java-harness/java.h"

#include "base/own.h"

#include <stdlib.h>
#include <string.h>

#define END                                                                                        \
    {                                                                                              \
        NULL, PARAM_END, false                                                                     \
    }
#define KEY_PAIR                                                                                   \
    {"key-algorithm", PARAM_WORD, true}, {"key-bits", PARAM_UINT, false},                          \
        {"curve", PARAM_WORD, false}, {"prime", PARAM_HEX, false},                                 \
    {                                                                                              \
        "base", PARAM_HEX, false                                                                   \
    }
#define PUBLIC_KEY                                                                                 \
    {"point", PARAM_HEX, false}, {"public-head", PARAM_HEX, false},                                \
        {"modulus", PARAM_HEX, false}, {"exponent", PARAM_HEX, false},                             \
        {"prime", PARAM_HEX, false}, {"subprime", PARAM_HEX, false}, {"base", PARAM_HEX, false},   \
    {                                                                                              \
        "key", PARAM_HEX, false                                                                    \
    }
#define PASSWORD                                                                                   \
    {"password", PARAM_HEX, true}, {"salt", PARAM_HEX, true},                                      \
    {                                                                                              \
        "iterations", PARAM_UINT, true                                                             \
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
      {"parameters", PARAM_WORD, false}, /* gcm, chacha20 (counter, nonce), none; else the IV if any */
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
    {"import",
     "encrypts, or computes a Mac, with a SecretKeySpec, and tells which provider took the key",
     {{"transformation", PARAM_WORD, false},
      {"algorithm", PARAM_WORD, false},
      {"key-algorithm", PARAM_WORD, false},
      {"parameters", PARAM_WORD, false},
      {"tag-bits", PARAM_UINT, false},
      {"key", PARAM_HEX, true},
      {"iv", PARAM_HEX, false},
      {"aad", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, false},
      {"ciphertext", PARAM_HEX, false},
      {"message", PARAM_HEX, false},
      {"answer", PARAM_HEX, false},
      END}},
    {"secret-key",
     "generates two secret keys, which must differ and have the size that was asked for",
     {{"key-algorithm", PARAM_WORD, true},
      {"key-bits", PARAM_UINT, true},
      {"bytes", PARAM_UINT, true},
      {"transformation", PARAM_WORD, false}, /* to use them, where they have no value to compare */
      END}},
    {"random",
     "takes bytes of a SecureRandom twice: the platform's default unless an algorithm is named",
     {{"algorithm", PARAM_WORD, false},
      {"instance", PARAM_WORD, false}, /* strong: SecureRandom.getInstanceStrong() */
      {"bytes", PARAM_UINT, true},
      END}},
    {"wrap",
     "wraps a generated key with another one and unwraps it; where the provider takes plain keys "
     "too, compares with the known answer",
     {{"transformation", PARAM_WORD, true}, /* "A or B": the first that is offered */
      {"key-algorithm", PARAM_WORD, true},
      {"key-bits", PARAM_UINT, true},
      {"iv", PARAM_HEX, false},
      {"iv-source", PARAM_WORD, false}, /* module: what is known is unwrapped only */
      {"key", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, false},
      {"ciphertext", PARAM_HEX, false},
      END}},
    {"pbe",
     "encrypts and decrypts with a password, and compares with the known answer",
     {{"transformation", PARAM_WORD, true},
      PASSWORD,
      {"iv", PARAM_HEX, false},
      {"plaintext", PARAM_HEX, true},
      {"ciphertext", PARAM_HEX, true},
      END}},
    {"password-key",
     "makes a key of a password with a SecretKeyFactory, and compares with the known answer",
     {{"algorithm", PARAM_WORD, true}, PASSWORD, {"answer", PARAM_HEX, true}, END}},
    {"key-factory",
     "makes a key of its bytes with a SecretKeyFactory (DES or DESede)",
     {{"algorithm", PARAM_WORD, true}, {"key", PARAM_HEX, true}, END}},
    {"derive",
     "derives a key with javax.crypto.KDF, HKDF's extract and expand, and compares with the known "
     "answer",
     {{"algorithm", PARAM_WORD, true},
      {"key", PARAM_HEX, true},
      {"salt", PARAM_HEX, true},
      {"info", PARAM_HEX, true},
      {"answer", PARAM_HEX, true},
      END}},
    {"signature",
     "signs, verifies, and verifies a changed message, which must not pass; with the given RSA key "
     "and a known answer where the first provider takes it, else with a key pair that it generates",
     {{"algorithm", PARAM_WORD, true},
      KEY_PAIR,
      {"hash", PARAM_WORD, false}, /* with these two: PSS */
      {"salt-bytes", PARAM_UINT, false},
      {"message", PARAM_HEX, true},
      {"private-key", PARAM_HEX, false},
      {"answer", PARAM_HEX, false},
      {"public-key", PARAM_HEX, false}, /* whose signature of the message 'signed' is; without it, */
      {"signed", PARAM_HEX, false},     /* the RSA key's: a known one must verify too */
      END}},
    {"verify",
     "verifies a known signature with a public key, and with a changed message, which must not "
     "pass",
     {{"algorithm", PARAM_WORD, true},
      {"key-algorithm", PARAM_WORD, true},
      PUBLIC_KEY,
      {"message", PARAM_HEX, true},
      {"answer", PARAM_HEX, true},
      END}},
    {"import-private",
     "makes a private key of its encoding with a KeyFactory, tells which provider took it, and "
     "signs with it",
     {{"algorithm", PARAM_WORD, true},
      {"key-algorithm", PARAM_WORD, true},
      {"private-key", PARAM_HEX, true},
      PUBLIC_KEY,
      {"message", PARAM_HEX, true},
      {"answer", PARAM_HEX, false},
      END}},
    {"keypair",
     "generates two key pairs, which must differ, looks at their size, and whether the halves of one "
     "belong together",
     {KEY_PAIR, END}},
    {"agreement",
     "generates two key pairs and compares the secrets that the two parties agree on; where the "
     "provider takes the known keys too, compares with the known answer",
     {{"algorithm", PARAM_WORD, true},
      KEY_PAIR,
      {"private-key", PARAM_HEX, false},
      {"peer-key", PARAM_HEX, false},
      {"answer", PARAM_HEX, false},
      END}},
    {"pair-cipher",
     "encrypts with a public key and decrypts with the private one; where the first provider takes "
     "the given RSA key, decrypts the known ciphertext too",
     {{"transformation", PARAM_WORD, true},
      KEY_PAIR,
      {"hash", PARAM_WORD, false}, /* there: OAEP with it, for both of its uses */
      {"plaintext", PARAM_HEX, true},
      {"private-key", PARAM_HEX, false},
      {"ciphertext", PARAM_HEX, false},
      END}},
    {"pair-wrap",
     "wraps a generated key with a public key and unwraps it with the private one; where the first "
     "provider takes the given RSA key, decrypts the known ciphertext too",
     {{"transformation", PARAM_WORD, true},
      KEY_PAIR,
      {"hash", PARAM_WORD, false},
      {"plaintext", PARAM_HEX, false},
      {"private-key", PARAM_HEX, false},
      {"ciphertext", PARAM_HEX, false},
      END}},
    {"encapsulate",
     "encapsulates and decapsulates a secret with javax.crypto.KEM",
     {{"algorithm", PARAM_WORD, true}, KEY_PAIR, END}},
    {"keystore",
     "stores a certificate in a KeyStore, in memory, and loads it; with a wrong password it must "
     "not. With a private key: that too. With a store: loads that one. Without a certificate: only "
     "opens it. Without a type: the default one, whose name is the answer",
     {{"type", PARAM_WORD, false},
      {"certificate", PARAM_HEX, false},
      {"private-key", PARAM_HEX, false},
      {"store", PARAM_HEX, false},
      {"password", PARAM_WORD, false},
      END}},
    {"cacerts",
     "loads the certificates that the JDK trusts",
     {{"type", PARAM_WORD, false}, END}},
    {"certpath",
     "validates a path of a certificate and its issuer, and a changed one, which must not pass",
     {{"algorithm", PARAM_WORD, true},
      {"certificate", PARAM_HEX, true},
      {"issuer", PARAM_HEX, true},
      END}},
    {"parameters",
     "reads AlgorithmParameters, or makes them of a curve's name, and compares their encoding",
     {{"algorithm", PARAM_WORD, true},
      {"curve", PARAM_WORD, false},
      {"encoded", PARAM_HEX, true},
      END}},
    {"generate-parameters",
     "generates a group for Diffie-Hellman with an AlgorithmParameterGenerator",
     {{"algorithm", PARAM_WORD, true}, {"key-bits", PARAM_UINT, true}, END}},
    {"tls-default", "takes the SSLContext that most programs use; its protocols are the answer",
     {END}},
    {"tls-offer",
     "asks what a TLS client offers: its enabled protocols or suites, or by its first message "
     "the groups or signature schemes, as the numbers of RFC 8446",
     {{"protocol", PARAM_WORD, true}, {"what", PARAM_WORD, true}, END}},
    {"tls-handshake",
     "connects a TLS client with a server of the same JDK, in memory, and sends data both ways; "
     "the version and the suite are the answer",
     {{"protocol", PARAM_WORD, true},
      {"version", PARAM_WORD, true},
      {"suite", PARAM_WORD, false},
      {"group", PARAM_WORD, false}, /* by Java's name; Java 20 and later */
      {"message", PARAM_HEX, true},
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
           !is_word(spec, "parameters", "iv") && !is_word(spec, "parameters", "none") &&
           !is_word(spec, "parameters", "chacha20");
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

static bool key_not_rsa(const struct spec *spec)
{
    return spec_get(spec, "private-key") != NULL &&
           !is_word(spec, "key-algorithm", "RSA");
}

static bool key_not_known(const struct spec *spec)
{
    return spec_get(spec, "private-key") != NULL &&
           (key_not_rsa(spec) || spec_get(spec, "ciphertext") == NULL);
}

static bool lacks(const struct spec *spec, const char *a, const char *b)
{
    return spec_get(spec, a) == NULL || spec_get(spec, b) == NULL;
}

/* One of the two uses of a plain key, whole. */
static bool import_of_nothing(const struct spec *spec)
{
    bool cipher = spec_get(spec, "transformation") != NULL;

    return cipher == (spec_get(spec, "algorithm") != NULL) ||
           (cipher ? lacks(spec, "plaintext", "ciphertext") || lacks(spec, "key-algorithm", "key")
                   : lacks(spec, "message", "answer"));
}

static bool no_public_key(const struct spec *spec)
{
    return lacks(spec, "point", "public-head") && lacks(spec, "modulus", "exponent") &&
           (lacks(spec, "prime", "subprime") || lacks(spec, "base", "key"));
}

static bool no_check_of_import(const struct spec *spec)
{
    return spec_get(spec, "answer") == NULL && no_public_key(spec);
}

static bool hash_without_salt(const struct spec *spec)
{
    return (spec_get(spec, "hash") == NULL) != (spec_get(spec, "salt-bytes") == NULL);
}

/* Java reads the size of a curve in its name. */
static bool bad_curve(const struct spec *spec)
{
    const char *curve = spec_get(spec, "curve");

    return curve != NULL && (strncmp(curve, "secp", 4) != 0 || strspn(curve + 4, "0123456789") != 3);
}

static bool prime_without_base(const struct spec *spec)
{
    return spec_get(spec, "prime") != NULL && spec_get(spec, "base") == NULL;
}

static bool known_agreement(const struct spec *spec) /* in part */
{
    return (spec_get(spec, "answer") != NULL) != !lacks(spec, "private-key", "peer-key");
}

static bool signed_by_nobody(const struct spec *spec)
{
    return spec_get(spec, "signed") != NULL && spec_get(spec, "public-key") == NULL &&
           spec_get(spec, "private-key") == NULL;
}

static bool stored_without_password(const struct spec *spec)
{
    return (spec_get(spec, "certificate") != NULL) != (spec_get(spec, "password") != NULL);
}

static bool key_without_certificate(const struct spec *spec)
{
    return spec_get(spec, "certificate") == NULL &&
           (spec_get(spec, "private-key") != NULL || spec_get(spec, "store") != NULL);
}

static bool no_counter(const struct spec *spec)
{
    size_t n;

    free(spec_bytes(spec, "iv", &n));
    return is_word(spec, "parameters", "chacha20") && n != 16;
}

static bool bad_factory(const struct spec *spec)
{
    return !is_word(spec, "algorithm", "DES") && !is_word(spec, "algorithm", "DESede");
}

static bool bad_instance(const struct spec *spec)
{
    return spec_get(spec, "instance") != NULL && !is_word(spec, "instance", "strong");
}

static bool bad_what(const struct spec *spec)
{
    static const char *const words[] = {"protocols", "suites", "groups", "signatures"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(spec, "what", words[i]))
            return false;
    return true;
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
    {"cipher", "'parameters' is neither gcm, iv, chacha20 nor none", bad_parameters},
    {"import", "'parameters' is neither gcm, iv, chacha20 nor none", bad_parameters},
    {"cipher", "'iv-source' is neither caller nor module", bad_iv_source},
    {"wrap", "'iv-source' is neither caller nor module", bad_iv_source},
    {"cipher", "'parameters: gcm' needs 'tag-bits'", gcm_without_tag},
    {"import", "'parameters: gcm' needs 'tag-bits'", gcm_without_tag},
    {"cipher", "the caller's IV needs 'iv'", caller_without_iv},
    {"import", "the caller's IV needs 'iv'", caller_without_iv},
    {"cipher", "'plaintext' is empty", empty_plaintext},
    {"mac", "'message' is empty", empty_message},
    {"signature", "'message' is empty", empty_message},
    {"signature", "'private-key' needs 'key-algorithm: RSA'", key_not_rsa},
    {"pair-wrap", "'private-key' needs 'key-algorithm: RSA' and 'ciphertext'", key_not_known},
    {"pair-cipher", "'private-key' needs 'key-algorithm: RSA' and 'ciphertext'", key_not_known},
    {"signature", "'key-bits' and 'curve' exclude each other", bits_and_curve},
    {"signature", "'hash' and 'salt-bytes' need each other", hash_without_salt},
    {"import", "it needs 'transformation', 'key-algorithm', 'plaintext' and 'ciphertext', or "
               "'algorithm', 'message' and 'answer'", import_of_nothing},
    {"verify", "it needs 'point' and 'public-head', 'modulus' and 'exponent', or 'prime', "
               "'subprime', 'base' and 'key'", no_public_key},
    {"import-private", "it needs 'answer' or a public key to check with", no_check_of_import},
    {"keypair", "'curve' is not of the form secp256r1", bad_curve},
    {"keypair", "'prime' needs 'base'", prime_without_base},
    {"agreement", "'prime' needs 'base'", prime_without_base},
    {"agreement", "'private-key', 'peer-key' and 'answer' need each other", known_agreement},
    {"signature", "'signed' needs 'public-key' or 'private-key'", signed_by_nobody},
    {"keystore", "'certificate' and 'password' need each other", stored_without_password},
    {"keystore", "'private-key' and 'store' need 'certificate'", key_without_certificate},
    {"cipher", "'parameters: chacha20' needs an 'iv' of 16 bytes", no_counter},
    {"key-factory", "'algorithm' is neither DES nor DESede", bad_factory},
    {"random", "'instance' can be strong alone", bad_instance},
    {"tls-offer", "'what' is neither protocols, suites, groups nor signatures", bad_what},
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
