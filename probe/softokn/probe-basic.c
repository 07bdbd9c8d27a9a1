/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-basic.c: digests, message authentication, random bytes, and what all probes share.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

#define MARGIN 512 /* more room than any correct answer needs */

void output_make(struct output *out, size_t expected)
{
    out->room = expected + MARGIN;
    out->len = out->room;
    out->data = mem_zero(out->room, 1);
}

void output_free(struct output *out)
{
    free(out->data);
    *out = (struct output){0};
}

bool output_ok(struct ask *ask, const struct output *out)
{
    return out->len <= out->room ||
           evidence_wrong(ask->evidence, ask->token->step,
                          "it says that it wrote more than it was given room for");
}

bool output_is(const struct output *out, const struct bytes *expected)
{
    return out->len == expected->len &&
           (expected->len == 0 || memcmp(out->data, expected->data, expected->len) == 0);
}

bool output_same(const struct output *a, const struct output *b)
{
    return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

bool probe_done(struct ask *ask, enum check check)
{
    free(ask->evidence->step);
    ask->evidence->step = mem_str(ask->token->step);
    ask->evidence->result = RESULT_DONE;
    ask->evidence->check = check;
    return true;
}

bool probe_digest(struct ask *ask)
{
    const struct recipe *r = ask->recipe;
    CK_MECHANISM mechanism = {r->mechanism, NULL, 0};
    own_output struct output out = {0};

    output_make(&out, r->answer.len);
    if (!ask_ok(ask, P11(ask->token, DigestInit, ask->session, &mechanism)) ||
        !ask_ok(ask, P11(ask->token, Digest, ask->session, r->message.data, r->message.len,
                         out.data, &out.len)) ||
        !output_ok(ask, &out))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (!output_is(&out, &r->answer))
        return evidence_wrong(ask->evidence, ask->token->step, "not the digest of the message");
    return probe_done(ask, CHECK_KNOWN_ANSWER);
}

CK_RV probe_encrypt(struct ask *ask, CK_OBJECT_HANDLE key, struct output *out)
{
    const struct recipe *r = ask->recipe;
    struct mech mech;
    CK_RV rv;

    recipe_mech(r, &mech);
    rv = P11(ask->token, EncryptInit, ask->session, &mech.m, key);
    if (rv != CKR_OK)
        return rv;
    return P11(ask->token, Encrypt, ask->session, r->plaintext.data, r->plaintext.len, out->data,
               &out->len);
}

CK_RV probe_decrypt(struct ask *ask, CK_OBJECT_HANDLE key, unsigned char *in, size_t len,
                    struct output *out)
{
    struct mech mech;
    CK_RV rv;

    recipe_mech(ask->recipe, &mech);
    rv = P11(ask->token, DecryptInit, ask->session, &mech.m, key);
    if (rv != CKR_OK)
        return rv;
    return P11(ask->token, Decrypt, ask->session, in, len, out->data, &out->len);
}

bool probe_sign_with(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                     const struct bytes *message, struct output *signature)
{
    return ask_ok(ask, P11(ask->token, SignInit, ask->session, mechanism, key)) &&
           ask_ok(ask, P11(ask->token, Sign, ask->session, message->data, message->len,
                           signature->data, &signature->len)) &&
           output_ok(ask, signature);
}

bool probe_verifies(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                    const struct bytes *message, const struct output *signature, const char *wrong)
{
    CK_RV rv;

    if (!ask_ok(ask, P11(ask->token, VerifyInit, ask->session, mechanism, key)))
        return false;
    rv = P11(ask->token, Verify, ask->session, message->data, message->len, signature->data,
             signature->len);
    if (rv == CKR_SIGNATURE_INVALID || rv == CKR_SIGNATURE_LEN_RANGE)
        return evidence_wrong(ask->evidence, ask->token->step, wrong);
    return ask_ok(ask, rv);
}

bool probe_rejects(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                   const struct bytes *message, const struct output *signature)
{
    own_free unsigned char *changed = (unsigned char *)mem_dup(message->data, message->len);

    if (!ask_ok(ask, P11(ask->token, VerifyInit, ask->session, mechanism, key)))
        return false;
    changed[message->len / 2] ^= 1; /* an empty message: its NUL, which is then part of it */
    return P11(ask->token, Verify, ask->session, changed, message->len + (message->len == 0),
               signature->data, signature->len) != CKR_OK ||
           evidence_wrong(ask->evidence, ask->token->step,
                          "the signature verifies for a changed message too");
}

bool probe_verify_with(struct ask *ask, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key,
                       const struct bytes *message, const struct output *signature)
{
    return probe_verifies(ask, mechanism, key, message, signature,
                          "what the module signed does not verify") &&
           probe_rejects(ask, mechanism, key, message, signature);
}

/* A pseudo-random function fills whatever room it is given. */
static void mac_room(const struct recipe *r, struct output *out)
{
    output_make(out, r->answer.len);
    if (r->signature_bytes != 0)
        out->len = r->signature_bytes;
}

/* The same under the vector's key, where that can be brought in. */
static enum check mac_known(struct ask *ask, bool *right)
{
    const struct recipe *r = ask->recipe;
    own_output struct output out = {0};
    CK_OBJECT_HANDLE key;
    struct mech mech;

    *right = true;
    recipe_mech(r, &mech);
    mac_room(r, &out);
    if (!key_bring(ask, &key))
        return CHECK_ROUND_TRIP;
    if (P11(ask->token, SignInit, ask->session, &mech.m, key) != CKR_OK ||
        P11(ask->token, Sign, ask->session, r->message.data, r->message.len, out.data,
            &out.len) != CKR_OK) {
        evidence_detail(ask->evidence, "the module does not use the vector's key");
        return CHECK_ROUND_TRIP;
    }
    *right = out.len <= out.room && output_is(&out, &r->answer);
    return CHECK_KNOWN_ANSWER;
}

/* The same message must give the same, a changed one another. */
static bool sign_again(struct ask *ask, struct mech *mech, CK_OBJECT_HANDLE key,
                       const struct output *mac)
{
    const struct recipe *r = ask->recipe;
    own_free unsigned char *changed = (unsigned char *)mem_dup(r->message.data, r->message.len);
    const struct bytes other = {changed, r->message.len + (r->message.len == 0)};
    const struct bytes first = {mac->data, mac->len};
    own_output struct output again = {0}, differs = {0};

    changed[r->message.len / 2] ^= 1; /* an empty message: its NUL, which is then part of it */
    mac_room(r, &again);
    mac_room(r, &differs);
    if (!probe_sign_with(ask, &mech->m, key, &r->message, &again) ||
        !probe_sign_with(ask, &mech->m, key, &other, &differs))
        return false;
    if (!output_is(&again, &first))
        return evidence_wrong(ask->evidence, ask->token->step,
                              "the same message gives two answers");
    return !output_is(&differs, &first) ||
           evidence_wrong(ask->evidence, ask->token->step,
                          "a changed message gives the same answer");
}

bool probe_mac(struct ask *ask)
{
    const struct recipe *r = ask->recipe;
    own_output struct output out = {0};
    CK_OBJECT_HANDLE key;
    struct mech mech;
    enum check check;
    bool right;

    recipe_mech(r, &mech);
    mac_room(r, &out);
    if (!key_generate(ask, &key) || !probe_sign_with(ask, &mech.m, key, &r->message, &out))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (out.len != r->answer.len)
        return evidence_wrong(ask->evidence, ask->token->step, "not as long as it should be");
    if (r->sign_again ? !sign_again(ask, &mech, key, &out)
                      : !probe_verify_with(ask, &mech.m, key, &r->message, &out))
        return false;
    check = mac_known(ask, &right);
    if (!right)
        return evidence_wrong(ask->evidence, ask->token->step, "not the vector's answer");
    return probe_done(ask, check);
}

static bool is_constant(const unsigned char *data, size_t len)
{
    for (size_t i = 1; i < len; i++)
        if (data[i] != data[0])
            return false;
    return true;
}

bool probe_random(struct ask *ask)
{
    size_t n = ask->recipe->count;
    own_free unsigned char *first = mem_zero(n, 1), *second = mem_zero(n, 1);

    if (!ask_ok(ask, P11(ask->token, GenerateRandom, ask->session, first, n)) ||
        !ask_ok(ask, P11(ask->token, GenerateRandom, ask->session, second, n)))
        return false;
    if (is_constant(first, n) || is_constant(second, n))
        return evidence_wrong(ask->evidence, ask->token->step, "all bytes are the same");
    if (memcmp(first, second, n) == 0)
        return evidence_wrong(ask->evidence, ask->token->step, "twice the same bytes");
    return probe_done(ask, CHECK_PLAUSIBLE);
}
