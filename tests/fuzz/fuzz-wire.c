/* SPDX-License-Identifier: Apache-2.0
 *
 * What a child writes to its parent: however the bytes come in pieces, the same is believed.
 */
#include "fuzz.h"

#include "run/wire-parent.h"

#include <stdlib.h>

#define N 4

/* The number of records that were believed; *bad: then came what was not of the agreed form. */
static unsigned long feed(const uint8_t *data, size_t size, size_t step, bool *bad)
{
    static const bool ask[N] = {true, false, true, true};
    struct wire_reader reader;
    unsigned long n = 0;
    int rc = 0;

    wire_reader_init(&reader, N, ask);
    for (size_t at = 0; at < size && rc >= 0; at += step) {
        wire_reader_add(&reader, data + at, step < size - at ? step : size - at);
        for (;;) {
            own_record struct record record;

            rc = wire_reader_next(&reader, &record);
            if (rc <= 0)
                break;
            if (record.type >= RECORD_MAX || (record.type == RECORD_ANSWER && record.index >= N))
                abort();
            n++;
        }
    }
    if (rc >= 0)
        rc = wire_reader_finish(&reader);
    *bad = rc < 0;
    if (*bad && reader.problem == NULL)
        abort();
    wire_reader_free(&reader);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool bad, bad_in_pieces;
    unsigned long whole = feed(data, size, size + 1, &bad);

    if (feed(data, size, 7, &bad_in_pieces) != whole || bad != bad_in_pieces)
        abort();
    return 0;
}
