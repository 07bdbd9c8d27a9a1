/* SPDX-License-Identifier: Apache-2.0
 *
 * data.h: the files that are embedded in the program. Each has a NUL behind its last byte, which
 * its length does not count.
 */
#ifndef DATA_DATA_H
#define DATA_DATA_H

#include <stddef.h>

#define DATA_FILE(name)                                                                            \
    extern const unsigned char name[];                                                             \
    extern const size_t name##_len;

DATA_FILE(data_catalogue) /* catalogue.yaml */
DATA_FILE(data_builds)    /* builds.yaml */
DATA_FILE(data_diagnoses) /* diagnoses.yaml */
/* The compiled classes of java-harness. */
DATA_FILE(data_java)
DATA_FILE(data_java_secret)
DATA_FILE(data_java_lost)
DATA_FILE(data_java_pair)
DATA_FILE(data_java_agree)
DATA_FILE(data_java_derive)
DATA_FILE(data_java_store)
DATA_FILE(data_java_tls)
DATA_FILE(data_java_tls_keys)

#endif
