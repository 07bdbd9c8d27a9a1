/* SPDX-License-Identifier: Apache-2.0
 *
 * chk-damage.c LIBRARY CHECK-FILE: a real library and its real check file, and then every byte of the
 * check file changed in turn, and every truncation of it: never verified, and always a message that
 * says what is wrong there. Exit status 0 when it is so.
 */
#include "base/buf.h"
#include "base/own.h"
#include "module/chk.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static struct buf library, chk;
static unsigned long n_tried, n_wrong;

static void slurp(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    char block[65536];
    size_t n;

    if (f == NULL) {
        perror(path);
        exit(1);
    }
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        buf_add(out, block, n);
    fclose(f);
}

/* What may be said of a change at an offset: of the header, of an item's length, of its contents. */
static const char *const of_header[12][4] = {
    {"it begins with"}, {"it begins with"}, /* magic */
    {"of the format"}, {"of the format"},   /* major, minor */
    {"should begin at"}, {"should begin at"}, {"should begin at", "cut off"},
    {"should begin at", "cut off", "behind its end", "is none of NSS's"}, /* offset */
    {"type", "of the format"}, {"type"}, {"type"}, {"type", "was changed", "bytes and not", "of the format"},
};
static const char *const of_length[] = {"cut off", "behind its end", "bytes and not",
                                        "is none of NSS's", "NSS takes none below",
                                        "are no DSA key"};
static const char *const of_contents[] = {"was changed", "are no DSA key", "is none of NSS's"};
static const char *const of_truncation[] = {"cut off", "is empty", "should begin at"};

static bool says(const char *detail, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n && texts[i] != NULL; i++)
        if (strstr(detail, texts[i]) != NULL)
            return true;
    return false;
}

static bool printable(const char *s)
{
    for (; *s != '\0'; s++)
        if (!isprint((unsigned char)*s))
            return false;
    return true;
}

static void try(const void *data, size_t len, const char *const *texts, size_t n, const char *what,
                size_t at)
{
    struct chk_answer answer;

    chk_verify(data, len, library.data, library.len, &answer);
    n_tried++;
    if (answer.state == CHK_VERIFIED || answer.detail == NULL || !printable(answer.detail) ||
        !says(answer.detail, texts, n)) {
        n_wrong++;
        printf("%s %zu: %s: %s\n", what, at, answer.state == CHK_VERIFIED ? "VERIFIED" : "not so",
               answer.detail == NULL ? "" : answer.detail);
    }
    chk_answer_free(&answer);
}

/* Is the byte one of the four of an item's length? */
static bool in_length(size_t at)
{
    const unsigned char *p = (const unsigned char *)chk.data;
    size_t item = 12;

    while (item + 4 <= chk.len) {
        size_t len = (size_t)p[item] << 24 | (size_t)p[item + 1] << 16 | (size_t)p[item + 2] << 8 |
                     p[item + 3];

        if (at < item + 4)
            return at >= item;
        item += 4 + len;
    }
    return false;
}

static void change(size_t at, unsigned char by)
{
    own_free char *copy = mem_dup(chk.data, chk.len);

    copy[at] = (char)((unsigned char)copy[at] ^ by);
    if (at < 12)
        try(copy, chk.len, of_header[at], 4, "byte", at);
    else if (in_length(at))
        try(copy, chk.len, of_length, sizeof of_length / sizeof *of_length, "length", at);
    else
        try(copy, chk.len, of_contents, sizeof of_contents / sizeof *of_contents, "contents", at);
}

int main(int argc, char **argv)
{
    static const unsigned char by[] = {0x01, 0x80, 0xff};
    struct chk_answer answer;

    if (argc != 3)
        return 1;
    slurp(argv[1], &library);
    slurp(argv[2], &chk);
    chk_verify(chk.data, chk.len, library.data, library.len, &answer);
    if (answer.state != CHK_VERIFIED) {
        printf("the check file itself is not verified: %s\n", answer.detail);
        return 1;
    }
    printf("%s, %zu bytes: ", answer.format, chk.len);
    chk_answer_free(&answer);
    for (size_t i = 0; i < chk.len; i++) {
        own_free char *cut = mem_dup(chk.data, i); /* of that size: a reader beyond it is seen */

        for (size_t k = 0; k < sizeof by; k++)
            change(i, by[k]);
        try(cut, i, of_truncation, sizeof of_truncation / sizeof *of_truncation, "cut to", i);
    }
    printf("%lu damages, %lu of them not told as they should be\n", n_tried, n_wrong);
    buf_free(&library);
    buf_free(&chk);
    return n_wrong == 0 ? 0 : 1;
}
