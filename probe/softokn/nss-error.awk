# SPDX-License-Identifier: Apache-2.0
# nss-error.awk: the SEC_ERROR_ and PR_..._ERROR names of the NSS and NSPR headers as rows of
# nss-error.c. Input: the headers through the compiler's -E -dD. Output: one row a name.
{
    line = $0
    while (match(line, /SEC_ERROR_[A-Z0-9_]+[ \t]*=/)) {
        name = substr(line, RSTART, RLENGTH)
        sub(/[ \t]*=$/, "", name)
        row[name] = 1
        line = substr(line, RSTART + RLENGTH)
    }
}
$1 == "#define" && $2 ~ /^PR_[A-Z0-9_]+_ERROR$/ && $3 ~ /^\(-[0-9]+L\)$/ {
    row[$2] = 1
}
END {
    for (name in row)
        if (name !~ /_(BASE|LIMIT|MAX)_?(ERROR)?$/)
            print "{\"" name "\", " name "},"
}
