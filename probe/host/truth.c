/* SPDX-License-Identifier: Apache-2.0 */
#include "host/truth.h"

#include "base/own.h"
#include "base/text.h"
#include "host/alg.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

#define CRYPTO "/proc/sys/crypto"
#define FLAG_FILE CRYPTO "/fips_enabled"
#define MAX_ALGORITHMS ((size_t)4 << 20)

static void add(struct host *out, char *line)
{
    strings_add(&out->flag_evidence, line);
    free(line);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* Whatever answers in the kernel's place, a mount or a supervisor, hands out another file. */
static void look_at_file(const struct root *root, struct host *out)
{
    static const struct {
        long magic;
        const char *name;
    } systems[] = {{TMPFS_MAGIC, "a file in memory"}, {OVERLAYFS_SUPER_MAGIC, "a file of overlayfs"},
                   {PIPEFS_MAGIC, "a pipe"}};
    const char *name = NULL;
    struct statfs fs;
    own_fd int fd = -1;

    if (!root->live)
        return;
    fd = root_open(root, FLAG_FILE, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstatfs(fd, &fs) < 0)
        return;
    if (fs.f_type == PROC_SUPER_MAGIC) {
        add(out, mem_str("what is opened is a file of procfs"));
        return;
    }
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
        if (systems[i].magic == (long)fs.f_type)
            name = systems[i].name;
    out->flag_presented = name != NULL ? mem_str(name)
                                       : mem_printf("a file of the file system 0x%lx",
                                                    (unsigned long)fs.f_type);
}

/* ---- what the kernel says elsewhere ------------------------------------------------------------ */

/* Since Linux 5.18 (crypto/fips.c): there where the kernel can do FIPS mode, whatever the flag. */
static void look_at_names(const struct root *root, struct host *out)
{
    own_free char *name = root_line(root, CRYPTO "/fips_name");
    own_free char *version = root_line(root, CRYPTO "/fips_version");

    if (name != NULL)
        add(out, mem_printf("the kernel's FIPS module calls itself '%s'%s%s", name,
                            version == NULL ? "" : ", version ", version == NULL ? "" : version));
}

/* A kernel in FIPS mode writes a line "fips" for each algorithm (crypto/proc.c, c_show; seen on
 * 6.12, and not on 6.1). None of them tells nothing. Returns how many there are. */
static size_t algorithms_with_mark(const struct root *root, size_t *all)
{
    own_buf struct buf text = {0};
    size_t marked = 0;

    *all = 0;
    if (root_read(root, "/proc/crypto", MAX_ALGORITHMS, &text) < 0)
        return 0;
    for (const char *line = text.data; *line != '\0';) {
        *all += strncmp(line, "name ", 5) == 0;
        marked += strncmp(line, "fips ", 5) == 0;
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return marked;
}

/* What its crypto API refuses, where a question changes nothing. */
static bool is_contradicted_by_api(const struct root *root, struct host *out)
{
    struct alg_question question;
    enum alg_answer answer;
    char *line = NULL;

    if (!root->live)
        return false;
    alg_choose(root, &question);
    answer = alg_ask(&question, &line);
    alg_clear(&question);
    add(out, line);
    return answer == (out->flag == FLAG_ON ? ALG_GIVEN : ALG_REFUSED);
}

/* Does what the kernel says elsewhere contradict the flag? */
static bool is_contradicted(const struct root *root, struct host *out)
{
    bool on = out->flag == FLAG_ON, contradicted = false;
    size_t all, marked = algorithms_with_mark(root, &all);

    if (marked > 0) {
        add(out, mem_printf("%zu of %zu entries of /proc/crypto are marked for FIPS, which a kernel "
                            "does in FIPS mode only", marked, all));
        contradicted = !on;
    }
    if (out->cmdline_fips != NULL) {
        bool asked_on = strcmp(out->cmdline_fips, "1") == 0;

        add(out, mem_printf("the kernel was started with fips=%s", out->cmdline_fips));
        contradicted = contradicted || (asked_on && !on) ||
                       (on && strcmp(out->cmdline_fips, "0") == 0);
    }
    return is_contradicted_by_api(root, out) || contradicted;
}

/* Before the kernel's words are weighed against the flag it must be the kernel's flag: one that
 * somebody presents differs from them by intent. */
void truth_read(const struct root *root, struct host *out)
{
    bool contradicted;

    if (out->flag_overmount == NULL)
        look_at_file(root, out);
    look_at_names(root, out);
    contradicted = is_contradicted(root, out);
    if (out->flag_overmount != NULL || out->flag_presented != NULL)
        out->flag_truth = TRUTH_PRESENTED;
    else if (out->flag == FLAG_UNREADABLE)
        out->flag_truth = TRUTH_UNKNOWN;
    else if (contradicted)
        out->flag_truth = TRUTH_CONTRADICTORY;
    else if (out->flag != FLAG_ABSENT)
        out->flag_truth = TRUTH_KERNEL;
    else
        out->flag_truth = root_exists(root, "/proc/sys/kernel") ? TRUTH_KERNEL : TRUTH_UNKNOWN;
}

/* ---- what follows from the host ---------------------------------------------------------------- */

/* containers/common, pkg/subscriptions (addFIPSModeSubscription): what podman and CRI-O put into a
 * container on a host in FIPS mode. */
void truth_from_host(const struct root *root, const struct mounts *mounts, struct host *out)
{
    static const char *const paths[] = {
        "/etc/system-fips",
        "/run/secrets/system-fips",
        "/etc/crypto-policies",
        "/etc/crypto-policies/config",
        "/etc/crypto-policies/state",
        "/etc/crypto-policies/state/current",
        "/etc/crypto-policies/back-ends",
        "/etc/crypto-policies/back-ends/nss.config",
        "/etc/crypto-policies/back-ends/java.config",
        "/etc/crypto-policies/back-ends/openssl.config",
    };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct mount *m = mounts_of(mounts, paths[i]);
        own_free char *raw = NULL, *clean = NULL;

        if (m != NULL && strcmp(m->point, paths[i]) == 0)
            raw = mem_printf("%s: mounted over (%s of %s '%s')", paths[i], m->from, m->type,
                             m->source);
        else if (strcmp(paths[i], "/run/secrets/system-fips") == 0 && root_exists(root, paths[i]))
            raw = mem_printf("%s: put there by the container engine", paths[i]);
        if (raw == NULL)
            continue;
        clean = text_clean(raw, strlen(raw));
        strings_add(&out->from_host, clean);
    }
}
