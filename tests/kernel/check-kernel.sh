#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check-kernel.sh: what fipsprobe presents, against real kernels: is it the same?
#
# Boots the kernels of Debian 11, 12 and 13 in QEMU (no KVM, no privilege), each with fips=0 and
# with fips=1, with Debian 12's and 13's userland (NSS 3.87 and 3.110, Amazon Linux 2023's 3.90,
# OpenJDK 17, 21 and 25), and runs fipsprobe in each as root and as an ordinary user; where bwrap
# works, also on this machine's kernel. Then, for every probe, door, NSS, JDK and user: what a
# kernel that really has the value gives must be what each host gives to which the value was
# presented. A difference that is understood is a row of known.tsv with its reason; any other one
# fails. Whether root asks or an ordinary user makes no difference either.
#
# Prints TAP. Everything comes by package name through apt and npm, the emulator too. Kept in
# ${FIPSPROBE_CACHE:-$builddir/tests/cache}/kernel. Every cell that was compared is a line of
# $builddir/tests/kernel/cells.tsv. KERNEL_KEEP=DIR keeps the reports there. KERNEL_MACHINES="NAME..."
# are the machines to boot: those of the table below, without the one that is aarch64 unless it is
# named, as `./quickstart test-kernel` does (its guests have a program and an NSS of their own
# architecture, which is built for them).
# KERNEL_ONLY=PATTERN asks only these rows: a quick try. KERNEL_BRIEF=yes asks some rows where the
# table says most: of the JDKs but 17 with NSS first, of NSS 3.87, and of NSS under exec.
set -euo pipefail
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
: "${FIPSPROBE_CACHE:=$builddir/tests/cache}"
mkdir -p "$FIPSPROBE_CACHE/kernel"
cache=$(cd "$FIPSPROBE_CACHE" && pwd)/kernel
here=$srcdir/tests/kernel
program=${FIPSPROBE:-$builddir/fipsprobe}
work=$(mktemp -d "${TMPDIR:-/tmp}/fipsprobe-kernel.XXXXXX")
export LC_ALL=C.UTF-8
subject=kernel
. "$srcdir/tests/tap.sh"
ended() { # no emulator of ours stays behind
    cat "$work"/out/*/pid 2>/dev/null | xargs -r kill 2>/dev/null || true
    rm -rf "$work"
}
trap ended EXIT

# What is booted: NAME RELEASE ARCHITECTURE.
all_machines='
debian12 bookworm amd64
debian13 trixie amd64
debian11 bullseye amd64
debian12-arm64 bookworm arm64
'
machines() {
    local name rest
    while read -r name rest; do
        [[ -z $name || " ${KERNEL_MACHINES:-debian12 debian13 debian11} " != *" $name "* ]] ||
            echo "$name $rest"
    done <<<"$all_machines"
}
# The roots that a guest of an architecture has, in the order of its disks.
roots_of() { # ARCHITECTURE
    [[ $1 == arm64 ]] && echo bookworm || echo bookworm trixie
}

# What runs in the guests: NAME UID ROOT MACHINES HOW JDK ARGUMENTS. Under emulation everything
# takes thirty times as long, so that each NSS and JDK is asked every row under one kernel and some
# under another, as root in one of them and as an ordinary user in the other: nobody is told anything
# else. HOW exec: as-is, as the program sees it under its own `exec` with the other value. JDK N-fips:
# with SunPKCS11-NSS-FIPS first.
runs() {
    local amazon='--no-java --nss-dir /opt/al2023'
    local some='--only digest.* --only mac.hmac-sha-* --only cipher.aes-256-* --only provider.*'
    local most=${KERNEL_BRIEF:+$some}
    grep . <<R
amazon.root 0 bookworm debian12 run - $amazon
amazon.user 1000 bookworm debian13,debian11 run - $amazon $some
amazon.user 1000 bookworm debian12 exec - $amazon $most
debian12.user 1000 bookworm debian12,debian12-arm64 run - --no-java $most
debian12.root 0 bookworm debian11,debian12-arm64 run - --no-java $some
debian13.root 0 trixie debian13 run - --no-java
debian13.user 1000 trixie debian11,debian12 run - --no-java $some
debian13.user 1000 trixie debian13 exec - --no-java $most
jdk17.user 1000 bookworm debian12,debian12-arm64 run 17 $most
jdk17-fips.root 0 bookworm debian12,debian12-arm64 run 17-fips
jdk17-fips.user 1000 bookworm debian11 run 17-fips $some
jdk21.root 0 trixie debian11 run 21 $some
jdk21-fips.user 1000 trixie debian13 run 21-fips $most
jdk25.user 1000 trixie debian13 run 25 $most
jdk25-fips.root 0 trixie debian13 run 25-fips $most
R
}

# ---- running ------------------------------------------------------------------------------------

# The guest's /plan: NAME UID ROOT JAVA-OPTIONS COMMAND...; - for no option, a comma between two.
make_plan() { # MACHINE ARCHITECTURE VALUE
    local name uid root where how jdk arguments options command
    while read -r name uid root where how jdk arguments; do
        [[ $where == '*' || ",$where," == *",$1,"* ]] || continue
        [[ " $(roots_of "$2") " == *" $root "* ]] || continue
        [[ $2 == amd64 || $arguments != */al2023* ]] || continue
        options=-
        command='--format json --timeout 300'
        arguments=" $arguments"
        [[ -z ${KERNEL_ONLY:-} ]] || arguments="${arguments%% --only *} --only $KERNEL_ONLY"
        if [[ $jdk != - ]]; then
            command="java $command --java-home /opt/jdk-${jdk%-fips}"
            [[ $jdk != *-fips ]] ||
                options=-Djava.security.properties==/opt/fips/${jdk%-fips}.security
        fi
        case $how in
        run)
            echo "$name.run $uid $root $options /usr/bin/fipsprobe $command" \
                "--contexts as-is,kernel-off,kernel-on $arguments"
            ;;
        exec)
            echo "$name.exec $uid $root $options /usr/bin/fipsprobe exec --fips=$((1 - $3)) --" \
                "/usr/bin/fipsprobe $command --contexts as-is $arguments"
            ;;
        esac
    done < <(runs)
}

# Starts the emulator until the guest has begun. A busy machine or the emulator itself can keep a
# kernel from coming that far: then once more, and said.
emulate() { # OUT ARGUMENTS OF emulator...
    local out=$1 attempt pid waited
    shift
    for attempt in 1 2; do
        emulator "$@" >"$out/console" 2>"$out/emulator" </dev/null &
        pid=$!
        echo "$pid" >"$out/pid"
        for ((waited = 0; waited < ${KERNEL_START:-300}; waited++)); do
            ! grep -q '^GUEST: started' "$out/console" && kill -0 "$pid" 2>/dev/null || break
            sleep 1
        done
        grep -q '^GUEST: started' "$out/console" && break
        kill "$pid" 2>/dev/null || true
        wait "$pid" || true
        printf '%s: the guest had not begun after %d s: %s\n' "${out##*/}" "$waited" \
            "$(tail -qn 1 "$out/emulator" "$out/console" | tr -d '\r' | tail -n 1)" >>"$work/again"
        [[ $attempt -eq 1 ]] || echo "the emulator failed twice" >"$out/failed"
    done
    for ((waited = 0; waited < ${KERNEL_TIMEOUT:-2400}; waited++)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 1
    done
    ! kill "$pid" 2>/dev/null || echo "the guest had not ended after $waited s" >"$out/failed"
    wait "$pid" 2>/dev/null || true
    rm -f "$out/pid"
}

boot() { # NAME RELEASE ARCHITECTURE VALUE: the reports in $work/out/NAME-VALUE
    local name=$1 release=$2 arch=$3 value=$4 root letters=(a b c d) disk=0 machine=()
    local host=$name-$value init=$work/init-$name-$value out=$work/out/$name-$value
    mkdir -p "$out"
    cp -a "$cache/kernel-$release-$arch/init" "$init"
    cp "$here/init" "$init/init"
    cp "${programs[$arch]}" "$init/program"
    cp -r "$work/spellings-$arch" "$init/spellings"
    chmod 755 "$init/init" "$init/program"
    make_plan "$name" "$arch" "$value" >"$init/plan"
    for root in $(roots_of "$arch"); do
        echo "vd${letters[disk]} $root" >>"$init/disks"
        machine+=(-drive "file=$cache/root-$root-$arch.img,format=raw,if=virtio,readonly=on")
        disk=$((disk + 1))
    done
    echo "/dev/vd${letters[disk]}" >"$init/result"
    truncate -s 96M "$work/$host.img"
    machine+=(-drive "file=$work/$host.img,format=raw,if=virtio")
    (cd "$init" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$work/$host.cpio"
    local console=ttyS0
    if [[ $arch == arm64 ]]; then
        console=ttyAMA0
        machine+=(-machine virt -cpu neoverse-n1)
    else
        machine+=(-cpu max)
    fi
    emulate "$out" "$arch" -accel tcg,thread=multi -smp 1 -m 1536 -display none -no-reboot \
        -nic none -serial stdio -monitor none -kernel "$cache/kernel-$release-$arch/vmlinuz" \
        -initrd "$work/$host.cpio" -append "console=$console quiet panic=-1 oops=panic fips=$value" \
        "${machine[@]}"
    tar -xf "$work/$host.img" -C "$out" 2>>"$out/emulator" || true
    rm -rf "$work/$host.img" "$work/$host.cpio" "$init"
    say "$host: $(grep -c '^GUEST: .*: status' "$out/console") of $(make_plan "$name" "$arch" \
        "$value" | wc -l) reports"
}

# The same roots and the same program on this machine's kernel.
on_this_host() {
    local name uid root options command out=$work/out/here java
    mkdir -p "$out"
    while read -r name release arch; do
        [[ $arch != amd64 ]] || make_plan "$name" "$arch" 0
    done < <(machines) | sort -u | while read -r name uid root options command; do
        [[ $name == *.run ]] || continue
        java=()
        [[ $options == - ]] || java=(--setenv JAVA_TOOL_OPTIONS "${options//,/ }")
        # shellcheck disable=SC2086 # the command is words
        bwrap --ro-bind "$cache/root-$root-amd64" / --ro-bind "$program" /usr/bin/fipsprobe \
            --proc /proc --dev /dev --tmpfs /tmp --clearenv \
            --setenv PATH /usr/bin --setenv HOME /tmp --setenv LC_ALL C.UTF-8 \
            ${java[@]+"${java[@]}"} --unshare-user --uid "$uid" --gid "$uid" \
            --cap-drop ALL $command \
            >"$out/$name.json" 2>"$out/$name.err" </dev/null
        echo "$?" >"$out/$name.status"
    done
}

# ---- comparing ----------------------------------------------------------------------------------

# One line for each observation: the question (run, user, JDK, door, probe), where and how it was
# asked, and the answer: everything that must be the same.
cells() {
    local file host name run user how value
    for file in "$work"/out/*/*.json; do
        host=$(basename "$(dirname "$file")")
        name=$(basename "$file" .json)
        IFS=. read -r run user how <<<"$name"
        value=${host##*-}
        [[ $value == [01] ]] || value=-
        jq -r --arg host "$host" --arg run "$run" --arg user "$user" --arg how "$how" \
            --arg value "$value" '
            def how: if $how == "exec" then ["exec", (1 - ($value | tonumber) | tostring)]
                elif .context == "as-is" then ["real", $value]
                elif .context == "kernel-on" then ["presented", "1"]
                elif .context == "kernel-off" then ["presented", "0"]
                else empty end;
            def text: tostring | gsub("[\\t\\n]"; " ");
            (.observations[]
             | how as $asked
             | [$run, $user, .door, .probe, $host, $asked[],
                ([.outcome, .code, .provider, .answer, .indicator, .key_indicator, .validation,
                    .key_validation, .check, .listed, .step] | map(. // "-" | text)
                 | join(" | "))]),
            # how long it took, and what scratch files are called, is no answer
            (.groups[]
             | how as $asked
             | .door as $door
             | .facts // {} | to_entries[]
             | select(.key | test("_us$|^options$|^database$") | not)
             | [$run, $user, $door, "fact:" + .key, $host, $asked[], (.value | tojson | text)])
            | @tsv' "$file" 2>/dev/null || true
    done
}

compare() {
    cells >"$work/cells"
    awk -F '\t' -v known="$here/known.tsv" -v all="$work/cells.tsv" -f "$here/compare.awk" \
        "$work/cells" "$work/cells"
}

# What dependence was found: the same on whatever host it was measured.
dependences() {
    local file run where
    for file in "$work"/out/*/*.run.json; do
        run=$(basename "$file" .run.json)
        where=$(basename "$(dirname "$file")")
        jq -r --arg run "$run" --arg where "$where" '.dependence[]
            | ["\($run) \(.door) \(.probe)", "\(.dependence)", $where] | @tsv' "$file" \
            2>/dev/null || true
    done | awk -F '\t' '
        !($1 in first) { first[$1] = $2; where[$1] = $3 }
        first[$1] != $2 { print $1 ": " first[$1] " on " where[$1] ", " $2 " on " $3; wrong = 1 }
        { n++ }
        END { if (!n) print "nothing to compare"; exit wrong || !n }'
}

# ---- the test -----------------------------------------------------------------------------------

is_report() { # DIRECTORY NAME: it ran, and says what it should
    [[ $(cat "$1/$2.status" 2>/dev/null) == [02] ]] || return 1
    jq -e '.schema == "fipsprobe-report/1" and (.observations | length > 0)
        and ([.groups[] | select(.presented == false)] == [])
        and ([.observations[] | select(.outcome == "timed-out")] == [])' "$1/$2.json" >/dev/null 2>&1
}

flag_is() { # DIRECTORY VALUE
    local wanted
    wanted=$([[ $2 == 1 ]] && echo on || echo off)
    [[ $(cat "$1/fips_enabled" 2>/dev/null) == "$2" ]] &&
        jq -es --arg wanted "$wanted" 'length > 0 and all(.host.fips_flag == $wanted)' \
            "$1"/*.run.json >/dev/null
}

# tests/unit/spellings.c for each architecture that a guest's kernel runs: NAME in
# $work/spellings-ARCHITECTURE. Not x32: CONFIG_X86_X32_ABI (CONFIG_X86_X32 in 5.10) is not set in
# these kernels.
make_spellings() { # ARCHITECTURE
    local dir=$work/spellings-$1 flags name compiler
    mkdir -p "$dir"
    while read -r name compiler flags; do
        # shellcheck disable=SC2086 # words
        $compiler $flags -std=gnu11 -static -DSPELLINGS_PROGRAM -o "$dir/$name" \
            "$srcdir/tests/unit/spellings.c" >"$work/log" 2>&1 ||
            skip "no static program for $name ($(tail -n 1 "$work/log")); packages libc6-dev," \
                'libc6-dev-i386, lib32gcc-12-dev, libc6-dev-arm64-cross'
    done < <(case $1 in
        arm64) echo 'aarch64 aarch64-linux-gnu-gcc' ;;
        *)
            echo 'x86_64 gcc'
            # its asm/ headers are those of x86_64
            echo 'i386 gcc -m32 -idirafter /usr/include/x86_64-linux-gnu'
            ;;
        esac)
}
# The table holds on a kernel that really has the value, and under one to which it is presented.
spelled() { # DIRECTORY ARCHITECTURE
    local file program how
    for program in "$work/spellings-$2"/*; do
        for how in real presented-0 presented-1000; do
            file=$1/spellings/${program##*/}.$how
            [[ $(tail -n 1 "$file") == *' questions' && $(wc -l <"$file") -eq 1 ]] || {
                echo "${file##*/}:"
                tail -n 8 "$file"
                return 1
            }
        done
    done
}

# What the program learnt from the kernel's crypto API agrees with the flag, and it loaded nothing.
# Linux 5.10 has no algorithm that FIPS mode forbids as one whose self-test passed (crypto/testmgr.c,
# before 5.18), so that it is not asked there.
asks_api() { # DIRECTORY VALUE
    local api=$1/api name wanted given='gives ' refused='refuses '
    for name in without with with-root; do
        cmp "$api/$name.before" "$api/$name.after" || return 1
        jq -e '.host.fips_flag_truth == "kernel"' "$api/$name.json" || return 1
        wanted=$given
        [[ $2 == 0 ]] || wanted=$refused
        [[ $name != without ]] || wanted='was not asked: '
        [[ $2 == 0 || $(<"$1/kernel") != 5.10.* ]] || wanted='was not asked: '
        jq -c .host.fips_flag_evidence "$api/$name.json"
        jq -e --arg wanted "the kernel's crypto API $wanted" '.host.fips_flag_evidence
            | any(startswith($wanted))' "$api/$name.json" || return 1
    done
    [[ ! -e $api/loaded ]] || { echo "the kernel wanted to load $(tr '\n' ' ' <"$api/loaded")"; return 1; }
    grep -q nosuchfs "$api/wanted" || { echo 'what the kernel wants to load is not seen'; return 1; }
}

PATH=$PATH:/usr/sbin:/sbin
for command in cpio:cpio jq:jq apt-get:apt dpkg-deb:dpkg mke2fs:e2fsprogs npm:npm xz:xz-utils gcc:gcc; do
    command -v "${command%:*}" >/dev/null || skip "no ${command%:*} (package ${command#*:})"
done
[[ $(uname -m) == x86_64 ]] || skip "the emulator's packages are x86_64's, and this machine is not"
[[ -x $program ]] || bail "no program at $program"
. "$here/material.sh"

declare -A programs=([amd64]=$program)
material emulator trixie amd64
booted=()
while read -r name release arch; do
    if ! in_archive "$release" "$arch"; then
        result_skipped "$name" "kernel: $release is not in the archive any more"
        continue
    fi
    material kernel "$release" "$arch"
    [[ -d $work/spellings-$arch ]] || make_spellings "$arch"
    for root in $(roots_of "$arch"); do
        material root "$root" "$arch"
    done
    if [[ $arch == arm64 ]]; then
        programs[arm64]=$(bash "$here/check-arm64.sh" --program) || bail 'the program for arm64: see above'
    fi
    booted+=("$name $release $arch")
done < <(machines)
say 'the material is there'

# One processor for each guest, and as many guests at a time as there are processors.
at_once=$(nproc)
[[ $at_once -le 4 ]] || at_once=4
for machine in "${booted[@]}"; do
    for value in 0 1; do
        while [[ $(jobs -rp | wc -l) -ge $at_once ]]; do
            wait -n || true
        done
        # shellcheck disable=SC2086 # NAME RELEASE ARCHITECTURE
        boot $machine "$value" &
    done
done
wait
[[ ! -f $work/again ]] || sed 's/^/# started again: /' "$work/again"
say 'the guests have run'

for machine in "${booted[@]}"; do
    read -r name release arch <<<"$machine"
    for value in 0 1; do
        host=$name-$value
        out=$work/out/$host
        if [[ -s $out/failed ]]; then
            result 1 "$host: $(<"$out/failed"), $(emulator "$arch" --version | head -n 1)" \
                "$out/console"
            continue
        fi
        status=0
        flag_is "$out" "$value" || status=1
        kernel=$(cat "$out/kernel" 2>/dev/null || echo 'that did not come to its end')
        result $status "$host: Linux $kernel: every report says what its flag is" "$out/console"
        sed -n 's/^GUEST: \([^:]*: status\)/#   \1/p' "$out/console" | tr -d '\r'
        while read -r report _; do
            status=0
            is_report "$out" "$report" || status=1
            [[ $status -eq 0 ]] || { jq -c '
                    [.groups[] | select(.not_presented != null)][0].not_presented,
                    ([.observations[] | select(.outcome == "timed-out")][0])' "$out/$report.json"
                cat "$out/$report.err"; } >"$work/why" 2>&1 || true
            result $status "$host: $report: a whole report, everything presented" "$work/why"
        done < <(make_plan "$name" "$arch" "$value")
        status=0
        spelled "$out" "$arch" >"$work/why" 2>&1 || status=1
        result $status "$host: every spelling of the flag's path, real and presented" "$work/why"
        status=0
        asks_api "$out" "$value" >"$work/why" 2>&1 || status=1
        result $status "$host: what the kernel's crypto API refuses, and nothing was loaded" \
            "$work/why"
    done
done
if bwrap --ro-bind / / --unshare-user --proc /proc true 2>/dev/null; then
    on_this_host
    for file in "$work"/out/here/*.status; do
        [[ -e $file ]] || continue # machines of another architecture only
        name=$(basename "$file" .status)
        status=0
        is_report "$work/out/here" "$name" || status=1
        result $status "this machine: $name: a whole report, everything presented" \
            "$work/out/here/$name.err"
    done
    say "the program has run on this machine's kernel, $(uname -r)"
fi

compare >"$work/compared" || true
while IFS=$'\t' read -r status title; do
    case $status in
    '#') echo "# $title" ;;
    *) result "$status" "$title" ;;
    esac
done <"$work/compared"
[[ -s $work/compared ]] || result 1 'there is something to compare'
status=0
dependences >"$work/dependences" || status=1
result $status 'the dependence of each row is the same on whatever host it was measured' \
    "$work/dependences"
mkdir -p "$builddir/tests/kernel"
if [[ -s $work/cells.tsv ]]; then
    mv "$work/cells.tsv" "$builddir/tests/kernel/cells.tsv"
    echo "# every cell: $builddir/tests/kernel/cells.tsv"
fi
if [[ -n ${KERNEL_KEEP:-} ]]; then
    mkdir -p "$KERNEL_KEEP"
    cp -r "$work/out" "$work/cells" "$KERNEL_KEEP"
fi
say 'all done'
tap_end
