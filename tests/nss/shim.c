/* SPDX-License-Identifier: Apache-2.0
 *
 * shim.c: the entry points of a softokn (SHIM_LIBRARY in the environment) whose names begin with
 * SHIM_PREFIX (FC_ or C_), under the names that every PKCS#11 program asks for, and initialised
 * without a database, which such a program does not know how to do: so that pkcs11-tool can be a
 * witness.
 */
#include <dlfcn.h>
#include <pkcs11.h>
#include <stdio.h>
#include <stdlib.h>

static CK_FUNCTION_LIST_3_0 list3;
static CK_FUNCTION_LIST list;
static CK_INTERFACE interface;
static CK_C_Initialize initialize;

static CK_RV initialize_without_database(void *ignored)
{
    static char parameters[] = "configdir='' certPrefix='' keyPrefix='' secmod='' "
                               "flags=noCertDB,noModDB,readOnly,forceOpen,optimizeSpace";
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};

    (void)ignored;
    args.LibraryParameters = (CK_CHAR_PTR *)parameters; /* as NSS's header has it */
    return initialize(&args);
}

static void *entry(const char *name)
{
    const char *path = getenv("SHIM_LIBRARY"), *prefix = getenv("SHIM_PREFIX");
    void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    char symbol[64];

    snprintf(symbol, sizeof symbol, "%s%s", prefix == NULL ? "" : prefix, name);
    return library == NULL ? NULL : dlsym(library, symbol);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **out)
{
    CK_C_GetFunctionList get;
    CK_FUNCTION_LIST *theirs;

    *(void **)&get = entry("GetFunctionList");
    if (get == NULL || get(&theirs) != CKR_OK)
        return CKR_FUNCTION_FAILED;
    list = *theirs;
    initialize = list.C_Initialize;
    list.C_Initialize = initialize_without_database;
    *out = &list;
    return CKR_OK;
}

CK_RV C_GetInterface(CK_UTF8CHAR *name, CK_VERSION *version, CK_INTERFACE **out, CK_FLAGS flags)
{
    CK_C_GetInterface get;
    CK_INTERFACE *theirs;

    *(void **)&get = entry("GetInterface");
    if (get == NULL || get(name, version, &theirs, flags) != CKR_OK ||
        ((CK_VERSION *)theirs->pFunctionList)->major != 3)
        return CKR_FUNCTION_FAILED;
    list3 = *(CK_FUNCTION_LIST_3_0 *)theirs->pFunctionList;
    initialize = list3.C_Initialize;
    list3.C_Initialize = initialize_without_database;
    interface = *theirs;
    interface.pFunctionList = &list3;
    *out = &interface;
    return CKR_OK;
}
