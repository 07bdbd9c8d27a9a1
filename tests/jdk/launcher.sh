# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# launcher.sh: what the environment gives java, case by case (launcher.tsv): fipsprobe's list of
# providers beside the one that a program gets from the JDK's own java. Sourced by check-jdk.sh.

launcher_tool() { # NAME ARGUMENTS...: of JDK 17, among the sources
    bwrap --ro-bind "$cache/root-bookworm" / --proc /proc --dev /dev --tmpfs /tmp \
        --bind "$work/launch" /cfg --chdir /cfg/source --clearenv \
        "/usr/lib/jvm/java-17-openjdk-amd64/bin/$1" "${@:2}" >"$work/client" 2>&1 ||
        bail "$1: $(head -n 3 "$work/client")"
}

# What the cases name, in $work/launch. A JDK 8 wants its providers by their classes.
launcher_files() {
    local f=/cfg dir=$work/launch name
    mkdir -p "$dir"/{w,classes,jars,empty,modules,'a b',source/module}
    cat >"$dir/source/Providers.java" <<'J'
public class Providers {
    public static void main(String[] a) {
        System.out.println("started");
        for (java.security.Provider p : java.security.Security.getProviders())
            System.out.println("provider " + p.getName());
    }
}
J
    cat >"$dir/source/Mine.java" <<'J'
package mine;
public class Mine extends java.security.Provider {
    public Mine() { super("Mine", 1.0, "a test's"); }
}
J
    echo 'module mine { exports mine; provides java.security.Provider with mine.Mine; }' \
        >"$dir/source/module-info.java"
    echo 'Class-Path: jars/mine.jar' >"$dir/source/manifest"
    launcher_tool javac --release 8 -Xlint:-options -d ../w Providers.java
    launcher_tool javac --release 8 -Xlint:-options -nowarn -d ../classes Mine.java
    launcher_tool javac --release 9 -Xlint:-options -nowarn -d module module-info.java Mine.java
    launcher_tool jar cf ../jars/mine.jar -C ../classes mine
    launcher_tool jar cf ../modules/mine.jar -C module .
    launcher_tool jar cfm ../leading.jar manifest
    printf 'security.provider.%s\n' 1=SunEC 2=SUN 3=SunJSSE >"$dir/three"
    printf 'security.provider.%s\n' 1=SUN 2=SunJCE >"$dir/two"
    printf 'security.provider.%s\n' 1=sun.security.ec.SunEC 2=sun.security.provider.Sun \
        3=com.sun.net.ssl.internal.ssl.Provider >"$dir/three-8"
    printf 'security.provider.%s\n' 1=sun.security.provider.Sun \
        2=com.sun.crypto.provider.SunJCE >"$dir/two-8"
    printf 'security.provider.%s\n' 1=mine.Mine 2=SUN 3=sun.security.provider.Sun >"$dir/mine"
    printf 'security.provider.%s\n' 1=Mine 2=SUN >"$dir/module"
    for name in '' -8; do
        cp "$dir/two$name" "$dir/a b/two$name"
        echo "-Djava.security.properties==$f/three$name" >"$dir/args$name"
    done
    printf '# of the application\n"-Djava.security.properties==%s/a\\\n    \\ b/two" -Dx=\\y #z\n' \
        $f >"$dir/args-quoted"
    printf -- '-Dlong=%04000d\n# %0200d\n-Djava.security.properties==%s' 1 2 $f/three \
        >"$dir/args-long"
    echo "@$f/args" >"$dir/args-nested"
    echo '-Dx Main' >"$dir/args-main"
    echo -version >"$dir/args-version"
    printf -- '-Djava.security.properties=="%s\n-Dx' $f/three >"$dir/args-open"
    : >"$dir/args-empty"
    echo "-XX:VMOptionsFile=$f/args" >"$dir/args-vm"
    echo "-XX:Flags=$f/flags-unknown" >"$dir/args-flags"
    printf -- '# no comment\n-Dx='\''a b'\''\n"-Djava.security.properties==%s/a b/two"\n' $f \
        >"$dir/args-vm-quoted"
    printf '+UseSerialGC # more\nMaxHeapSize=64m\n' >"$dir/flags"
    echo +NoSuchFlag >"$dir/flags-unknown"
    echo +NoSuchThing >"$dir/.hotspotrc"
}

# One case: nothing where both agree.
launcher_case() { # NAME LIBRARIES FROM PACKAGE HOME TITLE WORDS
    local name=$1 home=$5 title=$6 words=$7 out=$work/launched/$1 status=0 wanted=works
    local theirs ours door primary word envs=() options
    # read by the words of the table
    # shellcheck disable=SC2034
    local f=/cfg w=/cfg/w vm=$home/lib/server long many
    [[ -d $cache/root-$2$vm || $3 == here ]] || vm=$home/lib/amd64/server
    [[ $name != 8 ]] || words=$(sed -E 's#(\$f/(a b/|a\\" \\"b/|)(two|three))\b#\1-8#g' <<<"$words")
    # shellcheck disable=SC2034
    printf -v long '%01500d' 1
    # shellcheck disable=SC2034
    printf -v many -- '-Dn%d ' {1..80}
    eval "envs=($words)"
    options=(--ro-bind "$cache/root-$2" / --proc /proc --dev /dev --tmpfs /tmp
        --ro-bind "$program" /usr/bin/fipsprobe --ro-bind "$work/launch" /cfg --clearenv
        --setenv PATH /usr/bin --setenv HOME /tmp --setenv LC_ALL C.UTF-8 --chdir /cfg
        --setenv CLASSPATH /cfg/w)
    [[ $3 != here ]] || options+=(--ro-bind "$4" /opt/temurin)
    for word in "${envs[@]}"; do
        options+=(--setenv "${word%%=*}" "${word#*=}")
    done
    mkdir -p "$out"
    timeout --kill-after=5 120 bwrap "${options[@]}" "$home/bin/java" Providers >"$out/java" \
        2>"$out/java.err" </dev/null || status=$?
    timeout --kill-after=5 120 bwrap "${options[@]}" fipsprobe java --format json --contexts as-is \
        --java-home "$home" --only provider.primary --timeout 60 >"$out/json" 2>"$out/err" \
        </dev/null || :
    theirs=$(sed -n 's/^provider //p' "$out/java" | tr '\n' ' ')
    read -r door primary < <(jq -r '[("door.open", "provider.primary") as $p |
        [.observations[] | select(.probe == $p)][0].outcome] | join(" ")' "$out/json")
    ours=$(jq -r '[.groups[].facts.providers[]?.name + " "] | add // ""' "$out/json")
    if ! grep -q '^started' "$out/java"; then # whatever its status: with some options it only
        wanted=error # tells of itself
    elif [[ $status -ne 0 ]]; then
        wanted=throws
    fi
    case $wanted,$door,$primary in
    works,works,*) [[ $ours != "$theirs" ]] || return 0 ;;
    throws,works,error | error,error,not-run) return 0 ;;
    esac
    printf '%s: java: %s %s / fipsprobe: %s, %s, %s\n' "$title" "$wanted" \
        "${theirs:-$(tail -n 2 "$out/java.err" | tr '\n' '|')}" "$door" "$primary" \
        "${ours:-$(jq -c '[.observations[] | .detail]' "$out/json")}"
}

launcher_differs() { # NAME LIBRARIES FROM PACKAGE HOME: one line for each case that differs
    local title words
    while IFS=$'\t' read -r title words; do
        [[ $title == '#'* ]] || launcher_case "$@" "$title" "$words"
    done <"$here/launcher.tsv"
}
