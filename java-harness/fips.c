/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/fips.h"

#include "base/own.h"
#include "base/text.h"
#include "java-harness/options.h"
#include "java-harness/props.h"

#include <string.h>
#include <strings.h>

#define GENERATION_1 "Red Hat generation 1"
#define GENERATION_2 "Red Hat generation 2"
#define GENERATION_3 "Red Hat generation 3"
#define SUSE_3 "SUSE generation 3"
#define SEMERU "IBM Semeru"
#define STOCK "stock"

#define POLICY "/etc/crypto-policies/back-ends/java.config"

/* ---- which kind ---------------------------------------------------------------------------- */

/* The markers of JAVA.md 0.1 and 1.1 to 1.5. The first row that matches counts. */
static const struct {
    const char *key, *value;
    const char *support;
} markers[] = {
    {"include", "redhat/*crypto-policies.properties", GENERATION_3},
    {"include", "*crypto-policies.properties", SUSE_3},
    {"fips.nssdb.path", "*", GENERATION_2},
    {"fips.provider.1", "*SunPKCS11*", GENERATION_1},
    {"RestrictedSecurity.*", "*", SEMERU},
    {"*", "*", STOCK},
};

char *fips_support(const struct root *root, const char *home)
{
    own_free char *path = props_security_file(root, home);
    own_props struct props props = {0};

    if (path == NULL || props_read(root, path, &props) < 0)
        return NULL;
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        if (props_match(&props, markers[i].key, markers[i].value))
            return mem_str(markers[i].support);
    return NULL; /* an empty file */
}

/* ---- what switches it ---------------------------------------------------------------------- */

enum test {
    UNLESS_TRUE, /* there, and not the word true */
    IF_TRUE,
    IF_THERE,
};

/* A system property, by any of the variables: JAVA.md 1.3 and 1.5, JAVA-REDHAT 2.2. */
static const struct {
    const char *support; /* pattern of the kinds that look at it */
    const char *property;
    enum test test;
    const char *meaning;
    bool mode;  /* it decides whether FIPS mode is on; the others, how it is done */
    bool shown; /* its value may stand in a report */
} switches[] = {
    {"Red Hat generation [12]", "com.redhat.fips", UNLESS_TRUE, "switches FIPS off", true, true},
    {"Red Hat generation [12]", "java.security.disableSystemPropertiesFile", IF_TRUE,
     "switches FIPS off", true, true},
    {"Red Hat generation [12]", "com.redhat.fips.plainKeySupport", UNLESS_TRUE,
     "keys cannot be imported or exported", false, true},
    {"Red Hat generation 2", "fips.nssdb.path", IF_THERE, "another NSS database", false, true},
    {"Red Hat generation 2", "fips.nssdb.pin", IF_THERE, "a PIN for the NSS database", false,
     false},
    {"Red Hat generation 3", "redhat.crypto-policies", UNLESS_TRUE, "switches FIPS off", true,
     true},
    {SEMERU, "semeru.fips", IF_THERE, "switches FIPS on where it is true", true, true},
    {SEMERU, "semeru.customprofile", IF_THERE, "another FIPS profile", true, true},
    {"*", "java.security.properties", IF_THERE, "changes java.security", true, true},
};

static const char *const variables[] = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"};
#define N_VARIABLES (sizeof variables / sizeof *variables)

/* What the file of -Djava.security.properties may hold. */
static const struct {
    const char *support, *key, *value, *meaning;
} user_keys[] = {
    {"Red Hat generation [12]", "security.useSystemPropertiesFile", "[!tT]*", "switches FIPS off"},
    {"Red Hat generation [12]", "fips.provider.1", "*", "another list of providers in FIPS mode"},
    {"*", "security.provider.1", "*SunPKCS11*", "puts SunPKCS11 first"},
    {GENERATION_3, "security.provider.1", "*", "replaces the FIPS list of providers"},
    {GENERATION_3, "__redhat_fips_filter__", "[!t]*", "switches the filter of services off"},
    {STOCK, "security.provider.1", "*", "another list of providers"},
};

static void add(struct buf *out, const char *text)
{
    buf_puts(out, out->len > 0 ? "; " : "");
    buf_puts(out, text);
}

static void look_at_user_file(const struct root *root, const char *support, const char *value,
                              struct buf *out)
{
    bool replaces;
    own_free char *path = props_user_file(value, &replaces);
    own_props struct props props = {0};

    if (replaces && text_match("Red Hat generation [12]", support))
        add(out, "its file replaces java.security: switches FIPS off");
    if (props_read(root, path, &props) < 0) {
        add(out, "its file cannot be read here");
        return;
    }
    for (size_t i = 0; i < sizeof user_keys / sizeof *user_keys; i++)
        if (text_match(user_keys[i].support, support) &&
            props_match(&props, user_keys[i].key, user_keys[i].value)) {
            own_free char *line = mem_printf("its file sets %s: %s", user_keys[i].key,
                                             user_keys[i].meaning);

            add(out, line);
            if (strcmp(user_keys[i].key, "security.provider.1") == 0)
                return; /* the first of these rows says it best */
        }
}

static bool holds(enum test test, const char *value)
{
    bool is_true = strcasecmp(value, "true") == 0; /* Boolean.valueOf */

    return test == IF_THERE || is_true == (test == IF_TRUE);
}

static void look_at_variable(const struct root *root, const char *support, const char *name,
                             const char *value, struct buf *out)
{
    struct option_words words = options_split(value);

    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        const char *set = options_property(&words, switches[i].property);
        own_free char *line = NULL;

        if (set == NULL || !text_match(switches[i].support, support) ||
            !holds(switches[i].test, set))
            continue;
        line = mem_printf("%s has -D%s=%s: %s", name, switches[i].property,
                          switches[i].shown ? set : "...", switches[i].meaning);
        add(out, line);
        if (strcmp(switches[i].property, "java.security.properties") == 0)
            look_at_user_file(root, support, set, out);
    }
    options_free(&words);
}

static void look_at_files(const struct root *root, const char *home, const char *support,
                          struct buf *out)
{
    own_free char *path = props_security_file(root, home);
    own_props struct props props = {0};
    const char *use;

    if (path == NULL || props_read(root, path, &props) < 0)
        return;
    if (text_match("Red Hat generation [12]", support)) {
        use = props_get(&props, "security.useSystemPropertiesFile");
        if (use == NULL || strcasecmp(use, "true") != 0)
            add(out, "java.security has security.useSystemPropertiesFile=false: the FIPS support "
                     "is switched off, as in Red Hat's portable builds");
        if (!root_exists(root, POLICY))
            add(out, POLICY " is missing: FIPS stays off without a word");
    }
    if (strcmp(support, GENERATION_3) == 0 && !root_exists(root, POLICY))
        add(out, POLICY " is missing: Security cannot be initialised");
}

char *fips_switch(const struct root *root, const char *home, const char *support,
                  char *const *env)
{
    struct buf out = {0};
    const char *nss_fips = text_env(env, "NSS_FIPS");

    if (support == NULL)
        return NULL;
    look_at_files(root, home, support, &out);
    for (size_t i = 0; i < N_VARIABLES; i++)
        if (text_env(env, variables[i]) != NULL)
            look_at_variable(root, support, variables[i], text_env(env, variables[i]), &out);
    if (nss_fips != NULL && text_match("Red Hat generation [12]", support))
        add(&out, "NSS_FIPS is set: with NSS 3.94 and later it decides instead of the kernel's "
                  "flag");
    if (out.len == 0) {
        buf_free(&out);
        return NULL;
    }
    {
        char *clean = text_clean(out.data, out.len);

        buf_free(&out);
        return clean;
    }
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

/* The first switch in force in the environment, as "-Dname=value of JAVA_TOOL_OPTIONS"; or NULL. */
static char *switch_in_force(const char *support, char *const *env)
{
    for (size_t v = 0; v < N_VARIABLES; v++) {
        const char *value = text_env(env, variables[v]);
        struct option_words words = options_split(value == NULL ? "" : value);
        char *found = NULL;

        for (size_t i = 0; i < sizeof switches / sizeof *switches && found == NULL; i++) {
            const char *set = options_property(&words, switches[i].property);

            if (switches[i].mode && set != NULL && text_match(switches[i].support, support) &&
                holds(switches[i].test, set))
                found = mem_printf("-D%s=%s of %s", switches[i].property, set, variables[v]);
        }
        options_free(&words);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* JAVA.md 0.1 and 1.5. SUSE's builds of generation 3 have a property whose name is not known. */
static const struct {
    const char *support, *option;
} options[] = {
    {"Red Hat generation [12]", "-Dcom.redhat.fips=false"},
    {GENERATION_3, "-Dredhat.crypto-policies=false"},
    {SEMERU, "-Dsemeru.fips=true"},
};

char *fips_option(const char *support, char *const *env)
{
    own_free char *in_force = support == NULL ? NULL : switch_in_force(support, env);
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

bool fips_asks_nss(const struct root *root, const char *home, const char *support)
{
    own_free char *path = props_security_file(root, home);
    own_props struct props props = {0};

    if (support == NULL || strcmp(support, STOCK) != 0)
        return true;
    return path == NULL || props_read(root, path, &props) < 0 ||
           props_match(&props, "security.provider.*", "*SunPKCS11 ?*");
}
