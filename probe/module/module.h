/* SPDX-License-Identifier: Apache-2.0
 *
 * module.h: facts of NSS's module files: digest, NSS's own check file (.chk), version, known
 * build. Reads files below a root and writes nothing; executes nothing of them.
 */
#ifndef MODULE_MODULE_H
#define MODULE_MODULE_H

#include "base/root.h"
#include "model/result.h"

/* data/builds.yaml */
struct build {
    char *name;    /* "Amazon Linux 2023 nss 3.90.0" */
    char *package, *version, *arch; /* arch as uname -m says it */
    char *file;    /* "libsoftokn3.so" */
    char *sha256;  /* NULL: no reference */
    char *build_id; /* GNU build id; NULL: not known */
    char *module_id;   /* NULL: not known */
    char *certificate; /* NULL: not known */
    char *source;  /* where the values were read */
};
struct builds {
    struct build *items;
    size_t n;
};
int builds_load(const char *name, const char *text, size_t len, struct builds *out,
                struct err *err) must_check;
/* The same beside what out holds already; on an error nothing is added. */
int builds_add(const char *name, const char *text, size_t len, struct builds *out,
               struct err *err) must_check;
/* Everything that is wrong with a table, one line each; the number of its rows. */
void builds_faults(const char *name, const char *text, size_t len, size_t *rows,
                   struct strings *faults);
#define BUILDS_MAX_BYTES (16u << 20)
void builds_free(struct builds *builds);

/* Is this file name one of NSS's modules (libsoftokn3.so ...)? */
bool module_is_one(const char *basename);

/* Everything about the file at path. What cannot be found out is said in out->problem,
 * chk_detail. dev and ino: of the file that was mapped (0, 0: not known); another file there now
 * sets changed. */
void module_examine(const struct root *root, const char *path, dev_t dev, ino_t ino,
                    const struct builds *builds, struct module_file *out);

/* The same from bytes, of what the file itself says: no check file, no known build. */
#define MODULE_MAX_BYTES (64u << 20) /* the greatest of NSS's has 1.4 MB */
void module_read(const char *path, const struct buf *bytes, struct module_file *out);

/* SHA-256 in hexadecimal; the caller frees. */
char *module_sha256(const void *data, size_t len);

#endif
