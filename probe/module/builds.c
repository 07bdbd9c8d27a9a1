/* SPDX-License-Identifier: Apache-2.0 */
#include "module/module.h"

#include "base/mem.h"
#include "base/own.h"
#include "model/ytree.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A row of data/builds.yaml is one build of a package: these keys, and "files" with the digest of
 * each file, or the word "none" where the digest is not known; "build-ids" may hold the GNU build id
 * of each. */
static const struct {
    const char *key;
    size_t offset;
    bool required;
} fields[] = {
    {"name", offsetof(struct build, name), true},
    {"package", offsetof(struct build, package), true},
    {"version", offsetof(struct build, version), true},
    {"arch", offsetof(struct build, arch), true},
    {"module_id", offsetof(struct build, module_id), false},
    {"certificate", offsetof(struct build, certificate), false},
    {"source", offsetof(struct build, source), true},
};
#define N_FIELDS (sizeof fields / sizeof *fields)
#define NO_DIGEST "none"

static char **field_of(struct build *build, size_t i)
{
    return (char **)((char *)build + fields[i].offset);
}

static void build_free(struct build *build)
{
    for (size_t i = 0; i < N_FIELDS; i++)
        free(*field_of(build, i));
    free(build->file);
    free(build->sha256);
    free(build->build_id);
    *build = (struct build){0};
}

static bool is_digest(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static bool is_build_id(const char *text)
{
    size_t len = strlen(text);

    return len >= 16 && len <= 128 && strspn(text, "0123456789abcdef") == len;
}

static int load_fields(const char *name, const struct ytree_node *row, struct build *out,
                       struct err *err)
{
    for (size_t k = 0; k + 1 < row->n; k += 2) {
        const struct ytree_node *key = &row->items[k], *value = &row->items[k + 1];
        size_t i;

        if (strcmp(key->text, "files") == 0 || strcmp(key->text, "build-ids") == 0)
            continue;
        for (i = 0; i < N_FIELDS && strcmp(fields[i].key, key->text) != 0; i++)
            ;
        if (i == N_FIELDS)
            return ytree_error(name, key, err, "a build has no '%s'", key->text);
        if (value->kind != YTREE_SCALAR || *value->text == '\0')
            return ytree_error(name, value, err, "'%s' takes one word or text", key->text);
        *field_of(out, i) = mem_str(value->text);
    }
    for (size_t i = 0; i < N_FIELDS; i++)
        if (fields[i].required && *field_of(out, i) == NULL)
            return ytree_error(name, row, err, "a build needs '%s'", fields[i].key);
    return 0;
}

static int load_file(const char *name, const struct ytree_node *file,
                     const struct ytree_node *digest, struct build *common,
                     struct builds *out, struct err *err)
{
    struct build *build;
    bool none;

    if (!module_is_one(file->text))
        return ytree_error(name, file, err, "'%s' is none of NSS's modules", file->text);
    if (digest->kind != YTREE_SCALAR)
        return ytree_error(name, digest, err, "the SHA-256 of '%s' is expected", file->text);
    none = strcmp(digest->text, NO_DIGEST) == 0;
    if (!none && !is_digest(digest->text))
        return ytree_error(name, digest, err,
                           "'%s' is no SHA-256 (64 hexadecimal digits in lower case) and not '%s'",
                           digest->text, NO_DIGEST);
    build = mem_push(out);
    for (size_t i = 0; i < N_FIELDS; i++)
        *field_of(build, i) = mem_str(*field_of(common, i));
    build->file = mem_str(file->text);
    build->sha256 = none ? NULL : mem_str(digest->text);
    return 0;
}

/* The build ids go to the files of the same row, which are items first to the last. */
static int load_build_ids(const char *name, const struct ytree_node *ids, struct builds *out,
                          size_t first, struct err *err)
{
    if (ids->kind != YTREE_MAP)
        return ytree_error(name, ids, err, "'build-ids' takes the build id of each file");
    for (size_t k = 0; k + 1 < ids->n; k += 2) {
        const struct ytree_node *file = &ids->items[k], *id = &ids->items[k + 1];
        size_t i = first;

        while (i < out->n && strcmp(out->items[i].file, file->text) != 0)
            i++;
        if (i == out->n)
            return ytree_error(name, file, err, "'%s' is not among this build's files", file->text);
        if (id->kind != YTREE_SCALAR || !is_build_id(id->text))
            return ytree_error(name, id, err,
                               "the build id of '%s' in hexadecimal digits is expected", file->text);
        out->items[i].build_id = mem_str(id->text);
    }
    return 0;
}

static int load_row(const char *name, const struct ytree_node *row, struct builds *out,
                    struct err *err)
{
    const struct ytree_node *files = ytree_get(row, "files"), *ids = ytree_get(row, "build-ids");
    struct build common = {0};
    size_t first = out->n;
    int rc = 0;

    if (row->kind != YTREE_MAP)
        return ytree_error(name, row, err, "a build ('- name: ...') is expected");
    if (files == NULL || files->kind != YTREE_MAP || files->n == 0)
        return ytree_error(name, row, err, "a build needs 'files': a SHA-256, or '%s', for each",
                           NO_DIGEST);
    rc = load_fields(name, row, &common, err);
    for (size_t i = 0; rc == 0 && i + 1 < files->n; i += 2)
        rc = load_file(name, &files->items[i], &files->items[i + 1], &common, out, err);
    if (rc == 0 && ids != NULL)
        rc = load_build_ids(name, ids, out, first, err);
    build_free(&common);
    return rc;
}

int builds_add(const char *name, const char *text, size_t len, struct builds *out, struct err *err)
{
    own_ytree struct ytree_node doc = {0};
    size_t before = out->n;

    if (ytree_parse(name, text, len, &doc, err) < 0)
        return -1;
    if (doc.kind != YTREE_LIST)
        return ytree_error(name, &doc, err, "a list of builds ('- name: ...') is expected");
    for (size_t i = 0; i < doc.n; i++)
        if (load_row(name, &doc.items[i], out, err) < 0) {
            while (out->n > before)
                build_free(&out->items[--out->n]);
            return -1;
        }
    return 0;
}

/* The same file of the same build with two digests: one of them is wrong. */
static void find_contradictions(const char *name, const struct builds *builds,
                                struct strings *faults)
{
    for (size_t i = 1; i < builds->n; i++)
        for (size_t k = 0; k < i; k++) {
            const struct build *a = &builds->items[k], *b = &builds->items[i];

            if (a->sha256 != NULL && b->sha256 != NULL && strcmp(a->package, b->package) == 0 &&
                strcmp(a->version, b->version) == 0 && strcmp(a->arch, b->arch) == 0 &&
                strcmp(a->file, b->file) == 0 && strcmp(a->sha256, b->sha256) != 0) {
                own_free char *line = mem_printf("%s: two digests for '%s' of %s %s (%s)", name,
                                                 a->file, a->package, a->version, a->arch);

                strings_add(faults, line);
            }
        }
}

void builds_faults(const char *name, const char *text, size_t len, size_t *rows,
                   struct strings *faults)
{
    own_ytree struct ytree_node doc = {0};
    own_err struct err err = {0};
    struct builds builds = {0};

    *rows = 0;
    if (ytree_parse(name, text, len, &doc, &err) < 0 ||
        (doc.kind != YTREE_LIST &&
         ytree_error(name, &doc, &err, "a list of builds ('- name: ...') is expected") < 0)) {
        strings_add(faults, err.msg);
        return;
    }
    *rows = doc.n;
    for (size_t i = 0; i < doc.n; i++) {
        own_err struct err row_err = {0};

        if (load_row(name, &doc.items[i], &builds, &row_err) < 0)
            strings_add(faults, row_err.msg);
    }
    find_contradictions(name, &builds, faults);
    builds_free(&builds);
}

int builds_load(const char *name, const char *text, size_t len, struct builds *out, struct err *err)
{
    *out = (struct builds){0};
    if (builds_add(name, text, len, out, err) < 0) {
        builds_free(out);
        return -1;
    }
    return 0;
}

void builds_free(struct builds *builds)
{
    for (size_t i = 0; i < builds->n; i++)
        build_free(&builds->items[i]);
    free(builds->items);
    *builds = (struct builds){0};
}
