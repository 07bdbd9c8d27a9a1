# SPDX-License-Identifier: Apache-2.0
# constants.awk: the CKM_, CKK_ ... names of the NSS headers as rows of constants.c. Input: the
# headers through the compiler's -E -dD, which leaves the active #defines in their order. Output:
# one row a name, unsorted; the make rule sorts. A row is the name, its number, and its rank when
# several names have one number: 0 for a name that is only another name's alias
# (CKM_NETSCAPE_...), else its place in the headers, which put the deprecated spelling of a
# number before the current one (CKK_ECDSA, CKK_EC).
$1 == "#define" && $2 ~ /^CK[MKRGDOP]_[A-Z0-9_]+$/ && NF >= 3 {
    rank = NF == 3 && $3 ~ /^CK[A-Z]_[A-Z0-9_]+$/ ? 0 : NR
    value = $0
    sub(/^#define[ \t]+[A-Z0-9_]+[ \t]+/, "", value)
    row[$2] = "{\"" $2 "\", (unsigned long)(" value "), " rank "},"
}
END {
    for (name in row)
        print row[name]
}
