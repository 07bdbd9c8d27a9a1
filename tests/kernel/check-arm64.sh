#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check-arm64.sh: the program for aarch64, built here with warnings as errors against Debian 12's
# libraries for it, and its unit tests and the program itself under QEMU's user emulation, with
# Debian's NSS for aarch64. Prints TAP. --program only builds, and prints where the program is.
#
# That emulation has no seccomp, and so no listener: there the flag is presented by a mount, or not
# at all, which the program must say. What is presented on aarch64 by a listener is checked against
# its real kernel (KERNEL_MACHINES, check-kernel.sh).
set -euo pipefail
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
: "${FIPSPROBE_CACHE:=$builddir/tests/cache}"
mkdir -p "$FIPSPROBE_CACHE/kernel"
cache=$(cd "$FIPSPROBE_CACHE" && pwd)/kernel
work=$(mktemp -d "${TMPDIR:-/tmp}/fipsprobe-arm64.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
build=$builddir/tests/kernel/arm64
sysroot=$cache/sysroot-bookworm-arm64
subject=arm64
. "$srcdir/tests/tap.sh"

for command in aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu jq:jq apt-get:apt dpkg-deb:dpkg; do
    command -v "${command%:*}" >/dev/null || skip "arm64: no ${command%:*} (package ${command#*:})"
done
[[ $(uname -m) == x86_64 ]] || skip "arm64: the emulator's packages are x86_64's, and this machine is not"
. "$srcdir/tests/kernel/material.sh"

cross() { # the compiler's own libc is not used: everything is of one release
    local lib=$sysroot/usr/lib/aarch64-linux-gnu
    mkdir -p "$build"
    exec 6>"$build.lock" # check-kernel.sh builds it too, maybe at the same time
    flock 6
    cd "$build"
    [[ -e config.status && config.status -nt $srcdir/configure ]] ||
        env -u CPPFLAGS -u CFLAGS -u LDFLAGS PKG_CONFIG_SYSROOT_DIR="$sysroot" \
            PKG_CONFIG_LIBDIR="$lib/pkgconfig:$sysroot/usr/share/pkgconfig" \
            "$srcdir/configure" --silent --host=aarch64-linux-gnu --enable-strict \
            CC="aarch64-linux-gnu-gcc --sysroot=$sysroot" || return 1
    env -u MAKEFLAGS -u MAKELEVEL make -j"$(nproc)" "$@" || return 1
    exec 6>&-
}

material sysroot bookworm arm64
if [[ ${1:-} == --program ]]; then
    cross all >"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; bail 'the cross-build failed'; }
    echo "$build/fipsprobe"
    exit
fi
material user_emulator trixie amd64

emulated() {
    "$cache/user_emulator/usr/bin/qemu-aarch64" -L "$sysroot" "$@"
}

status=0
(cross all && cross check TESTS= CPPFLAGS=-DRUNNING_EMULATED) >"$work/log" 2>&1 || status=1 # which builds them, and runs none
result $status 'the cross-build with warnings as errors' "$work/log"
[[ $status -eq 0 ]] || tap_end
say_elf=$(LC_ALL=C readelf -h "$build/fipsprobe")
status=0
[[ $say_elf == *AArch64* ]] || status=1
result $status 'it is a program for aarch64'

# Its subject is the kernel's own seccomp, which only a real one has.
not_here=tests/unit/check_present
export CK_TIMEOUT_MULTIPLIER=20 # seconds are soon over where each instruction is emulated
cd "$build"
for test in tests/unit/check_*; do
    [[ -f $test && -x $test && $test != "$not_here" ]] || continue
    status=0
    srcdir=$srcdir builddir=$build emulated "$test" >"$work/log" 2>&1 </dev/null || status=$?
    grep -E '^(not ok|.*Bail)' "$work/log" >"$work/why" || true
    result "$status" "$test: $(grep -c '^ok' "$work/log") tests" "$work/why"
done

status=0
emulated ./fipsprobe --no-java --format json --timeout 120 >"$work/report" 2>"$work/err" || status=$?
[[ $status -eq 0 && ! -s $work/err ]] &&
    jq -e '.schema == "fipsprobe-report/1" and .host.machine == "aarch64"' "$work/report" >"$work/said" ||
    status=1
result "$status" 'the program runs, and says that it is aarch64' "$work/err"
status=0
jq -e '[.observations[] | select(.context == "as-is" and
        (.outcome | IN("incorrect", "error", "crashed", "timed-out", "not-run")))]
    | if . == [] then true else . end | . == true' "$work/report" >"$work/said" 2>&1 || status=1
[[ $status -eq 0 ]] || jq -c '.observations[] | select(.context == "as-is" and
    (.outcome | IN("incorrect", "error", "crashed", "timed-out", "not-run")))
    | [.door, .probe, .outcome, .detail]' "$work/report" >"$work/said" 2>&1
result "$status" "every row was asked, and NSS for aarch64 answers right" "$work/said"
# By a mount where this machine lets one make namespaces, else not at all.
presented=$(jq -c '[.groups[] | select(.context | IN("kernel-off", "kernel-on")) | .way] | unique' \
    "$work/report")
status=0
if [[ $presented == '["private-mount"]' ]]; then
    jq -e '[.dependence[] | select(.dependence == "undetermined")] == []' "$work/report" \
        >"$work/said" 2>&1 || status=1
    result "$status" 'without a listener the flag is presented by a mount, and dependence is told' \
        "$work/said"
    emulated ./fipsprobe exec --fips=1 -- cat /proc/sys/crypto/fips_enabled >"$work/out" \
        2>"$work/err" || status=$?
    [[ $status -eq 0 && $(<"$work/out") == 1 && $(wc -l <"$work/err") -eq 1 ]] || status=1
    result "$status" 'exec presents it too, and says how in one line' "$work/err"
else
    jq -e '([.groups[].not_presented | select(. != null)] | unique | length == 1
            and (.[0] | contains("seccomp") and (contains("\n") | not)))
        and ([.dependence[] | select(.dependence != "undetermined")] == [])' "$work/report" \
        >"$work/said" 2>&1 || status=1
    result "$status" 'nothing is presented, one line says so, and no dependence is told' "$work/said"
    emulated ./fipsprobe exec --fips=1 -- true >"$work/out" 2>"$work/err" || status=$?
    [[ $status -eq 125 && ! -s $work/out && $(wc -l <"$work/err") -eq 1 ]] && status=0 || status=1
    result "$status" 'exec says so too, in one line, and does not run the command' "$work/err"
fi
tap_end
