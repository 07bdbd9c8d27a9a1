/* SPDX-License-Identifier: Apache-2.0
 *
 * scratch.h: the one private directory where what is examined may write, gone when the program
 * ends. Touches: $TMPDIR, /tmp, $XDG_RUNTIME_DIR, /dev/shm, /run, whichever works first, and the
 * signals that would end the program with the directory left behind.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

/* Makes the directory (mode 0700). NULL: there is no place for one (a read-only root). The path
 * stays valid until scratch_remove; a second call returns the same one. From here on SIGHUP,
 * SIGINT, SIGQUIT, SIGPIPE and SIGTERM, where they would end the program, remove it first. */
const char *scratch_make(void);

/* Removes it with all that is in it, and gives the signals back. Without a directory: nothing. */
void scratch_remove(void);

/* Removes the directory path with all that is in it. Follows no link, and leaves what is mounted
 * there alone. Safe in a signal handler. */
void scratch_remove_tree(const char *path);

#endif
