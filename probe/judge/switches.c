/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/switches.h"

#include "base/own.h"

#include <stdlib.h>
#include <string.h>

const char *switch_basis_word(enum switch_basis basis)
{
    static const char *const words[] = {"measured", "by-file", "by-source"};

    return words[basis];
}

int switches_at_least(const char *version, unsigned long major, unsigned long minor)
{
    unsigned long a, b;
    char *end;

    if (version == NULL || *version < '0' || *version > '9')
        return -1;
    a = strtoul(version, &end, 10);
    if (*end != '.' || end[1] < '0' || end[1] > '9')
        return -1;
    b = strtoul(end + 1, NULL, 10);
    return a != major ? a > major : b >= minor;
}

static void add(struct fips_switches *out, const char *who, const char *what,
                enum switch_basis basis, const char *source)
{
    struct fips_switch *s = mem_push(out);

    s->who = mem_str(who);
    s->what = mem_str(what);
    s->basis = basis;
    s->source = source;
}

void switches_free(struct fips_switches *switches)
{
    for (size_t i = 0; i < switches->n; i++) {
        free(switches->items[i].who);
        free(switches->items[i].what);
    }
    free(switches->items);
    *switches = (struct fips_switches){0};
}

/* ---- measured --------------------------------------------------------------------------------- */

/* What the door said it is: libnss3 of the system, softokn of its token. */
static const struct {
    enum door door;
    const char *fact;
} doors[] = {{DOOR_SOFTOKN_FIPS, "fips_token"},
             {DOOR_SOFTOKN_DEFAULT, "fips_token"},
             {DOOR_NSS, "system_fips"}};

/* "follows", "does not follow", or that it was not measured, of a switch that was turned from off
 * to on. */
static const char *verb(int off, int on)
{
    return off < 0 || on < 0 ? "not measured:" : off == on ? "does not follow" : "follows";
}

static void add_door(const struct report *r, enum door door, const char *fact,
                     struct fips_switches *out)
{
    const struct place at = {door, -1};
    int off = look_fact_true(r, at, CONTEXT_KERNEL_OFF, fact);
    int on = look_fact_true(r, at, CONTEXT_KERNEL_ON, fact);
    int with = look_fact_true(r, at, CONTEXT_ENV_NSS_FIPS, fact);
    int without = look_fact_true(r, at, CONTEXT_ENV_NONE, fact);
    own_free char *what = NULL;

    if (look_fact_true(r, at, CONTEXT_AS_IS, fact) < 0)
        return;
    without = without < 0 ? off : without; /* where the environment has none, this is without it */
    if (off < 0 && on < 0 && with < 0)
        what = mem_str("not measured: no context presented the flag");
    else if (off == 1 && on == 1 && with != 0)
        what = mem_str("FIPS whatever the kernel's flag and NSS_FIPS are");
    else if (off == 0 && on == 0 && with == 0)
        what = mem_str("never FIPS: looks neither at the kernel's flag nor at NSS_FIPS");
    else
        what = mem_printf("%s the kernel's flag; %s NSS_FIPS=1", verb(off, on),
                          verb(without, with));
    add(out, door_word(door), what, SWITCH_MEASURED, NULL);
}

/* ---- by the files ------------------------------------------------------------------------------ */

/* One rule a parser of NSS_FIPS: who has it, from which version on. Read in NSS 3.87.1 and 3.110;
 * what came between in the history of lib/freebl/nsslowhash.c. */
#define UTIL_RULE "begins with y, Y or 1, or is fips, true or on"
#define UTIL_SOURCE "NSS 3.94 and later: lib/util/secport.c, NSS_GetSystemFIPSEnabled"
#define LOW_RULE "begins with y, f, 1 or t"
#define LOW_SOURCE "NSS before 3.94: lib/freebl/nsslowhash.c, nsslow_GetFIPSEnabled"

static void add_file(const struct module_file *m, struct fips_switches *out)
{
    bool low = strncmp(m->name, "libfreebl", strlen("libfreebl")) == 0;
    int newer = switches_at_least(m->nss_version, 3, 94);
    const char *rule = newer < 0 ? NULL : low && newer == 0 ? LOW_RULE : UTIL_RULE;
    own_free char *who = mem_printf("%s%s%s", m->name, m->nss_version == NULL ? "" : " ",
                                    m->nss_version == NULL ? "" : m->nss_version);
    own_free char *what = NULL;

    if (m->names_flag <= 0 && m->names_variable <= 0)
        return;
    what = mem_printf("has %s%s%s in it%s%s", m->names_flag > 0 ? "the flag's path" : "",
                      m->names_flag > 0 && m->names_variable > 0 ? " and " : "",
                      m->names_variable > 0 ? "NSS_FIPS" : "",
                      m->names_variable > 0 && rule != NULL ? ", which counts where it " : "",
                      m->names_variable > 0 && rule != NULL ? rule : "");
    add(out, who, what, SWITCH_BY_FILE,
        m->names_variable <= 0 || rule == NULL ? NULL
        : strcmp(rule, LOW_RULE) == 0          ? LOW_SOURCE
                                               : UTIL_SOURCE);
}

/* ---- by the source ------------------------------------------------------------------------------ */

static void add_sources(struct fips_switches *out)
{
    add(out, "libnsssysinit.so",
        "(of a system-wide database): the kernel's flag; NSS_FIPS only where the kernel has no such "
        "file, and only if it is fips, true, on or 1",
        SWITCH_BY_SOURCE, "NSS 3.87.1 and 3.110: lib/sysinit/nsssysinit.c, getFIPSMode");
    add(out, "a database",
        "the word FIPS among the flags of the internal module in pkcs11.txt (modutil -fips true) "
        "makes libnss3 a FIPS one on every host; asked here without a database",
        SWITCH_BY_SOURCE, "NSS 3.87.1 and 3.110: lib/pk11wrap/pk11pars.c, pk11util.c");
}

void switches_find(const struct report *report, struct fips_switches *out)
{
    *out = (struct fips_switches){0};
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        add_door(report, doors[i].door, doors[i].fact, out);
    for (size_t i = 0; i < report->modules.n; i++)
        if (!report->modules.items[i].other_copy && report->modules.items[i].name != NULL)
            add_file(&report->modules.items[i], out);
    if (out->n > 0)
        add_sources(out);
}
