/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/p11config.h"

#include "base/buf.h"
#include "base/own.h"

#include <ctype.h>
#include <string.h>

enum kind {
    STRING, /* one word, or one in quotes */
    LINE,   /* all words of the line */
    BOOLEAN,
    NUMBER,
    QUOTED, /* in quotes only */
    LIST,   /* { word ... } over any number of lines */
    RULE,   /* attributes(op, class, algorithm) = { name = value ... }, or = compatibility */
};

/* Every keyword that a version from 8 to 25 knows. */
static const struct {
    const char *keyword;
    enum kind kind;
} keywords[] = {
    {"name", STRING},
    {"library", LINE},
    {"description", LINE},
    {"slot", NUMBER},
    {"slotListIndex", NUMBER},
    {"enabledMechanisms", LIST},
    {"disabledMechanisms", LIST},
    {"attributes", RULE},
    {"handleStartupErrors", STRING},
    {"insertionCheckInterval", NUMBER},
    {"cleaner.shortInterval", NUMBER},
    {"cleaner.longInterval", NUMBER},
    {"destroyTokenAfterLogout", BOOLEAN},
    {"showInfo", BOOLEAN},
    {"allowLegacy", BOOLEAN},
    {"keyStoreCompatibilityMode", BOOLEAN},
    {"explicitCancel", BOOLEAN},
    {"omitInitialize", BOOLEAN},
    {"allowSingleThreadedModules", BOOLEAN},
    {"functionList", STRING},
    {"cipherTextStealingVariant", STRING},
    {"nssUseSecmod", BOOLEAN},
    {"nssLibraryDirectory", LINE},
    {"nssSecmodDirectory", STRING},
    {"nssModule", STRING},
    {"nssDbMode", STRING},
    {"nssNetscapeDbWorkaround", BOOLEAN},
    {"nssArgs", QUOTED},
    {"nssUseSecmodTrust", BOOLEAN},
    {"useEcX963Encoding", BOOLEAN},
    {"nssOptimizeSpace", BOOLEAN},
};

/* ---- tokens: java.io.StreamTokenizer as Config sets it up ---------------------------------- */

enum { END, EOL, WORD, QUOTE, OTHER };

struct tokens {
    const char *at;
    unsigned line;
    int type;
    struct buf text; /* of a word or a quoted string */
    char other;
    char *problem;
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr(":._-/\\${}*+~", c) != NULL) ||
           (unsigned char)c >= 0xa0;
}

static void quoted(struct tokens *t)
{
    t->at++;
    while (*t->at != '\0' && *t->at != '"' && *t->at != '\n' && *t->at != '\r') {
        if (*t->at == '\\' && t->at[1] != '\0' && t->at[1] != '\n')
            t->at++;
        buf_add(&t->text, t->at++, 1);
    }
    t->at += *t->at == '"';
}

static int next(struct tokens *t)
{
    buf_free(&t->text);
    while ((*t->at != '\0' && *t->at != '\n' && (unsigned char)*t->at <= ' ') || *t->at == '#')
        t->at += *t->at == '#' ? strcspn(t->at, "\n") : 1;
    if (*t->at == '\0')
        return t->type = END;
    if (*t->at == '\n') {
        t->at++;
        t->line++;
        return t->type = EOL;
    }
    if (*t->at == '"') {
        quoted(t);
        return t->type = QUOTE;
    }
    if (!is_word(*t->at)) {
        t->other = *t->at++;
        return t->type = OTHER;
    }
    while (is_word(*t->at))
        buf_add(&t->text, t->at++, 1);
    return t->type = WORD;
}

static const char *text_of(const struct tokens *t)
{
    return t->text.data == NULL ? "" : t->text.data;
}

static bool fail(struct tokens *t, const char *what)
{
    if (t->problem == NULL)
        t->problem = mem_printf("%s in line %u", what, t->type == EOL ? t->line - 1 : t->line);
    return false;
}

static bool expect(struct tokens *t, char c)
{
    own_free char *what = mem_printf("no '%c'", c);

    return (next(t) == OTHER && t->other == c) || fail(t, what);
}

/* ---- values ----------------------------------------------------------------------------------- */

static bool braces(struct tokens *t, struct buf *out)
{
    while (next(t) == EOL)
        ;
    if (t->type != WORD || strcmp(text_of(t), "{") != 0)
        return fail(t, "no '{'");
    for (;;) {
        int type = next(t);

        if (type == END)
            return fail(t, "no '}' before the end");
        if (type == WORD && strcmp(text_of(t), "}") == 0)
            return true;
        if (type == EOL)
            continue;
        if (type == OTHER && t->other != '=')
            return fail(t, "something that is no word");
        buf_puts(out, out->len > 0 ? " " : "");
        buf_puts(out, type == OTHER ? "=" : text_of(t));
    }
}

static bool rule(struct tokens *t, struct buf *out)
{
    next(t);
    if (t->type == OTHER && t->other == '=')
        return (next(t) == WORD && strcmp(text_of(t), "compatibility") == 0) ||
               fail(t, "not 'compatibility'");
    if (t->type != OTHER || t->other != '(')
        return fail(t, "no '('");
    while (next(t) == WORD || (t->type == OTHER && t->other == ','))
        ;
    if (t->type != OTHER || t->other != ')')
        return fail(t, "no ')'");
    return expect(t, '=') && braces(t, out);
}

static bool line(struct tokens *t, struct buf *out)
{
    while (next(t) == WORD || t->type == QUOTE) {
        buf_puts(out, out->len > 0 ? " " : "");
        buf_puts(out, text_of(t));
    }
    if (t->type == OTHER)
        return fail(t, "a character that needs quotes");
    return out->len > 0 || fail(t, "no value");
}

static bool is_number(const char *text)
{
    return *text != '\0' && (text[strspn(text, "0123456789")] == '\0' ||
                             (strncmp(text, "0x", 2) == 0 &&
                              text[2 + strspn(text + 2, "0123456789abcdefABCDEF")] == '\0'));
}

static bool value(struct tokens *t, enum kind kind, struct buf *out)
{
    const char *text;

    if (kind == RULE)
        return rule(t, out);
    if (!expect(t, '='))
        return false;
    if (kind == LIST)
        return braces(t, out);
    if (kind == LINE)
        return line(t, out);
    next(t);
    if ((t->type != WORD && t->type != QUOTE) || (kind == QUOTED && t->type != QUOTE))
        return fail(t, kind == QUOTED ? "no string in quotes" : "no value");
    text = text_of(t);
    buf_puts(out, text);
    if (kind == BOOLEAN && strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return fail(t, "neither true nor false");
    return kind != NUMBER || is_number(text) || fail(t, "no number");
}

/* ---- the whole -------------------------------------------------------------------------------- */

static void entry(struct tokens *t, struct p11config *out)
{
    own_free char *keyword = mem_str(text_of(t));
    own_buf struct buf text = {0};

    if (t->type != WORD) {
        fail(t, "something that is no keyword");
        return;
    }
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        struct p11entry *e;

        if (strcmp(keywords[i].keyword, keyword) != 0)
            continue;
        if (keywords[i].kind != RULE && p11config_get(out, keyword) != NULL) {
            own_free char *what = mem_printf("'%s' for the second time", keyword);

            fail(t, what);
            return;
        }
        if (!value(t, keywords[i].kind, &text)) {
            own_free char *why = steal_ptr(&t->problem);

            t->problem = mem_printf("%s: %s", keyword, why);
            return;
        }
        e = mem_push(out);
        e->keyword = mem_str(keyword);
        e->value = mem_str(text.data == NULL ? "" : text.data);
        return;
    }
    {
        own_free char *what = mem_printf("the unknown keyword '%s'", keyword);

        fail(t, what);
    }
}

bool p11config_is_nss(const struct p11config *config)
{
    static const char *const nss[] = {"nssLibraryDirectory", "nssSecmodDirectory", "nssModule",
                                      "nssDbMode", "nssNetscapeDbWorkaround"};
    const char *use = NULL;

    /* each of them sets nssUseSecmod as it is read, so that the last one counts */
    for (size_t i = 0; i < config->n; i++) {
        if (strcmp(config->items[i].keyword, "nssUseSecmod") == 0)
            use = config->items[i].value;
        for (size_t k = 0; k < sizeof nss / sizeof *nss; k++)
            if (strcmp(config->items[i].keyword, nss[k]) == 0)
                use = "true";
    }
    return use != NULL && strcmp(use, "true") == 0;
}

/* What Config and SunPKCS11 demand of the whole. */
static const char *contradiction(const struct p11config *c)
{
    const char *mode = p11config_get(c, "nssDbMode");
    bool no_db = mode != NULL && strcmp(mode, "noDb") == 0;

    if (p11config_get(c, "name") == NULL)
        return "name must be specified";
    if (!p11config_is_nss(c))
        return p11config_get(c, "library") == NULL ? "library must be specified" : NULL;
    if (mode != NULL && !no_db && strcmp(mode, "readOnly") != 0 && strcmp(mode, "readWrite") != 0)
        return "nssDbMode must be one of readWrite, readOnly, and noDb";
    if (p11config_get(c, "library") != NULL)
        return "library must not be specified in NSS mode";
    if (p11config_get(c, "slot") != NULL || p11config_get(c, "slotListIndex") != NULL)
        return "slot and slotListIndex must not be specified in NSS mode";
    if (p11config_get(c, "nssArgs") != NULL)
        return "nssArgs must not be specified in NSS mode";
    if (no_db && p11config_get(c, "nssSecmodDirectory") != NULL)
        return "nssSecmodDirectory must not be specified in noDb mode";
    if (!no_db && p11config_get(c, "nssSecmodDirectory") == NULL)
        return "nssSecmodDirectory must be specified unless nssDbMode is noDb";
    return NULL;
}

struct p11config p11config_parse(const char *text)
{
    struct p11config out = {0};
    struct tokens t = {.at = text, .line = 1};

    while (t.problem == NULL && next(&t) != END)
        if (t.type != EOL)
            entry(&t, &out);
    out.problem = t.problem;
    buf_free(&t.text);
    if (out.problem == NULL)
        out.problem = mem_str(contradiction(&out));
    return out;
}

void p11config_free(struct p11config *config)
{
    for (size_t i = 0; i < config->n; i++) {
        free(config->items[i].keyword);
        free(config->items[i].value);
    }
    free(config->items);
    free(config->problem);
    *config = (struct p11config){0};
}

const char *p11config_get(const struct p11config *config, const char *keyword)
{
    for (size_t i = config->n; i > 0; i--)
        if (strcmp(config->items[i - 1].keyword, keyword) == 0)
            return config->items[i - 1].value;
    return NULL;
}
