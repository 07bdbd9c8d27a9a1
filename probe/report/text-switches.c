/* SPDX-License-Identifier: Apache-2.0
 *
 * text-switches.c: who of NSS takes the host for a FIPS one, and by what.
 */
#include "report/text.h"

#include "base/own.h"
#include "judge/switches.h"

void text_switches(struct page *page, const struct report *report)
{
    __attribute__((cleanup(switches_free))) struct fips_switches switches = {0};

    switches_find(report, &switches);
    if (switches.n == 0)
        return;
    page_heading(page, "FIPS switches", "who takes the host for a FIPS one, and by what");
    for (size_t i = 0; i < switches.n; i++) {
        const struct fips_switch *s = &switches.items[i];
        own_free char *line = NULL;

        if (s->basis == SWITCH_BY_SOURCE && !page->style->all)
            continue;
        line = mem_printf("%s: %s (%s)", s->who, s->what,
                          s->basis == SWITCH_MEASURED  ? "measured"
                          : s->basis == SWITCH_BY_FILE ? "read in the file"
                                                       : "not measured");
        page_field(page, i == 0 ? "switches" : "", line);
        if (page->style->all && s->source != NULL)
            page_field(page, "", s->source);
    }
}
