# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# lib.sh: test files in bash that speak TAP. A file sources this, defines functions, names them
# with `check`, and ends with `finish`:
#
#     . "${srcdir:-.}/tests/lib.sh"
#     aes_gcm() { run "$fipsprobe" --no-java; assert_status 0; }
#     check 'AES-GCM works' aes_gcm
#     finish
#
# Each check is a subshell with `set -e` and an empty directory of its own ($here, also its working
# directory), gone afterwards. $shared lives as long as the file. A failed check prints what it ran
# and how to run it again. ONLY=PATTERN in the environment runs the checks whose title matches.
#
# A check whose requirements are not met skips, visibly; FIPSPROBE_REQUIRE="nss jdk17 ..." (what
# `need` is asked for) makes such a skip a failure. `./quickstart test` requires all of these:
#: require jq nss nss387 nss_copy jdk17 fips_config al2023 nss_deb shlibsign modutil certutil shellcheck python3 pkcs11_tool npm cc sandbox runc podman_profile docker_profile gojq jlink chktest readelf nm nss_builds rpm rpmbuild strace dpkg foreign_deb cc32

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
: "${FIPSPROBE_CACHE:=$builddir/tests/cache}"
export srcdir builddir FIPSPROBE_CACHE
# what would change the program's answers, or bash's, comes from the checks alone
unset JAVA_HOME JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS NSS_FIPS NSS_LIB_PARAMS \
    LD_LIBRARY_PATH LD_PRELOAD NO_COLOR CDPATH
export LC_ALL=C.UTF-8
umask 022

# As uid 65534 the program must be reachable wherever the build is: it is asked through a copy.
shared=$(mktemp -d "${TMPDIR:-/tmp}/fipsprobe-test.XXXXXX")
chmod 755 "$shared"
trap 'rm -rf "$shared"' EXIT
cp "$builddir/fipsprobe" "$shared/fipsprobe" 2>/dev/null || true
export fipsprobe=${FIPSPROBE:-$shared/fipsprobe}

test_count=0
test_failed=0
ran=() # the commands of the present check, for the reproduction

# ---- checks -------------------------------------------------------------------------------------

check() { # TITLE FUNCTION [ARGUMENT...]
    local title=$1 status
    shift
    [[ -z ${ONLY:-} || $title =~ $ONLY ]] || return 0
    test_count=$((test_count + 1))
    here=$shared/$test_count
    mkdir "$here"
    chmod 777 "$here"
    (
        set -euo pipefail
        cd "$here"
        trap 'unexpected $LINENO "$BASH_COMMAND"' ERR
        set -E
        "$@"
    ) >"$shared/said" 2>&1 </dev/null
    status=$? # not with ||, which would switch set -e off in there
    case $status in
    0) echo "ok $test_count - $title" ;;
    77)
        echo "ok $test_count - $title # SKIP $(tail -n 1 "$shared/said")"
        ;;
    *)
        test_failed=1
        echo "not ok $test_count - $title"
        tail -n 60 "$shared/said" | tr -d '\r' | sed 's/^/# /'
        printf '# again: cd %q && srcdir=%q builddir=%q FIPSPROBE_CACHE=%q ONLY=%q bash %q\n' \
            "$PWD" "$srcdir" "$builddir" "$FIPSPROBE_CACHE" "^$title\$" "$0"
        ;;
    esac
    rm -rf "$here"
}

finish() {
    echo "1..$test_count"
    exit "$test_failed"
}

unexpected() { # LINE COMMAND: set -e ends the check here
    echo "line $1: $2: failed"
}

fail() {
    printf '%s\n' "$*"
    if [[ ${#ran[@]} -gt 0 ]]; then
        echo 'it had run:'
        printf '    %s\n' "${ran[@]}"
    fi
    trap - ERR
    exit 1
}

skip() {
    trap - ERR
    printf '%s\n' "$*"
    exit 77
}

# ---- requirements -------------------------------------------------------------------------------

# need NAME: skips (or fails, where FIPSPROBE_REQUIRE has it) unless this machine has NAME.
need() {
    local name why
    for name; do
        if why=$("need_$name"); then
            continue
        fi
        if [[ " ${FIPSPROBE_REQUIRE:-} " == *" $name "* ]]; then
            fail "required, and not there: $name: $why"
        fi
        skip "$name: $why"
    done
}

need_command() { # COMMAND PACKAGE
    command -v "$1" >/dev/null || { echo "no $1 (package $2)"; return 1; }
}
need_jq() { need_command jq jq; }
need_shlibsign() { need_command shlibsign libnss3-tools; }
need_modutil() { need_command modutil libnss3-tools; }
need_certutil() { need_command certutil libnss3-tools; }
need_chktest() { need_command chktest libnss3-tools; }
need_readelf() { need_command readelf binutils; }
need_rpm() { need_command rpm rpm; }
need_rpmbuild() { need_command rpmbuild rpm; }
need_strace() { need_command strace strace; }
need_dpkg() { need_command dpkg dpkg; }
foreign_machine() { [[ $(uname -m) == aarch64 ]] && echo x86_64 || echo aarch64; }
need_foreign_deb() { # Debian 12's NSS of an architecture that is not this machine's, in $shared/foreign
    need_command apt-get apt || return 1
    [[ ! -e $shared/foreign/.ok ]] || return 0
    local builds=$FIPSPROBE_CACHE/foreign arch=arm64 why
    [[ $(uname -m) != aarch64 ]] || arch=amd64
    mkdir -p "$builds" "$shared/foreign"
    builds=$(cd "$builds" && pwd)
    why=$(
        die() { echo "$*"; exit 1; }
        . "$srcdir/tests/nss/builds.sh"
        exec 7>"$builds/lock"
        flock 7
        foreign_debs "$arch" bookworm "$shared/foreign"
    ) || { echo "$why"; return 1; }
    touch "$shared/foreign/.ok"
}
need_nm() { need_command nm binutils; }
need_shellcheck() { need_command shellcheck shellcheck; }
need_root() { [[ $(id -u) -eq 0 ]] || { echo 'not root'; return 1; }; }
need_nss() { [[ -n $(nss_dir) ]] || { echo 'no libsoftokn3.so (package libnss3)'; return 1; }; }
need_jdk17() { [[ -n $(jdk17) ]] || { echo 'no JDK 17 (package openjdk-17-jdk-headless)'; return 1; }; }
need_jlink() {
    need_jdk17 || return 1
    [[ -x $(jdk17)/bin/jlink && -d $(jdk17)/jmods ]] || {
        echo 'no jlink (package openjdk-17-jdk-headless)'
        return 1
    }
}
need_sandbox() {
    need_command bwrap bubblewrap || return 1
    local said
    said=$(bwrap --dev-bind / / true 2>&1) || { echo "bwrap does not work here: $said"; return 1; }
}
need_al2023() { need_material al2023; }
need_nss_deb() {
    need_command apt-get apt || return 1
    need_material nss-deb
}
need_cc() { need_command cc gcc; }
# not gcc-multilib, which cannot be installed beside a cross compiler
need_cc32() {
    need_command gcc gcc || return 1
    [[ $(uname -m) == x86_64 ]] || { echo 'only x86_64 runs i386 programs'; return 1; }
    echo 'int main(void) { return 0; }' | gcc -m32 -static -x c - -o "$shared/cc32" 2>/dev/null || {
        echo 'no static libc of i386 (packages libc6-dev-i386, lib32gcc-12-dev)'
        return 1
    }
    "$shared/cc32" || { echo 'this kernel runs no i386 programs'; return 1; }
}
need_npm() { need_command npm npm; }
need_python3() { need_command python3 python3; }
need_pkcs11_tool() {
    need_command pkcs11-tool opensc || return 1
    compgen -G '/usr/lib*/*/p11-kit-proxy.so' >/dev/null || {
        echo 'no p11-kit-proxy.so (package p11-kit-modules)'
        return 1
    }
}
need_material() {
    [[ -e $shared/material-$1/.ok ]] && return 0
    local said
    said=$("$srcdir/tests/fetch.sh" "$1" "$shared/material-$1" 2>&1) || {
        echo "$said" | tail -n 1
        return 1
    }
    touch "$shared/material-$1/.ok"
}
# where need al2023 put it; the program finds nothing but NSS's files there
material() { echo "$shared/material-$1"; }

need_nss387() { # Debian 12's, for what is particular to it
    need_nss || return 1
    grep -aq 'Version: NSS 3\.87' "$(nss_dir)/libsoftokn3.so" || { echo 'NSS here is not 3.87'; return 1; }
}
# a copy of the distribution's NSS, made by need nss_copy
need_nss_copy() {
    need_nss || return 1
    [[ -e $shared/nss-copy ]] && return 0
    mkdir "$shared/nss-copy"
    local lib
    for lib in softokn3 freeblpriv3 freebl3 nss3 nssutil3 nspr4 plc4 plds4; do
        cp -L "$(nss_dir)"/lib$lib.so "$shared/nss-copy/" || return 1
        [[ ! -e $(nss_dir)/lib$lib.chk ]] || cp -L "$(nss_dir)/lib$lib.chk" "$shared/nss-copy/"
    done
}

nss_dir() { # where the distribution's NSS is
    local dir
    for dir in /usr/lib/*-linux-gnu /usr/lib64 /usr/lib; do
        [[ ! -e $dir/libsoftokn3.so ]] || { echo "$dir"; return; }
        [[ ! -e $dir/nss/libsoftokn3.so ]] || { echo "$dir/nss"; return; }
    done
}

jdk17() {
    local dir
    for dir in "${FIPSPROBE_JDK17:-}" /usr/lib/jvm/java-17-openjdk-*; do
        [[ ! -e $dir/lib/server/libjvm.so || -L $dir ]] || { echo "$dir"; return; }
    done
}

# ---- running ------------------------------------------------------------------------------------

# run COMMAND...: stdout, stderr and exit status go to ./out, ./err and $status. Never fails.
run() {
    ran+=("$(printf '%q ' "$@")")
    status=0
    timeout --kill-after=5 "${TIME_LIMIT:-120}" "$@" >out 2>err </dev/null || status=$?
}

assert_status() { # STATUS
    [[ $status -eq $1 ]] || fail "exit status $status instead of $1; stderr: $(head -c 2000 err);" \
        "stdout: $(head -c 600 out)"
}
assert_empty() { # FILE
    [[ ! -s $1 ]] || fail "$1 is not empty: $(head -c 1000 "$1")"
}
assert_contains() { # FILE TEXT
    grep -qF -- "$2" "$1" || fail "no '$2' in $1: $(head -c 3000 "$1")"
}
assert_lacks() { # FILE TEXT
    ! grep -qF -- "$2" "$1" || fail "'$2' is in $1: $(grep -m3 -F -- "$2" "$1")"
}
assert_lines() { # FILE N
    [[ $(wc -l <"$1") -eq $2 ]] || fail "$1 has $(wc -l <"$1") lines instead of $2: $(head -c 1000 "$1")"
}
assert_same() { # A B [WHAT]
    [[ $1 == "$2" ]] || fail "${3:-it} is '$1' instead of '$2'"
}

# report NAME ARGUMENT...: the program's report in JSON, asked once for the whole file, as
# $shared/NAME.json; and what every report must be.
report() {
    local name=$1
    shift
    json=$shared/$name.json
    if [[ ! -e $json ]]; then
        run "$fipsprobe" --format json "$@"
        [[ $status -eq 0 || $status -eq 2 ]] || assert_status 0
        assert_report out
        mv out "$json"
        echo "$status" >"$json.status"
    fi
    ran+=("$(printf '%q ' "$fipsprobe" --format json "$@")")
    status=$(<"$json.status")
}

# ---- reports in JSON ----------------------------------------------------------------------------

# value FILE FILTER: what jq makes of it, raw.
value() { jq -r "$2" "$1"; }

assert_json() { # FILE FILTER [ARGUMENTS OF JQ...]: the filter is true
    local file=$1 filter=$2 said
    shift 2
    said=$(jq -e "$@" "$filter" "$file" 2>&1 >/dev/null) ||
        fail "not so in $file: $filter $* ${said:+($said)}"
}

# outcome FILE PROBE DOOR CONTEXT: "approved" ...; "no such observation"
outcome() {
    jq -r --arg p "$2" --arg d "$3" --arg c "$4" \
        '[.observations[] | select(.probe == $p and .door == $d and .context == $c) | .outcome]
         | if length == 0 then "no such observation" else unique | join("+") end' "$1"
}

# assert_outcome FILE PROBE DOOR CONTEXT WANTED: WANTED is a word, or several with | between
assert_outcome() {
    local got
    got=$(outcome "$1" "$2" "$3" "$4")
    [[ "|$5|" == *"|$got|"* ]] || fail "$2 at $3 in $4: '$got' instead of '$5':" \
        "$(jq -c --arg p "$2" --arg d "$3" --arg c "$4" \
            '.observations[] | select(.probe == $p and .door == $d and .context == $c)' "$1")"
}

# assert_dependence FILE PROBE DOOR WANTED
assert_dependence() {
    local got
    got=$(jq -r --arg p "$2" --arg d "$3" \
        '[.dependence[] | select(.probe == $p and .door == $d) | .dependence]
         | if length == 0 then "no such row" else unique | join("+") end' "$1")
    [[ $got == "$4" ]] || fail "$2 at $3: '$got' instead of '$4':" \
        "$(jq -c --arg p "$2" --arg d "$3" \
            '.dependence[] | select(.probe == $p and .door == $d)' "$1")"
}

# What every report must be, whatever it says: the agreed form, and nothing measured that was not.
assert_report() { # FILE
    jq -e . "$1" >/dev/null 2>&1 || fail "$1 is not JSON: $(head -c 500 "$1")"
    assert_json "$1" '.schema == "fipsprobe-report/1"'
    # a part that was not asked for is not mentioned
    assert_json "$1" '(.tool | type == "object") and (.host | type == "object")
        and ([.groups, .observations, .dependence, .findings] | all(type == "array"))
        and ([.modules, .jdks] | all(type == "array" or . == null))'
    assert_json "$1" '(.summary | type == "object" or type == "array")'
    # every observation has a known outcome, and what is not an answer says why
    assert_json "$1" '[.observations[].outcome] - ["approved", "not-approved", "works", "absent",
        "refused", "incorrect", "error", "crashed", "timed-out", "not-run"] == []'
    assert_json "$1" '[.observations[] | select(.outcome == "not-run" or .outcome == "crashed"
        or .outcome == "timed-out" or .outcome == "error")
        | select((.detail // "") == "" and (.code // "") == "")] == []'
    # approved: only where the module itself said so
    assert_json "$1" '[.observations[] | select(.outcome == "approved" and .indicator != "ok")] == []'
    # one observation for one question
    assert_json "$1" '(.observations | length)
        == (.observations | unique_by([.probe, .door, .context, .jdk]) | length)'
    # undetermined gives its reason
    assert_json "$1" '[.dependence[] | select(.dependence == "undetermined"
        and (.reason // "") == "")] == []'
    # no control characters from the outside world
    if LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$1"; then
        fail "control characters in $1"
    fi
}
