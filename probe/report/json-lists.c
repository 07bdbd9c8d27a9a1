/* SPDX-License-Identifier: Apache-2.0 */
#include "report/json.h"

#include "judge/lists.h"
#include "judge/switches.h"

#define LISTS 64

static json_t *names_json(const struct strings *names)
{
    json_t *list = json_array();

    for (size_t i = 0; i < names->n; i++)
        json_array_append_new(list, json_string(names->items[i]));
    return list;
}

static void put_place(json_t *o, const struct offered *list)
{
    json_t *contexts = json_array();

    for (int c = 0; c < CONTEXT_MAX; c++)
        if (list->contexts & 1u << c)
            json_array_append_new(contexts, json_string(context_word((enum context)c)));
    json_object_set_new(o, "door", json_string(door_word(list->door)));
    json_object_set_new(o, "contexts", contexts);
}

/* Why, for those of which the catalogue says it. */
static json_t *reasons_json(const struct report *report, const struct strings *without)
{
    json_t *o = json_object();

    for (size_t i = 0; i < without->n; i++) {
        const char *reason = lists_reason(report, without->items[i]);

        if (reason != NULL)
            json_object_set_new(o, without->items[i], json_string(reason));
    }
    return o;
}

json_t *json_lists(const struct report *report)
{
    struct offered all[LISTS];
    size_t n = lists_offered(report, all, LISTS);
    json_t *lists = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *o = json_object(), *difference = json_object();
        struct strings without = {0};
        struct list_difference d;

        put_place(o, &all[i]);
        json_object_set_new(o, "count", json_integer((json_int_t)json_array_size(all[i].rows)));
        lists_without_row(report, all[i].rows, &without);
        json_object_set_new(o, "in_no_row", names_json(&without));
        json_object_set_new(o, "unasked", reasons_json(report, &without));
        strings_free(&without);
        lists_compare(&all[0], &all[i], &d);
        json_object_set_new(difference, "more", names_json(&d.more));
        json_object_set_new(difference, "fewer", names_json(&d.fewer));
        json_object_set_new(difference, "other", names_json(&d.other));
        list_difference_free(&d);
        json_object_set_new(o, "compared_with_first", difference);
        json_array_append_new(lists, o);
    }
    return lists;
}

json_t *json_switches(const struct report *report)
{
    struct fips_switches switches = {0};
    json_t *list = json_array();

    switches_find(report, &switches);
    for (size_t i = 0; i < switches.n; i++) {
        const struct fips_switch *s = &switches.items[i];
        json_t *o = json_object();

        json_object_set_new(o, "who", json_string(s->who));
        json_object_set_new(o, "what", json_string(s->what));
        json_object_set_new(o, "basis", json_string(switch_basis_word(s->basis)));
        json_object_set_new(o, "source",
                            s->source == NULL ? json_null() : json_string(s->source));
        json_array_append_new(list, o);
    }
    switches_free(&switches);
    return list;
}
