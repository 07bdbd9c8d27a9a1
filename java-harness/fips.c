/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/fips.h"

#include "base/own.h"
#include "base/text.h"
#include "java-harness/home.h"
#include "java-harness/props.h"
#include "java-harness/providers.h"
#include "java-harness/security.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#define GENERATION_1 "Red Hat generation 1"
#define GENERATION_2 "Red Hat generation 2"
#define GENERATION_3 "Red Hat generation 3"
#define GENERATION_1_OR_2 "Red Hat generation [12]"
#define SUSE_3 "SUSE generation 3"
#define SEMERU "IBM Semeru"
#define STOCK "stock"

#define POLICY "/etc/crypto-policies/back-ends/java.config"
#define SYSTEMCONF "libsystemconf.so"

/* ---- which kind ---------------------------------------------------------------------------- */

/* The markers of JAVA.md 0.1, 1.1 to 1.5 and 2. The first row that matches counts. */
static const struct {
    const char *key, *value;
    const char *support;
} markers[] = {
    {"include", "redhat/*crypto-policies.properties", GENERATION_3},
    {"include", "*crypto-policies.properties", SUSE_3},
    {"fips.nssdb.path", "*", GENERATION_2},
    {"fips.provider.1", "*SunPKCS11*", GENERATION_1},
    {"RestrictedSecurity.*", "*", SEMERU},
    {"security.provider.1", "*BouncyCastleFipsProvider*", STOCK ", Bouncy Castle FIPS first"},
    {"security.provider.1", "BCFIPS*", STOCK ", Bouncy Castle FIPS first"},
    {"security.provider.1", "*AmazonCorrettoCryptoProvider*", STOCK ", Amazon's ACCP first"},
    {"security.provider.1", "*OpenSSLFIPSProvider*", STOCK ", OpenSSL's FIPS module first"},
    {"security.provider.1", "*Jipher*", STOCK ", Oracle's Jipher first"},
    {"security.provider.1", "*CryptoComply*", STOCK ", SafeLogic's CryptoComply first"},
    {"security.provider.1", "*SunPKCS11 ?*", STOCK ", SunPKCS11 first by hand"},
    {"*", "*", STOCK},
};

static const char *support_of(const struct props *props, const struct prop **shows)
{
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        for (size_t k = 0; k < props->n; k++)
            if (text_match(markers[i].key, props->items[k].key) &&
                text_match(markers[i].value, props->items[k].value)) {
                *shows = strcmp(markers[i].key, "*") == 0 ? NULL : &props->items[k];
                return markers[i].support;
            }
    return NULL; /* an empty file */
}

char *fips_support(const struct root *root, const char *home)
{
    own_free char *path = props_security_file(root, home);
    own_props struct props props = {0};
    const struct prop *shows;

    if (path == NULL || props_read(root, path, &props) < 0)
        return NULL;
    return mem_str(support_of(&props, &shows));
}

static void __attribute__((format(printf, 2, 3))) say(struct strings *to, const char *fmt, ...)
{
    va_list args;
    own_free char *raw = NULL, *clean = NULL;

    va_start(args, fmt);
    raw = mem_vprintf(fmt, args);
    va_end(args);
    clean = text_clean(raw, strlen(raw));
    strings_add(to, clean);
}

/* Where libsystemconf.so belongs: JAVA.md 1.4. */
static char *systemconf_of(const struct jdk *jdk)
{
    own_free char *dir = jdk->libjvm == NULL ? mem_printf("%s/lib/x/y", jdk->home)
                                             : mem_str(jdk->libjvm);

    return home_cut(dir, 2) ? mem_printf("%s/" SYSTEMCONF, dir) : NULL;
}

/* The kind, and what shows it. A java.security of another build, or of an older one (rpm leaves an
 * edited one where it is), has no marker; libsystemconf.so comes with the code that looks at it. */
static void find_support(const struct root *root, struct jdk *jdk)
{
    own_free char *path = props_security_file(root, jdk->home);
    own_free char *systemconf = systemconf_of(jdk);
    own_free char *newer = path == NULL ? NULL : mem_printf("%s.rpmnew", path);
    own_props struct props props = {0};
    const struct prop *shows = NULL;
    const char *support = NULL;
    unsigned long major = home_major(jdk->version);
    bool native = systemconf != NULL && root_exists(root, systemconf);

    if (path != NULL && props_read(root, path, &props) == 0)
        support = support_of(&props, &shows);
    if (shows != NULL)
        say(&jdk->fips_files, "%s: %s=%s", path, shows->key, shows->value);
    if (native && (support == NULL || strncmp(support, STOCK, 5) == 0)) {
        support = major == 8 || major == 11 ? GENERATION_1 : GENERATION_2;
        say(&jdk->fips_off, "java.security has no list of FIPS providers (fips.provider.1): it is "
                            "of another build, or an old one that was edited and kept");
    }
    if (native)
        say(&jdk->fips_files, "%s", systemconf);
    else if (support != NULL && text_match(GENERATION_1_OR_2, support))
        say(&jdk->fips_off, "%s is missing: Security cannot be initialised, in any mode",
            systemconf == NULL ? SYSTEMCONF : systemconf);
    if (newer != NULL && root_exists(root, newer))
        say(&jdk->fips_files, "%s: an update's file, not in force beside an edited one", newer);
    free(jdk->fips_support);
    jdk->fips_support = mem_str(support);
}

/* ---- what switches it ---------------------------------------------------------------------- */

enum test {
    UNLESS_TRUE, /* there, and not the word true */
    IF_TRUE,
    IF_FALSE,    /* the very word */
    IF_THERE,
};

#define OFF "switches FIPS off"

/* A system property, by any of the variables: JAVA.md 1.2, 1.3 and 1.5, JAVA-REDHAT 2.2. */
static const struct {
    const char *support; /* pattern of the kinds that look at it */
    const char *property;
    enum test test;
    const char *meaning;
    bool mode;  /* it decides whether FIPS mode is on; the others, how it is done */
    bool shown; /* its value may stand in a report */
} switches[] = {
    {GENERATION_1_OR_2, "com.redhat.fips", UNLESS_TRUE, OFF, true, true},
    {GENERATION_1_OR_2, "java.security.disableSystemPropertiesFile", IF_TRUE, OFF, true, true},
    {GENERATION_1_OR_2, "com.redhat.fips.plainKeySupport", IF_FALSE,
     "keys cannot be imported or exported", false, true},
    {GENERATION_2, "fips.nssdb.path", IF_THERE, "another NSS database", false, true},
    {GENERATION_2, "fips.nssdb.pin", IF_THERE, "a PIN for the NSS database", false, false},
    {GENERATION_3, "redhat.crypto-policies", IF_FALSE, OFF, true, true},
    {SEMERU, "semeru.fips", IF_THERE, "switches FIPS on where it is true", true, true},
    {SEMERU, "semeru.customprofile", IF_THERE, "another FIPS profile", true, true},
    {"*", "java.security.properties", IF_THERE, "changes java.security", true, true},
};

/* What the file of -Djava.security.properties may hold. */
static const struct {
    const char *support, *key, *value, *meaning;
} user_keys[] = {
    {GENERATION_1_OR_2, "fips.provider.1", "*", "another list of providers in FIPS mode"},
    {"*", "security.provider.1", "*SunPKCS11*", "puts SunPKCS11 first"},
    {GENERATION_3, "security.provider.1", "*", "replaces the FIPS list of providers"},
    {GENERATION_3, "__redhat_fips_filter__", "[!t]*", "switches the filter of services off"},
    {"stock*", "security.provider.1", "*", "another list of providers"},
};

struct look {
    const struct root *root;
    const struct launch *launch;
    const struct security *security;
    struct jdk *jdk;
    struct strings *seen;
};

/* It goes to both lists: what switches, and what switches off. */
static void say_off(const struct look *look, char *line)
{
    say(look->seen, "%s", line);
    say(&look->jdk->fips_off, "%s", line);
    free(line);
}

static bool holds(enum test test, const char *value)
{
    bool is_true = strcasecmp(value, "true") == 0; /* Boolean.valueOf */

    if (test == IF_FALSE)
        return strcmp(value, "false") == 0;
    return test == IF_THERE || is_true == (test == IF_TRUE);
}

static void look_at_users_file(const struct look *look)
{
    const char *support = look->jdk->fips_support;

    for (size_t i = 0; i < look->security->files.n; i++)
        if (look->security->files.items[i].user && look->security->files.items[i].problem != NULL)
            say(look->seen, "the file %s cannot be read here: %s",
                look->security->files.items[i].path, look->security->files.items[i].problem);
    for (size_t i = 0; i < sizeof user_keys / sizeof *user_keys; i++) {
        const struct security_file *file = NULL;
        const char *value = security_get(look->security, user_keys[i].key, &file);

        if (value == NULL || !file->user || !text_match(user_keys[i].support, support) ||
            !text_match(user_keys[i].value, value))
            continue;
        say(look->seen, "the file %s sets %s: %s", file->path, user_keys[i].key,
            user_keys[i].meaning);
        if (strcmp(user_keys[i].key, "security.provider.1") == 0)
            return; /* the first of these rows says it best */
    }
}

/* Generations 1 and 2: the switch that Red Hat's packages turn on. */
static void look_at_use(const struct look *look)
{
    static const char key[] = "security.useSystemPropertiesFile";
    const struct security_file *file = NULL, *users = NULL;
    const char *use = security_get(look->security, key, &file);

    for (size_t i = look->security->files.n; i > 0; i--)
        if (look->security->files.items[i - 1].user) /* the first of them: that of the option */
            users = &look->security->files.items[i - 1];
    if (use != NULL && strcasecmp(use, "true") == 0)
        return;
    if (look->security->replaced)
        say_off(look, mem_printf("the file %s (%s) replaces java.security: " OFF, users->path,
                                 users->why));
    else if (file != NULL && file->user)
        say_off(look, mem_printf("the file %s (%s) sets %s=%s: " OFF, file->path, file->why, key,
                                 use));
    else
        say_off(look, mem_printf("java.security has %s=%s: the FIPS support is switched off, as in "
                                 "Red Hat's portable builds",
                                 key, use == NULL ? "(nothing)" : use));
}

static void look_at_policy(const struct look *look)
{
    own_buf struct buf text = {0};
    own_props struct props policy = {0};
    int rc = root_read(look->root, POLICY, PROPS_MAX, &text);

    if (rc == -ENOENT)
        say_off(look, mem_str(POLICY " is missing: FIPS stays off without a word"));
    else if (rc < 0)
        say_off(look, mem_printf(POLICY " cannot be read: %s: FIPS stays off without a word",
                                 strerror(-rc)));
    else
        policy = props_parse(text.data);
    if (policy.malformed)
        say_off(look, mem_str("Security cannot be initialised: " POLICY
                              " has a \\u without its four digits"));
}

static void look_at_options(const struct look *look)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        const struct launch_word *word = launch_property(look->launch, switches[i].property);
        own_free char *source = NULL, *line = NULL;

        if (word == NULL || !text_match(switches[i].support, look->jdk->fips_support) ||
            !holds(switches[i].test, launch_value(word)))
            continue;
        source = launch_source(word);
        line = mem_printf("%s has -D%s=%s: %s", source, switches[i].property,
                          switches[i].shown ? launch_value(word) : "...", switches[i].meaning);
        if (strcmp(switches[i].meaning, OFF) == 0)
            say_off(look, steal_ptr(&line));
        else
            say(look->seen, "%s", line);
        if (strcmp(switches[i].property, "java.security.properties") == 0)
            look_at_users_file(look);
    }
}

static void find_switches(const struct look *look, char *const *env)
{
    bool early = text_match(GENERATION_1_OR_2, look->jdk->fips_support);

    if (look->security->broken != NULL)
        say_off(look, mem_printf("Security cannot be initialised: %s", look->security->broken));
    look_at_options(look);
    if (early) {
        look_at_use(look);
        look_at_policy(look);
    }
    if (early && text_env(env, "NSS_FIPS") != NULL)
        say(look->seen, "NSS_FIPS is set: with NSS 3.94 and later it decides instead of the "
                        "kernel's flag");
}

/* ---- all of it ------------------------------------------------------------------------------ */

static char *joined(const struct strings *lines)
{
    struct buf out = {0};

    for (size_t i = 0; i < lines->n; i++)
        buf_printf(&out, "%s%s", i > 0 ? "; " : "", lines->items[i]);
    return out.len == 0 ? NULL : buf_steal(&out);
}

static void list_files(const struct security *security, struct jdk *jdk)
{
    for (size_t i = 0; i < security->files.n; i++) {
        const struct security_file *f = &security->files.items[i];

        say(&jdk->security_files, "%s%s%s (%s)%s%s%s", f->path, f->real == NULL ? "" : " -> ",
            f->real == NULL ? "" : f->real, f->why,
            security->replaced && !f->user ? ": replaced" : "",
            f->problem == NULL ? "" : ": not read: ", f->problem == NULL ? "" : f->problem);
    }
}

static void list_policy(const struct root *root, struct jdk *jdk)
{
    own_free char *real = home_resolved(root, POLICY);

    if (!text_match(GENERATION_1_OR_2, jdk->fips_support))
        return; /* of generation 3 it is among the files that are included */
    say(&jdk->security_files, POLICY "%s%s (crypto-policies)%s",
        real == NULL || strcmp(real, POLICY) == 0 ? "" : " -> ",
        real == NULL || strcmp(real, POLICY) == 0 ? "" : real, real == NULL ? ": not there" : "");
}

/* Every entry that is in force in the one mode or the other. */
static void list_pkcs11(const struct root *root, const struct launch *launch,
                        const struct security *security, struct jdk *jdk)
{
    for (size_t i = 0; i < security->props.n; i++) {
        const struct prop *entry = &security->props.items[i];
        struct jdk_pkcs11 found;

        if (!text_match("*.provider.*", entry->key) ||
            security_get(security, entry->key, NULL) != entry->value)
            continue; /* a later line stands for it */
        if (providers_pkcs11(root, jdk->home, launch, security, entry, &found))
            *mem_push(&jdk->pkcs11) = found;
    }
}

void fips_examine(const struct root *root, char *const *env, struct jdk *jdk)
{
    unsigned long major = home_major(jdk->version);
    own_launch struct launch launch = {0};
    own_security struct security security = {0};
    struct strings seen = {0};

    find_support(root, jdk);
    launch_read(root, env, major, &launch);
    security_read(root, jdk->home, major, &launch, true, &security);
    list_files(&security, jdk);
    if (jdk->fips_support != NULL) {
        struct look look = {root, &launch, &security, jdk, &seen};

        for (size_t i = 0; i < jdk->fips_off.n; i++)
            strings_add(&seen, jdk->fips_off.items[i]);
        find_switches(&look, env);
        list_policy(root, jdk);
    }
    list_pkcs11(root, &launch, &security, jdk);
    jdk->fips_switch = joined(&seen);
    jdk->fips_option = fips_option(jdk->fips_support, &launch);
    jdk->asks_nss = jdk->fips_switch != NULL || jdk->pkcs11.n > 0 || jdk->fips_support == NULL ||
                    strncmp(jdk->fips_support, STOCK, 5) != 0;
    strings_free(&seen);
}

/* ---- the other way round ------------------------------------------------------------------- */

bool fips_is_switch(const char *support, const char *option)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        size_t len = strlen(switches[i].property);

        if (switches[i].mode && text_match(switches[i].support, support) &&
            strncmp(option, "-D", 2) == 0 && strncmp(option + 2, switches[i].property, len) == 0 &&
            (option[2 + len] == '=' || option[2 + len] == '\0'))
            return true;
    }
    return false;
}

/* The first switch in force, as "-Dname=value of JAVA_TOOL_OPTIONS"; or NULL. */
static char *switch_in_force(const char *support, const struct launch *launch)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        const struct launch_word *word = launch_property(launch, switches[i].property);

        if (switches[i].mode && word != NULL && text_match(switches[i].support, support) &&
            holds(switches[i].test, launch_value(word)))
            return mem_printf("-D%s=%s of %s", switches[i].property, launch_value(word),
                              word->variable);
    }
    return NULL;
}

/* JAVA.md 0.1 and 1.5. SUSE's builds of generation 3 have a property whose name is not known. */
static const struct {
    const char *support, *option;
} options[] = {
    {GENERATION_1_OR_2, "-Dcom.redhat.fips=false"},
    {GENERATION_3, "-Dredhat.crypto-policies=false"},
    {SEMERU, "-Dsemeru.fips=true"},
};

char *fips_option(const char *support, const struct launch *launch)
{
    own_free char *in_force = support == NULL ? NULL : switch_in_force(support, launch);
    own_free char *raw = NULL;

    if (in_force != NULL) {
        raw = mem_printf("without %s", in_force);
        return text_clean(raw, strlen(raw));
    }
    for (size_t i = 0; support != NULL && i < sizeof options / sizeof *options; i++)
        if (text_match(options[i].support, support))
            return mem_str(options[i].option);
    return NULL;
}
