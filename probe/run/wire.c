/* SPDX-License-Identifier: Apache-2.0 */
#include "run/wire-child.h"

#include "base/buf.h"
#include "base/own.h"
#include "base/text.h"
#include "run/maps.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The child's status when it can no longer tell its parent anything. */
#define STATUS_WIRE_LOST 124

void wire_open(struct wire *wire, int fd)
{
    *wire = (struct wire){.fd = fd};
    if (fstat(fd, &wire->identity) < 0)
        _exit(STATUS_WIRE_LOST);
}

/* A library may have closed descriptors that are not its own, and opened a file of its own at our
 * number: a record must never land there. */
static bool is_still_ours(const struct wire *wire)
{
    struct stat st;

    return fstat(wire->fd, &st) == 0 && st.st_dev == wire->identity.st_dev &&
           st.st_ino == wire->identity.st_ino;
}

static void put(struct wire *wire, const char *p, size_t len)
{
    if (!is_still_ours(wire))
        _exit(STATUS_WIRE_LOST);
    while (len > 0) {
        ssize_t n = write(wire->fd, p, len);

        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            _exit(STATUS_WIRE_LOST);
        p += n;
        len -= (size_t)n;
    }
}

/* Writes the record and releases it; false, and nothing is written, when it is too long. */
static bool put_record(struct wire *wire, json_t *record)
{
    own_json json_t *owned = record;
    own_free char *line = json_dumps(owned, JSON_COMPACT);
    size_t len;

    if (line == NULL)
        _exit(STATUS_WIRE_LOST);
    len = strlen(line);
    if (len >= WIRE_MAX_LINE)
        return false;
    line[len] = '\n'; /* one write, so that a record is torn only by a crash within it */
    put(wire, line, len + 1);
    return true;
}

static json_t *record_new(const char *type)
{
    json_t *record = json_object();

    json_object_set_new(record, "r", json_string(type));
    return record;
}

/* Cleaned, and not longer than max bytes; what was cut off shows as an ellipsis. */
static json_t *clean_string(const char *s, size_t len, size_t max)
{
    own_free char *clean = text_clean(s, len < max ? len : max);
    size_t n = strlen(clean);

    if (n > max || len > max) {
        static const char more[] = "...";

        if (n > max - (sizeof more - 1))
            n = max - (sizeof more - 1);
        while (n > 0 && ((unsigned char)clean[n] & 0xc0) == 0x80)
            n--; /* not in the middle of a character */
        {
            own_free char *cut = mem_printf("%.*s%s", (int)n, clean, more);

            return json_string(cut);
        }
    }
    return json_string(clean);
}

static void set_string(json_t *record, const char *key, const char *s, size_t max)
{
    if (s != NULL)
        json_object_set_new(record, key, clean_string(s, strnlen(s, max + 1), max));
}

/* The same value with every string in it cleaned; NULL where it is nested too deeply. */
static json_t *clean_value(const json_t *value, int depth)
{
    json_t *copy;

    if (depth > WIRE_MAX_DEPTH)
        return NULL;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return clean_string(json_string_value(value), json_string_length(value), WIRE_MAX_TEXT);
    case JSON_ARRAY: {
        size_t i;
        json_t *item;

        copy = json_array();
        json_array_foreach (value, i, item)
            json_array_append_new(copy, clean_value(item, depth + 1));
        return copy;
    }
    case JSON_OBJECT: {
        /* The iteration macro wants a value that is not const, and changes nothing. */
        json_t *object = (json_t *)(uintptr_t)value;
        const char *key;
        json_t *item;

        copy = json_object();
        json_object_foreach (object, key, item) {
            own_free char *clean = text_clean(key, strnlen(key, WIRE_MAX_WORD));

            json_object_set_new(copy, clean, clean_value(item, depth + 1));
        }
        return copy;
    }
    case JSON_REAL:
    case JSON_INTEGER:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        break;
    }
    return json_copy((json_t *)(uintptr_t)value);
}

void wire_begin(struct wire *wire, size_t index)
{
    json_t *record = record_new("begin");

    json_object_set_new(record, "i", json_integer((json_int_t)index));
    put_record(wire, record);
}

void wire_step(struct wire *wire, const char *call)
{
    json_t *record = record_new("step");

    set_string(record, "call", call == NULL ? "" : call, WIRE_MAX_WORD);
    put_record(wire, record);
}

void wire_answer(struct wire *wire, size_t index, const struct evidence *e)
{
    json_t *record = record_new("answer");

    json_object_set_new(record, "i", json_integer((json_int_t)index));
    json_object_set_new(record, "result", json_string(result_word(e->result)));
    json_object_set_new(record, "listed", json_string(listing_word(e->listed)));
    json_object_set_new(record, "check", json_string(check_word(e->check)));
    json_object_set_new(record, "indicator", json_string(indicator_word(e->indicator)));
    json_object_set_new(record, "key_indicator", json_string(indicator_word(e->key_indicator)));
    json_object_set_new(record, "validation", json_string(indicator_word(e->validation)));
    json_object_set_new(record, "key_validation", json_string(indicator_word(e->key_validation)));
    set_string(record, "step", e->step, WIRE_MAX_WORD);
    set_string(record, "code", e->code, WIRE_MAX_WORD);
    set_string(record, "detail", e->detail, WIRE_MAX_TEXT);
    set_string(record, "provider", e->provider, WIRE_MAX_WORD);
    set_string(record, "answer", e->answer, WIRE_MAX_TEXT);
    put_record(wire, record);
    /* The door is open: from now on a crash must not hide which files were mapped. */
    if (index == 0)
        wire_mapped(wire);
}

void wire_fact(struct wire *wire, const char *key, json_t *value)
{
    own_json json_t *owned = value;
    json_t *record;

    if (owned == NULL)
        return;
    record = record_new("fact");
    set_string(record, "key", key, WIRE_MAX_WORD);
    json_object_set_new(record, "value", clean_value(owned, 0));
    if (put_record(wire, record))
        return;
    record = record_new("fact"); /* too long: null, so that it does not look never asked */
    set_string(record, "key", key, WIRE_MAX_WORD);
    json_object_set_new(record, "value", json_null());
    put_record(wire, record);
}

void wire_fact_str(struct wire *wire, const char *key, const char *value)
{
    if (value != NULL)
        wire_fact(wire, key, clean_string(value, strnlen(value, WIRE_MAX_TEXT + 1), WIRE_MAX_TEXT));
}

void wire_control(struct wire *wire, enum control control)
{
    json_t *record = record_new("control");

    json_object_set_new(record, "control", json_string(control_word(control)));
    put_record(wire, record);
}

void wire_again(struct wire *wire)
{
    put_record(wire, record_new("again"));
}

void wire_end(struct wire *wire)
{
    put_record(wire, record_new("end"));
}

/* One record a file: the list of a JVM with many libraries has no length worth trusting. */
void wire_mapped(struct wire *wire)
{
    struct maps maps = {0};

    maps_self(&maps);
    for (size_t i = 0; i < maps.n; i++) {
        const struct mapped *m = &maps.items[i];
        json_t *record = record_new("mapped");

        json_object_set_new(record, "path", json_string(m->path));
        json_object_set_new(record, "dev", json_integer((json_int_t)m->dev));
        json_object_set_new(record, "ino", json_integer((json_int_t)m->ino));
        json_object_set_new(record, "deleted", json_boolean(m->deleted));
        put_record(wire, record);
    }
    maps_free(&maps);
}
