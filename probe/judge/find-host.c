/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/search.h"

#include "base/own.h"
#include "judge/judge.h"

#include <string.h>

static void find_flag_contradiction(struct search *s)
{
    const struct host *h = &s->report->host;
    bool on = h->flag == FLAG_ON;
    bool asked_on = h->cmdline_fips != NULL && strcmp(h->cmdline_fips, "1") == 0;
    bool asked_off = h->cmdline_fips != NULL && strcmp(h->cmdline_fips, "0") == 0;

    if (h->flag_overmount != NULL)
        search_evidence(search_found(s, NULL), "/proc/sys/crypto/fips_enabled: %s",
                        h->flag_overmount);
    for (size_t i = 0; h->flag_truth == TRUTH_CONTRADICTORY && i < h->flag_evidence.n; i++)
        if (strstr(h->flag_evidence.items[i], "/proc/crypto") != NULL)
            search_evidence(search_found(s, NULL), "the kernel's flag is %s, and %s",
                            flag_state_word(h->flag), h->flag_evidence.items[i]);
    if (h->flag != FLAG_UNREADABLE && ((asked_on && !on) || (asked_off && on)))
        search_evidence(search_found(s, NULL),
                        "the kernel was started with fips=%s, and its flag is %s", h->cmdline_fips,
                        flag_state_word(h->flag));
}

/* The finding of a contradiction has the mounts: here is what nothing else explains. */
static void find_flag_presented(struct search *s)
{
    const struct host *h = &s->report->host;
    struct finding *f;

    if (h->flag_presented == NULL)
        return;
    f = search_found(s, NULL);
    search_evidence(f, "opening /proc/sys/crypto/fips_enabled gives %s, and nothing is mounted over "
                       "it", h->flag_presented);
    for (size_t i = 0; i < h->flag_evidence.n; i++)
        search_evidence(f, "%s", h->flag_evidence.items[i]);
}

static void find_from_host(struct search *s)
{
    const struct host *h = &s->report->host;

    for (size_t i = 0; i < h->from_host.n; i++)
        search_evidence(search_found(s, NULL), "%s", h->from_host.items[i]);
}

static void find_flag_unreadable(struct search *s)
{
    const struct host *h = &s->report->host;

    if (h->flag == FLAG_UNREADABLE)
        search_evidence(search_found(s, NULL), "%s",
                        h->flag_detail == NULL ? "no reason was given" : h->flag_detail);
}

static void find_presenting_refused(struct search *s)
{
    for (size_t i = 0; i < s->report->groups.n; i++) {
        const struct group *g = &s->report->groups.items[i];

        if (g->context != CONTEXT_AS_IS && !g->presented)
            search_evidence(search_found(s, NULL), "%s",
                            g->not_presented == NULL ? "no reason was given" : g->not_presented);
    }
}

static void find_presenting_unfaithful(struct search *s)
{
    for (size_t i = 0; i < s->report->dependences.n; i++) {
        const struct dependence_row *d = &s->report->dependences.items[i];
        own_free char *place = NULL;

        if (d->reason == NULL ||
            strncmp(d->reason, JUDGE_UNFAITHFUL, strlen(JUDGE_UNFAITHFUL)) != 0)
            continue;
        place = look_place_name(s->report, (struct place){d->door, d->jdk});
        search_evidence(search_found(s, NULL), "%s at %s: %s", d->probe->id, place,
                        d->reason + strlen(JUDGE_UNFAITHFUL));
    }
}

const struct finder find_in_host[] = {
    {"flag-contradiction", find_flag_contradiction},
    {"flag-presented", find_flag_presented},
    {"files-from-host", find_from_host},
    {"flag-unreadable", find_flag_unreadable},
    {"presenting-refused", find_presenting_refused},
    {"presenting-unfaithful", find_presenting_unfaithful},
    {NULL, NULL},
};
