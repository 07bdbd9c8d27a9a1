/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/lists.h"

#include <string.h>

#define LISTS 64

bool lists_same(const struct offered *a, const struct offered *b)
{
    return json_equal((json_t *)(uintptr_t)a->rows, (json_t *)(uintptr_t)b->rows) != 0;
}

size_t lists_offered(const struct report *report, struct offered *out, size_t room)
{
    size_t n = 0;

    for (int door = 0; door < DOOR_JCA; door++)
        for (int context = 0; context < CONTEXT_MAX; context++) {
            const struct group *g = look_group(report, (struct place){(enum door)door, -1},
                                               (enum context)context);
            struct offered list = {(enum door)door, 1u << context,
                                   g == NULL ? NULL : json_object_get(g->facts, "mechanism_info")};
            size_t same = 0;

            if (!json_is_array(list.rows))
                continue;
            while (same < n && (out[same].door != list.door || !lists_same(&out[same], &list)))
                same++;
            if (same < n)
                out[same].contexts |= list.contexts;
            else if (n < room)
                out[n++] = list;
        }
    return n;
}

static const char *name_of(const json_t *row)
{
    const char *name = json_string_value(json_object_get(row, "name"));

    return name == NULL ? "?" : name;
}

static const json_t *find(const json_t *rows, const char *name)
{
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (strcmp(name_of(json_array_get(rows, i)), name) == 0)
            return json_array_get(rows, i);
    return NULL;
}

void lists_compare(const struct offered *a, const struct offered *b, struct list_difference *out)
{
    *out = (struct list_difference){0};
    for (size_t i = 0; i < json_array_size(b->rows); i++) {
        const json_t *row = json_array_get(b->rows, i);
        const json_t *other = find(a->rows, name_of(row));

        if (other == NULL)
            strings_add(&out->more, name_of(row));
        else if (!json_equal((json_t *)(uintptr_t)row, (json_t *)(uintptr_t)other))
            strings_add(&out->other, name_of(row));
    }
    for (size_t i = 0; i < json_array_size(a->rows); i++) {
        const char *name = name_of(json_array_get(a->rows, i));

        if (find(b->rows, name) == NULL)
            strings_add(&out->fewer, name);
    }
}

void list_difference_free(struct list_difference *difference)
{
    strings_free(&difference->more);
    strings_free(&difference->fewer);
    strings_free(&difference->other);
}

static bool has(const struct strings *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i], name) == 0)
            return true;
    return false;
}

static void add_without(const struct report *report, const json_t *rows, struct strings *out)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *name = name_of(json_array_get(rows, i));

        if (!has(&report->row_mechanisms, name) && !has(out, name))
            strings_add(out, name);
    }
}

void lists_without_row(const struct report *report, const json_t *rows, struct strings *out)
{
    struct offered all[LISTS];
    size_t n;

    if (rows != NULL) {
        add_without(report, rows, out);
        return;
    }
    n = lists_offered(report, all, LISTS);
    for (size_t i = 0; i < n; i++)
        add_without(report, all[i].rows, out);
}

const char *lists_reason(const struct report *report, const char *mechanism)
{
    for (size_t i = 0; i < report->unasked.n; i++)
        if (strcmp(report->unasked.items[i], mechanism) == 0)
            return report->unasked_reasons.items[i];
    return NULL;
}
