/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"

#include "base/own.h"
#include "judge/look.h"
#include "report/text.h"

#include "config.h"

#include <stdlib.h>
#include <string.h>

/* ---- host ---------------------------------------------------------------------------------------- */

static const char *flag_meaning(enum flag_state flag)
{
    static const char *const text[] = {
        [FLAG_ON] = "on: /proc/sys/crypto/fips_enabled reads 1",
        [FLAG_OFF] = "off: /proc/sys/crypto/fips_enabled reads 0",
        [FLAG_ABSENT] = "no such file: a kernel without CONFIG_CRYPTO_FIPS; NSS takes it for off",
        [FLAG_UNREADABLE] = "not known: /proc/sys/crypto/fips_enabled could not be read",
    };

    return text[flag];
}

static void write_variables(struct page *page, const struct host *h)
{
    for (size_t i = 0; i < h->variables.n; i++) {
        const struct host_variable *v = &h->variables.items[i];
        own_free char *line =
            mem_printf("%s=%s%s%s", v->name, v->value == NULL ? "" : v->value,
                       v->meaning == NULL ? "" : "  ", v->meaning == NULL ? "" : v->meaning);

        page_field(page, i == 0 ? "environment" : "", line);
    }
    if (h->variables.n == 0)
        page_field(page, "environment", "nothing that switches a FIPS mode");
}

/* An image has no kernel, no environment and no user of its own. */
static void write_image(struct page *page, const struct report *r)
{
    page_heading(page, "Image", NULL);
    page_field(page, "root", r->image);
    page_field(page, "system", r->host.os == NULL ? "OS not known" : r->host.os);
}

/* Whose word the flag is, and what was seen beside it. */
static void write_truth(struct page *page, const struct host *h)
{
    own_free char *truth = mem_printf("%s%s%s%s", truth_text(h->flag_truth),
                                      h->flag_presented == NULL ? "" : " (",
                                      h->flag_presented == NULL ? "" : h->flag_presented,
                                      h->flag_presented == NULL ? "" : ")");

    page_field(page, "", truth);
    for (size_t i = 0; i < h->flag_evidence.n; i++)
        page_field(page, "", h->flag_evidence.items[i]);
    for (size_t i = 0; i < h->from_host.n; i++)
        page_field(page, i == 0 ? "from the host" : "", h->from_host.items[i]);
}

static void write_host(struct page *page, const struct report *r)
{
    const struct host *h = &r->host;
    own_free char *system = mem_printf(
        "%s, %s, %s, uid %u", h->os == NULL ? "OS not known" : h->os,
        h->kernel == NULL ? "kernel not known" : h->kernel,
        h->machine == NULL ? "machine not known" : h->machine, (unsigned)h->uid);
    own_free char *flag =
        mem_printf("%s%s%s%s", flag_meaning(h->flag),
                   h->flag == FLAG_UNREADABLE && h->flag_detail != NULL ? " (" : "",
                   h->flag == FLAG_UNREADABLE && h->flag_detail != NULL ? h->flag_detail : "",
                   h->flag == FLAG_UNREADABLE && h->flag_detail != NULL ? ")" : "");
    own_free char *container = NULL, *policy = NULL;

    page_heading(page, "Host", NULL);
    page_field(page, "system", system);
    page_field(page, "FIPS flag", flag);
    page_field(page, "", h->flag_overmount);
    write_truth(page, h);
    if (h->container == NULL)
        container = mem_str("no sign of one");
    else
        container = mem_printf("%s%s%s%s", h->container,
                               h->container_evidence == NULL ? "" : " (",
                               h->container_evidence == NULL ? "" : h->container_evidence,
                               h->container_evidence == NULL ? "" : ")");
    page_field(page, "container", container);
    policy = mem_printf("%s%s%s", h->crypto_policy == NULL ? "none" : h->crypto_policy,
                        h->crypto_policy_detail == NULL ? "" : ": ",
                        h->crypto_policy_detail == NULL ? "" : h->crypto_policy_detail);
    page_field(page, "crypto policy", policy);
    write_variables(page, h);
}

/* ---- modules -------------------------------------------------------------------------------------- */

static const char *chk_text(enum chk_state state)
{
    return state == CHK_NONE_EXPECTED ? "none (NSS makes none for it)" : chk_state_word(state);
}

static enum tint chk_tint(enum chk_state state)
{
    return chk_state_is_damage(state) ? TINT_BAD
           : state == CHK_VERIFIED    ? TINT_GOOD
           : state == CHK_UNREADABLE  ? TINT_ODD
                                      : TINT_NONE;
}

/* "libnssutil3.so, libplc4.so". The caller frees. */
static char *join(const struct strings *list)
{
    struct buf out = {0};

    for (size_t i = 0; i < list->n; i++)
        buf_printf(&out, "%s%s", i == 0 ? "" : ", ", list->items[i]);
    return buf_steal(&out);
}

/* What tells two builds apart. */
static void write_elf(struct page *page, const struct module_file *m)
{
    own_free char *needed = join(&m->needed);
    own_free char *line = NULL, *file = NULL;

    if (m->machine == NULL)
        return;
    line = mem_printf("%s, %s%s, %s", m->machine, m->soname == NULL ? "no SONAME" : "SONAME ",
                      m->soname == NULL ? "" : m->soname,
                      m->stripped < 0    ? "stripped or not is not known"
                      : m->stripped == 0 ? "not stripped"
                                         : "stripped");
    page_field(page, "  ELF", line);
    page_field(page, "  build id", m->build_id == NULL ? "none" : m->build_id);
    page_field(page, "  needs", *needed == '\0' ? "no library" : needed);
    page_field(page, "  looks in", m->search_path);
    page_field(page, "  version text", m->version_text);
    file = mem_printf("%llu bytes, mode %04o, uid %u", (unsigned long long)m->size, m->mode,
                      (unsigned)m->uid);
    page_field(page, "  file", file);
}

/* Only the module proper can be a known build of one; see find-modules.c. whole: all of it. */
static void write_module(struct page *page, const struct module_file *m, bool whole)
{
    own_free char *label = mem_printf("  %s ", m->name == NULL ? "?" : m->name);
    own_free char *version =
        m->nss_version == NULL ? mem_str("no version ") : mem_printf("NSS %s ", m->nss_version);
    own_free char *chk = mem_printf(".chk %s", chk_text(m->chk));

    page_cell(page, TINT_BOLD, label, 21);
    if (m->problem != NULL && m->sha256 == NULL) {
        page_puts(page, TINT_BAD, m->problem);
        page_end(page);
        page_field(page, "", m->path);
        return;
    }
    page_cell(page, TINT_NONE, version, 13);
    page_puts(page, chk_tint(m->chk), chk);
    if (m->chk_format != NULL) {
        page_puts(page, TINT_NONE, ", format ");
        page_puts(page, TINT_NONE, m->chk_format);
    }
    page_end(page);
    if (m->chk_detail != NULL && m->chk != CHK_VERIFIED)
        page_field(page, "", m->chk_detail);
    page_field(page, "", m->problem);
    page_field(page, "  path", m->path);
    page_field(page, "  found", m->why_there);
    page_field(page, "  package", m->owner != NULL ? m->owner : m->package_note);
    if (m->writable_by != NULL) {
        own_free char *line = mem_printf("by %s", m->writable_by);

        page_field(page, "  writable", line);
    }
    if (whole || m->known_build == NULL)
        page_field(page, "  SHA-256", m->sha256 == NULL ? "-" : m->sha256);
    if (whole)
        write_elf(page, m);
    if (m->known_build != NULL)
        page_field(page, "  known build", m->known_build);
    else if (m->chk != CHK_NONE_EXPECTED) /* libnss3 and libnssutil3 are not in the module */
        page_field(page, "  known build", "unknown: no reference for this digest");
    if (m->altered_from != NULL) {
        own_free char *line = mem_printf("it was %s before somebody changed it", m->altered_from);

        page_field(page, "", line);
    }
    if (m->changed)
        page_field(page, "", "the file changed while fipsprobe was looking at it");
    if (m->module_id != NULL)
        page_field(page, "  module id", m->module_id);
    else if (m->file_module_id != NULL) {
        own_free char *line = mem_printf("%s (as the file has it)", m->file_module_id);

        page_field(page, "  module id", line);
    }
}

/* Each source once, and what it is not. */
static void write_sources(struct page *page, const struct report *r)
{
    bool known = false;

    for (size_t i = 0; i < r->modules.n; i++) {
        const char *source = r->modules.items[i].known_source;
        bool said = source == NULL;

        for (size_t k = 0; k < i && !said; k++)
            said = r->modules.items[k].known_source != NULL &&
                   strcmp(r->modules.items[k].known_source, source) == 0;
        if (said)
            continue;
        if (!known)
            page_field(page, "known build", "the digest is in fipsprobe's table, which says where "
                                            "a file is from and not that it is a validated one");
        known = true;
        page_field(page, "  read in", source);
    }
}

/* The module's own name for itself, where no file of it was examined that could carry it. */
static void write_module_id(struct page *page, const struct report *r)
{
    const char *id =
        look_fact(r, (struct place){DOOR_SOFTOKN_FIPS, -1}, CONTEXT_AS_IS, "module_id");

    for (size_t i = 0; i < r->modules.n; i++)
        if (r->modules.items[i].module_id != NULL)
            return;
    page_field(page, "module id", id);
}

static void write_neighbours(struct page *page, const struct report *r)
{
    for (size_t i = 0; i < r->neighbours.n; i++) {
        const struct neighbour *n = &r->neighbours.items[i];
        own_free char *line = mem_printf("%s: %s%s%s%s", n->what, n->path,
                                         n->owner == NULL ? "" : " (",
                                         n->owner == NULL ? "" : n->owner,
                                         n->owner == NULL ? "" : ")");

        page_field(page, i == 0 ? "beside NSS" : "", line);
    }
}

/* Each version once, with what has it: a note where they differ says which files. */
static void write_versions(struct page *page, const struct report *r)
{
    struct strings told = {0};
    own_buf struct buf line = {0};

    for (size_t i = 0; i < r->modules.n; i++) {
        const char *version = r->modules.items[i].nss_version;
        size_t n = 0;

        for (size_t k = 0; k < told.n && version != NULL; k++)
            if (strcmp(told.items[k], version) == 0)
                version = NULL;
        if (version == NULL || r->modules.items[i].other_copy)
            continue;
        strings_add(&told, version);
        for (size_t k = i; k < r->modules.n; k++) {
            const struct module_file *m = &r->modules.items[k];

            if (m->nss_version == NULL || strcmp(m->nss_version, version) != 0 || m->other_copy)
                continue;
            buf_printf(&line, "%s%s", n++ > 0 ? ", " : line.len > 0 ? "; " : "",
                       m->name == NULL ? "?" : m->name);
        }
        buf_printf(&line, " %s", version);
    }
    if (told.n > 1)
        page_field(page, "versions", line.data);
    strings_free(&told);
}

static void write_modules(struct page *page, const struct report *r)
{
    page_heading(page, "Modules", NULL);
    if (r->modules.n == 0)
        page_field(page, "", r->nss_skipped ? "not looked for" : "no file of NSS was found");
    for (size_t i = 0; i < r->modules.n; i++)
        write_module(page, &r->modules.items[i], r->files_only || page->style->all);
    write_versions(page, r);
    write_module_id(page, r);
    write_sources(page, r);
    write_neighbours(page, r);
}

/* ---- findings and summary -------------------------------------------------------------------------- */

static void write_seen(struct page *page, const struct finding *f)
{
    page_field(page, "  about", f->subject);
    for (size_t i = 0; i < f->evidence.n && i < TEXT_EVIDENCE; i++)
        page_field(page, i == 0 ? "  seen" : "", f->evidence.items[i]);
    if (f->evidence.n > TEXT_EVIDENCE) {
        own_free char *more =
            mem_printf("and %zu more (--format json has all)", f->evidence.n - TEXT_EVIDENCE);

        page_field(page, "", more);
    }
}

/* The findings of one diagnosis stand together: what it means is said once. */
static size_t write_diagnosis(struct page *page, const struct report *r, size_t first)
{
    static const enum tint tints[] = {
        [SEVERITY_FAILURE] = TINT_BAD, [SEVERITY_WARNING] = TINT_ODD, [SEVERITY_NOTE] = TINT_BOLD};
    const struct diagnosis *d = r->findings.items[first].diagnosis;
    own_free char *title = mem_printf("%s  [%s]", d->title, d->id);
    size_t i = first;

    if (first > 0)
        page_end(page);
    page_blanks(page, 2);
    page_cell(page, tints[d->severity], severity_word(d->severity), 9);
    page_wrap(page, 11, 11, title);
    while (i < r->findings.n && r->findings.items[i].diagnosis == d)
        write_seen(page, &r->findings.items[i++]);
    page_field(page, "  means", d->meaning);
    page_field(page, "  remedy", d->remedy);
    page_field(page, "  who", d->who);
    return i;
}

/* The findings of a part that is not shown stay: a failure decides the exit status. */
static void write_findings(struct page *page, const struct report *r)
{
    size_t of[3] = {0};
    own_free char *aside = NULL;

    for (size_t i = 0; i < r->findings.n; i++)
        of[r->findings.items[i].diagnosis->severity]++;
    aside = mem_printf("%zu failure%s, %zu warning%s, %zu note%s", of[0], of[0] == 1 ? "" : "s",
                       of[1], of[1] == 1 ? "" : "s", of[2], of[2] == 1 ? "" : "s");
    page_heading(page, "Findings", aside);
    for (size_t i = 0; i < r->findings.n;)
        i = write_diagnosis(page, r, i);
}

static void write_summary(struct page *page, const struct report *r)
{
    page_heading(page, "Summary", NULL);
    for (size_t i = 0; i < 3; i++)
        if (r->summary.items[i] != NULL) {
            page_blanks(page, 2);
            page_wrap(page, 2, 2, r->summary.items[i]);
        }
}

void report_text(const struct report *report, unsigned parts, const struct report_style *style,
                 struct buf *out)
{
    struct buf text = {0};
    struct page page = {&text, style};
    own_free char *aside =
        mem_printf("%s%s%lu.%01lu s", report->started == NULL ? "" : report->started,
                   report->started == NULL ? "" : ", ", report->wall_ms / 1000,
                   report->wall_ms % 1000 / 100);

    page_heading(&page, PACKAGE_NAME " " PACKAGE_VERSION, aside);
    if (report->image != NULL)
        write_image(&page, report);
    else
        write_host(&page, report);
    if (parts & REPORT_MODULES)
        write_modules(&page, report);
    if (parts & (REPORT_NSS | REPORT_JAVA))
        text_mechanisms(&page, report, parts);
    if (parts & REPORT_NSS) {
        text_lists(&page, report);
        text_switches(&page, report);
    }
    if (parts & REPORT_JAVA)
        text_java(&page, report);
    if (parts & (REPORT_NSS | REPORT_JAVA))
        text_dependence(&page, report, parts);
    write_findings(&page, report);
    write_summary(&page, report);
    buf_add(out, text.data, text.len);
    buf_free(&text);
}
