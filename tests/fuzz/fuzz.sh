#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh: runs every fuzz target for FUZZ_SECONDS (60) seconds each, with AddressSanitizer and
# UndefinedBehaviorSanitizer, from a corpus that is made here. Needs clang; `make fuzz` calls it.
# Exit status 0 only when nothing was found; what was found stays in ./fuzz/TARGET/crash-*.
set -euo pipefail

srcdir=$(cd "${srcdir:-.}" && pwd)
seconds=${FUZZ_SECONDS:-60}
clang=${FUZZ_CC:-clang}
command -v "$clang" >/dev/null || { echo "fuzz.sh: no $clang (package clang)" >&2; exit 1; }
mkdir -p fuzz
cd fuzz

room=(base/buf base/err base/mem base/root base/text model/ytree model/words model/result
    model/catalogue model/params module/builds module/chk module/elf module/ldcache module/module
    module/owner module/rpmdb module/rpmheader)
# shellcheck disable=SC2054 # one word: the commas are the option's
flags=(-g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -D_GNU_SOURCE
    -D_FILE_OFFSET_BITS=64 "-I$srcdir/probe" "-I$srcdir")
read -ra libraries <<<"$(pkg-config --libs yaml-0.1 jansson hogweed nettle) -lgmp"

hex() { # BYTES IN HEXADECIMAL > them
    # shellcheck disable=SC2059 # the format is the bytes
    printf "$(sed 's/ //g; s/../\\x&/g' <<<"$1")"
}

corpus() { # TARGET: small, and near what is right
    case $1 in
    chk)
        hex 'f1c50201 0000000c 80000004' >hmac-header
        hex "f1c50201 0000000c 80000004 00000020 $(printf '11%.0s' {1..32}) 00000020 $(
            printf '22%.0s' {1..32})" >hmac
        hex "f1c50102 0000000c 00000001 00000080 $(printf 'ff%.0s' {1..128}) 00000014 $(
            printf 'ff%.0s' {1..20}) 00000080 $(printf '02%.0s' {1..128}) 00000080 $(
            printf '03%.0s' {1..128}) 00000028 $(printf '04%.0s' {1..40})" >dsa
        ;;
    elf)
        head -c 3000 /proc/self/exe >start
        echo 'int f(void) { return 1; }' |
            "$clang" -x c -shared -fPIC -nostdlib -Wl,-soname,libsoftokn3.so,--build-id \
                -Wl,-rpath,/x -o library -
        printf 'Generic NSS 3.87.1 Basic ECC Unvalidated' >>library
        ;;
    ldcache)
        hex "$(printf 'glibc-ld.so.cache1.1' | od -An -v -tx1 | tr -d ' \n')
            01000000 20000000 02000000 00000000 00000000 00000000 00000000
            03030000 48000000 53000000 00000000 0000000000000000" | tr -d '\n' >one
        printf 'libnss3.so\0/usr/lib64/libnss3.so\0' >>one
        { printf 'ld.so-1.7.0\0' && hex 00000000 && cat one; } >both
        ;;
    yaml) cp "$srcdir/data/builds.yaml" table ;;
    rpmheader)
        hex '00000002 0000000a 000003e8 00000006 00000000 00000001
            000003e9 00000006 00000004 00000001 6e737300 332e3900 0000' >header
        { hex edabeedb && head -c 92 /dev/zero && hex '8eade801 00000000 00000000 00000000' &&
            hex '8eade801 00000000' && cat header; } >package
        ;;
    esac
}

failed=0
for target in chk elf ldcache yaml rpmheader; do
    sources=("$srcdir/tests/fuzz/fuzz-$target.c")
    for file in "${room[@]}"; do
        sources+=("$srcdir/probe/$file.c")
    done
    mkdir -p "$target/corpus"
    "$clang" "${flags[@]}" -o "$target/fuzz" "${sources[@]}" "${libraries[@]}"
    (cd "$target/corpus" && corpus "$target")
    if (cd "$target" && ./fuzz -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
        -max_len=16384 -print_final_stats=1 corpus >log 2>&1); then
        echo "ok - $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$target/log") inputs"
    else
        failed=1
        echo "not ok - $target: fuzz/$target/log"
        tail -n 40 "$target/log"
    fi
done
exit "$failed"
