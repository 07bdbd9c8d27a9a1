/* SPDX-License-Identifier: Apache-2.0 */
#include "host/variables.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_VALUE 4096
#define MASK "***"

static const struct {
    const char *name, *meaning;
} rows[] = {
    {"NSS_FIPS", "NSS 3.94 and later: a value that means yes switches FIPS mode on whatever the "
                 "kernel's flag says; earlier libnss3 does not look at it"},
    {"NSS_IGNORE_SYSTEM_POLICY", "1: NSS does not load the system's crypto policy"},
    {"NSS_HASH_ALG_SUPPORT", "switches hash algorithms of NSS's policy on or off"},
    {"NSS_ALLOW_WEAK_SIGNATURE_ALG", "set: NSS takes weak hashes in signatures of certificates"},
    {"NSS_LIB_PARAMS", "softokn's parameters where the program gives none: which database it opens, "
                       "and with it whether FIPS mode is switched on there"},
    {"SSL_DIR", "the NSS database of programs such as curl: its pkcs11.txt may switch FIPS mode on"},
    {"NSS_DISABLE_HW_AES", "set: NSS computes AES without the processor's instructions"},
    {"JAVA_TOOL_OPTIONS", "options of every JVM, before those of the command line: "
                          "-Dcom.redhat.fips, -Djava.security.properties and others switch FIPS"},
    {"_JAVA_OPTIONS", "options of every HotSpot JVM, after those of the command line"},
    {"JDK_JAVA_OPTIONS", "options of the java command alone (JDK 9 and later): a JVM that is "
                         "started otherwise does not see them"},
    {"JAVA_OPTS", "options that start scripts give to java; the JVM does not see them otherwise"},
    {"JAVA_OPTS_APPEND", "options that start scripts of Red Hat's images give to java"},
    {"OPENSSL_CONF", "OpenSSL's configuration, which may load its FIPS provider"},
    {"OPENSSL_MODULES", "where OpenSSL 3 looks for its providers"},
    {"OPENSSL_FORCE_FIPS_MODE", "OpenSSL of Red Hat and SUSE: FIPS mode whatever the kernel's flag "
                                "says; NSS and Java do not look at it"},
    {"OPENSSL_FIPS", "OpenSSL of SUSE: FIPS mode; NSS and Java do not look at it"},
    {"LIBGCRYPT_FORCE_FIPS_MODE", "libgcrypt: FIPS mode; NSS and Java do not look at it"},
    {"GNUTLS_FORCE_FIPS_MODE", "GnuTLS: FIPS mode; NSS and Java do not look at it"},
    {"LD_LIBRARY_PATH", "libraries are looked for there first: another NSS may be loaded"},
    {"LD_PRELOAD", "libraries that are loaded before all others and may replace their functions"},
    {"LD_AUDIT", "libraries that may redirect what the loader loads"},
};

/* A key that holds one of these, or ends in one of the short ones, has a secret for its value. */
static const char *const secret_words[] = {"password", "passwd",     "passphrase", "passwort",
                                           "secret",   "token",      "credential", "apikey",
                                           "api_key",  "storepass", "keypass",    "pwd",
                                           "licensekey", "license_key", "accesskey", "access_key"};
static const char *const short_words[] = {"pin", "pass"};

/* The end of the token that begins at s: a blank outside of quotes. Quotes that are not closed
 * take the rest. */
static size_t token_len(const char *s)
{
    char quote = '\0';
    size_t n = 0;

    for (; s[n] != '\0'; n++) {
        if (s[n] == '\\' && s[n + 1] != '\0' && quote != '\'')
            n++;
        else if (quote != '\0')
            quote = s[n] == quote ? '\0' : quote;
        else if (s[n] == '"' || s[n] == '\'')
            quote = s[n];
        else if (isspace((unsigned char)s[n]))
            break;
    }
    return n;
}

static bool is_key_char(char c)
{
    return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-';
}

/* The short words stand in many harmless ones: here one must be a word of its own, or begin with a
 * capital in camel case ("nssPin"). */
static bool ends_in_short_word(const char *key, size_t len)
{
    for (size_t w = 0; w < sizeof short_words / sizeof *short_words; w++) {
        size_t n = strlen(short_words[w]);
        const char *at = key + len - n;

        if (len >= n && strncasecmp(at, short_words[w], n) == 0 &&
            (len == n || !isalnum((unsigned char)at[-1]) || isupper((unsigned char)*at)))
            return true;
    }
    return false;
}

static bool is_secret_key(const char *key, size_t len)
{
    for (size_t w = 0; w < sizeof secret_words / sizeof *secret_words; w++) {
        size_t n = strlen(secret_words[w]);

        for (size_t i = 0; i + n <= len; i++)
            if (strncasecmp(key + i, secret_words[w], n) == 0)
                return true;
    }
    return ends_in_short_word(key, len);
}

/* Where the secret of the token begins; 0: it has none; len: an option that announces one for the
 * next token ("--password VALUE"). */
static size_t secret_at(const char *token, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t n = 0;

        while (at + n < len && is_key_char(token[at + n]))
            n++;
        if (n > 0 && is_secret_key(token + at, n)) {
            if (at + n < len && strchr("=:", token[at + n]) != NULL)
                return at + n + 1;
            if (at == 0 && n == len && *token == '-')
                return len;
        }
        at += n + 1;
    }
    return 0;
}

/* scheme://user:password@host */
static void put_token(struct buf *out, const char *token, size_t len)
{
    const char *end = token + len, *at = memmem(token, len, "://", 3), *host;

    if (at == NULL) {
        buf_add(out, token, len);
        return;
    }
    at += 3;
    host = memchr(at, '@', (size_t)(end - at));
    buf_add(out, token, (size_t)(at - token));
    if (host != NULL) {
        buf_puts(out, MASK);
        at = host;
    }
    buf_add(out, at, (size_t)(end - at));
}

char *variables_mask(const char *value)
{
    own_buf struct buf out = {0};
    bool next_is_secret = false;

    while (*value != '\0' && out.len < MAX_VALUE) {
        size_t blank = strspn(value, " \t\n\v\f\r"), len, secret;

        buf_add(&out, value, blank);
        value += blank;
        len = token_len(value);
        if (len == 0)
            continue;
        secret = secret_at(value, len);
        if (next_is_secret) {
            buf_puts(&out, MASK);
            next_is_secret = false;
        } else if (secret > 0 && secret < len) {
            put_token(&out, value, secret);
            buf_puts(&out, MASK);
        } else {
            put_token(&out, value, len);
            /* "password=" with nothing behind it announces nothing */
            next_is_secret = secret == len && strchr("=:", value[len - 1]) == NULL;
        }
        value += len;
    }
    if (out.len > MAX_VALUE || *value != '\0') {
        own_free char *head = text_clean(out.data, out.len < MAX_VALUE ? out.len : MAX_VALUE);

        return mem_printf("%s ...", head);
    }
    return text_clean(out.data == NULL ? "" : out.data, out.len);
}

void variables_read(char *const *env, struct host *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *value = text_env(env, rows[i].name);
        struct host_variable *v;

        if (value == NULL)
            continue;
        v = mem_push(&out->variables);
        v->name = mem_str(rows[i].name);
        v->value = variables_mask(value);
        v->meaning = rows[i].meaning;
    }
}
