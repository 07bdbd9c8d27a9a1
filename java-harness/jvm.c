/* SPDX-License-Identifier: Apache-2.0 */
#include "java-harness/jvm.h"

#include "base/buf.h"
#include "base/own.h"
#include "base/text.h"
#include "data/data.h"
#include "java-harness/java.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>

#define MESSAGES 4096

/* The hooks have no argument of ours, and may be called by any thread of the VM. */
static struct {
    struct wire *wire;
    const char *crash_report, *said;
    _Atomic size_t current;
    atomic_bool started, ending;
    pthread_mutex_t lock;
    char text[MESSAGES];
    size_t len;
    char step[80]; /* the call that was announced last */
    int stderr_fd; /* a file that stands for stdout and stderr while the VM starts; or -1 */
} vm = {.lock = PTHREAD_MUTEX_INITIALIZER, .stderr_fd = -1};

static __attribute__((format(printf, 2, 0))) jint JNICALL on_printf(FILE *to, const char *format,
                                                                  va_list args)
{
    va_list again;
    int n;

    (void)to;
    if (!vm.started && vm.stderr_fd >= 0)
        return vdprintf(vm.stderr_fd, format, args);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    pthread_mutex_lock(&vm.lock);
    if (vm.len + 1 < sizeof vm.text) {
        size_t room = sizeof vm.text - vm.len;
        int written = vsnprintf(vm.text + vm.len, room, format, args);

        if (written > 0)
            vm.len += (size_t)written < room ? (size_t)written : room - 1;
    }
    pthread_mutex_unlock(&vm.lock);
    return n;
}

/* Lines that only repeat the environment, secrets and all, and the crash report's padding; and where
 * that report lies, which is gone when this is read. */
static const char *const dull[] = {
    "Picked up ", "An error report file with", "See problematic frame", "A fatal error has been", "JRE version:", "Java VM:", "Problematic frame:",
    "CreateCoredumpOnCrash", "No core dump", "Core dump", "If you would like", "http",
};

static bool is_dull(const char *line, size_t len)
{
    if (vm.crash_report != NULL && strlen(vm.crash_report) == len &&
        strncmp(vm.crash_report, line, len) == 0)
        return true;
    for (size_t i = 0; i < sizeof dull / sizeof *dull; i++)
        if (strlen(dull[i]) <= len && strncmp(line, dull[i], strlen(dull[i])) == 0)
            return true;
    return len == 0;
}

/* The crash report begins with what was said before. */
static bool has_line(const struct buf *said, const char *line, size_t len)
{
    for (size_t at = 0; at < said->len;) {
        const char *end = memmem(said->data + at, said->len - at, "; ", 2);
        size_t n = end == NULL ? said->len - at : (size_t)(end - said->data) - at;

        if (n == len && strncmp(said->data + at, line, len) == 0)
            return true;
        at += n + 2;
    }
    return false;
}

static void add_lines(struct buf *out, const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\n"), skip = strspn(text, "# \t\r");

        skip = skip < len ? skip : len;
        if (!is_dull(text + skip, len - skip) && !has_line(out, text + skip, len - skip)) {
            if (out->len > 0)
                buf_puts(out, "; ");
            buf_add(out, text + skip, len - skip);
        }
        text += len + (text[len] == '\n');
    }
}

static void add_file(struct buf *out, int fd, size_t lines)
{
    char text[MESSAGES];
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    size_t end = 0;

    if (n <= 0)
        return;
    text[n] = '\0';
    for (size_t i = 0; i < lines && end < (size_t)n; i++)
        end += strcspn(text + end, "\n") + 1;
    text[end < (size_t)n ? end : (size_t)n] = '\0';
    add_lines(out, text);
}

/* What the VM said; with report, the head of its crash report too: the signal, the frame. */
static void said(struct buf *out, bool report)
{
    own_fd int fd = report && vm.crash_report != NULL ? open(vm.crash_report, O_RDONLY | O_CLOEXEC)
                                                      : -1;

    if (vm.stderr_fd >= 0)
        add_file(out, vm.stderr_fd, SIZE_MAX);
    if (pthread_mutex_trylock(&vm.lock) == 0) { /* a VM that dies may hold it for ever */
        add_lines(out, vm.text);
        pthread_mutex_unlock(&vm.lock);
    }
    if (fd >= 0)
        add_file(out, fd, 12);
}

char *java_said(const char *text)
{
    own_buf struct buf out = {0};

    add_lines(&out, text);
    return out.len == 0 ? NULL : buf_steal(&out);
}

char *jvm_messages(void)
{
    own_buf struct buf text = {0};

    said(&text, false);
    return text.len == 0 ? NULL : buf_steal(&text);
}

/* "SIGSEGV" of "SIGSEGV (0xb) at pc=..."; NULL: it was no signal. */
static char *signal_in(const char *text)
{
    const char *at = strstr(text, "SIG");
    size_t len = at == NULL ? 0 : strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    return len > 3 && len < 12 && strncmp(at + len, " (0x", 4) == 0 ? mem_dup(at, len) : NULL;
}

/* The VM is about to end this process. Its state is unknown, so nothing returns to it: the row
 * that was running is answered, and the others go to a fresh child. */
static _Noreturn void end(const char *code, const char *what)
{
    own_buf struct buf text = {0};
    struct evidence evidence = {.result = vm.started ? RESULT_CRASHED : RESULT_FAILED};

    if (atomic_exchange(&vm.ending, true)) /* a second thread: the first one is at it */
        for (;;)
            pause();
    said(&text, true);
    evidence.step = mem_str(vm.step);
    evidence.code = signal_in(text.data == NULL ? "" : text.data);
    if (evidence.code == NULL)
        evidence.code = mem_str(code);
    evidence.detail = mem_printf("%s%s%s", what, text.len > 0 ? ": " : "",
                                 text.data == NULL ? "" : text.data);
    wire_answer(vm.wire, vm.current, &evidence);
    if (vm.started)
        wire_again(vm.wire);
    _exit(0);
}

static void JNICALL on_abort(void)
{
    end("abort", "the VM aborted");
}

static void JNICALL on_exit_(jint status)
{
    own_free char *what = mem_printf("exit(%d) was called in the VM", (int)status);

    end("exit", what);
}

/* What the VM cannot do without, it leaves by exit() itself, past its own hook: without lib/modules,
 * say. Nothing of ours calls exit() in a child. */
static void on_plain_exit(void)
{
    if (vm.wire != NULL)
        end("exit", "the VM called exit()");
}

void jvm_hooks(struct wire *wire, const char *crash_report, const char *file)
{
    if (vm.wire == NULL)
        atexit(on_plain_exit);
    vm.wire = wire;
    vm.crash_report = crash_report;
    vm.said = file;
}

void jvm_current(size_t index)
{
    vm.current = index;
}

static void announce(const char *step)
{
    size_t len = strnlen(step, sizeof vm.step - 1);

    memcpy(vm.step, step, len);
    vm.step[len] = '\0';
    wire_step(vm.wire, step);
}

static void JNICALL tell(JNIEnv *env, jclass class, jstring call)
{
    const char *text = call == NULL ? NULL : (*env)->GetStringUTFChars(env, call, NULL);

    (void)class;
    if (text == NULL)
        return;
    announce(text);
    (*env)->ReleaseStringUTFChars(env, call, text);
}

static const char *jni_code(jint rc)
{
    static const struct {
        jint rc;
        const char *name;
    } codes[] = {
        {JNI_ERR, "JNI_ERR"},       {JNI_EDETACHED, "JNI_EDETACHED"},
        {JNI_EVERSION, "JNI_EVERSION"}, {JNI_ENOMEM, "JNI_ENOMEM"},
        {JNI_EEXIST, "JNI_EEXIST"}, {JNI_EINVAL, "JNI_EINVAL"},
    };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].rc == rc)
            return codes[i].name;
    return "JNI_ERR (unknown number)";
}

static int failed(struct evidence *evidence, const char *step, const char *code, char *detail)
{
    evidence->result = RESULT_FAILED;
    evidence->step = mem_str(step);
    evidence->code = mem_str(code);
    evidence->detail = detail;
    return -1;
}

typedef jint(JNICALL *create_fn)(JavaVM **, void **, void *);

static jint create_with(create_fn create_vm, const struct strings *options, size_t n, JNIEnv **env)
{
    own_free JavaVMOption *list = mem_zero(n + 3, sizeof *list);
    /* Not ignored: java itself does not start either with an option that its VM does not know. */
    JavaVMInitArgs args = {.version = JNI_VERSION_1_8,
                           .nOptions = (jint)n + 3,
                           .options = list,
                           .ignoreUnrecognized = JNI_FALSE};
    JavaVM *created;

    list[0] = (JavaVMOption){(char *)"vfprintf", (void *)on_printf};
    list[1] = (JavaVMOption){(char *)"exit", (void *)on_exit_};
    list[2] = (JavaVMOption){(char *)"abort", (void *)on_abort};
    for (size_t i = 0; i < n; i++)
        list[i + 3].optionString = options->items[i];
    return create_vm(&created, (void **)env, &args);
}

static jint create(create_fn create_vm, const struct strings *options, size_t essential,
                   JNIEnv **env)
{
    int saved[2] = {dup(1), dup(2)};
    jint rc;

    /* What is wrong in the environment's options is said on stderr, before the hook is there. */
    if (vm.said != NULL)
        vm.stderr_fd = open(vm.said, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (vm.stderr_fd < 0)
        vm.stderr_fd = memfd_create("vm", MFD_CLOEXEC);
    if (vm.stderr_fd >= 0 && saved[0] >= 0 && saved[1] >= 0) {
        dup2(vm.stderr_fd, 1);
        dup2(vm.stderr_fd, 2);
    }
    rc = create_with(create_vm, options, options->n, env);
    if ((rc == JNI_EINVAL || rc == JNI_ERR) && essential < options->n) {
        /* Options that a VM refuses may be those that only serve its speed: a VM of another kind
         * does not know them. HotSpot lets one try again after such an error. */
        vm.text[vm.len = 0] = '\0';
        if (vm.stderr_fd >= 0 && ftruncate(vm.stderr_fd, 0) == 0)
            lseek(vm.stderr_fd, 0, SEEK_SET);
        rc = create_with(create_vm, options, essential, env);
    }
    for (int i = 0; i < 2; i++)
        if (saved[i] >= 0) {
            dup2(saved[i], i + 1);
            close(saved[i]);
        }
    return rc;
}

/* The exception that is pending, with what it is about. */
static char *pending(JNIEnv *env, const char *what)
{
    (*env)->ExceptionClear(env); /* describing it would need the class that could not be had */
    return mem_printf("%s threw an exception", what);
}

/* The classes of java-harness. The first one is defined at the start, the others by its native
 * method load, where a row wants them; they refer to each other, so that a superclass comes before
 * those that extend it. */
static const struct class_file {
    const char *name;
    const unsigned char *bytes;
    const size_t *len;
} classes[] = {
    {"FipsProbe", data_java, &data_java_len},
    {"FipsProbeAgree", data_java_agree, &data_java_agree_len},
    {"FipsProbeDerive", data_java_derive, &data_java_derive_len},
    {"FipsProbeLost", data_java_lost, &data_java_lost_len},
    {"FipsProbePair", data_java_pair, &data_java_pair_len},
    {"FipsProbeSecret", data_java_secret, &data_java_secret_len},
    {"FipsProbeStore", data_java_store, &data_java_store_len},
    {"FipsProbeTls", data_java_tls, &data_java_tls_len},
    {"FipsProbeTlsKeys", data_java_tls_keys, &data_java_tls_keys_len},
};
#define CLASSES (sizeof classes / sizeof *classes)

/* By the boot loader (NULL): its classes are not verified, which saves time. */
static jclass define_class(JNIEnv *env, const struct class_file *file)
{
    return (*env)->DefineClass(env, file->name, NULL, (const jbyte *)file->bytes,
                               (jsize)*file->len);
}

/* What DefineClass throws is thrown in Java. */
static void JNICALL load(JNIEnv *env, jclass class, jstring name)
{
    static bool defined[CLASSES]; /* only the thread that asks comes here */
    const char *text = name == NULL ? NULL : (*env)->GetStringUTFChars(env, name, NULL);

    (void)class;
    if (text == NULL)
        return;
    for (size_t i = 1; i < CLASSES; i++)
        if (strcmp(classes[i].name, text) == 0 && !defined[i])
            defined[i] = define_class(env, &classes[i]) != NULL;
    (*env)->ReleaseStringUTFChars(env, name, text);
}

static int define(struct jvm *jvm, struct evidence *evidence)
{
    static const JNINativeMethod natives[] = {
        {(char *)"tell", (char *)"(Ljava/lang/String;)V", (void *)tell},
        {(char *)"load", (char *)"(Ljava/lang/String;)V", (void *)load},
    };
    JNIEnv *env = jvm->env;
    jclass class = define_class(env, &classes[0]);

    if (class == NULL || (*env)->ExceptionCheck(env))
        return failed(evidence, "DefineClass", "no-class", pending(env, "DefineClass"));
    jvm->class = (*env)->NewGlobalRef(env, class);
    if (jvm->class == NULL || (*env)->RegisterNatives(env, jvm->class, natives, 2) != JNI_OK ||
        (*env)->ExceptionCheck(env))
        return failed(evidence, "RegisterNatives", "no-class", pending(env, "RegisterNatives"));
    jvm->ask = (*env)->GetStaticMethodID(
        env, jvm->class, "ask", "(Ljava/lang/String;[Ljava/lang/String;)[Ljava/lang/String;");
    if (jvm->ask == NULL || (*env)->ExceptionCheck(env))
        return failed(evidence, "GetStaticMethodID", "no-class", pending(env, "initialisation"));
    return 0;
}

int jvm_start(struct jvm *jvm, const char *libjvm, const struct strings *options,
              size_t essential, struct evidence *evidence)
{
    void *lib;
    create_fn create_vm;
    struct statvfs fs;
    jint rc;

    announce("dlopen");
    lib = dlopen(libjvm, RTLD_NOW | RTLD_GLOBAL);
    if (lib == NULL) {
        const char *why = dlerror();

        return failed(evidence, "dlopen", "dlopen",
                      mem_printf("%s%s", why,
                                 statvfs(libjvm, &fs) == 0 && (fs.f_flag & ST_NOEXEC) != 0
                                     ? " (its file system is mounted noexec)"
                                     : ""));
    }
    create_vm = (create_fn)dlsym(lib, "JNI_CreateJavaVM");
    if (create_vm == NULL)
        return failed(evidence, "dlsym", "dlopen", mem_str(dlerror()));
    announce("JNI_CreateJavaVM");
    rc = create(create_vm, options, essential, &jvm->env);
    if (rc != JNI_OK) {
        char *text = jvm_messages();

        return failed(evidence, "JNI_CreateJavaVM", jni_code(rc),
                      text != NULL ? text : mem_str("the VM gave no message"));
    }
    announce("DefineClass");
    if (define(jvm, evidence) < 0)
        return -1;
    vm.started = true;
    if (vm.said != NULL)
        unlink(vm.said); /* an end that comes later has nothing to do with it */
    return 0;
}

static char *c_string(JNIEnv *env, jstring text)
{
    const char *utf = text == NULL ? NULL : (*env)->GetStringUTFChars(env, text, NULL);
    char *copy;

    if (utf == NULL) {
        (*env)->ExceptionClear(env);
        return NULL;
    }
    copy = mem_str(utf);
    (*env)->ReleaseStringUTFChars(env, text, utf);
    return copy;
}

static bool c_strings(JNIEnv *env, jobjectArray array, struct jvm_strings *out)
{
    jsize n;

    *out = (struct jvm_strings){0};
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionClear(env);
        return false;
    }
    if (array == NULL)
        return false;
    n = (*env)->GetArrayLength(env, array);
    out->items = mem_zero(n > 0 ? (size_t)n : 1, sizeof *out->items);
    out->n = (size_t)n;
    for (jsize i = 0; i < n; i++) {
        jstring text = (jstring)(*env)->GetObjectArrayElement(env, array, i);

        if ((*env)->ExceptionCheck(env))
            (*env)->ExceptionClear(env);
        else
            out->items[i] = c_string(env, text);
        (*env)->DeleteLocalRef(env, text);
    }
    return true;
}

void jvm_strings_free(struct jvm_strings *strings)
{
    for (size_t i = 0; i < strings->n; i++)
        free(strings->items[i]);
    free(strings->items);
    *strings = (struct jvm_strings){0};
}

static jmethodID method(struct jvm *jvm, const char *name, const char *type)
{
    jmethodID id = (*jvm->env)->GetStaticMethodID(jvm->env, jvm->class, name, type);

    if ((*jvm->env)->ExceptionCheck(jvm->env)) {
        (*jvm->env)->ExceptionClear(jvm->env);
        return NULL;
    }
    return id;
}

bool jvm_call(struct jvm *jvm, const char *name, struct jvm_strings *out)
{
    JNIEnv *env = jvm->env;
    jmethodID id = method(jvm, name, "()[Ljava/lang/String;");
    bool there = false;

    *out = (struct jvm_strings){0};
    if (id != NULL && (*env)->PushLocalFrame(env, 16) == 0) {
        there = c_strings(env, (*env)->CallStaticObjectMethod(env, jvm->class, id), out);
        (*env)->PopLocalFrame(env, NULL);
    }
    (*env)->ExceptionClear(env);
    return there;
}

char *jvm_call_string(struct jvm *jvm, const char *name)
{
    JNIEnv *env = jvm->env;
    jmethodID id = method(jvm, name, "()Ljava/lang/String;");
    jobject text = id == NULL ? NULL : (*env)->CallStaticObjectMethod(env, jvm->class, id);

    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionClear(env);
        return NULL;
    }
    return c_string(env, text);
}

/* false: the VM has no memory left for the question. */
static bool put(JNIEnv *env, jobjectArray array, size_t i, const char *text)
{
    jstring string = (*env)->NewStringUTF(env, text);

    if (string == NULL || (*env)->ExceptionCheck(env))
        return false;
    (*env)->SetObjectArrayElement(env, array, (jsize)i, string);
    (*env)->DeleteLocalRef(env, string);
    return !(*env)->ExceptionCheck(env);
}

static bool ask(struct jvm *jvm, const char *op, const struct strings *parameters,
                struct jvm_strings *out)
{
    JNIEnv *env = jvm->env;
    jclass string_class = (*env)->FindClass(env, "java/lang/String");
    jobjectArray array;
    jstring name;

    if (string_class == NULL || (*env)->ExceptionCheck(env))
        return false;
    array = (*env)->NewObjectArray(env, (jsize)parameters->n, string_class, NULL);
    if (array == NULL || (*env)->ExceptionCheck(env))
        return false;
    for (size_t i = 0; i < parameters->n; i++)
        if (!put(env, array, i, parameters->items[i]))
            return false;
    name = (*env)->NewStringUTF(env, op);
    if (name == NULL || (*env)->ExceptionCheck(env))
        return false;
    return c_strings(env, (*env)->CallStaticObjectMethod(env, jvm->class, jvm->ask, name, array),
                     out);
}

bool jvm_ask(struct jvm *jvm, const char *op, const struct strings *parameters,
             struct jvm_strings *out)
{
    JNIEnv *env = jvm->env;
    bool answered = false;

    *out = (struct jvm_strings){0};
    if ((*env)->PushLocalFrame(env, 32) == 0) {
        answered = ask(jvm, op, parameters, out);
        (*env)->ExceptionClear(env);
        (*env)->PopLocalFrame(env, NULL);
    }
    (*env)->ExceptionClear(env);
    return answered;
}
