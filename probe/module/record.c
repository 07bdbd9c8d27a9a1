/* SPDX-License-Identifier: Apache-2.0 */
#include "module/record.h"

#include "base/own.h"

#include <string.h>

/* A YAML scalar: as it is where that is plainly one, else in double quotes. */
static void put_scalar(struct buf *out, const char *s)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                " .+_~/()-:,'@%";
    size_t len = strlen(s);

    if (len > 0 && strspn(s, plain) == len && strspn(s, " .+_~/()-:,'@%") == 0 &&
        strstr(s, ": ") == NULL && s[len - 1] != ' ' && s[len - 1] != ':') {
        buf_puts(out, s);
        return;
    }
    buf_puts(out, "\"");
    for (; *s != '\0'; s++)
        buf_printf(out, "%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
    buf_puts(out, "\"");
}

static void put_field(struct buf *out, const char *key, const char *value)
{
    buf_printf(out, "%s: ", key);
    put_scalar(out, value);
    buf_puts(out, "\n");
}

static bool is_of(const struct module_file *m, const char *machine)
{
    return m->sha256 != NULL && m->machine != NULL && strcmp(m->machine, machine) == 0;
}

/* The same name twice (a 32-bit multilib has another machine): the first one counts. */
static bool is_first(struct module_file *const *modules, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(modules[k]->name, modules[i]->name) == 0 &&
            is_of(modules[k], modules[i]->machine))
            return false;
    return true;
}

static size_t put_row(const struct record *r, struct module_file *const *modules, size_t n,
                      const char *machine, struct buf *out)
{
    own_free char *name = mem_printf("%s%s%s %s", r->name == NULL ? "" : r->name,
                                     r->name == NULL ? "" : " ", r->package, r->version);
    const char *id = NULL;
    bool ids = false;
    size_t files = 0;

    for (size_t i = 0; i < n; i++)
        if (is_of(modules[i], machine)) {
            id = id == NULL ? modules[i]->file_module_id : id;
            ids = ids || modules[i]->build_id != NULL;
        }
    put_field(out, "- name", name);
    put_field(out, "  package", r->package);
    put_field(out, "  version", r->version);
    put_field(out, "  arch", machine);
    if (id != NULL)
        put_field(out, "  module_id", id);
    put_field(out, "  source", r->source);
    buf_puts(out, "  files:\n");
    for (size_t i = 0; i < n; i++)
        if (is_of(modules[i], machine) && is_first(modules, i)) {
            buf_printf(out, "    %s: %s\n", modules[i]->name, modules[i]->sha256);
            files++;
        }
    if (ids)
        buf_puts(out, "  build-ids:\n");
    for (size_t i = 0; i < n; i++)
        if (is_of(modules[i], machine) && is_first(modules, i) && modules[i]->build_id != NULL &&
            strlen(modules[i]->build_id) >= 16)
            buf_printf(out, "    %s: \"%s\"\n", modules[i]->name, modules[i]->build_id);
    buf_puts(out, "\n");
    return files;
}

size_t record_rows(const struct record *record, struct module_file *const *modules, size_t n,
                   struct buf *out)
{
    size_t files = 0;

    for (size_t i = 0; i < n; i++) {
        bool done = modules[i]->machine == NULL || modules[i]->sha256 == NULL;

        for (size_t k = 0; k < i && !done; k++)
            done = is_of(modules[k], modules[i]->machine);
        if (!done)
            files += put_row(record, modules, n, modules[i]->machine, out);
    }
    return files;
}
