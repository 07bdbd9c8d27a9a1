/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd.h"

#include "base/own.h"
#include "base/root.h"
#include "base/text.h"
#include "data/data.h"
#include "java-harness/java.h"
#include "softokn/softokn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const struct cmd *cmd_named(const char *name)
{
    const struct cmd *cmd = cmds;

    while (strcmp(cmd->name, name) != 0)
        cmd++;
    return cmd;
}

static const struct cmd_option *find_long(const struct cmd *cmd, const char *name, size_t len)
{
    for (const struct cmd_option *o = cmd->options; o->name != NULL; o++)
        if (strlen(o->name) == len && strncmp(o->name, name, len) == 0)
            return o;
    return NULL;
}

static const struct cmd_option *find_letter(const struct cmd *cmd, char letter)
{
    for (const struct cmd_option *o = cmd->options; o->name != NULL; o++)
        if (o->letter == letter && letter != 0)
            return o;
    return NULL;
}

static const struct cmd_option *refuse(const struct cmd *cmd, const char *arg, const char *what,
                                       struct err *err)
{
    own_free char *clean = text_clean(arg, strlen(arg));

    err_set(err, ERR_USAGE, "%s: %s '%s'; see 'fipsprobe %s --help'", cmd->name, what, clean,
            cmd->name);
    return NULL;
}

const struct cmd_option *cmd_next(const struct cmd *cmd, int argc, char **argv, int *i,
                                  const char **value, struct err *err)
{
    const struct cmd_option *o;
    const char *arg = *i < argc ? argv[*i] : NULL, *attached = NULL;

    *value = NULL;
    if (arg == NULL || arg[0] != '-' || arg[1] == '\0')
        return NULL;
    if (strcmp(arg, "--") == 0) {
        (*i)++;
        return NULL;
    }
    if (arg[1] == '-') {
        size_t len = strcspn(arg + 2, "=");

        o = find_long(cmd, arg + 2, len);
        if (arg[2 + len] == '=')
            attached = arg + 2 + len + 1;
    } else {
        o = find_letter(cmd, arg[1]);
        if (arg[2] != '\0')
            attached = arg + 2;
    }
    if (o == NULL)
        return refuse(cmd, arg, "there is no option", err);
    (*i)++;
    if (o->value == NULL) {
        if (attached != NULL)
            return refuse(cmd, arg, "no value is taken by", err);
        return o;
    }
    if (attached == NULL && *i < argc)
        attached = argv[(*i)++];
    if (attached == NULL)
        return refuse(cmd, arg, "a value is missing behind", err);
    *value = attached;
    return o;
}

int cmd_options(const struct cmd *cmd, int argc, char **argv, cmd_setter *set, void *settings,
                struct err *err)
{
    const struct cmd_option *option;
    const char *value;
    int i = 1;

    while ((option = cmd_next(cmd, argc, argv, &i, &value, err)) != NULL)
        if (set(settings, option, value, err) < 0)
            return -1;
    if (err->kind != ERR_NONE)
        return -1;
    if (i < argc)
        refuse(cmd, argv[i], "there is no use for", err);
    return err->kind == ERR_NONE ? 0 : -1;
}

int cmd_bad_value(const struct cmd_option *option, const char *value, const char *expected,
                  struct err *err)
{
    own_free char *clean = text_clean(value, strlen(value));

    return err_set(err, ERR_USAGE, "--%s takes %s, not '%s'", option->name, expected, clean);
}

int cmd_number(const struct cmd_option *option, const char *value, unsigned max, unsigned *out,
               struct err *err)
{
    size_t digits = strspn(value, "0123456789");
    unsigned long n = digits > 0 && digits <= 9 && value[digits] == '\0' ? strtoul(value, NULL, 10)
                                                                         : 0;

    if (n < 1 || n > max) {
        own_free char *expected = mem_printf("a whole number from 1 to %u", max);

        return cmd_bad_value(option, value, expected, err);
    }
    *out = (unsigned)n;
    return 0;
}

static int write_all(int fd, const struct buf *out)
{
    for (size_t done = 0; done < out->len;) {
        ssize_t n = write(fd, out->data + done, out->len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        done += (size_t)n;
    }
    return 0;
}

/* Into a file beside it first, so that a reader never sees half a report. */
static int replace_file(const struct buf *out, const char *path, const char *clean,
                        struct err *err)
{
    own_free char *beside = mem_printf("%s.XXXXXX", path);
    mode_t mask = umask(0);
    own_fd int fd = -1;
    int rc;

    umask(mask);
    fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, ERR_TOOL, errno, "cannot write '%s'", clean);
    rc = write_all(fd, out);
    if (rc == 0 && fchmod(fd, 0666 & ~mask) < 0)
        rc = -errno;
    if (rc == 0 && rename(beside, path) < 0)
        rc = -errno;
    if (rc < 0) {
        unlink(beside);
        return err_errno(err, ERR_TOOL, -rc, "cannot write '%s'", clean);
    }
    return 0;
}

int cmd_write(const struct buf *out, const char *path, struct err *err)
{
    own_free char *clean = path == NULL ? NULL : text_clean(path, strlen(path));
    struct stat st;
    own_fd int fd = -1;
    int rc;

    if (path == NULL) {
        rc = write_all(STDOUT_FILENO, out);
        return rc == 0 ? 0 : err_errno(err, ERR_TOOL, -rc, "cannot write to the standard output");
    }
    if (lstat(path, &st) < 0 || S_ISREG(st.st_mode))
        return replace_file(out, path, clean, err);
    fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY); /* a device, a FIFO, a link */
    rc = fd < 0 ? -errno : write_all(fd, out);
    return rc == 0 ? 0 : err_errno(err, ERR_TOOL, -rc, "cannot write '%s'", clean);
}

/* The whole file a user named, what it is called in the message. */
static int read_given(const char *what, const char *path, const char *clean, size_t max,
                      struct buf *out, struct err *err)
{
    struct root root = {.fd = -1, .live = true};
    int rc = root_read(&root, path, max, out);

    if (rc == -EINVAL)
        return err_set(err, ERR_INPUT, "cannot read the %s '%s': it is no regular file", what,
                       clean);
    if (rc < 0)
        return err_errno(err, ERR_INPUT, -rc, "cannot read the %s '%s'", what, clean);
    return 0;
}

static const struct catalogue_rules rules = {
    .pkcs11_ops = softokn_ops,
    .jca_ops = java_ops,
    .check_pkcs11 = softokn_check,
    .check_jca = java_check,
};

static int load_built_in(const struct buf *excerpt, struct catalogue *out, struct err *err)
{
    struct catalogue_rules part = rules;

    part.partial = excerpt != NULL;
    return catalogue_load("catalogue.yaml (built in)",
                          excerpt != NULL ? excerpt->data : (const char *)data_catalogue,
                          excerpt != NULL ? excerpt->len : data_catalogue_len, &part, out, err);
}

/* Loading four hundred rows takes as long as a sixth of a JVM's start. With NSS's doors they are
 * needed: what a token lists and no row asks is told from all of them. */
static int load_excerpt(const struct strings *only, struct catalogue *out, struct err *err)
{
    own_buf struct buf text = {0};

    catalogue_excerpt((const char *)data_catalogue, data_catalogue_len, only, &text);
    if (load_built_in(&text, out, err) < 0)
        return -1;
    for (size_t i = 0; i < out->n; i++)
        if (out->items[i].pkcs11.n > 0 && strcmp(out->items[i].id, PROBE_OPEN) != 0) {
            catalogue_free(out);
            return load_built_in(NULL, out, err);
        }
    return 0;
}

int cmd_catalogue(const char *path, const struct strings *only, struct catalogue *out,
                  struct err *err)
{
    own_free char *clean = NULL;
    own_buf struct buf text = {0};

    if (path == NULL)
        return only->n > 0 ? load_excerpt(only, out, err) : load_built_in(NULL, out, err);
    clean = text_clean(path, strlen(path));
    if (read_given("catalogue", path, clean, 16u << 20, &text, err) < 0)
        return -1;
    return catalogue_load(clean, text.data, text.len, &rules, out, err);
}

int cmd_diagnoses(struct diagnoses *out, struct err *err)
{
    return diagnoses_load("diagnoses.yaml (built in)", (const char *)data_diagnoses,
                          data_diagnoses_len, out, err);
}

int cmd_builds_table(const char *path, struct builds *out, struct err *err)
{
    own_free char *clean = NULL;
    own_buf struct buf text = {0};

    if (builds_load("builds.yaml (built in)", (const char *)data_builds, data_builds_len, out,
                    err) < 0)
        return -1;
    if (path == NULL)
        return 0;
    clean = text_clean(path, strlen(path));
    if (read_given("table of builds", path, clean, BUILDS_MAX_BYTES, &text, err) < 0)
        return -1;
    return builds_add(clean, text.data, text.len, out, err);
}
