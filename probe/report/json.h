/* SPDX-License-Identifier: Apache-2.0
 *
 * json.h: inside report only. Parts of the JSON document that are made elsewhere than in json.c.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/report.h"

/* "mechanism_lists": each distinct list of each door; its rows are the fact "mechanism_info" of the
 * door's groups in those contexts. */
json_t *json_lists(const struct report *report);

/* "switches": who takes the host for a FIPS one, and by what. */
json_t *json_switches(const struct report *report);

#endif
