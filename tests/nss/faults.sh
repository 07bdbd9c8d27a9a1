# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# faults.sh: the real NSS with one fault in one function of softokn (mock-softokn.c) or of libnss3
# (mock-nss3.c), for the functions that fipsprobe calls: each fault is named, costs no answer but
# those that need the function, makes nothing look better than it is, ends in time and leaves nothing
# behind. Sourced by faults-softokn.tap and faults-nss3.tap, which end with `faults LIBRARY`.
#
# All cases run before the first is looked at: several at a time, and one jq for all reports.
. "${srcdir:-.}/tests/lib.sh"
set -o pipefail
cases=$shared/cases
base=$shared/base
mock=$srcdir/tests/nss

rows() { # function, probe and kind of each case; FAULTS is a pattern
    local function probe kinds kind
    while IFS=$'\t' read -r function probe kinds; do
        for kind in $kinds; do
            echo "$function $probe $kind"
        done
    done < <(grep -v '^#' "$table") | grep -E "${FAULTS:-.}"
}

# Amazon's NSS, whose indicators work, with a mock in it. The mock of softokn has a check file, as
# the real one has: what fails is the fault, not the file.
prepare_softokn() {
    need shlibsign
    cd "$base"
    mv libsoftokn3.so real-softokn3.so
    mv libsoftokn3.chk real-softokn3.chk
    # shellcheck disable=SC2046 # options
    cc -O1 -D_GNU_SOURCE -fPIC -shared $(pkg-config --cflags nss nspr) -o libsoftokn3.so \
        "$mock/mock-softokn.c" -ldl
    shlibsign -i "$PWD/libsoftokn3.so"
}

# The real libnss3 gets another name, in the file too: the loader would take it for the mock, of
# which there is one for each function.
prepare_nss3() {
    local function
    cd "$base"
    LC_ALL=C sed 's/\x00libnss3\.so\x00/\x00realss3.so\x00/g' libnss3.so >realss3.so
    rm libnss3.so
    mkdir "$shared/mocks"
    while read -r function; do
        cc -O1 -D_GNU_SOURCE -DFUNCTION="$function" -fPIC -shared -o "$shared/mocks/$function.so" \
            "$mock/mock-nss3.c" -Wl,--no-as-needed "$base/realss3.so" -Wl,-rpath,'$ORIGIN' \
            -Wl,--allow-shlib-undefined -ldl
    done < <(rows | cut -d ' ' -f 1 | sort -u)
}

# The rows that are asked, at all doors, and at one alone; their own notes give way to the one that
# a row of one door must have.
catalogues() {
    awk -v asked=" door.open $(rows | cut -d ' ' -f 2 | sort -u | tr '\n' ' ')" '
        /^- id: / { wanted = index(asked, " " $3 " "); java = 0 }
        /^  [a-z]/ { java = $1 == "jca:" }
        /^ ? ? ? ?[a-z-]/ { note = $0 ~ /^    note:/ }
        wanted && !java && !note' "$srcdir/data/catalogue.yaml" >"$shared/all.yaml"
    local door=nss
    [[ $library == nss3 ]] || door=softokn-fips
    sed "s/^  pkcs11: {/&doors: $door, note: one, /; s/^  pkcs11:$/&\n    doors: $door/" \
        "$shared/all.yaml" | sed '/^    doors:/a\    note: one' >"$shared/one.yaml"
    [[ $(grep -c '^- id: ' "$shared/one.yaml") -eq $(grep -c "doors: $door" "$shared/one.yaml") ]] ||
        fail 'a row that is not limited to one door'
}

prepare() {
    need jq cc al2023
    mkdir -p "$cases" "$base"
    cp "$(material al2023)"/* "$base/"
    catalogues
    (prepare_"$library")
    touch "$shared/prepared"
}

# Opening a door is what a case costs. Each function is asked at all doors with the faults that differ
# most, so that what a fault reaches is seen, and at the mock's own with the others.
catalogue() { # KIND
    case $library.$1 in
    softokn.segv | softokn.odd | softokn.nothing | softokn.wrong | softokn.fork | nss3.gone) echo all ;;
    *) echo one ;;
    esac
}

# Sets $arguments. libnss3 leads to the FIPS token with the flag at 1.
arguments() { # PROBE CATALOGUE
    local context=as-is
    [[ $library == softokn ]] || context=kernel-on
    arguments=(--format json --no-java --timeout 2 --contexts "$context" --only "$1"
        --catalogue "$shared/$2.yaml")
}

# one FUNCTION PROBE KIND: in a folder of its own: the report and the exit status
one() {
    local dir=$cases/$1.$3 status=0 catalogue
    catalogue=$(catalogue "$3")
    cp -al "$base" "$dir"
    echo "$1 $3" >"$dir/fault"
    case $library.$3 in
    nss3.gone) # another name for it: nobody finds it
        rm "$dir/realss3.so"
        LC_ALL=C sed "s/\x00$1\x00/\x00_${1#?}\x00/g" "$(material al2023)/libnss3.so" >"$dir/libnss3.so"
        ;;
    nss3.*) ln "$shared/mocks/$1.so" "$dir/libnss3.so" ;;
    esac
    arguments "$2" "$catalogue"
    timeout --kill-after=5 100 "$fipsprobe" "${arguments[@]}" --nss-dir "$dir" >"$dir/report.json" \
        2>"$dir/said" </dev/null || status=$?
    echo "$status" >"$dir/status"
    printf '{"function": "%s", "kind": "%s", "status": %d, "healthy": "%s"}\n' "$1" "$3" "$status" \
        "$2 $catalogue" >"$dir/case.json"
}

many() { # AT_ONCE: of the cases on stdin
    local row
    while read -r row; do
        while [[ $(jobs -rp | wc -l) -ge $1 ]]; do
            wait -n || true
        done
        # shellcheck disable=SC2086 # words
        one $row &
    done
    wait
}

healthy() { # what each probe says without a fault
    local function probe kind catalogue
    while read -r probe catalogue; do
        arguments "$probe" "$catalogue"
        "$fipsprobe" "${arguments[@]}" --nss-dir "$(material al2023)" >"$shared/report.json" || true
        jq -c --arg key "$probe $catalogue" '{key: $key, value: .observations}' "$shared/report.json"
    done < <(rows | while read -r function probe kind; do
        echo "$probe $(catalogue "$kind")"
    done | sort -u) | jq -s from_entries >"$shared/healthy.json"
}

judge() { # DIRECTORY...: what faults.jq says against their reports
    local dir doors='["nss"]'
    [[ $library != softokn ]] || doors='["softokn-fips", "softokn-default"]'
    for dir; do
        cat "$dir/case.json" "$dir/report.json"
    done | jq -nr --slurpfile healthy "$shared/healthy.json" --argjson doors "$doors" \
        -f "$mock/faults.jq" 2>&1
}

# One jq for all reports. What is no JSON would end it for all of them: then each has its own.
judge_all() {
    local dir said
    if ! judge "$cases"/*/ >"$shared/complaints"; then
        for dir in "$cases"/*/; do
            said=$(judge "$dir") || said="$(basename "$dir")"$'\t'"not a report: ${said//$'\n'/; }"
            [[ -z $said ]] || echo "$said"
        done >"$shared/complaints"
    fi
    LC_ALL=C grep -lP '[\x00-\x08\x0b-\x1f\x7f]' "$cases"/*/report.json >"$shared/controls" || true
}

case_is_right() { # FUNCTION PROBE KIND
    [[ -e $shared/prepared ]] || fail 'the mocks were not made'
    local dir=$cases/$1.$3 complaints left
    arguments "$2" "$(catalogue "$3")"
    ran+=("$(printf '%q ' "$fipsprobe" "${arguments[@]}" --nss-dir "$dir")")
    status=$(<"$dir/status")
    [[ $status -eq 0 || $status -eq 2 ]] || fail "exit status $status: $(head -c 500 "$dir/said")"
    assert_empty "$dir/said"
    ! left=$(grep -F "$dir/" "$shared/left") || fail "left running: $left"
    ! grep -qxF "$dir/report.json" "$shared/controls" || fail 'control characters in the report'
    ! complaints=$(grep -P "^$1[.]$3\t" "$shared/complaints") || fail "$complaints"
}

# Most of the time of a hang is waiting: many at a time, beside the others.
faults() { # LIBRARY
    local library=$1 hangs=' (hang|stop|deaf)$' table=$mock/faults-$1.tsv function probe kind
    check "the mocks of $library are made" prepare
    if [[ -e $shared/prepared ]]; then
        rows | grep -E "$hangs" | many 12 &
        rows | grep -vE "$hangs" | many "${FAULTS_AT_ONCE:-$(nproc)}"
        wait
        # what still runs with a library of a case
        grep -F "$cases/" /proc/[0-9]*/maps >"$shared/left" 2>/dev/null || true
        healthy
        judge_all
    fi
    while read -r function probe kind; do
        check "$library: $function: $kind" case_is_right "$function" "$probe" "$kind"
    done < <(rows)
    finish
}
