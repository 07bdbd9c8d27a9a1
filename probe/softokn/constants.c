/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/constants.h"

#include "base/mem.h"

#include <pkcs11.h>
#include <pkcs11n.h>
#include <stdlib.h>
#include <string.h>

/* Sorted by name; made by constants.awk. */
static const struct constant from_headers[] = {
#include "softokn/constants.gen.h"
};

/* What the headers of NSS 3.61, the oldest that this builds with, do not have. */
static const struct constant newer[] = {
    /* NSS 3.110, lib/util/pkcs11n.h */
    {"CKK_NSS_KYBER", CKK_NSS + 5, 1},
    {"CKK_NSS_ML_KEM", CKK_NSS + 6, 1},
    {"CKM_NSS_SP800_108_COUNTER_KDF_DERIVE_DATA", CKM_NSS + 42, 1},
    {"CKM_NSS_SP800_108_FEEDBACK_KDF_DERIVE_DATA", CKM_NSS + 43, 1},
    {"CKM_NSS_SP800_108_DOUBLE_PIPELINE_KDF_DERIVE_DATA", CKM_NSS + 44, 1},
    {"CKM_NSS_KYBER_KEY_PAIR_GEN", CKM_NSS + 45, 1},
    {"CKM_NSS_KYBER", CKM_NSS + 46, 1},
    {"CKM_NSS_ECDHE_NO_PAIRWISE_CHECK_KEY_PAIR_GEN", CKM_NSS + 47, 1},
    {"CKM_NSS_ML_KEM_KEY_PAIR_GEN", CKM_NSS + 48, 1},
    {"CKM_NSS_ML_KEM", CKM_NSS + 49, 1},
    {"CKO_NSS_VALIDATION", CKO_NSS + 7, 1},
    /* PKCS#11 3.2, pkcs11t.h: used by NSS from 3.112 on */
    {"CKO_VALIDATION", 0x0aUL, 1},
    {"CKO_TRUST", 0x0bUL, 1},
    {"CKK_HSS", 0x46UL, 1},
    {"CKK_XMSS", 0x47UL, 1},
    {"CKK_XMSSMT", 0x48UL, 1},
    {"CKK_ML_KEM", 0x49UL, 1},
    {"CKK_ML_DSA", 0x4aUL, 1},
    {"CKK_SLH_DSA", 0x4bUL, 1},
    {"CKM_ML_KEM_KEY_PAIR_GEN", 0x0fUL, 1},
    {"CKM_ML_KEM", 0x17UL, 1},
    {"CKM_ML_DSA_KEY_PAIR_GEN", 0x1cUL, 1},
    {"CKM_ML_DSA", 0x1dUL, 1},
    {"CKM_HASH_ML_DSA", 0x1fUL, 1},
    {"CKM_HASH_ML_DSA_SHA224", 0x23UL, 1},
    {"CKM_HASH_ML_DSA_SHA256", 0x24UL, 1},
    {"CKM_HASH_ML_DSA_SHA384", 0x25UL, 1},
    {"CKM_HASH_ML_DSA_SHA512", 0x26UL, 1},
    {"CKM_SLH_DSA_KEY_PAIR_GEN", 0x2dUL, 1},
    {"CKM_SLH_DSA", 0x2eUL, 1},
    {"CKM_TLS12_EXTENDED_MASTER_KEY_DERIVE", 0x56UL, 1},
    {"CKM_TLS12_EXTENDED_MASTER_KEY_DERIVE_DH", 0x57UL, 1},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static int by_name(const void *name, const void *row)
{
    return strcmp(name, ((const struct constant *)row)->name);
}

bool constants_number(const char *name, unsigned long *out)
{
    const struct constant *row =
        bsearch(name, from_headers, COUNT(from_headers), sizeof *from_headers, by_name);

    for (size_t i = 0; row == NULL && i < COUNT(newer); i++)
        if (strcmp(newer[i].name, name) == 0)
            row = &newer[i];
    if (row == NULL)
        return false;
    *out = row->number;
    return true;
}

static const struct constant *best(const struct constant *rows, size_t n, const char *prefix,
                                   unsigned long number, const struct constant *found)
{
    size_t len = strlen(prefix);

    for (size_t i = 0; i < n; i++)
        if (rows[i].number == number && strncmp(rows[i].name, prefix, len) == 0 &&
            (found == NULL || rows[i].rank > found->rank))
            found = &rows[i];
    return found;
}

const char *constants_name(const char *prefix, unsigned long number)
{
    const struct constant *found = best(from_headers, COUNT(from_headers), prefix, number, NULL);

    found = best(newer, COUNT(newer), prefix, number, found);
    return found == NULL ? NULL : found->name;
}

char *constants_text(const char *prefix, unsigned long number)
{
    const char *name = constants_name(prefix, number);

    return name == NULL ? mem_printf("0x%lx", number) : mem_str(name);
}

const struct constant *constants_table(size_t *n)
{
    *n = COUNT(from_headers);
    return from_headers;
}
