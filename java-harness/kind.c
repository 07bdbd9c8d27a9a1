/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/kind.h"

#include "base/own.h"
#include "base/text.h"
#include "java-harness/home.h"

#include <string.h>

#define CONFIG_MAX ((size_t)65536)
#define MOST_KINDS 256u
#define LAUNCHER "JDK_JAVA_OPTIONS"
#define ALTERNATE "JDK_ALTERNATE_VM"
#define ALTERNATIVE "-XXaltjvm="

/* ---- jvm.cfg -------------------------------------------------------------------------------- */

/* By the start of the word. IF_SERVER_CLASS is for machines of 32 bits, and ignored since 9;
 * whatever else stands there, java takes for KNOWN. */
static const struct {
    const char *word;
    enum kind_use use;
} uses[] = {
    {"KNOWN", KIND_KNOWN}, {"ALIASED_TO", KIND_ALIASED}, {"WARN", KIND_WARN},
    {"IGNORE", KIND_IGNORE}, {"ERROR", KIND_ERROR},
};

static void add_line(const char *line, struct kinds *out)
{
    size_t len = strcspn(line, " \t");
    const char *how = line + len + strspn(line + len, " \t");
    struct kind kind = {.use = KIND_KNOWN};

    if (*line == '#' || len < 2 || *how == '\0' || out->n >= MOST_KINDS ||
        strncmp(how, "IF_SERVER_CLASS", 15) == 0)
        return;
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (strncmp(how, uses[i].word, strlen(uses[i].word)) == 0)
            kind.use = uses[i].use;
    if (kind.use == KIND_ALIASED) {
        const char *alias = how + strcspn(how, " \t");

        alias += strspn(alias, " \t");
        if (*alias == '\0')
            return;
        kind.alias = mem_dup(alias, strcspn(alias, " \t"));
    }
    kind.name = mem_dup(line + 1, len - 1);
    *mem_push(out) = kind;
}

void kinds_read(const struct root *root, const char *libraries, struct kinds *out)
{
    own_free char *path = mem_printf("%s/jvm.cfg", libraries);
    own_buf struct buf text = {0};
    char *rest = NULL;

    *out = (struct kinds){0};
    if (root_read(root, path, CONFIG_MAX, &text) < 0 || text.data == NULL)
        return;
    for (char *line = strtok_r(text.data, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        add_line(line, out);
}

void kinds_free(struct kinds *kinds)
{
    for (size_t i = 0; i < kinds->n; i++) {
        free(kinds->items[i].name);
        free(kinds->items[i].alias);
    }
    free(kinds->items);
    *kinds = (struct kinds){0};
}

/* The kind of "-server" or "-J-server"; NULL: java does not take it for one. */
static const struct kind *kind_of_word(const struct kinds *kinds, const char *word)
{
    if (strncmp(word, "-J", 2) == 0)
        word += 2;
    for (size_t i = 0; i < kinds->n && *word == '-'; i++)
        if (strcmp(word + 1, kinds->items[i].name) == 0)
            return &kinds->items[i];
    return NULL;
}

/* ---- the choice ----------------------------------------------------------------------------- */

static void refuse(struct launch *launch, char *why)
{
    if (launch->refused == NULL)
        launch->refused = text_clean(why, strlen(why));
    free(why);
}

/* What an alias leads to, and what the use of the last one means: the name, or NULL with refused. */
static const char *resolved(const struct kinds *kinds, const struct kind *kind,
                            struct launch *launch)
{
    for (size_t steps = 0; kind->use == KIND_ALIASED; steps++) {
        const struct kind *next = kind_of_word(kinds, kind->alias);

        if (next == NULL || steps > kinds->n) {
            refuse(launch, mem_printf("jvm.cfg has %s for -%s, which leads to no VM", kind->alias,
                                      kind->name));
            return NULL;
        }
        kind = next;
    }
    if (kind->use == KIND_ERROR) {
        refuse(launch, mem_printf("jvm.cfg does not allow -%s", kind->name));
        return NULL;
    }
    return kind->use == KIND_KNOWN ? kind->name : kinds->items[0].name;
}

/* Of the words: the last one that chooses. NULL: none does. All of them are taken out. */
struct choice {
    const struct kind *kind; /* NULL: by path or name */
    char *place;             /* what stood behind -XXaltjvm= */
    char *from;
};

static void take_words(const struct kinds *kinds, struct launch *launch, struct choice *choice)
{
    size_t kept = 0;

    for (size_t i = 0; i < launch->n; i++) {
        struct launch_word *word = &launch->items[i];
        const char *text = word->text, *behind_j = strncmp(text, "-J-XX", 5) == 0 ? text + 2 : text;
        bool of_java = strcmp(word->variable, LAUNCHER) == 0;
        const struct kind *kind = of_java ? kind_of_word(kinds, text) : NULL;
        bool by_place = of_java && strncmp(behind_j, ALTERNATIVE, sizeof ALTERNATIVE - 1) == 0;
        own_free char *line = NULL;

        if (kind == NULL && !by_place) {
            launch->items[kept++] = *word;
            continue;
        }
        free(choice->place);
        free(choice->from);
        choice->kind = kind;
        choice->place = by_place ? mem_str(behind_j + sizeof ALTERNATIVE - 1) : NULL;
        choice->from = mem_printf("%s of " LAUNCHER, text);
        line = mem_printf("not for the VM, of " LAUNCHER ": %s (java's choice of a VM)", text);
        strings_add(&launch->told, line);
        free(word->text);
        free(word->via);
    }
    launch->n = kept;
}

void kind_choose(const struct root *root, char *const *env, const char *libraries,
                 const char *libjvm, struct launch *launch)
{
    const char *alternate = text_env(env, ALTERNATE), *name;
    own_kinds struct kinds kinds;
    struct choice choice = {.from = mem_str("jvm.cfg")};
    own_free char *path = NULL, *real = NULL;

    kinds_read(root, libraries, &kinds);
    if (alternate != NULL) {
        choice.place = mem_str(alternate);
        free(choice.from);
        choice.from = mem_str(ALTERNATE);
    }
    take_words(&kinds, launch, &choice);
    if (choice.place != NULL)
        name = choice.place;
    else if (choice.kind != NULL)
        name = resolved(&kinds, choice.kind, launch);
    else
        name = kinds.n > 0 ? kinds.items[0].name : NULL; /* without jvm.cfg: as it was found */
    if (name != NULL && strchr(name, '/') != NULL && *name != '/') {
        launch->not_followed = mem_printf("%s leads to %s, which depends on the current directory: "
                                          "nothing is loaded from there", choice.from, name);
    } else if (name != NULL) {
        path = *name == '/' ? mem_printf("%s/libjvm.so", name)
                            : mem_printf("%s/%s/libjvm.so", libraries, name);
        real = home_resolved(root, path);
        if (real == NULL) {
            refuse(launch, mem_printf("%s chooses %s, and there is no such file", choice.from,
                                      path));
        } else if (strcmp(real, libjvm) != 0) {
            own_free char *line = mem_printf("by %s: %s", choice.from, real);

            strings_add(&launch->told, line);
            launch->libjvm = steal_ptr(&real);
        }
    }
    free(choice.place);
    free(choice.from);
}
