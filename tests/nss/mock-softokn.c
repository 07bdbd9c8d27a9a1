/* SPDX-License-Identifier: Apache-2.0
 *
 * mock-softokn.c: a libsoftokn3.so that is the real one (real-softokn3.so beside it) but for one
 * fault, which the file "fault" beside it names: FUNCTION KIND. What the real module cannot be made
 * to do, it does: crash, hang or end the process in any function, lack one, lie about lengths,
 * contradict itself, write on stdout, leave processes behind, give wrong answers with CKR_OK.
 */
#include <dlfcn.h>
#include <pkcs11.h>
#include <pkcs11n.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[4000], function[80], kind[80];
static void *real;

static void start(void)
{
    char path[4096];
    Dl_info info;
    FILE *f;

    if (real != NULL)
        return;
    if (dladdr((void *)start, &info) == 0)
        abort();
    snprintf(folder, sizeof folder, "%s", info.dli_fname);
    *strrchr(folder, '/') = '\0';
    snprintf(path, sizeof path, "%s/real-softokn3.so", folder);
    real = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    snprintf(path, sizeof path, "%s/fault", folder);
    f = fopen(path, "r");
    if (real == NULL || f == NULL || fscanf(f, "%79s %79s", function, kind) != 2)
        abort();
    fclose(f);
}

static int is(const char *what)
{
    return strcmp(kind, what) == 0;
}

/* ---- what any function may do instead of its work ---------------------------------------------- */

static volatile char sink;

static void deep(unsigned n)
{
    volatile char frame[65536];

    frame[n % sizeof frame] = (char)n;
    if (sink == 0) /* always */
        deep(n + 1);
    sink = frame[0];
}

static void write_all(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        return;
}

static CK_RV instead(void)
{
    if (is("segv"))
        *(volatile char *)16 = 1;
    if (is("abort"))
        abort();
    if (is("exit"))
        exit(0);
    if (is("_exit"))
        _exit(0);
    if (is("kill"))
        raise(SIGKILL);
    if (is("stop"))
        raise(SIGSTOP);
    if (is("stack"))
        deep(0);
    if (is("busy"))
        for (;;)
            sink++;
    if (is("flood"))
        for (;;)
            write_all(1, "{\"r\":\"answer\",\"i\":0,\"result\":\"done\"}\n");
    if (is("deaf"))
        for (int i = 1; i < 65; i++)
            signal(i, SIG_IGN);
    if (is("hang") || is("deaf"))
        for (;;)
            pause();
    if (is("odd"))
        return 0xdeadbeef;
    if (is("nothing"))
        return CKR_OK;
    return CKR_GENERAL_ERROR;
}

/* Does it, and then its work. */
static void before(void)
{
    if (is("noise")) {
        write_all(1, "\033[31mlibrary\033[0m says \"hello\" on stdout\n{\"r\":\"answer\"}\n");
        write_all(2, "... and on stderr, with a bad \xff byte\n");
    }
    if (is("fork") && fork() == 0) {
        setsid();
        if (fork() != 0)
            _exit(0);
        for (;;)
            pause();
    }
    if (is("close"))
        for (int fd = 3; fd < 1024; fd++)
            close(fd);
    if (is("signals"))
        for (int i = 1; i < 65; i++)
            signal(i, SIG_IGN);
    if (is("away") && chdir("/") != 0)
        abort();
}

/* ---- functions that do their work, and then not quite ------------------------------------------ */

static CK_FUNCTION_LIST_3_0 its; /* of the last list that was asked for */

static CK_RV finish(CK_RV rv, CK_BYTE *out, CK_ULONG *len)
{
    if (rv != CKR_OK || out == NULL)
        return rv;
    if (is("wrong") && *len > 0)
        out[*len / 2] ^= 1;
    if (is("long"))
        *len = (CK_ULONG)-1;
    if (is("more"))
        *len += 1;
    if (is("short"))
        *len /= 2;
    if (is("empty"))
        *len = 0;
    return rv;
}

static CK_RV my_initialize(void *args)
{
    before();
    return its.C_Initialize(args);
}

#define FOUR(NAME)                                                                                 \
    static CK_RV my_##NAME(CK_SESSION_HANDLE s, CK_BYTE *in, CK_ULONG n, CK_BYTE *out,             \
                           CK_ULONG *len)                                                          \
    {                                                                                              \
        before();                                                                                  \
        return finish(its.C_##NAME(s, in, n, out, len), out, len);                                 \
    }
FOUR(Digest)
FOUR(Encrypt)
FOUR(Decrypt)
FOUR(Sign)

static CK_RV my_EncryptMessage(CK_SESSION_HANDLE s, void *p, CK_ULONG p_len, CK_BYTE *aad,
                               CK_ULONG aad_len, CK_BYTE *in, CK_ULONG n, CK_BYTE *out,
                               CK_ULONG *len)
{
    return finish(its.C_EncryptMessage(s, p, p_len, aad, aad_len, in, n, out, len), out, len);
}

static CK_RV my_WrapKey(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE by,
                        CK_OBJECT_HANDLE key, CK_BYTE *out, CK_ULONG *len)
{
    return finish(its.C_WrapKey(s, m, by, key, out, len), out, len);
}

static CK_RV my_GenerateRandom(CK_SESSION_HANDLE s, CK_BYTE *out, CK_ULONG len)
{
    (void)s;
    memset(out, 7, len);
    return CKR_OK;
}

static CK_RV my_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *n)
{
    CK_ULONG room = *n;
    CK_RV rv;

    if (list == NULL && is("huge")) {
        *n = (CK_ULONG)-1;
        return CKR_OK;
    }
    if (list != NULL && is("grow")) { /* a hundred mechanisms have come since the first call */
        *n = room + 100;
        return CKR_BUFFER_TOO_SMALL;
    }
    rv = its.C_GetMechanismList(slot, list, n);
    if (list != NULL && is("lie"))
        *n = room * 1000;
    if (list != NULL && is("none"))
        *n = 0;
    if (list != NULL && is("strange"))
        for (CK_ULONG i = 0; i < *n; i++)
            list[i] = 0x7fff0000UL + i;
    return rv;
}

static CK_RV my_GetSlotList(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *n)
{
    CK_RV rv = its.C_GetSlotList(present, slots, n);

    if (is("huge"))
        *n = 1UL << 40;
    if (is("none"))
        *n = 0;
    return rv;
}

static CK_RV my_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    CK_RV rv = its.C_GetTokenInfo(slot, info);

    memset(info->label, '\033', sizeof info->label);
    return rv;
}

static CK_RV my_GetInfo(CK_INFO *info)
{
    memset(info, 0xff, sizeof *info); /* nothing ends anywhere */
    return CKR_OK;
}

static CK_RV my_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
    (void)slot, (void)type;
    memset(info, 0xff, sizeof *info);
    return CKR_OK;
}

static CK_RV my_GetAttributeValue(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *t,
                                  CK_ULONG n)
{
    CK_RV rv = its.C_GetAttributeValue(s, object, t, n);

    for (CK_ULONG i = 0; i < n; i++)
        t[i].ulValueLen = is("long") ? (CK_ULONG)-2 : is("huge") ? 1UL << 40 : 0;
    return rv;
}

static CK_RV my_FindObjects(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *objects, CK_ULONG max,
                            CK_ULONG *n)
{
    CK_RV rv = its.C_FindObjects(s, objects, max, n);

    *n = 1UL << 40;
    return rv;
}

static CK_RV my_GenerateKey(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_ATTRIBUTE *t, CK_ULONG n,
                            CK_OBJECT_HANDLE *key)
{
    CK_RV rv = its.C_GenerateKey(s, m, t, n, key);

    *key = 0xffffffffUL; /* a handle that nothing has */
    return rv;
}

/* The indicator: of CK_NSS_FIPS_FUNCTIONS. */
static CK_NSS_FIPS_FUNCTIONS its_fips, my_fips;

static CK_RV my_status(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE object, CK_ULONG what, CK_ULONG *status)
{
    static unsigned calls;
    CK_RV rv = its_fips.NSC_NSSGetFIPSStatus(s, object, what, status);

    if (is("odd"))
        *status = 77;
    if (is("yes"))
        *status = 1;
    if (is("no"))
        *status = 0;
    if (is("contradicts")) /* another answer each time */
        *status = ++calls % 2;
    return is("fails") ? CKR_ARGUMENTS_BAD : rv;
}

/* ---- the lists ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    size_t offset;
} members[] = {
#define CK_PKCS11_3_0 1
#define CK_PKCS11_FUNCTION_INFO(name) {#name, offsetof(CK_FUNCTION_LIST_3_0, name)},
#include <pkcs11f.h>
#undef CK_PKCS11_FUNCTION_INFO
};

/* A function that has a part of its own here, and the kinds that want it. */
static const struct {
    const char *name, *kinds;
    void *function;
} parts[] = {
    {"C_Initialize", " noise fork close signals away ", (void *)my_initialize},
    {"C_Digest", " noise fork close wrong long more short empty ", (void *)my_Digest},
    {"C_Encrypt", " noise fork close wrong long more short empty ", (void *)my_Encrypt},
    {"C_Decrypt", " wrong long more short empty ", (void *)my_Decrypt},
    {"C_Sign", " wrong long more short empty ", (void *)my_Sign},
    {"C_EncryptMessage", " wrong long more short empty ", (void *)my_EncryptMessage},
    {"C_WrapKey", " wrong long more short empty ", (void *)my_WrapKey},
    {"C_GenerateRandom", " same ", (void *)my_GenerateRandom},
    {"C_GetMechanismList", " grow huge lie none strange ", (void *)my_GetMechanismList},
    {"C_GetSlotList", " huge none ", (void *)my_GetSlotList},
    {"C_GetTokenInfo", " strange ", (void *)my_GetTokenInfo},
    {"C_GetInfo", " strange ", (void *)my_GetInfo},
    {"C_GetMechanismInfo", " strange ", (void *)my_GetMechanismInfo},
    {"C_GetAttributeValue", " long huge empty ", (void *)my_GetAttributeValue},
    {"C_FindObjects", " huge ", (void *)my_FindObjects},
    {"C_GenerateKey", " strange ", (void *)my_GenerateKey},
};

static void spoil(void *list, size_t size)
{
    void *replacement = (void *)instead;

    if (is("all-null")) { /* the version is all that there is */
        memset((char *)list + sizeof(void *), 0, size - sizeof(void *));
        return;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char word[90];

        snprintf(word, sizeof word, " %s ", kind);
        if (strcmp(parts[i].name, function) == 0 && strstr(parts[i].kinds, word) != NULL)
            replacement = parts[i].function;
    }
    if (is("null"))
        replacement = NULL;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(members[i].name, function) == 0 && members[i].offset < size)
            memcpy((char *)list + members[i].offset, &replacement, sizeof replacement);
}

static CK_RV function_list(const char *name, CK_FUNCTION_LIST **out)
{
    static CK_FUNCTION_LIST lists[8];
    static unsigned n;
    CK_C_GetFunctionList get;
    CK_RV rv;

    start();
    if (strcmp(function, "GetFunctionList") == 0) {
        *out = NULL;
        return instead();
    }
    *(void **)&get = dlsym(real, name);
    rv = get(out);
    if (rv != CKR_OK)
        return rv;
    memcpy(&its, *out, sizeof **out);
    lists[n % 8] = **out;
    spoil(&lists[n % 8], sizeof lists[0]);
    *out = &lists[n++ % 8];
    return CKR_OK;
}

static CK_RV get_interface(const char *name, CK_UTF8CHAR *which, CK_VERSION *version,
                           CK_INTERFACE **out, CK_FLAGS flags)
{
    static struct { /* with room for what comes behind PKCS#11 3.0's functions */
        CK_FUNCTION_LIST_3_0 list;
    } lists[8];
    static CK_INTERFACE interfaces[16];
    static unsigned n, m;
    CK_C_GetInterface get;
    CK_RV rv;

    start();
    if (strcmp(function, "GetInterface") == 0) {
        *out = NULL;
        return instead();
    }
    if (is("only-2.40"))
        return CKR_FUNCTION_FAILED;
    *(void **)&get = dlsym(real, name);
    rv = get == NULL ? CKR_FUNCTION_FAILED : get(which, version, out, flags);
    if (rv != CKR_OK || (*out)->pFunctionList == NULL)
        return rv;
    interfaces[m % 16] = **out;
    if (strcmp((char *)(*out)->pInterfaceName, "Vendor NSS FIPS Interface") == 0) {
        its_fips = my_fips = *(CK_NSS_FIPS_FUNCTIONS *)(*out)->pFunctionList;
        if (strcmp(function, "NSC_NSSGetFIPSStatus") == 0)
            *(void **)&my_fips.NSC_NSSGetFIPSStatus =
                is("null") ? NULL : strstr(" odd yes no contradicts fails ", kind) != NULL
                                        ? (void *)my_status
                                        : (void *)instead;
        interfaces[m % 16].pFunctionList = &my_fips;
    } else if (strcmp((char *)(*out)->pInterfaceName, "PKCS 11") == 0 &&
               ((CK_VERSION *)(*out)->pFunctionList)->major >= 3) {
        memcpy(&its, (*out)->pFunctionList, sizeof its);
        lists[n % 8].list = its;
        lists[n % 8].list.version.minor = 0; /* no more functions than these */
        spoil(&lists[n % 8].list, sizeof lists[0].list);
        interfaces[m % 16].pFunctionList = &lists[n++ % 8].list;
    }
    *out = &interfaces[m++ % 16];
    return CKR_OK;
}

#define ENTRY(PREFIX)                                                                              \
    CK_RV PREFIX##GetFunctionList(CK_FUNCTION_LIST **out);                                         \
    CK_RV PREFIX##GetFunctionList(CK_FUNCTION_LIST **out)                                          \
    {                                                                                              \
        return function_list(#PREFIX "GetFunctionList", out);                                      \
    }                                                                                              \
    CK_RV PREFIX##GetInterface(CK_UTF8CHAR *name, CK_VERSION *version, CK_INTERFACE **out,         \
                               CK_FLAGS flags);                                                    \
    CK_RV PREFIX##GetInterface(CK_UTF8CHAR *name, CK_VERSION *version, CK_INTERFACE **out,         \
                               CK_FLAGS flags)                                                     \
    {                                                                                              \
        return get_interface(#PREFIX "GetInterface", name, version, out, flags);                   \
    }
ENTRY(C_)
ENTRY(FC_)
ENTRY(NSC_)

char **NSC_ModuleDBFunc(unsigned long what, char *parameters, void *args);

char **NSC_ModuleDBFunc(unsigned long what, char *parameters, void *args)
{
    char **(*theirs)(unsigned long, char *, void *);

    start();
    *(void **)&theirs = dlsym(real, "NSC_ModuleDBFunc");
    return theirs == NULL ? NULL : theirs(what, parameters, args);
}
