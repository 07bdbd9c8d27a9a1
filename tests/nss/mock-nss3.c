/* SPDX-License-Identifier: Apache-2.0
 *
 * mock-nss3.c: one function of libnss3 (FUNCTION, from the compiler's command line) that does not do
 * its work. Everything else is the real library's, which this one needs. The file "fault" beside it
 * names the function and the kind.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *FUNCTION(void);

void *FUNCTION(void)
{
    char path[4096], kind[80] = "";
    Dl_info info;
    FILE *f;

    if (dladdr((void *)FUNCTION, &info) == 0)
        abort();
    snprintf(path, sizeof path - 6, "%s", info.dli_fname);
    strcpy(strrchr(path, '/'), "/fault");
    f = fopen(path, "r");
    if (f == NULL || fscanf(f, "%*s %79s", kind) != 1)
        abort();
    fclose(f);
    if (strcmp(kind, "segv") == 0)
        *(volatile char *)16 = 1;
    if (strcmp(kind, "hang") == 0)
        for (;;)
            pause();
    return strcmp(kind, "fails") == 0 ? (void *)-1 : NULL; /* SECFailure; nothing */
}
