/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"

#include "base/buf.h"
#include "base/own.h"
#include "judge/look.h"

#include <stdlib.h>
#include <string.h>

#define PLACES 64
#define NAMED 4 /* how many host-dependent results are called by name */

static const struct place fips_token = {DOOR_SOFTOKN_FIPS, -1};

/* ---- the host and its FIPS stack --------------------------------------------------------------- */

static const char *flag_words(enum flag_state flag)
{
    static const char *const words[] = {
        [FLAG_ON] = "has the kernel's FIPS flag on",
        [FLAG_OFF] = "has the kernel's FIPS flag off",
        [FLAG_ABSENT] = "has no FIPS flag in its kernel, which counts as off",
        [FLAG_UNREADABLE] = "has a FIPS flag that could not be read",
    };

    return words[flag];
}

static const char *module_version(const struct report *report)
{
    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];

        if (m->name != NULL && strcmp(m->name, "libsoftokn3.so") == 0 && m->nss_version != NULL)
            return m->nss_version;
    }
    return look_fact(report, fips_token, CONTEXT_AS_IS, "version");
}

/* The module id belongs to the file; the token's fact is the same where no file was examined. */
static const char *module_id(const struct report *report)
{
    for (size_t i = 0; i < report->modules.n; i++)
        if (report->modules.items[i].module_id != NULL)
            return report->modules.items[i].module_id;
    return look_fact(report, fips_token, CONTEXT_AS_IS, "module_id");
}

static const char *known_build(const struct report *report)
{
    for (size_t i = 0; i < report->modules.n; i++)
        if (report->modules.items[i].known_build != NULL)
            return report->modules.items[i].known_build;
    return NULL;
}

static void say_integrity(const struct report *report, struct buf *out)
{
    size_t verified = 0, damaged = 0, expected = 0, missing = 0;

    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];

        if (m->other_copy)
            continue;
        missing += m->problem != NULL && strcmp(m->problem, JUDGE_NO_SUCH_FILE) == 0;
        expected += m->chk != CHK_NONE_EXPECTED;
        verified += m->chk == CHK_VERIFIED;
        damaged += chk_state_is_damage(m->chk) || m->altered_from != NULL || m->changed;
    }
    if (missing > 0)
        buf_printf(out, "%zu of its libraries MISSING%s", missing,
                   damaged > 0 || expected > 0 ? ", " : "");
    if (damaged > 0)
        buf_printf(out, "%zu of its files DAMAGED", damaged);
    else if (expected > 0 && verified == expected)
        buf_printf(out, "all %zu .chk verified", verified);
    else if (expected > 0)
        buf_printf(out, "%zu of %zu .chk verified", verified, expected);
    else if (missing == 0)
        buf_puts(out, "its integrity not known");
}

static char *say_host(const struct report *report)
{
    const struct host *h = &report->host;
    const char *version = module_version(report), *id = module_id(report);
    struct buf out = {0};

    if (report->image != NULL)
        buf_printf(&out, "The image below %s (%s) was looked at, and nothing of it executed",
                   report->image, h->os == NULL ? "unknown OS" : h->os);
    else
        buf_printf(&out, "This host (%s, %s%s%s) %s", h->os == NULL ? "unknown OS" : h->os,
               h->kernel == NULL ? "unknown kernel" : h->kernel,
               h->container == NULL ? "" : ", in a container: ",
               h->container == NULL ? "" : h->container, flag_words(h->flag));
    if (report->nss_skipped)
        buf_puts(&out, "; NSS was not looked at.");
    else if (report->modules.n == 0 && version == NULL)
        buf_puts(&out, "; no NSS was found.");
    else {
        const char *build = known_build(report);

        buf_printf(&out, "; its NSS is %s", version == NULL ? "of unknown version" : version);
        if (id != NULL)
            buf_printf(&out, ", module id '%s'", id);
        buf_puts(&out, build == NULL ? ", not in the table of known builds" : ", known build ");
        buf_puts(&out, build == NULL ? "" : build);
        buf_puts(&out, ", ");
        say_integrity(report, &out);
        buf_puts(&out, ".");
    }
    return buf_steal(&out);
}

/* ---- what works -------------------------------------------------------------------------------- */

struct tally {
    size_t of[OUTCOME_MAX], all; /* without door.open */
};

static struct tally tally_of(const struct report *report, struct place at)
{
    struct tally t = {0};

    for (size_t i = 0; i < report->observations.n; i++) {
        const struct observation *o = &report->observations.items[i];

        if (o->door != at.door || o->jdk != at.jdk || o->context != CONTEXT_AS_IS ||
            strcmp(o->probe->id, PROBE_OPEN) == 0)
            continue;
        t.of[o->outcome]++;
        t.all++;
    }
    return t;
}

static void say_place(const struct report *report, struct place at, struct buf *out)
{
    static const enum outcome told[] = {OUTCOME_APPROVED,  OUTCOME_NOT_APPROVED, OUTCOME_WORKS,
                                        OUTCOME_INCORRECT, OUTCOME_CRASHED,      OUTCOME_TIMED_OUT,
                                        OUTCOME_REFUSED,   OUTCOME_ABSENT,       OUTCOME_ERROR,
                                        OUTCOME_NOT_RUN};
    struct tally t = tally_of(report, at);
    own_free char *name = look_place_name(report, at);
    const char *first = at.door != DOOR_JCA ? NULL
                                            : look_provider(report, at.jdk, CONTEXT_AS_IS, 0);
    bool some = false;

    buf_printf(out, "%s%s ", out->len == 0 ? "Of what was asked as-is: " : "; ", name);
    if (!look_opened(report, at, CONTEXT_AS_IS)) {
        const struct observation *open = look_observation(report, PROBE_OPEN, at, CONTEXT_AS_IS);
        const char *code = open == NULL ? NULL : open->evidence.code;

        buf_printf(out, "does not open%s%s%s", code == NULL ? "" : " (", code == NULL ? "" : code,
                   code == NULL ? "" : ")");
        return;
    }
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (t.of[told[i]] > 0) {
            buf_printf(out, "%s%zu %s", some ? ", " : "", t.of[told[i]], outcome_word(told[i]));
            some = true;
        }
    if (!some)
        buf_puts(out, "opens");
    if (first != NULL)
        buf_printf(out, " (primary provider %s)", first);
    else if (at.door == DOOR_JCA &&
             look_fact(report, at, CONTEXT_AS_IS, "provider_error") != NULL)
        buf_puts(out, " (no primary provider: listing the providers throws)");
}

static char *say_services(const struct report *report)
{
    struct place places[PLACES];
    size_t n = look_places(report, places, PLACES);
    struct buf out = {0};
    enum control control;

    for (size_t i = 0; i < n; i++)
        say_place(report, places[i], &out);
    if (n == 0)
        buf_puts(&out, report->files_only ? "Only files were looked at, no mechanism was asked"
                                          : "No mechanism was asked");
    if (look_control(report, fips_token, CONTEXT_AS_IS, &control) && control != CONTROL_WORKING)
        buf_printf(&out, "; nothing is called approved, because %s",
                   control == CONTROL_FAILED         ? "asking the module for its indicators failed"
                   : control == CONTROL_CONTRADICTED ? "the module's two kinds of indicators "
                                                       "contradict each other"
                                                     : "this build of NSS has no service "
                                                       "indicators");
    if (report->jdks.n == 0 && !report->java_skipped)
        buf_puts(&out, "; no JDK was found");
    buf_puts(&out, ".");
    return buf_steal(&out);
}

/* ---- what depends on the host ------------------------------------------------------------------- */

/* The smaller, the more it matters: who serves Java, then what FIPS mode takes away or adds. */
static int weight(const struct dependence_row *d)
{
    enum outcome off = d->at[CONTEXT_KERNEL_OFF]->outcome, on = d->at[CONTEXT_KERNEL_ON]->outcome;

    if (strcmp(d->probe->id, PROBE_OPEN) == 0)
        return 0;
    if (strcmp(d->probe->id, "provider.primary") == 0)
        return 1;
    return off != on ? 2 : 3;
}

static void name_dependents(const struct report *report, struct buf *out)
{
    size_t named = 0, all = 0;

    for (int w = 0; w <= 3; w++)
        for (size_t i = 0; i < report->dependences.n; i++) {
            const struct dependence_row *d = &report->dependences.items[i];
            own_free char *place = NULL;

            if (d->dependence != DEPENDENCE_DEPENDENT || weight(d) != w)
                continue;
            if (++all > NAMED)
                continue;
            place = look_place_name(report, (struct place){d->door, d->jdk});
            buf_printf(out, "%s%s at %s", named++ == 0 ? " (" : ", ", d->probe->id, place);
        }
    if (all > NAMED)
        buf_printf(out, " and %zu more", all - NAMED);
    if (named > 0)
        buf_puts(out, ")");
}

/* The reason that most of the undetermined rows have. */
static const char *commonest_reason(const struct report *report)
{
    const char *best = NULL;
    size_t best_n = 0;

    for (size_t i = 0; i < report->dependences.n; i++) {
        const struct dependence_row *d = &report->dependences.items[i];
        size_t n = 0;

        if (d->dependence != DEPENDENCE_UNDETERMINED || (best != NULL && d->reason == best))
            continue;
        for (size_t k = i; k < report->dependences.n; k++)
            n += report->dependences.items[k].dependence == DEPENDENCE_UNDETERMINED &&
                 strcmp(report->dependences.items[k].reason, d->reason) == 0;
        if (n > best_n) {
            best_n = n;
            best = d->reason;
        }
    }
    return best;
}

static char *say_dependence(const struct report *report)
{
    size_t of[DEPENDENCE_MAX] = {0}, all = report->dependences.n;
    struct buf out = {0};

    for (size_t i = 0; i < all; i++)
        of[report->dependences.items[i].dependence]++;
    if (all == 0)
        buf_puts(&out, "Whether anything depends on the host's FIPS flag was not measured");
    else if (of[DEPENDENCE_UNDETERMINED] == all)
        buf_puts(&out, "Whether anything depends on the host's FIPS flag could not be determined");
    else {
        buf_printf(&out, "Of %zu results, with the kernel's FIPS flag presented as 0 and as 1, %zu "
                         "depend%s on the host's flag",
                   all, of[DEPENDENCE_DEPENDENT], of[DEPENDENCE_DEPENDENT] == 1 ? "s" : "");
        name_dependents(report, &out);
        buf_printf(&out, " and %zu do%s not", of[DEPENDENCE_INDEPENDENT],
                   of[DEPENDENCE_INDEPENDENT] == 1 ? "es" : "");
        if (of[DEPENDENCE_UNDETERMINED] > 0)
            buf_printf(&out, ", and %zu could not be determined", of[DEPENDENCE_UNDETERMINED]);
    }
    if (of[DEPENDENCE_UNDETERMINED] > 0)
        buf_printf(&out, ": %s", commonest_reason(report));
    buf_puts(&out, ".");
    return buf_steal(&out);
}

void judge_summary(struct report *report)
{
    report->summary.items[0] = say_host(report);
    report->summary.items[1] = say_services(report);
    report->summary.items[2] = say_dependence(report);
}
