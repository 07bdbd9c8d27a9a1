/* SPDX-License-Identifier: Apache-2.0 */
#include "softokn/template.h"

static CK_BBOOL yes = CK_TRUE;

void template_add(struct template *t, CK_ATTRIBUTE_TYPE type, void *value, size_t len)
{
    if (t->n < TEMPLATE_MAX)
        t->items[t->n++] = (CK_ATTRIBUTE){type, value, len};
}

void template_bytes(struct template *t, CK_ATTRIBUTE_TYPE type, const struct bytes *value)
{
    if (value->data != NULL)
        template_add(t, type, value->data, value->len);
}

void template_uses(struct template *t, const CK_ATTRIBUTE_TYPE *uses, size_t n)
{
    for (size_t i = 0; i < n; i++)
        template_add(t, uses[i], &yes, sizeof yes);
}
