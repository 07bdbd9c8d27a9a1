/* SPDX-License-Identifier: Apache-2.0
 *
 * kem.h: key encapsulation as modules have it: C_EncapsulateKey of PKCS#11 3.2, or the functions of
 * NSS's own interface before that (3.94 to 3.111). Pure data: touches nothing.
 */
#ifndef SOFTOKN_KEM_H
#define SOFTOKN_KEM_H

#include <pkcs11.h>

typedef CK_RV encapsulate_fn(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                             CK_OBJECT_HANDLE public_key, CK_ATTRIBUTE *template, CK_ULONG n,
                             CK_BYTE *ciphertext, CK_ULONG *len, CK_OBJECT_HANDLE *secret);
typedef CK_RV decapsulate_fn(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                             CK_OBJECT_HANDLE private_key, CK_ATTRIBUTE *template, CK_ULONG n,
                             CK_BYTE *ciphertext, CK_ULONG len, CK_OBJECT_HANDLE *secret);
typedef CK_RV nss_encapsulate_fn(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                                 CK_OBJECT_HANDLE public_key, CK_ATTRIBUTE *template, CK_ULONG n,
                                 CK_OBJECT_HANDLE *secret, CK_BYTE *ciphertext, CK_ULONG *len);
typedef CK_RV nss_decapsulate_fn(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                                 CK_OBJECT_HANDLE private_key, CK_BYTE *ciphertext, CK_ULONG len,
                                 CK_ATTRIBUTE *template, CK_ULONG n, CK_OBJECT_HANDLE *secret);

/* A function that the module does not have is NULL. */
struct kem {
    encapsulate_fn *encapsulate;
    decapsulate_fn *decapsulate;
    nss_encapsulate_fn *nss_encapsulate;
    nss_decapsulate_fn *nss_decapsulate;
};

/* From a function list of PKCS#11 3.2 or later. */
void kem_standard(struct kem *kem, const void *list);
/* From the list of the interface KEM_NSS_INTERFACE. */
#define KEM_NSS_INTERFACE "Vendor NSS KEM Interface"
void kem_nss(struct kem *kem, const void *list);

#endif
