#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# embed.sh NAME FILE: FILE as C: `const unsigned char NAME[]` (with a NUL behind it) and
# `const size_t NAME_len`. Written to stdout.
set -eu
printf '/* made from %s by data/embed.sh */\n#include "data/data.h"\n' "$(basename "$2")"
printf 'const unsigned char %s[] = {\n' "$1"
od -An -v -tu1 "$2" | sed 's/  */,/g; s/^,//; s/$/,/'
printf '0};\nconst size_t %s_len = sizeof %s - 1;\n' "$1" "$1"
