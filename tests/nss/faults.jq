# SPDX-License-Identifier: Apache-2.0
# faults.jq: of each case and its report, one behind the other, what is wrong with the report: a line
# each, "FUNCTION.KIND", a tab, the complaint; nothing where all is right. $healthy: the observations
# without a fault, by the case's "healthy"; $doors: those that lead through the mock.
def crashes: ["segv", "stack", "abort", "kill", "exit", "_exit"];
def hangs: ["hang", "stop", "busy", "deaf"];
def lies: ["wrong", "long", "more", "short", "empty"];
def key: "\(.door) \(.context) \(.probe)";
def complain(what; rows): rows | "\(what): \(tojson)";

inputs as {$function, $kind, $status, healthy: $probe}
| input
| ($healthy[0][$probe] | map({key: key, value: .outcome}) | from_entries) as $was
| [.observations[] | select(.door | IN($doors[]))] as $mock
| ((.observations[] |
    complain("not the form of an observation"; select((.outcome | IN("approved", "not-approved",
        "works", "absent", "refused", "incorrect", "error", "crashed", "timed-out", "not-run") | not)
        or (.outcome == "approved" and .indicator != "ok")
        or ((.outcome | IN("not-run", "crashed", "timed-out", "error")) and (.detail // "") == ""
            and (.code // "") == ""))),
    complain("no fault makes anything better"; select(.outcome == "approved"
        and $was[key] != "approved")),
    complain("the fault reached another door"; select(.door | IN($doors[], "nss") | not)
        | select(.outcome != $was[key]))),
  (if .schema != "fipsprobe-report/1" or (.observations | length) != ($was | length)
   then "\(.observations | length) observations instead of \($was | length)" else empty end),
  (if $status != (if any(.observations[]; .outcome | IN("crashed", "incorrect"))
        or any(.findings[]; .severity == "failure") then 2 else 0 end)
   then "exit status \($status)" else empty end),
  (if ($kind | IN(crashes[])) and (any($mock[]; .outcome == "crashed") | not)
   then "no crash is named" else empty end),
  (if ($kind | IN("segv", "stack")) and (any($mock[]; .code == "SIGSEGV") | not)
   then "no SIGSEGV is named" else empty end),
  (if ($kind | IN(hangs[])) and (any($mock[]; .outcome == "timed-out") | not)
   then "no hang is named" else empty end),
  (if $kind == "flood" and (any($mock[]; .outcome | IN("timed-out", "crashed")) | not)
   then "no flood is named" else empty end),
  (if ($kind | IN(lies[])) and $function != "C_GetAttributeValue" and (any($mock[]; .outcome | IN("incorrect", "error")) | not)
   then "no wrong answer is named" else empty end),
  (if $kind == "same" and (any($mock[]; .outcome == "incorrect") | not)
   then "random bytes that are always the same are not named" else empty end))
| "\($function).\($kind)\t\(.)"
