/* SPDX-License-Identifier: Apache-2.0 */
#include "chk-made.h"

#include "base/mem.h"
#include "base/own.h"

#include "unit.h"

#include <gmp.h>
#include <nettle/dsa.h>
#include <nettle/hmac.h>
#include <nettle/knuth-lfib.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <string.h>

unsigned char library[LIBRARY_LEN];

void fill_library(void)
{
    for (size_t i = 0; i < sizeof library; i++)
        library[i] = (unsigned char)(i * 7);
}

static void put_number(struct buf *b, size_t n)
{
    const unsigned char be[] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16),
                                (unsigned char)(n >> 8), (unsigned char)n};

    buf_add(b, be, sizeof be);
}

void put_header(struct buf *b, unsigned char major, unsigned char minor, size_t type)
{
    const unsigned char magic[] = {0xf1, 0xc5, major, minor};

    buf_add(b, magic, sizeof magic);
    put_number(b, 12);
    put_number(b, type);
}

void put_item(struct buf *b, const void *data, size_t len)
{
    put_number(b, len);
    buf_add(b, data, len);
}

/* NSS writes its DSA numbers with a leading zero where the first bit is set. */
static void put_mpz(struct buf *b, const mpz_t value)
{
    size_t len = mpz_sizeinbase(value, 2) / 8 + 1;
    own_free unsigned char *bytes = mem_zero(len, 1);
    size_t got = (mpz_sizeinbase(value, 2) + 7) / 8;

    mpz_export(bytes + (len - got), NULL, 1, 1, 1, 0, value);
    put_item(b, bytes, len);
}

static void put_half(unsigned char *at, size_t len, const mpz_t value)
{
    size_t got = (mpz_sizeinbase(value, 2) + 7) / 8;

    memset(at, 0, len);
    mpz_export(at + (len - got), NULL, 1, 1, 1, 0, value);
}

void hmac_chk(struct buf *chk, size_t key_len)
{
    unsigned char key[64], value[SHA256_DIGEST_SIZE];
    struct hmac_sha256_ctx ctx;

    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)(i + 1);
    hmac_sha256_set_key(&ctx, key_len, key);
    hmac_sha256_update(&ctx, sizeof library, library);
    hmac_sha256_digest(&ctx, sizeof value, value);
    put_header(chk, 2, 1, 0x80000004);
    put_item(chk, key, key_len);
    put_item(chk, value, sizeof value);
}

/* A key of DSA-1024 (and SHA-1) takes a moment to make: one serves all tests. knuth_lfib is no
 * good source of randomness, and gives the same key every time. */
void dsa_chk(struct buf *chk)
{
    unsigned char digest[SHA1_DIGEST_SIZE], signature[40];
    struct knuth_lfib_ctx random;
    struct dsa_signature rs;
    struct dsa_params params;
    struct sha1_ctx sha1;
    mpz_t x, y;

    knuth_lfib_init(&random, 4711);
    dsa_params_init(&params);
    dsa_signature_init(&rs);
    mpz_inits(x, y, NULL);
    ck_assert(dsa_generate_params(&params, &random, (nettle_random_func *)knuth_lfib_random, NULL,
                                  NULL, 1024, 160));
    dsa_generate_keypair(&params, y, x, &random, (nettle_random_func *)knuth_lfib_random);
    sha1_init(&sha1);
    sha1_update(&sha1, sizeof library, library);
    sha1_digest(&sha1, sizeof digest, digest);
    ck_assert(dsa_sign(&params, x, &random, (nettle_random_func *)knuth_lfib_random, sizeof digest,
                       digest, &rs));
    put_half(signature, 20, rs.r);
    put_half(signature + 20, 20, rs.s);
    put_header(chk, 1, 2, 1);
    put_mpz(chk, params.p);
    put_mpz(chk, params.q);
    put_mpz(chk, params.g);
    put_mpz(chk, y);
    put_item(chk, signature, sizeof signature);
    mpz_clears(x, y, NULL);
    dsa_signature_clear(&rs);
    dsa_params_clear(&params);
}
