/* SPDX-License-Identifier: Apache-2.0 */
#include "module/chk.h"

#include "base/mem.h"

#include <gmp.h>
#include <nettle/dsa.h>
#include <nettle/hmac.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The file (NSS lib/freebl/shsign.h, struct NSSSignChkHeaderStr; numbers are big-endian):
 *     0  f1 c5       magic
 *     2  major, minor
 *     4  offset      where the items begin
 *     8  type        1 (CKK_DSA), or 0x80000000 | number of a hash (HMAC)
 * then items, each a length of four bytes and that many bytes:
 *     DSA   prime, subprime, base, public value, signature (r and s)
 *     HMAC  key, value */
#define HEADER_LEN 12
#define TYPE_DSA 1u
#define TYPE_FLAGS 0xff000000u
#define TYPE_HMAC 0x80000000u

/* What shlibsign writes: 1.2 up to NSS 3.87 and with its option -c, 2.1 since 3.88. NSS itself
 * takes any major number up to its own and any minor number from its own on; a file with other
 * numbers was not written by a known NSS. */
static const struct {
    unsigned char major, minor;
    bool hmac;
} versions[] = {{1, 2, false}, {2, 1, false}, {2, 1, true}};

/* NSS lib/util/hasht.h, HASH_HashType. MD2 and MD5 are not taken for an integrity check. */
static const struct hash_row {
    uint32_t type;
    const char *name;
    const struct nettle_hash *hash;
} hashes[] = {
    {3, "SHA-1", &nettle_sha1},     {4, "SHA-256", &nettle_sha256}, {5, "SHA-384", &nettle_sha384},
    {6, "SHA-512", &nettle_sha512}, {7, "SHA-224", &nettle_sha224},
};

/* NSS lib/freebl/pqg.c: sizes by pqg_validate_dsa2, the hash by getFirstHash. */
static const struct dsa_row {
    unsigned p_bits, q_bits;
    uint32_t hash_type;
} dsa_sizes[] = {{1024, 160, 3}, {2048, 224, 7}, {2048, 256, 4}, {3072, 256, 4}};

union hash_ctx {
    struct sha1_ctx sha1;
    struct sha256_ctx sha256; /* and SHA-224 */
    struct sha512_ctx sha512; /* and SHA-384 */
};

struct item {
    const unsigned char *data;
    size_t len;
};

struct reader {
    const unsigned char *data;
    size_t len, at;
};

static void say(struct chk_answer *out, enum chk_state state, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void say(struct chk_answer *out, enum chk_state state, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    out->state = state;
    free(out->detail);
    out->detail = mem_vprintf(fmt, ap);
    va_end(ap);
}

static uint32_t number_at(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static const struct hash_row *hash_of(uint32_t type)
{
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        if (hashes[i].type == type)
            return &hashes[i];
    return NULL;
}

static bool read_item(struct reader *r, const char *what, struct item *out, struct chk_answer *say_to)
{
    uint32_t len;

    if (r->len - r->at < 4) {
        say(say_to, CHK_MALFORMED, "the check file is %zu bytes long, cut off before its %s", r->len,
            what);
        return false;
    }
    len = number_at(r->data + r->at);
    if (len > r->len - r->at - 4) {
        say(say_to, CHK_MALFORMED,
            "the check file is %zu bytes long, cut off in its %s, which should have %lu", r->len,
            what, (unsigned long)len);
        return false;
    }
    out->data = r->data + r->at + 4;
    out->len = len;
    r->at += 4 + (size_t)len;
    return true;
}

static bool at_end(const struct reader *r, struct chk_answer *out)
{
    if (r->at == r->len)
        return true;
    say(out, CHK_MALFORMED, "the check file has %zu bytes behind its end, which NSS does not read",
        r->len - r->at);
    return false;
}

/* ---- HMAC ---------------------------------------------------------------------------------- */

static void verify_hmac(struct reader *r, uint32_t type, const void *lib, size_t lib_len,
                        struct chk_answer *out)
{
    const struct hash_row *row = hash_of(type & ~TYPE_FLAGS);
    union hash_ctx outer, inner, state;
    unsigned char value[SHA512_DIGEST_SIZE];
    struct item key, wanted;

    if (row == NULL) {
        say(out, CHK_MALFORMED, "the check file's type %#lx names no hash of NSS's",
            (unsigned long)type);
        return;
    }
    free(out->format);
    out->format = mem_printf("2.1 HMAC-%s", row->name);
    if (!read_item(r, "HMAC key", &key, out) || !read_item(r, "HMAC", &wanted, out) ||
        !at_end(r, out))
        return;
    if (key.len < row->hash->digest_size / 2) { /* NSS lib/freebl/alghmac.c, HMAC_Init with isFIPS */
        say(out, CHK_MALFORMED, "the HMAC key has %zu bytes; NSS takes none below %u", key.len,
            row->hash->digest_size / 2);
        return;
    }
    if (wanted.len != row->hash->digest_size) {
        say(out, CHK_MALFORMED, "the HMAC has %zu bytes and not %u", wanted.len,
            row->hash->digest_size);
        return;
    }
    hmac_set_key(&outer, &inner, &state, row->hash, key.len, key.data);
    hmac_update(&state, row->hash, lib_len, lib);
    hmac_digest(&outer, &inner, &state, row->hash, wanted.len, value);
    if (memcmp(value, wanted.data, wanted.len) != 0) {
        say(out, CHK_MISMATCH, "the library or its check file was changed: the HMAC differs");
        return;
    }
    out->state = CHK_VERIFIED;
}

/* ---- DSA ----------------------------------------------------------------------------------- */

struct dsa_check {
    struct dsa_params params;
    mpz_t y;
    struct dsa_signature signature;
};

static void dsa_check_init(struct dsa_check *c)
{
    dsa_params_init(&c->params);
    mpz_init(c->y);
    dsa_signature_init(&c->signature);
}

static void dsa_check_clear(struct dsa_check *c)
{
    dsa_params_clear(&c->params);
    mpz_clear(c->y);
    dsa_signature_clear(&c->signature);
}

static void import(mpz_t to, const unsigned char *data, size_t len)
{
    mpz_import(to, len, 1, 1, 1, 0, data);
}

/* NSS lib/freebl/pqg.c, PQG_GetLength: one leading zero does not count. */
static size_t significant(const struct item *item)
{
    return item->len > 1 && item->data[0] == 0 ? item->len - 1 : item->len;
}

static const struct dsa_row *dsa_row_of(const struct item *p, const struct item *q)
{
    for (size_t i = 0; i < sizeof dsa_sizes / sizeof *dsa_sizes; i++)
        if (significant(p) * 8 == dsa_sizes[i].p_bits && significant(q) * 8 == dsa_sizes[i].q_bits)
            return &dsa_sizes[i];
    return NULL;
}

static bool between(const mpz_t value, const mpz_t limit)
{
    return mpz_cmp_ui(value, 1) > 0 && mpz_cmp(value, limit) < 0;
}

enum { ITEM_P, ITEM_Q, ITEM_G, ITEM_Y, ITEM_SIGNATURE, ITEM_MAX };

/* False: the numbers cannot be a key, whatever was signed. An even modulus is kept from GMP. */
static bool dsa_load(struct dsa_check *c, const struct item *items)
{
    size_t half = items[ITEM_SIGNATURE].len / 2;

    import(c->params.p, items[ITEM_P].data, items[ITEM_P].len);
    import(c->params.q, items[ITEM_Q].data, items[ITEM_Q].len);
    import(c->params.g, items[ITEM_G].data, items[ITEM_G].len);
    import(c->y, items[ITEM_Y].data, items[ITEM_Y].len);
    import(c->signature.r, items[ITEM_SIGNATURE].data, half);
    import(c->signature.s, items[ITEM_SIGNATURE].data + half, half);
    return mpz_odd_p(c->params.p) && mpz_odd_p(c->params.q) && between(c->params.q, c->params.p) &&
           between(c->params.g, c->params.p) && between(c->y, c->params.p);
}

static void dsa_compute(const struct item *items, const struct hash_row *row, const void *lib,
                        size_t lib_len, struct chk_answer *out)
{
    unsigned char digest[SHA512_DIGEST_SIZE];
    union hash_ctx ctx;
    struct dsa_check c;

    dsa_check_init(&c);
    row->hash->init(&ctx);
    row->hash->update(&ctx, lib_len, lib);
    row->hash->digest(&ctx, row->hash->digest_size, digest);
    if (!dsa_load(&c, items))
        say(out, CHK_MALFORMED, "the numbers in the check file are no DSA key");
    else if (!dsa_verify(&c.params, c.y, row->hash->digest_size, digest, &c.signature))
        say(out, CHK_MISMATCH, "the library or its check file was changed: "
                               "the DSA signature does not fit");
    else
        out->state = CHK_VERIFIED;
    dsa_check_clear(&c);
}

static void verify_dsa(struct reader *r, const void *lib, size_t lib_len, struct chk_answer *out)
{
    static const char *const names[ITEM_MAX] = {"DSA prime", "DSA subprime", "DSA base",
                                                "DSA public value", "DSA signature"};
    struct item items[ITEM_MAX];
    const struct dsa_row *sizes;
    const struct hash_row *row;

    for (int i = 0; i < ITEM_MAX; i++)
        if (!read_item(r, names[i], &items[i], out))
            return;
    if (!at_end(r, out))
        return;
    sizes = dsa_row_of(&items[ITEM_P], &items[ITEM_Q]);
    if (sizes == NULL) {
        say(out, CHK_MALFORMED, "DSA with a prime of %zu and a subprime of %zu bits is none of NSS's",
            significant(&items[ITEM_P]) * 8, significant(&items[ITEM_Q]) * 8);
        return;
    }
    row = hash_of(sizes->hash_type);
    free(out->format);
    out->format = mem_printf("%u.%u DSA-%u over %s", r->data[2], r->data[3], sizes->p_bits, row->name);
    if (significant(&items[ITEM_G]) * 8 > sizes->p_bits ||
        significant(&items[ITEM_Y]) * 8 > sizes->p_bits) {
        say(out, CHK_MALFORMED, "the numbers in the check file are no DSA key");
        return;
    }
    if (items[ITEM_SIGNATURE].len != sizes->q_bits / 4) {
        say(out, CHK_MALFORMED, "the DSA signature has %zu bytes and not %u",
            items[ITEM_SIGNATURE].len, sizes->q_bits / 4);
        return;
    }
    dsa_compute(items, row, lib, lib_len, out);
}

/* ---- both ---------------------------------------------------------------------------------- */

static bool version_is_known(const unsigned char *header, bool hmac)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (header[2] == versions[i].major && header[3] == versions[i].minor &&
            hmac == versions[i].hmac)
            return true;
    return false;
}

void chk_verify(const void *chk, size_t chk_len, const void *lib, size_t lib_len,
                struct chk_answer *out)
{
    struct reader r = {chk, chk_len, 0};
    uint32_t offset, type;
    bool hmac;

    *out = (struct chk_answer){.state = CHK_MALFORMED};
    if (chk_len == 0) {
        say(out, CHK_MALFORMED, "the check file is empty");
        return;
    }
    if (chk_len < HEADER_LEN) {
        say(out, CHK_MALFORMED, "the check file is %zu bytes long, cut off in its header", chk_len);
        return;
    }
    if (r.data[0] != 0xf1 || r.data[1] != 0xc5) {
        say(out, CHK_MALFORMED, "this is no check file of NSS's: it begins with %02x %02x and not "
                                "with f1 c5", r.data[0], r.data[1]);
        return;
    }
    offset = number_at(r.data + 4);
    type = number_at(r.data + 8);
    hmac = (type & TYPE_FLAGS) == TYPE_HMAC;
    if (!hmac && type != TYPE_DSA) {
        say(out, CHK_MALFORMED, "the check file's type %#lx is neither DSA nor HMAC",
            (unsigned long)type);
        return;
    }
    out->format = mem_printf("%u.%u %s", r.data[2], r.data[3], hmac ? "HMAC" : "DSA");
    if (!version_is_known(r.data, hmac)) {
        say(out, CHK_MALFORMED, "the check file is of the format %s, which no known NSS writes",
            out->format);
        return;
    }
    if (offset < HEADER_LEN || offset > chk_len) {
        say(out, CHK_MALFORMED, "the check file is %zu bytes long, its contents should begin at %lu",
            chk_len, (unsigned long)offset);
        return;
    }
    r.at = offset;
    if (hmac)
        verify_hmac(&r, type, lib, lib_len, out);
    else
        verify_dsa(&r, lib, lib_len, out);
}

void chk_answer_free(struct chk_answer *answer)
{
    free(answer->format);
    free(answer->detail);
    *answer = (struct chk_answer){0};
}
