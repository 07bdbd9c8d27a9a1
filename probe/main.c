/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "base/own.h"
#include "base/text.h"
#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

const struct cmd cmds[] = {
    {"run", "[OPTION]...", "probe this host and print the report (what happens without a command)",
     cmd_run_options, 0, cmd_run},
    {"java", "[OPTION]...", "the JDKs only", cmd_java_options, 0, cmd_java},
    {"exec", "--fips=0|1 -- COMMAND [ARG]...", "run a command as if the kernel's FIPS flag were 0 or 1",
     cmd_exec_options, 125, cmd_exec},
    {"modules", "[OPTION]...", "module files only, of this host or of an unpacked image",
     cmd_modules_options, 0, cmd_modules},
    {"builds", "record [OPTION]... [FILE.deb|FILE.rpm]... | check FILE",
     "record known builds, or check a table of them", cmd_builds_options, 0, cmd_builds},
    {"list", "", "the probes and the findings", cmd_list_options, 0, cmd_list},
    {"explain", "ID", "a probe, a finding or an outcome in full", cmd_explain_options, 0, cmd_explain},
    {NULL, NULL, NULL, NULL, 0, NULL},
};

static const char statuses[] =
    "Exit status: 0 it ran and nothing failed; 1 fipsprobe itself failed; 2 a module is damaged,\n"
    "an answer was wrong or something crashed; 3 usage or bad input. exec returns the command's\n"
    "own status, 125 when fipsprobe failed, 126 and 127 as env(1) does.\n";

static void help(struct buf *out)
{
    buf_puts(out, "fipsprobe tells what the NSS/Java FIPS stack of this host or container really "
                  "does,\nand which of the results depend on the host's FIPS mode.\n\n");
    for (const struct cmd *c = cmds; c->name != NULL; c++)
        buf_printf(out, "  fipsprobe %-8s %s\n", c->name, c->what);
    buf_puts(out, "\n'fipsprobe COMMAND --help' lists a command's options; 'fipsprobe --version' "
                  "tells the version.\n\n");
    buf_puts(out, statuses);
}

static void help_cmd(const struct cmd *cmd, struct buf *out)
{
    buf_printf(out, "usage: fipsprobe %s %s\n%s\n\n", cmd->name, cmd->synopsis, cmd->what);
    for (const struct cmd_option *o = cmd->options; o->name != NULL; o++) {
        own_free char *name = o->letter != 0 ? mem_printf("-%c, --%s", o->letter, o->name)
                                             : mem_printf("--%s", o->name);
        own_free char *both =
            o->value != NULL ? mem_printf("%s %s", name, o->value) : mem_str(name);

        buf_printf(out, "  %-22s %s\n", both, o->help);
    }
    buf_printf(out, "\n%s", statuses);
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

/* With a standard descriptor closed, the next one opened would take its place and get what was
 * meant for it. A closed stdout stays an error: writing to a descriptor that is only for reading
 * fails with the same EBADF. */
static int keep_standard_descriptors(struct err *err)
{
    for (int fd = 0; fd <= 2; fd++) {
        int got;

        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        got = open("/", O_PATH);
        if (got != fd)
            return err_errno(err, ERR_TOOL, errno, "descriptor %d is closed and cannot be filled",
                             fd);
    }
    return 0;
}

static int dispatch(int argc, char **argv, char *const *env, int *failed, struct err *err)
{
    static char run_name[] = "run";
    own_buf struct buf out = {0};
    const struct cmd *cmd = cmds;

    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        buf_puts(&out, PACKAGE_STRING "\n");
    else if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        help(&out);
    if (out.len > 0)
        return cmd_write(&out, NULL, err);
    if (argc < 2 || argv[1][0] == '-') { /* no command: run, with these options */
        argv[0] = run_name;
    } else {
        while (cmd->name != NULL && strcmp(cmd->name, argv[1]) != 0)
            cmd++;
        if (cmd->name == NULL) {
            own_free char *clean = text_clean(argv[1], strlen(argv[1]));

            return err_set(err, ERR_USAGE, "there is no command '%s'; see 'fipsprobe --help'", clean);
        }
        argc--;
        argv++;
    }
    *failed = cmd->failed;
    if (wants_help(argc, argv)) {
        help_cmd(cmd, &out);
        return cmd_write(&out, NULL, err);
    }
    /* Under a limit for the size of files, writing fails and is reported, instead of killing; the
     * command of exec gets the signal as it was. */
    if (cmd->run != cmd_exec)
        signal(SIGXFSZ, SIG_IGN);
    return cmd->run(argc, argv, env, err);
}

int main(int argc, char **argv, char **env)
{
    own_err struct err err = {0};
    int status = -1, failed = 0;

    if (getauxval(AT_SECURE) != 0) /* softokn's secure getenv would then differ from a user's */
        err_set(&err, ERR_USAGE, "refusing to run with raised privileges (setuid, file capabilities)");
    else if (keep_standard_descriptors(&err) == 0)
        status = dispatch(argc, argv, env, &failed, &err);
    if (err.kind != ERR_NONE) { /* with its own status, as exec's 126 and 127, or without */
        own_free char *clean = text_clean(err.msg, strlen(err.msg));

        fprintf(stderr, "fipsprobe: %s\n", clean);
    }
    if (status < 0)
        status = failed != 0 ? failed : err_exit_status(&err);
    return status;
}
