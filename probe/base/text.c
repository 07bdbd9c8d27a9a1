/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "base/buf.h"
#include "base/mem.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The length of the UTF-8 sequence at s (at most left bytes) and its code point; 0 if it is none.
 * RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
static size_t utf8_at(const unsigned char *s, size_t left, uint32_t *cp)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n;

    if (s[0] < 0x80) {
        *cp = s[0];
        return 1;
    }
    n = (s[0] & 0xe0) == 0xc0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : (s[0] & 0xf8) == 0xf0 ? 4 : 0;
    if (n == 0 || n > left)
        return 0;
    *cp = s[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        *cp = *cp << 6 | (s[i] & 0x3fu);
    }
    if (*cp < least[n] || *cp > 0x10ffff || (*cp >= 0xd800 && *cp <= 0xdfff))
        return 0;
    return n;
}

static bool is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x061c || /* arabic letter mark */
           (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || (cp & 0xfffe) == 0xfffe;
}

char *text_clean(const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s;
    struct buf out = {0};

    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        size_t n = utf8_at(p + i, len - i, &cp);

        if (n > 0 && !is_control(cp))
            buf_add(&out, p + i, n);
        else if (p[i] == '\n' || p[i] == '\t' || p[i] == '\r')
            buf_puts(&out, p[i] == '\n' ? "\\n" : p[i] == '\t' ? "\\t" : "\\r");
        else
            for (size_t k = 0; k < (n == 0 ? 1 : n); k++)
                buf_printf(&out, "\\x%02x", p[i + k]);
        i += n == 0 ? 1 : n;
    }
    return buf_steal(&out);
}

char *text_hex(const void *p, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *b = p;
    char *hex = mem_zero(len * 2 + 1, 1);

    for (size_t i = 0; i < len; i++) {
        hex[i * 2] = digits[b[i] >> 4];
        hex[i * 2 + 1] = digits[b[i] & 15];
    }
    return hex;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

unsigned char *text_unhex(const char *hex, size_t *out_len)
{
    size_t len = strlen(hex);
    unsigned char *out;

    if (len % 2 != 0)
        return NULL;
    out = mem_zero(len / 2, 1);
    for (size_t i = 0; i < len / 2; i++) {
        int hi = nibble(hex[i * 2]), lo = nibble(hex[i * 2 + 1]);

        if (hi < 0 || lo < 0) {
            free(out);
            return NULL;
        }
        out[i] = (unsigned char)(hi << 4 | lo);
    }
    *out_len = len / 2;
    return out;
}

bool text_match(const char *pattern, const char *s)
{
    return fnmatch(pattern, s, 0) == 0;
}

const char *text_env(char *const *env, const char *key)
{
    size_t len = strlen(key);

    for (; env != NULL && *env != NULL; env++)
        if (strncmp(*env, key, len) == 0 && (*env)[len] == '=')
            return *env + len + 1;
    return NULL;
}
