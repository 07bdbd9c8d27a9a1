/* SPDX-License-Identifier: Apache-2.0 */
#include "model/params.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const struct param *find(const struct params *params, const char *key)
{
    for (size_t i = 0; params != NULL && i < params->n; i++)
        if (strcmp(params->items[i].key, key) == 0)
            return &params->items[i];
    return NULL;
}

static const struct param *lookup(const struct spec *spec, const char *key)
{
    const struct param *p = find(spec->own, key);

    return p != NULL ? p : find(spec->vector, key);
}

const char *spec_get(const struct spec *spec, const char *key)
{
    const struct param *p = lookup(spec, key);

    return p == NULL ? NULL : p->value;
}

const char *spec_word(const struct spec *spec, const char *key, const char *otherwise)
{
    const char *value = spec_get(spec, key);

    return value == NULL ? otherwise : value;
}

unsigned long spec_uint(const struct spec *spec, const char *key, unsigned long otherwise)
{
    const char *value = spec_get(spec, key);

    return value == NULL ? otherwise : strtoul(value, NULL, 10);
}

unsigned char *spec_bytes(const struct spec *spec, const char *key, size_t *len)
{
    const char *value = spec_get(spec, key);

    *len = 0;
    if (value == NULL)
        return NULL;
    if (strncmp(value, "text:", 5) == 0) {
        *len = strlen(value + 5);
        return (unsigned char *)mem_str(value + 5);
    }
    return text_unhex(value, len);
}

/* NULL, or what is wrong with the value. */
static const char *value_fault(enum param_type type, const char *value)
{
    own_free unsigned char *bytes = NULL;
    size_t n;

    switch (type) {
    case PARAM_UINT:
        n = strlen(value);
        if (n == 0 || n > 9 || strspn(value, "0123456789") != n)
            return "is not a whole number";
        return NULL;
    case PARAM_HEX:
        if (strncmp(value, "text:", 5) == 0)
            return NULL;
        bytes = text_unhex(value, &n);
        return bytes == NULL ? "is neither hexadecimal bytes nor 'text:...'" : NULL;
    case PARAM_WORD:
        for (const char *c = value; *c != '\0'; c++)
            if (*c < ' ' || *c > '~')
                return "is not printable ASCII";
        return *value == '\0' ? "is empty" : NULL;
    case PARAM_TEXT:
    case PARAM_END:
        return NULL;
    }
    return NULL;
}

/* What every row may say at every door, see params.h. */
static const struct param_rule common_rules[] = {
    {"refusal", PARAM_WORD, false},
    {"note", PARAM_TEXT, false},
    {"doors", PARAM_WORD, false},
    {"asked", PARAM_WORD, false},
    {"indicator-of", PARAM_WORD, false},
    {"indicator-since", PARAM_UINT, false},
    {NULL, PARAM_END, false},
};

static const struct param_rule *rule_of(const struct op *op, const char *key)
{
    for (const struct param_rule *r = common_rules; r->type != PARAM_END; r++)
        if (strcmp(r->key, key) == 0)
            return r;
    for (const struct param_rule *r = op->rules; r->type != PARAM_END; r++)
        if (strcmp(r->key, key) == 0)
            return r;
    return NULL;
}

int spec_check(const struct spec *spec, const struct op *ops, const char *name, size_t line,
               const struct op **out, struct err *err)
{
    const struct param *named = find(spec->own, "op");
    const struct op *op = ops;

    if (named == NULL)
        return err_set(err, ERR_INPUT, "%s:%zu: 'op' is missing", name, line);
    while (op->name != NULL && strcmp(op->name, named->value) != 0)
        op++;
    if (op->name == NULL)
        return err_set(err, ERR_INPUT, "%s:%zu: there is no operation '%s' at this door", name,
                       named->line, named->value);
    for (size_t i = 0; i < spec->own->n; i++) {
        const struct param *p = &spec->own->items[i];

        if (p != named && rule_of(op, p->key) == NULL)
            return err_set(err, ERR_INPUT, "%s:%zu: operation '%s' takes no '%s'", name, p->line,
                           op->name, p->key);
    }
    for (const struct param_rule *r = op->rules; r->type != PARAM_END; r++) {
        const struct param *p = lookup(spec, r->key);
        const char *fault = p == NULL ? NULL : value_fault(r->type, p->value);

        if (p == NULL && r->required)
            return err_set(err, ERR_INPUT, "%s:%zu: operation '%s' needs '%s'", name, line,
                           op->name, r->key);
        if (fault != NULL)
            return err_set(err, ERR_INPUT, "%s:%zu: '%s' %s", name, p->line, r->key, fault);
    }
    *out = op;
    return 0;
}

void params_free(struct params *params)
{
    for (size_t i = 0; i < params->n; i++) {
        free(params->items[i].key);
        free(params->items[i].value);
    }
    free(params->items);
    *params = (struct params){0};
}
