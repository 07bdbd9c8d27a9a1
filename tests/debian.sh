# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# debian.sh: packages of a Debian release, unpacked into a directory. Nothing is installed, and
# nothing of this machine's apt is touched. Sourced by scripts that have set
#   srcdir  the project's
#   cache   a directory that lasts: apt's state for each release
#   work    a directory for this run
# and have a function bail, which ends the script with a message.

# shellcheck source=tests/apt.sh
. "$srcdir/tests/apt.sh"

# apt-get and apt-cache of this release from here on.
debian_apt() { # RELEASE [ARCHITECTURE]
    local dir=$cache/apt-$1${2:+-$2} why
    why=$(apt_private "$dir" "$1" "${2:-amd64}") || bail "$why"
    export APT_CONFIG=$dir/apt.conf
}

debian_client() { # COMMAND...: its last words where it fails
    timeout 600 "$@" >"$work/client" 2>&1 </dev/null ||
        bail "$* failed: $(grep -m1 -E '^(E|Err|W):' "$work/client" || tail -n 1 "$work/client")"
}

debian_unpack() { # DEB DIRECTORY [PATTERN...]
    local deb=$1 dir=$2
    shift 2
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink --no-same-owner -C "$dir" \
        --wildcards --exclude='./usr/share/doc' --exclude='./usr/share/locale' \
        --exclude='./usr/share/man' --exclude='./usr/share/fonts' "$@"
}

# The packages and all that they need, of the release of the last debian_apt, as a root directory.
debian_root() { # RELEASE DIRECTORY PACKAGE...
    local archives=${APT_CONFIG%/*}/cache/archives root=$2 dir deb
    shift 2
    mkdir -p "$root"/{usr/{bin,sbin,lib,lib64},proc,dev,tmp,root,etc,opt}
    for dir in bin sbin lib lib64; do
        ln -s "usr/$dir" "$root/$dir"
    done
    printf 'root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n' >"$root/etc/passwd"
    rm -f "$archives"/*.deb
    debian_client apt-get -q -y --download-only install "$@"
    for deb in "$archives"/*.deb; do
        debian_unpack "$deb" "$root"
    done
    rm -f "$archives"/*.deb
}
