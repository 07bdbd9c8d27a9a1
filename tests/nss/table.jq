# SPDX-License-Identifier: Apache-2.0
# table.jq: a report as lines that can be compared, tab-separated: what the build is and how it
# answers, nothing of when, where or how fast. What as-is says is left out: it is what the presented
# context of the same value says (check-nss.sh checks that it is), and depends on the host.
#     module NAME KEY VALUE · door KEY WHERE VALUE · probe ID WHERE ANSWER · mechanism NAME WHERE INFO
# WHERE is doors, each with its contexts; places with the same answer share a line.

def word: if . == null then "-" elif type == "string" then . else tojson end;
def plain: word | gsub($dir; "DIR") | gsub("[\t\n]"; " ");
def where: group_by(.door)
    | map("\(.[0].door)(\(map(.context | ltrimstr("kernel-")) | unique | join(",")))") | join(" ");
# [{name, door, context, answer}]: a line for each answer to the same question
def lines(kind): group_by(.name) | .[]
    | group_by(.answer) | map([kind, .[0].name, where, .[0].answer]) | sort | .[];
def measured: select(.context != "as-is" and .jdk == null);
def volatile: test("_us$|_ms$|^mapped$|^loaded$|^mechanisms?(_info)?$");

(.modules | sort_by(.name) | .[] | .name as $name
    | to_entries[] | select(.value != null and .value != [] and .value != false)
    | select(.key | IN("name", "mode", "uid", "found_how", "why_there", "known_source", "writable_by")
        | not)
    | ["module", $name, .key, (.value | if type == "array" then map(word) | join(" ") else . end
        | plain)]),

([.groups[] | measured | .door as $door | .context as $context
    | (.facts + {control: .control, ending: .ending}) | to_entries[]
    | select(.key | volatile | not)
    | {name: .key, door: $door, context: $context, answer: (.value | plain)}] | lines("door")),

([.observations[] | measured
    | {name: .probe, door, context, answer: ([.outcome, .code,
        (.indicator | select(. != null) | "indicator " + .),
        (.key_indicator | select(. != null) | "key " + .),
        (.check | select(. != null and . != "none") | "checked by " + .),
        (.listed | select(. != "yes" and . != null) | "listed " + .),
        (if .outcome | IN("works", "approved", "not-approved") then null else .step end)]
        | map(select(. != null) | plain) | join("; "))}] | lines("probe")),

([.groups[] | measured | .door as $door | .context as $context
    | (.facts.mechanism_info // [(.facts.mechanisms // [])[] | {name: ., flags: ["listed"]}])[]
    | {name, door: $door, context: $context,
        answer: ([(.min, .max | select(. != null) | tostring), (.flags // [] | .[])] | join(" "))}]
    | lines("mechanism"))
| @tsv
