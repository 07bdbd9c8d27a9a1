/* SPDX-License-Identifier: Apache-2.0
 *
 * probe-cipher.c: encryption. The service indicator is that of C_Encrypt with a key which the
 * module generated; the vector's key, brought in, shows that the answer is the right one.
 */
#include "softokn/probes.h"

#include "base/own.h"
#include "softokn/evidence.h"

#include <string.h>

/* With the vector's key, where that can be brought in; the evidence is RESULT_WRONG when the
 * ciphertext is not the vector's. */
static bool known_answer(struct ask *ask, enum check *check)
{
    own_output struct output out = {0};
    CK_OBJECT_HANDLE key;

    *check = CHECK_ROUND_TRIP;
    if (!key_bring(ask, &key))
        return true;
    output_make(&out, ask->recipe->ciphertext.len);
    if (probe_encrypt(ask, key, &out) != CKR_OK) {
        evidence_detail(ask->evidence, "the module does not use the vector's key");
        return true;
    }
    *check = CHECK_KNOWN_ANSWER;
    return (out.len <= out.room && output_is(&out, &ask->recipe->ciphertext)) ||
           evidence_wrong(ask->evidence, ask->token->step, "not the vector's ciphertext");
}

/* Encrypts and decrypts with a key of the module's own. */
static bool round_trip(struct ask *ask, CK_OBJECT_HANDLE key, struct output *ciphertext)
{
    const struct recipe *r = ask->recipe;
    own_output struct output back = {0};

    output_make(ciphertext, r->ciphertext.len);
    output_make(&back, r->plaintext.len);
    if (!ask_ok(ask, probe_encrypt(ask, key, ciphertext)) || !output_ok(ask, ciphertext))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (ciphertext->len != r->ciphertext.len)
        return evidence_wrong(ask->evidence, ask->token->step, "not as long as it should be");
    if (r->plaintext.len >= 8 &&
        memcmp(ciphertext->data, r->plaintext.data, r->plaintext.len) == 0)
        return evidence_wrong(ask->evidence, ask->token->step, "the ciphertext is the plaintext");
    if (!ask_ok(ask, probe_decrypt(ask, key, ciphertext->data, ciphertext->len, &back)) || !output_ok(ask, &back))
        return false;
    return output_is(&back, &r->plaintext) ||
           evidence_wrong(ask->evidence, ask->token->step,
                          "what was encrypted does not decrypt to itself");
}

bool probe_cipher(struct ask *ask)
{
    own_output struct output ciphertext = {0};
    CK_OBJECT_HANDLE key;
    enum check check;

    return key_generate(ask, &key) && round_trip(ask, key, &ciphertext) &&
           known_answer(ask, &check) && probe_done(ask, check);
}

bool probe_import(struct ask *ask)
{
    own_output struct output out = {0};
    CK_OBJECT_HANDLE key;

    output_make(&out, ask->recipe->ciphertext.len);
    if (!key_import(ask, &key) || !ask_ok(ask, probe_encrypt(ask, key, &out)) || !output_ok(ask, &out))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (!output_is(&out, &ask->recipe->ciphertext))
        return evidence_wrong(ask->evidence, ask->token->step, "not the vector's ciphertext");
    return probe_done(ask, CHECK_KNOWN_ANSWER);
}

/* ---- authenticated encryption --------------------------------------------------------------- */

static bool aead_caller_iv(struct ask *ask)
{
    own_output struct output ciphertext = {0}, back = {0};
    CK_OBJECT_HANDLE key;
    enum check check;

    output_make(&back, ask->recipe->plaintext.len);
    if (!key_generate(ask, &key) || !round_trip(ask, key, &ciphertext))
        return false;
    ciphertext.data[0] ^= 1;
    if (probe_decrypt(ask, key, ciphertext.data, ciphertext.len, &back) == CKR_OK)
        return evidence_wrong(ask->evidence, ask->token->step,
                              "a changed ciphertext was accepted");
    return known_answer(ask, &check) && probe_done(ask, check);
}

/* One message of PKCS#11 3.0's message functions, as C_EncryptMessage leaves it. */
struct message {
    unsigned char iv[64], tag[64];
    struct output ciphertext;
};

static void message_free(struct message *message)
{
    output_free(&message->ciphertext);
}

static CK_GCM_MESSAGE_PARAMS message_params(const struct recipe *r, struct message *message,
                                            bool generate)
{
    return (CK_GCM_MESSAGE_PARAMS){
        .pIv = message->iv,
        .ulIvLen = r->iv.len,
        .ivGenerator = generate ? r->iv_generator : CKG_NO_GENERATE,
        .pTag = message->tag,
        .ulTagBits = r->tag_bytes * 8,
    };
}

static bool encrypt_message(struct ask *ask, struct message *out)
{
    const struct recipe *r = ask->recipe;
    CK_GCM_MESSAGE_PARAMS params = message_params(r, out, true);

    output_make(&out->ciphertext, r->plaintext.len);
    return ask_ok(ask, P11(ask->token, EncryptMessage, ask->session, &params, sizeof params,
                           r->aad.data, r->aad.len, r->plaintext.data, r->plaintext.len,
                           out->ciphertext.data, &out->ciphertext.len)) &&
           output_ok(ask, &out->ciphertext);
}

static CK_RV decrypt_message(struct ask *ask, CK_OBJECT_HANDLE key, struct message *in,
                             struct output *back)
{
    const struct recipe *r = ask->recipe;
    CK_GCM_MESSAGE_PARAMS params = message_params(r, in, false);
    CK_MECHANISM mechanism = {r->mechanism, NULL, 0};
    CK_RV rv = P11(ask->token, MessageDecryptInit, ask->session, &mechanism, key), end;

    if (rv != CKR_OK)
        return rv;
    rv = P11(ask->token, DecryptMessage, ask->session, &params, sizeof params, r->aad.data,
             r->aad.len, in->ciphertext.data, in->ciphertext.len, back->data, &back->len);
    if (rv != CKR_OK) {
        if (P11(ask->token, MessageDecryptFinal, ask->session) != CKR_OK)
            return CKR_GENERAL_ERROR;
        token_step(ask->token, "C_DecryptMessage");
        return rv;
    }
    end = P11(ask->token, MessageDecryptFinal, ask->session);
    return end;
}

/* The vector's ciphertext under the vector's key must decrypt. */
static bool message_known(struct ask *ask, enum check *check)
{
    const struct recipe *r = ask->recipe;
    __attribute__((cleanup(message_free))) struct message message = {0};
    own_output struct output back = {0};
    CK_OBJECT_HANDLE key;

    *check = CHECK_ROUND_TRIP;
    if (!key_bring(ask, &key))
        return true;
    output_make(&back, r->plaintext.len);
    output_make(&message.ciphertext, r->plaintext.len);
    message.ciphertext.len = r->plaintext.len;
    memcpy(message.ciphertext.data, r->ciphertext.data, r->plaintext.len);
    memcpy(message.iv, r->iv.data, r->iv.len);
    memcpy(message.tag, r->ciphertext.data + r->plaintext.len, r->tag_bytes);
    if (decrypt_message(ask, key, &message, &back) != CKR_OK) {
        evidence_detail(ask->evidence, "the module does not decrypt with the vector's key");
        return true;
    }
    *check = CHECK_KNOWN_ANSWER;
    return (back.len <= back.room && output_is(&back, &r->plaintext)) ||
           evidence_wrong(ask->evidence, ask->token->step, "not the vector's plaintext");
}

static bool messages_differ(struct ask *ask, const struct message *a, const struct message *b)
{
    const struct recipe *r = ask->recipe;
    const struct message zero = {0};

    if (memcmp(a->iv, zero.iv, r->iv.len) == 0)
        return evidence_wrong(ask->evidence, ask->token->step, "the module made no IV");
    if (memcmp(a->iv, b->iv, r->iv.len) == 0)
        return evidence_wrong(ask->evidence, ask->token->step, "twice the same IV");
    if (a->ciphertext.len != r->plaintext.len)
        return evidence_wrong(ask->evidence, ask->token->step, "not as long as it should be");
    return true;
}

static bool aead_module_iv(struct ask *ask)
{
    const struct recipe *r = ask->recipe;
    __attribute__((cleanup(message_free))) struct message one = {0}, two = {0};
    own_output struct output back = {0}, changed = {0};
    CK_MECHANISM mechanism = {r->mechanism, NULL, 0};
    CK_OBJECT_HANDLE key;
    enum check check;

    output_make(&back, r->plaintext.len);
    output_make(&changed, r->plaintext.len);
    if (!key_generate(ask, &key) ||
        !ask_ok(ask, P11(ask->token, MessageEncryptInit, ask->session, &mechanism, key)) ||
        !encrypt_message(ask, &one) || !encrypt_message(ask, &two) ||
        !messages_differ(ask, &one, &two) ||
        !ask_ok(ask, P11(ask->token, MessageEncryptFinal, ask->session)))
        return false;
    ask->evidence->indicator = token_operation_indicator(ask->token, ask->session);
    if (!ask_ok(ask, decrypt_message(ask, key, &one, &back)) || !output_ok(ask, &back))
        return false;
    if (!output_is(&back, &r->plaintext))
        return evidence_wrong(ask->evidence, ask->token->step,
                              "what was encrypted does not decrypt to itself");
    one.tag[0] ^= 1;
    if (decrypt_message(ask, key, &one, &changed) == CKR_OK)
        return evidence_wrong(ask->evidence, ask->token->step, "a changed tag was accepted");
    return message_known(ask, &check) && probe_done(ask, check);
}

bool probe_aead(struct ask *ask)
{
    return ask->recipe->iv_generator != 0 ? aead_module_iv(ask) : aead_caller_iv(ask);
}
