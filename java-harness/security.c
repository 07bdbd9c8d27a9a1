/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/security.h"

#include "base/own.h"
#include "base/text.h"
#include "java-harness/home.h"

#include <pwd.h>
#include <string.h>
#include <strings.h>

#define MOST_FILES 32u
#define DEEPEST 16u /* includes of includes */
#define INCLUDES_SINCE 24ul

struct reading {
    const struct root *root;
    const char *home;
    unsigned long major;
    const struct launch *launch;
    bool fips_flag;
    struct security *out;
    size_t active[DEEPEST]; /* the files that are being read, each included by the one before */
    size_t depth;
};

/* ---- ${...} --------------------------------------------------------------------------------- */

static const char *property(const char *name, const char *home, const struct launch *launch,
                            const struct security *security, bool fips_flag)
{
    const struct launch_word *word = launch == NULL ? NULL : launch_property(launch, name);
    const struct passwd *user;

    /* overwritten by the JDK whatever the user says (JAVA.md 1.5) */
    if (strcmp(name, "__redhat_fips__") == 0)
        return fips_flag ? "true" : "false";
    if (word != NULL)
        return launch_value(word);
    if (strcmp(name, "java.home") == 0)
        return home;
    if (strcmp(name, "/") == 0 || strcmp(name, "file.separator") == 0)
        return "/";
    if (strcmp(name, "user.home") == 0) {
        user = getpwuid(getuid());
        return user == NULL ? NULL : user->pw_dir;
    }
    /* Red Hat generation 2 makes a system property of this one */
    return strcmp(name, "fips.nssdb.path") == 0 && security != NULL
               ? security_get(security, name, NULL)
               : NULL;
}

char *security_expand(const char *text, const char *home, const struct launch *launch,
                      const struct security *security, bool fips_flag, bool empty)
{
    own_buf struct buf out = {0};

    while (*text != '\0') {
        const char *end = strncmp(text, "${", 2) == 0 ? strchr(text, '}') : NULL;
        own_free char *name = end == NULL ? NULL : mem_dup(text + 2, (size_t)(end - text - 2));
        const char *value =
            name == NULL ? NULL : property(name, home, launch, security, fips_flag);

        if (end == NULL) {
            buf_add(&out, text++, 1);
            continue;
        }
        if (value == NULL && !empty)
            return NULL;
        buf_puts(&out, value == NULL ? "" : value);
        text = end + 1;
    }
    return buf_steal(&out);
}

/* ---- files ---------------------------------------------------------------------------------- */

static size_t add_file(struct reading *r, const char *path, char *why, bool user)
{
    struct security_file *file = mem_push(&r->out->files);
    own_free char *real = *path == '/' ? home_resolved(r->root, path) : NULL;

    *file = (struct security_file){.path = text_clean(path, strlen(path)), .why = why,
                                   .user = user, .raw = mem_str(real == NULL ? path : real)};
    if (real != NULL && strcmp(real, path) != 0)
        file->real = text_clean(real, strlen(real));
    return r->out->files.n - 1;
}

static void put(struct reading *r, const struct prop *prop, size_t file)
{
    size_t n = r->out->props.n;

    *mem_push(&r->out->props) = (struct prop){mem_str(prop->key), mem_str(prop->value)};
    if ((n & (n - 1)) == 0)
        r->out->from = mem_grow(r->out->from, n == 0 ? 1 : n * 2, sizeof *r->out->from);
    r->out->from[n] = file;
}

static void break_it(struct reading *r, char *why)
{
    if (r->out->broken == NULL)
        r->out->broken = text_clean(why, strlen(why));
    free(why);
}

static void read_file(struct reading *r, size_t index);

static bool is_active(const struct reading *r, const char *real)
{
    for (size_t i = 0; i < r->depth; i++) {
        const struct security_file *file = &r->out->files.items[r->active[i]];

        if (strcmp(file->real != NULL ? file->real : file->path, real) == 0)
            return true;
    }
    return false;
}

/* Relative to the directory of the file it stands in, links resolved. */
static void include(struct reading *r, const char *value, size_t by)
{
    const struct security_file *outer = &r->out->files.items[by];
    own_free char *name = security_expand(value, r->home, r->launch, NULL, r->fips_flag, true);
    own_free char *dir = mem_str(outer->raw);
    own_free char *path = NULL, *real = NULL;
    char *slash = strrchr(dir, '/');
    size_t index;

    if (slash != NULL)
        *slash = '\0';
    path = *name == '/' ? mem_str(name) : mem_printf("%s/%s", slash == NULL ? "." : dir, name);
    real = home_resolved(r->root, path);
    if (r->depth >= DEEPEST || r->out->files.n >= MOST_FILES ||
        (real != NULL && is_active(r, real))) {
        break_it(r, mem_printf("%s includes %s, which includes it again", outer->path, path));
        return;
    }
    index = add_file(r, path, mem_printf("included by %s", outer->path), outer->user);
    read_file(r, index);
    if (r->out->files.items[index].problem != NULL)
        break_it(r, mem_printf("%s includes %s: %s", r->out->files.items[by].path, path,
                               r->out->files.items[index].problem));
}

static void read_file(struct reading *r, size_t index)
{
    own_props struct props props = {0};
    own_free char *path = NULL;
    bool includes = r->major == 0 || r->major >= INCLUDES_SINCE;
    int rc;

    path = mem_str(r->out->files.items[index].raw);
    rc = props_read(r->root, path, &props);
    if (rc < 0) {
        r->out->files.items[index].problem = mem_str(strerror(-rc));
        return;
    }
    if (props.malformed)
        r->out->files.items[index].problem =
            mem_str("it has a \\u without its four digits, and Java throws");
    r->active[r->depth++] = index;
    for (size_t i = 0; i < props.n; i++)
        if (includes && strcmp(props.items[i].key, "include") == 0)
            include(r, props.items[i].value, index);
        else
            put(r, &props.items[i], index);
    r->depth--;
}

static void forget(struct security *out)
{
    props_free(&out->props);
    free(out->from);
    out->from = NULL;
}

/* The user's, over java.security or instead of it. */
static void read_users(struct reading *r)
{
    const struct launch_word *word = launch_property(r->launch, "java.security.properties");
    const char *may = security_get(r->out, "security.overridePropertiesFile", NULL);
    own_free char *expanded = NULL, *path = NULL, *source = NULL;
    bool replaces;
    size_t index;

    if (word == NULL)
        return;
    source = launch_source(word);
    expanded = security_expand(launch_value(word), r->home, r->launch, NULL, r->fips_flag, false);
    path = props_user_file(expanded == NULL ? launch_value(word) : expanded, &replaces);
    index = add_file(r, path, mem_printf("of %s", source), true);
    if (may == NULL || strcasecmp(may, "true") != 0) {
        r->out->files.items[index].problem =
            mem_str("security.overridePropertiesFile is not true: it is not looked at");
        return;
    }
    if (expanded == NULL) {
        r->out->files.items[index].problem = mem_str("it names a system property without a value");
        return;
    }
    if (replaces && root_exists(r->root, path)) {
        forget(r->out);
        r->out->replaced = true;
    }
    read_file(r, index);
}

void security_read(const struct root *root, const char *home, unsigned long java_major,
                   const struct launch *launch, bool fips_flag, struct security *out)
{
    /* Java itself takes the property, in every version from 8 to 26 (tried) */
    const struct launch_word *moved = launch == NULL ? NULL : launch_property(launch, "java.home");
    struct reading r = {.root = root, .major = java_major, .launch = launch,
                        .fips_flag = fips_flag, .out = out};
    own_free char *path = NULL, *usual = NULL;
    size_t index;

    home = moved == NULL ? home : launch_value(moved);
    r.home = home;
    path = props_security_file(root, home);
    usual = mem_printf("%s/%s/java.security", home,
                       java_major == 8 ? "lib/security" : "conf/security");
    *out = (struct security){0};
    index = add_file(&r, path == NULL ? usual : path, mem_str("of the JDK"), false);
    read_file(&r, index);
    if (out->files.items[index].problem != NULL && java_major >= INCLUDES_SINCE)
        break_it(&r, mem_printf("%s: %s", out->files.items[index].path,
                                out->files.items[index].problem));
    read_users(&r);
}

void security_free(struct security *security)
{
    for (size_t i = 0; i < security->files.n; i++) {
        free(security->files.items[i].path);
        free(security->files.items[i].real);
        free(security->files.items[i].raw);
        free(security->files.items[i].why);
        free(security->files.items[i].problem);
    }
    free(security->files.items);
    forget(security);
    free(security->broken);
    *security = (struct security){0};
}

const char *security_get(const struct security *security, const char *key,
                         const struct security_file **file)
{
    for (size_t i = security->props.n; i > 0; i--)
        if (strcmp(security->props.items[i - 1].key, key) == 0) {
            if (file != NULL)
                *file = &security->files.items[security->from[i - 1]];
            return security->props.items[i - 1].value;
        }
    return NULL;
}
