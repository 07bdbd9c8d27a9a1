#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# vectors.sh FIPSPROBE: those values of the catalogue that Witness.java cannot do without, one per
# line: id key value. Data and nothing else: keys, signatures, certificates.
set -euo pipefail

"$1" list | awk '/ Java / { print $1 }' |
    grep -E '^(signature\.rsa|cipher\.rsa|verify|key\.import|agreement\.(dh|ff)|keystore|certpath)' |
    while read -r id; do
        "$1" explain "$id" | awk -v id="$id" '
            /^Test vector/ { vector = 1 }
            vector && $1 ~ /^(private-key|answer|message|modulus|exponent|prime|subprime|base|key|point|certificate|issuer)$/ {
                key = $1
                sub(/^ +[^ ]+ +/, "")
                print id, key, $0
            }'
    done
