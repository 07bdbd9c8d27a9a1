/* SPDX-License-Identifier: Apache-2.0
 *
 * text-token.c: what NSS's tokens say of themselves, whatever is asked of them.
 */
#include "report/text.h"

#include "base/own.h"
#include "judge/look.h"

#include <string.h>

static const json_t *fact(const struct report *r, enum door door, enum context context,
                          const char *key)
{
    const struct group *g = look_group(r, (struct place){door, -1}, context);

    return g == NULL ? NULL : json_object_get(g->facts, key);
}

/* ---- validation objects ------------------------------------------------------------------------- */

/* "CKO_VALIDATION: type software, version 3.0, level 1; no certificate_identifier". The caller
 * frees. */
static char *describe_validation(const json_t *object)
{
    own_buf struct buf empty = {0};
    struct buf out = {0};
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        const char *text = json_string_value(value);

        if (strcmp(key, "class") == 0)
            continue;
        if (text != NULL && *text == '\0') {
            buf_printf(&empty, "%s%s", empty.len == 0 ? "; no " : ", ", key);
            continue;
        }
        buf_printf(&out, "%s%s ", out.len == 0 ? "" : ", ", key);
        if (text != NULL)
            buf_puts(&out, text);
        else
            buf_printf(&out, "%lld", (long long)json_integer_value(value));
    }
    buf_puts(&out, empty.len == 0 ? "" : empty.data);
    return buf_steal(&out);
}

static void write_validations(struct page *page, const struct report *r)
{
    const json_t *list = fact(r, DOOR_SOFTOKN_FIPS, CONTEXT_AS_IS, "validations");
    const char *flags = look_fact(r, (struct place){DOOR_SOFTOKN_FIPS, -1}, CONTEXT_AS_IS,
                                  "validation_flags");
    const char *label = "validation";
    size_t i;
    json_t *object;

    json_array_foreach((json_t *)(uintptr_t)list, i, object) {
        const char *class = json_string_value(json_object_get(object, "class"));
        own_free char *text = describe_validation(object);
        own_free char *line = mem_printf("%s: %s", class == NULL ? "?" : class, text);

        page_field(page, label, line);
        label = "";
    }
    if (*label == '\0')
        page_field(page, "", "these are the module's own words about itself");
    if (flags != NULL) {
        own_free char *line = mem_printf("PKCS#11 3.2's validation flags: %s", flags);

        page_field(page, label, line);
    }
}

/* ---- self-tests --------------------------------------------------------------------------------- */

static long long microseconds(const struct report *r, enum door door, const char *key)
{
    const json_t *value = fact(r, door, CONTEXT_AS_IS, key);

    return json_is_integer(value) ? (long long)json_integer_value(value) : -1;
}

/* The functions by what they said: "CKR_DEVICE_ERROR from C_OpenSession, C_DigestInit". */
static char *describe_state(const json_t *state)
{
    json_t *all = (json_t *)(uintptr_t)state;
    struct strings told = {0};
    struct buf out = {0};
    const char *name, *other;
    json_t *said, *same;

    json_object_foreach(all, name, said) {
        const char *code = json_string_value(said);
        bool known = code == NULL;

        for (size_t i = 0; i < told.n; i++)
            known = known || strcmp(told.items[i], code) == 0;
        if (known)
            continue;
        buf_printf(&out, "%s%s from", told.n == 0 ? "" : "; ", code);
        strings_add(&told, code);
        json_object_foreach(all, other, same)
            if (json_equal(said, same))
                buf_printf(&out, "%s %s", strcmp(other, name) == 0 ? "" : ",", other);
    }
    strings_free(&told);
    return buf_steal(&out);
}

static void write_self_tests(struct page *page, const struct report *r)
{
    static const enum door doors[] = {DOOR_SOFTOKN_FIPS, DOOR_SOFTOKN_DEFAULT};
    const char *label = "self-tests";

    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        long long load = microseconds(r, doors[i], "load_us");
        long long initialize = microseconds(r, doors[i], "initialize_us");
        const json_t *state = fact(r, doors[i], CONTEXT_AS_IS, "error_state");
        const struct observation *open =
            look_observation(r, PROBE_OPEN, (struct place){doors[i], -1}, CONTEXT_AS_IS);
        own_free char *line = NULL;

        if (initialize < 0 || open == NULL)
            continue;
        line = mem_printf("%s: %s in %lld.%01lld ms (%lld.%01lld ms to load, %lld.%01lld ms in "
                          "C_Initialize)",
                          door_word(doors[i]),
                          state != NULL                          ? "FAILED"
                          : open->evidence.result != RESULT_DONE ? "not known"
                          : doors[i] == DOOR_SOFTOKN_FIPS        ? "passed"
                                                                 : "initialised",
                          (load + initialize) / 1000, (load + initialize) / 100 % 10, load / 1000,
                          load / 100 % 10, initialize / 1000, initialize / 100 % 10);
        page_field(page, label, line);
        label = "";
        if (json_is_object(state)) {
            own_free char *after = describe_state(state);
            own_free char *more = mem_printf("afterwards %s", after);

            page_field(page, "", more);
        }
    }
}

void text_token(struct page *page, const struct report *report)
{
    write_self_tests(page, report);
    write_validations(page, report);
}
