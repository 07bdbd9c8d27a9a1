/* SPDX-License-Identifier: Apache-2.0 */
#include "run/present-mount.h"

#include "base/mem.h"
#include "base/mounts.h"
#include "base/own.h"
#include "run/present.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define SYSCTLS "/proc/sys"
#define DIRECTORY SYSCTLS "/crypto"
#define NAME "fips_enabled"
#define TMPFS_OPTIONS "mode=0555,size=64k,nr_inodes=256"

/* ---- the file system ------------------------------------------------------------------------- */

/* An empty one over a directory that nobody needs in between; it moves on at once. */
static const char *staging(struct err *err)
{
    static const char *const places[] = {"/tmp", "/dev/shm", "/run", "/mnt", "/var/tmp", "/dev"};
    int first = 0;

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (mount("tmpfs", places[i], "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, TMPFS_OPTIONS) == 0)
            return places[i];
        if (first == 0 || first == ENOENT)
            first = errno;
    }
    err_errno(err, ERR_TOOL, first, "mount(tmpfs)");
    return NULL;
}

static int make_file(const char *path, const char *text)
{
    own_fd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

    return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : 0;
}

/* One entry of the directory that is replaced: itself, bound into the new one. */
static int bind_entry(const char *from, const char *to)
{
    struct stat st;

    if (lstat(from, &st) < 0)
        return 0; /* gone meanwhile */
    if (S_ISDIR(st.st_mode) ? mkdir(to, 0555) < 0 : make_file(to, "") < 0)
        return -1;
    return mount(from, to, NULL, MS_BIND | MS_REC, NULL);
}

static int bind_entries(const char *from, const char *to, const char *except)
{
    own_dir DIR *dir = opendir(from);
    const struct dirent *e;

    if (dir == NULL)
        return -1;
    while ((errno = 0, e = readdir(dir)) != NULL) {
        own_free char *old = NULL, *new = NULL;

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
            strcmp(e->d_name, except) == 0)
            continue;
        old = mem_printf("%s/%s", from, e->d_name);
        new = mem_printf("%s/%s", to, e->d_name);
        if (bind_entry(old, new) < 0)
            return -1;
    }
    return errno == 0 ? 0 : -1;
}

/* What is mounted over `over`: all that is there now, and the flag. Without a directory of the
 * kernel's crypto the whole of /proc/sys gets a new one beside the others. */
static int fill(const char *stage, const char *over, int value, struct err *err)
{
    bool sysctls = strcmp(over, SYSCTLS) == 0;
    own_free char *crypto = sysctls ? mem_printf("%s/crypto", stage) : mem_str(stage);
    own_free char *file = mem_printf("%s/" NAME, crypto);
    const char text[] = {(char)('0' + value), '\n', '\0'};

    if (bind_entries(over, stage, sysctls ? "crypto" : NAME) < 0)
        return err_errno(err, ERR_TOOL, errno, "mount(MS_BIND) of what is in '%s'", over);
    if ((sysctls && mkdir(crypto, 0555) < 0) || make_file(file, text) < 0)
        return err_errno(err, ERR_TOOL, errno, "the file with the value");
    if (mount(NULL, stage, NULL,
              MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return err_errno(err, ERR_TOOL, errno, "mount(MS_REMOUNT)");
    if (mount(stage, over, NULL, MS_MOVE, NULL) < 0)
        return err_errno(err, ERR_TOOL, errno, "mount(MS_MOVE) to '%s'", over);
    return 0;
}

/* A process whose directory was the one that is now covered would be below the cover. */
static void enter_again(const char *cwd)
{
    if (cwd != NULL && strncmp(cwd, SYSCTLS, strlen(SYSCTLS)) == 0 && chdir(cwd) < 0)
        return;
}

int present_mount(int value, struct err *err)
{
    const char *over = access(DIRECTORY, F_OK) == 0 ? DIRECTORY : SYSCTLS, *stage;
    char where[PATH_MAX];
    const char *cwd = getcwd(where, sizeof where);
    struct mounts mounts;

    if (mounts_own(&mounts, err) < 0)
        return -1;
    stage = staging(err);
    if (stage == NULL || fill(stage, over, value, err) < 0)
        return -1;
    enter_again(cwd);
    return mounts_done(&mounts, err);
}
