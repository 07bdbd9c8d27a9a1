#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fetch.sh NAME DIR: puts the test material NAME (a row or more of tests/material.tsv) into DIR.
#
# Only by package name, through the registry's own client (npm pack, apt-get download), and only
# what has the SHA-256 of the table. Kept in ${FIPSPROBE_CACHE:-${builddir:-.}/tests/cache}.
# MATERIAL=FILE reads another table.
#
# Exit status: 0 it is in DIR · 65 the content is not what the table says · 69 a tool is missing
# · 75 the network failed · 64 usage · 70 anything else
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
table=${MATERIAL:-$here/material.tsv}
cache=${FIPSPROBE_CACHE:-${builddir:-.}/tests/cache}

die() { # STATUS MESSAGE
    printf 'fetch.sh: %s\n' "$2" >&2
    exit "$1"
}

[[ $# -eq 2 ]] || die 64 'usage: fetch.sh NAME DIR'
name=$1
dir=$2
rows=$(grep -P "^\Q$name\E\t" "$table") || die 64 "no material '$name' in $table"

# Is everything of the rows in $1, with the right digest? Says what is not.
verify() {
    local kind package version file sha256 have
    while IFS=$'\t' read -r _ kind package version file sha256; do
        have=$1/${file##*/}
        if [[ ! -f $have ]]; then
            echo "${file##*/} of $package is missing"
            return 1
        fi
        [[ $sha256 != - || $kind == deb ]] || { echo "${file##*/}: no digest"; return 1; }
        [[ $sha256 == - ]] && continue
        if [[ $(sha256sum <"$have") != "$sha256  -" ]]; then
            echo "${file##*/} of $package $version has another SHA-256 than the table"
            return 1
        fi
    done <<<"$rows"
}

# Runs a client of a registry; what it says goes to $work/log.
client() {
    command -v "$1" >/dev/null || die 69 "$1 is missing: it fetches $package"
    local status=0
    timeout 300 "$@" >"$work/out" 2>"$work/log" </dev/null || status=$?
    [[ $status -ne 0 ]] || return 0
    # A package that is not there is the table's fault; everything else these clients fail with
    # (resolver, connection, proxy, certificate, a server's 5xx, a time limit) is the network's.
    if grep -qE 'E404|ETARGET|Unable to locate package|No candidate' "$work/log"; then
        die 65 "$package $version is not in the registry: $(grep -m1 . "$work/log")"
    fi
    die 75 "the network failed: $* (status $status): $(grep -m1 -iE 'err|^[EW]:' "$work/log" ||
        echo 'it said nothing')"
}

fetch_npm() {
    local inner archive
    (cd "$work" && client npm pack --ignore-scripts "$package@$version") || exit
    tar -xzf "$work"/*.tgz -C "$work" || die 65 "$package $version is not a package"
    while IFS=$'\t' read -r _ _ _ _ file _; do
        archive=package/${file%%!*}
        inner=${file#*!}
        if [[ $archive == *.tar.br && ! -f $work/inner.tar ]]; then
            node -e 'const [i, o] = process.argv.slice(1), f = require("fs");
                f.writeFileSync(o, require("zlib").brotliDecompressSync(f.readFileSync(i)));' \
                "$work/$archive" "$work/inner.tar" || die 65 "$archive cannot be decompressed"
        fi
        tar -xOf "$work/inner.tar" "$inner" >"$new/${inner##*/}" ||
            die 65 "$archive has no $inner"
    done <<<"$rows"
}

fetch_deb() {
    local found
    (cd "$work" && client apt-get -q -o APT::Sandbox::User=root download "$package") || exit
    dpkg-deb -x "$work"/*.deb "$work/tree" || die 65 "$package is not a package"
    while IFS=$'\t' read -r _ _ _ _ file _; do
        # shellcheck disable=SC2086 # the table's file names are patterns
        found=$(cd "$work/tree" && ls -d $file) || die 65 "$package has no $file"
        cp "$work/tree/$found" "$new/"
    done <<<"$rows"
}

mkdir -p "$cache" "$dir"
cache=$(cd "$cache" && pwd)
exec 9>"$cache/lock-$name"
flock 9
if [[ ! -d $cache/$name ]] || ! verify "$cache/$name" >/dev/null; then
    work=$(mktemp -d "$cache/work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    new=$work/new
    mkdir "$new"
    IFS=$'\t' read -r _ kind package version _ <<<"$rows"
    case $kind in
    npm | deb) "fetch_$kind" ;;
    *) die 64 "kind '$kind' of '$name'" ;;
    esac
    wrong=$(verify "$new") || die 65 "$wrong"
    chmod 755 "$new" "$new"/*
    rm -rf "${cache:?}/$name"
    mv "$new" "$cache/$name"
fi
cp "$cache/$name"/* "$dir/"
