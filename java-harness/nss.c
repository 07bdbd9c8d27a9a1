/* SPDX-License-Identifier: Apache-2.0
 *
 * nss.c: what the NSS that a JVM has loaded says of itself.
 */
#include "java-harness/nss.h"

#include <dlfcn.h>
#include <stddef.h>

int nss_in_fips_mode(void)
{
    /* Finds a library that is there already, by its soname; loads none. */
    void *lib = dlopen("libnss3.so", RTLD_LAZY | RTLD_NOLOAD);
    int (*is_fips)(void);
    int answer;

    if (lib == NULL)
        return -1;
    is_fips = (int (*)(void))dlsym(lib, "PK11_IsFIPS");
    answer = is_fips == NULL ? -1 : is_fips() != 0;
    dlclose(lib);
    return answer;
}
