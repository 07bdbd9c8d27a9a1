/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/search.h"

#include "base/own.h"
#include "judge/judge.h"

#include <string.h>

static const char *or_dash(const char *s)
{
    return s == NULL ? "-" : s;
}

/* ---- single answers ---------------------------------------------------------------------------- */

static void find_outcome(struct search *s, enum outcome outcome)
{
    for (size_t i = 0; i < s->report->observations.n; i++) {
        const struct observation *o = &s->report->observations.items[i];
        const struct evidence *e = &o->evidence;
        own_free char *where = NULL;
        struct finding *f;

        if (o->outcome != outcome)
            continue;
        where = search_where(s->report, o);
        f = search_found(s, o->probe->id);
        search_evidence(f, "%s: %s%s%s%s%s", where, outcome_word(outcome),
                        e->step == NULL ? "" : " in ", e->step == NULL ? "" : e->step,
                        e->detail == NULL ? "" : ": ", e->detail == NULL ? "" : e->detail);
    }
}

static void find_incorrect(struct search *s)
{
    find_outcome(s, OUTCOME_INCORRECT);
}

static void find_crashed(struct search *s)
{
    find_outcome(s, OUTCOME_CRASHED);
}

static void find_timed_out(struct search *s)
{
    find_outcome(s, OUTCOME_TIMED_OUT);
}

/* Ends that no probe is charged with. */
static void find_incomplete(struct search *s)
{
    for (size_t i = 0; i < s->report->groups.n; i++) {
        const struct group *g = &s->report->groups.items[i];
        own_free char *place = NULL;

        if ((g->ending != ENDING_GARBLED && g->ending != ENDING_NOT_STARTED) ||
            g->not_presented != NULL) /* presenting-refused says it */
            continue;
        place = look_place_name(s->report, (struct place){g->door, g->jdk});
        search_evidence(search_found(s, place), "%s: %s%s%s", context_word(g->context),
                        ending_text(g->ending), g->ending_detail == NULL ? "" : ": ",
                        g->ending_detail == NULL ? "" : g->ending_detail);
    }
}

/* ---- doors that do not open -------------------------------------------------------------------- */

static bool is_one_of(const char *code, const char *const *codes)
{
    for (; code != NULL && *codes != NULL; codes++)
        if (strcmp(code, *codes) == 0)
            return true;
    return false;
}

static const char *const not_loaded[] = {"not-found", "cannot-load", NULL};
/* FC_Initialize after a failed self-test or integrity check (fipstest.c, sftk_FIPSEntryOK), as
 * PKCS#11 and as libnss3 say it. */
static const char *const self_test[] = {"CKR_DEVICE_ERROR", "CKR_FIPS_SELF_TEST_FAILED",
                                        "SEC_ERROR_PKCS11_DEVICE_ERROR", NULL};

static bool is_nss_opening(const struct observation *o)
{
    return o->door != DOOR_JCA && strcmp(o->probe->id, PROBE_OPEN) == 0 &&
           o->evidence.result == RESULT_FAILED;
}

/* NSS checks these two, each with its .chk, before the FIPS token starts (lib/softoken/fipstest.c,
 * sftk_fipsPowerUpSelfTest; lib/freebl/shvfy.c). */
static const char *const checked[] = {"libsoftokn3.so", "libfreeblpriv3.so", NULL};

/* Which of the two files it is, as far as their states tell; NULL: nothing is wrong with them. The
 * caller frees. */
static char *cause(const struct module_file *m)
{
    const char *chk = m->chk_path == NULL ? "its .chk" : m->chk_path;

    if (m->problem != NULL)
        return mem_printf("%s: %s", or_dash(m->path), m->problem);
    if (m->changed)
        return mem_printf("%s: the file that was loaded is not the one that is there now", m->path);
    switch (m->chk) {
    case CHK_MISSING:
        return mem_printf("%s is missing, without which NSS does not take %s", chk, m->path);
    case CHK_MALFORMED:
        return mem_printf("%s is no check file any more%s%s: that file was changed or cut", chk,
                          m->chk_detail == NULL ? "" : ": ",
                          m->chk_detail == NULL ? "" : m->chk_detail);
    case CHK_UNREADABLE:
        return mem_printf("%s could not be read", chk);
    case CHK_MISMATCH:
        if (m->known_build != NULL)
            return mem_printf("%s was changed: it does not fit %s, whose digest is that of %s", chk,
                              m->path, m->known_build);
        if (m->altered_from != NULL)
            return mem_printf("%s was changed: it has not the digest of %s, which it was", m->path,
                              m->altered_from);
        return mem_printf("%s and %s do not belong together: one of the two was changed", m->path,
                          chk);
    case CHK_NONE_EXPECTED:
    case CHK_VERIFIED:
        break;
    }
    return NULL;
}

static const char *version_of(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];

        if (!m->other_copy && m->name != NULL && strcmp(m->name, name) == 0)
            return m->nss_version;
    }
    return NULL;
}

static void name_suspects(const struct report *report, struct finding *f)
{
    const char *softokn = version_of(report, "libsoftokn3.so");
    const char *util = version_of(report, "libnssutil3.so");
    bool named = false;

    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];
        own_free char *text = NULL;

        if (m->other_copy || (!is_one_of(m->name, checked) &&
                              (m->problem == NULL || m->chk == CHK_NONE_EXPECTED)))
            continue;
        text = cause(m);
        if (text == NULL)
            continue;
        search_evidence(f, "%s", text);
        named = true;
    }
    if (named)
        return;
    search_evidence(f, "no file that was examined is missing, and every .chk is verified");
    if (softokn != NULL && util != NULL && look_version_order(util, softokn) < 0)
        search_evidence(f, "libnssutil3 is %s, older than libsoftokn3 %s, which needs what its own "
                           "version has",
                        util, softokn);
}

static void find_self_test_failed(struct search *s)
{
    struct finding *f = NULL;

    for (size_t i = 0; i < s->report->observations.n; i++) {
        const struct observation *o = &s->report->observations.items[i];
        own_free char *where = NULL;

        if (!is_nss_opening(o) || !is_one_of(o->evidence.code, self_test))
            continue;
        if (f == NULL) {
            f = search_found(s, NULL);
            name_suspects(s->report, f);
        }
        where = search_where(s->report, o);
        search_evidence(f, "%s: %s in %s", where, o->evidence.code, or_dash(o->evidence.step));
    }
}

static bool any_module(const struct report *report)
{
    for (size_t i = 0; i < report->modules.n; i++)
        if (report->modules.items[i].problem == NULL)
            return true;
    return false;
}

/* No library of NSS was found, at any door. */
static bool nss_is_missing(const struct report *report)
{
    bool asked = false;

    if (report->nss_skipped || any_module(report))
        return false;
    for (size_t i = 0; i < report->observations.n; i++) {
        const struct observation *o = &report->observations.items[i];

        if (o->door == DOOR_JCA || strcmp(o->probe->id, PROBE_OPEN) != 0)
            continue;
        asked = true;
        if (!is_one_of(o->evidence.code, not_loaded))
            return false;
    }
    return asked || report->groups.n == 0; /* no group at all: only files were looked for */
}

static void find_not_loaded(struct search *s, const char *subject_of_all)
{
    for (size_t i = 0; i < s->report->observations.n; i++) {
        const struct observation *o = &s->report->observations.items[i];
        const char *library;

        if (!is_nss_opening(o) || o->context != CONTEXT_AS_IS ||
            !is_one_of(o->evidence.code, not_loaded))
            continue;
        library = look_fact(s->report, (struct place){o->door, o->jdk}, o->context, "library");
        search_evidence(search_found(s, subject_of_all != NULL ? subject_of_all : library),
                        "%s: %s", door_word(o->door),
                        o->evidence.detail != NULL ? o->evidence.detail : o->evidence.code);
    }
}

static void find_nss_missing(struct search *s)
{
    if (!nss_is_missing(s->report))
        return;
    search_found(s, "NSS");
    find_not_loaded(s, "NSS");
}

static void find_unloadable(struct search *s)
{
    if (!nss_is_missing(s->report))
        find_not_loaded(s, NULL);
}

/* ---- indicators -------------------------------------------------------------------------------- */

/* Asked at the FIPS token only: the other token has none to give. */
static const struct place fips_token = {DOOR_SOFTOKN_FIPS, -1};

static void find_no_indicators(struct search *s)
{
    enum control control;
    struct finding *f;
    const char *id;

    if (!look_control(s->report, fips_token, CONTEXT_AS_IS, &control) ||
        (control != CONTROL_NO_INTERFACE && control != CONTROL_NOT_BUILT_IN))
        return;
    f = search_found(s, NULL);
    search_evidence(f, "%s: %s", door_word(DOOR_SOFTOKN_FIPS), control_text(control));
    id = look_fact(s->report, fips_token, CONTEXT_AS_IS, "module_id");
    if (id != NULL)
        search_evidence(f, "the module calls itself '%s'", id);
}

static void find_control_failed(struct search *s)
{
    enum control control;

    if (look_control(s->report, fips_token, CONTEXT_AS_IS, &control) && control == CONTROL_FAILED)
        search_evidence(search_found(s, NULL), "%s: %s", door_word(DOOR_SOFTOKN_FIPS),
                        control_text(control));
}

static const char *yes_or_no(enum indicator indicator)
{
    return indicator == INDICATOR_OK ? "approved" : "not approved";
}

/* What is said of a row in every context is one line. */
static void find_contradiction(struct search *s)
{
    const struct report *r = s->report;
    struct finding *f = NULL;
    enum control control;

    if (look_control(r, fips_token, CONTEXT_AS_IS, &control) && control == CONTROL_CONTRADICTED) {
        f = search_found(s, NULL);
        search_evidence(f, "%s: %s", door_word(DOOR_SOFTOKN_FIPS), control_text(control));
    }
    for (size_t i = 0; i < r->observations.n; i++) {
        const struct observation *o = &r->observations.items[i];
        const struct evidence *e = &o->evidence;

        if (!look_contradicts(r, o))
            continue;
        f = search_found(s, NULL);
        if (e->indicator != e->validation)
            search_evidence(f, "%s at %s: NSS's own indicator says %s, the validation flags say %s",
                            o->probe->id, door_word(o->door), yes_or_no(e->indicator),
                            yes_or_no(e->validation));
        else
            search_evidence(f, "%s at %s: of its key, NSS's own indicator says %s, the validation "
                               "flags say %s",
                            o->probe->id, door_word(o->door), yes_or_no(e->key_indicator),
                            yes_or_no(e->key_validation));
    }
}

/* FC_GetFunctionList must lead to the FIPS token, whatever the host is. */
static void find_wrong_token(struct search *s)
{
    for (int c = 0; c < CONTEXT_MAX; c++)
        if (look_fact_true(s->report, fips_token, (enum context)c, "fips_token") == 0)
            search_evidence(search_found(s, door_word(DOOR_SOFTOKN_FIPS)),
                            "%s: the token is '%s'", context_word((enum context)c),
                            or_dash(look_fact(s->report, fips_token, (enum context)c, "token")));
}

const struct finder find_in_nss[] = {
    {"answer-incorrect", find_incorrect},
    {"probe-crashed", find_crashed},
    {"probe-timed-out", find_timed_out},
    {"group-incomplete", find_incomplete},
    {"nss-missing", find_nss_missing},
    {"nss-library-unloadable", find_unloadable},
    {"self-test-failed", find_self_test_failed},
    {"not-the-fips-token", find_wrong_token},
    {"control-failed", find_control_failed},
    {"no-indicators", find_no_indicators},
    {"indicators-contradict", find_contradiction},
    {NULL, NULL},
};
