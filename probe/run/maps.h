/* SPDX-License-Identifier: Apache-2.0
 *
 * maps.h: the shared objects that a process has mapped. Reads /proc/self/maps, nothing else.
 */
#ifndef RUN_MAPS_H
#define RUN_MAPS_H

#include "model/result.h"

struct maps {
    struct mapped *items;
    size_t n;
};

/* Adds the files that this process has mapped to execute, each once, without its own program.
 * Without /proc there are none. */
void maps_self(struct maps *maps);
/* The same for one text of the form of /proc/PID/maps (proc(5)). */
void maps_parse(char *text, struct maps *maps);
/* Adds one file unless it is there already; the path is copied. */
void maps_add(struct maps *maps, const char *path, dev_t dev, ino_t ino, bool deleted);
void maps_free(struct maps *maps);

#endif
