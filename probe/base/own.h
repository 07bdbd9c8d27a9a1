/* SPDX-License-Identifier: Apache-2.0
 *
 * own.h: resources that are released when their variable leaves its scope.
 *
 *     own_free char *path = NULL;     free()
 *     own_fd int fd = -1;             close() unless negative
 *     own_file FILE *f = NULL;        fclose()
 *     own_dir DIR *d = NULL;          closedir()
 *     own_json json_t *j = NULL;      json_decref()  (include <jansson.h> first)
 *
 * steal_ptr(&p) and steal_fd(&fd) hand the resource on and leave the variable empty.
 */
#ifndef BASE_OWN_H
#define BASE_OWN_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void own_free_(void *p)
{
    free(*(void **)p);
}

static inline void own_fd_(const int *fd)
{
    if (*fd >= 0) {
        int saved = errno;
        close(*fd);
        errno = saved;
    }
}

static inline void own_file_(FILE **f)
{
    if (*f != NULL)
        fclose(*f);
}

static inline void own_dir_(DIR **d)
{
    if (*d != NULL)
        closedir(*d);
}

#define own_free __attribute__((cleanup(own_free_)))
#define own_fd __attribute__((cleanup(own_fd_)))
#define own_file __attribute__((cleanup(own_file_)))
#define own_dir __attribute__((cleanup(own_dir_)))

#ifdef JANSSON_VERSION
static inline void own_json_(json_t **j)
{
    json_decref(*j);
}
#define own_json __attribute__((cleanup(own_json_)))
#endif

#define steal_ptr(pp)                                                                              \
    ({                                                                                             \
        __typeof__(*(pp)) stolen_ = *(pp);                                                         \
        *(pp) = NULL;                                                                              \
        stolen_;                                                                                   \
    })

static inline int steal_fd(int *fd)
{
    int stolen = *fd;
    *fd = -1;
    return stolen;
}

#endif
