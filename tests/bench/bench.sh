#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh: what fipsprobe costs, as ratios within one run: the medians of RUNS (9) runs of each
# side, taken in turns. Information, never a test. In what it compares, both sides do the same work:
#
#     NSS    nss-minimal.c, the operations of the catalogue at the same doors, one after the other
#     Java   Witness.java, the same rows, started by `java`
#     opens  opens.c, under exec and without it
set -euo pipefail
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
runs=${RUNS:-9}
work=$(mktemp -d "${TMPDIR:-/tmp}/fipsprobe-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS NSS_FIPS LD_LIBRARY_PATH
fipsprobe=$builddir/fipsprobe

declare -A command
names=()
side() { # NAME COMMAND...
    names+=("$1")
    command[$1]=$(printf '%q ' "${@:2}")
    bash -c "${command[$1]}" >"$work/said" 2>&1 ||
        { [[ $? -eq 2 ]] || { echo "$1 does not run:"; head -5 "$work/said"; unset 'names[-1]'; return 1; }; }
}

measure() { # in turns, so that what disturbs the machine disturbs all sides
    local n name start end
    for ((n = 0; n < runs; n++)); do
        for name in "${names[@]}"; do
            start=$(date +%s%N)
            bash -c "exec ${command[$name]}" >/dev/null 2>&1 || true
            end=$(date +%s%N)
            echo $(((end - start) / 1000)) >>"$work/times-$name"
        done
    done
}

median() { # NAME: microseconds
    sort -n "$work/times-$1" | sed -n "$(((runs + 1) / 2))p"
}

ratio() { # TITLE A B BOUND
    [[ -e $work/times-$2 && -e $work/times-$3 ]] || { printf '%-52s not measured\n' "$1"; return; }
    awk -v t="$1" -v a="$(median "$2")" -v b="$(median "$3")" -v bound="$4" 'BEGIN {
        r = a / b
        printf "%-52s %7.1f ms / %7.1f ms = %5.2f  (at most %.1f%s)\n", t, a / 1000, b / 1000, r,
            bound, r <= bound ? "" : ": MISSED" }'
}

cc=${CC:-cc}
value() { bash "$srcdir/tests/bench/vectors.sh" "$fipsprobe" "$1" "$2"; }
# shellcheck disable=SC2046 # words
$cc -O2 -DPRIVATE_KEY="\"$(value signature.rsa-2048 private-key)\"" \
    -DPRIME="\"$(value agreement.dh-1024 prime)\"" \
    $(pkg-config --cflags nss) "$srcdir/tests/bench/nss-minimal.c" -o "$work/nss-minimal" \
    -ldl $(pkg-config --libs nss)
jdk=${JAVA_HOME:-$(readlink -f "$(command -v javac)")}
jdk=${jdk%/bin/javac}

# The rows that nss-minimal does.
same=()
for row in \
    digest.md2 digest.md5 digest.sha-1 digest.sha-256 digest.sha-384 digest.sha-512 \
    digest.sha3-256 mac.hmac-sha-256 mac.hmac-md5 mac.hmac-sha-256.key-64 \
    cipher.aes-256-gcm.caller-iv cipher.aes-256-gcm.module-iv cipher.aes-256-cbc \
    cipher.aes-128-ecb cipher.3des-cbc cipher.des-cbc cipher.rc2-cbc cipher.rc4 \
    cipher.blowfish-cbc cipher.camellia-cbc cipher.chacha20-poly1305 signature.rsa-2048 \
    signature.ecdsa-p256 signature.ed25519 keygen.rsa-1024 agreement.ecdh-p256 agreement.x25519 \
    agreement.dh-1024 key.import random.generate
do
    same+=(--only "$row")
done
side nss-minimal "$work/nss-minimal" || true
side nss-as-is "$fipsprobe" --no-java --contexts as-is --format json "${same[@]}" || true
side nss-all "$fipsprobe" --no-java --format json "${same[@]}" || true
if [[ -e $srcdir/tests/bench/Witness.java ]] &&
    "$jdk/bin/javac" -d "$work/classes" "$srcdir"/tests/bench/Witness*.java; then
    bash "$srcdir/tests/bench/vectors.sh" "$fipsprobe" >"$work/vectors"
    side java-witness "$jdk/bin/java" -cp "$work/classes" Witness "$work/vectors" || true
fi
side java-as-is "$fipsprobe" java --java-home "$jdk" --contexts as-is --format json || true
side java-all "$fipsprobe" java --java-home "$jdk" --format json || true

mkdir -p "$work/classes"
cat >"$work/Providers.java" <<'J'
class Providers {
    public static void main(String[] a) {
        for (var p : java.security.Security.getProviders()) System.out.println(p);
    }
}
J
"$jdk/bin/javac" -d "$work/classes" "$work/Providers.java"
side java-providers "$jdk/bin/java" -cp "$work/classes" Providers || true
side java-primary "$fipsprobe" java --java-home "$jdk" --only provider.primary --contexts as-is \
    --format json || true
side everything "$fipsprobe" --format json || true

echo "medians of $runs runs on $(nproc) processors"
measure
ratio 'NSS as-is / minimal C program' nss-as-is nss-minimal 1.5
# Each context asks all that the minimal program asks: none may add more than that takes, whatever
# the number of contexts. (Their children run at the same time, so that the processors give back what
# starting and presenting cost.)
contexts=$("$fipsprobe" --no-java --format json --only digest.sha-256 |
    jq '[.groups[].context] | unique | length')
ratio "NSS in all $contexts contexts / minimal C program" nss-all nss-minimal "$contexts"
ratio 'Java as-is / plain Java program' java-as-is java-witness 1.15
ratio 'Java in all contexts / plain Java program' java-all java-witness 2.5
ratio 'primary provider alone / listing the providers' java-primary java-providers 1.2
[[ ! -e $work/times-everything ]] ||
    awk -v t="$(median everything)" 'BEGIN { printf "%-52s %7.1f ms\n", "a whole run", t / 1000 }'

# what one open costs under a presented flag, thousands of times a second
$cc -O2 "$srcdir/tests/bench/opens.c" -o "$work/opens"
opens() { # TITLE FILE COMMAND...
    local each
    each=$("${@:3}" "$work/opens" "$2" 2000 2>/dev/null) || { printf '%-52s not measured\n' "$1"; return; }
    awk -v t="$1" -v ns="$each" 'BEGIN { printf "%-52s %7.1f us\n", t, ns / 1000 }'
}
flag=/proc/sys/crypto/fips_enabled
opens 'an open' /etc/passwd env
opens 'an open under exec' /etc/passwd "$fipsprobe" exec --fips=1 --
opens 'an open of the flag' $flag env
opens 'an open of the flag under exec' $flag "$fipsprobe" exec --fips=1 --
opens 'an open of the flag under exec --summary' $flag "$fipsprobe" exec --fips=1 --summary --
