/* SPDX-License-Identifier: Apache-2.0
 *
 * catalogue.h: the probes, one row of data/catalogue.yaml each. Reads memory, touches nothing.
 *
 *     - id: digest.sha-256            never changes: service.algorithm[.variant]
 *       title: SHA-256                for people
 *       vector: { ... }               what both doors may use: message, key, iv, answer, source ...
 *       pkcs11: { op: digest, ... }   how softokn-fips, softokn-default and nss ask it
 *       jca: { op: digest, ... }      how Java asks it
 *       standard: { ... }             what standards say of the algorithm: reference, status, source
 *                                     and perhaps condition; never an outcome, which a module's
 *                                     indicator alone decides
 *
 * The operations and their parameters are those of the doors: softokn/ops.h, java-harness/java.h.
 */
#ifndef MODEL_CATALOGUE_H
#define MODEL_CATALOGUE_H

#include "base/buf.h"
#include "base/mem.h"
#include "model/params.h"
#include "model/words.h"

struct probe {
    char *id, *title;
    size_t line;
    struct params vector, pkcs11, jca; /* a door's n is 0 where the row has no such part */
    struct params standard;            /* n is 0: the row says nothing */
    struct params unasked;             /* n is 0: the row is asked; else it says what is not, and why */
    const struct op *pkcs11_op, *jca_op; /* of the tables given to catalogue_load; NULL: no part */
};

struct catalogue {
    struct probe *items; /* in the order of the file */
    size_t n;
};

/* The doors' own knowledge, handed in so that the model needs none of it. A part whose table is
 * NULL is read and not checked. check_pkcs11 and check_jca may be NULL; they look at what a table
 * cannot say (names of constants ...). */
struct catalogue_rules {
    bool partial; /* an excerpt, see catalogue_excerpt */
    const struct op *pkcs11_ops, *jca_ops;
    int (*check_pkcs11)(const struct spec *spec, const struct op *op, struct err *err);
    int (*check_jca)(const struct spec *spec, const struct op *op, struct err *err);
};

int catalogue_load(const char *name, const char *text, size_t len,
                   const struct catalogue_rules *rules, struct catalogue *out,
                   struct err *err) must_check;
void catalogue_free(struct catalogue *catalogue);

/* Appends to out the rows of a catalogue's text whose ids match one of the patterns, and the row
 * that opens a door. Rows are told by their first line, "- id: ID" in the first column: every row of
 * the built-in catalogue begins so, a user's file may be any other form of YAML. Of a part of a
 * catalogue catalogue_load is asked with partial: what rows say of rows that are not there is not
 * looked at. */
void catalogue_excerpt(const char *text, size_t len, const struct strings *patterns,
                       struct buf *out);

const struct probe *catalogue_find(const struct catalogue *catalogue, const char *id);
bool probe_at(const struct probe *probe, enum door door); /* is it asked at this door? */
/* Is it so costly that it is asked only where a pattern selects it? */
bool probe_on_request(const struct probe *probe, enum door door);
/* Why no row asks a mechanism ("CKM_..."); NULL: no row says so. */
const char *catalogue_unasked(const struct catalogue *catalogue, const char *mechanism);
struct spec probe_spec(const struct probe *probe, enum door door);

/* The row that asks whether a door opens at all; each door that has rows must have it. It is the
 * first of every group, whatever was selected. */
#define PROBE_OPEN "door.open"

#endif
