/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd-modules.c: `modules`: the module files of this host or of an unpacked image, and nothing
 * executed.
 */
#include "cmd.h"

#include "base/own.h"
#include "base/root.h"
#include "base/text.h"
#include "host/host.h"
#include "judge/judge.h"
#include "module/collect.h"
#include "module/find.h"
#include "module/owner.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct settings {
    const char *root, *nss_dir, *output, *builds;
    bool json, all;
};

const struct cmd_option cmd_modules_options[] = {
    {"root", 0, "DIR", "an unpacked image of any architecture (default: this host)"},
    {"nss-dir", 0, "DIR", "only the NSS in this directory of this host"},
    {"builds", 0, "FILE", "known builds from this table too"},
    {"format", 0, "F", "text (for people) or json (for programs)"},
    {"all", 0, NULL, "text with everything that is known of each file"},
    {"output", 'o', "FILE", "write the report there instead of to stdout"},
    {NULL, 0, NULL, NULL},
};

static int apply(void *settings, const struct cmd_option *option, const char *value,
                 struct err *err)
{
    struct settings *s = settings;
    const struct {
        const char *name, *expected;
        const char **to;
    } texts[] = {{"root", "a directory", &s->root},
                 {"nss-dir", "a directory", &s->nss_dir},
                 {"builds", "a file's path", &s->builds},
                 {"output", "a file's path", &s->output}};

    if (strcmp(option->name, "all") == 0) {
        s->all = true;
        return 0;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].name, option->name) == 0) {
            *texts[i].to = value;
            return *value != '\0' ? 0 : cmd_bad_value(option, value, texts[i].expected, err);
        }
    s->json = strcmp(value, "json") == 0;
    return s->json || strcmp(value, "text") == 0
               ? 0
               : cmd_bad_value(option, value, "'text' or 'json'", err);
}

static bool excluded(const struct settings *s, struct err *err)
{
    if (s->root != NULL && s->nss_dir != NULL)
        err_set(err, ERR_USAGE, "--root and --nss-dir do not go together");
    return err->kind != ERR_NONE;
}

static unsigned long now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (unsigned long)ts.tv_sec * 1000 + (unsigned long)ts.tv_nsec / 1000000;
}

static void look(const struct root *root, const struct settings *s, const struct builds *builds,
                 char *const *env, struct report *report)
{
    char *no_env[] = {NULL};
    time_t now = time(NULL);
    unsigned long started = now_ms();
    char text[32];
    struct tm tm;

    if (gmtime_r(&now, &tm) != NULL && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
        report->started = mem_str(text);
    report->java_skipped = true;
    report->files_only = true;
    if (!root->live)
        report->image = text_clean(s->root, strlen(s->root));
    host_read(root, root->live ? env : no_env, &report->host);
    if (s->nss_dir != NULL)
        collect_modules(root, s->nss_dir, builds, report);
    else
        find_modules(root, text_env(env, "LD_LIBRARY_PATH"), builds, report);
    owner_find(root, report);
    report->wall_ms = now_ms() - started;
}

static int write_report(struct report *report, const struct settings *s, char *const *env,
                        struct err *err)
{
    struct report_style style = cmd_style(s->output, env);
    own_buf struct buf out = {0};

    style.all = s->all;
    if (s->json)
        report_json(report, REPORT_MODULES, &out);
    else
        report_text(report, REPORT_MODULES, &style, &out);
    return cmd_write(&out, s->output, err);
}

int cmd_modules(int argc, char **argv, char *const *env, struct err *err)
{
    struct settings s = {0};
    struct diagnoses diagnoses = {0};
    struct builds builds = {0};
    struct report report = {0};
    struct root root = {.fd = -1};
    int status = -1;

    if (cmd_options(cmd_named("modules"), argc, argv, apply, &s, err) == 0 &&
        !excluded(&s, err) && root_init(&root, s.root == NULL ? "/" : s.root, err) == 0 &&
        cmd_builds_table(s.builds, &builds, err) == 0 &&
        cmd_diagnoses(&diagnoses, err) == 0) {
        look(&root, &s, &builds, env, &report);
        judge_diagnose(&report, &diagnoses);
        judge_summary(&report);
        if (write_report(&report, &s, env, err) == 0)
            status = judge_exit_status(&report);
    }
    report_free(&report);
    diagnoses_free(&diagnoses);
    builds_free(&builds);
    root_free(&root);
    return status;
}
