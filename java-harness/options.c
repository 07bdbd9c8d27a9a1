/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/options.h"

#include "base/buf.h"
#include "base/own.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct option_words options_split(const char *value)
{
    struct option_words words = {0};
    const char *c = value;

    while (!words.unmatched) {
        struct option_word *word;
        struct buf text = {0};

        while (isspace((unsigned char)*c))
            c++;
        if (*c == '\0')
            break;
        word = mem_push(&words);
        word->start = (size_t)(c - value);
        while (*c != '\0' && !isspace((unsigned char)*c)) {
            if (*c == '"' || *c == '\'') {
                const char *end = strchr(c + 1, *c);

                if (end == NULL) {
                    words.unmatched = true;
                    buf_puts(&text, c + 1);
                    c += strlen(c);
                    break;
                }
                buf_add(&text, c + 1, (size_t)(end - c - 1));
                c = end + 1;
            } else {
                buf_add(&text, c++, 1);
            }
        }
        word->end = (size_t)(c - value);
        word->text = buf_steal(&text);
    }
    return words;
}

void options_free(struct option_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        free(words->items[i].text);
    free(words->items);
    *words = (struct option_words){0};
}
#define own_words __attribute__((cleanup(options_free)))

/* Names of options: java.1 of JDK 17 and 25, globals.hpp of OpenJDK 17. Of properties that make Java's
 * own classes write: java.lang.invoke and java.lang.reflect of OpenJDK 8 to 25, each tried. */
static const struct {
    const char *pattern, *why;
} effects[] = {
    {"-javaagent:*", "an agent may write"},
    {"-agentlib:*", "an agent may write, or open a port"},
    {"-agentpath:*", "an agent may write"},
    {"-Xrun*", "an agent may write, or open a port"},
    {"-Dcom.sun.management*", "it opens a port"},
    {"-XX:OnError=*", "it runs a command"},
    {"-XX:OnOutOfMemoryError=*", "it runs a command"},
    {"-XX:ErrorFile=*", "it writes a file"},
    {"-XX:+ErrorFileTo*", "it writes the crash report"},
    {"-XX:ReplayDataFile=*", "it writes a file"},
    {"-XX:LogFile=*", "it writes a file"},
    {"-XX:VMLogFile=*", "it writes a file"},
    {"-XX:+LogVMOutput", "it writes a file"},
    {"-XX:+LogCompilation", "it writes a file"},
    {"-XX:+HeapDump*", "it writes a file"},
    {"-XX:HeapDumpPath=*", "it writes a file"},
    {"-XX:+UsePerfData", "it writes a file"},
    {"-XX:PerfData*", "it writes a file"},
    {"-XX:+PerfData*", "it writes a file"},
    {"-XX:*FlightRecord*", "it writes files"},
    {"-XX:ArchiveClassesAtExit=*", "it writes a file"},
    {"-XX:+AutoCreateSharedArchive", "it writes a file"},
    {"-XX:+RecordDynamicDumpInfo", "it may write a file"},
    {"-XX:SharedArchiveFile=*", "it may write a file"},
    {"-XX:DumpLoadedClassList=*", "it writes a file"},
    {"-XX:AOTMode=*", "it may write a file"},
    {"-XX:AOTCacheOutput=*", "it writes a file"},
    {"-XX:AOTConfiguration=*", "it may write a file"},
    {"-XX:+CreateCoredumpOnCrash", "it writes a core file"},
    {"-XX:+CreateMinidumpOnCrash", "it writes a core file"},
    {"-XX:-DisableAttachMechanism", "it may write a file"},
    {"-XX:+StartAttachListener", "it writes a file"},
    {"-XX:+ManagementServer", "it opens a port"},
    {"-XX:+DumpPerfMapAtExit", "it writes a file"},
    {"-XX:+DumpSharedSpaces", "it writes an archive into the JDK"},
    {"-Xshare:dump", "it writes an archive into the JDK"},
    {"-XX:JVMCILibDumpJNIConfig=*", "it writes a file"},
    {"-XX:JVMCINativeLibraryErrorFile=*", "it writes a file"},
    {"-XX:CompileCommand*", "it may write files"},       /* DumpReplay, a file for each method */
    {"-XX:CompilerDirectivesFile=*", "it may write files"},
    {"-XX:+PauseAtStartup", "it writes a file, and waits until that is gone"},
    {"-XX:PauseAtStartupFile=*", "it writes a file"},
    {"-Djava.util.logging.config.*", "what it logs may go to files"},
    {"-Djava.util.logging.manager=*", "what it logs may go to files"},
    {"-Djdk.internal.lambda.dumpProxyClasses*", "it writes files"},
    {"-Djdk.invoke.LambdaMetafactory.dump*", "it writes files"},
    {"-Djdk.invoke.MethodHandle.dump*", "it writes files"},
    {"-Djava.lang.invoke.MethodHandle.DUMP_CLASS_FILES*", "it writes files"},
    {"-Djava.lang.invoke.stringConcat.dumpClasses*", "it writes files"},
    {"-Djdk.proxy.ProxyGenerator.saveGeneratedFiles*", "it writes files"},
    {"-Dsun.misc.ProxyGenerator.saveGeneratedFiles*", "it writes files"}, /* of 8 */
    {"-Xlog:*", "it may write a file"},
    {"-Xloggc:*", "it writes a file"},
    {"-Xdump*", "it writes files"},            /* OpenJ9 */
    {"-Xtrace*", "it may write a file"},       /* OpenJ9 */
    {"-Xverbosegclog*", "it writes a file"},   /* OpenJ9 */
    {"-Xshareclasses*", "it writes a cache"},  /* OpenJ9 */
};

const char *options_effect(const char *option)
{
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (text_match(effects[i].pattern, option))
            return effects[i].why;
    return NULL;
}

/* Each tried with java of 8, 11, 17, 21, 25 and 26. */
static const struct {
    const char *option, *does;
    unsigned long since, until;
} ending[] = {
    {"-Xshare:dump", "the VM writes an archive of its classes and ends", 0, 999},
    {"-XX:+DumpSharedSpaces", "the VM writes an archive of its classes and ends", 0, 18},
    {"-XX:AOTMode=create", "the VM writes a cache of its classes and ends", 24, 999},
    {"-XX:+PrintSharedArchiveAndExit", "the VM prints its archive of classes and ends", 0, 999},
    {"-XX:+PrintFlagsInitial", "the VM prints its flags and ends", 9, 999},
    {"-Xinternalversion", "the VM prints its version and ends", 0, 999},
};

const char *options_ends(const char *option, unsigned long java_major)
{
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        if (strcmp(ending[i].option, option) == 0 &&
            (java_major == 0 ||
             (java_major >= ending[i].since && java_major <= ending[i].until)))
            return ending[i].does;
    return NULL;
}

char *options_shown(const char *option)
{
    static const char *const secret[] = {"pin", "pass", "secret", "token", "key", "credential"};
    static const char *const agents[] = {"-javaagent:*", "-agentlib:*", "-agentpath:*"};
    const char *equals = strchr(option, '=');

    for (size_t i = 0; i < sizeof agents / sizeof *agents && equals != NULL; i++)
        if (text_match(agents[i], option)) /* license keys and tokens are given to them */
            return mem_printf("%.*s=...", (int)(equals - option), option);
    if (strncmp(option, "-D", 2) != 0 || equals == NULL)
        return mem_str(option);
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        const char *at = strcasestr(option, secret[i]);

        if (at != NULL && at < equals)
            return mem_printf("%.*s=...", (int)(equals - option), option);
    }
    return mem_str(option);
}

/* Nothing is written, whatever happens: no /tmp/hsperfdata_USER, core, replay file, or
 * /tmp/.java_pid; the crash report goes where errors says. */
static const struct {
    const char *option;
    unsigned long since, until; /* versions of Java that know it */
} harmless[] = {
    {"-XX:-UsePerfData", 0, 999},
    {"-XX:-CreateCoredumpOnCrash", 9, 999},
    {"-XX:-CreateMinidumpOnCrash", 8, 8}, /* the same */
    {"-XX:ReplayDataFile=/dev/null", 0, 999},
    {"-XX:+DisableAttachMechanism", 0, 999},
    {"-Xrs", 0, 999}, /* no handlers for HUP, INT, TERM, QUIT */
    {"-Djava.awt.headless=true", 0, 999},
};

/* None of these changes an answer. Measured on OpenJDK 17 and 25: a serial collector and a heap
 * that is small from the start save the most; the archive of the JDK's classes is used as ever. */
static const struct {
    const char *option;
    const char *yields[4]; /* not given where the environment has one like this */
} tuning[] = {
    {"-Xshare:auto", {"-Xshare*", "-XX:*Shared*", "-XX:AOT*"}},
    {"-XX:+UseSerialGC", {"-XX:+Use*GC", "-XX:+UnlockExperimental*"}},
    {"-XX:TieredStopAtLevel=1", {"-XX:*Tiered*", "-Xint", "-Xcomp", "-XX:*CompilationMode*"}},
    {"-Xms16m", {"-Xm[snx]*", "-XX:*Heap*", "-XX:*RAM*", "-XX:*NewSize*"}},
    {"-Xmx64m", {"-Xm[snx]*", "-XX:*Heap*", "-XX:*RAM*", "-XX:*NewSize*"}},
    {"-Xss512k", {"-Xss*", "-XX:*StackSize*"}},
    {"-XX:ReservedCodeCacheSize=16m", {"-XX:*CodeCache*", "-XX:*CodeHeap*"}},
    {"-XX:CompressedClassSpaceSize=16m", {"-XX:*ClassSpace*", "-XX:*Metaspace*"}},
    {"-XX:MaxMetaspaceSize=64m", {"-XX:*ClassSpace*", "-XX:*Metaspace*"}},
};

static bool any_like(const char *pattern, const struct strings *words)
{
    for (size_t i = 0; i < words->n; i++)
        if (text_match(pattern, words->items[i]))
            return true;
    return false;
}

void options_of_ours(unsigned long java_major, const char *errors, struct strings *pass)
{
    own_free char *file = mem_printf("-XX:ErrorFile=%s", errors);

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (java_major >= harmless[i].since && java_major <= harmless[i].until)
            strings_add(pass, harmless[i].option);
    strings_add(pass, file);
}

void options_for_speed(const struct strings *given, struct strings *pass)
{
    /* They are left out of a second try where the first one fails; but a VM of 8 that was told this
     * once still knows it then, and takes what it has just refused. */
    if (any_like("-XX:+IgnoreUnrecognizedVMOptions", given))
        return;
    for (size_t i = 0; i < sizeof tuning / sizeof *tuning; i++) {
        bool yields = false;

        for (size_t k = 0; k < 4 && tuning[i].yields[k] != NULL && !yields; k++)
            yields = any_like(tuning[i].yields[k], given);
        if (!yields)
            strings_add(pass, tuning[i].option);
    }
}

const char *options_property(const struct option_words *words, const char *name)
{
    const char *found = NULL;
    size_t len = strlen(name);

    for (size_t i = 0; i < words->n; i++) {
        const char *text = words->items[i].text;

        if (strncmp(text, "-D", 2) != 0 || strncmp(text + 2, name, len) != 0)
            continue;
        if (text[2 + len] == '=')
            found = text + 2 + len + 1;
        else if (text[2 + len] == '\0')
            found = text + 2 + len;
    }
    return found;
}
