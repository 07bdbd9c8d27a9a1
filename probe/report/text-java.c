/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text.h"

#include "base/own.h"
#include "judge/judge.h"
#include "judge/look.h"

#include <stdlib.h>
#include <string.h>

static struct place java(size_t jdk)
{
    return (struct place){DOOR_JCA, (int)jdk};
}

static void write_providers(struct page *page, const struct report *r, size_t jdk)
{
    const struct group *g = look_group(r, java(jdk), CONTEXT_AS_IS);
    const json_t *list = g == NULL ? NULL : json_object_get(g->facts, "providers");
    struct buf line = {0};
    const json_t *p;
    size_t i;

    json_array_foreach(list, i, p)
    {
        const char *name = json_string_value(json_object_get(p, "name"));
        const json_t *services = json_object_get(p, "services");

        buf_printf(&line, "%s%s", i == 0 ? "" : ", ", name == NULL ? "?" : name);
        if (json_is_integer(services))
            buf_printf(&line, "(%lld)", (long long)json_integer_value(services));
    }
    if (line.len > 0)
        page_field(page, "  providers", line.data);
    buf_free(&line);
}

/* What comes first in a context: a provider, or why there is none. The caller frees. */
static char *primary_in(const struct report *r, size_t jdk, enum context context)
{
    const struct observation *o = look_observation(r, "provider.primary", java(jdk), context);
    const char *first = look_provider(r, (int)jdk, context, 0);

    if (first == NULL && o != NULL && o->evidence.result == RESULT_DONE)
        first = o->evidence.answer;
    if (first != NULL)
        return mem_str(first);
    if (look_fact(r, java(jdk), context, "provider_error") != NULL)
        return mem_str("none: listing the providers throws");
    if (o == NULL)
        return mem_str("not asked");
    return mem_printf("%s%s%s", outcome_word(o->outcome), o->evidence.code == NULL ? "" : ": ",
                      o->evidence.code == NULL ? "" : o->evidence.code);
}

/* The names of the providers with the flag at 0 and at 1; true where one list is not there. */
static bool same_list(const struct report *r, size_t jdk)
{
    const char *off, *on;
    size_t n = 0;

    do {
        off = look_provider(r, (int)jdk, CONTEXT_KERNEL_OFF, n);
        on = look_provider(r, (int)jdk, CONTEXT_KERNEL_ON, n);
        if (n == 0 && (off == NULL || on == NULL))
            return true;
        n++;
    } while (off != NULL && on != NULL && strcmp(off, on) == 0);
    return off == NULL && on == NULL;
}

static void write_primary(struct page *page, const struct report *r, size_t jdk)
{
    const char *first = look_provider(r, (int)jdk, CONTEXT_AS_IS, 0);
    const struct observation *o =
        look_observation(r, "provider.primary", java(jdk), CONTEXT_AS_IS);
    const struct dependence_row *d = o == NULL ? NULL : look_dependence(r, o->probe, java(jdk));
    own_free char *as_is = primary_in(r, jdk, CONTEXT_AS_IS);
    own_free char *line = NULL;

    if (first == NULL && o != NULL)
        first = o->evidence.answer;
    line = first == NULL ? mem_str(as_is)
                         : mem_printf("%s: %s", first, judge_primary(first)->meaning);
    page_field(page, "  primary", line);
    page_field(page, "  error", look_fact(r, java(jdk), CONTEXT_AS_IS, "provider_error"));
    page_field(page, "  after it",
               look_fact(r, java(jdk), CONTEXT_AS_IS, "provider_error_then"));
    if (d != NULL && d->dependence == DEPENDENCE_INDEPENDENT && !same_list(r, jdk))
        page_field(page, "  flag", "host-independent in the first provider alone: the list behind "
                                   "it is another one with the flag at 1");
    else if (d == NULL || d->dependence == DEPENDENCE_INDEPENDENT)
        page_field(page, "  flag", d == NULL ? NULL : dependence_word(d->dependence));
    else if (d->dependence == DEPENDENCE_UNDETERMINED) {
        own_free char *text = mem_printf("%s: %s", dependence_word(d->dependence), d->reason);

        page_field(page, "  flag", text);
    } else {
        own_free char *off = primary_in(r, jdk, CONTEXT_KERNEL_OFF);
        own_free char *on = primary_in(r, jdk, CONTEXT_KERNEL_ON);
        own_free char *text = mem_printf("%s: %s with the flag at 0, %s with the flag at 1",
                                         dependence_word(d->dependence), off, on);

        page_field(page, "  flag", text);
    }
}

static void write_lines(struct page *page, const char *label, const struct strings *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        page_field(page, i == 0 ? label : "", lines->items[i]);
}

/* A configuration of SunPKCS11, and what is wrong with it or with a path in it. */
static void write_pkcs11(struct page *page, const struct jdk_pkcs11 *p, bool first)
{
    own_free char *head = mem_printf("%s: %s%s%s", p->entry,
                                     p->file == NULL ? "in the entry itself" : p->file,
                                     p->problem == NULL ? "" : ": Java refuses it: ",
                                     p->problem == NULL ? "" : p->problem);

    page_field(page, first ? "  SunPKCS11" : "", head);
    for (size_t i = 0; i < p->paths.n; i++) {
        const struct jdk_path *path = &p->paths.items[i];
        own_free char *line = mem_printf("%s %s: %s", path->keyword, path->path,
                                         path->problem == NULL ? "readable" : path->problem);

        page_field(page, "", line);
    }
}

static bool is_mapped(const struct report *r, size_t jdk, enum context context, const char *path)
{
    struct look_mapped found[LOOK_MAPPED];
    size_t n = look_nss_mapped(r, java(jdk), context, found);

    for (size_t i = 0; i < n; i++)
        if (strcmp(found[i].mapped->path, path) == 0)
            return true;
    return false;
}

/* What of NSS the JVM had mapped, and what is known of each file; where it is the same with the
 * flag at 1 as with the host's own, it is said once. */
static void write_mapped(struct page *page, const struct report *r, size_t jdk)
{
    static const enum context shown[] = {CONTEXT_AS_IS, CONTEXT_KERNEL_ON};
    bool first = true;

    for (size_t c = 0; c < sizeof shown / sizeof *shown; c++) {
        struct look_mapped found[LOOK_MAPPED];
        size_t n = look_nss_mapped(r, java(jdk), shown[c], found);

        for (size_t i = 0; i < n; i++) {
            const struct module_file *m = found[i].module;
            const char *path = found[i].mapped->path;
            bool both = is_mapped(r, jdk, shown[1 - c], path);
            own_free char *line = NULL;

            if (both && c > 0)
                continue;
            line = mem_printf(
                "%s%s%s%s%s%s%s%s", both ? "" : context_word(shown[c]), both ? "" : ": ", path,
                m == NULL || m->chk == CHK_NONE_EXPECTED ? "" : ", .chk ",
                m == NULL || m->chk == CHK_NONE_EXPECTED ? "" : chk_state_word(m->chk),
                m == NULL || m->known_build == NULL ? "" : ", ",
                m == NULL || m->known_build == NULL ? "" : m->known_build,
                m != NULL && m->other_copy ? ", not the system's" : "");

            page_field(page, first ? "  NSS mapped" : "", line);
            first = false;
        }
    }
}

static void write_jdk(struct page *page, const struct report *r, size_t jdk)
{
    const struct jdk *j = &r->jdks.items[jdk];
    own_free char *name = look_place_name(r, java(jdk));
    own_free char *line =
        mem_printf("%s%s%s%s%s%s", j->vendor == NULL ? "" : j->vendor,
                   j->vendor == NULL ? "" : ", ", j->home == NULL ? "?" : j->home,
                   j->found_how == NULL ? "" : " (found by ",
                   j->found_how == NULL ? "" : j->found_how, j->found_how == NULL ? "" : ")");

    page_blanks(page, 2);
    page_cell(page, TINT_BOLD, name, 15);
    page_wrap(page, page_columns(name) > 15 ? 2 + page_columns(name) : 17, 17, line);
    page_field(page, "  problem", j->problem);
    page_field(page, "  kind", j->kind);
    page_field(page, "  lacks", j->lacks);
    page_field(page, "  FIPS support", j->fips_support);
    write_lines(page, "  shown by", &j->fips_files);
    page_field(page, "  switched by", j->fips_switch);
    write_lines(page, "  security", &j->security_files);
    for (size_t i = 0; i < j->pkcs11.n; i++)
        write_pkcs11(page, &j->pkcs11.items[i], i == 0);
    if (j->not_asked != NULL) {
        page_field(page, "  not asked", j->not_asked);
        return;
    }
    if (j->problem != NULL || look_group(r, java(jdk), CONTEXT_AS_IS) == NULL) {
        page_field(page, "  primary", "not asked");
        return;
    }
    page_field(page, "  vm", look_fact(r, java(jdk), CONTEXT_AS_IS, "vm"));
    write_providers(page, r, jdk);
    write_primary(page, r, jdk);
    write_mapped(page, r, jdk);
    page_field(page, "  database", look_fact(r, java(jdk), CONTEXT_AS_IS, "database"));
}

void text_java(struct page *page, const struct report *report)
{
    page_heading(page, "Java", NULL);
    if (report->jdks.n == 0)
        page_field(page, "", report->java_skipped ? "not looked for" : "no JDK was found");
    for (size_t i = 0; i < report->jdks.n; i++)
        write_jdk(page, report, i);
}
