/* SPDX-License-Identifier: Apache-2.0
 *
 * nss-cipher.c: encryption at libnss3. Contexts are used throughout, as a program does that asks
 * for the service indicator: PK11_Encrypt works in a session of its own that is gone afterwards.
 */
#include "softokn/nss-probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

static void destroy(struct nss *nss, PK11Context *context)
{
    if (context != NULL)
        nss->f.PK11_DestroyContext(context, PR_TRUE);
}

/* ---- without a tag -------------------------------------------------------------------------- */

static bool pass(struct nss *nss, PK11Context *context, const unsigned char *in, size_t len,
                 struct nss_output *out, enum indicator *indicator)
{
    unsigned rest = 0;
    int got = 0;

    if (NSS(nss, PK11_CipherOp, context, out->data, &got, (int)out->room, in, (int)len) !=
            SECSuccess ||
        got < 0 || (size_t)got > out->room ||
        NSS(nss, PK11_DigestFinal, context, out->data + got, &rest, (unsigned)out->room -
            (unsigned)got) != SECSuccess ||
        rest > out->room - (size_t)got)
        return false;
    out->len = (size_t)got + rest;
    if (indicator != NULL)
        *indicator = nss_context_indicator(nss, context);
    return true;
}

/* ChaCha20 without a tag is done in one step or not at all (lib/softoken/pkcs11c.c, sftk_CryptInit:
 * context->multi), and no context of libnss3 does that. Its callers have PK11_Encrypt. */
static bool is_one_step(CK_MECHANISM_TYPE type)
{
    return type == CKM_NSS_CHACHA20_CTR || type == CKM_CHACHA20;
}

static bool crypt_once(struct nss *nss, CK_ATTRIBUTE_TYPE operation, PK11SymKey *key,
                       const struct mech *mech, const unsigned char *in, size_t len,
                       struct nss_output *out)
{
    SECItem param = nss_item(mech->m.pParameter, mech->m.ulParameterLen);
    CK_MECHANISM_TYPE type = mech->m.mechanism;
    unsigned got = 0;
    SECStatus status;

    if (nss->f.PK11_Encrypt == NULL || nss->f.PK11_Decrypt == NULL)
        return false;
    if (operation == CKA_ENCRYPT)
        status = NSS(nss, PK11_Encrypt, key, type, &param, out->data, &got, (unsigned)out->room,
                     in, (unsigned)len);
    else
        status = NSS(nss, PK11_Decrypt, key, type, &param, out->data, &got, (unsigned)out->room,
                     in, (unsigned)len);
    out->len = got <= out->room ? got : 0;
    return status == SECSuccess;
}

/* operation: CKA_ENCRYPT or CKA_DECRYPT. */
static bool crypt_with(struct nss_ask *ask, CK_ATTRIBUTE_TYPE operation, PK11SymKey *key,
                       const unsigned char *in, size_t len, struct nss_output *out,
                       enum indicator *indicator)
{
    struct nss *nss = ask->nss;
    PK11Context *context;
    struct mech mech;
    SECItem param;
    bool ok;

    recipe_mech(ask->recipe, &mech);
    if (is_one_step(mech.m.mechanism))
        return crypt_once(nss, operation, key, &mech, in, len, out);
    param = nss_item(mech.m.pParameter, mech.m.ulParameterLen);
    context = NSS(nss, PK11_CreateContextBySymKey, ask->recipe->mechanism, operation, key, &param);
    ok = context != NULL && pass(nss, context, in, len, out, indicator);
    destroy(nss, context);
    return ok;
}

static bool round_trip(struct nss_ask *ask, PK11SymKey *key)
{
    const struct recipe *r = ask->recipe;
    own_nss_output struct nss_output there = {0}, back = {0};

    nss_output_make(&there, r->ciphertext.len);
    nss_output_make(&back, r->plaintext.len);
    if (!nss_ok(ask, crypt_with(ask, CKA_ENCRYPT, key, r->plaintext.data, r->plaintext.len, &there,
                                &ask->evidence->indicator)))
        return false;
    if (there.len != r->ciphertext.len)
        return nss_wrong(ask, "not as long as it should be");
    if (r->plaintext.len >= 8 && memcmp(there.data, r->plaintext.data, r->plaintext.len) == 0)
        return nss_wrong(ask, "the ciphertext is the plaintext");
    if (!nss_ok(ask, crypt_with(ask, CKA_DECRYPT, key, there.data, there.len, &back, NULL)))
        return false;
    return nss_output_is(&back, r->plaintext.data, r->plaintext.len) ||
           nss_wrong(ask, "what was encrypted does not decrypt to itself");
}

/* With the vector's key, where that can be brought in. */
static bool known_answer(struct nss_ask *ask, enum check *check)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *key = nss_key_bring(ask, CKA_ENCRYPT);
    own_nss_output struct nss_output out = {0};
    bool done;

    *check = CHECK_ROUND_TRIP;
    if (key == NULL)
        return true;
    nss_output_make(&out, r->ciphertext.len);
    done = crypt_with(ask, CKA_ENCRYPT, key, r->plaintext.data, r->plaintext.len, &out, NULL);
    nss_free_key(ask->nss, key);
    if (!done) {
        evidence_detail(ask->evidence, "the module does not use the vector's key");
        return true;
    }
    *check = CHECK_KNOWN_ANSWER;
    return nss_output_is(&out, r->ciphertext.data, r->ciphertext.len) ||
           nss_wrong(ask, "not the vector's ciphertext");
}

bool nss_cipher(struct nss_ask *ask)
{
    PK11SymKey *key = nss_key_generate(ask);
    enum check check;
    bool ok = key != NULL && round_trip(ask, key) && known_answer(ask, &check);

    nss_free_key(ask->nss, key);
    return ok && nss_done(ask, check);
}

bool nss_import(struct nss_ask *ask)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *key = nss_key_import(ask, CKA_ENCRYPT);
    own_nss_output struct nss_output out = {0};
    bool ok;

    nss_output_make(&out, r->ciphertext.len);
    ok = key != NULL && nss_ok(ask, crypt_with(ask, CKA_ENCRYPT, key, r->plaintext.data,
                                               r->plaintext.len, &out, &ask->evidence->indicator));
    nss_free_key(ask->nss, key);
    if (!ok)
        return false;
    if (!nss_output_is(&out, r->ciphertext.data, r->ciphertext.len))
        return nss_wrong(ask, "not the vector's ciphertext");
    return nss_done(ask, CHECK_KNOWN_ANSWER);
}

/* ---- with a tag ----------------------------------------------------------------------------- */

struct message {
    unsigned char iv[64], tag[64];
    struct nss_output text;
};

static void message_free(struct message *m)
{
    nss_output_free(&m->text);
}
#define own_message __attribute__((cleanup(message_free)))

static PK11Context *message_context(struct nss_ask *ask, CK_ATTRIBUTE_TYPE operation,
                                    PK11SymKey *key)
{
    SECItem none = nss_item(NULL, 0);

    return NSS(ask->nss, PK11_CreateContextBySymKey, ask->recipe->mechanism,
               CKA_NSS_MESSAGE | operation, key, &none);
}

/* One message through the context. generator: CKG_NO_GENERATE: the IV in m is taken. */
static bool message_op(struct nss_ask *ask, PK11Context *context, CK_GENERATOR_FUNCTION generator,
                       struct message *m, const unsigned char *in, size_t len)
{
    const struct recipe *r = ask->recipe;
    int got = 0;

    if (NSS(ask->nss, PK11_AEADOp, context, generator, 0, m->iv, (int)r->iv.len, r->aad.data,
            (int)r->aad.len, m->text.data, &got, (int)m->text.room, m->tag, (int)r->tag_bytes, in,
            (int)len) != SECSuccess)
        return false;
    m->text.len = got >= 0 && (size_t)got <= m->text.room ? (size_t)got : 0;
    return true;
}

static bool encrypt_messages(struct nss_ask *ask, PK11SymKey *key, struct message *one,
                             struct message *two)
{
    const struct recipe *r = ask->recipe;
    CK_GENERATOR_FUNCTION generator = r->iv_generator == 0 ? CKG_NO_GENERATE : r->iv_generator;
    PK11Context *context = message_context(ask, CKA_ENCRYPT, key);
    bool ok = nss_ok(ask, context != NULL) &&
              nss_ok(ask, message_op(ask, context, generator, one, r->plaintext.data,
                                     r->plaintext.len)) &&
              (two == NULL || nss_ok(ask, message_op(ask, context, generator, two,
                                                     r->plaintext.data, r->plaintext.len)));

    /* while the context is open: PK11_Finalize ends the operation and leaves libnss3 believing that
     * it goes on, and then it says no to all (lib/pk11wrap/pk11cxt.c, PK11_ContextGetFIPSStatus) */
    if (ok)
        ask->evidence->indicator = nss_context_indicator(ask->nss, context);
    destroy(ask->nss, context);
    return ok;
}

static bool decrypt_message(struct nss_ask *ask, PK11SymKey *key, const struct message *in,
                            struct message *back)
{
    PK11Context *context = message_context(ask, CKA_DECRYPT, key);
    bool ok;

    memcpy(back->iv, in->iv, sizeof back->iv);
    memcpy(back->tag, in->tag, sizeof back->tag);
    ok = context != NULL &&
         message_op(ask, context, CKG_NO_GENERATE, back, in->text.data, in->text.len);
    destroy(ask->nss, context);
    return ok;
}

static bool check_ivs(struct nss_ask *ask, const struct message *one, const struct message *two)
{
    const struct message zero = {0};
    size_t len = ask->recipe->iv.len;

    if (memcmp(one->iv, zero.iv, len) == 0)
        return nss_wrong(ask, "the module made no IV");
    if (memcmp(one->iv, two->iv, len) == 0)
        return nss_wrong(ask, "twice the same IV");
    return true;
}

static bool message_round_trip(struct nss_ask *ask, PK11SymKey *key)
{
    const struct recipe *r = ask->recipe;
    bool own_iv = r->iv_generator != 0;
    own_message struct message one = {0}, two = {0}, back = {0}, changed = {0};

    nss_output_make(&one.text, r->ciphertext.len);
    nss_output_make(&two.text, r->ciphertext.len);
    nss_output_make(&back.text, r->plaintext.len);
    nss_output_make(&changed.text, r->plaintext.len);
    if (!own_iv)
        memcpy(one.iv, r->iv.data, r->iv.len);
    if (!encrypt_messages(ask, key, &one, own_iv ? &two : NULL))
        return false;
    if (one.text.len != r->plaintext.len)
        return nss_wrong(ask, "not as long as it should be");
    if (own_iv && !check_ivs(ask, &one, &two))
        return false;
    if (!nss_ok(ask, decrypt_message(ask, key, &one, &back)))
        return false;
    if (!nss_output_is(&back.text, r->plaintext.data, r->plaintext.len))
        return nss_wrong(ask, "what was encrypted does not decrypt to itself");
    one.tag[0] ^= 1;
    return !decrypt_message(ask, key, &one, &changed) || nss_wrong(ask, "a changed tag was accepted");
}

/* The vector's ciphertext under the vector's key must decrypt; so it can be asked where the module
 * makes the IV of what it encrypts, too. */
static bool message_known(struct nss_ask *ask, enum check *check)
{
    const struct recipe *r = ask->recipe;
    PK11SymKey *key = nss_key_bring(ask, CKA_NSS_MESSAGE | CKA_DECRYPT);
    own_message struct message vector = {0}, back = {0};
    bool done;

    *check = CHECK_ROUND_TRIP;
    if (key == NULL)
        return true;
    nss_output_make(&back.text, r->plaintext.len);
    nss_output_make(&vector.text, r->plaintext.len);
    vector.text.len = r->plaintext.len;
    memcpy(vector.text.data, r->ciphertext.data, r->plaintext.len);
    memcpy(vector.iv, r->iv.data, r->iv.len);
    memcpy(vector.tag, r->ciphertext.data + r->plaintext.len, r->tag_bytes);
    done = decrypt_message(ask, key, &vector, &back);
    nss_free_key(ask->nss, key);
    if (!done) {
        evidence_detail(ask->evidence, "the module does not decrypt with the vector's key");
        return true;
    }
    *check = CHECK_KNOWN_ANSWER;
    return nss_output_is(&back.text, r->plaintext.data, r->plaintext.len) ||
           nss_wrong(ask, "not the vector's plaintext");
}

bool nss_aead(struct nss_ask *ask)
{
    PK11SymKey *key;
    enum check check;
    bool ok;

    if (ask->recipe->iv.len > 64 || ask->recipe->tag_bytes > 64)
        return evidence_fail(ask->evidence, "ask", "no-such-operation",
                             "an IV or a tag of such a length is not asked here");
    key = nss_key_generate(ask);
    ok = key != NULL && message_round_trip(ask, key) && message_known(ask, &check);
    nss_free_key(ask->nss, key);
    return ok && nss_done(ask, check);
}
