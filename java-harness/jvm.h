/* SPDX-License-Identifier: Apache-2.0
 *
 * jvm.h: one JVM in this process, started through JNI, with the classes of FipsProbe*.java in it. In
 * a child only; the thread that starts it is the one that asks. JNI is included here and nowhere
 * else.
 */
#ifndef JAVA_HARNESS_JVM_H
#define JAVA_HARNESS_JVM_H

#include "base/mem.h"
#include "model/result.h"
#include "run/wire.h"

#include <jni.h>

struct jvm {
    JNIEnv *env;
    jclass class;
    jmethodID ask;
};

/* What the VM does on its own (abort, exit) is answered for the row that jvm_current names. */
/* said: a file for what it writes while it is started, should it end without a word to us. */
void jvm_hooks(struct wire *wire, const char *crash_report, const char *said);
void jvm_current(size_t index);

/* Starts libjvm with these options; the first `essential` of them change what it does, the others
 * only serve its speed and are left out if it does not want them. 0, or -1 with evidence (step,
 * code, detail) of the failure. */
int jvm_start(struct jvm *jvm, const char *libjvm, const struct strings *options,
              size_t essential, struct evidence *evidence) must_check;
/* What the VM said since it was started; NULL: nothing. The caller frees. */
char *jvm_messages(void);

/* The array of strings that a static method without parameters gives; false: it threw, or gave
 * null. Strings that are null are NULL. Release with jvm_strings_free. */
struct jvm_strings {
    char **items;
    size_t n;
};
bool jvm_call(struct jvm *jvm, const char *method, struct jvm_strings *out);
bool jvm_ask(struct jvm *jvm, const char *op, const struct strings *parameters,
             struct jvm_strings *out);
/* The same for one that gives a string. */
char *jvm_call_string(struct jvm *jvm, const char *method);
void jvm_strings_free(struct jvm_strings *strings);

#endif
