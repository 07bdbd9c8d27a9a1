# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# apt.sh: an apt with a state of its own. Nothing is installed, and nothing of this machine's apt is
# touched. Sourced.

apt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Where this machine's own apt has Debian from: its main archive, and that of the security team.
apt_archive() { # main|security
    # shellcheck disable=SC2016 # apt's own variables
    env -u APT_CONFIG apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
        'Created-By: Packages' |
        awk -v which="$1" '(which == "main") == ($2 !~ /-/) && (which == "main" || $2 ~ /-security$/) {
            print $1; exit }'
}

# DIRECTORY/apt.conf, for APT_CONFIG: that release's main archive, and with "security" its security
# archive, where it has one. Prints why not, and fails.
#
# The date of an archive's file is not asked for: a mirror, or a clock, that is behind is no reason
# not to test; that it is Debian's is still vouched for by the signature.
apt_private() { # DIRECTORY RELEASE ARCHITECTURE [security]
    local dir=$1 main security=
    main=$(apt_archive main)
    [[ -n $main ]] || { echo "apt knows of no archive here: run 'apt-get update' first"; return 1; }
    [[ ${4:-} != security || $2 == sid ]] || security=$(apt_archive security)
    mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
    : >"$dir/status"
    {
        echo "deb [signed-by=$apt_keyring] $main $2 main"
        [[ -z $security ]] || echo "deb [signed-by=$apt_keyring] $security $2-security main"
    } >"$dir/sources.list"
    cat >"$dir/apt.conf" <<C
Dir::State "$dir/state";
Dir::State::status "$dir/status";
Dir::Cache "$dir/cache";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Architecture "$3";
APT::Architectures "$3";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
C
}
