/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/kem.h"

void kem_standard(struct kem *kem, const void *list)
{
    const struct {
        CK_FUNCTION_LIST_3_0 v30;
        encapsulate_fn *encapsulate;
        decapsulate_fn *decapsulate;
    } *v32 = list;

    kem->encapsulate = v32->encapsulate;
    kem->decapsulate = v32->decapsulate;
}

/* NSS 3.110, lib/util/pkcs11n.h: CK_NSS_KEM_FUNCTIONS */
void kem_nss(struct kem *kem, const void *list)
{
    const struct {
        CK_VERSION version;
        nss_encapsulate_fn *encapsulate;
        nss_decapsulate_fn *decapsulate;
    } *functions = list;

    kem->nss_encapsulate = functions->encapsulate;
    kem->nss_decapsulate = functions->decapsulate;
}
