/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/classpath.h"

#include "base/buf.h"
#include "base/own.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LONGEST ((size_t)1 << 20)

static void add_entry(struct buf *path, const char *entry, size_t len)
{
    if (path->len + len > LONGEST)
        return;
    buf_puts(path, path->len > 0 ? ":" : "");
    buf_add(path, entry, len);
}

static bool is_jar(const char *name)
{
    size_t len = strlen(name);

    return len >= 4 && strchr(name, ':') == NULL &&
           (strcmp(name + len - 4, ".jar") == 0 || strcmp(name + len - 4, ".JAR") == 0);
}

/* The jars of a directory, its name with the slash, in the order in which the kernel lists them,
 * which is java's. False: there are none. */
static bool add_jars(const struct root *root, struct buf *path, const char *dir)
{
    int fd = root_open(root, dir, O_RDONLY | O_DIRECTORY);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    bool found = false;

    if (list == NULL) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    while ((entry = readdir(list)) != NULL)
        if (is_jar(entry->d_name)) {
            own_free char *jar = mem_printf("%s%s", dir, entry->d_name);

            add_entry(path, jar, strlen(jar));
            found = true;
        }
    closedir(list);
    return found;
}

static void add(const struct root *root, struct buf *path, const char *entry)
{
    size_t len = strlen(entry);
    own_free char *dir = NULL;

    if (len >= 2 && strcmp(entry + len - 2, "/*") == 0 && !root_exists(root, entry)) {
        dir = mem_dup(entry, len - 1);
        if (add_jars(root, path, dir))
            return;
    }
    add_entry(path, entry, len);
}

char *classpath_option(const struct root *root, const struct launch *launch, char *const *env,
                       struct strings *told)
{
    const char *value = text_env(env, "CLASSPATH"), *from = "CLASSPATH";
    const struct launch_word *word = launch_class_path(launch);
    own_buf struct buf kept = {0};

    if (word != NULL) {
        value = launch_value(word);
        from = word->variable;
    }
    while (value != NULL && *value != '\0') {
        size_t len = strcspn(value, ":");
        own_free char *entry = mem_dup(value, len);

        if (*entry == '/') {
            add(root, &kept, entry);
        } else if (len > 0) {
            own_free char *line = mem_printf("not passed on from %s: %s", from, entry);

            strings_add(told, line);
        }
        value += len + (value[len] == ':');
    }
    return mem_printf(LAUNCH_CLASS_PATH "%s", kept.len > 0 ? kept.data : "/dev/null");
}
