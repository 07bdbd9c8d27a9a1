/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/search.h"

#include "base/own.h"
#include "judge/judge.h"

#include <errno.h>
#include <string.h>

static struct place java(size_t jdk)
{
    return (struct place){DOOR_JCA, (int)jdk};
}

static const char *home_of(const struct report *report, size_t jdk)
{
    const char *home = report->jdks.items[jdk].home;

    return home == NULL ? "a JDK" : home;
}

/* ---- the JDK itself ---------------------------------------------------------------------------- */

static void find_java_missing(struct search *s)
{
    if (s->report->jdks.n == 0 && !s->report->java_skipped)
        search_evidence(search_found(s, NULL), "no JDK was found where JDKs are looked for");
}

static void find_jdk_unusable(struct search *s)
{
    for (size_t i = 0; i < s->report->jdks.n; i++) {
        const struct jdk *j = &s->report->jdks.items[i];

        if (j->problem != NULL)
            search_evidence(search_found(s, home_of(s->report, i)), "%s%s%s%s", j->problem,
                            j->found_how == NULL ? "" : " (found by ",
                            j->found_how == NULL ? "" : j->found_how,
                            j->found_how == NULL ? "" : ")");
    }
}

/* The VM says which option it does not take, not where it has that from. */
static void say_options(const struct report *report, struct finding *f)
{
    static const char *const names[] = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"};

    for (size_t i = 0; i < report->host.variables.n; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(report->host.variables.items[i].name, names[k]) == 0)
                search_evidence(f, "the environment has %s=%s", names[k],
                                report->host.variables.items[i].value);
}

static void find_jvm_not_started(struct search *s)
{
    for (size_t i = 0; i < s->report->jdks.n; i++)
        for (int c = 0; c < CONTEXT_MAX; c++) {
            const struct observation *open =
                look_observation(s->report, PROBE_OPEN, java(i), (enum context)c);

            if (open == NULL || (open->evidence.result != RESULT_FAILED &&
                                 open->evidence.result != RESULT_CRASHED))
                continue;
            search_evidence(search_found(s, home_of(s->report, i)), "%s: %s%s%s",
                            context_word((enum context)c),
                            open->evidence.code == NULL ? "it did not start" : open->evidence.code,
                            open->evidence.detail == NULL ? "" : ": ",
                            open->evidence.detail == NULL ? "" : open->evidence.detail);
            if (s->report->jdks.items[i].lacks != NULL)
                search_evidence(search_found(s, home_of(s->report, i)), "it lacks %s",
                                s->report->jdks.items[i].lacks);
            say_options(s->report, search_found(s, home_of(s->report, i)));
        }
}

/* "start": java-harness itself kept from it, with its reason. */
static void find_jdk_not_asked(struct search *s)
{
    for (size_t i = 0; i < s->report->jdks.n; i++) {
        const struct observation *open =
            look_observation(s->report, PROBE_OPEN, java(i), CONTEXT_AS_IS);

        if (open != NULL && open->evidence.result == RESULT_NOT_RUN &&
            open->evidence.step != NULL && strcmp(open->evidence.step, "start") == 0)
            search_evidence(search_found(s, home_of(s->report, i)), "%s",
                            open->evidence.detail == NULL ? "?" : open->evidence.detail);
    }
}

/* ---- the list of providers --------------------------------------------------------------------- */

/* What the first exception of Security.getProviders() says, and which diagnosis it is: JAVA.md,
 * section 6.1, JAVA-REDHAT.md, section 3, FAILURES.md, section 2. The first that fits counts. */
static const struct {
    const char *text, *id;
} provider_errors[] = {
    {"NSS module not available: fips", "java-nss-not-in-fips"},
    {"NSS module not available: crypto", "java-nss-in-fips"},
    {"NSS module not available: keystore", "java-nss-in-fips"},
    {"Secmod module already configured", "java-nss-configured-twice"},
    {"NSS already initialized", "java-nss-configured-twice"},
    {"Unknown NSS module", "java-pkcs11-configuration"},
    {"CKR_SLOT_ID_INVALID", "java-pkcs11-configuration"},
    {"CKR_ARGUMENTS_BAD", "java-pkcs11-configuration"},
    {"C_GetFunctionList", "java-pkcs11-configuration"},
    {"slotListIndex is", "java-pkcs11-configuration"},
    {"nssSecmodDirectory not specified", "java-pkcs11-configuration"},
    {"cannot dynamically load", "java-pkcs11-configuration"}, /* a program */
    {"invalid ELF header", "java-pkcs11-configuration"},
    {"libnssadapter", "java-adapter-missing"},
    {"configDir must be a directory", "java-nssdb-missing"},
    {"secmod.db", "java-nssdb-missing"},
    {"NSS initialization failed", "java-nss-init-failed"},
    {"CKR_DEVICE_ERROR", "java-nss-init-failed"},
    {"nssLibDir must be a directory", "java-nss-library-missing"},
    {"version of NSS is incompatible", "java-nss-library-missing"},
    {"libnss3.so", "java-nss-library-missing"},
    {"libsoftokn3.so", "java-nss-library-missing"},
    {"systemconf", "java-systemconf-missing"},
    {"SystemConfigurator", "java-systemconf-missing"},
    {"crypto-policies", "java-crypto-policies-missing"},
    {"", "java-provider-list-failed"},
};

static const char *diagnosis_of(const char *error)
{
    size_t i = 0;

    while (strstr(error, provider_errors[i].text) == NULL)
        i++;
    return provider_errors[i].id;
}

/* How the JVM went on: what later programs see is the second half of the fault. */
static void say_what_followed(const struct report *report, size_t jdk, enum context context,
                              struct finding *f)
{
    const char *then = look_fact(report, java(jdk), context, "provider_error_then");
    const struct group *g = look_group(report, java(jdk), context);
    const char *first = json_string_value(json_object_get(
        json_array_get(json_object_get(g->facts, "providers_after_error"), 0), "name"));

    if (then != NULL)
        search_evidence(f, "after it: %s", then);
    if (first != NULL)
        search_evidence(f, "the first provider that was left: %s", first);
    for (size_t i = 0; i < report->observations.n; i++) {
        const struct observation *o = &report->observations.items[i];

        if (o->door != DOOR_JCA || o->jdk != (int)jdk || o->context != context ||
            o->outcome != OUTCOME_WORKS || o->evidence.provider == NULL)
            continue;
        search_evidence(f, "fail-open: %s was then served by %s", o->probe->id,
                        o->evidence.provider);
        return;
    }
}

/* What is wrong with the configurations of SunPKCS11 that its lists name. */
static void say_configuration(const struct jdk *j, struct finding *f)
{
    if (j->lacks != NULL)
        search_evidence(f, "it lacks %s", j->lacks);
    for (size_t i = 0; i < j->fips_off.n; i++)
        if (strstr(j->fips_off.items[i], "cannot be initialised") != NULL)
            search_evidence(f, "%s", j->fips_off.items[i]);
    for (size_t i = 0; i < j->security_files.n; i++)
        if (strstr(j->security_files.items[i], ": not read: ") != NULL)
            search_evidence(f, "%s", j->security_files.items[i]);
    for (size_t i = 0; i < j->pkcs11.n; i++) {
        const struct jdk_pkcs11 *p = &j->pkcs11.items[i];

        if (p->problem != NULL)
            search_evidence(f, "%s, %s: %s", p->entry, p->file == NULL ? "itself" : p->file,
                            p->problem);
        for (size_t k = 0; k < p->paths.n; k++)
            if (p->paths.items[k].problem != NULL)
                search_evidence(f, "%s, %s %s: %s", p->entry, p->paths.items[k].keyword,
                                p->paths.items[k].path, p->paths.items[k].problem);
    }
}

/* Java takes paths apart by its locale, and where that has no such character, or the bytes are none,
 * it does not find its own files. */
static bool is_ascii(const char *path)
{
    const char *c = path;

    while (*c >= ' ' && *c <= '~')
        c++;
    return *c == '\0' && strstr(path, "\\x") == NULL;
}

static bool is_integrated(const struct jdk *j)
{
    return j->fips_support != NULL && strncmp(j->fips_support, "stock", 5) != 0;
}

/* A JDK that switches by itself has its FIPS list for a host in FIPS mode, and an image is mostly
 * built and tested on another one: what is wrong with that list there is said here. */
static bool would_be(const struct report *report, size_t jdk)
{
    return report->host.flag != FLAG_ON && is_integrated(&report->jdks.items[jdk]);
}

static void say_when(enum context context, struct finding *f)
{
    if (context == CONTEXT_KERNEL_ON)
        search_evidence(f, "with the kernel's flag presented as 1, as a host in FIPS mode has it:");
}

static const char *provider_error(const struct report *report, size_t jdk, enum context *context)
{
    const char *error = look_fact(report, java(jdk), CONTEXT_AS_IS, "provider_error");

    *context = error == NULL && would_be(report, jdk) ? CONTEXT_KERNEL_ON : CONTEXT_AS_IS;
    return *context == CONTEXT_AS_IS ? error
                                     : look_fact(report, java(jdk), *context, "provider_error");
}

static void find_provider_error(struct search *s)
{
    for (size_t i = 0; i < s->report->jdks.n; i++) {
        enum context context;
        const char *error = provider_error(s->report, i, &context);
        struct finding *f;

        if (error == NULL || strcmp(diagnosis_of(error), s->diagnosis->id) != 0)
            continue;
        f = search_found(s, home_of(s->report, i));
        say_when(context, f);
        search_evidence(f, "%s", error);
        if (!is_ascii(home_of(s->report, i)))
            search_evidence(f, "the path of this JDK is not ASCII: Java finds its files only where "
                               "the locale has all its characters (LC_ALL=C.UTF-8)");
        say_configuration(&s->report->jdks.items[i], f);
        say_what_followed(s->report, i, context, f);
    }
}

/* A JDK that switches by itself has seven providers in FIPS mode and twelve else. With SUN first
 * and six or fewer, the FIPS list was taken and its first entry lost: JAVA.md, section 0.2. Not
 * where FIPS mode is switched off: then the list is somebody's own, and may be as short. */
static bool lost_in(const struct report *report, size_t jdk, enum context context)
{
    const struct jdk *j = &report->jdks.items[jdk];
    const char *first = look_provider(report, (int)jdk, context, 0);

    return first != NULL && strcmp(first, "SUN") == 0 && is_integrated(j) && j->fips_off.n == 0 &&
           look_provider(report, (int)jdk, context, 6) == NULL;
}

static bool lost_its_provider(const struct report *report, size_t jdk)
{
    return lost_in(report, jdk, CONTEXT_AS_IS);
}

/* The entries that Java passed over, each with what it swallowed. */
static bool say_lost(const struct report *report, size_t jdk, enum context context,
                     struct finding *f)
{
    const struct group *g = look_group(report, java(jdk), context);
    const json_t *list = g == NULL ? NULL : json_object_get(g->facts, "providers_lost"), *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        const char *entry = json_string_value(json_object_get(one, "entry"));
        const char *error = json_string_value(json_object_get(one, "error"));

        if (f != NULL)
            search_evidence(f, "%s: %s", entry == NULL ? "?" : entry, error == NULL ? "?" : error);
    }
    return json_array_size(list) > 0;
}

static void find_provider_lost(struct search *s)
{
    for (size_t i = 0; i < s->report->jdks.n; i++) {
        const struct jdk *j = &s->report->jdks.items[i];
        enum context context = CONTEXT_AS_IS;
        struct finding *f;

        if (!lost_its_provider(s->report, i)) {
            context = CONTEXT_KERNEL_ON;
            if (!would_be(s->report, i) || !lost_in(s->report, i, context))
                continue;
        }
        f = search_found(s, home_of(s->report, i));
        say_when(context, f);
        say_lost(s->report, i, context, f);
        say_configuration(j, f);
        if (j->fips_switch != NULL) /* a list of the user's own, too */
            search_evidence(f, "%s", j->fips_switch);
        for (size_t n = 0; look_provider(s->report, (int)i, context, n) != NULL; n++)
            search_evidence(f, "provider %zu: %s", n + 1,
                            look_provider(s->report, (int)i, context, n));
    }
}

static bool lists(const struct report *report, size_t jdk, const char *part)
{
    const char *name;

    for (size_t n = 0; (name = look_provider(report, (int)jdk, CONTEXT_AS_IS, n)) != NULL; n++)
        if (strstr(name, part) != NULL)
            return true;
    return false;
}

/* An entry of the list that is in force, which Java cannot use and passes over in silence: for
 * anything but a ProviderException it tries no second time (JAVA.md, section 3.5). */
static void find_provider_refused(struct search *s)
{
    for (size_t i = 0; i < s->report->jdks.n; i++) {
        const struct jdk *j = &s->report->jdks.items[i];
        struct finding *f;

        if (say_lost(s->report, i, CONTEXT_AS_IS, NULL) && !lost_its_provider(s->report, i)) {
            f = search_found(s, home_of(s->report, i));
            say_lost(s->report, i, CONTEXT_AS_IS, f);
            say_configuration(j, f);
        }
        /* SunPKCS11 without a configuration is in every ordinary list, by this name alone */
        if (look_provider(s->report, (int)i, CONTEXT_AS_IS, 0) == NULL ||
            lists(s->report, i, "SunPKCS11-"))
            continue;
        for (size_t k = 0; k < j->pkcs11.n; k++) {
            const struct jdk_pkcs11 *p = &j->pkcs11.items[k];

            if (strncmp(p->entry, "security.provider.", 18) != 0 ||
                (p->problem == NULL && j->lacks == NULL))
                continue;
            f = search_found(s, home_of(s->report, i));
            search_evidence(f, "%s is not in the list of providers: Java passed over it in silence",
                            p->entry);
            say_configuration(j, f);
        }
    }
}

/* The user's file, which Java passed over: its list of providers could be had all the same. What was
 * too long for us was not for Java. */
static void find_properties_ignored(struct search *s)
{
    static const char not_read[] = ": not read: ";

    for (size_t i = 0; i < s->report->jdks.n; i++) {
        const struct jdk *j = &s->report->jdks.items[i];
        const char *first = look_provider(s->report, (int)i, CONTEXT_AS_IS, 0);

        for (size_t k = 0; first != NULL && k < j->security_files.n; k++) {
            const char *file = j->security_files.items[k], *why = strstr(file, not_read);
            struct finding *f;

            if (*file != '/' || why == NULL || strstr(file, " (of the JDK)") != NULL ||
                strstr(file, " (included by ") != NULL ||
                strcmp(why + sizeof not_read - 1, strerror(EFBIG)) == 0)
                continue;
            f = search_found(s, home_of(s->report, i));
            search_evidence(f, "%s", file);
            search_evidence(f, "the first provider is %s", first);
        }
    }
}

static void find_host_fips_java_not(struct search *s)
{
    for (size_t i = 0; s->report->host.flag == FLAG_ON && i < s->report->jdks.n; i++) {
        const struct jdk *j = &s->report->jdks.items[i];
        const char *first = look_provider(s->report, (int)i, CONTEXT_AS_IS, 0);
        struct finding *f;

        if (first == NULL || judge_primary(first)->kind != PRIMARY_STOCK ||
            lost_its_provider(s->report, i))
            continue;
        f = search_found(s, home_of(s->report, i));
        search_evidence(f, "the kernel's flag is on, the first provider is %s", first);
        if (j->fips_support != NULL)
            search_evidence(f, "its FIPS support: %s", j->fips_support);
        for (size_t k = 0; k < j->fips_off.n; k++)
            search_evidence(f, "the reason: %s", j->fips_off.items[k]);
        if (j->fips_off.n == 0 && j->fips_switch != NULL)
            search_evidence(f, "what switches it: %s", j->fips_switch);
    }
}

/* The same before the image comes to such a host. Only where it is known what keeps FIPS mode off:
 * Semeru's has an option of its own, and no flag changes it. */
static void find_kept_off(struct search *s)
{
    for (size_t i = 0; i < s->report->jdks.n; i++) {
        const struct jdk *j = &s->report->jdks.items[i];
        const char *first = look_provider(s->report, (int)i, CONTEXT_KERNEL_ON, 0);
        struct finding *f;

        if (!would_be(s->report, i) || first == NULL || j->fips_off.n == 0 ||
            judge_primary(first)->kind != PRIMARY_STOCK)
            continue;
        f = search_found(s, home_of(s->report, i));
        search_evidence(f, "with the kernel's flag presented as 1 the first provider is %s", first);
        search_evidence(f, "its FIPS support: %s", j->fips_support);
        for (size_t k = 0; k < j->fips_off.n; k++)
            search_evidence(f, "the reason: %s", j->fips_off.items[k]);
    }
}

static void find_other_module(struct search *s)
{
    for (size_t i = 0; i < s->report->jdks.n; i++) {
        const char *first = look_provider(s->report, (int)i, CONTEXT_AS_IS, 0);

        if (first != NULL && judge_primary(first)->kind == PRIMARY_OTHER)
            search_evidence(search_found(s, home_of(s->report, i)), "%s: %s", first,
                            judge_primary(first)->meaning);
    }
}

const struct finder find_in_java[] = {
    {"java-missing", find_java_missing},
    {"jdk-unusable", find_jdk_unusable},
    {"jvm-not-started", find_jvm_not_started},
    {"jdk-not-asked", find_jdk_not_asked},
    {"java-nss-not-in-fips", find_provider_error},
    {"java-nss-in-fips", find_provider_error},
    {"java-nss-configured-twice", find_provider_error},
    {"java-pkcs11-configuration", find_provider_error},
    {"java-adapter-missing", find_provider_error},
    {"java-nssdb-missing", find_provider_error},
    {"java-nss-init-failed", find_provider_error},
    {"java-nss-library-missing", find_provider_error},
    {"java-systemconf-missing", find_provider_error},
    {"java-crypto-policies-missing", find_provider_error},
    {"java-provider-list-failed", find_provider_error},
    {"java-fips-provider-lost", find_provider_lost},
    {"java-provider-refused", find_provider_refused},
    {"java-properties-ignored", find_properties_ignored},
    {"fips-host-but-java-not", find_host_fips_java_not},
    {"java-fips-kept-off", find_kept_off},
    {"java-other-module", find_other_module},
    {NULL, NULL},
};
