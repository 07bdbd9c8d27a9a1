/* SPDX-License-Identifier: Apache-2.0
 *
 * owner.h: which package a file belongs to, by the package database of the root: dpkg's lists, also
 * those of distroless images, and rpm's sqlite database. Reads files below the root; the database
 * is opened so that nothing is written beside it.
 */
#ifndef MODULE_OWNER_H
#define MODULE_OWNER_H

#include "base/root.h"
#include "model/result.h"

/* Fills owner and owner_detail of the report's modules, and owner of its neighbours. */
void owner_find(const struct root *root, struct report *report);

#endif
