# SPDX-License-Identifier: Apache-2.0
# witness.awk: what `pkcs11-tool -M` says, and what fipsprobe says, in one form, to be compared:
# number, smallest and largest key, flags as one number. -v form=tool or form=report (lines of
# NAME MIN MAX FLAG...). The first file is the numbers of the headers (NAME NUMBER).

function number(hex,    n, i) { # of 0x...
    n = 0
    hex = tolower(substr(hex, 3))
    for (i = 1; i <= length(hex); i++)
        n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return n
}
function flag(word) {
    if (word ~ /^0x/)
        return number(word)
    if (!(word in flags)) {
        print "a flag that is not known here: " word
        exit 1
    }
    return flags[word]
}
BEGIN { # PKCS#11 3.0, pkcs11t.h; pkcs11-tool has _ where fipsprobe has -
    split("hw 0x1 hardware 0x1 message-encrypt 0x2 message-decrypt 0x4 message-sign 0x8 " \
        "message-verify 0x10 multi-message 0x20 find-objects 0x40 encrypt 0x100 decrypt 0x200 " \
        "digest 0x400 sign 0x800 sign-recover 0x1000 verify 0x2000 verify-recover 0x4000 " \
        "generate 0x8000 generate-key-pair 0x10000 wrap 0x20000 unwrap 0x40000 derive 0x80000 " \
        "ec-f-p 0x100000 ec-f-2m 0x200000 ec-parameters 0x400000 ec-ecparameters 0x400000 " \
        "ec-oid 0x800000 ec-namedcurve 0x800000 ec-uncompressed 0x1000000 " \
        "ec-compressed 0x2000000 ec-curvename 0x4000000 encapsulate 0x10000000 " \
        "decapsulate 0x20000000", words, " ")
    for (i = 1; i in words; i += 2)
        flags[words[i]] = number(words[i + 1])
}
FNR == NR { numbers[$1] = $2; next }
form == "tool" && /^  [^ ]/ {
    line = substr($0, 3)
    n = split(line, parts, /, /)
    name = parts[1]
    if (name ~ /^mechtype-/)
        id = tolower(substr(name, 10))
    else {
        gsub(/-/, "_", name)
        id = name in aliases ? numbers["CKM_" aliases[name]] : numbers["CKM_" name]
        if (id == "")
            id = "no number for " name
    }
    min = max = sum = 0
    for (i = 2; i <= n; i++) {
        part = parts[i]
        if (part ~ /^keySize=/) {
            gsub(/keySize=|[{}]/, "", part)
            m = split(part, sizes, ",")
            min = sizes[1] + 0
            max = (m > 1 ? sizes[2] : sizes[1]) + 0
        } else if (part ~ /^other flags=/)
            sum += flag(substr(part, 13))
        else {
            part = tolower(part)
            gsub(/[ _]/, "-", part)
            sum += flag(part)
        }
    }
    print id, min, max, sum
}
BEGIN { # where pkcs11-tool's names are not the headers'
    aliases["SHA_1"] = "SHA_1"
    aliases["ECDSA_KEY_PAIR_GEN"] = "EC_KEY_PAIR_GEN"
}
form == "report" {
    sum = 0
    for (i = 4; i <= NF; i++)
        sum += flag($i)
    # fipsprobe prints what no name is for in hexadecimal
    print ($1 in numbers ? numbers[$1] : tolower($1)), $2 + 0, $3 + 0, sum
}
