/* SPDX-License-Identifier: Apache-2.0
 *
 * wire-child.h: what the runner's own code in the child does with the wire beside wire.h, and the
 * limits that both sides keep. One record is one JSON object on a line, its type under "r":
 *
 *     {"r":"begin","i":3}
 *     {"r":"step","call":"C_EncryptInit"}
 *     {"r":"answer","i":3,"result":"done","listed":"yes","check":"known-answer",
 *      "indicator":"ok","key_indicator":"none","validation":"none","key_validation":"none",
 *      "step":...,"code":...,"detail":...,"provider":...,"answer":...}
 *                                             the last five only where there is something to say
 *     {"r":"fact","key":"version","value":"3.87"}
 *     {"r":"control","control":"working"}
 *     {"r":"mapped","path":"/usr/lib/libx.so","dev":65024,"ino":17,"deleted":false}
 *     {"r":"again"}
 *     {"r":"end"}
 */
#ifndef RUN_WIRE_CHILD_H
#define RUN_WIRE_CHILD_H

#include "run/wire.h"

#include <sys/stat.h>

#define WIRE_MAX_LINE 1048576u   /* bytes of a record with its newline */
#define WIRE_MAX_TOTAL 16777216u /* bytes from one child */
#define WIRE_MAX_WORD 512u       /* bytes of a name: call, code, provider, key */
#define WIRE_MAX_TEXT 16384u     /* bytes of any other string */
#define WIRE_MAX_DEPTH 8         /* of arrays and objects in a fact */
#define WIRE_MAX_MAPPED 4096u    /* files of one child */

struct wire {
    int fd;
    struct stat identity; /* of the pipe, to know it again */
};

void wire_open(struct wire *wire, int fd);
void wire_mapped(struct wire *wire); /* the shared objects that this process has mapped */
void wire_end(struct wire *wire);

#endif
