/* SPDX-License-Identifier: Apache-2.0 */
#include "host/container.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_BYTES 65536

struct signs {
    char *kind; /* the first that is known wins: the outermost is asked first */
    struct buf evidence;
};

static void add(struct signs *s, const char *kind, const char *evidence)
{
    if (s->kind == NULL && kind != NULL)
        s->kind = text_clean(kind, strlen(kind));
    if (s->evidence.len > 0)
        buf_puts(&s->evidence, "; ");
    {
        own_free char *clean = text_clean(evidence, strlen(evidence));

        buf_puts(&s->evidence, clean);
    }
}

static void ask_kubernetes(const struct root *root, char *const *env, struct signs *s)
{
    static const char *const paths[] = {"/run/secrets/kubernetes.io",
                                        "/var/run/secrets/kubernetes.io"};

    if (text_env(env, "KUBERNETES_SERVICE_HOST") != NULL)
        add(s, "kubernetes", "KUBERNETES_SERVICE_HOST is set");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (root_exists(root, paths[i])) {
            add(s, "kubernetes", paths[i]);
            return;
        }
}

/* Podman's and Buildah's file holds lines such as engine="podman-4.9.4"; CRI-O's is empty. */
static void ask_containerenv(const struct root *root, struct signs *s)
{
    own_buf struct buf text = {0};
    const char *engine;

    if (root_read(root, "/run/.containerenv", MAX_BYTES, &text) < 0)
        return;
    engine = strstr(text.data, "engine=\"");
    if (engine == NULL || (engine != text.data && engine[-1] != '\n')) {
        add(s, s->kind == NULL ? "podman" : NULL, "/run/.containerenv");
        return;
    }
    engine += strlen("engine=\"");
    {
        own_free char *name = mem_dup(engine, strcspn(engine, "\"\n"));
        own_free char *evidence = mem_printf("/run/.containerenv (%s)", name);
        own_free char *kind = mem_dup(name, strcspn(name, "-"));

        add(s, *kind == '\0' ? "podman" : kind, evidence);
    }
}

static void ask_dockerenv(const struct root *root, struct signs *s)
{
    if (root_exists(root, "/.dockerenv"))
        add(s, "docker", "/.dockerenv");
}

/* The variable "container" (systemd's container interface): "podman", "oci", "lxc",
 * "systemd-nspawn". Images set it too: Red Hat's say oci. */
static void add_variable(struct signs *s, const char *value, const char *where)
{
    own_free char *evidence = NULL;

    if (*value == '\0' || strlen(value) > 100)
        return;
    evidence = mem_printf("container=%s %s", value, where);
    add(s, strcmp(value, "oci") == 0 ? NULL : value, evidence);
}

static void ask_variable(const struct root *root, char *const *env, struct signs *s)
{
    own_buf struct buf environ_of_1 = {0};
    own_free char *systemd = root_line(root, "/run/systemd/container");
    const char *mine = text_env(env, "container");

    if (mine != NULL)
        add_variable(s, mine, "in the environment");
    if (systemd != NULL)
        add_variable(s, systemd, "in /run/systemd/container");
    if (mine != NULL || root_read(root, "/proc/1/environ", MAX_BYTES, &environ_of_1) < 0)
        return;
    for (size_t at = 0; at < environ_of_1.len; at += strlen(environ_of_1.data + at) + 1)
        if (strncmp(environ_of_1.data + at, "container=", 10) == 0)
            add_variable(s, environ_of_1.data + at + 10, "in the environment of process 1");
}

/* The control group's path names the runtime, where the cgroup namespace does not hide it. */
static void ask_cgroup(const struct root *root, struct signs *s)
{
    static const struct {
        const char *part, *kind;
    } rows[] = {{"kubepods", "kubernetes"}, {"/libpod-", "podman"}, {"/crio-", "kubernetes"},
                {"/docker", "docker"},      {"/lxc", "lxc"},        {"containerd", NULL}};
    own_buf struct buf text = {0};

    if (root_read(root, "/proc/self/cgroup", MAX_BYTES, &text) < 0)
        return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strstr(text.data, rows[i].part) != NULL) {
            own_free char *evidence = mem_printf("'%s' in /proc/self/cgroup", rows[i].part);

            add(s, rows[i].kind, evidence);
            return;
        }
}

void container_read(const struct root *root, char *const *env, struct host *out)
{
    struct signs s = {0};

    ask_kubernetes(root, env, &s);
    ask_containerenv(root, &s);
    ask_dockerenv(root, &s);
    ask_variable(root, env, &s);
    ask_cgroup(root, &s);
    if (s.evidence.len > 0) {
        out->container = s.kind == NULL ? mem_str("unknown kind") : s.kind;
        out->container_evidence = buf_steal(&s.evidence);
    }
    buf_free(&s.evidence);
}
