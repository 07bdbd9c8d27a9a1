/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"
#include "host/container.h"
#include "host/mounts.h"
#include "host/policy.h"
#include "host/truth.h"
#include "host/variables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define FLAG_FILE "/proc/sys/crypto/fips_enabled"

/* ---- the kernel's flag --------------------------------------------------------------------- */

static void flag_of_text(const char *text, size_t len, struct host *out)
{
    static const struct {
        const char *text;
        enum flag_state state;
    } rows[] = {{"1", FLAG_ON}, {"0", FLAG_OFF}};
    own_free char *clean = NULL;

    while (len > 0 && text[len - 1] == '\n')
        len--;
    clean = text_clean(text, len < 40 ? len : 40);
    out->flag = FLAG_UNREADABLE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (len == 1 && strcmp(clean, rows[i].text) == 0)
            out->flag = rows[i].state;
    out->flag_detail = out->flag == FLAG_UNREADABLE
                           ? mem_printf(FLAG_FILE " holds '%s', neither 0 nor 1", clean)
                           : mem_printf(FLAG_FILE " reads %s", clean);
}

static void read_flag(const struct root *root, struct host *out)
{
    own_buf struct buf text = {0};
    int rc = root_read(root, FLAG_FILE, 4096, &text);

    if (rc == 0) {
        flag_of_text(text.data, text.len, out);
    } else if (rc == -ENOENT && root_exists(root, "/proc/sys/kernel")) {
        out->flag = FLAG_ABSENT;
        out->flag_detail = mem_str("there is no " FLAG_FILE ": this kernel was built without "
                                   "CONFIG_CRYPTO_FIPS");
    } else if (rc == -ENOENT || rc == -ENOTDIR) {
        out->flag = FLAG_ABSENT;
        out->flag_detail = mem_str("/proc/sys is not mounted here: the kernel's flag cannot be "
                                   "seen, and NSS takes it for off");
    } else {
        out->flag = FLAG_UNREADABLE;
        out->flag_detail = mem_printf(FLAG_FILE ": %s", strerror(-rc));
    }
}

/* The flag is the kernel's own when the file is on a proc file system, and there at its own place:
 * runtimes mount parts of proc over themselves to make them read-only. */
static void read_overmount(const struct mounts *mounts, struct host *out)
{
    const struct mount *m = mounts_of(mounts, FLAG_FILE);
    own_free char *raw = NULL;
    const char *below;

    if (m == NULL || strncmp(m->point, "/proc", 5) != 0)
        return;
    below = m->point + 5; /* "" for proc itself */
    if (strcmp(m->type, "proc") == 0 && strcmp(m->from, *below == '\0' ? "/" : below) == 0)
        return;
    raw = mem_printf("%s of %s '%s' is mounted over %s", m->from, m->type, m->source, m->point);
    out->flag_overmount = text_clean(raw, strlen(raw));
}

/* The last fips= counts, as the kernel calls its handler for each. */
static void read_cmdline(const struct root *root, struct host *out)
{
    own_free char *line = root_line(root, "/proc/cmdline");
    char *rest = line, *word;

    while ((word = strsep(&rest, " ")) != NULL)
        if (strncmp(word, "fips=", 5) == 0) {
            free(out->cmdline_fips);
            out->cmdline_fips = mem_str(word + 5);
        }
}

/* ---- the operating system ------------------------------------------------------------------ */

/* The value of a shell-like assignment (os-release(5)): quotes of both kinds, backslashes. */
static char *unquote(const char *s, size_t len)
{
    own_buf struct buf out = {0};
    char quote = '\0';

    for (size_t i = 0; i < len; i++) {
        if (quote == '\0' && (s[i] == '"' || s[i] == '\''))
            quote = s[i];
        else if (quote != '\0' && s[i] == quote)
            quote = '\0';
        else if (s[i] == '\\' && quote != '\'' && i + 1 < len)
            buf_add(&out, &s[++i], 1);
        else
            buf_add(&out, &s[i], 1);
    }
    return text_clean(out.data == NULL ? "" : out.data, out.len);
}

static char *os_value(const char *text, const char *key)
{
    size_t key_len = strlen(key);

    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");

        if (len > key_len && strncmp(line, key, key_len) == 0 && line[key_len] == '=')
            return unquote(line + key_len + 1, len - key_len - 1);
        line += len + (line[len] == '\n');
    }
    return NULL;
}

static void read_os(const struct root *root, struct host *out)
{
    own_buf struct buf text = {0};
    own_free char *id = NULL, *version = NULL;

    if (root_read(root, "/etc/os-release", 65536, &text) < 0 &&
        root_read(root, "/usr/lib/os-release", 65536, &text) < 0)
        return;
    out->os = os_value(text.data, "PRETTY_NAME");
    id = os_value(text.data, "ID");
    version = os_value(text.data, "VERSION_ID");
    if (id != NULL)
        out->os_id = version == NULL ? mem_str(id) : mem_printf("%s:%s", id, version);
    if (out->os == NULL && out->os_id != NULL)
        out->os = mem_str(out->os_id);
}

static void read_live(const struct root *root, struct host *out)
{
    struct utsname u;

    out->uid = (uid_t)-1;
    if (!root->live)
        return;
    out->uid = getuid();
    if (uname(&u) == 0) {
        own_free char *raw = mem_printf("%s %s", u.sysname, u.release);

        out->kernel = text_clean(raw, strlen(raw));
        out->machine = text_clean(u.machine, strlen(u.machine));
    }
}

void host_read(const struct root *root, char *const *env, struct host *out)
{
    struct mounts mounts;

    *out = (struct host){0};
    mounts_read(root, &mounts);
    read_live(root, out);
    read_flag(root, out);
    read_overmount(&mounts, out);
    read_cmdline(root, out);
    truth_read(root, out);
    truth_from_host(root, &mounts, out);
    read_os(root, out);
    container_read(root, env, out);
    policy_read(root, &mounts, out);
    variables_read(env, out);
    mounts_free(&mounts);
}
