/* SPDX-License-Identifier: Apache-2.0
 *
 * join.c: Java shows no service indicator. What NSS served there is joined with the word that the
 * same mechanism got at softokn-fips, in the same context and from the same files. Whatever is not
 * certainly the same is not joined.
 */
#include "judge/judge.h"

#include "base/own.h"
#include "judge/look.h"

#include <stdlib.h>
#include <string.h>

/* The one file of that name that the group had mapped; NULL: none, several, or it is gone. */
static const struct mapped *one_mapped(const struct group *g, const char *name)
{
    const struct mapped *found = NULL;

    for (size_t i = 0; i < g->mapped.n; i++) {
        const struct mapped *m = &g->mapped.items[i];

        if (strcmp(look_basename(m->path), name) != 0)
            continue;
        if (m->deleted || found != NULL)
            return NULL;
        found = m;
    }
    return found;
}

static bool same_file(const struct group *a, const struct group *b, const char *name)
{
    const struct mapped *x = one_mapped(a, name), *y = one_mapped(b, name);

    return x != NULL && y != NULL && x->dev == y->dev && x->ino == y->ino;
}

/* The one provider of that name; NULL: there is none, or there are several. */
static const json_t *provider_named(const struct group *g, const char *name)
{
    const json_t *list = json_object_get(g->facts, "providers"), *p, *found = NULL;
    size_t i;

    json_array_foreach(list, i, p)
    {
        const char *of = json_string_value(json_object_get(p, "name"));

        if (of == NULL || strcmp(of, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = p;
    }
    return found;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);

    return n >= k && strcmp(text + n - k, end) == 0;
}

/* Is it SunPKCS11 on NSS's own configuration ("using library null") or through libnssadapter, which
 * has no other token (JAVA.md, sections 1.5 and 3.1)? A provider may have any name and any text; its
 * class is told only where it is the JDK's own. */
static bool is_nss(const struct group *g, const char *name)
{
    const json_t *provider = provider_named(g, name);
    const char *info = json_string_value(json_object_get(provider, "info"));
    const char *class = json_string_value(json_object_get(provider, "jdk_class"));

    return judge_primary(name)->kind == PRIMARY_NSS_FIPS && info != NULL && class != NULL &&
           strcmp(class, "sun.security.pkcs11.SunPKCS11") == 0 &&
           (ends_with(info, " using library null") || ends_with(info, "/libnssadapter.so"));
}

static unsigned long java_major(const struct group *g)
{
    const char *version = json_string_value(json_object_get(g->facts, "java_version"));
    unsigned long major = version == NULL ? 0 : strtoul(version, NULL, 10);

    return major == 1 && strncmp(version, "1.", 2) == 0 ? strtoul(version + 2, NULL, 10) : major;
}

/* "key: CLASS" at the beginning of the row's detail, "private key: CLASS" or "public key: CLASS"
 * anywhere in it; NULL: it says nothing of a key. */
static const char *class_of_key(const char *detail)
{
    static const char *const before[] = {"private key: ", "public key: "};

    if (detail == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        const char *at = strstr(detail, before[i]);

        if (at != NULL)
            return at + strlen(before[i]);
    }
    return strncmp(detail, "key: ", 5) == 0 ? detail + 5 : NULL;
}

/* Was it a key of the token itself, and made there? One that was brought into it is not the one
 * that the softokn row generates. */
static bool has_own_key(const struct observation *o)
{
    static const char package[] = "sun.security.pkcs11.";
    const char *class = class_of_key(o->evidence.detail);

    if (class == NULL)
        return strcmp(o->probe->jca_op->name, "digest") == 0;
    return strncmp(class, package, strlen(package)) == 0 &&
           strstr(o->evidence.detail, "given private key: ") == NULL;
}

static const struct observation *same_at_softokn(const struct report *report,
                                                 const struct observation *o)
{
    struct spec spec = {&o->probe->jca, NULL};
    const char *of = spec_get(&spec, "indicator-of");

    return of == NULL ? NULL
                      : look_observation(report, of, (struct place){DOOR_SOFTOKN_FIPS, -1},
                                         o->context);
}

const struct observation *judge_joined(const struct report *report, const struct observation *o)
{
    const struct place softokn = {DOOR_SOFTOKN_FIPS, -1}, java = {o->door, o->jdk};
    struct spec spec = {&o->probe->jca, NULL};
    const struct group *there = look_group(report, softokn, o->context);
    const struct group *here = look_group(report, java, o->context);
    const struct observation *same;
    enum control control;

    if (o->door != DOOR_JCA || o->evidence.result != RESULT_DONE || o->evidence.provider == NULL ||
        here == NULL || there == NULL)
        return NULL;
    same = same_at_softokn(report, o);
    if (same == NULL ||
        (same->outcome != OUTCOME_APPROVED && same->outcome != OUTCOME_NOT_APPROVED) ||
        !look_control(report, softokn, o->context, &control) || control != CONTROL_WORKING)
        return NULL;
    if (!is_nss(here, o->evidence.provider) || !has_own_key(o) ||
        java_major(here) < spec_uint(&spec, "indicator-since", 8) ||
        look_fact_true(report, java, o->context, "nss_fips_mode") != 1)
        return NULL;
    return same_file(here, there, "libsoftokn3.so") && same_file(here, there, "libfreeblpriv3.so")
               ? same
               : NULL;
}
