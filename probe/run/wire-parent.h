/* SPDX-License-Identifier: Apache-2.0
 *
 * wire-parent.h: the parent's side of the wire: turns the bytes of one child into typed records,
 * and believes none that is not of the agreed form and in the agreed order. Touches: memory only.
 */
#ifndef RUN_WIRE_PARENT_H
#define RUN_WIRE_PARENT_H

#include "base/buf.h"
#include "run/wire-child.h"

enum record_type {
    RECORD_BEGIN,
    RECORD_STEP,
    RECORD_ANSWER,
    RECORD_FACT,
    RECORD_CONTROL,
    RECORD_MAPPED,
    RECORD_AGAIN,
    RECORD_END,
    RECORD_MAX
};

struct record {
    enum record_type type;
    size_t index;             /* begin, answer */
    char *text;               /* step: the call; fact: the key */
    struct evidence evidence; /* answer */
    json_t *value;            /* fact */
    enum control control;     /* control */
    struct mapped mapped;     /* mapped */
};
void record_free(struct record *record);
#define own_record __attribute__((cleanup(record_free)))

#define NO_PROBE ((size_t)-1)

struct wire_reader {
    size_t n_probes;
    const bool *ask;  /* of n_probes; the caller's */
    bool *answered;   /* of n_probes: by this child */
    size_t n_answered, n_mapped;
    size_t begun;     /* the probe that was begun and not answered, or NO_PROBE */
    char *step;       /* the last call since the last begin or answer; NULL: none */
    bool again, ended;
    char *problem;    /* not NULL: what was not of the agreed form; nothing is read any more */
    struct buf buf;
    size_t at;        /* where in buf the next record begins */
    size_t scanned;   /* bytes from there known to hold no newline */
    size_t total;
    size_t n_values;  /* in all facts */
};

void wire_reader_init(struct wire_reader *reader, size_t n_probes, const bool *ask);
void wire_reader_free(struct wire_reader *reader);

void wire_reader_add(struct wire_reader *reader, const void *p, size_t len);
/* 1: the next record is in out (release it); 0: none is complete; -1: see problem. */
int wire_reader_next(struct wire_reader *reader, struct record *out) must_check;
/* After the last byte: -1 where it stopped within a record. */
int wire_reader_finish(struct wire_reader *reader) must_check;

#endif
