/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz.h: what a fuzz target is: bytes of any kind in, no crash, no hang, no leak.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
