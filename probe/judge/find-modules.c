/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/search.h"

#include "judge/judge.h"

#include <stdlib.h>
#include <string.h>

/* What each library of NSS is to the module. "Checked" by NSS itself at FC_Initialize, with its
 * .chk: FACTS.md, ".chk files". */
static const struct part {
    const char *name;
    bool in_module; /* part of the cryptographic module: a known build tells something */
    bool checked_by_nss;
} parts[] = {
    {"libsoftokn3.so", true, true},  {"libfreeblpriv3.so", true, true},
    {"libfreebl3.so", true, false},  {"libnss3.so", false, false},
    {"libnssutil3.so", false, false},
};

static const struct part *part_of(const struct module_file *m)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (m->name != NULL && strcmp(parts[i].name, m->name) == 0)
            return &parts[i];
    return NULL;
}

static const char *path_of(const struct module_file *m)
{
    return m->path != NULL ? m->path : m->name != NULL ? m->name : "a module file";
}

static bool examined(const struct module_file *m)
{
    return m->problem == NULL;
}

/* ---- damage ------------------------------------------------------------------------------------ */

/* A program's own copy of NSS (a browser's) may come without check files: it does not use the FIPS
 * token. */
static bool is_damaged(const struct module_file *m)
{
    bool no_library = m->sha256 != NULL && m->problem != NULL; /* read, and no ELF file */
    bool chk = chk_state_is_damage(m->chk) && !(m->other_copy && m->chk == CHK_MISSING);

    return chk || m->altered_from != NULL || no_library;
}

/* A missing .chk is damage for every library that NSS's build signs: without those of softokn and
 * freeblpriv FC_Initialize fails, and one that is missing for freebl alone was there when its
 * package was built. */
static void find_damaged(struct search *s)
{
    for (size_t i = 0; i < s->report->modules.n; i++) {
        const struct module_file *m = &s->report->modules.items[i];
        const struct part *part = part_of(m);
        struct finding *f;

        if (!is_damaged(m))
            continue;
        f = search_found(s, path_of(m));
        if (m->problem != NULL)
            search_evidence(f, "%s", m->problem);
        if (chk_state_is_damage(m->chk) && !(m->other_copy && m->chk == CHK_MISSING))
            search_evidence(f, "%s: %s%s%s", m->chk_path == NULL ? "its .chk" : m->chk_path,
                            chk_state_word(m->chk), m->chk_detail == NULL ? "" : ": ",
                            m->chk_detail == NULL ? "" : m->chk_detail);
        if (m->altered_from != NULL)
            search_evidence(f, "it stands among the files of %s in the place of one, and has "
                               "another digest",
                            m->altered_from);
        if (part != NULL && part->checked_by_nss)
            search_evidence(f, "NSS checks this file itself: its FIPS token does not start");
        else
            search_evidence(f, "NSS does not check this file when it starts: it goes unnoticed "
                               "there");
    }
}

static void find_changed(struct search *s)
{
    for (size_t i = 0; i < s->report->modules.n; i++) {
        const struct module_file *m = &s->report->modules.items[i];

        if (m->changed)
            search_evidence(search_found(s, path_of(m)),
                            "the file that was loaded is not the one that is there now");
    }
}

static void find_chk_unreadable(struct search *s)
{
    for (size_t i = 0; i < s->report->modules.n; i++) {
        const struct module_file *m = &s->report->modules.items[i];

        if (examined(m) && m->chk == CHK_UNREADABLE)
            search_evidence(search_found(s, path_of(m)), "%s: %s",
                            m->chk_path == NULL ? "its .chk" : m->chk_path,
                            m->chk_detail == NULL ? "it could not be read" : m->chk_detail);
    }
}

static void find_unreadable(struct search *s)
{
    for (size_t i = 0; i < s->report->modules.n; i++) {
        const struct module_file *m = &s->report->modules.items[i];

        if (!examined(m) && !is_damaged(m) && strcmp(m->problem, JUDGE_NO_SUCH_FILE) != 0)
            search_evidence(search_found(s, path_of(m)), "%s", m->problem);
    }
}

/* ---- what is not there ------------------------------------------------------------------------- */

static bool same_directory(const char *a, const char *b)
{
    size_t la = (size_t)(look_basename(a) - a), lb = (size_t)(look_basename(b) - b);

    return la > 0 && la == lb && strncmp(a, b, la) == 0;
}

static const struct module_file *sibling(const struct report *report, const char *path)
{
    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];

        if (examined(m) && m->path != NULL && same_directory(m->path, path) &&
            strcmp(m->path, path) != 0)
            return m;
    }
    return NULL;
}

/* A library that is absent although others of the same NSS stand where it should: a row of the
 * modules says so with its path and the problem JUDGE_NO_SUCH_FILE. */
static void find_library_missing(struct search *s)
{
    for (size_t i = 0; i < s->report->modules.n; i++) {
        const struct module_file *m = &s->report->modules.items[i];
        const struct module_file *beside;
        struct finding *f;

        if (examined(m) || strcmp(m->problem, JUDGE_NO_SUCH_FILE) != 0)
            continue;
        f = search_found(s, path_of(m));
        search_evidence(f, "%s: %s", path_of(m), m->problem);
        beside = m->path == NULL ? NULL : sibling(s->report, m->path);
        if (beside != NULL)
            search_evidence(f, "%s is there", beside->path);
    }
}

/* ---- versions and builds ------------------------------------------------------------------------ */

static const struct module_file *module_at(const struct report *report, const char *path)
{
    for (size_t i = 0; i < report->modules.n; i++)
        if (report->modules.items[i].path != NULL &&
            strcmp(report->modules.items[i].path, path) == 0)
            return &report->modules.items[i];
    return NULL;
}

static bool same_version(const char *a, const char *b)
{
    return look_version_order(a, b) == 0;
}

/* The libraries of one NSS that a process had loaded, or that lie in one directory, in the order of
 * parts[]. */
struct together {
    const struct module_file *of[sizeof parts / sizeof *parts];
};

static void put_together(struct together *t, const struct module_file *m)
{
    const struct part *part = m == NULL || m->nss_version == NULL ? NULL : part_of(m);

    if (part != NULL && t->of[part - parts] == NULL)
        t->of[part - parts] = m;
}

/* The version that all of them have, of the module proper or of the libraries beside it; NULL: they
 * have several, or none is known. */
static const char *common_version(const struct together *t, bool in_module)
{
    const char *version = NULL;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (t->of[i] == NULL || parts[i].in_module != in_module)
            continue;
        if (version != NULL && !same_version(version, t->of[i]->nss_version))
            return NULL;
        version = t->of[i]->nss_version;
    }
    return version;
}

static bool all_the_same(const struct together *t)
{
    const char *version = NULL;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (t->of[i] != NULL && version != NULL && !same_version(version, t->of[i]->nss_version))
            return false;
        if (t->of[i] != NULL)
            version = t->of[i]->nss_version;
    }
    return true;
}

/* Softokn and freebl are one module, tested as one; libnss3 and libnssutil3 may be newer. */
static void compare_versions(struct search *s, const struct together *t)
{
    const char *module = common_version(t, true), *beside = common_version(t, false);
    struct finding *f;

    if (all_the_same(t))
        return;
    f = search_found(s, NULL);
    if (module != NULL && beside != NULL && look_version_order(module, beside) > 0)
        search_evidence(f, "softokn and freebl are %s, libnss3 and libnssutil3 are %s, which is "
                           "older: a module does not start with an older libnssutil3 than it was "
                           "built with",
                        module, beside);
    else if (module != NULL && beside != NULL)
        search_evidence(f, "softokn and freebl are %s, libnss3 and libnssutil3 are %s: as where a "
                           "distribution holds a validated module beside newer libraries",
                        module, beside);
    else if (module == NULL)
        search_evidence(f, "softokn and freebl, which are one module, are of several versions: a "
                           "partial update");
    else
        search_evidence(f, "libnss3 and libnssutil3 are of several versions: a partial update");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (t->of[i] != NULL)
            search_evidence(f, "%s is %s", t->of[i]->path, t->of[i]->nss_version);
}

/* Of files that one process had loaded together; where nothing was loaded, that lie together. */
static void find_version_skew(struct search *s)
{
    const struct report *r = s->report;
    bool loaded = false;

    for (size_t i = 0; i < r->groups.n; i++) {
        const struct group *g = &r->groups.items[i];
        struct together t = {0};

        for (size_t k = 0; k < g->mapped.n; k++) {
            const struct module_file *m = module_at(r, g->mapped.items[k].path);

            loaded = loaded || m != NULL;
            put_together(&t, m);
        }
        compare_versions(s, &t);
    }
    for (size_t i = 0; !loaded && i < r->modules.n; i++) {
        struct together t = {0};

        for (size_t k = 0; r->modules.items[i].path != NULL && k < r->modules.n; k++)
            if (r->modules.items[k].path != NULL &&
                same_directory(r->modules.items[i].path, r->modules.items[k].path))
                put_together(&t, &r->modules.items[k]);
        compare_versions(s, &t);
    }
}

static void find_unknown_build(struct search *s)
{
    for (size_t i = 0; i < s->report->modules.n; i++) {
        const struct module_file *m = &s->report->modules.items[i];
        const struct part *part = part_of(m);

        if (part != NULL && part->in_module && !m->other_copy && m->sha256 != NULL &&
            m->known_build == NULL)
            search_evidence(search_found(s, NULL), "%s", path_of(m));
    }
}

/* ---- what is there too ------------------------------------------------------------------------- */

static bool same_machine(const struct module_file *a, const struct module_file *b)
{
    return a->machine != NULL && b->machine != NULL && strcmp(a->machine, b->machine) == 0;
}

/* Two files of one library name for one machine. */
static void find_second_nss(struct search *s)
{
    const struct report *r = s->report;

    for (size_t i = 1; i < r->modules.n; i++)
        for (size_t k = 0; k < i; k++) {
            const struct module_file *a = &r->modules.items[k], *b = &r->modules.items[i];
            struct finding *f;

            if (a->name == NULL || b->name == NULL || strcmp(a->name, b->name) != 0 ||
                !same_machine(a, b) || strcmp(path_of(a), path_of(b)) == 0)
                continue;
            f = search_found(s, NULL);
            search_evidence(f, "%s (%s)", path_of(a), a->why_there == NULL ? "" : a->why_there);
            search_evidence(f, "%s (%s)", path_of(b), b->why_there == NULL ? "" : b->why_there);
        }
}

static void find_other_crypto(struct search *s)
{
    for (size_t i = 0; i < s->report->neighbours.n; i++) {
        const struct neighbour *n = &s->report->neighbours.items[i];

        search_evidence(search_found(s, NULL), "%s: %s%s%s", n->what, n->path,
                        n->owner == NULL ? "" : " of ", n->owner == NULL ? "" : n->owner);
    }
}

static void find_writable(struct search *s)
{
    for (size_t i = 0; i < s->report->modules.n; i++) {
        const struct module_file *m = &s->report->modules.items[i];

        if (m->writable_by != NULL && m->uid == 0 && !m->other_copy)
            search_evidence(search_found(s, path_of(m)), "mode %04o: %s", m->mode, m->writable_by);
    }
}

static void find_search_stopped(struct search *s)
{
    if (s->report->search_stopped != NULL)
        search_evidence(search_found(s, NULL), "%s", s->report->search_stopped);
}

const struct finder find_in_modules[] = {
    {"module-damaged", find_damaged},
    {"library-missing", find_library_missing},
    {"module-file-changed", find_changed},
    {"chk-unreadable", find_chk_unreadable},
    {"module-unreadable", find_unreadable},
    {"version-skew", find_version_skew},
    {"unknown-build", find_unknown_build},
    {"second-nss", find_second_nss},
    {"other-crypto", find_other_crypto},
    {"module-writable", find_writable},
    {"search-incomplete", find_search_stopped},
    {NULL, NULL},
};
