/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/protect.h"

#include "base/mounts.h"
#include "base/own.h"
#include "base/root.h"
#include "base/text.h"
#include "java-harness/home.h"
#include "java-harness/props.h"
#include "java-harness/security.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>

#define SYSTEM_DB "/etc/pki/nssdb"  /* fixed in NSS: lib/sysinit/nsssysinit.c */
#define SYSINIT "libnsssysinit"
#define DB_PROPERTY "fips.nssdb.path" /* of Red Hat's generation 2 */
#define DB_MAX ((size_t)64 << 20)

/* ---- which databases ---------------------------------------------------------------------- */

struct search {
    const struct root *root;
    const char *home;
    const struct launch *launch;
    const struct security *security;
    bool overridden; /* _JAVA_OPTIONS, which has the last word, sets fips.nssdb.path */
};

static char *expanded(const struct search *search, const char *text)
{
    return security_expand(text, search->home, search->launch, search->security, true, false);
}

static void add_directory(struct protect_dirs *out, const char *value, bool writes, bool movable)
{
    static const char *const prefixes[] = {"sql:", "dbm:", "extern:"};
    struct protect_dir *dir;

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(value, prefixes[i], strlen(prefixes[i])) == 0)
            value += strlen(prefixes[i]);
    for (size_t i = 0; i < out->n; i++)
        if (strcmp(out->items[i].path, value) == 0) {
            out->items[i].writes |= writes;
            out->items[i].movable &= movable || strcmp(value, SYSTEM_DB) == 0;
            return;
        }
    dir = mem_push(out);
    *dir = (struct protect_dir){mem_str(value), writes, movable};
}

/* A token that is opened without libnss3 has its database from the arguments that softokn itself
 * reads: configdir='sql:/x' ... flags=readOnly (lib/softoken/sftkpars.c). */
static void look_at_arguments(const struct search *search, const char *config,
                              struct protect_dirs *out)
{
    static const char word[] = "configdir=";
    const char *arguments = strstr(config, "nssArgs");
    own_free char *line = NULL, *dir = NULL, *path = NULL;
    const char *at, *flags;

    if (arguments == NULL)
        return;
    line = mem_dup(arguments, strcspn(arguments, "\n"));
    at = strcasestr(line, word);
    if (at == NULL)
        return;
    at += sizeof word - 1;
    flags = strcasestr(line, "flags=");
    dir = *at == '\'' ? mem_dup(at + 1, strcspn(at + 1, "'")) : mem_dup(at, strcspn(at, " \"\r"));
    path = expanded(search, dir);
    if (path != NULL && *path != '\0')
        add_directory(out, path,
                      flags == NULL || memmem(flags, strcspn(flags, " \""), "readOnly", 8) == NULL,
                      false);
}

static void look_at_config(const struct search *search, const char *config,
                           struct protect_dirs *out)
{
    own_free char *dir = props_pkcs11(config, "nssSecmodDirectory");
    own_free char *mode = props_pkcs11(config, "nssDbMode");
    own_free char *path = dir == NULL ? NULL : expanded(search, dir);
    bool writes = mode == NULL || (strcmp(mode, "readOnly") != 0 && strcmp(mode, "noDb") != 0);

    look_at_arguments(search, config, out);
    if (path != NULL && *path != '\0')
        add_directory(out, path, writes,
                      strcmp(dir, "${" DB_PROPERTY "}") == 0 && !search->overridden);
}

static void look_at_provider(const struct search *search, const char *value,
                             struct protect_dirs *out)
{
    static const char *const names[] = {"SunPKCS11", "sun.security.pkcs11.SunPKCS11"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        own_free char *argument = NULL;
        own_buf struct buf text = {0};

        if (strncmp(value, names[i], len) != 0 || (value[len] != ' ' && value[len] != '\t'))
            continue;
        argument = expanded(search, value + len + strspn(value + len, " \t"));
        if (argument == NULL)
            continue;
        if (strncmp(argument, "--", 2) == 0) {
            own_free char *config = props_inline(argument + 2);

            look_at_config(search, config, out);
        } else if (root_read(search->root, argument, PROPS_MAX, &text) == 0) {
            look_at_config(search, text.data, out);
        }
    }
}

static void find_in(const struct root *root, const struct jdk *jdk, const struct launch *launch,
                    bool fips_flag, struct protect_dirs *out)
{
    const struct launch_word *set = launch_property(launch, DB_PROPERTY);
    own_security struct security security = {0};
    struct search search = {.root = root, .home = jdk->home, .launch = launch,
                            .security = &security};

    search.overridden = set != NULL && strcmp(set->variable, "_JAVA_OPTIONS") == 0;
    security_read(root, jdk->home, home_major(jdk->version), launch, fips_flag, &security);
    for (size_t i = 0; i < security.props.n; i++)
        if (text_match("*.provider.*", security.props.items[i].key))
            look_at_provider(&search, security.props.items[i].value, out);
}

struct protect_dirs protect_find(const struct root *root, const struct jdk *jdk,
                                 const struct launch *launch)
{
    struct protect_dirs out = {0};

    find_in(root, jdk, launch, true, &out);
    find_in(root, jdk, launch, false, &out);
    return out;
}

void protect_dirs_free(struct protect_dirs *dirs)
{
    for (size_t i = 0; i < dirs->n; i++)
        free(dirs->items[i].path);
    free(dirs->items);
    *dirs = (struct protect_dirs){0};
}

/* ---- a copy ------------------------------------------------------------------------------- */

static const char *const db_files[] = {"cert9.db", "key4.db",  "pkcs11.txt",
                                       "cert8.db", "key3.db", "secmod.db"};
#define DB_FILES (sizeof db_files / sizeof *db_files)

static bool is_writable(const char *dir)
{
    if (faccessat(AT_FDCWD, dir, W_OK, AT_EACCESS) == 0)
        return true;
    for (size_t i = 0; i < DB_FILES; i++) {
        own_free char *path = mem_printf("%s/%s", dir, db_files[i]);

        if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
            return true;
    }
    return false;
}

static int write_file(const char *path, const struct buf *data, mode_t mode)
{
    own_fd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    size_t done = 0;

    while (fd >= 0 && done < data->len) {
        ssize_t n = write(fd, data->data + done, data->len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        done += (size_t)n;
    }
    return fd < 0 ? -errno : 0;
}

/* 0 or -errno. A file that is not there is not there in the copy either. */
static int copy(const struct root *root, const char *from, const char *to)
{
    struct stat st;

    if (stat(from, &st) < 0 || mkdir(to, 0700) < 0)
        return -errno;
    for (size_t i = 0; i < DB_FILES; i++) {
        own_free char *source = mem_printf("%s/%s", from, db_files[i]);
        own_free char *target = mem_printf("%s/%s", to, db_files[i]);
        own_buf struct buf data = {0};
        int rc = root_read(root, source, DB_MAX, &data);

        if (rc == -ENOENT)
            continue;
        if (rc == 0)
            rc = stat(source, &st) < 0 ? -errno : write_file(target, &data, st.st_mode & 0777);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static bool uses_sysinit(const struct root *root, const char *dir)
{
    own_free char *path = mem_printf("%s/pkcs11.txt", dir);
    own_buf struct buf text = {0};

    return root_read(root, path, PROPS_MAX, &text) == 0 && strstr(text.data, SYSINIT) != NULL;
}

/* libnsssysinit makes a database below HOME or XDG_DATA_HOME, as root too, and opens it for writing
 * (lib/sysinit/nsssysinit.c: getUserDB, get_list). */
static int own_home(const struct root *root, const char *scratch)
{
    static const char *const below[] = {".pki/nssdb", ".local/share/pki/nssdb"};
    const char *home = getenv("HOME"), *data = getenv("XDG_DATA_HOME");
    own_free char *to = mem_printf("%s/home", scratch);

    if (home == NULL)
        return 0;
    if (mkdir(to, 0700) < 0)
        return -errno;
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        own_free char *from = i == 1 && data != NULL ? mem_printf("%s/pki/nssdb", data)
                                                     : mem_printf("%s/%s", home, below[i]);
        own_free char *target = mem_printf("%s/%s", to, below[i]);
        int rc;

        if (!root_exists(root, from))
            continue;
        for (char *slash = target + strlen(to) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
            *slash = '\0';
            (void)mkdir(target, 0700); /* or it is there, or copy says so */
            *slash = '/';
        }
        rc = copy(root, from, target);
        if (rc < 0)
            return rc;
    }
    setenv("HOME", to, 1);
    unsetenv("XDG_DATA_HOME");
    return 1;
}

/* ---- the copy in its place ------------------------------------------------------------------ */

static void replace(struct buf *text, const char *what, const char *with)
{
    struct buf out = {0};
    const char *from = text->data, *at;

    while ((at = strstr(from, what)) != NULL) {
        buf_add(&out, from, (size_t)(at - from));
        buf_puts(&out, with);
        from = at + strlen(what);
    }
    buf_puts(&out, from);
    buf_free(text);
    *text = out;
}

/* In a copy that is used under its own name: libnsssysinit would open the system's database. */
static int without_sysinit(const struct root *root, const char *dir)
{
    own_free char *path = mem_printf("%s/pkcs11.txt", dir);
    own_free char *here = mem_printf("sql:%s", dir);
    own_buf struct buf text = {0};
    int rc = root_read(root, path, PROPS_MAX, &text);

    if (rc == -ENOENT)
        return 0;
    if (rc < 0)
        return rc;
    replace(&text, SYSINIT ".so", "");
    replace(&text, "moduleDBOnly,", "");
    replace(&text, "sql:" SYSTEM_DB, here);
    if (unlink(path) < 0)
        return -errno;
    return write_file(path, &text, 0600);
}

/* Where copies are mounted; the namespace is made for the first one. */
struct covers {
    struct mounts mounts;
    bool made;
};

/* why: what does not work; NULL: it is done. The caller frees. */
static char *cover(struct covers *covers, const char *with, const char *dir)
{
    own_err struct err err = {0};

    if (!covers->made && mounts_own(&covers->mounts, &err) < 0)
        return mem_str(err.msg);
    covers->made = true;
    return mount(with, dir, NULL, MS_BIND, NULL) < 0
               ? mem_printf("mount: %s", strerror(errno))
               : NULL;
}

static void protect_one(const struct root *root, const struct protect_dir *dir,
                        const char *scratch, struct covers *covers, struct protection *out)
{
    own_free char *to = NULL, *line = NULL, *why = NULL;
    int rc;

    if (!home_is_directory(root, dir->path) || !is_writable(dir->path))
        return; /* the VM cannot write there either, and shall meet it as it is */
    if (scratch == NULL) {
        out->impossible = mem_printf("Java would write to the NSS database %s, and there is no "
                                     "scratch place for a copy",
                                     dir->path);
        return;
    }
    to = mem_printf("%s/nssdb-%zu", scratch, out->told.n);
    rc = copy(root, dir->path, to);
    if (rc < 0) {
        out->impossible = mem_printf("Java would write to the NSS database %s, and it cannot be "
                                     "copied: %s",
                                     dir->path, strerror(-rc));
        return;
    }
    why = cover(covers, to, dir->path);
    if (why == NULL) {
        line = mem_printf("%s: a copy was mounted over it for this process alone", dir->path);
    } else if (dir->movable && without_sysinit(root, to) == 0) {
        own_free char *option = mem_printf("-D" DB_PROPERTY "=sql:%s", to);

        strings_add(&out->options, option);
        line = mem_printf("%s: a copy was used, through " DB_PROPERTY, dir->path);
    } else {
        out->impossible =
            mem_printf("Java would write to the NSS database %s, and a copy cannot be mounted over "
                       "it: %s (it takes CAP_SYS_ADMIN or a user namespace); run fipsprobe as a "
                       "user who cannot write there",
                       dir->path, why);
        return;
    }
    strings_add(&out->told, line);
}

static void protect_home(const struct root *root, const char *scratch, struct protection *out)
{
    int rc = scratch == NULL ? -ENOENT : own_home(root, scratch);

    if (rc > 0)
        strings_add(&out->told,
                    "HOME: a scratch place, because " SYSINIT " makes a database there");
    if (rc < 0)
        out->impossible = mem_printf(SYSINIT " would make a database in HOME, and there is no "
                                             "scratch place for it: %s",
                                     strerror(-rc));
}

void protect_databases(const struct jdk *jdk, const struct launch *launch, const char *scratch,
                       struct protection *out)
{
    struct root root;
    struct protect_dirs dirs;
    struct covers covers = {.made = false};
    bool sysinit = false, fixed = false;
    own_err struct err err = {0};

    if (root_init(&root, "/", NULL) < 0) {
        out->impossible = mem_str("the root directory cannot be opened");
        return;
    }
    dirs = protect_find(&root, jdk, launch);
    for (size_t i = 0; i < dirs.n; i++)
        if (uses_sysinit(&root, dirs.items[i].path)) {
            sysinit = dirs.items[i].writes = true; /* it opens for writing, whatever the mode */
            fixed |= !dirs.items[i].movable;
        }
    if (sysinit)
        add_directory(&dirs, SYSTEM_DB, true, false);
    for (size_t i = 0; i < dirs.n && out->impossible == NULL; i++)
        /* The system's is opened by libnsssysinit only, which a copy elsewhere does without. */
        if (dirs.items[i].writes &&
            (fixed || out->options.n == 0 || strcmp(dirs.items[i].path, SYSTEM_DB) != 0))
            protect_one(&root, &dirs.items[i], scratch, &covers, out);
    if (covers.mounts.user && mounts_done(&covers.mounts, &err) < 0 && out->impossible == NULL)
        out->impossible = mem_str(err.msg);
    if (sysinit && out->impossible == NULL)
        protect_home(&root, scratch, out);
    protect_dirs_free(&dirs);
    root_free(&root);
}

void protect_free(struct protection *protection)
{
    strings_free(&protection->told);
    strings_free(&protection->options);
    free(protection->impossible);
    *protection = (struct protection){0};
}
