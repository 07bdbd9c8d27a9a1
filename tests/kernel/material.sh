# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# material.sh: what check-kernel.sh and check-arm64.sh boot and build with, by package name through
# apt (and npm): roots, kernels, an emulator. They source it; $cache is where it is kept,
# $work a directory of their own, and bail says what failed and ends.

# shellcheck source=tests/debian.sh
. "$srcdir/tests/debian.sh"

common='libnss3 libyaml-0-2 libjansson4 libseccomp2 libgmp10 util-linux'
declare -A packages=(
    [bookworm-amd64]="$common libnettle8 libhogweed6 openjdk-17-jre-headless"
    [bookworm-arm64]="$common libnettle8 libhogweed6 openjdk-17-jre-headless"
    [trixie-amd64]="$common libnettle8t64 libhogweed6t64 openjdk-21-jre-headless
        openjdk-25-jre-headless"
)
# The modules that a kernel may have for its disks, in the order in which they need each other.
modules='virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk
    crc16 mbcache jbd2 crc32c_generic ext4'
# Those for questions to its crypto API; of the algorithms two that FIPS mode forbids.
crypto_modules='af_alg algif_hash sha256_generic sha512_generic md5 md4 rmd160'

# The JDK's own java.security, with Red Hat's order of providers in FIPS mode.
fips_config() { # ROOT JDK
    local root=$1 jdk=$2 home nss
    home=$(echo "$root/usr/lib/jvm/java-$jdk-openjdk-"*)
    nss=$(cd "$root" && echo usr/lib/*/libsoftokn3.so)
    mkdir -p "$root/opt/fips"
    printf '%s\n' 'name = NSS-FIPS' "nssLibraryDirectory = /${nss%/*}" 'nssDbMode = noDb' \
        'nssModule = fips' >"$root/opt/fips/nss.cfg"
    {
        grep -vE '^security\.provider\.[0-9]' "$root/etc/java-$jdk-openjdk/security/java.security"
        printf 'security.provider.%s\n' '1=SunPKCS11 /opt/fips/nss.cfg' 2=SUN 3=SunEC 4=SunJSSE
    } >"$root/opt/fips/$jdk.security"
    ln -sfn "${home#"$root"}" "$root/opt/jdk-$jdk"
}

make_root() { # RELEASE ARCHITECTURE: root-RELEASE-ARCHITECTURE and the same as a disk, .img
    local root=$cache/root-$1-$2 jdk size
    rm -rf "$root" "$root.new" "$root.img"
    # shellcheck disable=SC2086 # packages are words
    debian_root "$1" "$root.new" ${packages[$1-$2]}
    : >"$root.new/usr/bin/fipsprobe" # the program is mounted there
    for jdk in 17 21 25; do
        [[ ! -d $root.new/etc/java-$jdk-openjdk ]] || fips_config "$root.new" "$jdk"
    done
    if [[ $1-$2 == bookworm-amd64 ]]; then
        "$srcdir/tests/fetch.sh" al2023 "$root.new/opt/al2023" >"$work/client" 2>&1 ||
            bail "$(tail -n 1 "$work/client")"
    fi
    size=$(($(du -sm "$root.new" | cut -f1) * 5 / 4 + 32))
    mke2fs -q -t ext4 -O ^has_journal -m 0 -E root_owner=0:0 -d "$root.new" "$root.img" \
        "${size}M" >"$work/client" 2>&1 || bail "mke2fs: $(tail -n 1 "$work/client")"
    mv "$root.new" "$root"
}

make_kernel() { # RELEASE ARCHITECTURE: vmlinuz, and an initramfs with busybox and the modules
    local dir=$cache/kernel-$1-$2 package module n=10 file to
    rm -rf "$dir" "$dir.new"
    mkdir -p "$dir.new/tree" "$dir.new/init/"{bin,modules,crypto}
    package=$(apt-cache depends "linux-image-cloud-$2" |
        sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1)
    [[ -n $package ]] || bail "no kernel package in $1"
    (cd "$dir.new" && debian_client apt-get -q download "$package" busybox-static) || exit
    for file in "$dir.new"/*.deb; do
        debian_unpack "$file" "$dir.new/tree"
    done
    cp "$dir.new"/tree/boot/vmlinuz-* "$dir.new/vmlinuz"
    cp "$(find "$dir.new/tree" -path '*bin/busybox' | head -n 1)" "$dir.new/init/bin/busybox"
    for module in $modules $crypto_modules; do # what is not there is part of the kernel
        file=$(find "$dir.new/tree" -name "$module.ko" -o -name "$module.ko.xz" | head -n 1)
        n=$((n + 1))
        to=$dir.new/init/modules/$n-$module.ko
        [[ " $crypto_modules " != *" $module "* ]] || to=$dir.new/init/crypto/$n-$module.ko
        case $file in
        *.xz) xz -dc "$file" >"$to" ;;
        *.ko) cp "$file" "$to" ;;
        esac
    done
    rm -rf "$dir.new/tree" "$dir.new"/*.deb
    mv "$dir.new" "$dir"
}

# QEMU 7.2, Debian 12's own, trips Linux 6.12 once in three boots: the oops is a double fault behind
# a cmpxchg16b with an EFLAGS that looks like an address (feaeda5a). What QEMU's own
# tests/tcg/i386/test-flags.c tells of fits: where an instruction's memory access faulted, its
# operands could be taken for flags. With QEMU 10 no boot of a dozen tripped. So the emulator is
# Debian 13's, run with its own loader and libraries; what this machine has installed is not used.
make_emulator() {
    rm -rf "$cache/emulator" "$cache/emulator.new"
    debian_root "$1" "$cache/emulator.new" qemu-system-x86 qemu-system-arm
    mv "$cache/emulator.new" "$cache/emulator"
}
make_user_emulator() { # one of its thirty programs
    rm -rf "$cache/user_emulator" "$cache/user_emulator.new"
    debian_root "$1" "$cache/user_emulator.new" qemu-user
    find "$cache/user_emulator.new" -name 'qemu-*' -type f ! -name qemu-aarch64 -delete
    mv "$cache/user_emulator.new" "$cache/user_emulator"
}
make_sysroot() { # RELEASE ARCHITECTURE: what a cross-build takes
    local dir=$cache/sysroot-$1-$2
    rm -rf "$dir" "$dir.new"
    debian_root "$1" "$dir.new" libc6-dev libyaml-dev libjansson-dev libseccomp-dev nettle-dev \
        libgmp-dev libnspr4-dev libnss3-dev libarchive-dev libsqlite3-dev check
    mv "$dir.new" "$dir"
}
emulator() { # ARCHITECTURE ARGUMENTS...: in place of this process
    local e=$cache/emulator name=x86_64 lib
    [[ $1 != arm64 ]] || name=aarch64
    shift
    lib=$e/usr/lib/x86_64-linux-gnu
    # or it looks for its modules where this machine's own QEMU has others
    export QEMU_MODULE_DIR=$lib/qemu
    exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib" "$e/usr/bin/qemu-system-$name" \
        -L "$e/usr/share/qemu" -L "$e/usr/share/seabios" "$@"
}

# Once a day: a release's packages change, and this must not stand still with them.
# material WHAT RELEASE ARCHITECTURE: make_WHAT
material() {
    local stamp=$cache/$1-$2-$3.stamp key
    key="$(date +%F) $(cat "${BASH_SOURCE[0]}" "$srcdir"/tests/{debian.sh,apt.sh,material.tsv} | sha256sum)"
    exec 9>"$cache/lock" # another build may fill the same cache
    flock 9
    if [[ ! -f $stamp || $(<"$stamp") != "$key" ]]; then
        in_archive "$2" "$3" || bail "$2 is not in the archive"
        debian_apt "$2" "$3"
        "make_$1" "$2" "$3"
        echo "$key" >"$stamp"
    fi
    exec 9>&-
}

# Releases leave the archive after their time.
in_archive() { # RELEASE ARCHITECTURE
    local stamp=$cache/archive-$1-$2 day
    day=$(date +%F)
    [[ ! -f $stamp || $(<"$stamp") != "$day" ]] || return 0
    debian_apt "$1" "$2"
    if ! timeout 900 apt-get -q update >"$work/client" 2>&1 </dev/null; then
        ! grep -q 'does not have a Release file' "$work/client" || return 1
        bail "apt-get update of $1: $(grep -m1 -E '^(E|Err|W):' "$work/client")"
    fi
    echo "$day" >"$stamp"
}
