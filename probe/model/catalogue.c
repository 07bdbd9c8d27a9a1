/* SPDX-License-Identifier: Apache-2.0 */
#include "model/catalogue.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"
#include "model/ytree.h"

#include <stdlib.h>
#include <stddef.h>
#include <string.h>

static bool id_is_well_formed(const char *id)
{
    size_t dots = 0;

    for (const char *c = id; *c != '\0'; c++) {
        bool dot = *c == '.';

        if (!(dot || *c == '-' || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9')))
            return false;
        if (dot && (c == id || c[1] == '\0' || c[1] == '.'))
            return false;
        dots += dot;
    }
    return dots >= 1 && strlen(id) <= 80;
}

static int load_params(const char *name, const struct ytree_node *node, struct params *out,
                       struct err *err)
{
    if (node->kind != YTREE_MAP)
        return ytree_error(name, node, err, "'key: value' pairs are expected");
    for (size_t i = 0; i + 1 < node->n; i += 2) {
        const struct ytree_node *key = &node->items[i], *value = &node->items[i + 1];
        struct param *p;

        if (value->kind != YTREE_SCALAR)
            return ytree_error(name, value, err, "'%s' takes one value", key->text);
        p = mem_push(out);
        p->key = mem_str(key->text);
        p->value = mem_str(value->text);
        p->line = value->line;
    }
    return 0;
}

struct field {
    const char *key;
    size_t offset;
    bool is_params;
};

static const struct field fields[] = {
    {"id", offsetof(struct probe, id), false},
    {"title", offsetof(struct probe, title), false},
    {"vector", offsetof(struct probe, vector), true},
    {"pkcs11", offsetof(struct probe, pkcs11), true},
    {"jca", offsetof(struct probe, jca), true},
    {"standard", offsetof(struct probe, standard), true},
    {"unasked", offsetof(struct probe, unasked), true},
};

static int load_field(const char *name, const struct ytree_node *key, const struct ytree_node *value,
                      struct probe *probe, struct err *err)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        void *at = (char *)probe + fields[i].offset;

        if (strcmp(fields[i].key, key->text) != 0)
            continue;
        if (fields[i].is_params)
            return load_params(name, value, at, err);
        if (value->kind != YTREE_SCALAR || *value->text == '\0')
            return ytree_error(name, value, err, "'%s' takes one word or text", key->text);
        *(char **)at = mem_str(value->text);
        return 0;
    }
    return ytree_error(name, key, err, "a row has no '%s'", key->text);
}

static int check_part(const char *name, const struct probe *probe, const struct params *own,
                      const struct op *ops,
                      int (*check)(const struct spec *, const struct op *, struct err *),
                      const struct op **out, struct err *err)
{
    struct spec spec = {own, &probe->vector};

    if (own->n == 0 || ops == NULL)
        return 0;
    if (spec_check(&spec, ops, name, probe->line, out, err) < 0)
        return -1;
    if (check != NULL && check(&spec, *out, err) < 0)
        return err_wrap(err, "%s:%zu: row '%s'", name, probe->line, probe->id);
    return 0;
}

/* "doors" names doors of that part, each once. */
static int check_doors(const char *name, const struct probe *probe, const struct params *own,
                       bool jca, struct err *err)
{
    struct spec spec = {own, NULL};
    own_free char *words = mem_str(spec_get(&spec, "doors"));
    bool named[DOOR_MAX] = {false};
    char *save = NULL;

    if (strcmp(spec_word(&spec, "asked", "on-request"), "on-request") != 0)
        return err_set(err, ERR_INPUT, "%s:%zu: row '%s': 'asked' can be 'on-request' alone", name,
                       probe->line, probe->id);

    for (char *word = words == NULL ? NULL : strtok_r(words, " ", &save); word != NULL;
         word = strtok_r(NULL, " ", &save)) {
        enum door door;

        if (door_parse(word, &door) < 0 || (door == DOOR_JCA) != jca || named[door])
            return err_set(err, ERR_INPUT, "%s:%zu: row '%s': 'doors': '%s' is no door of this part",
                           name, probe->line, probe->id, word);
        named[door] = true;
    }
    return 0;
}

/* What a status may be. None is the word of an outcome: what a standard says of an algorithm is
 * not what a module says of a service. */
static const char *const statuses[] = {
    "in-standard", "conditional-in-standard", "legacy-in-standard", "outside-standard", NULL,
};

static int check_standard(const char *name, const struct probe *probe, struct err *err)
{
    static const char *const keys[] = {"reference", "status", "source", "condition", NULL};
    const struct params *p = &probe->standard;
    struct spec spec = {p, NULL};
    const char *status = spec_get(&spec, "status");
    size_t known = 0;

    if (p->n == 0)
        return 0;
    for (size_t i = 0; i < p->n; i++) {
        size_t k = 0;

        while (keys[k] != NULL && strcmp(keys[k], p->items[i].key) != 0)
            k++;
        if (keys[k] == NULL)
            return err_set(err, ERR_INPUT, "%s:%zu: 'standard' has no '%s'", name,
                           p->items[i].line, p->items[i].key);
    }
    for (size_t k = 0; k < 3; k++)
        if (*spec_word(&spec, keys[k], "") == '\0')
            return err_set(err, ERR_INPUT, "%s:%zu: row '%s': 'standard' needs '%s'", name,
                           probe->line, probe->id, keys[k]);
    while (statuses[known] != NULL && strcmp(statuses[known], status) != 0)
        known++;
    return statuses[known] != NULL
               ? 0
               : err_set(err, ERR_INPUT, "%s:%zu: row '%s': 'standard' has no status '%s'", name,
                         probe->line, probe->id, status);
}

/* A row that says why something is not asked has no part that asks. */
static int check_unasked(const char *name, const struct probe *probe, struct err *err)
{
    struct spec spec = {&probe->unasked, NULL};

    if (probe->pkcs11.n + probe->jca.n + probe->vector.n + probe->standard.n > 0)
        return err_set(err, ERR_INPUT, "%s:%zu: row '%s': 'unasked' stands alone", name,
                       probe->line, probe->id);
    if (probe->unasked.n != 2 || *spec_word(&spec, "mechanisms", "") == '\0' ||
        *spec_word(&spec, "reason", "") == '\0')
        return err_set(err, ERR_INPUT,
                       "%s:%zu: row '%s': 'unasked' needs 'mechanisms' and 'reason', and no more",
                       name, probe->line, probe->id);
    return 0;
}

static int load_row(const char *name, const struct ytree_node *node,
                    const struct catalogue_rules *rules, struct catalogue *out, struct err *err)
{
    struct probe *probe;

    if (node->kind != YTREE_MAP)
        return ytree_error(name, node, err, "a row ('- id: ...') is expected");
    probe = mem_push(out);
    probe->line = node->line;
    for (size_t i = 0; i + 1 < node->n; i += 2)
        if (load_field(name, &node->items[i], &node->items[i + 1], probe, err) < 0)
            return -1;
    if (probe->id == NULL || probe->title == NULL)
        return ytree_error(name, node, err, "a row needs 'id' and 'title'");
    if (!id_is_well_formed(probe->id))
        return ytree_error(name, node, err,
                          "the id '%s' is not of the form service.algorithm[.variant] in lower case",
                          probe->id);
    for (size_t i = 0; i + 1 < out->n; i++)
        if (strcmp(out->items[i].id, probe->id) == 0)
            return ytree_error(name, node, err, "the id '%s' is taken by line %zu", probe->id,
                              out->items[i].line);
    if (probe->unasked.n > 0)
        return check_unasked(name, probe, err);
    if (probe->pkcs11.n == 0 && probe->jca.n == 0)
        return ytree_error(name, node, err, "row '%s' has neither 'pkcs11' nor 'jca'", probe->id);
    if (check_standard(name, probe, err) < 0 ||
        check_doors(name, probe, &probe->pkcs11, false, err) < 0 ||
        check_doors(name, probe, &probe->jca, true, err) < 0)
        return -1;
    if (check_part(name, probe, &probe->pkcs11, rules->pkcs11_ops, rules->check_pkcs11,
                   &probe->pkcs11_op, err) < 0)
        return -1;
    return check_part(name, probe, &probe->jca, rules->jca_ops, rules->check_jca, &probe->jca_op,
                      err);
}

static int check_open(const char *name, const struct catalogue *catalogue, struct err *err)
{
    const struct probe *open = catalogue_find(catalogue, PROBE_OPEN);

    for (int door = 0; door < DOOR_MAX; door++)
        for (size_t i = 0; i < catalogue->n; i++)
            if (probe_at(&catalogue->items[i], (enum door)door) &&
                (open == NULL || !probe_at(open, (enum door)door)))
                return err_set(err, ERR_INPUT,
                               "%s: there are rows for the door '%s' but no row '%s' that opens it",
                               name, door_word((enum door)door), PROBE_OPEN);
    return 0;
}

/* A row of Java is joined with a row of softokn-fips that does the same. */
static int check_joins(const char *name, const struct catalogue *catalogue, struct err *err)
{
    for (size_t i = 0; i < catalogue->n; i++) {
        const struct probe *p = &catalogue->items[i];
        const char *of = spec_get(&(struct spec){&p->jca, NULL}, "indicator-of");
        const struct probe *other = of == NULL ? NULL : catalogue_find(catalogue, of);

        if (spec_get(&(struct spec){&p->pkcs11, NULL}, "indicator-of") != NULL)
            return err_set(err, ERR_INPUT, "%s:%zu: row '%s': 'indicator-of' is for 'jca' alone",
                           name, p->line, p->id);
        if (of != NULL && (other == NULL || !probe_at(other, DOOR_SOFTOKN_FIPS)))
            return err_set(err, ERR_INPUT,
                           "%s:%zu: row '%s': 'indicator-of': '%s' is no row of softokn-fips", name,
                           p->line, p->id, of);
    }
    return 0;
}

int catalogue_load(const char *name, const char *text, size_t len,
                   const struct catalogue_rules *rules, struct catalogue *out, struct err *err)
{
    own_ytree struct ytree_node doc = {0};

    *out = (struct catalogue){0};
    if (ytree_parse(name, text, len, &doc, err) < 0)
        return -1;
    if (doc.kind != YTREE_LIST)
        return ytree_error(name, &doc, err, "a list of rows ('- id: ...') is expected");
    for (size_t i = 0; i < doc.n; i++)
        if (load_row(name, &doc.items[i], rules, out, err) < 0) {
            catalogue_free(out);
            return -1;
        }
    if (!rules->partial && (check_open(name, out, err) < 0 || check_joins(name, out, err) < 0)) {
        catalogue_free(out);
        return -1;
    }
    return 0;
}

#define ROW "- id: "

/* The next row's first character from p on; NULL: none. */
static const char *next_row(const char *p, const char *end)
{
    static const char start[] = "\n" ROW;
    const char *found = memmem(p, (size_t)(end - p), start, sizeof start - 1);

    return found == NULL ? NULL : found + 1;
}

void catalogue_excerpt(const char *text, size_t len, const struct strings *patterns,
                       struct buf *out)
{
    const char *end = text + len, *next;
    bool at_start = len > strlen(ROW) && memcmp(text, ROW, strlen(ROW)) == 0;

    for (const char *row = at_start ? text : next_row(text, end); row != NULL; row = next) {
        const char *id = row + strlen(ROW);
        const char *newline = memchr(id, '\n', (size_t)(end - id));
        own_free char *name = mem_dup(id, (size_t)((newline == NULL ? end : newline) - id));
        bool wanted = strcmp(name, PROBE_OPEN) == 0;

        for (size_t i = 0; i < patterns->n && !wanted; i++)
            wanted = text_match(patterns->items[i], name);
        next = next_row(id, end);
        if (wanted)
            buf_add(out, row, (size_t)((next == NULL ? end : next) - row));
    }
}

void catalogue_free(struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->n; i++) {
        struct probe *p = &catalogue->items[i];

        free(p->id);
        free(p->title);
        params_free(&p->vector);
        params_free(&p->pkcs11);
        params_free(&p->jca);
        params_free(&p->standard);
        params_free(&p->unasked);
    }
    free(catalogue->items);
    *catalogue = (struct catalogue){0};
}

const struct probe *catalogue_find(const struct catalogue *catalogue, const char *id)
{
    for (size_t i = 0; i < catalogue->n; i++)
        if (strcmp(catalogue->items[i].id, id) == 0)
            return &catalogue->items[i];
    return NULL;
}

/* Is the word one of the list? No list names all. */
static bool is_named(const char *list, const char *word)
{
    size_t len = strlen(word);

    if (list == NULL)
        return true;
    while (*list != '\0') {
        size_t n = strcspn(list, " ");

        if (n == len && strncmp(list, word, n) == 0)
            return true;
        list += n + strspn(list + n, " ");
    }
    return false;
}

const char *catalogue_unasked(const struct catalogue *catalogue, const char *mechanism)
{
    for (size_t i = 0; i < catalogue->n; i++) {
        struct spec spec = {&catalogue->items[i].unasked, NULL};

        if (catalogue->items[i].unasked.n > 0 &&
            is_named(spec_word(&spec, "mechanisms", ""), mechanism))
            return spec_get(&spec, "reason");
    }
    return NULL;
}

bool probe_at(const struct probe *probe, enum door door)
{
    const struct params *own = door == DOOR_JCA ? &probe->jca : &probe->pkcs11;
    struct spec spec = {own, NULL};

    return own->n > 0 && is_named(spec_get(&spec, "doors"), door_word(door));
}

bool probe_on_request(const struct probe *probe, enum door door)
{
    struct spec spec = probe_spec(probe, door);

    return spec_get(&spec, "asked") != NULL;
}

struct spec probe_spec(const struct probe *probe, enum door door)
{
    return (struct spec){door == DOOR_JCA ? &probe->jca : &probe->pkcs11, &probe->vector};
}
