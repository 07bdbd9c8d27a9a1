/* SPDX-License-Identifier: Apache-2.0 */
#include "run/wire-parent.h"

#include "base/own.h"
#include "base/text.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

void record_free(struct record *r)
{
    free(r->text);
    evidence_free(&r->evidence);
    json_decref(r->value);
    free(r->mapped.path);
    *r = (struct record){0};
}

void wire_reader_init(struct wire_reader *r, size_t n_probes, const bool *ask)
{
    *r = (struct wire_reader){.n_probes = n_probes, .ask = ask, .begun = NO_PROBE};
    r->answered = mem_zero(n_probes, sizeof *r->answered);
}

void wire_reader_free(struct wire_reader *r)
{
    free(r->answered);
    free(r->step);
    free(r->problem);
    buf_free(&r->buf);
    *r = (struct wire_reader){.begun = NO_PROBE};
}

static int problem(struct wire_reader *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static int problem(struct wire_reader *r, const char *fmt, ...)
{
    va_list ap;

    if (r->problem == NULL) {
        va_start(ap, fmt);
        r->problem = mem_vprintf(fmt, ap);
        va_end(ap);
    }
    return -1;
}

/* ---- members --------------------------------------------------------------------------------- */

/* Has text_clean nothing to do? Then the child's side did its part. */
static bool is_clean(const char *s, size_t len, size_t max)
{
    own_free char *clean = NULL;

    if (len > max || strlen(s) != len)
        return false;
    clean = text_clean(s, len);
    return strcmp(clean, s) == 0;
}

static int get_string(struct wire_reader *r, const json_t *object, const char *key, size_t max,
                      bool required, char **out)
{
    const json_t *value = json_object_get(object, key);

    if (value == NULL && !required)
        return 0;
    if (!json_is_string(value))
        return problem(r, "a record has no text \"%s\"", key);
    if (!is_clean(json_string_value(value), json_string_length(value), max))
        return problem(r, "a record's \"%s\" is too long or has control characters", key);
    *out = mem_str(json_string_value(value));
    return 0;
}

static int get_index(struct wire_reader *r, const json_t *object, size_t *out)
{
    const json_t *value = json_object_get(object, "i");

    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        (unsigned long long)json_integer_value(value) >= r->n_probes)
        return problem(r, "a record names no probe of the group");
    *out = (size_t)json_integer_value(value);
    return 0;
}

/* The parsers of words.h fill an enum each of its own type; all are int in this ABI, which the
 * assertion holds the compiler to. */
_Static_assert(sizeof(enum result) == sizeof(int) && sizeof(enum control) == sizeof(int), "enums");

#define GET_WORD(r, object, key, name, out)                                                        \
    ({                                                                                             \
        const char *word_ = json_string_value(json_object_get(object, key));                       \
        word_ == NULL || name##_parse(word_, out) < 0                                              \
            ? problem(r, "a record's \"%s\" is none of the agreed words", key)                     \
            : 0;                                                                                   \
    })

/* Values of all facts of one child: each takes some fifty bytes here and may take two there. */
#define MAX_VALUES 262144u

static bool value_is_clean(struct wire_reader *r, const json_t *value, int depth)
{
    size_t i;
    const char *key;
    json_t *item;
    /* The iteration macro wants a value that is not const, and changes nothing. */
    json_t *object = (json_t *)(uintptr_t)value;

    if (depth > WIRE_MAX_DEPTH || ++r->n_values > MAX_VALUES)
        return false;
    if (json_is_string(value))
        return is_clean(json_string_value(value), json_string_length(value), WIRE_MAX_TEXT);
    json_array_foreach (value, i, item)
        if (!value_is_clean(r, item, depth + 1))
            return false;
    json_object_foreach (object, key, item)
        if (!is_clean(key, strlen(key), 4 * WIRE_MAX_WORD) || !value_is_clean(r, item, depth + 1))
            return false;
    return true;
}

/* ---- one function a type of record ----------------------------------------------------------- */

static int parse_begin(struct wire_reader *r, const json_t *object, struct record *out)
{
    if (get_index(r, object, &out->index) < 0)
        return -1;
    if (r->begun != NO_PROBE)
        return problem(r, "a probe was begun before the one before it was answered");
    if (!r->ask[out->index])
        return problem(r, "a probe was begun that was not asked");
    if (r->answered[out->index])
        return problem(r, "a probe was begun twice");
    if (out->index != 0 && !r->answered[0])
        return problem(r, "a probe was begun before the door was open");
    r->begun = out->index;
    free(steal_ptr(&r->step));
    return 0;
}

static int parse_step(struct wire_reader *r, const json_t *object, struct record *out)
{
    if (get_string(r, object, "call", WIRE_MAX_WORD, true, &out->text) < 0)
        return -1;
    free(r->step);
    r->step = *out->text == '\0' ? NULL : mem_str(out->text);
    return 0;
}

static int parse_answer(struct wire_reader *r, const json_t *object, struct record *out)
{
    struct evidence *e = &out->evidence;

    if (get_index(r, object, &out->index) < 0)
        return -1;
    if (r->begun != out->index)
        return problem(r, "an answer came for a probe that was not begun");
    if (GET_WORD(r, object, "result", result, &e->result) < 0 ||
        GET_WORD(r, object, "listed", listing, &e->listed) < 0 ||
        GET_WORD(r, object, "check", check, &e->check) < 0 ||
        GET_WORD(r, object, "indicator", indicator, &e->indicator) < 0 ||
        GET_WORD(r, object, "key_indicator", indicator, &e->key_indicator) < 0 ||
        GET_WORD(r, object, "validation", indicator, &e->validation) < 0 ||
        GET_WORD(r, object, "key_validation", indicator, &e->key_validation) < 0 ||
        get_string(r, object, "step", WIRE_MAX_WORD, false, &e->step) < 0 ||
        get_string(r, object, "code", WIRE_MAX_WORD, false, &e->code) < 0 ||
        get_string(r, object, "detail", WIRE_MAX_TEXT, false, &e->detail) < 0 ||
        get_string(r, object, "provider", WIRE_MAX_WORD, false, &e->provider) < 0 ||
        get_string(r, object, "answer", WIRE_MAX_TEXT, false, &e->answer) < 0)
        return -1;
    r->answered[out->index] = true;
    r->n_answered++;
    r->begun = NO_PROBE;
    free(steal_ptr(&r->step));
    return 0;
}

static int parse_fact(struct wire_reader *r, const json_t *object, struct record *out)
{
    json_t *value = json_object_get(object, "value");

    if (get_string(r, object, "key", WIRE_MAX_WORD, true, &out->text) < 0)
        return -1;
    if (value == NULL || !value_is_clean(r, value, 0))
        return problem(r, "the fact \"%s\" has no value, or one not of the agreed form", out->text);
    out->value = json_incref(value);
    return 0;
}

static int parse_control(struct wire_reader *r, const json_t *object, struct record *out)
{
    return GET_WORD(r, object, "control", control, &out->control);
}

static int parse_mapped(struct wire_reader *r, const json_t *object, struct record *out)
{
    const json_t *dev = json_object_get(object, "dev"), *ino = json_object_get(object, "ino");
    const json_t *deleted = json_object_get(object, "deleted");

    if (!json_is_integer(dev) || !json_is_integer(ino) || !json_is_boolean(deleted))
        return problem(r, "a mapped file has no device, inode or state");
    if (get_string(r, object, "path", WIRE_MAX_TEXT, true, &out->mapped.path) < 0)
        return -1;
    if (out->mapped.path[0] != '/')
        return problem(r, "a mapped file's path is not absolute");
    if (++r->n_mapped > 4 * WIRE_MAX_MAPPED)
        return problem(r, "more than %u mapped files", 4 * WIRE_MAX_MAPPED);
    out->mapped.dev = (dev_t)json_integer_value(dev);
    out->mapped.ino = (ino_t)json_integer_value(ino);
    out->mapped.deleted = json_is_true(deleted);
    return 0;
}

static int parse_again(struct wire_reader *r, const json_t *object, struct record *out)
{
    (void)object;
    (void)out;
    if (r->begun != NO_PROBE)
        return problem(r, "a fresh child was asked for before a probe was answered");
    r->again = true;
    return 0;
}

static int parse_end(struct wire_reader *r, const json_t *object, struct record *out)
{
    (void)object;
    (void)out;
    if (r->begun != NO_PROBE)
        return problem(r, "the end came before a probe was answered");
    r->ended = true;
    return 0;
}

static const struct {
    const char *word;
    int (*parse)(struct wire_reader *r, const json_t *object, struct record *out);
    bool after_again; /* may it come after "again"? */
} types[RECORD_MAX] = {
    [RECORD_BEGIN] = {"begin", parse_begin, false},
    [RECORD_STEP] = {"step", parse_step, true}, /* what closes the door may be placed too */
    [RECORD_ANSWER] = {"answer", parse_answer, false},
    [RECORD_FACT] = {"fact", parse_fact, true},
    [RECORD_CONTROL] = {"control", parse_control, true},
    [RECORD_MAPPED] = {"mapped", parse_mapped, true},
    [RECORD_AGAIN] = {"again", parse_again, false},
    [RECORD_END] = {"end", parse_end, true},
};

/* ---- lines ----------------------------------------------------------------------------------- */

static int parse_line(struct wire_reader *r, const char *line, size_t len, struct record *out)
{
    json_error_t error;
    own_json json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
    const char *word = json_string_value(json_object_get(object, "r"));

    if (!json_is_object(object))
        return problem(r, "a record is no JSON object");
    for (int t = 0; word != NULL && t < RECORD_MAX; t++) {
        if (strcmp(types[t].word, word) != 0)
            continue;
        if (r->again && !types[t].after_again)
            return problem(r, "a record came after a fresh child was asked for");
        out->type = (enum record_type)t;
        return types[t].parse(r, object, out);
    }
    return problem(r, "a record is of no known type");
}

void wire_reader_add(struct wire_reader *r, const void *p, size_t len)
{
    if (r->problem != NULL)
        return;
    if (len > WIRE_MAX_TOTAL - r->total) {
        problem(r, "more than %u bytes of records", WIRE_MAX_TOTAL);
        return;
    }
    r->total += len;
    buf_drop(&r->buf, r->at);
    r->at = 0;
    buf_add(&r->buf, p, len);
}

int wire_reader_next(struct wire_reader *r, struct record *out)
{
    size_t left = r->buf.len - r->at, len;
    const char *line, *newline;

    *out = (struct record){0};
    if (r->problem != NULL)
        return -1;
    if (left == r->scanned)
        return 0;
    line = r->buf.data + r->at;
    newline = memchr(line + r->scanned, '\n', left - r->scanned);
    len = newline == NULL ? left : (size_t)(newline - line);
    if (len >= WIRE_MAX_LINE)
        return problem(r, "a record is longer than %u bytes", WIRE_MAX_LINE);
    if (r->ended)
        return problem(r, "something came after the end");
    if (newline == NULL) {
        r->scanned = len;
        return 0;
    }
    r->at += len + 1;
    r->scanned = 0;
    if (parse_line(r, line, len, out) < 0) {
        record_free(out);
        return -1;
    }
    return 1;
}

int wire_reader_finish(struct wire_reader *r)
{
    if (r->problem != NULL)
        return -1;
    return r->buf.len == r->at ? 0 : problem(r, "a record was cut off");
}
