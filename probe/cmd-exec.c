/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd-exec.c: runs a command that sees another kernel FIPS flag, and tells who asked for it.
 */
#include "cmd.h"

#include "base/own.h"
#include "base/text.h"
#include "run/present.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

const struct cmd_option cmd_exec_options[] = {
    {"fips", 0, "0|1", "the value that the command and all that it starts shall see"},
    {"summary", 0, NULL, "tell on stderr at the end who asked for the flag"},
    {"output", 'o', "FILE", "write that there instead"},
    {"format", 0, "F", "of the summary: text (for people) or json (for programs)"},
    {NULL, 0, NULL, NULL},
};

struct settings {
    int flag;
    const char *command;
    bool gains; /* the command's file has rights of its own */
    bool summary, json;
    const char *output;
};

/* ---- the summary ----------------------------------------------------------------------------- */

static long long number_of(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static const char *plural(long long n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

static void write_library(const json_t *l, struct buf *out)
{
    bool names = json_is_true(json_object_get(l, "names_the_flag"));
    long long calls = number_of(l, "calls");

    buf_printf(out, "        %s (", json_string_value(json_object_get(l, "path")));
    if (names)
        buf_puts(out, "the path of the flag stands in it");
    if (calls > 0)
        buf_printf(out, "%snearest to the call %lld %s, by the stack", names ? "; " : "", calls,
                   plural(calls, "time", "times"));
    buf_puts(out, ")\n");
}

static void write_reader(const json_t *r, struct buf *out)
{
    long long opens = number_of(r, "opens"), looks = number_of(r, "looks"),
              processes = number_of(r, "processes");
    const json_t *l;
    size_t i;

    buf_printf(out, "    %s: ", json_string_value(json_object_get(r, "program")));
    if (opens > 0)
        buf_printf(out, "read %lld %lld %s", number_of(r, "value"), opens,
                   plural(opens, "time", "times"));
    if (looks > 0)
        buf_printf(out, "%slooked %lld %s whether it is there", opens > 0 ? ", " : "", looks,
                   plural(looks, "time", "times"));
    if (processes == 1)
        buf_printf(out, " (pid %lld)\n",
                   json_integer_value(json_array_get(json_object_get(r, "pids"), 0)));
    else
        buf_printf(out, " (%lld processes)\n", processes);
    json_array_foreach (json_object_get(r, "libraries"), i, l)
        write_library(l, out);
}

/* Why nothing is known, and what to do. */
static const char *not_known(const json_t *doc)
{
    const char *way = json_string_value(json_object_get(doc, "way"));

    if (way != NULL && strcmp(way, way_word(WAY_OUTER)) == 0)
        return "not known here: the fipsprobe exec around this one answers, and it alone sees who "
               "asks: give --summary to that one";
    return "not known: the value is in a file that is mounted there, and nobody sees who reads it; "
           "where user notification is allowed, it is seen";
}

/* What a person needs: the programs, and which of their libraries it was. */
static void summary_text(const json_t *doc, struct buf *out)
{
    const json_t *readers = json_object_get(doc, "readers"), *r;
    bool complete = json_is_true(json_object_get(doc, "complete"));
    size_t i;

    buf_printf(out, "fipsprobe: " PRESENT_PATH ", presented as %lld, was asked for by",
               number_of(doc, "presented"));
    if (json_array_size(readers) > 0)
        buf_puts(out, "\n");
    else
        buf_printf(out, "%s%s\n", complete ? " " : ": ", complete ? "nobody" : not_known(doc));
    json_array_foreach (readers, i, r)
        write_reader(r, out);
    if (!complete && json_array_size(readers) > 0)
        buf_puts(out, "    and others: only so many programs are kept\n");
}

/* The command has ended, and its status must not be lost for this: what cannot be written is said. */
static void on_summary(void *arg, const char *json)
{
    const struct settings *s = arg;
    own_json json_t *doc = json_loads(json, 0, NULL);
    own_buf struct buf out = {0};
    own_err struct err err = {0};

    if (s->json)
        buf_printf(&out, "%s\n", json);
    else
        summary_text(doc, &out);
    if (s->output == NULL)
        fputs(out.data, stderr);
    else if (cmd_write(&out, s->output, &err) < 0)
        fprintf(stderr, "fipsprobe: %s\n", err.msg);
}

/* Not silently: the command runs in a user namespace then. */
static void on_presented(void *arg, enum way way)
{
    (void)arg;
    if (way == WAY_MOUNT)
        fprintf(stderr, "fipsprobe: no listener is to be had here: the flag is presented by %s\n",
                way_text(way));
}

/* Once, of the command itself; what a program that it starts misses, that one must say. */
static void on_no_new_privs(void *arg)
{
    const struct settings *s = arg;
    own_free char *name = text_clean(s->command, strlen(s->command));

    if (s->gains)
        fprintf(stderr, "fipsprobe: '%s' runs without the rights of its file (set-user-ID or the "
                        "like): presenting takes no_new_privs from whoever is not root\n", name);
}

/* ---- rights of a file ------------------------------------------------------------------------ */

/* Set-user-ID, set-group-ID, or capabilities(7) of its own. */
static bool file_gains(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || access(path, X_OK) < 0)
        return false;
    return ((st.st_mode & S_ISUID) && st.st_uid != geteuid()) ||
           ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) && st.st_gid != getegid()) ||
           getxattr(path, "security.capability", NULL, 0) > 0;
}

/* As execvp(3) finds it. */
static bool command_gains(const char *command, char *const *env)
{
    const char *dirs = NULL;

    if (strchr(command, '/') != NULL)
        return file_gains(command);
    for (; *env != NULL && dirs == NULL; env++)
        if (strncmp(*env, "PATH=", 5) == 0)
            dirs = *env + 5;
    while (dirs != NULL) {
        size_t len = strcspn(dirs, ":");
        own_free char *path = len == 0 ? mem_printf("./%s", command)
                                       : mem_printf("%.*s/%s", (int)len, dirs, command);

        if (access(path, X_OK) == 0)
            return file_gains(path);
        dirs = dirs[len] == '\0' ? NULL : dirs + len + 1;
    }
    return false;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int set(struct settings *s, const struct cmd_option *option, const char *value,
               struct err *err)
{
    if (strcmp(option->name, "fips") == 0) {
        if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
            return cmd_bad_value(option, value, "0 or 1", err);
        s->flag = *value - '0';
        return 0;
    }
    s->summary = true;
    if (strcmp(option->name, "output") == 0) {
        s->output = value;
        if (*value == '\0')
            return cmd_bad_value(option, value, "a file's path", err);
    } else if (strcmp(option->name, "format") == 0) {
        s->json = strcmp(value, "json") == 0;
        if (!s->json && strcmp(value, "text") != 0)
            return cmd_bad_value(option, value, "'text' or 'json'", err);
    }
    return 0;
}

int cmd_exec(int argc, char **argv, char *const *env, struct err *err)
{
    const struct cmd *cmd = cmd_named("exec");
    const struct cmd_option *option;
    struct settings s = {.flag = -1};
    struct present_exec order = {.presented = on_presented, .no_new_privs = on_no_new_privs,
                                 .arg = &s};
    const char *value;
    int i = 1;

    while ((option = cmd_next(cmd, argc, argv, &i, &value, err)) != NULL)
        if (set(&s, option, value, err) < 0)
            return -1;
    if (err->kind != ERR_NONE)
        return -1;
    if (s.flag < 0)
        return err_set(err, ERR_USAGE, "exec needs --fips=0 or --fips=1");
    if (i >= argc)
        return err_set(err, ERR_USAGE, "exec needs a command: fipsprobe exec --fips=%d -- COMMAND",
                       s.flag);
    order.value = s.flag;
    order.argv = argv + i;
    s.command = argv[i];
    s.gains = command_gains(argv[i], env);
    if (s.summary)
        order.summary = on_summary;
    return present_exec(&order, err);
}
