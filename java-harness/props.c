/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/props.h"

#include "base/own.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* One logical line: a backslash at its end joins the next one, whose leading blanks go. */
static const char *logical_line(const char *text, struct buf *out)
{
    buf_free(out);
    for (;;) {
        size_t len = strcspn(text, "\r\n"), slashes = 0;

        while (slashes < len && text[len - 1 - slashes] == '\\')
            slashes++;
        buf_add(out, text, len - slashes % 2);
        text += len;
        text += *text == '\r';
        text += *text == '\n';
        if (slashes % 2 == 0 || *text == '\0')
            return text;
        text += strspn(text, " \t\f");
    }
}

/* As UTF-8, which is what a path becomes in a locale that has the character. */
static void add_character(struct buf *out, unsigned code)
{
    char bytes[3] = {(char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3f)),
                     (char)(0x80 | (code & 0x3f))};

    if (code == 0)
        return; /* no name has it */
    if (code < 0x80)
        bytes[2] = (char)code;
    else if (code < 0x800)
        bytes[1] = (char)(0xc0 | code >> 6);
    buf_add(out, bytes + (code < 0x80 ? 2 : code < 0x800 ? 1 : 0),
            code < 0x80 ? 1 : code < 0x800 ? 2 : 3);
}

/* The four digits of \uXXXX; false: they are not four, and then Java reads nothing of the file. */
static bool add_unicode(struct buf *out, const char *digits, size_t len)
{
    char four[5] = {0};

    if (len < 4)
        return false;
    memcpy(four, digits, 4);
    if (strspn(four, "0123456789abcdefABCDEF") != 4)
        return false;
    add_character(out, (unsigned)strtoul(four, NULL, 16));
    return true;
}

/* java.util.Properties, loadConvert. */
static char *unescaped(const char *from, size_t len, bool *malformed)
{
    static const char named[][2] = {{'t', '\t'}, {'r', '\r'}, {'n', '\n'}, {'f', '\f'}};
    struct buf out = {0};

    for (size_t i = 0; i < len; i++) {
        char c = from[i];

        if (c == '\\' && i + 1 < len) {
            c = from[++i];
            if (c == 'u' && add_unicode(&out, from + i + 1, len - i - 1)) {
                i += 4;
                continue;
            }
            *malformed |= c == 'u';
            for (size_t k = 0; k < sizeof named / sizeof *named; k++)
                if (c == named[k][0]) {
                    c = named[k][1];
                    break;
                }
        }
        buf_add(&out, &c, 1);
    }
    return buf_steal(&out);
}

static size_t key_length(const char *line)
{
    size_t n = 0;

    while (line[n] != '\0' && strchr("=: \t\f", line[n]) == NULL)
        n += line[n] == '\\' && line[n + 1] != '\0' ? 2 : 1;
    return n;
}

struct props props_parse(const char *text)
{
    struct props props = {0};
    own_buf struct buf joined = {0};

    while (*text != '\0') {
        const char *line;
        size_t n;
        struct prop *prop;

        text = logical_line(text, &joined);
        line = joined.data == NULL ? "" : joined.data;
        line += strspn(line, " \t\f");
        if (*line == '\0' || *line == '#' || *line == '!')
            continue;
        prop = mem_push(&props);
        n = key_length(line);
        prop->key = unescaped(line, n, &props.malformed);
        line += n + strspn(line + n, " \t\f");
        if (*line == '=' || *line == ':')
            line += 1 + strspn(line + 1, " \t\f");
        prop->value = unescaped(line, strlen(line), &props.malformed);
    }
    return props;
}

int props_read(const struct root *root, const char *path, struct props *out)
{
    own_buf struct buf text = {0};
    int rc = root_read(root, path, PROPS_MAX, &text);

    *out = (struct props){0};
    if (rc < 0)
        return rc;
    *out = props_parse(text.data);
    return 0;
}

void props_free(struct props *props)
{
    for (size_t i = 0; i < props->n; i++) {
        free(props->items[i].key);
        free(props->items[i].value);
    }
    free(props->items);
    *props = (struct props){0};
}

const char *props_get(const struct props *props, const char *key)
{
    for (size_t i = props->n; i > 0; i--)
        if (strcmp(props->items[i - 1].key, key) == 0)
            return props->items[i - 1].value;
    return NULL;
}

bool props_match(const struct props *props, const char *key, const char *value)
{
    for (size_t i = 0; i < props->n; i++)
        if (text_match(key, props->items[i].key) && text_match(value, props->items[i].value))
            return true;
    return false;
}

char *props_security_file(const struct root *root, const char *home)
{
    /* JDK 9 and later; 8 */
    static const char *const below[] = {"conf/security", "lib/security"};

    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        own_free char *path = mem_printf("%s/%s/java.security", home, below[i]);

        if (root_exists(root, path))
            return steal_ptr(&path);
    }
    return NULL;
}

char *props_user_file(const char *value, bool *replaces)
{
    *replaces = *value == '=';
    value += *replaces;
    if (strncmp(value, "file:", 5) == 0) {
        value += 5;
        if (strncmp(value, "//", 2) == 0)
            value += 2;
    }
    return mem_str(value);
}

static bool is_blank_or(char c, const char *others)
{
    return isspace((unsigned char)c) || strchr(others, c) != NULL; /* NUL included */
}

char *props_inline(const char *text)
{
    struct buf out = {0};

    for (; *text != '\0'; text++)
        if (strncmp(text, "\\n", 2) == 0) {
            buf_puts(&out, "\n");
            text++;
        } else {
            buf_add(&out, text, 1);
        }
    return buf_steal(&out);
}

char *props_pkcs11(const char *config, const char *keyword)
{
    size_t len = strlen(keyword);
    bool comment = false;

    for (const char *c = config; *c != '\0'; c++) {
        bool starts = c == config || is_blank_or(c[-1], "-");
        const char *value;
        size_t n;

        comment = *c == '#' || (comment && *c != '\n');
        if (comment || !starts || strncmp(c, keyword, len) != 0 || !is_blank_or(c[len], "="))
            continue;
        value = c + len + strspn(c + len, " \t\r\n=");
        if (*value == '"' || *value == '\'') {
            n = strcspn(value + 1, "\"'\n");
            return mem_dup(value + 1, n);
        }
        return mem_dup(value, strcspn(value, " \t\r\n"));
    }
    return NULL;
}
