#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# vectors.sh FIPSPROBE: those values of the catalogue that Witness.java cannot do without, one per
# line: id key value. Data and nothing else: keys, signatures, certificates.
# vectors.sh FIPSPROBE ID KEY: one value.
set -euo pipefail

# The test vector of a row. Long values are folded: a line without a key goes on with the last one.
vector() { # ID
    "$fipsprobe" explain "$1" | awk -v id="$1" '
        function put() {
            if (key != "")
                print id, key, value
        }
        /^Test vector/ { vector = 1; next }
        vector && /^  [a-z]/ { put(); key = $1; value = $0; sub(/^ +[^ ]+ +/, "", value); next }
        vector { value = value $1 }
        END { put() }'
}

fipsprobe=$1
if [[ $# -eq 3 ]]; then
    vector "$2" | awk -v key="$3" '$2 == key { print $3 }'
    exit
fi
keys='private-key|answer|message|modulus|exponent|prime|subprime|base|key|point|certificate|issuer|store'
"$fipsprobe" list | awk '/ Java / { print $1 }' |
    grep -E '^(signature\.rsa|cipher\.rsa|wrap\.rsa|verify|key\.import|agreement\.(dh|ff)|keystore|certpath)' |
    while read -r id; do
        vector "$id" | awk -v keys="^($keys)\$" '$2 ~ keys'
    done
