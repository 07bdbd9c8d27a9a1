#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# lint-rooms.sh: rules that a compiler cannot see. Which room may call or include what, the size of
# a file, licence lines, unfinished work, shell scripts. Speaks TAP.
set -euo pipefail
cd "${srcdir:-.}"

# what ; files that may (extended regular expression on the path)
# A call is the name before a parenthesis; strings and comments do not count. The Java part runs in
# children only, where the JVM's variables and its thread are its own.
calls='
dlopen;^(probe/softokn/|java-harness/|probe/module/(rpmdb|package)\.c)
dlmopen;^$
fork;^probe/run/
vfork;^$
execve?;^probe/run/
execvpe?;^(probe/run/|probe/cmd-exec\.c)
execl;^$
system;^$
popen;^$
getenv;^java-harness/
secure_getenv;^$
setenv;^(java-harness/|probe/run/child\.c)
exit;^probe/(main|cmd-[a-z]+)\.c
_exit;^(probe/base/mem\.c|probe/run/|java-harness/)
printf;^$
puts;^$
putchar;^$
fputs;^probe/(main|cmd-[a-z]+)\.c
fprintf;^probe/(main|cmd-[a-z]+)\.c
vfprintf;^probe/(main|cmd-[a-z]+)\.c
fopen;^probe/module/module\.c
opendir;^probe/base/root\.c|^probe/run/
strcpy;^$
strcat;^$
sprintf;^$
vsprintf;^$
gets;^$
strtok;^$
atoi;^$
alloca;^$
pthread_create;^java-harness/
signal;^(probe/run/|probe/base/scratch\.c|probe/(main|cmd-exec)\.c)
seccomp_[a-z_]+;^probe/run/
ioctl;^(probe/run/|probe/(main|cmd-[a-z]+)\.c)
malloc;^probe/base/mem\.c
calloc;^probe/base/mem\.c
realloc;^probe/base/mem\.c
strdup;^probe/base/mem\.c
'
includes='
yaml\.h;^probe/model/
jansson\.h;^probe/(base|model|run|softokn|judge|report)/|^probe/cmd-[a-z]+\.c|^java-harness/
(nss/)?pkcs11[a-z]*\.h;^probe/softokn/
(nss/)?(nss|pk11pub|secmod|secoid|cert|keyhi|sechash|prerror)\.h;^probe/softokn/
jni\.h;^java-harness/
nettle/.*;^probe/module/
gmp\.h;^probe/module/
seccomp\.h;^probe/run/
dlfcn\.h;^(probe/softokn/|java-harness/|probe/module/(rpmdb|package)\.c)
sqlite3\.h;^probe/module/rpmdb\.c
archive(_entry)?\.h;^probe/module/package\.c
pthread\.h;^java-harness/
check\.h;^tests/unit/
'

n=0
failed=0
result() { # TITLE PROBLEMS
    n=$((n + 1))
    if [[ -z $2 ]]; then
        echo "ok $n - $1"
    else
        failed=1
        echo "not ok $n - $1"
        sed 's/^/# /' <<<"$2"
    fi
}

# The project's own files; no build output, wherever it was built.
files() { # PATTERN of find's -name, alternatives with |
    local pattern=${1//|/ -o -name }
    # shellcheck disable=SC2086 # words of find
    set -f
    # shellcheck disable=SC2086
    find ${2:-.} \( -name .git -o -name autom4te.cache -o -name build-aux -o -name m4 \
        -o -name 'build*' -type d -o -name '_build' -o -name '_inst' -o -name 'fipsprobe-[0-9]*' -o -path ./tests/cache \) -prune \
        -o -type f \( -name $pattern \) ! -name '*.gen.*' -print | sed 's,^\./,,' | sort
    set +f
}

# C without comments, strings and characters, so that words in them do not count.
stripped() {
    perl -0777 -pe 's{/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\x27(?:\\.|[^\x27\\\n])*\x27}
        { my $m = $&; my $r = "\n" x ($m =~ tr/\n//); $m =~ m{^/} ? " $r" : "\"\"$r" }gsex' "$1"
}

sources=$(files '*.[ch]' 'probe java-harness data')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for file in $sources; do
    mkdir -p "$work/$(dirname "$file")"
    stripped "$file" >"$work/$file"
done

while IFS=';' read -r name allowed; do
    [[ -n $name ]] || continue
    found=$(cd "$work" && grep -rnE --include='*.[ch]' "(^|[^A-Za-z0-9_.>])${name}[[:space:]]*\(" . |
        sed 's,^\./,,' | grep -vE "$allowed" || true)
    result "who may call $name" "$found"
done <<<"$calls"

while IFS=';' read -r name allowed; do
    [[ -n $name ]] || continue
    found=$(grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]${name}[>\"]" $sources /dev/null |
        grep -vE "$allowed" || true)
    result "who may include $name" "$found"
done <<<"$includes"

# a room sees the headers of the rooms below it only
below='
probe/base|base
probe/model|base|model
probe/host|base|model|host
probe/module|base|model|module
probe/run|base|model|run
probe/softokn|base|model|run|softokn
java-harness|base|model|run|java-harness|data
probe/judge|base|model|judge
probe/report|base|model|judge|report
'
while IFS='|' read -r room allowed; do
    [[ -n $room ]] || continue
    found=$(grep -nE '^#include "' $(grep "^${room}/" <<<"$sources") /dev/null |
        grep -vE "#include \"(($allowed)/|[a-z_0-9.-]+\"|config\.h)" || true)
    result "what $room may include" "$found"
done <<<"$below"

text='*.[ch]|*.java|*.sh|*.tap|*.mk|*.am|*.ac|*.yaml'
found=
for file in $(files "$text"); do
    lines=$(wc -l <"$file")
    # Tables of data are as long as what they list; the Java part is one class (it is embedded);
    # a unit test stays with its subject.
    case $file in
    *.yaml) limit=100000 ;;
    *.java | tests/unit/*) limit=1000 ;;
    *) limit=600 ;;
    esac
    [[ $lines -le $limit ]] || found+="$file has $lines lines, more than $limit"$'\n'
done
result 'no file is too long' "$found"

found=$(for file in $(files "$text") bootstrap quickstart .ci/run; do
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$file"
done)
result 'every file says its licence' "$found"

# put together here, so that this file does not hold them
words='TO''DO|FIX''ME|X''XX|HA''CK|not implemented ''yet'
result 'nothing is left unfinished' \
    "$(grep -nE "\b($words)\b" $(files "$text|*.md") bootstrap quickstart .ci/run || true)"

result 'no tabs and no blanks at the end of a line' "$(
    grep -nP '\t|[ \t]+$' $(files '*.[ch]|*.java|*.sh|*.tap') quickstart .ci/run |
        grep -vP '\\t|^tests/lint' || true)"

result 'shell scripts parse' "$(for file in $(files '*.sh|*.tap') quickstart .ci/run; do
    bash -n "$file" 2>&1 || true
done)"

n=$((n + 1))
if command -v shellcheck >/dev/null; then
    n=$((n - 1))
    # SC2154: set by tests/lib.sh · SC2046, SC2086: lists of file names, in this file only
    result 'shellcheck' "$(shellcheck -x -P . -S warning -e SC2154 -f gcc \
        $(files '*.sh|*.tap' | grep -v '^tests/lint') quickstart .ci/run 2>&1 || true
    shellcheck -S warning -f gcc -e SC2046,SC2086 tests/lint-*.sh 2>&1 || true)"
elif [[ " ${FIPSPROBE_REQUIRE:-} " == *' shellcheck '* ]]; then
    n=$((n - 1))
    result 'shellcheck' 'required, and not there: package shellcheck'
else
    echo "ok $n - shellcheck # SKIP no shellcheck (package shellcheck)"
fi

echo "1..$n"
exit "$failed"
