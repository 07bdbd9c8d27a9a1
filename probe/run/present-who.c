/* SPDX-License-Identifier: Apache-2.0 */
#include "run/present-who.h"

#include <jansson.h> /* before own.h */

#include "base/buf.h"
#include "base/own.h"
#include "base/text.h"
#include "run/present-memory.h"
#include "run/present.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_READERS 256
#define MAX_LIBRARIES 32
#define MAX_FILES 1024
#define MAX_MAPS ((size_t)4 << 20)      /* bytes of /proc/PID/maps */
#define MAX_FILE ((off_t)256 << 20)     /* no library is longer */
#define STACK ((size_t)16 << 10)

/* ---- the mapped code ------------------------------------------------------------------------- */

struct region {
    uint64_t start, end, ino;
    char *path;
    bool names; /* the path of the flag stands in the file */
};

struct regions {
    struct region *items;
    size_t n;
};

static void regions_free(struct regions *r)
{
    for (size_t i = 0; i < r->n; i++)
        free(r->items[i].path);
    free(r->items);
}
#define own_regions __attribute__((cleanup(regions_free)))

static void read_text(const char *path, size_t max, struct buf *out)
{
    own_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    char chunk[16384];
    ssize_t n;

    buf_puts(out, "");
    while (fd >= 0 && out->len < max && (n = read(fd, chunk, sizeof chunk)) > 0)
        buf_add(out, chunk, (size_t)n);
}

/* proc(5): "start-end perms offset dev inode path". */
static void add_region(char *line, struct regions *out)
{
    char *end, *path = strchr(line, '/');
    uint64_t start = strtoull(line, &end, 16), stop, ino;
    struct region *r;

    if (path == NULL || *end != '-')
        return;
    stop = strtoull(end + 1, &end, 16);
    if (strlen(end) < 5 || end[3] != 'x')
        return;
    for (int blanks = 0; blanks < 3 && end != NULL; blanks++) /* to the blank before the inode */
        end = strchr(end + 1, ' ');
    if (end == NULL || end > path)
        return;
    ino = strtoull(end, NULL, 10);
    r = mem_push(out);
    *r = (struct region){start, stop, ino, mem_str(path), false};
}

static void read_regions(pid_t pid, struct regions *out)
{
    own_free char *path = mem_printf("/proc/%d/maps", (int)pid);
    own_buf struct buf text = {0};
    char *rest = NULL;

    *out = (struct regions){0};
    read_text(path, MAX_MAPS, &text);
    for (char *line = strtok_r(text.data, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        add_region(line, out);
}

/* ---- files that name the flag ---------------------------------------------------------------- */

static bool holds_name(int fd, off_t size)
{
    static const char name[] = PRESENT_PATH;
    static char chunk[262144];
    size_t kept = 0;
    off_t done = 0;

    while (done < size) {
        ssize_t n = pread(fd, chunk + kept, sizeof chunk - kept, done);
        size_t len;

        if (n <= 0)
            return false;
        done += n;
        len = kept + (size_t)n;
        if (memmem(chunk, len, name, sizeof name - 1) != NULL)
            return true;
        kept = len < sizeof name ? len : sizeof name - 1;
        memmove(chunk, chunk + len - kept, kept);
    }
    return false;
}

static bool names_flag(struct who *w, pid_t pid, const struct region *r)
{
    own_free char *path = mem_printf("/proc/%d/root%s", (int)pid, r->path);
    own_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct who_file *f;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_ino != r->ino ||
        st.st_size > MAX_FILE)
        return false;
    for (size_t i = 0; i < w->files.n; i++)
        if (w->files.items[i].dev == st.st_dev && w->files.items[i].ino == st.st_ino)
            return w->files.items[i].names;
    if (w->files.n >= MAX_FILES)
        return false;
    f = mem_push(&w->files);
    *f = (struct who_file){st.st_dev, st.st_ino, holds_name(fd, st.st_size)};
    return f->names;
}

/* ---- the stack ------------------------------------------------------------------------------- */

static const struct region *region_of(const struct regions *all, uint64_t address)
{
    for (size_t i = 0; i < all->n; i++)
        if (address >= all->items[i].start && address < all->items[i].end)
            return &all->items[i];
    return NULL;
}

/* Everybody opens files through these. */
static bool is_libc(const char *path)
{
    static const char *const patterns[] = {"*/libc.so*", "*/libc-[0-9]*", "*/ld-*.so*",
                                           "*/libpthread*", "*/ld.so*", "*/libc.musl*"};

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (text_match(patterns[i], path))
            return true;
    return false;
}

/* Where the thread's stack stands in the call that it waits in (proc(5), /proc/PID/syscall):
 * number, six arguments, stack pointer, program counter. */
static bool stack_pointer(pid_t thread, uint64_t *sp, uint64_t *pc)
{
    own_free char *path = mem_printf("/proc/%d/syscall", (int)thread);
    own_buf struct buf text = {0};
    char *at;

    read_text(path, 512, &text);
    at = strrchr(text.data, ' ');
    if (at == NULL)
        return false;
    *pc = strtoull(at, NULL, 16);
    while (at > text.data && at[-1] != ' ')
        at--;
    *sp = strtoull(at, NULL, 16);
    return *sp != 0;
}

/* The code nearest to the call: of the first word from the stack pointer up that points into a file
 * which names the flag, or else into any but the C library's. Frame pointers are not to be relied
 * on, and what is left of earlier calls looks the same. NULL: not known. */
static const struct region *nearest_caller(pid_t thread, const struct regions *all)
{
    static uint64_t words[STACK / sizeof(uint64_t)];
    const uint32_t *halves = (const uint32_t *)words;
    const struct region *first = NULL, *r;
    uint64_t sp, pc;
    bool narrow;
    size_t width;
    ssize_t n;

    if (!stack_pointer(thread, &sp, &pc))
        return NULL;
    r = region_of(all, pc);
    if (r != NULL && !is_libc(r->path))
        return r;
    narrow = sp <= UINT32_MAX; /* a program of 32 bits */
    width = narrow ? sizeof *halves : sizeof *words;
    n = present_memory(thread, sp, words, sizeof words, false);
    for (size_t i = 0; n > 0 && (i + 1) * width <= (size_t)n; i++) {
        r = region_of(all, narrow ? halves[i] : words[i]);
        if (r == NULL || is_libc(r->path))
            continue;
        if (r->names)
            return r;
        if (first == NULL)
            first = r;
    }
    return first;
}

/* ---- readers --------------------------------------------------------------------------------- */

static pid_t process_of(pid_t thread)
{
    own_free char *path = mem_printf("/proc/%d/status", (int)thread);
    own_buf struct buf text = {0};
    const char *at;

    read_text(path, 8192, &text);
    at = strstr(text.data, "\nTgid:");
    return at == NULL ? thread : (pid_t)strtol(at + 6, NULL, 10);
}

static char *program_of(pid_t pid)
{
    own_free char *link = mem_printf("/proc/%d/exe", (int)pid);
    char path[PATH_MAX];
    ssize_t n = readlink(link, path, sizeof path);

    return n < 0 ? mem_str("?") : text_clean(path, (size_t)n);
}

static struct who_reader *reader_of(struct who *w, const char *program, int value)
{
    struct who_reader *r;

    for (size_t i = 0; i < w->readers.n; i++) {
        r = &w->readers.items[i];
        if (strcmp(r->program, program) != 0)
            continue;
        if (r->value == value || value < 0)
            return r;
        if (r->value < 0) { /* it had only looked until now */
            r->value = value;
            return r;
        }
    }
    if (w->readers.n >= MAX_READERS)
        return NULL;
    r = mem_push(&w->readers);
    r->program = mem_str(program);
    r->value = value;
    return r;
}

static void note_process(struct who_reader *r, pid_t pid)
{
    if (r->processes > 0 && r->last == pid)
        return;
    for (size_t i = 0; i < WHO_PIDS && i < r->processes; i++)
        if (r->pids[i] == pid)
            return;
    if (r->processes < WHO_PIDS)
        r->pids[r->processes] = pid;
    r->processes++;
    r->last = pid;
}

static struct who_library *library_of(struct who_reader *r, const char *path)
{
    own_free char *clean = text_clean(path, strlen(path));
    struct who_library *l;

    for (size_t i = 0; i < r->libraries.n; i++)
        if (strcmp(r->libraries.items[i].path, clean) == 0)
            return &r->libraries.items[i];
    if (r->libraries.n >= MAX_LIBRARIES)
        return NULL;
    l = mem_push(&r->libraries);
    l->path = steal_ptr(&clean);
    return l;
}

static void note_libraries(struct who *w, struct who_reader *r, pid_t thread, pid_t pid)
{
    own_regions struct regions all = {0};
    const struct region *near;
    struct who_library *l;

    read_regions(pid, &all);
    for (size_t i = 0; i < all.n; i++)
        all.items[i].names = names_flag(w, pid, &all.items[i]);
    near = nearest_caller(thread, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (!all.items[i].names && near != &all.items[i])
            continue;
        l = library_of(r, all.items[i].path);
        if (l == NULL)
            break;
        l->names_the_flag = l->names_the_flag || all.items[i].names;
        l->calls += near == &all.items[i];
    }
}

void who_seen(void *arg, pid_t thread, const char *call, int value)
{
    struct who *w = arg;
    pid_t pid = process_of(thread);
    own_free char *program = program_of(pid);
    struct who_reader *r = reader_of(w, program, value);

    (void)call;
    if (r == NULL) {
        w->more = true;
        return;
    }
    if (value < 0)
        r->looks++;
    else
        r->opens++;
    note_process(r, pid);
    note_libraries(w, r, thread, pid);
}

void who_clear(struct who *w)
{
    for (size_t i = 0; i < w->readers.n; i++) {
        struct who_reader *r = &w->readers.items[i];

        for (size_t k = 0; k < r->libraries.n; k++)
            free(r->libraries.items[k].path);
        free(r->libraries.items);
        free(r->program);
    }
    free(w->readers.items);
    free(w->files.items);
    *w = (struct who){.more = false};
}

/* ---- as JSON --------------------------------------------------------------------------------- */

static json_t *number(unsigned long n)
{
    return json_integer((json_int_t)n);
}

static json_t *reader_json(const struct who_reader *r)
{
    json_t *o = json_object(), *pids = json_array(), *libraries = json_array();

    for (size_t i = 0; i < WHO_PIDS && i < r->processes; i++)
        json_array_append_new(pids, json_integer(r->pids[i]));
    for (size_t i = 0; i < r->libraries.n; i++) {
        const struct who_library *l = &r->libraries.items[i];
        json_t *one = json_object();

        json_object_set_new(one, "path", json_string(l->path));
        json_object_set_new(one, "names_the_flag", json_boolean(l->names_the_flag));
        json_object_set_new(one, "calls", number(l->calls));
        json_array_append_new(libraries, one);
    }
    json_object_set_new(o, "program", json_string(r->program));
    json_object_set_new(o, "value", r->value < 0 ? json_null() : json_integer(r->value));
    json_object_set_new(o, "opens", number(r->opens));
    json_object_set_new(o, "looks", number(r->looks));
    json_object_set_new(o, "processes", number(r->processes));
    json_object_set_new(o, "pids", pids);
    json_object_set_new(o, "libraries", libraries);
    return o;
}

char *who_json(const struct who *w, int value, enum way way)
{
    own_json json_t *o = json_object();
    json_t *readers = json_array();
    char *text;

    for (size_t i = 0; i < w->readers.n; i++)
        json_array_append_new(readers, reader_json(&w->readers.items[i]));
    json_object_set_new(o, "schema", json_string("fipsprobe-exec/1"));
    json_object_set_new(o, "presented", json_integer(value));
    json_object_set_new(o, "way", json_string(way_word(way)));
    json_object_set_new(o, "complete", json_boolean(way == WAY_NOTIFICATION && !w->more));
    json_object_set_new(o, "readers", readers);
    text = json_dumps(o, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    return text == NULL ? mem_str("{}") : text;
}
