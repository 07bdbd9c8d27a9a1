/* SPDX-License-Identifier: Apache-2.0
 *
 * softokn.h: NSS asked through PKCS#11 (softokn-fips, softokn-default) and through libnss3 (nss).
 * The asking runs only in children of run.h: it may dlopen, never prints, keeps no database. The
 * tables may be used anywhere. Only this room includes PKCS#11 and NSS headers.
 *
 * Facts of a group (struct group.facts):
 *     library          path that was asked for ("libsoftokn3.so", "DIR/libsoftokn3.so")
 *     token            token label, trailing blanks cut
 *     description      CK_INFO.libraryDescription
 *     version          CK_INFO.libraryVersion "3.87"; nss: NSS_GetVersion()
 *     slot             slot id
 *     fips_token       true when the token that was asked is the FIPS one
 *     system_fips      nss: SECMOD_GetSystemFIPSEnabled()
 *     module_id        CKA_NSS_VALIDATION_MODULE_ID, or PKCS#11 3.2's CKA_VALIDATION_MODULE_ID
 *     validations      softokn-*: of each validation object its class, and all of its attributes
 *                      that it gives
 *     validation_flags softokn-*, a module of PKCS#11 3.2: "asked", or why C_GetSessionValidationFlags
 *                      is not
 *     mechanisms       CKM_ names of the token's list, in its order
 *     mechanism_info   of each of them {name, number, min, max, flags}, as C_GetMechanismInfo says
 *                      it, in hexadecimal the number and what has no name
 *     load_us          softokn-*: how long loading the library took, with all that it needs
 *     error_state      softokn-*, only where C_Initialize said CKR_DEVICE_ERROR: what other functions
 *                      said then, {C_OpenSession: "CKR_DEVICE_ERROR", ...}
 *     initialize_us    softokn-*: how long C_Initialize took, which is when most builds test
 *                      themselves (some do it while they are loaded)
 */
#ifndef SOFTOKN_SOFTOKN_H
#define SOFTOKN_SOFTOKN_H

#include "model/catalogue.h"
#include "run/run.h"

struct softokn_config {
    const char *nss_dir; /* --nss-dir: all of NSS from there; NULL: as the loader finds it */
};

extern const struct op softokn_ops[];
/* Are the CKM_, CKK_ ... names and the combinations of a row known? */
int softokn_check(const struct spec *spec, const struct op *op, struct err *err) must_check;

/* The CKM_ names, each once, of all mechanisms that a row of the catalogue asks or makes a key
 * with, in any of its alternatives. */
void softokn_row_mechanisms(const struct catalogue *catalogue, struct strings *out);

/* run_task.ask with arg a struct softokn_config. */
void softokn_ask(const struct child *child, struct wire *wire); /* DOOR_SOFTOKN_* */
void nss_ask(const struct child *child, struct wire *wire);     /* DOOR_NSS */

#endif
