/* SPDX-License-Identifier: Apache-2.0
 *
 * template.h: the attributes of a key that is made or brought in. Touches nothing.
 */
#ifndef SOFTOKN_TEMPLATE_H
#define SOFTOKN_TEMPLATE_H

#include "softokn/recipe.h"

#define TEMPLATE_MAX 16

struct template {
    CK_ATTRIBUTE items[TEMPLATE_MAX];
    CK_ULONG n;
};

/* What value points to stays the caller's, and stays where it is. */
void template_add(struct template *t, CK_ATTRIBUTE_TYPE type, void *value, size_t len);
void template_bytes(struct template *t, CK_ATTRIBUTE_TYPE type, const struct bytes *value);
/* Attributes that are true: what the key is for. */
void template_uses(struct template *t, const CK_ATTRIBUTE_TYPE *uses, size_t n);

#endif
