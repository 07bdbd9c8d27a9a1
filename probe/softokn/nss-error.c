/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/nss-error.h"

#include <prerr.h>
#include <secerr.h>
#include <stddef.h>
#include <string.h>

/* Made by nss-error.awk. */
static const struct {
    const char *name;
    long number;
} errors[] = {
#include "softokn/nss-error.gen.h"
};

const char *nss_error_name(long number)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].number == number)
            return errors[i].name;
    return NULL;
}

bool nss_error_is_known(const char *name)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (strcmp(errors[i].name, name) == 0)
            return true;
    return false;
}
