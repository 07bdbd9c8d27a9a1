/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/validation.h"

#include "base/own.h"
#include "softokn/constants.h"

#include <string.h>

/* NSS before 3.67 has no such object, and its headers no such names (lib/util/pkcs11n.h). */
#define NSS_VALIDATION ((CKO_VENDOR_DEFINED | NSSCK_VENDOR_NSS) + 7)
#define NSS_ATTRIBUTE(n) ((CKA_VENDOR_DEFINED | NSSCK_VENDOR_NSS) + (n))
/* PKCS#11 3.2, pkcs11t.h */
#define P11_VALIDATION 0x0aUL
#define OBJECT_VALIDATION_FLAGS 0x61eUL
#define VALIDATION_FLAG 0x623UL
#define LAST_VALIDATION_OK 1UL
#define FUNCTIONS_BETWEEN 6 /* C_EncapsulateKey ... C_VerifySignatureFinal */

#define MAX_OBJECTS 8
#define MAX_TEXT 256

validation_flags_fn *validation_function(const void *list)
{
    const struct {
        CK_FUNCTION_LIST_3_0 v30;
        void (*between[FUNCTIONS_BETWEEN])(void);
        validation_flags_fn *get;
    } *v32 = list;

    return v32->get;
}

/* ---- the objects ------------------------------------------------------------------------------ */

enum kind { KIND_NUMBER, KIND_FLAGS, KIND_VERSION, KIND_TEXT, KIND_TYPE, KIND_AUTHORITY, KIND_NSS };

/* Every attribute that such an object has, in the order of the standards. */
static const struct attribute {
    CK_OBJECT_CLASS class;
    CK_ATTRIBUTE_TYPE type;
    const char *key;
    enum kind kind;
} attributes[] = {
    {NSS_VALIDATION, NSS_ATTRIBUTE(36), "type", KIND_NSS},
    {NSS_VALIDATION, NSS_ATTRIBUTE(37), "version", KIND_VERSION},
    {NSS_VALIDATION, NSS_ATTRIBUTE(38), "level", KIND_NUMBER},
    {NSS_VALIDATION, NSS_ATTRIBUTE(39), "module_id", KIND_TEXT},
    {P11_VALIDATION, 0x61fUL, "type", KIND_TYPE},
    {P11_VALIDATION, 0x620UL, "version", KIND_VERSION},
    {P11_VALIDATION, 0x621UL, "level", KIND_NUMBER},
    {P11_VALIDATION, 0x622UL, "module_id", KIND_TEXT},
    {P11_VALIDATION, VALIDATION_FLAG, "flag", KIND_FLAGS},
    {P11_VALIDATION, 0x624UL, "authority", KIND_AUTHORITY},
    {P11_VALIDATION, 0x625UL, "country", KIND_TEXT},
    {P11_VALIDATION, 0x626UL, "certificate_identifier", KIND_TEXT},
    {P11_VALIDATION, 0x627UL, "certificate_uri", KIND_TEXT},
    {P11_VALIDATION, 0x628UL, "vendor_uri", KIND_TEXT},
    {P11_VALIDATION, 0x629UL, "profile", KIND_TEXT},
};

/* CKV_TYPE_..., CKV_AUTHORITY_TYPE_... of PKCS#11 3.2; CKV_NSS_FIPS_140 of pkcs11n.h. */
static const struct {
    enum kind kind;
    unsigned long number;
    const char *word;
} words[] = {
    {KIND_TYPE, 0, "unspecified"},
    {KIND_TYPE, 1, "software"},
    {KIND_TYPE, 2, "hardware"},
    {KIND_TYPE, 3, "firmware"},
    {KIND_TYPE, 4, "hybrid"},
    {KIND_AUTHORITY, 0, "unspecified"},
    {KIND_AUTHORITY, 1, "NIST CMVP"},
    {KIND_AUTHORITY, 2, "Common Criteria"},
    {KIND_NSS, (CKO_VENDOR_DEFINED | NSSCK_VENDOR_NSS) + 1, "FIPS 140"},
};

static json_t *word_of(enum kind kind, unsigned long number)
{
    own_free char *text = NULL;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].kind == kind && words[i].number == number)
            return json_string(words[i].word);
    text = mem_printf("0x%lx", number);
    return json_string(text);
}

/* NULL: a value that is not of the form that the attribute has. */
static json_t *value_of(enum kind kind, const struct bytes *value)
{
    CK_ULONG number = 0;

    if (kind == KIND_TEXT) {
        own_free char *text = mem_dup(value->data, value->len);
        size_t end = strlen(text);

        while (end > 0 && text[end - 1] == ' ')
            text[--end] = '\0';
        return json_stringn_nocheck(text, end); /* the wire cleans it */
    }
    if (kind == KIND_VERSION) {
        own_free char *text = NULL;

        if (value->len != sizeof(CK_VERSION))
            return NULL;
        text = mem_printf("%u.%u", value->data[0], value->data[1]);
        return json_string(text);
    }
    if (value->len != sizeof number)
        return NULL;
    memcpy(&number, value->data, sizeof number);
    if (kind == KIND_NUMBER)
        return json_integer((json_int_t)number);
    if (kind == KIND_FLAGS) {
        own_free char *text = mem_printf("0x%lx", number);

        return json_string(text);
    }
    return word_of(kind, number);
}

static json_t *describe_object(struct token *token, CK_OBJECT_CLASS class, CK_OBJECT_HANDLE object)
{
    json_t *row = json_object();

    json_object_set_new(row, "class", json_string(class == NSS_VALIDATION ? "CKO_NSS_VALIDATION"
                                                                          : "CKO_VALIDATION"));
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        struct bytes value = {0};
        json_t *told;

        if (attributes[i].class != class ||
            !token_attribute(token, token->session, object, attributes[i].type, MAX_TEXT, &value))
            continue;
        told = value_of(attributes[i].kind, &value);
        if (told != NULL)
            json_object_set_new(row, attributes[i].key, told);
        if (attributes[i].type == VALIDATION_FLAG && value.len == sizeof(CK_FLAGS)) {
            CK_FLAGS flag;

            memcpy(&flag, value.data, sizeof flag);
            token->validation.flags |= flag;
        }
        bytes_free(&value);
    }
    return row;
}

static size_t find_objects(struct token *token, CK_OBJECT_CLASS class, CK_OBJECT_HANDLE *objects)
{
    CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof class};
    CK_ULONG n = 0;

    if (P11(token, FindObjectsInit, token->session, &template, 1) != CKR_OK)
        return 0;
    if (P11(token, FindObjects, token->session, objects, MAX_OBJECTS, &n) != CKR_OK ||
        n > MAX_OBJECTS)
        n = 0;
    return P11(token, FindObjectsFinal, token->session) == CKR_OK ? n : 0;
}

void validation_describe(struct token *token)
{
    static const CK_OBJECT_CLASS classes[] = {NSS_VALIDATION, P11_VALIDATION};
    json_t *list = json_array();
    bool named = false;

    for (size_t c = 0; c < sizeof classes / sizeof *classes; c++) {
        CK_OBJECT_HANDLE objects[MAX_OBJECTS];
        size_t n = find_objects(token, classes[c], objects);

        for (size_t i = 0; i < n; i++) {
            json_t *row = describe_object(token, classes[c], objects[i]);
            const char *id = json_string_value(json_object_get(row, "module_id"));

            if (!named && id != NULL && *id != '\0') {
                wire_fact_str(token->wire, "module_id", id);
                named = true;
            }
            json_array_append_new(list, row);
        }
    }
    wire_fact(token->wire, "validations", list);
}

/* ---- the flags -------------------------------------------------------------------------------- */

static enum indicator by_flags(const struct token *token, CK_FLAGS flags)
{
    return (flags & token->validation.flags) != 0 ? INDICATOR_OK : INDICATOR_NOT_OK;
}

enum indicator validation_of_session(struct token *token, CK_SESSION_HANDLE session)
{
    const char *step = token->step; /* asking is no step of the probe's own */
    CK_FLAGS flags = 0;
    CK_RV rv;

    if (token->validation.get == NULL || token->validation.flags == 0)
        return INDICATOR_NONE;
    token_step(token, "C_GetSessionValidationFlags");
    rv = token->validation.get(session, LAST_VALIDATION_OK, &flags);
    token->step = step;
    return rv == CKR_OK ? by_flags(token, flags) : INDICATOR_FAILED;
}

/* A module of 3.2 that does not give the attribute says nothing of the object. */
enum indicator validation_of_object(struct token *token, CK_SESSION_HANDLE session,
                                    CK_OBJECT_HANDLE object)
{
    const char *step = token->step;
    struct bytes value = {0};
    CK_FLAGS flags = 0;
    bool given;

    if (token->validation.get == NULL || token->validation.flags == 0)
        return INDICATOR_NONE;
    given = token_attribute(token, session, object, OBJECT_VALIDATION_FLAGS, sizeof flags,
                            &value) &&
            value.len == sizeof flags;
    token->step = step;
    if (given)
        memcpy(&flags, value.data, sizeof flags);
    bytes_free(&value);
    return given ? by_flags(token, flags) : INDICATOR_NONE;
}
