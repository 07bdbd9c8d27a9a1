#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh [TARGET[:SECONDS]...]: runs these fuzz targets, or every one, for FUZZ_SECONDS (60) seconds
# or those that are given, two at a time, with AddressSanitizer and UndefinedBehaviorSanitizer, from
# the corpus in tests/fuzz/corpus. Needs clang and its runtime libraries; `make fuzz` calls it. Prints TAP. What was found stays in
# ./fuzz/TARGET/crash-*. FUZZ_CORPUS=1 afterwards writes the corpus anew: of the inputs that were
# made, the fewest and shortest that reach as much.
set -euo pipefail

srcdir=$(cd "${srcdir:-.}" && pwd)
seconds=${FUZZ_SECONDS:-60}
clang=${FUZZ_CC:-clang}
command -v "$clang" >/dev/null || { echo "Bail out! no $clang (package clang)"; exit 1; }
command -v perl >/dev/null || { echo 'Bail out! no perl (package perl-base)'; exit 1; }
mkdir -p fuzz
cd fuzz

all=(chk elf ldcache yaml rpmheader wire)
[[ $# -gt 0 ]] || set -- "${all[@]}"
room=(base/buf base/err base/mem base/root base/text model/ytree model/words model/result
    model/catalogue model/params module/builds module/chk module/elf module/ldcache module/module
    module/owner module/rpmdb module/rpmheader)
# shellcheck disable=SC2054 # one word: the commas are the option's
flags=(-g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -D_GNU_SOURCE
    -D_FILE_OFFSET_BITS=64 "-I$srcdir/probe" "-I$srcdir")
read -ra libraries <<<"$(pkg-config --libs yaml-0.1 jansson hogweed nettle) -lgmp"

unpack() { # TARGET: a line of hexadecimal is an input
    perl -ne 'chomp; next if /^#/ || !/./; open my $f, ">", sprintf "c%04d", $n++ or die;
        print $f pack "H*", $_; close $f' "$srcdir/tests/fuzz/corpus/$1.hex"
}

repack() { # TARGET: the shortest 200 of them, none over 1000 bytes
    {
        sed -n '/^#/p' "$srcdir/tests/fuzz/corpus/$1.hex"
        find "$1/least" -type f -size -1001c -exec perl -0777 -ne 'print unpack("H*", $_), "\n"' {} \; |
            awk '{ print length($0), $0 }' | sort -n | cut -d ' ' -f 2 | head -n 200
    } >"$1/new.hex"
    mv "$1/new.hex" "$srcdir/tests/fuzz/corpus/$1.hex"
}

one() { # TARGET: its line of TAP in TARGET/result
    local target=${1%:*} for=$seconds file
    local sources=("$srcdir/tests/fuzz/fuzz-$target.c")
    [[ $1 != *:* ]] || for=${1#*:}
    for file in "${room[@]}"; do
        sources+=("$srcdir/probe/$file.c")
    done
    [[ $target != wire ]] || sources+=("$srcdir/probe/run/wire-parent.c")
    rm -rf "$target"
    mkdir -p "$target/corpus"
    if "$clang" "${flags[@]}" -o "$target/fuzz" "${sources[@]}" "${libraries[@]}" 2>"$target/log" &&
        (cd "$target/corpus" && unpack "$target") 2>>"$target/log" &&
        (cd "$target" && ./fuzz -max_total_time="$for" -timeout=10 -rss_limit_mb=1024 \
            -max_len=16384 -print_final_stats=1 corpus >log 2>&1); then
        echo "ok - $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$target/log") inputs" \
            >"$target/result"
        if [[ -n ${FUZZ_CORPUS:-} ]]; then
            mkdir "$target/least"
            (cd "$target" && ./fuzz -merge=1 least corpus >>log 2>&1)
            repack "$target"
        fi
    else
        {
            echo "not ok - $target"
            tail -n 40 "$target/log" | tr -d '\r' | sed 's/^/# /'
        } >"$target/result"
    fi
}

for target; do
    while [[ $(jobs -rp | wc -l) -ge ${FUZZ_AT_ONCE:-2} ]]; do
        wait -n || true
    done
    one "$target" &
done
wait
status=0
for target; do
    cat "${target%:*}/result"
    grep -q '^ok' "${target%:*}/result" || status=1
done
echo "1..$#"
exit "$status"
