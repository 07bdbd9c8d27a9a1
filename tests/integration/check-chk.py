# SPDX-License-Identifier: Apache-2.0
"""check-chk.py LIBRARY: does LIBRARY's .chk belong to it? Exit status 0 yes, 1 no.

A second implementation of what NSS does (lib/freebl/shvfy.c), to compare fipsprobe with. NSS's own
shlibsign is none: its -V signs the library anew and then verifies that.
"""
import hashlib
import sys


def items(data):
    while data:
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 + size:
            sys.exit("the .chk is cut short")
        yield data[4:4 + size]
        data = data[4 + size:]


def hmac_sha256(key, message):
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()


def dsa(p, q, g, y, signature, message):
    size = len(q.lstrip(b"\0"))
    digest = (hashlib.sha1 if size == 20 else hashlib.sha256)(message).digest()
    p, q, g, y, r, s, h = (int.from_bytes(x, "big") for x in (
        p, q, g, y, signature[:size], signature[size:], digest))
    if not (0 < r < q and 0 < s < q):
        return False
    w = pow(s, -1, q)
    return pow(g, h * w % q, p) * pow(y, r * w % q, p) % p % q == r


library = open(sys.argv[1], "rb").read()
try:
    chk = open(sys.argv[1].removesuffix(".so") + ".chk", "rb").read()
except FileNotFoundError as problem:
    sys.exit(str(problem))
if len(chk) < 12 or chk[:2] != b"\xf1\xc5":
    sys.exit("the .chk has another magic number")
version, offset = chk[2:4], int.from_bytes(chk[4:8], "big")
parts = list(items(chk[offset:]))
if version == b"\x02\x01" and len(parts) == 2:
    good = hmac_sha256(parts[0], library) == parts[1]
elif version == b"\x01\x02" and len(parts) == 5:
    good = dsa(*parts, library)
else:
    sys.exit("the .chk has another version or number of parts")
sys.exit(0 if good else "the .chk is not of this library")
