/* SPDX-License-Identifier: Apache-2.0 */
#include "module/module.h"

#include "base/mem.h"
#include "base/own.h"
#include "base/text.h"
#include "module/chk.h"
#include "module/elf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>

#define MAX_LINKS 16
#define MAX_MAPS_BYTES (16u << 20)

/* NSS's makefiles sign these and no others (NSS cmd/shlibsign/Makefile, CHECKLOC). */
static const struct {
    const char *name;
    bool signed_;
} modules[] = {
    {"libsoftokn3.so", true}, {"libfreebl3.so", true}, {"libfreeblpriv3.so", true},
    {"libnssdbm3.so", true},  {"libnss3.so", false},   {"libnssutil3.so", false},
};

/* The row of a file name, which may carry a version behind the usual name; -1: none. */
static int module_row(const char *basename)
{
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        size_t len = strlen(modules[i].name);

        if (strncmp(basename, modules[i].name, len) == 0 &&
            (basename[len] == '\0' || basename[len] == '.'))
            return (int)i;
    }
    return -1;
}

bool module_is_one(const char *basename)
{
    return module_row(basename) >= 0;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static char *cleaned(const char *s)
{
    return text_clean(s, strlen(s));
}

/* ---- the version --------------------------------------------------------------------------- */

/* The length of a version ("3.87.1") at p, at most len; 0 if there is none. */
static size_t version_len(const char *p, size_t len)
{
    size_t n = 0;
    unsigned dots = 0;

    while (n < len && n < 16) {
        bool dot = p[n] == '.';

        if (!(p[n] >= '0' && p[n] <= '9') && !(dot && n > 0 && p[n - 1] != '.'))
            break;
        dots += dot;
        n++;
    }
    if (n > 0 && p[n - 1] == '.') {
        dots--;
        n--;
    }
    return dots >= 1 && dots <= 3 ? n : 0;
}

static const char *find(const char *data, size_t len, const char *what)
{
    return memmem(data, len, what, strlen(what));
}

/* Printable text at p, at most len and 200 bytes, ended by something else. */
static char *printable(const char *p, size_t len)
{
    size_t n = 0;

    while (n < len && n < 200 && p[n] >= ' ' && p[n] <= '~')
        n++;
    while (n > 0 && p[n - 1] == ' ')
        n--;
    return n == 0 ? NULL : mem_dup(p, n);
}

/* "Version: NSS 3.87.1 Basic ECC": every library had it until link-time optimisation dropped it
 * (missing from Amazon's 3.90). */
static void read_version(const char *data, size_t len, struct module_file *out)
{
    const char *p = find(data, len, "Version: NSS ");
    size_t left, n;

    if (p == NULL)
        return;
    out->version_text = printable(p + strlen("Version: "),
                                  len - (size_t)(p - data) - strlen("Version: "));
    p += strlen("Version: NSS ");
    left = len - (size_t)(p - data);
    n = version_len(p, left);
    if (n > 0)
        out->nss_version = mem_dup(p, n);
}

/* Where the text begins that p is in the middle of: behind the NUL before it. */
static const char *text_start(const char *data, const char *p)
{
    while (p > data && p[-1] >= ' ' && p[-1] <= '~')
        p--;
    return p;
}

/* The validation object's text, a constant of libsoftokn3 (seen in Debian's 3.87 and 3.110 and in
 * Amazon's 3.90, where the loaded module says the same; not in 3.61): a vendor's NSS_FIPS_MODULE_ID
 * ends in the version and 16 hexadecimal digits, "Amazon Linux 2023 nss 3.90.0-3e9a8358c972db98";
 * without one it is "Generic NSS 3.87.1 Basic ECC Unvalidated". */
static void read_module_id(const char *data, size_t len, struct module_file *out)
{
    const char *generic = find(data, len, "Generic NSS 3.");

    for (const char *p = data;; p++) {
        size_t left = len - (size_t)(p - data), n;

        p = find(p, left, "nss 3.");
        if (p == NULL)
            break;
        left = len - (size_t)(p - data) - 4;
        n = version_len(p + 4, left);
        if (n > 0 && left > n + 16 && p[4 + n] == '-' &&
            strspn(p + 4 + n + 1, "0123456789abcdef") == 16) {
            const char *start = text_start(data, p);

            if (p - start > 100)
                start = p;
            out->file_module_id = printable(start, len - (size_t)(start - data));
            if (out->nss_version == NULL)
                out->nss_version = mem_dup(p + 4, n);
            return;
        }
    }
    if (generic != NULL)
        out->file_module_id = printable(generic, len - (size_t)(generic - data));
}

/* {"type":"rpm","name":"nss","version":"3.90.0-6.amzn2023.0.1",...} */
static void read_package(const char *note, struct module_file *out)
{
    json_t *json = json_loads(note, 0, NULL);
    const json_t *name = json_object_get(json, "name"), *version = json_object_get(json, "version");

    if (json_is_string(name) && json_is_string(version)) {
        const char *text = json_string_value(version);
        own_free char *all = mem_printf("%s %s", json_string_value(name), text);
        size_t n = version_len(text, strlen(text));

        out->package_note = cleaned(all);
        if (out->nss_version == NULL && n > 0 && strncmp(json_string_value(name), "nss", 3) == 0)
            out->nss_version = mem_dup(text, n);
    }
    json_decref(json);
}

/* ---- the check file ------------------------------------------------------------------------ */

/* NSS lib/freebl/shvfy.c, mkCheckFileName: ".so" at the end becomes ".chk"; else it is added. */
static char *chk_name(const char *path)
{
    size_t len = strlen(path);

    if (len > 3 && strcmp(path + len - 3, ".so") == 0)
        len -= 3;
    return mem_printf("%.*s.chk", (int)len, path);
}

/* What path points to, one link further; NULL: it is no link. */
static char *follow(const struct root *root, const char *path)
{
    own_free char *target = root_readlink(root, path);

    if (target == NULL)
        return NULL;
    if (*target == '/')
        return steal_ptr(&target);
    return mem_printf("%.*s%s", (int)(last_part(path) - path), path, target);
}

/* NSS looks beside the name it was loaded by, which may be a link: beside that first, then beside
 * what it points to. */
static int read_chk(const struct root *root, const char *library, struct buf *chk, char **path)
{
    own_free char *at = mem_str(library);
    int rc = -ENOENT;

    *path = NULL;
    for (int i = 0; at != NULL && i < MAX_LINKS && rc == -ENOENT; i++) {
        char *next = follow(root, at);

        free(*path);
        *path = chk_name(at);
        rc = root_read(root, *path, CHK_MAX_BYTES, chk);
        free(at);
        at = next;
    }
    return rc;
}

static void set_chk(struct module_file *out, enum chk_state state, char *detail)
{
    out->chk = state;
    free(out->chk_detail);
    out->chk_detail = detail;
}

static void examine_chk(const struct root *root, const char *path, const struct buf *library,
                        struct module_file *out)
{
    own_buf struct buf chk = {0};
    own_free char *chk_path = NULL;
    struct chk_answer answer = {0};
    int rc = read_chk(root, path, &chk, &chk_path);

    out->chk_path = cleaned(chk_path);
    switch (-rc) {
    case 0:
        chk_verify(chk.data, chk.len, library->data, library->len, &answer);
        out->chk_format = steal_ptr(&answer.format);
        set_chk(out, answer.state, steal_ptr(&answer.detail));
        chk_answer_free(&answer);
        return;
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
        set_chk(out, CHK_MISSING, mem_printf("there is no check file '%s'", out->chk_path));
        return;
    case EFBIG:
        set_chk(out, CHK_MALFORMED, mem_printf("the check file is longer than %d bytes; NSS's have "
                                               "less than 1500", CHK_MAX_BYTES));
        return;
    case EISDIR:
    case EINVAL:
        set_chk(out, CHK_MALFORMED, mem_str("the check file is no regular file"));
        return;
    default:
        set_chk(out, CHK_UNREADABLE,
                mem_printf("the check file could not be read: %s", strerror(-rc)));
    }
}

/* ---- the file itself ----------------------------------------------------------------------- */

/* How /proc/PID/maps names an open file: on overlayfs and btrfs not as stat does. */
static bool mapped_as(const struct root *root, int fd, dev_t *dev, ino_t *ino)
{
    own_buf struct buf maps = {0};
    void *page = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0); /* never touched */
    int rc;

    if (page == MAP_FAILED)
        return false;
    rc = root_read(root, "/proc/self/maps", MAX_MAPS_BYTES, &maps);
    munmap(page, 1);
    if (rc < 0)
        return false;
    for (const char *line = maps.data; *line != '\0';) {
        uintptr_t start;
        unsigned major_, minor_;
        unsigned long long inode;

        if (sscanf(line, "%" SCNxPTR "-%*x %*s %*x %x:%x %llu", &start, &major_, &minor_,
                   &inode) == 4 &&
            start == (uintptr_t)page) {
            *dev = makedev(major_, minor_);
            *ino = (ino_t)inode;
            return true;
        }
        line = strchrnul(line, '\n');
        line += *line == '\n';
    }
    return false;
}

static bool is_other_file(const struct root *root, int fd, const struct stat *st, dev_t dev,
                          ino_t ino)
{
    dev_t dev_now;
    ino_t ino_now;

    if (!root->live || (dev == 0 && ino == 0) || (st->st_dev == dev && st->st_ino == ino))
        return false;
    /* not known to be another one unless the kernel would name it differently */
    return mapped_as(root, fd, &dev_now, &ino_now) && (dev_now != dev || ino_now != ino);
}

/* Mode and owner of the file; root can change everything. */
static char *writers(const struct module_file *m, gid_t gid)
{
    struct buf out = {0};

    if (m->uid != 0)
        buf_printf(&out, "its owner, uid %lu", (unsigned long)m->uid);
    if (m->mode & S_IWGRP && gid != 0)
        buf_printf(&out, "%sgroup %lu", out.len > 0 ? "; " : "", (unsigned long)gid);
    if (m->mode & S_IWOTH)
        buf_printf(&out, "%severybody", out.len > 0 ? "; " : "");
    return out.len == 0 ? NULL : buf_steal(&out);
}

static int read_library(const struct root *root, const char *path, dev_t dev, ino_t ino,
                        struct buf *library, struct module_file *out)
{
    own_fd int fd = root_open(root, path, O_RDONLY | O_NONBLOCK);
    struct stat st;
    int rc;

    if (fd < 0)
        return fd;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode)) /* a FIFO or a device would hang or never end */
        return -EINVAL;
    out->mode = st.st_mode & 07777u;
    out->uid = st.st_uid;
    out->writable_by = writers(out, st.st_gid);
    out->changed = is_other_file(root, fd, &st, dev, ino);
    rc = buf_read(library, fd, MODULE_MAX_BYTES);
    out->size = library->len;
    return rc;
}

char *module_sha256(const void *data, size_t len)
{
    unsigned char digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx ctx;

    sha256_init(&ctx);
    sha256_update(&ctx, len, data);
    sha256_digest(&ctx, sizeof digest, digest);
    return text_hex(digest, sizeof digest);
}

static void match_build(const struct builds *builds, struct module_file *out)
{
    for (size_t i = 0; builds != NULL && i < builds->n; i++) {
        const struct build *b = &builds->items[i];

        if (b->sha256 == NULL || strcmp(b->sha256, out->sha256) != 0 ||
            module_row(b->file) != module_row(out->name))
            continue;
        out->known_build = mem_printf("%s (%s)", b->name, b->arch);
        out->known_source = mem_str(b->source);
        return;
    }
}

/* A string constant, which its NUL ends. */
static bool has_text(const struct buf *library, const char *text)
{
    return memmem(library->data, library->len, text, strlen(text) + 1) != NULL;
}

static void examine_contents(const struct buf *library, struct module_file *out)
{
    struct elf_facts elf;

    elf_read(library->data, library->len, &elf);
    out->machine = steal_ptr(&elf.machine);
    out->build_id = steal_ptr(&elf.build_id);
    if (elf.problem != NULL)
        out->problem = mem_str(elf.problem);
    out->soname = steal_ptr(&elf.soname);
    out->needed = elf.needed;
    elf.needed = (struct strings){0};
    out->search_path = elf.runpath != NULL ? steal_ptr(&elf.runpath) : steal_ptr(&elf.rpath);
    out->stripped = elf.problem != NULL ? -1 : elf.stripped;
    read_version(library->data, library->len, out);
    if (elf.package != NULL)
        read_package(elf.package, out);
    read_module_id(library->data, library->len, out);
    out->names_flag = has_text(library, "/proc/sys/crypto/fips_enabled");
    out->names_variable = has_text(library, "NSS_FIPS");
    elf_facts_free(&elf);
}

static char *why_unreadable(int rc)
{
    switch (rc) {
    case EFBIG:
        return mem_printf("it is longer than %u bytes", MODULE_MAX_BYTES);
    case EINVAL:
        return mem_str("it is no regular file");
    default:
        return mem_str(strerror(rc));
    }
}

static void name_it(const char *path, struct module_file *out)
{
    int row = module_row(last_part(path));

    *out = (struct module_file){.chk = CHK_NONE_EXPECTED, .stripped = -1,
                                .names_flag = -1, .names_variable = -1};
    out->path = cleaned(path);
    out->name = row >= 0 ? mem_str(modules[row].name) : cleaned(last_part(path));
}

void module_read(const char *path, const struct buf *bytes, struct module_file *out)
{
    name_it(path, out);
    out->size = bytes->len;
    out->sha256 = module_sha256(bytes->data, bytes->len);
    examine_contents(bytes, out);
}

void module_examine(const struct root *root, const char *path, dev_t dev, ino_t ino,
                    const struct builds *builds, struct module_file *out)
{
    own_buf struct buf library = {0};
    int row = module_row(last_part(path));
    bool signed_ = row >= 0 && modules[row].signed_;
    int rc;

    name_it(path, out);
    rc = read_library(root, path, dev, ino, &library, out);
    if (rc < 0) {
        out->problem = why_unreadable(-rc);
        if (signed_)
            set_chk(out, CHK_UNREADABLE, mem_str("the library itself could not be read"));
        return;
    }
    if (library.data == NULL)
        buf_puts(&library, "");
    out->sha256 = module_sha256(library.data, library.len);
    match_build(builds, out);
    examine_contents(&library, out);
    if (signed_)
        examine_chk(root, path, &library, out);
}
