/* SPDX-License-Identifier: Apache-2.0
 *
 * wire.h: how a child tells its parent what it sees, one JSON object a line on a pipe.
 *
 * The child's side is what the rooms that run in children use. All of it is safe to call whatever
 * the examined library did to stdio; a write that fails ends the child. Strings are cleaned here
 * (text.h), so callers hand on what the library gave. Touches: one descriptor.
 */
#ifndef RUN_WIRE_H
#define RUN_WIRE_H

#include "model/result.h"

struct wire; /* of one child */

/* Probe `index` of the task is about to be asked: from here on a crash or hang is its own. */
void wire_begin(struct wire *wire, size_t index);
/* The call that comes next ("C_EncryptInit"), so that a crash can be placed. Optional. */
void wire_step(struct wire *wire, const char *call);
/* The answer of the probe that was begun; evidence stays the caller's. */
void wire_answer(struct wire *wire, size_t index, const struct evidence *evidence);
/* A fact of the whole group, see struct group.facts; takes over value. The last one for a key
 * counts. */
void wire_fact(struct wire *wire, const char *key, json_t *value);
void wire_fact_str(struct wire *wire, const char *key, const char *value); /* NULL: no record */
void wire_control(struct wire *wire, enum control control);
/* What is left of the group shall be asked in a fresh child; the child returns after this. */
void wire_again(struct wire *wire);

#endif
