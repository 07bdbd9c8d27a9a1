/* SPDX-License-Identifier: Apache-2.0
 *
 * opens.c: opens and closes the file N times; prints the nanoseconds that one took, the median of
 * nine rounds. A file that is not there is asked for all the same.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int order(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;

    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    long n = argc > 2 ? atol(argv[2]) : 1000;
    long long rounds[9];

    if (argc < 2 || n < 1)
        return 1;
    for (int r = 0; r < 9; r++) {
        struct timespec from, to;

        clock_gettime(CLOCK_MONOTONIC, &from);
        for (long i = 0; i < n; i++) {
            int fd = open(argv[1], O_RDONLY | O_CLOEXEC);

            if (fd >= 0)
                close(fd);
        }
        clock_gettime(CLOCK_MONOTONIC, &to);
        rounds[r] = ((to.tv_sec - from.tv_sec) * 1000000000LL + to.tv_nsec - from.tv_nsec) / n;
    }
    qsort(rounds, 9, sizeof *rounds, order);
    printf("%lld\n", rounds[4]);
    return 0;
}
