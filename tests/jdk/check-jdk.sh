#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check-jdk.sh: every row of the jca door on every JDK of jdks.tsv, each with that release's own
# libraries: as it is (stock), and with SunPKCS11-NSS-FIPS first over that release's NSS (debian) and
# over Amazon Linux 2023's (amazon); with the kernel's flag presented as 0 and as 1 (off, on), and as
# 0 with NSS_FIPS=1 in the environment (env).
#
# Prints TAP. What is compared:
#   golden/NAME.tsv   answer, provider and exceptions of each row. Where a release has moved on to
#                     another version, the differences are shown and are no failure
#   launcher.tsv      what the environment may give java, case by case, beside that JDK's own java
#   Witness.java      a Java program that shares no code with fipsprobe, started by that JDK's own
#                     java: each row, whatever the version; but for the rows of known.tsv
# and whatever the version: no row crashes, hangs, or gives a wrong answer; what is presented is
# what the host really gives where both have the same value; the first provider.
#
#   check-jdk.sh --update    writes golden/NAME.tsv instead of comparing with it
#   JDK=NAME...              only these lines of the table
#   JDK_KEEP=DIR             keeps the reports there
#   JDK_BRIEF=yes            the cases of launcher.tsv for 8 and 25 only
#
# Everything comes by package name through apt and npm. Kept in
# ${FIPSPROBE_CACHE:-$builddir/tests/cache}/jdk.
set -euo pipefail
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
: "${FIPSPROBE_CACHE:=$builddir/tests/cache}"
mkdir -p "$FIPSPROBE_CACHE/jdk"
cache=$(cd "$FIPSPROBE_CACHE" && pwd)/jdk
here=$srcdir/tests/jdk
program=${FIPSPROBE:-$builddir/fipsprobe}
work=$(mktemp -d "${TMPDIR:-/tmp}/fipsprobe-jdk.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
unset JAVA_HOME JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS NSS_FIPS LD_LIBRARY_PATH
subject=jdks
. "$srcdir/tests/tap.sh"

update=
[[ ${1:-} != --update ]] || update=yes
configurations='stock debian amazon'

lines() { # of the table that were asked for: NAME LIBRARIES FROM PACKAGE HOME
    local name rest
    while IFS=$'\t' read -r name rest; do
        [[ -z ${JDK:-} || " $JDK " == *" $name "* ]] || continue
        printf '%s\t%s\n' "$name" "$rest"
    done < <(grep -v '^#' "$here/jdks.tsv")
}

# ---- material -----------------------------------------------------------------------------------

# shellcheck source=tests/debian.sh
. "$srcdir/tests/debian.sh"
# shellcheck source=tests/jdk/launcher.sh
. "$srcdir/tests/jdk/launcher.sh"

# Once a day the release is asked what it has; what it had is kept while that is the same.
packages_of() { # RELEASE PACKAGE...: the files that apt would fetch, with their digests
    local release=$1 today=$cache/apt-$1/today
    shift
    debian_apt "$release"
    if [[ ! -f $today || $(<"$today") != "$(date +%F)" ]]; then
        debian_client apt-get -q update
        date +%F >"$today"
    fi
    debian_client apt-get -q -y --print-uris install "$@"
    sed -n "s/^'[^']*' //p" "$work/client"
}

words() { # COLUMN VALUE FILTER: the packages of the whole table with this value in that column
    awk -F '\t' -v c="$1" -v v="$2" -v f="$3" '!/^#/ && $c == v && $3 == f { printf "%s ", $4 }' \
        "$here/jdks.tsv"
}

writable() { # ROOT COMMAND...: in the root that is being made
    bwrap --bind "$1" / --proc /proc --dev /dev --clearenv --setenv PATH /usr/bin "${@:2}" \
        >"$work/client" 2>&1 || bail "$2: $(tail -n 1 "$work/client")"
}

# The JDK's own package makes its trust store when it is installed; here nothing is installed.
make_cacerts() { # ROOT HOME
    local authorities=/usr/share/ca-certificates/mozilla
    mkdir -p "$1/etc/ssl/certs/java"
    find "$1$authorities" -name '*.crt' -printf "+$authorities/%f\n" | sort |
        writable "$1" "$2/bin/java" -Xmx64m -jar \
            /usr/share/ca-certificates-java/ca-certificates-java.jar -storepass changeit
    [[ -s $1/etc/ssl/certs/java/cacerts ]] || bail 'no cacerts were made'
}

make_root() { # RELEASE: with every JDK of the table that runs with its libraries
    local release=$1 root=$cache/root-$1 stamp=$cache/root-$1.stamp key other name from package home
    local own others
    own=$(words 2 "$release" "$release")
    others=$(awk -F '\t' -v r="$release" '!/^#/ && $2 == r && $3 !~ /^(-|here)$/ && $3 != r {
        print $3 }' "$here/jdks.tsv" | sort -u)
    key=$(
        declare -f make_root make_cacerts writable debian_root debian_unpack
        cat "$here/jdks.tsv" "$srcdir/tests/material.tsv"
        # shellcheck disable=SC2086 # packages are words
        packages_of "$release" libnss3 $own
        for other in $others; do
            # shellcheck disable=SC2046
            packages_of "$other" $(words 3 "$other" "$other")
        done
    ) || { echo "$key" | grep -a '^Bail out!'; exit 99; }
    key=$(sha256sum <<<"$key")
    [[ ! -f $stamp || $(<"$stamp") != "$key" ]] || return 0
    rm -rf "$root" "$root.new"
    debian_apt "$release"
    # shellcheck disable=SC2086
    debian_root "$release" "$root.new" libnss3 $own
    mkdir -p "$root.new"/{cfg,classes,opt/temurin,opt/al2023}
    : >"$root.new/usr/bin/fipsprobe"
    "$srcdir/tests/fetch.sh" al2023 "$root.new/opt/al2023" >"$work/client" 2>&1 ||
        bail "$(tail -n 1 "$work/client")"
    for other in $others; do # an older release's JDK, with this one's libraries
        debian_apt "$other"
        mkdir "$work/other"
        # shellcheck disable=SC2046
        (cd "$work/other" && debian_client apt-get -q download $(awk -F '\t' -v r="$release" \
            -v o="$other" '!/^#/ && $2 == r && $3 == o { print $4 }' "$here/jdks.tsv")) || exit
        for package in "$work/other"/*.deb; do
            debian_unpack "$package" "$root.new"
        done
        rm -r "$work/other"
    done
    home=$(awk -F '\t' -v r="$release" '!/^#/ && $2 == r && $3 == r { print $5 }' "$here/jdks.tsv" | tail -n 1)
    make_cacerts "$root.new" "$home"
    home=
    while IFS=$'\t' read -r name _ from package other; do
        if [[ $from == - ]]; then
            writable "$root.new" "$home/bin/jlink" --add-modules "$package" --output "$other"
        fi
        home=$other
    done < <(awk -F '\t' -v r="$release" '!/^#/ && $2 == r' "$here/jdks.tsv")
    mv "$root.new" "$root"
    echo "$key" >"$stamp"
}

# What the program was linked with on this machine, under another name in that release.
add_libraries() { # RELEASE
    local soname path
    ldd "$program" | sed -n 's/^\t\([^ ]*\) => \(\/[^ ]*\).*/\1 \2/p' | while read -r soname path; do
        [[ -e $cache/root-$1/usr/lib/x86_64-linux-gnu/$soname || $soname == libc.so.6 ]] ||
            cp -L "$path" "$cache/root-$1/usr/lib/x86_64-linux-gnu/$soname"
    done
}

# A configuration as JAVA.md 3.3 has it: the JDK's own list, with NSS first and no more than Red
# Hat's list in FIPS mode behind it. Before 9, a provider is named by its class.
nss_first() { # NAME NSS DIRECTORY
    local cfg=$work/cfg/$1/$2 n=1 provider providers
    providers='SunPKCS11 SUN SunEC SunJSSE SunJCE SunRsaSign XMLDSig'
    [[ $1 != 8 ]] || providers='sun.security.pkcs11.SunPKCS11 sun.security.provider.Sun
        sun.security.ec.SunEC com.sun.net.ssl.internal.ssl.Provider com.sun.crypto.provider.SunJCE
        sun.security.rsa.SunRsaSign org.jcp.xml.dsig.internal.dom.XMLDSigRI'
    mkdir -p "$cfg"
    cat >"$cfg/nss.cfg" <<C
name = NSS-FIPS
nssLibraryDirectory = $3
nssDbMode = noDb
nssModule = fips
attributes(*,CKO_SECRET_KEY,CKK_GENERIC_SECRET)={ CKA_SIGN=true }
C
    for provider in $providers; do
        [[ $n -ne 1 ]] || provider+=" /cfg/$1/$2/nss.cfg"
        echo "security.provider.$n=$provider"
        n=$((n + 1))
    done >"$cfg/java.security"
    echo "security.provider.$n=" >>"$cfg/java.security"
}

# ---- running ------------------------------------------------------------------------------------

in_root() { # NAME LIBRARIES FROM PACKAGE CONFIGURATION [NSS_FIPS=1] -- COMMAND...
    local name=$1 from=$3 package=$4 configuration=$5 options
    options=(--ro-bind "$cache/root-$2" / --proc /proc --dev /dev --tmpfs /tmp
        --ro-bind "$program" /usr/bin/fipsprobe --ro-bind "$work/cfg" /cfg
        --ro-bind "$work/classes" /classes --clearenv --setenv PATH /usr/bin --setenv HOME /tmp
        --setenv LC_ALL C.UTF-8)
    [[ $from != here ]] || options+=(--ro-bind "$package" /opt/temurin)
    [[ $configuration == stock ]] || options+=(--setenv JAVA_TOOL_OPTIONS
        "-Djava.security.properties=/cfg/$name/$configuration/java.security")
    [[ $configuration != amazon ]] || options+=(--setenv LD_LIBRARY_PATH /opt/al2023)
    shift 5
    [[ $1 != NSS_FIPS=1 ]] || { options+=(--setenv NSS_FIPS 1); shift; }
    shift
    timeout --kill-after=5 300 bwrap "${options[@]}" "$@" </dev/null
}

ask() { # NAME LIBRARIES FROM PACKAGE HOME CONFIGURATION: everything that is asked of one
    local line=("${@:1:4}") home=$5 configuration=$6 out=$work/out/$1/$6 status=0 context flag
    local more=()
    mkdir -p "$out"
    in_root "${line[@]}" "$configuration" -- fipsprobe java --format json --timeout 60 \
        --java-home "$home" >"$out/report.json" 2>"$out/report.err" || status=$?
    echo "$status" >"$out/report.status"
    status=0
    in_root "${line[@]}" "$configuration" NSS_FIPS=1 -- fipsprobe java --format json --timeout 60 \
        --contexts kernel-off --java-home "$home" >"$out/env.json" 2>"$out/env.err" || status=$?
    echo "$status" >"$out/env.status"
    for context in off on env; do
        flag=0
        more=()
        [[ $context != on ]] || flag=1
        [[ $context != env ]] || more=(NSS_FIPS=1)
        in_root "${line[@]}" "$configuration" "${more[@]}" -- fipsprobe exec "--fips=$flag" -- \
            "$home/bin/java" -cp /classes Witness /classes/vectors >"$out/witness-$context" \
            2>"$out/witness-$context.err" || echo "status $?" >>"$out/witness-$context.err"
    done
}

# ---- comparing ----------------------------------------------------------------------------------

versions() { # NAME LIBRARIES
    local java
    java=$(jq -r '[.groups[].facts.java_version // empty] | unique | join(" ")' \
        "$work/out/$1/stock/report.json" 2>/dev/null) || true
    printf '# Java %s, NSS %s\n' "$java" "$(grep -aoE 'Version: NSS [0-9.]+' \
        "$cache/root-$2"/usr/lib/x86_64-linux-gnu/libsoftokn3.so | sed 's/.* //; q')"
}

cells() { # NAME: probe, configuration, context, answer
    [[ -e $work/$1.cells ]] || read_cells "$1" >"$work/$1.cells"
    cat "$work/$1.cells"
}

read_cells() { # NAME
    local configuration file
    for configuration in $configurations; do
        for file in report env; do
            jq -r --arg c "$configuration" --arg f "$file" '
                .observations[] | select(.door == "jca" and .probe != "door.open")
                | (if $f == "env" then {"kernel-off": "env"}
                   else {"as-is": "as-is", "kernel-off": "off", "kernel-on": "on"} end) as $names
                | select($names[.context] != null)
                | [.probe, $c, $names[.context],
                   ([.outcome, .provider, .code] | map(select(. != null)) | join(" "))]
                | @tsv' "$work/out/$1/$configuration/$file.json"
        done
    done
}

# One line for each answer of a row, with where it was given: what is the same stands together.
table() { # NAME LIBRARIES
    versions "$1" "$2"
    cells "$1" | awk -F '\t' '
        $3 == "as-is" { next }
        !($1 in seen) { seen[$1] = ++n; probe[n] = $1 }
        { key = $1 SUBSEP $4
          if (!(key in where)) { answer[$1, ++answers[$1]] = $4; last[key] = "" }
          if (last[key] != $2) { where[key] = where[key] " " $2 ":" $3; last[key] = $2 }
          else where[key] = where[key] "," $3 }
        END {
            for (i = 1; i <= n; i++)
                for (k = 1; k <= answers[probe[i]]; k++) {
                    key = probe[i] SUBSEP answer[probe[i], k]
                    print probe[i] "\t" substr(where[key], 2) "\t" answer[probe[i], k]
                }
        }'
}

# Rows that no version excuses.
bad_answers() { # NAME
    cells "$1" | grep -E $'\t(crashed|timed-out|incorrect|not-run)( |$)' || true
}

unfaithful() { # NAME: as it is, and as presented with the value that the host has
    local flag
    flag=$(jq -r '.host.fips_flag' "$work/out/$1/stock/report.json")
    cells "$1" | awk -F '\t' -v same="$([[ $flag == on ]] && echo on || echo off)" '
        $3 == "as-is" { as_is[$1, $2] = $4 }
        $3 == same { presented[$1, $2] = $4 }
        END { for (key in as_is) if (as_is[key] != presented[key]) {
            split(key, k, SUBSEP); print k[1], k[2] ": " as_is[key] " / " presented[key] } }'
}

# The list itself throws 30 times only (JAVA.md 3.5), and then the witness sees another one.
witness_differs() { # NAME
    local configuration context
    for configuration in $configurations; do
        for context in off on env; do
            awk -F '\t' -v configuration="$configuration" -v context="$context" \
                -v known="$here/known.tsv" '
                BEGIN {
                    while ((getline line < known) > 0)
                        if (split(line, k, "\t") == 2) {
                            gsub(/[.]/, "[.]", k[1])
                            gsub(/[*]/, ".*", k[1])
                            patterns["^" k[1] "$"]
                        }
                }
                function is_known(row,    p) {
                    for (p in patterns)
                        if (row ~ p)
                            return 1
                    return 0
                }
                FNR == NR { if ($2 == configuration && $3 == context) ours[$1] = $4; next }
                $1 == "provider.primary" && $2 == "failed" { throws = 1 }
                !($1 in ours) || (throws && FNR > 14) { next }
                {
                    rows++
                    theirs = $2 == "done" ? "works " $3 : $4
                    mine = ours[$1]
                    if ($2 != "done")
                        sub(/^(absent|refused|error) ([^ ]+ )?/, "", mine)
                    # an exception stands behind the provider that was there when it came
                    if (mine != theirs && ours[$1] !~ (" " theirs "$") && !is_known($1))
                        print $1, configuration ":" context ": " ours[$1] " / java: " $2, $3, $4
                }
                END { if (rows < (throws ? 8 : 20)) print configuration ":" context \
                    ": the witness had only " rows + 0 " rows" }
            ' <(cells "$1") "$work/out/$1/$configuration/witness-$context"
        done
    done
}

# ---- the test -----------------------------------------------------------------------------------

whole() { # NAME: every report is one
    local configuration file out
    for configuration in $configurations; do
        for file in report env; do
            out=$work/out/$1/$configuration
            [[ $(<"$out/$file.status") == [02] ]] && jq -e '.schema == "fipsprobe-report/1"
                and ([.observations[] | select(.door == "jca")] | length > 30)
                and ([.groups[] | select(.presented == false)] == [])' "$out/$file.json" \
                >/dev/null 2>&1 || { echo "$configuration: status $(<"$out/$file.status")"
                    head -n 5 "$out/$file.err"
                    jq -c '[.groups[] | select(.not_presented != null)][0].not_presented' "$out/$file.json"; }
        done
    done 2>&1
}

primary() { # NAME: the first provider, whatever the version
    cells "$1" | awk -F '\t' '
        $1 != "provider.primary" || $3 == "as-is" { next }
        $2 == "stock" { wanted = "works SUN" }
        $2 != "stock" && $3 == "on" { wanted = "works SunPKCS11-NSS-FIPS" }
        $2 != "stock" && $3 == "off" { wanted = "error java.security.ProviderException" }
        $3 != "env" && $4 != wanted { print $2 ":" $3 ": " $4 " instead of " wanted }'
}

for command in bwrap:bubblewrap jq:jq apt-get:apt dpkg-deb:dpkg npm:npm; do
    command -v "${command%:*}" >/dev/null || skip "no ${command%:*} (package ${command#*:})"
done
[[ $(uname -m) == x86_64 ]] || skip 'the packages are for x86_64, and this machine is not'
bwrap --dev-bind / / true 2>/dev/null || skip 'bwrap does not work here'
[[ -x $program ]] || bail "no program at $program"
for release in $({ lines | cut -f 2; echo bookworm; } | sort -u); do
    make_root "$release"
    add_libraries "$release"
done
# For the oldest of them, by the one that is a whole JDK.
mkdir "$work/classes" "$work/cfg"
bwrap --ro-bind "$cache/root-bookworm" / --proc /proc --dev /dev --tmpfs /tmp \
    --ro-bind "$srcdir/tests/bench" /cfg --bind "$work/classes" /classes --clearenv \
    /usr/lib/jvm/java-17-openjdk-amd64/bin/javac --release 8 -Xlint:-options -nowarn -d /classes \
    -sourcepath /cfg /cfg/Witness.java >"$work/client" 2>&1 ||
    bail "javac: $(head -n 3 "$work/client")"
bash "$srcdir/tests/bench/vectors.sh" "$program" >"$work/classes/vectors"
launcher_files
say 'the material is there'

names=()
while IFS=$'\t' read -r name libraries from package home; do
    if [[ $from == here && ! -x $package/bin/java ]]; then
        echo "# $name: this machine has none at $package"
        continue
    fi
    names+=("$name $libraries")
    nss_first "$name" debian /usr/lib/x86_64-linux-gnu
    nss_first "$name" amazon /opt/al2023
    for configuration in $configurations; do
        while [[ $(jobs -rp | wc -l) -ge $(nproc) ]]; do
            wait -n || true
        done
        ask "$name" "$libraries" "$from" "$package" "$home" "$configuration" &
    done
    while [[ $(jobs -rp | wc -l) -ge $(nproc) ]]; do
        wait -n || true
    done
    # not for other builds of what the table has anyway
    if [[ $from != - && $from != here && (-z ${JDK_BRIEF:-} || $name =~ ^(8|25)$) ]]; then
        launcher_differs "$name" "$libraries" "$from" "$package" "$home" >"$work/$name.launched" \
            2>&1 &
    fi
done < <(lines)
wait
say 'all of them were asked'

for line in "${names[@]}"; do
    read -r name libraries <<<"$line"
    golden=$here/golden/$name.tsv
    good_unless "$name: whole reports, everything presented" "$(whole "$name")"
    good_unless "$name: the first provider" "$(primary "$name")"
    good_unless "$name: no crash, no wrong answer" "$(bad_answers "$name")"
    good_unless "$name: presented as it is" "$(unfaithful "$name")"
    good_unless "$name: a plain Java program sees the same" "$(witness_differs "$name")"
    [[ ! -f $work/$name.launched ]] ||
        good_unless "$name: what the environment gives java" "$(<"$work/$name.launched")"
    table "$name" "$libraries" >"$work/$name.tsv"
    if [[ -n $update ]]; then
        mkdir -p "$here/golden"
        cp "$work/$name.tsv" "$golden"
        echo "# wrote $golden"
    elif [[ -f $golden && $(head -n 1 "$golden") == "$(head -n 1 "$work/$name.tsv")" ]]; then
        # a row that the catalogue has got since is not in the table yet
        awk -F '\t' 'FNR == NR { known[$1]; next } $1 in known' "$golden" "$work/$name.tsv" \
            >"$work/$name.known"
        good_unless "$name: the golden table" "$(diff "$golden" "$work/$name.known" || true)"
        awk -F '\t' -v name="$name" 'FNR == NR { known[$1]; next }
            !($1 in known) && !seen[$1]++ { n++; row = $1 }
            END { if (n) print "# " name ": " n " rows are not in the table yet (" row \
                "): make jdk-update" }' "$golden" "$work/$name.tsv"
    elif [[ -f $golden ]]; then
        echo "# $name: the table is of $(sed -n '1s/^# //p' "$golden"), this is $(sed -n '1s/^# //p' \
            "$work/$name.tsv"); it differs in:"
        { diff "$golden" "$work/$name.tsv" || true; } | sed -n '5,60s/^/#   /p'
    else
        good_unless "$name: the golden table" "there is no $golden: make jdk-update"
    fi
done
if [[ -n ${JDK_KEEP:-} ]]; then
    mkdir -p "$JDK_KEEP"
    cp -r "$work/out" "$work"/*.tsv "$JDK_KEEP"
fi
say 'all done'
tap_end
