/* SPDX-License-Identifier: Apache-2.0
 *
 * order.h: the order in which a child asks at any door of NSS: the door is opened, then the probes
 * come one by one. Touches nothing but the wire.
 */
#ifndef SOFTOKN_ORDER_H
#define SOFTOKN_ORDER_H

#include "run/run.h"

struct order {
    /* fills the evidence of PROBE_OPEN; false: nothing can be asked */
    bool (*open)(void *door, const struct child *child, struct wire *wire,
                 struct evidence *evidence);
    void (*ask)(void *door, const struct spec *spec, struct evidence *evidence);
};

void order_run(const struct order *order, void *door, const struct child *child, struct wire *wire);

#endif
