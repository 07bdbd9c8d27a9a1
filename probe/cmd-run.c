/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd-run.c: `run` and `java`: a survey and its report.
 */
#include "cmd.h"

#include "base/own.h"
#include "base/text.h"
#include "judge/judge.h"
#include "report/report.h"
#include "survey.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct settings {
    struct survey_options survey;
    unsigned parts;
    bool json, all;
    const char *output, *catalogue, *builds;
};

/* One setter per option; a row of the table names it. */
typedef int setter(struct settings *s, const struct cmd_option *option, const char *value,
                   struct err *err);

static int set_format(struct settings *s, const struct cmd_option *option, const char *value,
                      struct err *err)
{
    if (strcmp(value, "json") != 0 && strcmp(value, "text") != 0)
        return cmd_bad_value(option, value, "'text' or 'json'", err);
    s->json = strcmp(value, "json") == 0;
    return 0;
}

static int set_all(struct settings *s, const struct cmd_option *option, const char *value,
                   struct err *err)
{
    (void)option, (void)value, (void)err;
    s->all = true;
    return 0;
}

static int set_output(struct settings *s, const struct cmd_option *option, const char *value,
                      struct err *err)
{
    if (*value == '\0')
        return cmd_bad_value(option, value, "a file's path", err);
    s->output = value;
    return 0;
}

static int set_nss_dir(struct settings *s, const struct cmd_option *option, const char *value,
                       struct err *err)
{
    if (access(value, X_OK) < 0)
        return err_errno(err, ERR_INPUT, errno, "--%s '%s'", option->name, value);
    s->survey.nss_dir = value;
    return 0;
}

static int add_java_home(struct settings *s, const struct cmd_option *option, const char *value,
                         struct err *err)
{
    if (*value == '\0')
        return cmd_bad_value(option, value, "a directory", err);
    strings_add(&s->survey.java_homes, value);
    return 0;
}

static int set_all_jdks(struct settings *s, const struct cmd_option *option, const char *value,
                        struct err *err)
{
    (void)option, (void)value, (void)err;
    s->survey.all_jdks = true;
    s->survey.first_jdk = false;
    return 0;
}

static int set_first_jdk(struct settings *s, const struct cmd_option *option, const char *value,
                         struct err *err)
{
    (void)option, (void)value, (void)err;
    s->survey.all_jdks = false;
    s->survey.first_jdk = true;
    return 0;
}

static int set_no_java(struct settings *s, const struct cmd_option *option, const char *value,
                       struct err *err)
{
    (void)option, (void)value, (void)err;
    s->survey.java = false;
    s->parts &= ~(unsigned)REPORT_JAVA;
    return 0;
}

static int add_only(struct settings *s, const struct cmd_option *option, const char *value,
                    struct err *err)
{
    (void)option, (void)err;
    strings_add(&s->survey.only, value);
    return 0;
}

static int set_timeout(struct settings *s, const struct cmd_option *option, const char *value,
                       struct err *err)
{
    return cmd_number(option, value, 3600, &s->survey.timeout_s, err);
}

static int set_contexts(struct settings *s, const struct cmd_option *option, const char *value,
                        struct err *err)
{
    own_free char *list = mem_str(value);
    char *rest = NULL;

    memset(s->survey.contexts, 0, sizeof s->survey.contexts);
    for (char *word = strtok_r(list, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        enum context context;

        if (context_parse(word, &context) < 0)
            return cmd_bad_value(option, value, "a list of as-is, kernel-off, kernel-on, "
                                                    "env-nss-fips, env-no-nss-fips and jvm-options", err);
        s->survey.contexts[context] = true;
    }
    s->survey.contexts[CONTEXT_AS_IS] = true;
    return 0;
}

static int set_catalogue(struct settings *s, const struct cmd_option *option, const char *value,
                         struct err *err)
{
    (void)option, (void)err;
    s->catalogue = value;
    return 0;
}

static int set_builds(struct settings *s, const struct cmd_option *option, const char *value,
                      struct err *err)
{
    (void)option, (void)err;
    s->builds = value;
    return 0;
}

#define OPTION_FORMAT {"format", 0, "F", "text (for people) or json (for programs)"}
#define OPTION_ALL {"all", 0, NULL, "text with everything: a line a row, all lists"}
#define OPTION_OUTPUT {"output", 'o', "FILE", "write the report there instead of to stdout"}
#define OPTION_JAVA_HOME {"java-home", 0, "DIR", "ask the JDK there (repeatable)"}
#define OPTION_ALL_JDKS                                                                            \
    {"all-jdks", 0, NULL, "with --java-home: ask all others that are found, too"}
#define OPTION_FIRST_JDK                                                                           \
    {"first-jdk", 0, NULL, "ask only the JDK of JAVA_HOME, or of the java on PATH"}
#define OPTION_ONLY {"only", 0, "PATTERN", "only probes whose id matches: 'cipher.*' (repeatable)"}
#define OPTION_CONTEXTS                                                                            \
    {"contexts", 0, "LIST", "only these contexts: as-is,kernel-off,kernel-on,env-nss-fips ..."}
#define OPTION_TIMEOUT {"timeout", 0, "SECONDS", "for each probe (default 10)"}
#define OPTION_CATALOGUE {"catalogue", 0, "FILE", "probes from there instead of the built-in ones"}

const struct cmd_option cmd_run_options[] = {
    OPTION_FORMAT,
    OPTION_ALL,
    OPTION_OUTPUT,
    {"nss-dir", 0, "DIR", "all of NSS from this directory"},
    OPTION_JAVA_HOME,
    OPTION_ALL_JDKS,
    OPTION_FIRST_JDK,
    {"no-java", 0, NULL, "leave Java out"},
    OPTION_ONLY,
    OPTION_CONTEXTS,
    OPTION_TIMEOUT,
    OPTION_CATALOGUE,
    {"builds", 0, "FILE", "known builds of this table beside the built-in ones"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_option cmd_java_options[] = {
    OPTION_FORMAT,    OPTION_ALL,       OPTION_OUTPUT, OPTION_JAVA_HOME,
    OPTION_ALL_JDKS,  OPTION_FIRST_JDK, OPTION_ONLY,   OPTION_CONTEXTS,
    OPTION_TIMEOUT,   OPTION_CATALOGUE, {NULL, 0, NULL, NULL},
};

static const struct {
    const char *option;
    setter *set;
} setters[] = {
    {"all", set_all},
    {"format", set_format},       {"output", set_output},     {"nss-dir", set_nss_dir},
    {"java-home", add_java_home}, {"all-jdks", set_all_jdks}, {"no-java", set_no_java},
    {"first-jdk", set_first_jdk},
    {"only", add_only},           {"contexts", set_contexts}, {"timeout", set_timeout},
    {"catalogue", set_catalogue}, {"builds", set_builds},
};

static int apply(void *settings, const struct cmd_option *option, const char *value,
                 struct err *err)
{
    for (size_t i = 0; i < sizeof setters / sizeof *setters; i++)
        if (strcmp(setters[i].option, option->name) == 0)
            return setters[i].set(settings, option, value, err);
    abort(); /* a row of an option table without a setter; the unit of both is this file */
}

struct report_style cmd_style(const char *output, char *const *env)
{
    struct report_style style = {.width = 100};
    struct winsize size;
    const char *no_colour = text_env(env, "NO_COLOR"), *term = text_env(env, "TERM");

    if (output != NULL || !isatty(STDOUT_FILENO))
        return style;
    /* https://no-color.org: any value that is not empty */
    style.colour = (no_colour == NULL || *no_colour == '\0') && term != NULL &&
                   strcmp(term, "dumb") != 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 60)
        style.width = size.ws_col > 160 ? 160 : size.ws_col;
    return style;
}

/* A line that stands on the terminal while it waits, and is gone before the report. */
static void progress(const char *text)
{
    if (isatty(STDERR_FILENO) && write(STDERR_FILENO, text, strlen(text)) < 0)
        return; /* nothing depends on it */
}

static int survey_and_report(struct settings *s, char *const *env, struct err *err)
{
    struct catalogue catalogue = {0};
    struct diagnoses diagnoses = {0};
    struct report report = {0};
    struct builds builds = {0};
    own_buf struct buf out = {0};
    int status = -1;

    s->survey.builds = &builds;
    if (cmd_catalogue(s->catalogue, &s->survey.only, &catalogue, err) == 0 &&
        cmd_builds_table(s->builds, &builds, err) == 0 &&
        cmd_diagnoses(&diagnoses, err) == 0) {
        int rc;

        progress("fipsprobe: probing ...");
        rc = survey(&s->survey, &catalogue, &diagnoses, env, &report, err);
        progress("\r\033[K");
        if (rc == 0) {
            struct report_style style = cmd_style(s->output, env);

            style.all = s->all;
            if (s->json)
                report_json(&report, s->parts, &out);
            else
                report_text(&report, s->parts, &style, &out);
            if (cmd_write(&out, s->output, err) == 0)
                status = judge_exit_status(&report);
        }
    }
    report_free(&report);
    builds_free(&builds);
    diagnoses_free(&diagnoses);
    catalogue_free(&catalogue);
    return status;
}

static int run(const struct cmd *cmd, struct settings *s, int argc, char **argv, char *const *env,
               struct err *err)
{
    int status;

    for (int c = 0; c < CONTEXT_MAX; c++)
        s->survey.contexts[c] = true;
    s->survey.timeout_s = 10;
    status = cmd_options(cmd, argc, argv, apply, s, err);
    if (status == 0)
        status = survey_and_report(s, env, err);
    strings_free(&s->survey.java_homes);
    strings_free(&s->survey.only);
    return status;
}

int cmd_run(int argc, char **argv, char *const *env, struct err *err)
{
    struct settings s = {.survey = {.nss = true, .java = true}, .parts = REPORT_ALL};

    return run(cmd_named("run"), &s, argc, argv, env, err);
}

int cmd_java(int argc, char **argv, char *const *env, struct err *err)
{
    struct settings s = {.survey = {.java = true}, .parts = REPORT_JAVA | REPORT_MODULES};

    return run(cmd_named("java"), &s, argc, argv, env, err);
}
