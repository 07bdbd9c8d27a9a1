/* SPDX-License-Identifier: Apache-2.0
 *
 * present.h: shows a process tree another value of /proc/sys/crypto/fips_enabled than the host
 * has, through seccomp user notification (seccomp_unotify(2)); where there is a listener already,
 * through that of an outer fipsprobe (present-nest.h); and where that is not to be had, by a mount
 * in namespaces of its own (present-mount.h). It needs no privilege, changes nothing on the host,
 * works where the file does not exist, and is inherited by whatever the child starts. The kernel's
 * own crypto does not change.
 *
 * The child calls present_install before it loads anything; the parent takes the listener from
 * the socket, answers notifications as they become readable, and hears on the socket whether the
 * child then really saw the value:
 *
 *     child                                  parent
 *     present_install(sock, value, ...)      present_receive(sock): listener
 *                                            present_answer(listener, value) while readable
 *                                            present_confirmed(sock) once readable
 *     present_exec does all of it for a command.
 */
#ifndef RUN_PRESENT_H
#define RUN_PRESENT_H

#include "base/err.h"
#include "model/words.h"

#include <stdbool.h>
#include <sys/types.h>

#define PRESENT_PATH "/proc/sys/crypto/fips_enabled"

/* May the child set no_new_privs even where it is not needed to install a filter? Where it is
 * not set, a set-user-ID program that the child starts keeps its rights. */
enum present_privs { PRESENT_NO_NEW_PRIVS, PRESENT_KEEP_PRIVS };

/* In the child: installs the filter, sends the listener over the stream socket sock, waits until
 * the parent has it, and looks at what it now sees; or tells the parent what was refused. 0, or -1
 * with err set to the call that was refused and how to allow it; the child must then not go on as
 * if it were presented. */
int present_install(int sock, int value, enum present_privs privs, struct err *err) must_check;

/* In the parent: how the child presents, or -1 with the child's err. *listener (owned by the
 * caller) is -1 where the way needs none. Waits at most timeout_ms. */
int present_receive(int sock, int timeout_ms, enum way *way, int *listener,
                    struct err *err) must_check;
/* Did the child see the value? 0, or -1 with the child's err. To be called when sock is readable,
 * while the listener is being answered. */
int present_confirmed(int sock, struct err *err) must_check;

/* Is told of every call that means the flag, while the thread that makes it waits: the name of the
 * call, and the value that it is given (-1: it only looked whether the file is there). */
struct present_watch {
    void (*seen)(void *arg, pid_t thread, const char *call, int value);
    void *arg;
};

/* Answers one waiting notification with value (0 or 1). watch may be NULL. 0; 1 when the last
 * process that has the filter is gone; -1 when the listener is of no more use.
 *
 * A path of the child's choosing is followed through symbolic links, which waits as long as the
 * file systems on the way do. helper (present-helper.h) does that in a process of its own, and the
 * answer is given by present_answer_rest: until then helper->asked, and no other notification may
 * be taken. NULL: this process waits. */
struct present_helper;
int present_answer(int listener, int value, struct present_helper *helper,
                   const struct present_watch *watch) must_check;
/* Once helper->sock is readable. 0, or -1 when the helper is of no more use. */
int present_answer_rest(int listener, int value, struct present_helper *helper,
                        const struct present_watch *watch) must_check;

/* What the caller of present_exec wants to hear; each may be NULL. */
struct present_exec {
    int value;
    char *const *argv;
    /* How the value is presented: while the command is being started. */
    void (*presented)(void *arg, enum way way);
    /* Presenting took no_new_privs, which was not set before: what is set-user-ID gains nothing. */
    void (*no_new_privs)(void *arg);
    /* Who asked for the flag, as JSON (present-who.h), before the command's end is passed on. */
    void (*summary)(void *arg, const char *json);
    void *arg;
};

/* 'fipsprobe exec': runs argv under value. The command keeps stdin, stdout, stderr, process group
 * and terminal; signals sent to this process reach it; what it leaves running in the background
 * keeps seeing the value. Returns its exit status, and 125 (this program failed), 126 or 127 (the
 * command cannot be run, was not found) with err set. Where a signal killed the command this
 * process ends by the same one. */
int present_exec(const struct present_exec *order, struct err *err) must_check;

#endif
