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

void text_token(struct page *page, const struct report *report)
{
    write_validations(page, report);
}
