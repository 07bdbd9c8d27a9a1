/* SPDX-License-Identifier: Apache-2.0 */
#include "host/policy.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define POLICIES "/etc/crypto-policies"
#define NSS_BACK_END POLICIES "/back-ends/nss.config"

/* The first line that is neither empty nor a comment; NULL: there is no such file or line. */
static char *first_line(const struct root *root, const char *path)
{
    own_buf struct buf text = {0};

    if (root_read(root, path, 65536, &text) < 0)
        return NULL;
    for (const char *line = text.data; *line != '\0';) {
        size_t len = strcspn(line, "\n"), blank = strspn(line, " \t\r");
        size_t used = len;

        while (used > blank && strchr(" \t\r", line[used - 1]) != NULL)
            used--;
        if (used > blank && line[blank] != '#')
            return text_clean(line + blank, used - blank);
        line += len + (line[len] == '\n');
    }
    return NULL;
}

static void add(struct buf *detail, const char *text)
{
    if (detail->len > 0)
        buf_puts(detail, "; ");
    buf_puts(detail, text);
}

/* Podman and CRI-O mount the FIPS policy over the image's on a FIPS host (containers/common
 * pkg/subscriptions), crypto-policies' own helper and dracut do the same. Each mount is told once. */
static void add_mounts(const struct mounts *mounts, struct buf *detail)
{
    static const char *const paths[] = {POLICIES, POLICIES "/config", POLICIES "/state", POLICIES "/state/current",
                                        POLICIES "/back-ends", NSS_BACK_END};
    const struct mount *seen[sizeof paths / sizeof *paths] = {NULL};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct mount *m = mounts_of(mounts, paths[i]);
        own_free char *raw = NULL, *clean = NULL;
        bool told = m == NULL || strncmp(m->point, POLICIES, strlen(POLICIES)) != 0;

        for (size_t k = 0; k < i; k++)
            told = told || seen[k] == m;
        seen[i] = m;
        if (told)
            continue;
        raw = mem_printf("another one is mounted over %s (%s of %s '%s')", m->point, m->from,
                         m->type, m->source);
        clean = text_clean(raw, strlen(raw));
        add(detail, clean);
    }
}

void policy_read(const struct root *root, const struct mounts *mounts, struct host *out)
{
    own_free char *config = first_line(root, POLICIES "/config");
    own_free char *current = first_line(root, POLICIES "/state/current");
    own_free char *link = root_readlink(root, NSS_BACK_END);
    own_buf struct buf detail = {0};

    if (config == NULL && current == NULL)
        return;
    /* what the back-ends were generated for rules; without a state, what should be */
    out->crypto_policy = mem_str(current != NULL ? current : config);
    if (config != NULL && current != NULL && strcmp(config, current) != 0)
        buf_printf(&detail, POLICIES "/config says %s and " POLICIES "/state/current says %s", config,
                   current);
    if (current == NULL)
        add(&detail, "by " POLICIES "/config; there is no " POLICIES "/state/current");
    if (link != NULL) {
        own_free char *raw = mem_printf("nss.config -> %s", link);
        own_free char *clean = text_clean(raw, strlen(raw));

        add(&detail, clean);
    } else if (!root_exists(root, NSS_BACK_END)) {
        add(&detail, "there is no " NSS_BACK_END ": NSS gets no policy");
    }
    add_mounts(mounts, &detail);
    if (detail.len > 0)
        out->crypto_policy_detail = buf_steal(&detail);
}
