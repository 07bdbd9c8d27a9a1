/* SPDX-License-Identifier: Apache-2.0
 *
 * What single answers of Java show: the first words of a table that stand in the chain of
 * exceptions, and who served what.
 */
#include "judge/search.h"

#include "base/own.h"
#include "judge/judge.h"

#include <string.h>

/* One line for each text: the diagnosis that it is a sign of, and a second text that must stand
 * there too (or NULL). FAILURES.md, section 2; JAVA.md, section 6.1; JAVA-REDHAT.md, section 3. */
static const struct {
    const char *id, *text, *also;
} signs[] = {
    {"java-login-pin", "CKR_PIN_INCORRECT", NULL},
    {"java-login-pin", "CKR_USER_NOT_LOGGED_IN", NULL},
    {"java-login-pin", "error during the Token login", NULL},
    /* CKR_ATTRIBUTE_VALUE_INVALID alone also comes from DH below 2048 bits. */
    {"java-key-import-refused", "Could not create", "CKR_ATTRIBUTE_VALUE_INVALID"},
    {"java-mac-key-type", "CKR_KEY_TYPE_INCONSISTENT", NULL},
    {"java-secret-not-extractable", "Could not derive key", "CKR_ATTRIBUTE_SENSITIVE"},
    {"java-key-store", "keyStore must be NONE", NULL},
    {"java-key-store", "problem accessing trust store", NULL},
    {"java-key-store", "Invalid keystore format", NULL},
    {"java-key-store", "DerInputStream.getLength()", NULL},
    {"java-key-store", "keystore password was incorrect", NULL},
    {"java-pbe-missing", "AlgorithmParameters not available", "PBE"},
    {"java-pbe-missing", "any provider supporting PBE", NULL},
    {"java-no-strong-random", "No strong SecureRandom impls available", NULL},
    {"java-tls-nothing-in-common", "No appropriate protocol", NULL},
    {"java-tls-nothing-in-common", "handshake_failure", NULL},
};

#define N_SIGNS (sizeof signs / sizeof *signs)

static bool says(const struct evidence *e, const char *text)
{
    return (e->code != NULL && strstr(e->code, text) != NULL) ||
           (e->detail != NULL && strstr(e->detail, text) != NULL);
}

static bool is_of_java(const struct report *report, const struct observation *o)
{
    return o->door == DOOR_JCA && o->context == CONTEXT_AS_IS && o->jdk >= 0 &&
           (size_t)o->jdk < report->jdks.n;
}

/* A login is asked for in FIPS mode alone: what would be so with the flag at 1 counts as well. */
static bool needs_login(const struct report *report, const struct observation *o)
{
    return o->door == DOOR_JCA && o->context == CONTEXT_KERNEL_ON && o->jdk >= 0 &&
           (size_t)o->jdk < report->jdks.n &&
           (says(&o->evidence, "CKR_USER_NOT_LOGGED_IN") ||
            says(&o->evidence, "CKR_PIN_INCORRECT") ||
            says(&o->evidence, "error during the Token login"));
}

static struct finding *found(struct search *s, const struct observation *o)
{
    const char *home = s->report->jdks.items[o->jdk].home;

    return search_found(s, home == NULL ? "a JDK" : home);
}

/* Of the handshakes those of the versions that no JDK disables by itself; with one that worked, in
 * whatever version, something is left to agree on. */
static bool is_of_tls(const struct report *report, const struct observation *o)
{
    if (strcmp(o->probe->id, "tls.handshake.tls12") != 0 &&
        strcmp(o->probe->id, "tls.handshake.tls13") != 0)
        return false;
    for (size_t i = 0; i < report->observations.n; i++) {
        const struct observation *other = &report->observations.items[i];

        if (is_of_java(report, other) && other->jdk == o->jdk &&
            other->outcome == OUTCOME_WORKS &&
            strncmp(other->probe->id, "tls.handshake.", strlen("tls.handshake.")) == 0)
            return false;
    }
    return true;
}

/* A row that asks for an old scheme, or for a store of that format, which Red Hat's 17 and 21 have
 * not in FIPS mode: nothing is wrong there, and the store is none that anybody told Java to use. */
static bool is_old_scheme(const struct search *s, const struct observation *o)
{
    bool pbe = strcmp(s->diagnosis->id, "java-pbe-missing") == 0;
    bool store = strcmp(s->diagnosis->id, "java-key-store") == 0;

    return (pbe || store) && strcmp(o->probe->id, "keystore.pkcs12") != 0 &&
           says(&o->evidence, "any provider supporting PBEWith") &&
           !says(&o->evidence, "any provider supporting PBEWithHmac");
}

static void find_signs(struct search *s)
{
    bool of_tls = strcmp(s->diagnosis->id, "java-tls-nothing-in-common") == 0;

    for (size_t i = 0; i < s->report->observations.n; i++) {
        const struct observation *o = &s->report->observations.items[i];
        const struct evidence *e = &o->evidence;
        own_free char *where = NULL;

        if (!(is_of_java(s->report, o) || needs_login(s->report, o)) ||
            e->result != RESULT_FAILED || (of_tls && !is_of_tls(s->report, o)) ||
            is_old_scheme(s, o))
            continue;
        for (size_t k = 0; k < N_SIGNS && where == NULL; k++) {
            if (strcmp(signs[k].id, s->diagnosis->id) != 0 || !says(e, signs[k].text) ||
                (signs[k].also != NULL && !says(e, signs[k].also)))
                continue;
            where = search_where(s->report, o);
            search_evidence(found(s, o), "%s: %s", where, e->detail != NULL ? e->detail : e->code);
        }
    }
}

/* The trust store is missing, empty, damaged or not for this user. Java itself tells of damage alone:
 * sun.security.ssl.TrustStoreManager passes over a file that it cannot read. */
static void find_trust(struct search *s)
{
    for (size_t i = 0; i < s->report->observations.n; i++) {
        const struct observation *o = &s->report->observations.items[i];
        const struct evidence *e = &o->evidence;
        bool store = strcmp(o->probe->id, "keystore.cacerts") == 0;
        bool context = strcmp(o->probe->id, "tls.default") == 0;
        own_free char *where = NULL;

        if (!is_of_java(s->report, o) || !(store || context))
            continue;
        if (e->result == RESULT_FAILED
                ? !store || e->code == NULL || strncmp(e->code, "java.io.", 8) != 0 ||
                      says(e, "password")
                : !says(e, store ? "no certificate in it" : "trusts no certificate"))
            continue;
        where = search_where(s->report, o);
        search_evidence(found(s, o), "%s: %s", where, e->detail != NULL ? e->detail : e->code);
    }
}

/* Is the first provider called as NSS's FIPS token is? */
static bool is_nss_first(const struct report *report, int jdk)
{
    const char *first = look_provider(report, jdk, CONTEXT_AS_IS, 0);

    return first != NULL && judge_primary(first)->kind == PRIMARY_NSS_FIPS;
}

/* The FIPS token alone refuses an HMAC key shorter than half the digest, in every version
 * (JAVA-REDHAT.md, section 7.1): a provider of its name that takes one is the ordinary token. And
 * SunPKCS11 is one class; java-harness tells the class of anything else that has its name. */
static void find_name_alone(struct search *s)
{
    for (size_t i = 0; i < s->report->observations.n; i++) {
        const struct observation *o = &s->report->observations.items[i];
        const char *provider = o->evidence.provider;

        if (!is_of_java(s->report, o) || o->outcome != OUTCOME_WORKS || provider == NULL ||
            judge_primary(provider)->kind != PRIMARY_NSS_FIPS)
            continue;
        if (strcmp(o->probe->id, "mac.hmac-sha-256.key-64") == 0)
            search_evidence(found(s, o), "%s: it took a key of 64 bits for HMAC-SHA-256", provider);
        if (strcmp(o->probe->id, "provider.primary") == 0 && says(&o->evidence, "its class is "))
            search_evidence(found(s, o), "%s: %s", provider, o->evidence.detail);
    }
}

/* What SunPKCS11 offers over every NSS, with keys that the provider made itself, on every JDK. */
static void find_passed_over(struct search *s)
{
    static const char *const offered[] = {
        "digest.sha-256",      "cipher.aes-256-gcm.caller-iv", "cipher.aes-256-cbc",
        "signature.rsa-2048",  "signature.ecdsa-p256",         "random.generate",
    };

    for (size_t i = 0; i < s->report->observations.n; i++) {
        const struct observation *o = &s->report->observations.items[i];
        const char *provider = o->evidence.provider;
        own_free char *where = NULL;

        if (!is_of_java(s->report, o) || o->outcome != OUTCOME_WORKS || provider == NULL ||
            strncmp(provider, "SunPKCS11", 9) == 0 || !is_nss_first(s->report, o->jdk))
            continue;
        for (size_t k = 0; k < sizeof offered / sizeof *offered && where == NULL; k++)
            if (strcmp(o->probe->id, offered[k]) == 0)
                where = search_where(s->report, o);
        if (where != NULL)
            search_evidence(found(s, o), "%s was served by %s", where, provider);
    }
}

const struct finder find_in_java_answers[] = {
    {"java-login-pin", find_signs},
    {"java-key-import-refused", find_signs},
    {"java-mac-key-type", find_signs},
    {"java-secret-not-extractable", find_signs},
    {"java-key-store", find_signs},
    {"java-trust-store", find_trust},
    {"java-pbe-missing", find_signs},
    {"java-no-strong-random", find_signs},
    {"java-tls-nothing-in-common", find_signs},
    {"java-name-alone", find_name_alone},
    {"java-passed-over", find_passed_over},
    {NULL, NULL},
};
