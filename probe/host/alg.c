/* SPDX-License-Identifier: Apache-2.0
 *
 * When does the kernel load a module for such a question? (Linux 5.10 to 6.12)
 *
 *   net/socket.c, __sock_create       socket(): "net-pf-38", where AF_ALG is not registered. Where it
 *                                     is, /proc/net/protocols has "ALG" (crypto/af_alg.c, af_alg_init)
 *   crypto/af_alg.c, alg_bind         bind(): "algif-TYPE", where that type is not registered
 *   crypto/api.c, crypto_larval_lookup  bind(): "crypto-NAME", where crypto_alg_lookup finds nothing
 *                                     in the list that /proc/crypto shows. An entry that FIPS mode
 *                                     forbids is found, and answered with ENOENT (5.18 and later)
 *
 * The generic drivers are asked for by their own names: they compute by themselves, where another
 * driver might look for a fallback. An entry whose self-test has not passed is not asked for: that
 * test may be running, and would be waited for.
 */
#include "host/alg.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/own.h"

#include <errno.h>
#include <linux/if_alg.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_ALGORITHMS ((size_t)4 << 20)
#define INTERFACE "algif_hash"

/* crypto/testmgr.c: without and with fips_allowed, in every version. The newer names are those of
 * Linux 6.17 and later. */
static const char *const forbidden[] = {"md5-generic", "md5-lib", "md4-generic", "rmd160-generic"};
static const char *const allowed[] = {"sha256-generic", "sha256-lib", "sha512-generic", "sha512-lib"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- what is there --------------------------------------------------------------------------- */

/* Does a line of the file begin with this word? proc(5): /proc/modules also says "Live" of what can
 * be used. */
static bool has_line(const struct root *root, const char *path, const char *word, const char *also)
{
    own_buf struct buf text = {0};
    size_t len = strlen(word);
    char *rest = NULL;

    if (root_read(root, path, MAX_ALGORITHMS, &text) < 0)
        return false;
    for (char *line = strtok_r(text.data, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        if (strncmp(line, word, len) == 0 && line[len] == ' ' && strstr(line, also) != NULL)
            return true;
    return false;
}

/* A line "key : value" of /proc/crypto, which are aligned by blanks. */
static bool says(const char *line, const char *key, const char *value)
{
    size_t len = strlen(key);

    if (strncmp(line, key, len) != 0)
        return false;
    line += len + strspn(line + len, " ");
    if (*line != ':')
        return false;
    line += 1 + strspn(line + 1, " ");
    return strcmp(line, value) == 0;
}

/* The first of these drivers that /proc/crypto has with a passed self-test; NULL: none. */
static const char *first_driver(const struct root *root, const char *const *names, size_t n)
{
    own_buf struct buf text = {0};
    size_t here = n, best = n;
    char *rest = NULL;

    if (root_read(root, "/proc/crypto", MAX_ALGORITHMS, &text) < 0)
        return NULL;
    for (char *line = strtok_r(text.data, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "name ", 5) == 0)
            here = n;
        for (size_t i = 0; i < n; i++)
            if (says(line, "driver", names[i]))
                here = i;
        if (here < best && says(line, "selftest", "passed"))
            best = here;
    }
    return best < n ? names[best] : NULL;
}

void alg_choose(const struct root *root, struct alg_question *out)
{
    *out = (struct alg_question){.why_not = NULL};
    if (!has_line(root, "/proc/net/protocols", "ALG", ""))
        out->why_not = mem_str("it has no interface for programs at the moment");
    else if (!has_line(root, "/proc/modules", INTERFACE, " Live "))
        out->why_not = mem_str(INTERFACE " is not loaded");
    if (out->why_not != NULL)
        return;
    out->forbidden = first_driver(root, forbidden, COUNT(forbidden));
    out->allowed = first_driver(root, allowed, COUNT(allowed));
    if (out->forbidden == NULL)
        out->why_not = mem_str("no algorithm that FIPS mode forbids is loaded");
    else if (out->allowed == NULL)
        out->why_not = mem_str("no algorithm to compare with is loaded");
}

void alg_clear(struct alg_question *q)
{
    free(q->why_not);
    *q = (struct alg_question){.why_not = NULL};
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* 0, or the errno of what was refused. */
static int bind_to(const char *driver)
{
    struct sockaddr_alg address = {.salg_family = AF_ALG, .salg_type = "hash"};
    own_fd int fd = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return errno;
    memcpy(address.salg_name, driver, strlen(driver) + 1);
    return bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 ? errno : 0;
}

enum alg_answer alg_ask(const struct alg_question *q, char **line)
{
    int error;

    if (q->why_not != NULL) {
        *line = mem_printf("the kernel's crypto API was not asked: %s, and a question would load "
                           "what is missing", q->why_not);
        return ALG_NOT_ASKED;
    }
    error = bind_to(q->allowed);
    if (error != 0) {
        *line = mem_printf("the kernel's crypto API cannot be asked: it refuses %s too: %s",
                           q->allowed, strerror(error));
        return ALG_NOT_ASKED;
    }
    error = bind_to(q->forbidden);
    if (error != 0 && error != ENOENT) { /* not a word about FIPS mode: memory, a limit */
        *line = mem_printf("the kernel's crypto API was asked for %s: %s", q->forbidden,
                           strerror(error));
        return ALG_NOT_ASKED;
    }
    *line = mem_printf("the kernel's crypto API %s %s, which a kernel does %s FIPS mode (it gives %s)",
                       error == 0 ? "gives" : "refuses", q->forbidden,
                       error == 0 ? "only outside of" : "in", q->allowed);
    return error == 0 ? ALG_GIVEN : ALG_REFUSED;
}
