/* SPDX-License-Identifier: Apache-2.0 */
#include "model/result.h"

#include "model/ytree.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const chk_words[] = {"none-expected", "verified", "mismatch",
                                        "malformed",     "missing",  "unreadable"};
static const char *const flag_words[] = {"on", "off", "absent", "unreadable"};
static const char *const severity_words[] = {"failure", "warning", "note"};

const char *chk_state_word(enum chk_state state)
{
    return chk_words[state];
}

bool chk_state_is_damage(enum chk_state state)
{
    return state == CHK_MISMATCH || state == CHK_MALFORMED || state == CHK_MISSING;
}

const char *flag_state_word(enum flag_state state)
{
    return flag_words[state];
}

enum context flag_context(enum flag_state state)
{
    return state == FLAG_ON ? CONTEXT_KERNEL_ON : CONTEXT_KERNEL_OFF;
}

const char *severity_word(enum severity severity)
{
    return severity_words[severity];
}

/* ---- diagnoses ----------------------------------------------------------------------------- */

static const struct {
    const char *key;
    size_t offset;
} diagnosis_fields[] = {
    {"id", offsetof(struct diagnosis, id)},
    {"title", offsetof(struct diagnosis, title)},
    {"meaning", offsetof(struct diagnosis, meaning)},
    {"remedy", offsetof(struct diagnosis, remedy)},
    {"who", offsetof(struct diagnosis, who)},
};

#define N_FIELDS (sizeof diagnosis_fields / sizeof *diagnosis_fields)

static int load_severity(const char *name, const struct ytree_node *row, struct diagnosis *d,
                         struct err *err)
{
    const struct ytree_node *value = ytree_get(row, "severity");

    for (int s = SEVERITY_FAILURE; value != NULL && s <= SEVERITY_NOTE; s++)
        if (value->kind == YTREE_SCALAR && strcmp(value->text, severity_words[s]) == 0) {
            d->severity = (enum severity)s;
            return 0;
        }
    return ytree_error(name, row, err, "'severity' must be failure, warning or note");
}

static int load_diagnosis(const char *name, const struct ytree_node *row, struct diagnosis *d,
                          struct err *err)
{
    if (row->kind != YTREE_MAP || row->n != (N_FIELDS + 1) * 2)
        return ytree_error(name, row, err, "a row has id, title, severity, meaning, remedy and who");
    for (size_t i = 0; i < N_FIELDS; i++) {
        const struct ytree_node *value = ytree_get(row, diagnosis_fields[i].key);

        if (value == NULL || value->kind != YTREE_SCALAR || *value->text == '\0')
            return ytree_error(name, row, err, "'%s' is missing or no text",
                              diagnosis_fields[i].key);
        *(char **)((char *)d + diagnosis_fields[i].offset) = mem_str(value->text);
    }
    return load_severity(name, row, d, err);
}

int diagnoses_load(const char *name, const char *text, size_t len, struct diagnoses *out,
                   struct err *err)
{
    own_ytree struct ytree_node doc = {0};

    *out = (struct diagnoses){0};
    if (ytree_parse(name, text, len, &doc, err) < 0)
        return -1;
    if (doc.kind != YTREE_LIST)
        return ytree_error(name, &doc, err, "a list of rows ('- id: ...') is expected");
    for (size_t i = 0; i < doc.n; i++)
        if (load_diagnosis(name, &doc.items[i], mem_push(out), err) < 0) {
            diagnoses_free(out);
            return -1;
        }
    return 0;
}

void diagnoses_free(struct diagnoses *diagnoses)
{
    for (size_t i = 0; i < diagnoses->n; i++)
        for (size_t k = 0; k < N_FIELDS; k++)
            free(*(char **)((char *)&diagnoses->items[i] + diagnosis_fields[k].offset));
    free(diagnoses->items);
    *diagnoses = (struct diagnoses){0};
}

const struct diagnosis *diagnoses_find(const struct diagnoses *diagnoses, const char *id)
{
    for (size_t i = 0; i < diagnoses->n; i++)
        if (strcmp(diagnoses->items[i].id, id) == 0)
            return &diagnoses->items[i];
    return NULL;
}

/* ---- release ------------------------------------------------------------------------------- */

void evidence_free(struct evidence *e)
{
    free(e->step);
    free(e->code);
    free(e->detail);
    free(e->provider);
    free(e->answer);
    *e = (struct evidence){0};
}

void group_free(struct group *g)
{
    for (size_t i = 0; i < g->mapped.n; i++)
        free(g->mapped.items[i].path);
    free(g->mapped.items);
    free(g->ending_detail);
    free(g->not_presented);
    json_decref(g->facts);
    *g = (struct group){0};
}

void module_file_free(struct module_file *f)
{
    free(f->name);
    free(f->path);
    free(f->problem);
    free(f->found_how);
    free(f->why_there);
    free(f->soname);
    strings_free(&f->needed);
    free(f->search_path);
    free(f->version_text);
    free(f->file_module_id);
    free(f->writable_by);
    free(f->owner);
    free(f->owner_detail);
    free(f->sha256);
    free(f->machine);
    free(f->nss_version);
    free(f->build_id);
    free(f->package_note);
    free(f->chk_path);
    free(f->chk_format);
    free(f->chk_detail);
    free(f->known_build);
    free(f->known_source);
    free(f->altered_from);
    free(f->module_id);
    *f = (struct module_file){0};
}

static void neighbour_free(struct neighbour *n)
{
    free(n->path);
    free(n->owner);
}

static void pkcs11_free(struct jdk_pkcs11 *p)
{
    for (size_t i = 0; i < p->paths.n; i++) {
        free(p->paths.items[i].keyword);
        free(p->paths.items[i].path);
        free(p->paths.items[i].problem);
    }
    free(p->paths.items);
    free(p->entry);
    free(p->file);
    free(p->problem);
}

void jdk_free(struct jdk *j)
{
    for (size_t i = 0; i < j->pkcs11.n; i++)
        pkcs11_free(&j->pkcs11.items[i]);
    free(j->pkcs11.items);
    strings_free(&j->fips_files);
    strings_free(&j->fips_off);
    strings_free(&j->security_files);
    free(j->home);
    free(j->libjvm);
    free(j->version);
    free(j->vendor);
    free(j->found_how);
    free(j->problem);
    free(j->not_asked);
    free(j->kind);
    free(j->lacks);
    free(j->fips_support);
    free(j->fips_switch);
    free(j->fips_option);
    *j = (struct jdk){0};
}

void host_free(struct host *h)
{
    for (size_t i = 0; i < h->variables.n; i++) {
        free(h->variables.items[i].name);
        free(h->variables.items[i].value);
    }
    free(h->variables.items);
    free(h->kernel);
    free(h->machine);
    free(h->flag_detail);
    free(h->flag_overmount);
    free(h->flag_presented);
    strings_free(&h->flag_evidence);
    strings_free(&h->from_host);
    free(h->cmdline_fips);
    free(h->os);
    free(h->os_id);
    free(h->container);
    free(h->container_evidence);
    free(h->crypto_policy);
    free(h->crypto_policy_detail);
    *h = (struct host){0};
}

void finding_free(struct finding *f)
{
    free(f->subject);
    strings_free(&f->evidence);
    *f = (struct finding){0};
}

#define FREE_ALL(list, release)                                                                    \
    do {                                                                                           \
        for (size_t i_ = 0; i_ < (list).n; i_++)                                                   \
            release(&(list).items[i_]);                                                            \
        free((list).items);                                                                        \
    } while (0)

static void observation_free(struct observation *o)
{
    evidence_free(&o->evidence);
}

static void dependence_row_free(struct dependence_row *d)
{
    free(d->reason);
    free(d->determined_reason);
}

void report_free(struct report *r)
{
    free(r->started);
    host_free(&r->host);
    FREE_ALL(r->modules, module_file_free);
    FREE_ALL(r->neighbours, neighbour_free);
    free(r->search_stopped);
    free(r->image);
    FREE_ALL(r->jdks, jdk_free);
    FREE_ALL(r->groups, group_free);
    FREE_ALL(r->observations, observation_free);
    FREE_ALL(r->dependences, dependence_row_free);
    FREE_ALL(r->findings, finding_free);
    strings_free(&r->row_mechanisms);
    strings_free(&r->on_request_nss);
    strings_free(&r->on_request_java);
    strings_free(&r->unasked);
    strings_free(&r->unasked_reasons);
    for (size_t i = 0; i < 3; i++)
        free(r->summary.items[i]);
    *r = (struct report){0};
}
