/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-basic.c: digests, message authentication, random bytes, and what all probes at libnss3 share.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

void nss_output_make(struct nss_output *out, size_t expected)
{
    out->room = expected + NSS_MARGIN;
    out->len = 0;
    out->data = mem_zero(out->room, 1);
}

void nss_output_free(struct nss_output *out)
{
    free(out->data);
    *out = (struct nss_output){0};
}

bool nss_output_is(const struct nss_output *out, const unsigned char *data, size_t len)
{
    return out->len == len && (len == 0 || memcmp(out->data, data, len) == 0);
}

bool nss_wrong(struct nss_ask *ask, const char *detail)
{
    return evidence_wrong(ask->evidence, ask->nss->step, detail);
}

bool nss_done(struct nss_ask *ask, enum check check)
{
    free(ask->evidence->step);
    ask->evidence->step = mem_str(ask->nss->step);
    ask->evidence->result = RESULT_DONE;
    ask->evidence->check = check;
    return true;
}

void nss_free_key(struct nss *nss, PK11SymKey *key)
{
    const char *step = nss->step;

    if (key != NULL)
        NSS(nss, PK11_FreeSymKey, key);
    nss->step = step;
}

/* Whatever the call before said stays its step and its error. */
static void destroy(struct nss *nss, PK11Context *context)
{
    if (context != NULL)
        nss->f.PK11_DestroyContext(context, PR_TRUE);
}

/* A length beyond the room never leaves here. */
static bool finish(struct nss *nss, PK11Context *context, const void *message, size_t len,
                   struct nss_output *out, enum indicator *indicator)
{
    unsigned got = 0;

    if (NSS(nss, PK11_DigestBegin, context) != SECSuccess ||
        NSS(nss, PK11_DigestOp, context, message, (unsigned)len) != SECSuccess ||
        NSS(nss, PK11_DigestFinal, context, out->data, &got, (unsigned)out->room) != SECSuccess)
        return false;
    out->len = got <= out->room ? got : 0;
    if (indicator != NULL)
        *indicator = nss_context_indicator(nss, context);
    return true;
}

bool nss_digest(struct nss_ask *ask)
{
    const struct recipe *r = ask->recipe;
    struct nss *nss = ask->nss;
    own_nss_output struct nss_output out = {0};
    SECOidTag tag = NSS(nss, PK11_MechanismToAlgtag, r->mechanism);
    PK11Context *context = NSS(nss, PK11_CreateDigestContext, tag);
    bool ok;

    nss_output_make(&out, r->answer.len);
    ok = nss_ok(ask, context != NULL) &&
         nss_ok(ask, finish(nss, context, r->message.data, r->message.len, &out,
                            &ask->evidence->indicator));
    destroy(nss, context);
    if (!ok)
        return false;
    if (!nss_output_is(&out, r->answer.data, r->answer.len))
        return nss_wrong(ask, "not the digest of the message");
    return nss_done(ask, CHECK_KNOWN_ANSWER);
}

bool nss_mac_of(struct nss *nss, const CK_MECHANISM *mechanism, PK11SymKey *key,
                const void *message, size_t len, struct nss_output *out, enum indicator *indicator)
{
    SECItem param = nss_item(mechanism->pParameter, mechanism->ulParameterLen);
    PK11Context *context =
        NSS(nss, PK11_CreateContextBySymKey, mechanism->mechanism, CKA_SIGN, key, &param);
    bool ok = context != NULL && finish(nss, context, message, len, out, indicator);

    destroy(nss, context);
    return ok;
}

/* Room for a MAC; a pseudo-random function fills all that it is given. */
static void make_room(const struct recipe *r, struct nss_output *out)
{
    nss_output_make(out, r->answer.len);
    if (r->signature_bytes != 0)
        out->room = r->answer.len;
}

/* The same twice, and another one for a changed message: libnss3 has no call that verifies a MAC. */
static bool mac_round_trip(struct nss_ask *ask, PK11SymKey *key)
{
    const struct recipe *r = ask->recipe;
    own_free unsigned char *changed = (unsigned char *)mem_dup(r->message.data, r->message.len);
    own_nss_output struct nss_output one = {0}, two = {0}, other = {0};
    size_t len = r->message.len;
    struct mech mech;

    recipe_mech(r, &mech);
    make_room(r, &one);
    make_room(r, &two);
    make_room(r, &other);
    if (!nss_ok(ask, nss_mac_of(ask->nss, &mech.m, key, r->message.data, len, &one,
                                &ask->evidence->indicator)))
        return false;
    if (one.len != r->answer.len)
        return nss_wrong(ask, "not as long as it should be");
    changed[len / 2] ^= 1; /* an empty message: its NUL, which is then part of the message */
    if (!nss_ok(ask, nss_mac_of(ask->nss, &mech.m, key, r->message.data, len, &two, NULL)) ||
        !nss_ok(ask, nss_mac_of(ask->nss, &mech.m, key, changed, len + (len == 0), &other,
                                NULL)))
        return false;
    if (!nss_output_is(&two, one.data, one.len))
        return nss_wrong(ask, "the same message gives two answers");
    if (nss_output_is(&other, one.data, one.len))
        return nss_wrong(ask, "a changed message gives the same answer");
    return true;
}

/* The same under the vector's key, where that can be brought in. */
static bool mac_known(struct nss_ask *ask, enum check *check)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *key = nss_key_bring(ask, CKA_SIGN);
    own_nss_output struct nss_output out = {0};
    struct mech mech;
    bool done;

    *check = CHECK_ROUND_TRIP;
    if (key == NULL)
        return true;
    recipe_mech(r, &mech);
    make_room(r, &out);
    done = nss_mac_of(ask->nss, &mech.m, key, r->message.data, r->message.len, &out, NULL);
    nss_free_key(ask->nss, key);
    if (!done) {
        evidence_detail(ask->evidence, "the module does not use the vector's key");
        return true;
    }
    *check = CHECK_KNOWN_ANSWER;
    return nss_output_is(&out, r->answer.data, r->answer.len) ||
           nss_wrong(ask, "not the vector's answer");
}

bool nss_mac(struct nss_ask *ask)
{
    PK11SymKey *key = nss_key_generate(ask);
    enum check check;
    bool ok = key != NULL && mac_round_trip(ask, key) && mac_known(ask, &check);

    nss_free_key(ask->nss, key);
    return ok && nss_done(ask, check);
}

static bool is_constant(const unsigned char *data, size_t len)
{
    for (size_t i = 1; i < len; i++)
        if (data[i] != data[0])
            return false;
    return true;
}

bool nss_random(struct nss_ask *ask)
{
    size_t n = ask->recipe->count;
    own_free unsigned char *first = mem_zero(n, 1), *second = mem_zero(n, 1);
    struct nss *nss = ask->nss;

    if (!nss_ok(ask, NSS(nss, PK11_GenerateRandomOnSlot, nss->slot, first, (int)n) == SECSuccess) ||
        !nss_ok(ask, NSS(nss, PK11_GenerateRandomOnSlot, nss->slot, second, (int)n) == SECSuccess))
        return false;
    if (is_constant(first, n) || is_constant(second, n))
        return nss_wrong(ask, "all bytes are the same");
    if (memcmp(first, second, n) == 0)
        return nss_wrong(ask, "twice the same bytes");
    return nss_done(ask, CHECK_PLAUSIBLE);
}
