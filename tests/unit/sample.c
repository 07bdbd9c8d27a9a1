/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include "base/own.h"

#include <check.h>
#include <string.h>

static const struct op ops[] = {
    {"open", "opens", {{NULL, PARAM_END, false}}},
    {"op", "does it", {{NULL, PARAM_END, false}}},
    {NULL, NULL, {{NULL, PARAM_END, false}}},
};

#define BOTH(id, title) "- {id: " id ", title: " title ", pkcs11: {op: op}, jca: {op: op}}\n"

static const char catalogue_text[] =
    "- {id: door.open, title: opens, pkcs11: {op: open}, jca: {op: open}}\n"
    "- {id: provider.primary, title: primary provider, jca: {op: op}}\n"
    BOTH("digest.md5", "MD5") BOTH("digest.sha-256", "SHA-256")
    BOTH("cipher.aes-256-gcm.caller-iv", "AES-256-GCM")
    BOTH("cipher.aes-256-gcm.module-iv", "AES-256-GCM")
    BOTH("cipher.blowfish-cbc", "Blowfish")
    BOTH("mac.hmac-sha-256.key-64", "HMAC with a short key")
    "- {id: agreement.dh-1024, title: DH, pkcs11: {op: op, refusal: CKR_ARGUMENTS_BAD}, "
    "jca: {op: op, refusal: 'CKR_ARGUMENTS_BAD CKR_GENERAL_ERROR'}}\n"
    "- {id: tls.handshake.tls13, title: TLS 1.3, jca: {op: op}}\n"
    "- {id: tls.handshake.tls12, title: TLS 1.2, jca: {op: op}}\n"
    "- {id: tls.handshake.tls12.cbc, title: TLS 1.2 with CBC, jca: {op: op}}\n"
    "- {id: keystore.cacerts, title: cacerts, jca: {op: op}}\n"
    "- {id: tls.handshake.tls11, title: TLS 1.1, jca: {op: op}}\n"
    "- {id: key.import, title: import, pkcs11: {op: op}}\n";

void sample_init(struct sample *sample)
{
    static const struct catalogue_rules rules = {.pkcs11_ops = ops, .jca_ops = ops};
    const char *dir = getenv("srcdir");
    own_free char *path = mem_printf("%s/data/diagnoses.yaml", dir == NULL ? "." : dir);
    own_file FILE *f = fopen(path, "re");
    own_err struct err err = {0};
    static char text[1 << 16];
    size_t len;

    *sample = (struct sample){0};
    ck_assert_ptr_nonnull(f);
    len = fread(text, 1, sizeof text, f);
    ck_assert_uint_lt(len, sizeof text);
    if (diagnoses_load("diagnoses.yaml", text, len, &sample->diagnoses, &err) < 0 ||
        catalogue_load("sample", catalogue_text, strlen(catalogue_text), &rules,
                       &sample->catalogue, &err) < 0)
        ck_abort_msg("%s", err.msg);
    sample->report.started = mem_str("2026-11-22T03:00:00Z");
    sample->report.wall_ms = 734;
    strings_add(&sample->report.on_request_nss, "signature.rsa-4096");
    strings_add(&sample->report.on_request_java, "tls.handshake.tls11");
    strings_add(&sample->report.on_request_java, "signature.rsa-4096");
    sample->report.host = (struct host){
        .kernel = mem_str("Linux 6.1.0-56-amd64"),
        .machine = mem_str("x86_64"),
        .flag = FLAG_OFF,
        .flag_detail = mem_str("0"),
        .flag_truth = TRUTH_KERNEL,
        .os = mem_str("Debian GNU/Linux 12 (bookworm)"),
        .os_id = mem_str("debian:12"),
    };
}

void sample_free(struct sample *sample)
{
    report_free(&sample->report);
    catalogue_free(&sample->catalogue);
    diagnoses_free(&sample->diagnoses);
}

static char *blanks(const char *value)
{
    char *copy = mem_str(value);

    for (char *c = copy; *c != '\0'; c++)
        if (*c == '~')
            *c = ' ';
    return copy;
}

static void set_value(struct evidence *e, const char *key, const char *value)
{
    const struct {
        const char *key;
        char **at;
    } texts[] = {{"step", &e->step},         {"code", &e->code},     {"detail", &e->detail},
                 {"provider", &e->provider}, {"answer", &e->answer}};
    int rc = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].key, key) == 0) {
            *texts[i].at = blanks(value);
            return;
        }
    if (strcmp(key, "listed") == 0)
        rc = listing_parse(value, &e->listed);
    else if (strcmp(key, "check") == 0)
        rc = check_parse(value, &e->check);
    else if (strcmp(key, "indicator") == 0)
        rc = indicator_parse(value, &e->indicator);
    else if (strcmp(key, "key") == 0)
        rc = indicator_parse(value, &e->key_indicator);
    else if (strcmp(key, "validation") == 0)
        rc = indicator_parse(value, &e->validation);
    else if (strcmp(key, "key-validation") == 0)
        rc = indicator_parse(value, &e->key_validation);
    else
        rc = -1;
    if (rc < 0)
        ck_abort_msg("sample: %s=%s", key, value);
}

static void add_row(struct sample *sample, enum door door, int jdk, enum context context,
                    char *row)
{
    char *save = NULL, *id = strtok_r(row, " ", &save), *word = strtok_r(NULL, " ", &save);
    struct observation *o = mem_push(&sample->report.observations);

    o->probe = catalogue_find(&sample->catalogue, id);
    o->door = door;
    o->context = context;
    o->jdk = jdk;
    if (o->probe == NULL || word == NULL || result_parse(word, &o->evidence.result) < 0)
        ck_abort_msg("sample: %s %s", id, word);
    while ((word = strtok_r(NULL, " ", &save)) != NULL) {
        char *value = strchr(word, '=');

        ck_assert_ptr_nonnull(value);
        *value = '\0';
        set_value(&o->evidence, word, value + 1);
    }
}

void sample_door(struct sample *sample, enum door door, int jdk, unsigned contexts,
                 enum control control, const char *rows)
{
    for (int c = 0; c < CONTEXT_MAX; c++) {
        own_free char *copy = NULL;
        struct group *g;
        char *save = NULL;

        if (!(contexts & 1u << c))
            continue;
        copy = mem_str(rows);
        g = mem_push(&sample->report.groups);
        *g = (struct group){.door = door,
                            .context = (enum context)c,
                            .jdk = jdk,
                            .ending = ENDING_DONE,
                            .children = 1,
                            .wall_ms = 20,
                            .presented = c != CONTEXT_AS_IS,
                            .way = c != CONTEXT_AS_IS ? WAY_NOTIFICATION : WAY_NONE,
                            .control = control,
                            .facts = json_object()};
        for (char *row = strtok_r(copy, "\n", &save); row != NULL;
             row = strtok_r(NULL, "\n", &save))
            add_row(sample, door, jdk, (enum context)c, row);
    }
}

void sample_fact(struct sample *sample, enum door door, int jdk, unsigned contexts,
                 const char *key, const char *json)
{
    for (size_t i = 0; i < sample->report.groups.n; i++) {
        struct group *g = &sample->report.groups.items[i];

        if (g->door == door && g->jdk == jdk && contexts & 1u << g->context) {
            json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);

            ck_assert_ptr_nonnull(value);
            json_object_set_new(g->facts, key, value);
        }
    }
}

struct module_file *sample_module(struct sample *sample, const char *dir, const char *name,
                                  const char *version, enum chk_state chk)
{
    struct module_file *m = mem_push(&sample->report.modules);

    m->name = mem_str(name);
    m->path = mem_printf("%s/%s", dir, name);
    m->found_how = mem_str("mapped by softokn-fips (as-is)");
    m->size = 300000;
    m->mode = 0644;
    m->sha256 = mem_printf("%064zx", 0xabcdef00 + sample->report.modules.n);
    m->machine = mem_str("x86_64");
    m->soname = mem_str(name);
    m->build_id = mem_str("0123456789abcdef0123456789abcdef01234567");
    strings_add(&m->needed, "libnspr4.so");
    strings_add(&m->needed, "libc.so.6");
    m->stripped = 1;
    m->nss_version = mem_str(version);
    m->chk = chk;
    if (chk != CHK_NONE_EXPECTED) {
        m->chk_path = mem_printf("%s/%.*s.chk", dir, (int)strlen(name) - 3, name);
        m->chk_format = chk == CHK_VERIFIED || chk == CHK_MISMATCH ? mem_str("2.1 HMAC-SHA-256")
                                                                   : NULL;
    }
    return m;
}

struct jdk *sample_jdk(struct sample *sample, const char *home, const char *version,
                       const char *fips_support)
{
    struct jdk *j = mem_push(&sample->report.jdks);

    j->home = mem_str(home);
    j->libjvm = mem_printf("%s/lib/server/libjvm.so", home);
    j->version = mem_str(version);
    j->vendor = mem_str("Vendor");
    j->found_how = mem_str("java on PATH");
    j->fips_support = mem_str(fips_support);
    return j;
}

void sample_judge(struct sample *sample)
{
    struct report *r = &sample->report;

    for (size_t i = 0; i < r->observations.n; i++) {
        struct observation *o = &r->observations.items[i];
        const struct group *g =
            look_group(r, (struct place){o->door, o->jdk}, o->context);

        o->outcome = judge_classify(o, g == NULL ? CONTROL_FAILED : g->control);
    }
    judge_dependence(r);
    judge_diagnose(r, &sample->diagnoses);
    judge_summary(r);
}

const struct finding *sample_finding(const struct sample *sample, const char *id)
{
    for (size_t i = 0; i < sample->report.findings.n; i++)
        if (strcmp(sample->report.findings.items[i].diagnosis->id, id) == 0)
            return &sample->report.findings.items[i];
    return NULL;
}

/* ---- whole reports ------------------------------------------------------------------------------ */

#define DEBIAN_LIB "/usr/lib/x86_64-linux-gnu"
#define OPEN "door.open done\n"
#define TOKEN_REFUSES                                                                              \
    "cipher.blowfish-cbc failed listed=no code=CKR_MECHANISM_INVALID step=C_GenerateKey\n"         \
    "mac.hmac-sha-256.key-64 failed listed=yes code=CKR_KEY_SIZE_RANGE step=C_SignInit\n"          \
    "agreement.dh-1024 failed listed=yes code=CKR_ARGUMENTS_BAD step=C_GenerateKeyPair\n"          \
    "key.import failed listed=yes code=CKR_ATTRIBUTE_VALUE_INVALID step=C_CreateObject\n"
#define TOKEN_TAKES                                                                                \
    "cipher.blowfish-cbc failed listed=no code=CKR_MECHANISM_INVALID step=C_GenerateKey\n"         \
    "mac.hmac-sha-256.key-64 done check=round-trip\n"                                              \
    "agreement.dh-1024 done check=agreement\n"                                                     \
    "key.import done\n"
#define PLAIN                                                                                      \
    OPEN "digest.md5 done check=known-answer\n"                                                    \
         "digest.sha-256 done check=known-answer\n"                                                \
         "cipher.aes-256-gcm.caller-iv done check=round-trip\n"                                    \
         "cipher.aes-256-gcm.module-iv done check=round-trip\n"
#define JAVA(primary)                                                                              \
    OPEN "provider.primary done answer=" primary "\n"                                              \
         "digest.md5 done check=known-answer provider=SUN\n"                                       \
         "digest.sha-256 done check=known-answer provider=SUN\n"                                   \
         "cipher.aes-256-gcm.caller-iv done check=round-trip provider=SunJCE\n"                    \
         "cipher.blowfish-cbc done check=round-trip provider=SunJCE\n"                             \
         "agreement.dh-1024 done check=agreement provider=SunJCE\n"

static void debian_nss(struct sample *s, unsigned contexts)
{
    static const char *const names[] = {"libsoftokn3.so", "libfreeblpriv3.so", "libfreebl3.so"};

    for (size_t i = 0; i < 3; i++) {
        struct module_file *m =
            sample_module(s, DEBIAN_LIB, names[i], "3.87.1", CHK_VERIFIED);

        free(m->chk_format);
        m->chk_format = mem_str("1.2 DSA over SHA-256");
        if (i == 0)
            m->module_id = mem_str("Generic NSS 3.87.1 Basic ECC Unvalidated");
    }
    sample_module(s, DEBIAN_LIB, "libnss3.so", "3.87.1", CHK_NONE_EXPECTED);
    sample_module(s, DEBIAN_LIB, "libnssutil3.so", "3.87.1", CHK_NONE_EXPECTED);
    sample_door(s, DOOR_SOFTOKN_FIPS, -1, contexts, CONTROL_NOT_BUILT_IN, PLAIN TOKEN_REFUSES);
    sample_fact(s, DOOR_SOFTOKN_FIPS, -1, contexts, "fips_token", "true");
    sample_fact(s, DOOR_SOFTOKN_FIPS, -1, contexts, "token",
                "\"NSS FIPS 140-2 Certificate DB\"");
    sample_fact(s, DOOR_SOFTOKN_FIPS, -1, contexts, "module_id",
                "\"Generic NSS 3.87.1 Basic ECC Unvalidated\"");
    sample_door(s, DOOR_SOFTOKN_DEFAULT, -1, contexts, CONTROL_NO_INTERFACE, PLAIN TOKEN_TAKES);
    sample_door(s, DOOR_NSS, -1, contexts & ~ON, CONTROL_NO_INTERFACE,
                PLAIN "cipher.blowfish-cbc failed listed=no code=SEC_ERROR_NO_TOKEN\n"
                      "mac.hmac-sha-256.key-64 done check=round-trip\n"
                      "agreement.dh-1024 done check=agreement\n"
                      "key.import done\n");
    sample_fact(s, DOOR_NSS, -1, contexts & ~ON, "system_fips", "false");
    sample_door(s, DOOR_NSS, -1, contexts & ON, CONTROL_NOT_BUILT_IN,
                PLAIN "cipher.blowfish-cbc failed listed=no code=SEC_ERROR_NO_TOKEN\n"
                      "mac.hmac-sha-256.key-64 failed listed=yes code=SEC_ERROR_INVALID_KEY\n"
                      "agreement.dh-1024 failed listed=yes code=SEC_ERROR_INVALID_KEY\n"
                      "key.import failed listed=yes code=SEC_ERROR_BAD_DATA\n");
    sample_fact(s, DOOR_NSS, -1, contexts & ON, "system_fips", "true");
}

static void stock_java(struct sample *s, unsigned contexts)
{
    sample_jdk(s, "/usr/lib/jvm/java-17-openjdk-amd64", "17.0.15", "stock");
    sample_door(s, DOOR_JCA, 0, contexts, CONTROL_NO_INTERFACE, JAVA("SUN"));
    sample_fact(s, DOOR_JCA, 0, contexts, "java_version", "\"17.0.15\"");
    sample_fact(s, DOOR_JCA, 0, contexts, "vm", "\"OpenJDK 64-Bit Server VM 17.0.15+6\"");
    sample_fact(s, DOOR_JCA, 0, contexts, "providers",
                "[{\"name\":\"SUN\",\"version\":\"17\",\"info\":\"SUN\",\"services\":53},"
                "{\"name\":\"SunRsaSign\",\"version\":\"17\",\"info\":null,\"services\":19},"
                "{\"name\":\"SunEC\",\"services\":42},{\"name\":\"SunJSSE\",\"services\":15},"
                "{\"name\":\"SunJCE\",\"services\":162},{\"name\":\"SunJGSS\",\"services\":2},"
                "{\"name\":\"SunSASL\",\"services\":8},{\"name\":\"XMLDSig\",\"services\":13},"
                "{\"name\":\"SunPCSC\",\"services\":1},{\"name\":\"JdkLDAP\",\"services\":1},"
                "{\"name\":\"JdkSASL\",\"services\":2},{\"name\":\"SunPKCS11\",\"services\":0}]");
}

/* Two lists: FIPS mode takes a mechanism away, another one has another size there. */
#define MECHANISM(name, number, min, flags)                                                        \
    "{\"name\":\"" name "\",\"number\":\"" number "\",\"min\":" min ",\"max\":512,\"flags\":[" flags "]}"
#define FIRST                                                                                      \
    MECHANISM("CKM_SHA256", "0x250", "0", "\"digest\"") ","                                        \
    MECHANISM("0x7fff1234", "0x7fff1234", "0", "") ","
#define FIPS_LIST "[" FIRST MECHANISM("CKM_SHA256_HMAC", "0x251", "16", "\"sign\"") "]"
#define OTHER_LIST                                                                                 \
    "[" FIRST MECHANISM("CKM_SHA256_HMAC", "0x251", "1", "\"sign\"") ","                          \
    MECHANISM("CKM_MD5", "0x210", "0", "\"digest\"") "]"

static void token_lists(struct sample *s)
{
    strings_add(&s->report.row_mechanisms, "CKM_SHA256");
    strings_add(&s->report.row_mechanisms, "CKM_MD5");
    strings_add(&s->report.unasked, "CKM_SHA256_HMAC");
    strings_add(&s->report.unasked_reasons, "for the sake of the sample");
    sample_fact(s, DOOR_SOFTOKN_FIPS, -1, ALL, "mechanism_info", FIPS_LIST);
    sample_fact(s, DOOR_SOFTOKN_DEFAULT, -1, ALL, "mechanism_info", OTHER_LIST);
    sample_fact(s, DOOR_NSS, -1, ALL & ~ON, "mechanism_info", OTHER_LIST);
    sample_fact(s, DOOR_NSS, -1, ON, "mechanism_info", FIPS_LIST);
}

static void make_debian(struct sample *s)
{
    s->report.host.flag = FLAG_ABSENT;
    free(s->report.host.flag_detail);
    s->report.host.flag_detail = mem_str("No such file or directory");
    debian_nss(s, ALL);
    token_lists(s);
    stock_java(s, ALL);
}

static void make_amazon(struct sample *s)
{
    static const char rows[] =
        OPEN "digest.md5 done check=known-answer indicator=not-ok\n"
             "digest.sha-256 done check=known-answer indicator=ok\n"
             "cipher.aes-256-gcm.caller-iv done check=round-trip indicator=not-ok key=ok\n"
             "cipher.aes-256-gcm.module-iv done check=round-trip indicator=ok key=ok\n"
        TOKEN_REFUSES;
    static const char *const names[] = {"libsoftokn3.so", "libfreeblpriv3.so", "libfreebl3.so"};

    s->report.java_skipped = true;
    for (size_t i = 0; i < 3; i++) {
        struct module_file *m = sample_module(s, "/opt/al2023/lib", names[i], "3.90.0",
                                              CHK_VERIFIED);

        m->known_build = mem_str("Amazon Linux 2023 nss 3.90.0 (x86_64)");
        m->known_source = mem_str("npm package @sparticuz/chromium 147.0.0");
        if (i == 0)
            m->module_id = mem_str("Amazon Linux 2023 nss 3.90.0-3e9a8358c972db98");
    }
    sample_door(s, DOOR_SOFTOKN_FIPS, -1, ALL, CONTROL_WORKING, rows);
    sample_door(s, DOOR_SOFTOKN_DEFAULT, -1, ALL, CONTROL_NO_INTERFACE, PLAIN TOKEN_TAKES);
}

/* A module of PKCS#11 3.2 whose two ways to ask disagree. */
static void make_contradiction(struct sample *s)
{
    static const char rows[] =
        OPEN "digest.md5 done check=known-answer indicator=not-ok validation=ok\n"
             "digest.sha-256 done check=known-answer indicator=ok validation=ok\n"
             "cipher.aes-256-gcm.caller-iv done check=round-trip indicator=ok key=ok validation=ok "
             "key-validation=not-ok\n"
             "cipher.aes-256-gcm.module-iv done check=round-trip indicator=ok key=ok "
             "validation=not-ok key-validation=ok\n";
    static const char validations[] =
        "[{\"class\":\"CKO_NSS_VALIDATION\",\"type\":\"FIPS 140\",\"version\":\"3.0\",\"level\":1,"
        "\"module_id\":\"Vendor NSS 3.140\"},{\"class\":\"CKO_VALIDATION\",\"type\":\"software\","
        "\"version\":\"3.0\",\"level\":1,\"module_id\":\"Vendor NSS 3.140\",\"flag\":\"0x1\","
        "\"authority\":\"NIST CMVP\",\"country\":\"US\",\"certificate_identifier\":\"\"}]";

    s->report.java_skipped = true;
    sample_module(s, "/usr/lib64", "libsoftokn3.so", "3.140", CHK_VERIFIED)->module_id =
        mem_str("Vendor NSS 3.140");
    sample_door(s, DOOR_SOFTOKN_FIPS, -1, ALL, CONTROL_WORKING, rows);
    sample_fact(s, DOOR_SOFTOKN_FIPS, -1, ALL, "fips_token", "true");
    sample_fact(s, DOOR_SOFTOKN_FIPS, -1, ALL, "validation_flags", "\"asked\"");
    sample_fact(s, DOOR_SOFTOKN_FIPS, -1, ALL, "validations", validations);
    sample_door(s, DOOR_SOFTOKN_DEFAULT, -1, ALL, CONTROL_CONTRADICTED,
                OPEN "digest.sha-256 done check=known-answer indicator=ok validation=not-ok\n");
}

static void make_no_nss(struct sample *s)
{
    static const char rows[] =
        "door.open failed code=not-found step=dlopen "
        "detail=libsoftokn3.so:~cannot~open~shared~object~file:~No~such~file~or~directory\n"
        "digest.sha-256 not-run detail=the~door~did~not~open\n";

    sample_door(s, DOOR_SOFTOKN_FIPS, -1, ALL, CONTROL_NO_INTERFACE, rows);
    sample_door(s, DOOR_SOFTOKN_DEFAULT, -1, ALL, CONTROL_NO_INTERFACE, rows);
    sample_door(s, DOOR_NSS, -1, ALL, CONTROL_NO_INTERFACE, rows);
    stock_java(s, ALL);
}

static void make_no_jdk(struct sample *s)
{
    debian_nss(s, ALL);
}

static void make_presenting_refused(struct sample *s)
{
    s->report.host.container = mem_str("docker");
    s->report.host.container_evidence = mem_str("/.dockerenv");
    debian_nss(s, AS_IS);
    for (int c = CONTEXT_KERNEL_OFF; c <= CONTEXT_KERNEL_ON; c++)
        for (int door = DOOR_SOFTOKN_FIPS; door <= DOOR_NSS; door++) {
            struct group *g = mem_push(&s->report.groups);

            *g = (struct group){.door = (enum door)door,
                                .context = (enum context)c,
                                .jdk = -1,
                                .ending = ENDING_DONE,
                                .children = 1,
                                .facts = json_object(),
                                .not_presented = mem_str(
                                    "seccomp(SECCOMP_SET_MODE_FILTER) was refused: Operation not "
                                    "permitted; allow the call in the container's seccomp "
                                    "profile")};
        }
    s->report.java_skipped = true;
}

static void make_damaged(struct sample *s)
{
    static const char rows[] =
        "door.open failed code=CKR_DEVICE_ERROR step=C_Initialize\n"
        "digest.sha-256 not-run detail=the~door~did~not~open:~CKR_DEVICE_ERROR\n";
    struct module_file *m;

    s->report.java_skipped = true;
    m = sample_module(s, "/opt/nss", "libsoftokn3.so", "3.90.0", CHK_MISSING);
    m->chk_detail = mem_str("No such file or directory");
    m = sample_module(s, "/opt/nss", "libfreebl3.so", "3.90.0", CHK_MISMATCH);
    m->chk_detail = mem_str("the HMAC-SHA-256 of the file is another one");
    m = mem_push(&s->report.modules);
    m->name = mem_str("libfreeblpriv3.so");
    m->path = mem_str("/opt/nss/libfreeblpriv3.so");
    m->problem = mem_str(JUDGE_NO_SUCH_FILE);
    sample_door(s, DOOR_SOFTOKN_FIPS, -1, ALL, CONTROL_NO_INTERFACE, rows);
    sample_door(s, DOOR_SOFTOKN_DEFAULT, -1, ALL, CONTROL_NO_INTERFACE, PLAIN TOKEN_TAKES);
}

#define JAVA_FIPS                                                                                  \
    OPEN "provider.primary done answer=SunPKCS11-NSS-FIPS\n"                                       \
         "digest.md5 done check=known-answer provider=SunPKCS11-NSS-FIPS\n"                        \
         "digest.sha-256 done check=known-answer provider=SunPKCS11-NSS-FIPS\n"                    \
         "cipher.aes-256-gcm.caller-iv done check=round-trip provider=SunPKCS11-NSS-FIPS\n"        \
         "cipher.blowfish-cbc failed listed=no step=KeyGenerator.getInstance "                     \
         "code=java.security.NoSuchAlgorithmException "                                            \
         "detail=java.security.NoSuchAlgorithmException:~Blowfish~KeyGenerator~not~available\n"    \
         "agreement.dh-1024 failed listed=yes step=KeyPairGenerator.generateKeyPair "              \
         "code=java.security.ProviderException~<-~sun.security.pkcs11.wrapper.PKCS11Exception/"    \
         "CKR_ATTRIBUTE_VALUE_INVALID detail=java.security.ProviderException:~CKR\n"

static void make_host_on(struct sample *s)
{
    s->report.host.flag = FLAG_ON;
    free(s->report.host.os);
    s->report.host.os = mem_str("Red Hat Enterprise Linux 9.2 (Plow)");
    s->report.host.cmdline_fips = mem_str("1");
    s->report.host.crypto_policy = mem_str("FIPS");
    s->report.nss_skipped = true;
    sample_jdk(s, "/usr/lib/jvm/java-17-openjdk-17.0.19.0.10-1.el9.x86_64", "17.0.19",
               "Red Hat generation 2");
    sample_door(s, DOOR_JCA, 0, AS_IS | ON, CONTROL_NO_INTERFACE, JAVA_FIPS);
    sample_door(s, DOOR_JCA, 0, OFF, CONTROL_NO_INTERFACE, JAVA("SUN"));
    sample_fact(s, DOOR_JCA, 0, AS_IS | ON, "providers",
                "[{\"name\":\"SunPKCS11-NSS-FIPS\",\"services\":173},"
                "{\"name\":\"SUN\",\"services\":13},{\"name\":\"SunEC\",\"services\":8},"
                "{\"name\":\"SunJSSE\",\"services\":15},{\"name\":\"SunJCE\",\"services\":48},"
                "{\"name\":\"SunRsaSign\",\"services\":3},{\"name\":\"XMLDSig\",\"services\":13}]");
    sample_fact(s, DOOR_JCA, 0, OFF, "providers", "[{\"name\":\"SUN\",\"services\":53}]");
}

/* The README's recipe of nssModule=fips on a host that is not in FIPS mode, a wrong answer, a
 * crash, a hang, and a text that is neither short nor UTF-8. */
static void make_trouble(struct sample *s)
{
    struct host_variable *v = mem_push(&s->report.host.variables);

    v->name = mem_str("NSS_FIPS");
    v->value = mem_str("1\xff");
    v->meaning = "switches NSS 3.94 and later to FIPS";
    s->report.host.flag = FLAG_UNREADABLE;
    s->report.host.cmdline_fips = mem_str("1");
    s->report.host.flag_overmount = mem_str("a tmpfs is mounted over it");
    s->report.host.flag_truth = TRUTH_PRESENTED;
    s->report.host.flag_presented = mem_str("a pipe");
    strings_add(&s->report.host.flag_evidence, "the kernel was started with fips=1");
    strings_add(&s->report.host.from_host, "/etc/system-fips: mounted over (/ of tmpfs 'tmpfs')");
    sample_module(s, "/opt/\xe6\x9d\xb1\xe4\xba\xac", "libsoftokn3.so", "3.110", CHK_UNREADABLE);
    sample_module(s, "/opt/\xe6\x9d\xb1\xe4\xba\xac", "libnss3.so", "3.87.1", CHK_NONE_EXPECTED)
        ->changed = true;
    sample_door(s, DOOR_SOFTOKN_FIPS, -1, ALL, CONTROL_FAILED,
                OPEN "digest.md5 wrong check=known-answer step=C_Digest\n"
                     "digest.sha-256 crashed step=C_DigestInit code=SIGSEGV "
                     "detail=SIGSEGV~in~C_DigestInit\n"
                     "cipher.aes-256-gcm.caller-iv timed-out step=C_Encrypt\n");
    sample_jdk(s, "/opt/jdk", "17.0.15", "stock");
    sample_jdk(s, "/opt/jdk-broken", NULL, NULL)->problem = mem_str("no lib/server/libjvm.so");
    sample_door(s, DOOR_JCA, 0, AS_IS | OFF, CONTROL_NO_INTERFACE,
                OPEN "provider.primary failed code=java.security.ProviderException "
                     "step=Security.getProviders "
                     "detail=java.security.ProviderException:~NSS~module~not~available:~fips\n"
                     "digest.sha-256 done provider=SUN\n");
    sample_fact(s, DOOR_JCA, 0, AS_IS | OFF, "provider_error",
                "\"java.security.ProviderException: NSS module not available: fips\"");
    sample_fact(s, DOOR_JCA, 0, AS_IS | OFF, "provider_error_then",
                "\"skipped from the 2nd access on\"");
    sample_door(s, DOOR_JCA, 0, ON, CONTROL_NO_INTERFACE,
                OPEN "provider.primary done answer=SunPKCS11-NSS-FIPS\n"
                     "digest.sha-256 done provider=SunPKCS11-NSS-FIPS\n");
}

const struct sample_report sample_reports[] = {
    {"debian", make_debian},
    {"amazon", make_amazon},
    {"contradiction", make_contradiction},
    {"no-nss", make_no_nss},
    {"no-jdk", make_no_jdk},
    {"presenting-refused", make_presenting_refused},
    {"damaged", make_damaged},
    {"host-on", make_host_on},
    {"trouble", make_trouble},
    {NULL, NULL},
};
