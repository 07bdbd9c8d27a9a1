# SPDX-License-Identifier: Apache-2.0
# compare.awk: reads the cells twice (check-kernel.sh, cells). First what real kernels answered;
# then everything that was presented is held against it. Prints the results, "STATUS<tab>TITLE",
# and remarks, "#<tab>TEXT"; each compared cell goes to the file that `all` names.
# Columns: 1 run, 2 user, 3 door, 4 probe, 5 host, 6 how, 7 value, 8 answer.

# Does the row of known.tsv fit? Each of its first six columns is a word, or * for any.
function is_known(i) {
    return fits(krun[i], $1) && fits(kuser[i], $2) && fits(kdoor[i], $3) && fits(kprobe[i], $4) &&
        fits(khost[i], $5) && fits(kvalue[i], $7)
}
function fits(pattern, word) {
    return pattern == "*" || pattern == word
}

BEGIN {
    OFS = "\t"
    while ((getline line < known) > 0) {
        if (line == "" || line ~ /^#/)
            continue
        split(line, column, "\t")
        krun[++known_n] = column[1]; kuser[known_n] = column[2]; kdoor[known_n] = column[3]
        kprobe[known_n] = column[4]; khost[known_n] = column[5]; kvalue[known_n] = column[6]
        kwhy[known_n] = column[7]
    }
    print "verdict", "kernel", "value", "how", "host", "run", "user", "door", "probe", "real",
        "other" >all
}

function question() { # whoever asks it
    return $1 FS $3 FS $4
}
# Which kernel, and who asked there: debian12.root.
function machine(host) {
    sub(/-[01]$/, "", host)
    return host "." $2
}
function real_name(kernel, value, part) {
    split(kernel, part, ".")
    return part[1] "-" value "." part[2]
}
# The table's other view: what runs, at which door, against which host.
function count_view(verdict, row) {
    row = $1 "." $2 FS $3
    if (!(row in seen)) {
        seen[row] = 1
        rows[++rows_n] = row
    }
    if (!($5 in host_seen)) {
        host_seen[$5] = 1
        hosts[++hosts_n] = $5
    }
    view[row, $5]++
    if (verdict == "DIFFERENT")
        view_wrong[row, $5]++
}

# First pass: real[machine, value, question].
NR == FNR {
    if ($6 == "real" && $7 != "-") {
        real[machine($5), $7, question()] = $8
        if (!(machine($5) in kernels))
            order[++kernels_n] = machine($5)
        kernels[machine($5)] = 1
    }
    next
}

# Second pass: everything presented, and every real value too (the other kernel's).
$7 == "-" { next } # this machine as it is: no real value of its own to speak of
{
    for (k = 1; k <= kernels_n; k++) {
        kernel = order[k]
        if ($6 == "real" && machine($5) == kernel)
            continue
        key = real_name(kernel, $7) FS $6 FS ($5 "." $2)
        if (!((kernel, $7, question()) in real)) {
            if (machine($5) == kernel && $6 == "presented") # there it must have been asked
                missing[key]++
            continue
        }
        if (!(key in cells))
            titles[++titles_n] = key
        cells[key]++
        verdict = "same"
        if (real[kernel, $7, question()] != $8) {
            excuse = 0
            for (i = 1; i <= known_n && !excuse; i++)
                if (is_known(i))
                    excuse = i
            if (excuse) {
                verdict = "known"
                excused[key]++
                used[excuse]++
            } else {
                verdict = "DIFFERENT"
                wrong[key]++
                if (!(key in first))
                    first[key] = $1 " " $2 " " $3 " " $4 ": real '" \
                        substr(real[kernel, $7, question()], 1, 300) "', " $6 " '" \
                        substr($8, 1, 300) "'"
            }
        }
        count_view(verdict)
        print verdict, kernel, $7, $6, $5, $1, $2, $3, $4, real[kernel, $7, question()], $8 >all
    }
}

END {
    printf "#\t%-22s %-10s %-22s %8s %8s %8s %8s\n", "real", "against", "host", "cells", "same",
        "known", "different"
    for (t = 1; t <= titles_n; t++) {
        split(titles[t], part, FS)
        key = titles[t]
        total += cells[key]
        printf "#\t%-22s %-10s %-22s %8d %8d %8d %8d\n", part[1], part[2], part[3], cells[key],
            cells[key] - wrong[key] - excused[key], excused[key], wrong[key]
    }
    printf "#\t%-32s", "cells of each run and door"
    for (h = 1; h <= hosts_n; h++)
        printf " %16s", hosts[h]
    printf "\n"
    for (r = 1; r <= rows_n; r++) {
        split(rows[r], part, FS)
        printf "#\t%-16s %-15s", part[1], part[2]
        for (h = 1; h <= hosts_n; h++)
            printf " %16s", !((rows[r], hosts[h]) in view) ? "-" : view[rows[r], hosts[h]] \
                (((rows[r], hosts[h]) in view_wrong) ? " (" view_wrong[rows[r], hosts[h]] \
                " differ)" : "")
        printf "\n"
    }
    printf "#\t%d cells compared\n", total
    for (t = 1; t <= titles_n; t++) {
        split(titles[t], part, FS)
        key = titles[t]
        printf "%d\t%s is what %s gives%s\n", wrong[key] || missing[key] ? 1 : 0,
            "real " part[1], part[2] " on " part[3],
            wrong[key] ? ", but " first[key] : missing[key] ? ", but " missing[key] " cells have no real value" : ""
    }
    for (i = 1; i <= known_n; i++) {
        printf "#\tknown: %d cells: %s\n", used[i], kwhy[i]
        if (!used[i])
            printf "1\tknown.tsv: row %d (%s %s) is needed\n", i, kdoor[i], kprobe[i]
    }
}
