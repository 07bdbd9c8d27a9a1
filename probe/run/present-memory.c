/* SPDX-License-Identifier: Apache-2.0 */
#include "run/present-memory.h"

#include "base/mem.h"
#include "base/own.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>

/* process_vm_readv transfers whole pieces only: one for each page of the smallest size there is. */
#define PAGE 4096u
#define MAX_PIECES 5

ssize_t present_memory(pid_t pid, uint64_t address, void *p, size_t len, bool write)
{
    struct iovec local = {p, len}, remote[MAX_PIECES];
    unsigned long n = 0;
    own_free char *path = NULL;
    own_fd int fd = -1;
    ssize_t done;

    for (size_t at = 0; at < len && n < MAX_PIECES;) {
        size_t piece = PAGE - (size_t)((address + at) % PAGE);

        if (piece > len - at)
            piece = len - at;
        remote[n++] = (struct iovec){(void *)(uintptr_t)(address + at), piece};
        at += piece;
    }
    done = write ? process_vm_writev(pid, &local, 1, remote, n, 0)
                 : process_vm_readv(pid, &local, 1, remote, n, 0);
    if (done >= 0 || (errno != ENOSYS && errno != EPERM))
        return done;
    /* The calls may be refused where the file is not. */
    path = mem_printf("/proc/%d/mem", (int)pid);
    fd = open(path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (fd < 0)
        return -1;
    return write ? pwrite(fd, p, len, (off_t)address) : pread(fd, p, len, (off_t)address);
}
