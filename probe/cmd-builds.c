/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd-builds.c: `builds record` and `builds check`: tables of known builds.
 */
#include "cmd.h"

#include "base/own.h"
#include "base/root.h"
#include "base/text.h"
#include "host/host.h"
#include "module/find.h"
#include "module/owner.h"
#include "module/package.h"
#include "module/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct settings {
    const char *root, *name, *output;
};

const struct cmd_option cmd_builds_options[] = {
    {"root", 0, "DIR", "record: an installation there (default: this host's)"},
    {"name", 0, "TEXT", "record: what stands before the package's name, 'RHEL 9.2'"},
    {"output", 'o', "FILE", "record: write there instead of to stdout"},
    {NULL, 0, NULL, NULL},
};

/* Into out, once it is known that the rows load. */
static int finish(struct buf *rows, const struct settings *s, struct err *err)
{
    own_buf struct buf out = {0};
    struct builds check = {0};
    int rc;

    if (rows->len == 0)
        return err_set(err, ERR_INPUT, "there is no module of NSS to record");
    if (builds_load("the rows that were recorded", rows->data, rows->len, &check, err) < 0)
        return -1;
    builds_free(&check);
    buf_puts(&out, "# Known builds, recorded by fipsprobe.\n\n");
    buf_add(&out, rows->data, rows->len - 1); /* without the empty line at the end */
    rc = cmd_write(&out, s->output, err);
    return rc < 0 ? rc : EXIT_OK;
}

static int record_package(const char *path, const struct settings *s, struct buf *rows,
                          struct err *err)
{
    own_package struct package p = {0};
    own_free struct module_file **list = NULL;
    own_free char *source = NULL, *clean = NULL;
    const char *slash = strrchr(path, '/'), *base = slash == NULL ? path : slash + 1;
    struct record record = {.name = s->name};

    if (package_read(path, &p, err) < 0)
        return -1;
    clean = text_clean(base, strlen(base));
    source = mem_printf("files of %s (SHA-256 %s)", clean, p.sha256);
    record.package = p.name;
    record.version = p.version;
    record.source = source;
    list = mem_zero(p.modules.n, sizeof *list);
    for (size_t i = 0; i < p.modules.n; i++)
        list[i] = &p.modules.items[i];
    if (record_rows(&record, list, p.modules.n, rows) == 0)
        return err_set(err, ERR_INPUT, "'%s': its modules are no ELF files", clean);
    return 0;
}

/* "libnss3 2:3.87.1-1 (amd64)", or the file's own "nss 3.90.0-6.amzn2023.0.1". */
static const char *package_of(const struct module_file *m)
{
    return m->owner != NULL ? m->owner : m->package_note;
}

static void split(const char *owner, char **package, char **version)
{
    size_t n = owner == NULL ? 0 : strcspn(owner, " ");
    const char *rest = owner == NULL || owner[n] == '\0' ? NULL : owner + n + 1;

    *package = owner == NULL ? mem_str("unknown") : mem_dup(owner, n);
    *version = rest == NULL ? mem_str("unknown") : mem_dup(rest, strcspn(rest, " "));
}

static bool same_package(const struct module_file *a, const struct module_file *b)
{
    const char *x = package_of(a), *y = package_of(b);

    return x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);
}

static void record_packages(const struct report *report, const char *source,
                            const struct settings *s, struct buf *rows)
{
    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];
        own_free struct module_file **list = mem_zero(report->modules.n, sizeof *list);
        own_free char *package = NULL, *version = NULL;
        struct record record = {.name = s->name, .source = source};
        bool done = m->other_copy || m->sha256 == NULL;
        size_t n = 0;

        for (size_t k = 0; k < i && !done; k++)
            done = !report->modules.items[k].other_copy && report->modules.items[k].sha256 != NULL &&
                   same_package(&report->modules.items[k], m);
        if (done)
            continue;
        for (size_t k = i; k < report->modules.n; k++)
            if (!report->modules.items[k].other_copy && same_package(&report->modules.items[k], m))
                list[n++] = &report->modules.items[k];
        split(package_of(m), &package, &version);
        record.package = package;
        record.version = version;
        record_rows(&record, list, n, rows);
    }
}

/* A damaged installation is no reference. */
static int check_intact(const struct report *report, struct err *err)
{
    for (size_t i = 0; i < report->modules.n; i++) {
        const struct module_file *m = &report->modules.items[i];

        if (!m->other_copy && (chk_state_is_damage(m->chk) || m->problem != NULL))
            return err_set(err, ERR_INPUT, "'%s' is not recorded: %s", m->path,
                           m->problem != NULL      ? m->problem
                           : m->chk_detail != NULL ? m->chk_detail
                                                   : chk_state_word(m->chk));
    }
    return 0;
}

static int record_root(const struct settings *s, char *const *env, struct buf *rows,
                       struct err *err)
{
    const char *dir = s->root == NULL ? "/" : s->root;
    own_free char *source = NULL, *clean = text_clean(dir, strlen(dir));
    char *no_env[] = {NULL};
    struct report report = {0};
    struct root root = {.fd = -1};
    struct builds none = {0};
    time_t now = time(NULL);
    char date[32] = "";
    struct tm tm;
    int rc = root_init(&root, dir, err);

    if (rc == 0) {
        if (gmtime_r(&now, &tm) != NULL)
            strftime(date, sizeof date, "%Y-%m-%d", &tm);
        host_read(&root, no_env, &report.host);
        find_modules(&root, root.live ? text_env(env, "LD_LIBRARY_PATH") : NULL, &none, &report);
        owner_find(&root, &report);
        source = mem_printf("an installation of %s, recorded on %s",
                            report.host.os == NULL ? clean : report.host.os, date);
        rc = check_intact(&report, err);
        if (rc == 0)
            record_packages(&report, source, s, rows);
    }
    report_free(&report);
    root_free(&root);
    return rc;
}

static int record(const struct settings *s, int n, char **files, char *const *env, struct err *err)
{
    own_buf struct buf rows = {0};

    if (n > 0 && s->root != NULL)
        return err_set(err, ERR_USAGE, "builds record takes --root or package files, not both");
    if (n == 0 && record_root(s, env, &rows, err) < 0)
        return -1;
    for (int i = 0; i < n; i++)
        if (record_package(files[i], s, &rows, err) < 0)
            return -1;
    return finish(&rows, s, err);
}

static int check(const char *path, struct err *err)
{
    own_free char *clean = text_clean(path, strlen(path));
    own_buf struct buf text = {0}, out = {0};
    struct root root = {.fd = -1, .live = true};
    struct strings faults = {0};
    size_t rows = 0;
    int rc = root_read(&root, path, BUILDS_MAX_BYTES, &text);

    if (rc < 0)
        return err_errno(err, ERR_INPUT, -rc, "cannot read '%s'", clean);
    builds_faults(clean, text.data, text.len, &rows, &faults);
    for (size_t i = 0; i < faults.n; i++)
        fprintf(stderr, "fipsprobe: %s\n", faults.items[i]);
    rc = (int)faults.n;
    strings_free(&faults);
    if (rc > 0)
        return EXIT_BAD_INPUT;
    buf_printf(&out, "%s: %zu build%s, nothing wrong\n", clean, rows, rows == 1 ? "" : "s");
    return cmd_write(&out, NULL, err);
}

int cmd_builds(int argc, char **argv, char *const *env, struct err *err)
{
    const struct cmd_option *option;
    struct settings s = {0};
    const char *value, *what = argc > 1 ? argv[1] : "";
    bool records = strcmp(what, "record") == 0;
    int i = 2;

    if (!records && strcmp(what, "check") != 0)
        return err_set(err, ERR_USAGE, "builds takes 'record' or 'check'; see 'fipsprobe builds "
                                       "--help'");
    while ((option = cmd_next(cmd_named("builds"), argc, argv, &i, &value, err)) != NULL) {
        const char **to = strcmp(option->name, "root") == 0   ? &s.root
                          : strcmp(option->name, "name") == 0 ? &s.name
                                                              : &s.output;

        if (!records || *value == '\0')
            return err_set(err, ERR_USAGE, "builds %s takes no such --%s", what, option->name);
        *to = value;
    }
    if (err->kind != ERR_NONE)
        return -1;
    if (records)
        return record(&s, argc - i, argv + i, env, err);
    if (argc - i != 1)
        return err_set(err, ERR_USAGE, "builds check takes one table of builds");
    return check(argv[i], err);
}
