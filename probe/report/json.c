/* SPDX-License-Identifier: Apache-2.0 */
#include "report/json.h"

#include "base/own.h"
#include "base/text.h"
#include "judge/judge.h"
#include "judge/look.h"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#define SCHEMA "fipsprobe-report/1"

/* ---- values ------------------------------------------------------------------------------------- */

/* What was not found out is null. jansson takes no text that is not UTF-8: then it is cleaned
 * again rather than lost. */
static json_t *text(const char *s)
{
    own_free char *clean = NULL;
    json_t *value;

    if (s == NULL)
        return json_null();
    value = json_string(s);
    if (value != NULL)
        return value;
    clean = text_clean(s, strlen(s));
    return json_string(clean);
}

static json_t *number(unsigned long long n)
{
    return json_integer((json_int_t)n);
}

static void put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static void put_text(json_t *object, const char *key, const char *s)
{
    put(object, key, text(s));
}

static bool wanted(enum door door, unsigned parts)
{
    return (parts & (door == DOOR_JCA ? REPORT_JAVA : REPORT_NSS)) != 0;
}

/* A JDK is named by its home, which stays the same when another one is installed. */
static json_t *jdk_name(const struct report *r, int jdk)
{
    return jdk < 0 || (size_t)jdk >= r->jdks.n ? json_null() : text(r->jdks.items[jdk].home);
}

/* ---- the parts ----------------------------------------------------------------------------------- */

static json_t *tool_json(const struct report *r)
{
    json_t *o = json_object();

    put_text(o, "name", PACKAGE_NAME);
    put_text(o, "version", PACKAGE_VERSION);
    put_text(o, "started", r->started);
    put(o, "wall_ms", number(r->wall_ms));
    return o;
}

static json_t *parts_json(const struct report *r, unsigned parts)
{
    static const struct {
        unsigned part;
        const char *word;
    } words[] = {{REPORT_MODULES, "modules"}, {REPORT_NSS, "nss"}, {REPORT_JAVA, "java"}};
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (parts & words[i].part && !(words[i].part == REPORT_JAVA && r->java_skipped) &&
            !(words[i].part != REPORT_JAVA && r->nss_skipped && r->modules.n == 0) &&
            !(words[i].part == REPORT_NSS && r->files_only))
            json_array_append_new(list, text(words[i].word));
    return list;
}

static json_t *strings_json(const struct strings *s)
{
    json_t *list = json_array();

    for (size_t i = 0; i < s->n; i++)
        json_array_append_new(list, text(s->items[i]));
    return list;
}

static json_t *on_request_json(const struct report *r)
{
    json_t *o = json_object();

    put(o, "nss", strings_json(&r->on_request_nss));
    put(o, "java", strings_json(&r->on_request_java));
    return o;
}

/* An image has no kernel and no user of its own. */
static json_t *host_json(const struct report *r)
{
    const struct host *h = &r->host;
    json_t *o = json_object(), *variables = json_array();

    put_text(o, "image", r->image);
    put_text(o, "os", h->os);
    put_text(o, "os_id", h->os_id);
    put_text(o, "kernel", h->kernel);
    put_text(o, "machine", h->machine);
    put(o, "uid", r->image == NULL ? number(h->uid) : json_null());
    put_text(o, "fips_flag", r->image == NULL ? flag_state_word(h->flag) : NULL);
    put_text(o, "fips_flag_detail", r->image == NULL ? h->flag_detail : NULL);
    put_text(o, "fips_flag_overmount", h->flag_overmount);
    put_text(o, "fips_flag_truth", r->image == NULL ? truth_word(h->flag_truth) : NULL);
    put_text(o, "fips_flag_presented", h->flag_presented);
    put(o, "fips_flag_evidence", strings_json(&h->flag_evidence));
    put(o, "from_host", strings_json(&h->from_host));
    put_text(o, "cmdline_fips", h->cmdline_fips);
    put_text(o, "container", h->container);
    put_text(o, "container_evidence", h->container_evidence);
    put_text(o, "crypto_policy", h->crypto_policy);
    put_text(o, "crypto_policy_detail", h->crypto_policy_detail);
    for (size_t i = 0; i < h->variables.n; i++) {
        json_t *v = json_object();

        put_text(v, "name", h->variables.items[i].name);
        put_text(v, "value", h->variables.items[i].value);
        put_text(v, "meaning", h->variables.items[i].meaning);
        json_array_append_new(variables, v);
    }
    put(o, "variables", variables);
    return o;
}

static json_t *module_json(const struct module_file *m)
{
    json_t *o = json_object();
    bool read = m->problem == NULL || m->sha256 != NULL; /* else the rest was not found out */
    own_free char *mode = mem_printf("%04o", m->mode);

    put_text(o, "name", m->name);
    put_text(o, "path", m->path);
    put_text(o, "problem", m->problem);
    put_text(o, "found_how", m->found_how);
    put_text(o, "why_there", m->why_there);
    put(o, "other_copy", json_boolean(m->other_copy));
    put(o, "size", read ? number(m->size) : json_null());
    put(o, "mode", read ? text(mode) : json_null());
    put(o, "uid", read ? number(m->uid) : json_null());
    put_text(o, "writable_by", m->writable_by);
    put_text(o, "owner", m->owner);
    put_text(o, "owner_detail", m->owner_detail);
    put_text(o, "sha256", m->sha256);
    put_text(o, "machine", m->machine);
    put_text(o, "nss_version", m->nss_version);
    put_text(o, "version_text", m->version_text);
    put_text(o, "build_id", m->build_id);
    put_text(o, "soname", m->soname);
    put(o, "needed", m->machine == NULL ? json_null() : strings_json(&m->needed));
    put_text(o, "search_path", m->search_path);
    put(o, "names_flag", m->names_flag < 0 ? json_null() : json_boolean(m->names_flag));
    put(o, "names_nss_fips", m->names_variable < 0 ? json_null() : json_boolean(m->names_variable));
    put(o, "stripped", m->stripped < 0 ? json_null() : json_boolean(m->stripped));
    put(o, "changed", read || m->changed ? json_boolean(m->changed) : json_null());
    put(o, "chk", read || m->chk != CHK_NONE_EXPECTED ? text(chk_state_word(m->chk))
                                                      : json_null());
    put_text(o, "chk_path", m->chk_path);
    put_text(o, "chk_format", m->chk_format);
    put_text(o, "chk_detail", m->chk_detail);
    put_text(o, "known_build", m->known_build);
    put_text(o, "known_source", m->known_source);
    put_text(o, "altered_from", m->altered_from);
    put_text(o, "package_note", m->package_note);
    put_text(o, "module_id", m->module_id);
    put_text(o, "file_module_id", m->file_module_id);
    return o;
}

static json_t *modules_json(const struct report *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->modules.n; i++)
        json_array_append_new(list, module_json(&r->modules.items[i]));
    return list;
}

static json_t *neighbours_json(const struct report *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->neighbours.n; i++) {
        json_t *o = json_object();

        put_text(o, "what", r->neighbours.items[i].what);
        put_text(o, "path", r->neighbours.items[i].path);
        put_text(o, "owner", r->neighbours.items[i].owner);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *pkcs11_json(const struct jdk_pkcs11 *p)
{
    json_t *o = json_object(), *paths = json_array();

    put_text(o, "entry", p->entry);
    put_text(o, "file", p->file);
    put_text(o, "problem", p->problem);
    for (size_t i = 0; i < p->paths.n; i++) {
        json_t *one = json_object();

        put_text(one, "keyword", p->paths.items[i].keyword);
        put_text(one, "path", p->paths.items[i].path);
        put_text(one, "problem", p->paths.items[i].problem);
        json_array_append_new(paths, one);
    }
    put(o, "paths", paths);
    return o;
}

/* What of NSS the JVM had mapped, joined with the module facts. */
static json_t *nss_mapped_json(const struct report *r, size_t jdk)
{
    json_t *list = json_array();

    for (int c = 0; c < CONTEXT_MAX; c++) {
        struct look_mapped found[LOOK_MAPPED];
        size_t n = look_nss_mapped(r, (struct place){DOOR_JCA, (int)jdk}, (enum context)c, found);

        for (size_t i = 0; i < n; i++) {
            const struct module_file *m = found[i].module;
            json_t *o = json_object();

            put_text(o, "context", context_word((enum context)c));
            put_text(o, "path", found[i].mapped->path);
            put_text(o, "chk", m == NULL ? NULL : chk_state_word(m->chk));
            put_text(o, "known_build", m == NULL ? NULL : m->known_build);
            put_text(o, "nss_version", m == NULL ? NULL : m->nss_version);
            put(o, "of_the_system", m == NULL ? json_null() : json_boolean(!m->other_copy));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *jdk_json(const struct report *r, size_t i)
{
    const struct jdk *j = &r->jdks.items[i];
    const char *first = look_provider(r, (int)i, CONTEXT_AS_IS, 0);
    const struct group *g = look_group(r, (struct place){DOOR_JCA, (int)i}, CONTEXT_AS_IS);
    json_t *o = json_object(), *pkcs11 = json_array(), *providers;

    for (size_t k = 0; k < j->pkcs11.n; k++)
        json_array_append_new(pkcs11, pkcs11_json(&j->pkcs11.items[k]));
    put_text(o, "home", j->home);
    put_text(o, "libjvm", j->libjvm);
    put_text(o, "version", j->version);
    put_text(o, "vendor", j->vendor);
    put_text(o, "found_how", j->found_how);
    put_text(o, "kind", j->kind);
    put_text(o, "lacks", j->lacks);
    put_text(o, "problem", j->problem);
    put_text(o, "not_asked", j->not_asked);
    put_text(o, "fips_support", j->fips_support);
    put_text(o, "fips_switch", j->fips_switch);
    put(o, "fips_files", strings_json(&j->fips_files));
    put(o, "fips_off", strings_json(&j->fips_off));
    put(o, "security_files", strings_json(&j->security_files));
    put(o, "pkcs11", pkcs11);
    put(o, "nss_mapped", nss_mapped_json(r, i));
    put_text(o, "fips_option", j->fips_option);
    providers = g == NULL ? NULL : json_object_get(g->facts, "providers");
    put(o, "providers", providers == NULL ? json_null() : json_deep_copy(providers));
    put_text(o, "primary_provider", first);
    put_text(o, "primary_provider_meaning", first == NULL ? NULL : judge_primary(first)->meaning);
    return o;
}

static json_t *jdks_json(const struct report *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->jdks.n; i++)
        json_array_append_new(list, jdk_json(r, i));
    return list;
}

static json_t *mapped_json(const struct group *g)
{
    json_t *list = json_array();

    for (size_t i = 0; i < g->mapped.n; i++) {
        json_t *m = json_object();

        put_text(m, "path", g->mapped.items[i].path);
        put(m, "deleted", json_boolean(g->mapped.items[i].deleted));
        json_array_append_new(list, m);
    }
    return list;
}

static json_t *group_json(const struct report *r, const struct group *g)
{
    json_t *o = json_object();
    enum control control;
    struct place at = {g->door, g->jdk};
    bool asked = g->door != DOOR_JCA && look_control(r, at, g->context, &control);

    put_text(o, "door", door_word(g->door));
    put_text(o, "context", context_word(g->context));
    put(o, "jdk", jdk_name(r, g->jdk));
    put_text(o, "ending", ending_word(g->ending));
    put_text(o, "ending_detail", g->ending_detail);
    put(o, "children", number(g->children));
    put(o, "wall_ms", number(g->wall_ms));
    put(o, "presented", g->context == CONTEXT_AS_IS ? json_null() : json_boolean(g->presented));
    put_text(o, "way", g->presented ? way_word(g->way) : NULL);
    put_text(o, "not_presented", g->not_presented);
    put_text(o, "control", asked ? control_word(control) : NULL);
    put(o, "facts", g->facts == NULL ? json_null() : json_deep_copy(g->facts));
    put(o, "mapped", mapped_json(g));
    return o;
}

static json_t *groups_json(const struct report *r, unsigned parts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->groups.n; i++)
        if (wanted(r->groups.items[i].door, parts))
            json_array_append_new(list, group_json(r, &r->groups.items[i]));
    return list;
}

/* A module without working indicators answers all the same, and for keys even with yes: such a
 * word is not handed on to programs that might take it for one. */
static bool indicators_mean_something(const struct report *r, const struct observation *x)
{
    enum control control;

    return look_control(r, (struct place){x->door, x->jdk}, x->context, &control) &&
           control == CONTROL_WORKING;
}

/* Java shows no indicator: the word that the same mechanism got at softokn-fips, where that is
 * certain. */
static json_t *joined_json(const struct report *r, const struct observation *x)
{
    const struct observation *same = judge_joined(r, x);
    json_t *o;

    if (same == NULL)
        return json_null();
    o = json_object();
    put_text(o, "door", door_word(same->door));
    put_text(o, "probe", same->probe->id);
    put_text(o, "outcome", outcome_word(same->outcome));
    put_text(o, "indicator", indicator_word(same->evidence.indicator));
    put_text(o, "key_indicator", indicator_word(same->evidence.key_indicator));
    return o;
}

static json_t *observation_json(const struct report *r, const struct observation *x)
{
    const struct evidence *e = &x->evidence;
    bool done = e->result == RESULT_DONE, asked = e->result != RESULT_NOT_RUN;
    bool indicators = done && indicators_mean_something(r, x);
    json_t *o = json_object();

    put_text(o, "probe", x->probe->id);
    put_text(o, "door", door_word(x->door));
    put_text(o, "context", context_word(x->context));
    put(o, "jdk", jdk_name(r, x->jdk));
    put_text(o, "outcome", outcome_word(x->outcome));
    put_text(o, "detail", e->detail);
    put_text(o, "provider", e->provider);
    put_text(o, "indicator", indicators ? indicator_word(e->indicator) : NULL);
    put_text(o, "key_indicator", indicators ? indicator_word(e->key_indicator) : NULL);
    put_text(o, "validation", indicators ? indicator_word(e->validation) : NULL);
    put_text(o, "key_validation", indicators ? indicator_word(e->key_validation) : NULL);
    put(o, "contradiction", json_boolean(look_contradicts(r, x)));
    put_text(o, "check", done || e->result == RESULT_WRONG ? check_word(e->check) : NULL);
    put_text(o, "listed", asked ? listing_word(e->listed) : NULL);
    put_text(o, "step", e->step);
    put_text(o, "code", e->code);
    put_text(o, "answer", e->answer);
    put(o, "joined", joined_json(r, x));
    return o;
}

static json_t *observations_json(const struct report *r, unsigned parts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->observations.n; i++)
        if (wanted(r->observations.items[i].door, parts))
            json_array_append_new(list, observation_json(r, &r->observations.items[i]));
    return list;
}

static json_t *outcome_of(const struct observation *o)
{
    return o == NULL ? json_null() : text(outcome_word(o->outcome));
}

static json_t *changed_by_json(const struct dependence_row *d)
{
    json_t *list = json_array();

    for (int i = 0; i < DETERMINED_BY_MAX; i++)
        if (d->changed_by[i])
            json_array_append_new(list, text(determinant_word((enum determinant)i)));
    return list;
}

static json_t *dependences_json(const struct report *r, unsigned parts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->dependences.n; i++) {
        const struct dependence_row *d = &r->dependences.items[i];
        json_t *o;

        if (!wanted(d->door, parts))
            continue;
        o = json_object();
        put_text(o, "probe", d->probe->id);
        put_text(o, "door", door_word(d->door));
        put(o, "jdk", jdk_name(r, d->jdk));
        put_text(o, "dependence", dependence_word(d->dependence));
        put(o, "as_is", outcome_of(d->at[CONTEXT_AS_IS]));
        put(o, "kernel_off", outcome_of(d->at[CONTEXT_KERNEL_OFF]));
        put(o, "kernel_on", outcome_of(d->at[CONTEXT_KERNEL_ON]));
        put(o, "env_nss_fips", outcome_of(d->at[CONTEXT_ENV_NSS_FIPS]));
        put(o, "jvm_options", outcome_of(d->at[CONTEXT_JVM_OPTIONS]));
        put_text(o, "reason", d->reason);
        put_text(o, "determined_by", determinant_word(d->determined_by));
        put(o, "changed_by", changed_by_json(d));
        put_text(o, "determined_reason", d->determined_reason);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *findings_json(const struct report *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < r->findings.n; i++) {
        const struct finding *f = &r->findings.items[i];
        json_t *o = json_object(), *evidence = json_array();

        for (size_t k = 0; k < f->evidence.n; k++)
            json_array_append_new(evidence, text(f->evidence.items[k]));
        put_text(o, "id", f->diagnosis->id);
        put_text(o, "severity", severity_word(f->diagnosis->severity));
        put_text(o, "title", f->diagnosis->title);
        put_text(o, "subject", f->subject);
        put(o, "evidence", evidence);
        put_text(o, "meaning", f->diagnosis->meaning);
        put_text(o, "remedy", f->diagnosis->remedy);
        put_text(o, "who", f->diagnosis->who);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *summary_json(const struct report *r)
{
    json_t *list = json_array();

    for (size_t i = 0; i < 3; i++)
        if (r->summary.items[i] != NULL)
            json_array_append_new(list, text(r->summary.items[i]));
    return list;
}

/* "parts" says which lists tell something: a part that was not wanted is empty and not in it. */
void report_json(const struct report *report, unsigned parts, struct buf *out)
{
    own_json json_t *doc = json_object();
    own_free char *dump = NULL;

    put_text(doc, "schema", SCHEMA);
    put(doc, "tool", tool_json(report));
    put(doc, "parts", parts_json(report, parts));
    put(doc, "host", host_json(report));
    put(doc, "modules", parts & REPORT_MODULES ? modules_json(report) : json_array());
    put(doc, "neighbours", neighbours_json(report));
    put_text(doc, "search_stopped", report->search_stopped);
    put(doc, "jdks", parts & REPORT_JAVA ? jdks_json(report) : json_array());
    put(doc, "groups", groups_json(report, parts));
    put(doc, "mechanism_lists", parts & REPORT_NSS ? json_lists(report) : json_array());
    put(doc, "switches", parts & REPORT_NSS ? json_switches(report) : json_array());
    put(doc, "on_request", on_request_json(report));
    put(doc, "observations", observations_json(report, parts));
    put(doc, "dependence", dependences_json(report, parts));
    put(doc, "findings", findings_json(report));
    put(doc, "verdicts", json_array()); /* without a profile there is nothing to judge by */
    put(doc, "summary", summary_json(report));
    dump = json_dumps(doc, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    buf_puts(out, dump == NULL ? "null" : dump);
    buf_puts(out, "\n");
}
