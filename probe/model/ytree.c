/* SPDX-License-Identifier: Apache-2.0 */
#include "model/ytree.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define MAX_BYTES (16u << 20)
#define MAX_DEPTH 32

struct reading {
    const char *name;
    yaml_parser_t parser;
    struct err *err;
};

static int fail_at(struct reading *r, size_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int fail_at(struct reading *r, size_t line, const char *fmt, ...)
{
    va_list ap;
    char *msg;

    va_start(ap, fmt);
    msg = mem_vprintf(fmt, ap);
    va_end(ap);
    err_set(r->err, ERR_INPUT, "%s:%zu: %s", r->name, line, msg);
    free(msg);
    return -1;
}

static int next(struct reading *r, yaml_event_t *event)
{
    const char *problem;
    char *clean;

    if (yaml_parser_parse(&r->parser, event))
        return 0;
    problem = r->parser.problem == NULL ? "not YAML" : r->parser.problem;
    clean = text_clean(problem, strlen(problem));
    fail_at(r, r->parser.problem_mark.line + 1, "%s", clean);
    free(clean);
    return -1;
}

static int read_node(struct reading *r, const yaml_event_t *event, int depth,
                     struct ytree_node *out);

static int check_key(struct reading *r, const struct ytree_node *map)
{
    const struct ytree_node *key = &map->items[map->n - 1];

    if (key->kind != YTREE_SCALAR)
        return fail_at(r, key->line, "a key must be a plain word");
    for (size_t i = 0; i + 1 < map->n; i += 2)
        if (strcmp(map->items[i].text, key->text) == 0) {
            char *clean = text_clean(key->text, strlen(key->text));

            fail_at(r, key->line, "'%s' stands here twice", clean);
            free(clean);
            return -1;
        }
    return 0;
}

static int read_items(struct reading *r, int depth, yaml_event_type_t end, struct ytree_node *out)
{
    for (;;) {
        yaml_event_t event;
        int rc;

        if (next(r, &event) < 0)
            return -1;
        if (event.type == end) {
            yaml_event_delete(&event);
            return 0;
        }
        rc = read_node(r, &event, depth + 1, mem_push(out));
        yaml_event_delete(&event);
        if (rc < 0)
            return -1;
        if (out->kind == YTREE_MAP && out->n % 2 == 1 && check_key(r, out) < 0)
            return -1;
    }
}

static int read_node(struct reading *r, const yaml_event_t *event, int depth,
                     struct ytree_node *out)
{
    out->line = event->start_mark.line + 1;
    if (depth > MAX_DEPTH)
        return fail_at(r, out->line, "nested deeper than %d", MAX_DEPTH);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        out->kind = YTREE_SCALAR;
        out->text = mem_dup(event->data.scalar.value, event->data.scalar.length);
        if (strlen(out->text) != event->data.scalar.length)
            return fail_at(r, out->line, "a NUL character");
        return 0;
    case YAML_SEQUENCE_START_EVENT:
        out->kind = YTREE_LIST;
        return read_items(r, depth, YAML_SEQUENCE_END_EVENT, out);
    case YAML_MAPPING_START_EVENT:
        out->kind = YTREE_MAP;
        return read_items(r, depth, YAML_MAPPING_END_EVENT, out);
    case YAML_ALIAS_EVENT:
        return fail_at(r, out->line, "aliases ('*name') are not taken here");
    default:
        return fail_at(r, out->line, "a value was expected");
    }
}

static int read_document(struct reading *r, struct ytree_node *out)
{
    for (bool seen = false;;) {
        yaml_event_t event;
        yaml_event_type_t type;
        int rc = 0;

        if (next(r, &event) < 0)
            return -1;
        type = event.type;
        if (type == YAML_STREAM_END_EVENT && !seen)
            rc = fail_at(r, 1, "the file is empty");
        else if (type == YAML_DOCUMENT_START_EVENT && seen)
            rc = fail_at(r, event.start_mark.line + 1, "a second document; one is taken");
        else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
                 type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT) {
            seen = true;
            rc = read_node(r, &event, 0, out);
        }
        yaml_event_delete(&event);
        if (rc < 0 || type == YAML_STREAM_END_EVENT)
            return rc;
    }
}

int ytree_parse(const char *name, const char *text, size_t len, struct ytree_node *out,
               struct err *err)
{
    struct reading r = {.name = name, .err = err};
    int rc;

    *out = (struct ytree_node){0};
    if (len > MAX_BYTES)
        return err_set(err, ERR_INPUT, "%s: longer than %u bytes", name, MAX_BYTES);
    if (!yaml_parser_initialize(&r.parser))
        return err_set(err, ERR_TOOL, "libyaml cannot start");
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
    rc = read_document(&r, out);
    yaml_parser_delete(&r.parser);
    if (rc < 0)
        ytree_free(out);
    return rc;
}

void ytree_free(struct ytree_node *node)
{
    for (size_t i = 0; i < node->n; i++)
        ytree_free(&node->items[i]);
    free(node->items);
    free(node->text);
    *node = (struct ytree_node){0};
}

const struct ytree_node *ytree_get(const struct ytree_node *map, const char *key)
{
    for (size_t i = 0; map->kind == YTREE_MAP && i + 1 < map->n; i += 2)
        if (strcmp(map->items[i].text, key) == 0)
            return &map->items[i + 1];
    return NULL;
}

int ytree_error(const char *name, const struct ytree_node *node, struct err *err, const char *fmt, ...)
{
    va_list ap;
    char *msg, *clean;

    va_start(ap, fmt);
    msg = mem_vprintf(fmt, ap);
    va_end(ap);
    clean = text_clean(msg, strlen(msg));
    err_set(err, ERR_INPUT, "%s:%zu: %s", name, node->line, clean);
    free(clean);
    free(msg);
    return -1;
}
