/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/launch.h"

#include "base/buf.h"
#include "base/own.h"
#include "base/text.h"
#include "java-harness/options.h"

#include <ctype.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20)
#define MOST_WORDS 4096u
#define LAUNCHER "JDK_JAVA_OPTIONS"

/* In the order in which a later one wins. OpenJ9's own: its manual, "Specifying command-line
 * options"; a HotSpot does not look at them, and then what they say means nothing. */
static const struct {
    const char *name;
    bool launcher;
} variables[] = {
    {"JAVA_TOOL_OPTIONS", false},   {"IBM_JAVA_OPTIONS", false},
    {"OPENJ9_JAVA_OPTIONS", false}, {LAUNCHER, true},
    {"_JAVA_OPTIONS", false},
};

struct reader {
    const struct root *root;
    unsigned long major;
    struct launch *out;
    const char *options_file_of; /* the variable that has named one last */
};

static void refuse(struct reader *reader, char *why)
{
    if (reader->out->refused == NULL)
        reader->out->refused = text_clean(why, strlen(why));
    free(why);
}

static void tell(struct reader *reader, char *line)
{
    strings_add(&reader->out->told, line);
    free(line);
}

static void add_word(struct reader *reader, const char *text, const char *variable, const char *via)
{
    const char *ends = options_ends(text, reader->major);
    struct launch_word *word;

    if (ends != NULL)
        refuse(reader, mem_printf("%s has %s: %s", variable, text, ends));
    if (reader->out->n >= MOST_WORDS)
        return;
    word = mem_push(reader->out);
    *word = (struct launch_word){mem_str(text), variable, mem_str(via), options_effect(text)};
}

/* ---- files of options ---------------------------------------------------------------------- */

/* What is in a file that -XX:Flags names, as options: NAME=VALUE, +NAME, -NAME, blanks or line ends
 * between, a # before a comment (arguments.cpp: process_settings_file). */
static struct strings split_settings(const char *text)
{
    struct strings words = {0};

    while (*text != '\0' && words.n < MOST_WORDS) {
        size_t len = strcspn(text, " \t\r\n\f\v#");

        if (len > 0) {
            own_free char *word = mem_printf("-XX:%.*s", (int)len, text);

            strings_add(&words, word);
        }
        text += len;
        if (*text == '#')
            text += strcspn(text, "\n");
        text += *text != '\0';
    }
    return words;
}

#define OPTIONS_FILE "-XX:VMOptionsFile="
#define FLAGS "-XX:Flags="
#define STARTS(word, with) (strncmp(word, with, sizeof(with) - 1) == 0)

/* False: it is no -XX:Flags; or its file cannot be read, and then the VM says so itself; or there is
 * nothing in it that must not reach the VM, which then reads it by its own rules. */
static bool add_flags(struct reader *reader, const char *word, const char *variable)
{
    const char *file = word + sizeof FLAGS - 1;
    own_buf struct buf text = {0};
    struct strings words;
    bool bad = false;

    if (!STARTS(word, FLAGS) || root_read(reader->root, file, FILE_MAX, &text) < 0)
        return false;
    words = split_settings(text.data);
    for (size_t i = 0; i < words.n; i++)
        bad |= options_effect(words.items[i]) != NULL;
    for (size_t i = 0; i < words.n && bad; i++)
        add_word(reader, words.items[i], variable, file);
    strings_free(&words);
    return bad;
}

/* One for each source of options, and none in such a file (arguments.cpp: the VM does not start
 * otherwise). */
static bool add_options_file(struct reader *reader, const char *word, const char *variable)
{
    const char *file = word + sizeof OPTIONS_FILE - 1;
    own_buf struct buf text = {0};
    struct option_words words;

    if (reader->major == 8 || !STARTS(word, OPTIONS_FILE))
        return false;
    if (reader->options_file_of == variable)
        refuse(reader, mem_printf("%s has a second -XX:VMOptionsFile", variable));
    reader->options_file_of = variable;
    if (root_read(reader->root, file, FILE_MAX, &text) < 0)
        return false;
    words = options_split(text.data);
    for (size_t i = 0; i < words.n; i++) {
        const char *inner = words.items[i].text;

        if (STARTS(inner, OPTIONS_FILE))
            refuse(reader, mem_printf("the file of -XX:VMOptionsFile, %s, names another one", file));
        else if (!add_flags(reader, inner, variable))
            add_word(reader, inner, variable, file);
    }
    options_free(&words);
    return true;
}

static void add_vm_word(struct reader *reader, const char *word, const char *variable,
                        const char *via)
{
    if (!add_flags(reader, word, variable) && !add_options_file(reader, word, variable))
        add_word(reader, word, variable, via);
}

/* ---- @argfiles ------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c != '\0' && strchr(" \t\n\r\f", c) != NULL;
}

/* One quoted part, behind its opening quote: a backslash escapes, and before a line's end it joins
 * the next line without its leading blanks; a line's end without one ends the word (true). */
static bool add_quoted(const char **at, char quote, struct buf *out)
{
    const char *c = *at;
    bool ends = false;

    for (; *c != '\0' && *c != quote && !ends; c++) {
        static const char escapes[][2] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'f', '\f'}};
        char plain;

        if (*c == '\n' || *c == '\r') {
            ends = true;
            break;
        }
        if (*c != '\\') {
            buf_add(out, c, 1);
            continue;
        }
        plain = *++c;
        if (plain == '\0') {
            c--;
        } else if (plain == '\n' || plain == '\r') {
            while (is_blank(c[1]))
                c++;
        } else {
            for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
                if (escapes[i][0] == plain)
                    plain = escapes[i][1];
            buf_add(out, &plain, 1);
        }
    }
    *at = c + (!ends && *c == quote);
    return ends;
}

/* The words of an argfile: java.1, "java Command-Line Argument Files". */
static struct strings split_argfile(const char *c)
{
    struct strings words = {0};

    while (words.n < MOST_WORDS) {
        struct buf word = {0};
        bool ends = false;
        char *text;

        while (is_blank(*c) || *c == '#')
            c += *c == '#' ? strcspn(c, "\n\r") : 1;
        if (*c == '\0')
            break;
        while (*c != '\0' && *c != '#' && !is_blank(*c) && !ends) {
            char quote = *c;

            if (quote != '"' && quote != '\'') {
                buf_add(&word, c++, 1);
                continue;
            }
            c++;
            ends = add_quoted(&c, quote, &word);
        }
        text = buf_steal(&word);
        strings_add(&words, text);
        free(text);
    }
    return words;
}

/* ---- what java takes ------------------------------------------------------------------------- */

/* args.c: isTerminalOpt, of 9 to 25. */
static const char *const terminal[] = {
    "-jar",  "-m",     "--module", "--module=*",   "--dry-run", "-h",        "-[?]",          "-help",
    "--help", "-X",    "--help-extra", "-version", "--version", "-fullversion", "--full-version",
};

/* java.c: IsModuleOption, IsClassPathOption, IsLauncherOption: the value may be the next word. */
static const char *const module_options[] = {
    "--module-path", "-p", "--upgrade-module-path", "--add-modules", "--enable-native-access",
    "--limit-modules", "--add-exports", "--add-opens", "--add-reads", "--patch-module",
};
static const char *const path_options[] = {"-classpath", "-cp", "--class-path"};
static const char *const other_options[] = {"--describe-module", "-d", "--source"};

/* java.c: IsLongFormModuleOption. */
static const char *const long_module_options[] = {
    "--module-path=", "--upgrade-module-path=", "--add-modules=", "--enable-native-access=",
    "--limit-modules=", "--add-exports=", "--add-reads=", "--patch-module=",
};

#define AMONG(word, list) among(word, list, sizeof(list) / sizeof *(list))

static bool among(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text_match(list[i], word))
            return true;
    return false;
}

static bool lacks_value(const char *word)
{
    return word[strlen(word) - 1] == '=' && AMONG(word, long_module_options);
}

static bool takes_word(const char *word)
{
    return AMONG(word, module_options) || AMONG(word, path_options) || AMONG(word, other_options);
}

/* java.c, ParseArguments: what does not reach the VM, and what java does then. */
static const struct {
    const char *pattern, *does;
    bool ends; /* the program is not started */
    unsigned long since; /* before, it goes to the VM, which does not know it */
} taken[] = {
    {"--list-modules", "java lists its modules and ends", true, 0},
    {"--describe-module*", "java describes a module and ends", true, 0},
    {"-d", "java describes a module and ends", true, 0},
    {"--validate-modules", "java checks its modules and ends", true, 0},
    {"--source*", "java compiles a source file instead of starting a class", true, 0},
    {"--show-resolved-modules", "java prints its modules", false, 0},
    {"-showversion", "java prints its version", false, 0},
    {"--show-version", "java prints its version", false, 0},
    {"-XshowSettings*", "java prints settings", false, 0},
    {"-splash:*", "java shows a picture", false, 0},
    {"-debug", "java ignores it", false, 0},
    {"--disable-@files", "java reads no further @argfiles", false, 21}, /* 17: tried */
};

/* Old words, which java writes anew. */
static const struct {
    const char *old, *word;
} renamed[] = {
    {"-verbosegc", "-verbose:gc"},
    {"-verify", "-Xverify:all"},
    {"-Xdiag", "-Dsun.java.launcher.diag=true"},
    {"--show-module-resolution", "-Djdk.module.showModuleResolution=true"},
};

/* The class path of a program is its own affair, but a provider may come from there. */
static void add_class_path(struct reader *reader, const char *value, const char *via)
{
    own_free char *word = mem_printf(LAUNCH_CLASS_PATH "%s", value);

    add_word(reader, word, LAUNCHER, via);
}

static void take_plain(struct reader *reader, const char *word, const char *via)
{
    own_free char *shown = options_shown(word);

    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        if (!text_match(taken[i].pattern, word) ||
            (reader->major != 0 && reader->major < taken[i].since))
            continue;
        if (taken[i].ends)
            refuse(reader, mem_printf(LAUNCHER " has %s: %s", shown, taken[i].does));
        else
            tell(reader, mem_printf("not for the VM, of " LAUNCHER ": %s (%s)", shown,
                                    taken[i].does));
        return;
    }
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (strcmp(renamed[i].old, word) == 0) {
            add_word(reader, renamed[i].word, LAUNCHER, via);
            return;
        }
    if (strncmp(word, "-ss", 3) == 0 || strncmp(word, "-ms", 3) == 0 ||
        strncmp(word, "-mx", 3) == 0) {
        own_free char *long_form = mem_printf("-X%s", word + 1);

        add_word(reader, long_form, LAUNCHER, via);
    } else if (strncmp(word, "--class-path=", 13) == 0) {
        add_class_path(reader, word + 13, via);
    } else if (lacks_value(word)) {
        refuse(reader, mem_printf(LAUNCHER " has %s without its value", word));
    } else {
        add_vm_word(reader, word, LAUNCHER, via);
    }
}

/* word, and next, the one behind it or NULL. True where next was used up. */
static bool take(struct reader *reader, const char *word, const char *next, const char *via)
{
    own_free char *long_form = NULL;

    if (!takes_word(word)) {
        take_plain(reader, word, via);
        return false;
    }
    if (next == NULL || *next == '-' || *next == '\0') {
        refuse(reader, mem_printf(LAUNCHER " has %s without its value", word));
        return false;
    }
    if (AMONG(word, path_options)) {
        add_class_path(reader, next, via);
    } else if (AMONG(word, module_options)) {
        long_form = mem_printf("%s=%s", strcmp(word, "-p") == 0 ? "--module-path" : word, next);
        add_word(reader, long_form, LAUNCHER, via);
    } else {
        take_plain(reader, word, via);
    }
    return true;
}

struct argument {
    char *text, *via;
};

struct arguments {
    struct argument *items;
    size_t n;
    bool value_next; /* the option before takes one */
};

/* Appends, and looks whether java would take it there at all. */
static void add_argument(struct reader *reader, struct arguments *list, const char *text,
                         const char *via)
{
    if (AMONG(text, terminal))
        refuse(reader, mem_printf("%s is not allowed in " LAUNCHER, text));
    else if (*text != '-' && !list->value_next)
        refuse(reader, mem_printf(LAUNCHER " has '%s', which java takes for a main class and does "
                                           "not allow there",
                                  text));
    list->value_next = *text == '-' && takes_word(text);
    if (list->n < MOST_WORDS)
        *mem_push(list) = (struct argument){mem_str(text), mem_str(via)};
}

static void expand(struct reader *reader, const char *file, struct arguments *list)
{
    own_buf struct buf text = {0};
    struct strings words;
    int rc = root_read(reader->root, file, FILE_MAX, &text);

    if (rc < 0) {
        refuse(reader, mem_printf(LAUNCHER " names @%s, which cannot be read: %s", file,
                                  strerror(-rc)));
        return;
    }
    words = split_argfile(text.data);
    for (size_t i = 0; i < words.n; i++)
        add_argument(reader, list, words.items[i], file);
    strings_free(&words);
}

static void read_launcher(struct reader *reader, const char *value)
{
    struct option_words words = options_split(value);
    struct arguments list = {0};
    bool files = true;

    if (words.unmatched)
        refuse(reader, mem_str(LAUNCHER " has a quote that is never closed"));
    for (size_t i = 0; i < words.n && !words.unmatched; i++) {
        const char *text = words.items[i].text;

        if (files && text[0] == '@' && text[1] == '@')
            add_argument(reader, &list, text + 1, NULL);
        else if (files && text[0] == '@' && text[1] != '\0')
            expand(reader, text + 1, &list);
        else
            add_argument(reader, &list, text, NULL);
        files = files && (list.n == 0 || strcmp(list.items[list.n - 1].text,
                                                "--disable-@files") != 0);
    }
    for (size_t i = 0; i < list.n; i++)
        i += take(reader, list.items[i].text, i + 1 < list.n ? list.items[i + 1].text : NULL,
                  list.items[i].via);
    for (size_t i = 0; i < list.n; i++) {
        free(list.items[i].text);
        free(list.items[i].via);
    }
    free(list.items);
    options_free(&words);
}

/* ---- all of them ------------------------------------------------------------------------------ */

void launch_read(const struct root *root, char *const *env, unsigned long java_major,
                 struct launch *out)
{
    struct reader reader = {root, java_major, out, NULL};

    *out = (struct launch){0};
    for (size_t v = 0; v < sizeof variables / sizeof *variables; v++) {
        const char *value = text_env(env, variables[v].name);
        struct option_words words;

        if (value == NULL)
            continue;
        if (variables[v].launcher) {
            if (java_major == 8)
                strings_add(&out->told, LAUNCHER " is set: java of 8 does not read it");
            else
                read_launcher(&reader, value);
            continue;
        }
        words = options_split(value);
        for (size_t i = 0; i < words.n; i++)
            add_vm_word(&reader, words.items[i].text, variables[v].name, NULL);
        options_free(&words);
    }
}

void launch_free(struct launch *launch)
{
    for (size_t i = 0; i < launch->n; i++) {
        free(launch->items[i].text);
        free(launch->items[i].via);
    }
    free(launch->items);
    free(launch->refused);
    free(launch->libjvm);
    free(launch->not_followed);
    strings_free(&launch->told);
    *launch = (struct launch){0};
}

const struct launch_word *launch_property(const struct launch *launch, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = launch->n; i > 0; i--) {
        const char *text = launch->items[i - 1].text;

        if (strncmp(text, "-D", 2) == 0 && strncmp(text + 2, name, len) == 0 &&
            (text[2 + len] == '=' || text[2 + len] == '\0'))
            return &launch->items[i - 1];
    }
    return NULL;
}

const char *launch_value(const struct launch_word *word)
{
    const char *equals = strchr(word->text, '=');

    return equals == NULL ? "" : equals + 1;
}

char *launch_source(const struct launch_word *word)
{
    return word->via == NULL ? mem_str(word->variable)
                             : mem_printf("the file %s, which %s names,", word->via, word->variable);
}

static bool is_left_out(const struct launch_word *word, struct strings *told)
{
    own_free char *shown = NULL, *line = NULL;

    if (word->why_not == NULL)
        return false;
    shown = options_shown(word->text);
    line = mem_printf("not passed on from %s: %s (%s)", word->variable, shown, word->why_not);
    strings_add(told, line);
    return true;
}

/* The word in quotes: blanks count, and so do quotes, each in the other kind. */
static void add_in_quotes(struct buf *out, const char *word)
{
    buf_puts(out, out->len > 0 ? " " : "");
    while (*word != '\0') {
        char quote = *word == '"' ? '\'' : '"';
        size_t len = strcspn(word, quote == '"' ? "\"" : "'");

        buf_add(out, &quote, 1);
        buf_add(out, word, len);
        buf_add(out, &quote, 1);
        word += len;
    }
}

char *launch_variable(const struct launch *launch, const char *variable, const char *value,
                      struct strings *told)
{
    struct option_words raw = options_split(value);
    bool unmatched = raw.unmatched, changed = false;
    struct buf out = {0};

    options_free(&raw);
    if (unmatched) /* the VM will say so itself */
        return NULL;
    for (size_t i = 0; i < launch->n; i++) {
        const struct launch_word *word = &launch->items[i];

        if (strcmp(word->variable, variable) != 0)
            continue;
        changed |= word->via != NULL;
        if (is_left_out(word, told))
            changed = true;
        else
            add_in_quotes(&out, word->text);
    }
    if (!changed) {
        buf_free(&out);
        return NULL;
    }
    return buf_steal(&out);
}

static bool is_class_path(const struct launch_word *word)
{
    return strcmp(word->variable, LAUNCHER) == 0 &&
           strncmp(word->text, LAUNCH_CLASS_PATH, sizeof LAUNCH_CLASS_PATH - 1) == 0;
}

const struct launch_word *launch_class_path(const struct launch *launch)
{
    for (size_t i = launch->n; i > 0; i--)
        if (is_class_path(&launch->items[i - 1]))
            return &launch->items[i - 1];
    return NULL;
}

void launch_pass(const struct launch *launch, struct strings *pass, struct strings *told)
{
    for (size_t i = 0; i < launch->told.n; i++)
        strings_add(told, launch->told.items[i]);
    for (size_t i = 0; i < launch->n; i++) {
        const struct launch_word *word = &launch->items[i];
        own_free char *shown = NULL, *line = NULL;

        if (strcmp(word->variable, LAUNCHER) != 0 || is_class_path(word) ||
            is_left_out(word, told))
            continue;
        shown = options_shown(word->text);
        line = mem_printf("from " LAUNCHER "%s%s: %s", word->via == NULL ? "" : ", file ",
                          word->via == NULL ? "" : word->via, shown);
        strings_add(told, line);
        strings_add(pass, word->text);
    }
}
