/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd.h: the commands: options, wiring and exit status, nothing else. They and main are the only
 * ones that see argv and the environment, and that write to stdout and files.
 */
#ifndef CMD_H
#define CMD_H

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "model/catalogue.h"
#include "model/result.h"
#include "module/module.h"
#include "report/report.h"

/* Exit statuses of the program; errors map to them by err_exit_status. */
enum {
    EXIT_OK = 0,       /* it ran and nothing failed */
    EXIT_TOOL = 1,     /* the tool itself failed */
    EXIT_FINDINGS = 2, /* a module is damaged, an answer was wrong, something crashed */
    EXIT_BAD_INPUT = 3, /* usage or bad input */
};

/* One option of a command. The help text and the parser come from the same row. */
struct cmd_option {
    const char *name;  /* "java-home" for --java-home; NULL closes a table */
    char letter;       /* 0: none */
    const char *value; /* what the value is called in the help; NULL: a flag */
    const char *help;
};

struct cmd {
    const char *name;
    const char *synopsis; /* behind the name */
    const char *what;
    const struct cmd_option *options;
    int failed; /* exit status of any error; 0: by the error's kind */
    /* argv[0] is the command's name. Returns the exit status, or -1 with err set. */
    int (*run)(int argc, char **argv, char *const *env, struct err *err);
};

extern const struct cmd cmds[]; /* closed by a NULL name */

/* The row of cmds with this name, which is there. */
const struct cmd *cmd_named(const char *name);

extern const struct cmd_option cmd_run_options[], cmd_java_options[], cmd_exec_options[],
    cmd_list_options[], cmd_explain_options[], cmd_modules_options[],
    cmd_builds_options[];
int cmd_run(int argc, char **argv, char *const *env, struct err *err);
int cmd_java(int argc, char **argv, char *const *env, struct err *err);
int cmd_exec(int argc, char **argv, char *const *env, struct err *err);
int cmd_list(int argc, char **argv, char *const *env, struct err *err);
int cmd_explain(int argc, char **argv, char *const *env, struct err *err);
int cmd_builds(int argc, char **argv, char *const *env, struct err *err);
int cmd_modules(int argc, char **argv, char *const *env, struct err *err);

/* Steps through argv as getopt_long does, by the command's table. *i starts at 1. Returns the row
 * of the next option with *value set; NULL at the first operand, at the end, and on an error
 * (err set). "--" ends the options. */
const struct cmd_option *cmd_next(const struct cmd *cmd, int argc, char **argv, int *i,
                                  const char **value, struct err *err);

/* What one option changes in a command's settings. */
typedef int cmd_setter(void *settings, const struct cmd_option *option, const char *value,
                       struct err *err);

/* Every option by cmd_next, each given to set; operands behind them are refused. */
int cmd_options(const struct cmd *cmd, int argc, char **argv, cmd_setter *set, void *settings,
                struct err *err) must_check;

/* Refuses a value: always -1, with what the option takes instead. */
int cmd_bad_value(const struct cmd_option *option, const char *value, const char *expected,
                  struct err *err);

/* A whole number of the option's value, from 1 to max. */
int cmd_number(const struct cmd_option *option, const char *value, unsigned max, unsigned *out,
               struct err *err) must_check;

/* All at once to stdout (path NULL) or to a file: a regular file is replaced as a whole or not at
 * all. */
int cmd_write(const struct buf *out, const char *path, struct err *err) must_check;

/* The catalogue that is built in, or the one in the file at path. only: the patterns of the rows that
 * are wanted; where these are rows of Java alone, no others are loaded (n is 0: all are wanted). */
int cmd_catalogue(const char *path, const struct strings *only, struct catalogue *out,
                  struct err *err) must_check;

/* The diagnoses that are built in. */
int cmd_diagnoses(struct diagnoses *out, struct err *err) must_check;

/* The known builds that are built in, and those of the file at path beside them (NULL: none). */
int cmd_builds_table(const char *path, struct builds *out, struct err *err) must_check;

/* How text looks where it goes to: output, or the terminal. */
struct report_style cmd_style(const char *output, char *const *env);

#endif
