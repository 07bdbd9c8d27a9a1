/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mounts.h"

#include "base/mem.h"
#include "base/own.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct __user_cap_header_struct cap_header(void)
{
    return (struct __user_cap_header_struct){_LINUX_CAPABILITY_VERSION_3, 0};
}

static int put(const char *path, const char *text)
{
    own_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

    return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : 0;
}

/* Every id stays what it was. Before the map of groups can be written setgroups must be given up
 * (user_namespaces(7)). */
static int map_ids(uid_t uid, gid_t gid)
{
    own_free char *users = mem_printf("%u %u 1", (unsigned)uid, (unsigned)uid);
    own_free char *groups = mem_printf("%u %u 1", (unsigned)gid, (unsigned)gid);

    if (put("/proc/self/uid_map", users) < 0)
        return -1;
    if (put("/proc/self/setgroups", "deny") < 0 && errno != ENOENT)
        return -1;
    return put("/proc/self/gid_map", groups);
}

int mounts_own(struct mounts *mounts, struct err *err)
{
    struct __user_cap_header_struct header = cap_header();
    uid_t uid = geteuid();
    gid_t gid = getegid();

    *mounts = (struct mounts){.user = false};
    mounts->known = syscall(SYS_capget, &header, mounts->rights) == 0;
    if (unshare(CLONE_NEWNS) < 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
            return err_errno(err, ERR_TOOL, errno, "unshare(CLONE_NEWUSER | CLONE_NEWNS)");
        mounts->user = true;
        if (map_ids(uid, gid) < 0)
            return err_errno(err, ERR_TOOL, errno, "the ids of a user namespace");
    }
    /* Nothing that is mounted here comes out, and what is unmounted outside goes here too. */
    if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
        return err_errno(err, ERR_TOOL, errno, "mount(MS_SLAVE)");
    return 0;
}

int mounts_done(const struct mounts *mounts, struct err *err)
{
    struct __user_cap_header_struct header = cap_header();

    if (!mounts->user)
        return 0;
    if (!mounts->known)
        return err_set(err, ERR_TOOL, "the rights before are not known");
    return syscall(SYS_capset, &header, mounts->rights) < 0
               ? err_errno(err, ERR_TOOL, errno, "capset")
               : 0;
}
