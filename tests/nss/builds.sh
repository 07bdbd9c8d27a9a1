# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# builds.sh: the builds of builds.tsv, each made from its packages, below $builds:
#     NAME/nss      the libraries of NSS and NSPR, and the check files
#     NAME/own      the loader, the C library and SQLite of its release, where it needs them
#     NAME/include  the headers of NSS and NSPR, where it is newer than this machine's
#     NAME/bin      NSS's own tools, of the same package version where the release has them
#     NAME/package  name, version and architecture, as one line
# Sourced by what needs them; `die` is the caller's.

# shellcheck source=tests/apt.sh
. "$srcdir/tests/apt.sh"

builds_table() { # name, from, loader of each
    grep -vE '^(#|$)' "${NSS_BUILDS:-$srcdir/tests/nss/builds.tsv}"
}

# A release, and of another architecture than this machine's: below its own name.
apt_for() { # RELEASE [ARCHITECTURE]: sets apt_config
    local dir=$builds/apt-$1${2:+-$2} why
    why=$(apt_private "$dir" "$1" "${2:-$(dpkg --print-architecture)}" security) || die "$why"
    apt_config=$dir/apt.conf
}

client() { # COMMAND...: its last words where it fails
    local said=$builds/client.$BASHPID status=0
    timeout 600 "$@" >"$said" 2>&1 </dev/null || status=$?
    [[ $status -eq 0 ]] || grep -m1 -E '^(E|Err|W):' "$said" || tail -n 1 "$said"
    rm -f "$said"
    return "$status"
}

# NSS of another architecture, as packages; kept for the day, as builds are.
foreign_debs() { # ARCHITECTURE RELEASE DIRECTORY
    local kept=$builds/debs-$1 package
    if [[ $(cat "$kept/stamp" 2>/dev/null) != "$(date +%F)" ]]; then
        rm -rf "$kept"
        mkdir -p "$kept"
        apt_for "$2" "$1"
        export APT_CONFIG=$apt_config
        client apt-get -q update || return 1
        for package in libnss3 libnspr4; do
            (cd "$kept" && { client apt-get -q download "$package" >/dev/null ||
                client apt-get -q download "$package/$2"; }) || return 1
        done
        date +%F >"$kept/stamp"
    fi
    cp "$kept"/*.deb "$3/"
}

from_debian() { # RELEASE LOADER DIRECTORY
    local dir=$3 packages=(libnss3 libnspr4 libnss3-tools) package file
    [[ $2 == host ]] || packages+=(libc6 libsqlite3-0 libnss3-dev libnspr4-dev)
    apt_for "$1"
    export APT_CONFIG=$apt_config
    client apt-get -q update || return 1
    mkdir "$dir/debs" "$dir/tree"
    # Where the security archive names a package that it no longer has, the main archive's.
    for package in "${packages[@]}"; do
        (cd "$dir/debs" && { client apt-get -q download "$package" >/dev/null ||
            client apt-get -q download "$package/$1"; }) || return 1
    done
    unset APT_CONFIG
    for file in "$dir/debs"/*.deb; do
        dpkg-deb -x "$file" "$dir/tree" || return 1
    done
    # the libraries are in lib or in usr/lib, of one architecture or nss/ below it
    find "$dir/tree" \( -type f -o -type l \) \( -name 'libnss[3u]*.so' -o -name 'libnspr4.so' \
        -o -name 'libpl[cd]*4.so' -o -name 'libssl3.so' -o -name 'libsmime3.so' -o -name 'libsoftokn3.*' -o -name 'libfreebl*3.*' \
        -o -name 'libnssdbm3.*' \) -exec cp -L {} "$dir/nss/" \;
    if [[ $2 == own ]]; then
        find "$dir/tree" \( -type f -o -type l \) -path '*/lib*' \( -name 'ld-linux*.so.*' \
            -o -name 'lib[cm].so.6' -o -name 'libdl.so.2' -o -name 'libpthread.so.0' \
            -o -name 'libsqlite3.so.0' \) -exec cp -L {} "$dir/own/" \;
        cp -r "$dir/tree/usr/include"/{nss,nspr} "$dir/include/"
    fi
    cp "$dir/tree/usr/bin"/{modutil,certutil,shlibsign,chktest} "$dir/bin/"
    # shellcheck disable=SC2016 # dpkg's own variables
    dpkg-deb -W --showformat='${Package} ${Version} ${Architecture}\n' "$dir/debs"/libnss3_*.deb \
        >"$dir/package"
    rm -rf "$dir/tree"
    mv "$dir/debs" "$dir/packages"
}

from_material() { # NAME DIRECTORY
    "$srcdir/tests/fetch.sh" "$1" "$2/nss" >"$2/said" 2>&1 || { tail -n 1 "$2/said"; return 1; }
    awk -F '\t' -v name="$1" -v arch="$(uname -m)" \
        '$1 == name { print $3, $4, arch; exit }' "$srcdir/tests/material.tsv" >"$2/package"
}

# Makes the build where it is not there, or where the day is another one: a release's packages
# change, and what is tested must not stand still with them. Prints why not, and fails.
build_make() { # NAME FROM LOADER
    local dir=$builds/$1 key
    key="$(date +%F) $2 $3 $(cat "$srcdir"/tests/{nss/builds.sh,apt.sh,material.tsv} | sha256sum)"
    [[ ! -f $dir/stamp || $(<"$dir/stamp") != "$key" ]] || return 0
    rm -rf "$dir.new"
    mkdir -p "$dir.new"/{nss,own,include,bin}
    case $2 in
    !*) from_material "${2#!}" "$dir.new" || return 1 ;;
    *) from_debian "$2" "$3" "$dir.new" || return 1 ;;
    esac
    [[ -e $dir.new/nss/libsoftokn3.so && -e $dir.new/nss/libnspr4.so && -s $dir.new/package ]] ||
        { echo "the packages of $1 have not what they should"; return 1; }
    chmod 755 "$dir.new" "$dir.new"/{nss,own,bin}
    echo "$key" >"$dir.new/stamp"
    rm -rf "$dir"
    mv "$dir.new" "$dir"
}

# The words in front of a program that is to run with this build's C library: an array.
build_loader() { # NAME
    local ld
    loader=()
    for ld in "$builds/$1/own"/ld-linux*.so.*; do
        [[ ! -e $ld ]] || loader=("$ld" --library-path "$builds/$1/own")
    done
}
# ... and with all of its NSS too: NSS's own tools
tool_loader() { # NAME
    build_loader "$1"
    if [[ ${#loader[@]} -gt 0 ]]; then
        loader[2]+=:$builds/$1/nss
    else
        loader=(env "LD_LIBRARY_PATH=$builds/$1/nss")
    fi
}
