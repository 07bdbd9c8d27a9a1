# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# tap.sh: TAP for scripts that take minutes and are no part of `make check`. Sourced by a script that
# has set
#   subject   the word of FIPSPROBE_REQUIRE that makes its skipping a failure
# and that ends with `tap_end`.

n=0
failed=0

say() { # what is being done, and when
    printf '# %4d s: %s\n' "$SECONDS" "$*"
}
bail() {
    printf 'Bail out! %s\n' "$*"
    exit 99
}
skip() {
    [[ " ${FIPSPROBE_REQUIRE:-} " != *" $subject "* ]] || bail "required, and not possible: $*"
    printf '1..0 # SKIP %s\n' "$*"
    exit 77
}

result() { # STATUS TITLE [FILE: why, of which the end counts]
    n=$((n + 1))
    if [[ $1 -eq 0 ]]; then
        echo "ok $n - $2"
    else
        failed=1
        echo "not ok $n - $2"
        [[ ! -s ${3:-} ]] || tail -n 30 "$3" | tr -d '\r' | sed 's/^/#   /'
    fi
}
good_unless() { # TITLE WHY: it is good where WHY, of which the beginning counts, is empty
    result "$([[ -z $2 ]] && echo 0 || echo 1)" "$1"
    [[ -z $2 ]] || head -n 25 <<<"$2" | sed 's/^/#   /'
}
result_skipped() { # TITLE REASON
    n=$((n + 1))
    echo "ok $n - $1 # SKIP $2"
}

tap_end() {
    echo "1..$n"
    exit "$failed"
}
