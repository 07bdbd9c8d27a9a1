/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd-exec.c: runs a command that sees another kernel FIPS flag.
 */
#include "cmd.h"

#include "base/own.h"
#include "base/text.h"
#include "run/present.h"

#include <string.h>

const struct cmd_option cmd_exec_options[] = {
    {"fips", 0, "0|1", "the value that the command and all that it starts shall see"},
    {NULL, 0, NULL, NULL},
};

int cmd_exec(int argc, char **argv, char *const *env, struct err *err)
{
    const struct cmd *cmd = cmds;
    const struct cmd_option *option;
    const char *value;
    int i = 1, flag = -1;

    (void)env;
    while (strcmp(cmd->name, "exec") != 0)
        cmd++;
    while ((option = cmd_next(cmd, argc, argv, &i, &value, err)) != NULL) {
        if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0) {
            own_free char *clean = text_clean(value, strlen(value));

            return err_set(err, ERR_USAGE, "--fips takes 0 or 1, not '%s'", clean);
        }
        flag = *value - '0';
    }
    if (err->kind != ERR_NONE)
        return -1;
    if (flag < 0)
        return err_set(err, ERR_USAGE, "exec needs --fips=0 or --fips=1");
    if (i >= argc)
        return err_set(err, ERR_USAGE, "exec needs a command: fipsprobe exec --fips=%d -- COMMAND",
                       flag);
    return present_exec(flag, argv + i, err);
}
