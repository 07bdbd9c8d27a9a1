/* SPDX-License-Identifier: Apache-2.0
 *
 * look.h: finding one's way in a report. Pure functions; what is not there is NULL or false.
 */
#ifndef JUDGE_LOOK_H
#define JUDGE_LOOK_H

#include "model/result.h"

/* One door of one JDK (-1 for the doors of NSS). */
struct place {
    enum door door;
    int jdk;
};

const struct group *look_group(const struct report *report, struct place at, enum context context);
const struct observation *look_observation(const struct report *report, const char *probe,
                                           struct place at, enum context context);
const struct dependence_row *look_dependence(const struct report *report,
                                             const struct probe *probe, struct place at);
/* Was the door asked, and did it open? */
bool look_opened(const struct report *report, struct place at, enum context context);
/* A fact of the group: NULL where it was not told. look_fact_true: -1 for that. */
const char *look_fact(const struct report *report, struct place at, enum context context,
                      const char *key);
int look_fact_true(const struct report *report, struct place at, enum context context,
                   const char *key);
/* The control of the group; false where the door did not open, so that it means nothing. */
bool look_control(const struct report *report, struct place at, enum context context,
                  enum control *out);

/* Does NSS's own indicator say the contrary of PKCS#11 3.2's validation flags, of the operation or
 * of its key? Asked of a module whose indicators mean something. */
bool look_contradicts(const struct report *report, const struct observation *observation);

/* The name of the n-th provider that was listed, NULL behind the last. */
const char *look_provider(const struct report *report, int jdk, enum context context, size_t n);

/* The doors, in order, that something was asked at: at most room of them into out. */
size_t look_places(const struct report *report, struct place *out, size_t room);
/* "softokn-fips", "java 17.0.15" (the JDK's version as far as it is known). The caller frees. */
char *look_place_name(const struct report *report, struct place at);

/* "3.90" and "3.90.0" are one version: less than, equal to or greater than 0. What is no number
 * counts as 0. */
int look_version_order(const char *a, const char *b);

/* The libraries of NSS that a JVM had mapped, in order of their names: one per file. The path, what
 * became of it as a module file (NULL: it was not examined). out has room for LOOK_MAPPED. */
#define LOOK_MAPPED 16
struct look_mapped {
    const struct mapped *mapped;
    const struct module_file *module;
};
size_t look_nss_mapped(const struct report *report, struct place at, enum context context,
                       struct look_mapped *out);

/* Where the file name starts in a path. */
const char *look_basename(const char *path);

#endif
