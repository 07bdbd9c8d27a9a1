/* SPDX-License-Identifier: Apache-2.0
 *
 * present-memory.h: the memory of another process, read and written.
 */
#ifndef RUN_PRESENT_MEMORY_H
#define RUN_PRESENT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* At most len bytes (16 KiB), up to the first page that is not there; the count, or -1 with errno. */
ssize_t present_memory(pid_t pid, uint64_t address, void *p, size_t len, bool write);

#endif
