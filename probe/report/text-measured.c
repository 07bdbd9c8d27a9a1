/* SPDX-License-Identifier: Apache-2.0
 *
 * What the marks of the table mean, and how what they say was measured.
 */
#include "report/text.h"

#include "base/own.h"
#include "judge/look.h"

#include <string.h>

static const char *presented_aside(const struct report *r)
{
    size_t asked = 0, presented = 0;

    for (size_t i = 0; i < r->groups.n; i++)
        if (r->groups.items[i].context != CONTEXT_AS_IS) {
            asked++;
            presented += r->groups.items[i].presented;
        }
    return asked == 0         ? "was not measured"
           : presented == 0   ? "could not be measured: presenting was refused"
           : presented < asked ? "was measured in part: presenting was refused for some"
                              : NULL;
}

/* libnss3 says itself whether it takes the system for a FIPS one: so presenting is seen to work,
 * or not to reach it. */
static void write_positive_control(struct page *page, const struct report *r)
{
    static const struct place nss = {DOOR_NSS, -1};
    int off = look_fact_true(r, nss, CONTEXT_KERNEL_OFF, "system_fips");
    int on = look_fact_true(r, nss, CONTEXT_KERNEL_ON, "system_fips");

    if (off == 0 && on == 1)
        page_field(page, "", "libnss3 itself said FIPS off under 0 and on under 1: it saw the "
                             "presented flag");
    else if (off >= 0 && off == on)
        page_field(page, "", on == 1 ? "libnss3 said FIPS on under 0 and under 1: something else "
                                       "than the flag decides (NSS_FIPS?)"
                                     : "libnss3 said FIPS off under 0 and under 1: this build "
                                       "does not follow the flag");
}

#define MARKS                                                                                      \
    "* the kernel's flag decides: host-dependent; e NSS_FIPS of the environment; j options of the " \
    "JVM; ? undetermined; - not asked at that door"

/* What the flag decides may be overridden all the same. */
static void write_overridden(struct page *page, const struct report *r)
{
    static const struct {
        enum determinant by;
        const char *what;
    } rows[] = {{DETERMINED_BY_ENVIRONMENT, "NSS_FIPS=1 in the environment"},
                {DETERMINED_BY_JVM_OPTIONS, "the JVM's own FIPS options"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_free char *line = NULL;
        size_t n = 0;

        for (size_t k = 0; k < r->dependences.n; k++)
            n += r->dependences.items[k].determined_by == DETERMINED_BY_KERNEL &&
                 r->dependences.items[k].changed_by[rows[i].by];
        if (n == 0)
            continue;
        line = mem_printf("%s would change %zu of the results marked * too", rows[i].what, n);
        page_field(page, "", line);
    }
}

/* Each way that was used; another than the first is only used where that was refused. */
static void write_ways(struct page *page, const struct report *r)
{
    const char *label = "presented";

    for (int way = WAY_NONE + 1; way < WAY_MAX; way++)
        for (size_t i = 0; i < r->groups.n; i++) {
            own_free char *line = NULL;

            if (!r->groups.items[i].presented || r->groups.items[i].way != (enum way)way)
                continue;
            line = mem_printf("by %s", way_text((enum way)way));
            page_field(page, label, line);
            label = "";
            break;
        }
}

static void write_on_request(struct page *page, const struct report *r)
{
    size_t nss = r->on_request_nss.n, java = r->on_request_java.n;
    own_free char *of_nss = nss == 0 ? NULL : mem_printf("%zu of NSS", nss);
    own_free char *of_java = java == 0 ? NULL : mem_printf("%zu of Java", java);
    own_free char *more =
        mem_printf("costly probes, %s%s%s: only where --only names them, all of them with --only "
                   "'*'; 'fipsprobe list' marks them", of_nss == NULL ? "" : of_nss,
                   of_nss == NULL || of_java == NULL ? "" : " and ", of_java == NULL ? "" : of_java);

    if (nss + java > 0)
        page_field(page, "not asked", more);
}

void text_measured(struct page *page, const struct report *r)
{
    const char *not_measured = presented_aside(r);
    own_free char *text =
        not_measured != NULL
            ? mem_printf("what depends on the host %s", not_measured)
            : mem_str("no mark: the image alone decides, the same in every context, with the "
                      "kernel's FIPS flag presented as 0 and as 1 to the processes that asked; " MARKS);

    page_field(page, "marks", text);
    if (not_measured != NULL)
        page_field(page, "", "no mark: the image alone decides; " MARKS);
    write_positive_control(page, r);
    write_overridden(page, r);
    page_field(page, "", "a presented flag does not change the kernel's own crypto, and makes no "
                         "validated configuration");
    write_ways(page, r);
    write_on_request(page, r);
}
