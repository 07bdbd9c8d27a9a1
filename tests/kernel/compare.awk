# SPDX-License-Identifier: Apache-2.0
# compare.awk: reads the cells twice (check-kernel.sh, cells). First what real kernels answered;
# then everything that was presented is held against it. Prints the results, "STATUS<tab>TITLE",
# and remarks, "#<tab>TEXT".

# Does the row of known.tsv fit? Each of its first six columns is a word, or * for any.
function is_known(i) {
    return fits(krun[i], $1) && fits(kuser[i], $2) && fits(kdoor[i], $4) && fits(kprobe[i], $5) &&
        fits(khost[i], $6) && fits(kvalue[i], $8)
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
}

function question() {
    return $1 FS $2 FS $3 FS $4 FS $5
}
function release(host) {
    sub(/-[01]$/, "", host)
    return host
}

# First pass: real[release, value, question].
NR == FNR {
    if ($7 == "real" && $8 != "-") {
        real[release($6), $8, question()] = $9
        if (!(release($6) in kernels))
            order[++kernels_n] = release($6)
        kernels[release($6)] = 1
    }
    next
}

# Second pass: everything presented, and every real value too (the other kernel's).
$8 == "-" { next } # this machine as it is: no real value of its own to speak of
{
    for (k = 1; k <= kernels_n; k++) {
        kernel = order[k]
        if ($7 == "real" && release($6) == kernel)
            continue
        key = (kernel "-" $8) FS $7 FS $6
        if (!((kernel, $8, question()) in real)) {
            if (release($6) == kernel) # under its own kernel everything must have been asked
                missing[key]++
            continue
        }
        if (!(key in cells))
            titles[++titles_n] = key
        cells[key]++
        if (real[kernel, $8, question()] == $9)
            continue
        excuse = 0
        for (i = 1; i <= known_n && !excuse; i++)
            if (is_known(i))
                excuse = i
        if (excuse) {
            excused[key]++
            used[excuse]++
            continue
        }
        wrong[key]++
        if (!(key in first))
            first[key] = $1 " " $2 " jdk " $3 " " $4 " " $5 ": real '" \
                real[kernel, $8, question()] "', " $7 " '" $9 "'"
    }
}

END {
    printf "#\t%-12s %-10s %-12s %8s %8s %8s %8s\n", "real", "against", "host", "cells", "same",
        "known", "different"
    for (t = 1; t <= titles_n; t++) {
        split(titles[t], part, FS)
        key = titles[t]
        total += cells[key]
        printf "#\t%-12s %-10s %-12s %8d %8d %8d %8d\n", part[1], part[2], part[3], cells[key],
            cells[key] - wrong[key] - excused[key], excused[key], wrong[key]
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
