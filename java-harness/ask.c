/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c: the rows of the jca door, asked in a child. The VM lives in a thread of its own, as the
 * launcher does it: the stack of a process's first thread is not what the VM expects.
 */
#include "java-harness/java.h"

#include "base/buf.h"
#include "base/own.h"
#include "base/text.h"
#include "java-harness/classpath.h"
#include "java-harness/fips.h"
#include "java-harness/home.h"
#include "java-harness/jvm.h"
#include "java-harness/kind.h"
#include "java-harness/launch.h"
#include "java-harness/nss.h"
#include "java-harness/options.h"
#include "java-harness/protect.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define STACK (8u << 20) /* what a shell's `ulimit -s` gives java's first thread on Linux */

/* The places of FipsProbe.ask's answer. */
enum answer_place {
    ANSWER_RESULT,
    ANSWER_LISTED,
    ANSWER_CHECK,
    ANSWER_STEP,
    ANSWER_CODE,
    ANSWER_DETAIL,
    ANSWER_PROVIDER,
    ANSWER_ANSWER,
    ANSWER_AGAIN,
    ANSWER_PLACES
};

/* The places of what FipsProbe.describe tells of each provider. */
enum told_place {
    TOLD_NAME,
    TOLD_VERSION,
    TOLD_INFO,
    TOLD_SERVICES,
    TOLD_TYPES,
    TOLD_CLASS,
    TOLD_PLACES
};

struct session {
    const struct child *child;
    struct wire *wire;
    struct jvm jvm;
    const char *libjvm;
    struct strings options;
    size_t essential; /* so many of options are not only for speed */
};

/* ---- facts -------------------------------------------------------------------------------- */

static json_t *json_text(const char *text)
{
    own_free char *clean = text == NULL ? NULL : text_clean(text, strlen(text));

    return clean == NULL ? json_null() : json_string(clean);
}

static void fact_strings(struct wire *wire, const char *key, const struct strings *strings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < strings->n; i++)
        json_array_append_new(list, json_text(strings->items[i]));
    wire_fact(wire, key, list);
}

/* "Cipher 12;Mac 5" as an object. */
static json_t *json_types(const char *text)
{
    json_t *types = json_object();

    while (text != NULL && *text != '\0') {
        size_t len = strcspn(text, ";"), name = strcspn(text, " ;");

        if (name < len) {
            own_free char *type = text_clean(text, name);

            json_object_set_new(types, type, json_integer(strtol(text + name, NULL, 10)));
        }
        text += len + (text[len] == ';');
    }
    return types;
}

static void fact_providers(struct session *session, const char *key, const char *method)
{
    struct jvm_strings told;
    json_t *list;

    if (!jvm_call(&session->jvm, method, &told))
        return;
    list = json_array();
    for (size_t i = 0; i + TOLD_PLACES <= told.n; i += TOLD_PLACES) {
        char **of = told.items + i;
        json_t *one = json_object();

        json_object_set_new(one, "name", json_text(of[TOLD_NAME]));
        json_object_set_new(one, "version", json_text(of[TOLD_VERSION]));
        json_object_set_new(one, "info", json_text(of[TOLD_INFO]));
        json_object_set_new(one, "services",
                            of[TOLD_SERVICES] == NULL
                                ? json_null()
                                : json_integer(strtol(of[TOLD_SERVICES], NULL, 10)));
        json_object_set_new(one, "types", json_types(of[TOLD_TYPES]));
        json_object_set_new(one, "jdk_class", json_text(of[TOLD_CLASS]));
        json_array_append_new(list, one);
    }
    jvm_strings_free(&told);
    wire_fact(session->wire, key, list);
}

/* What Java passed over without a word. */
static void fact_lost(struct session *session)
{
    struct jvm_strings told;
    json_t *list;

    if (!jvm_call(&session->jvm, "lost", &told))
        return;
    list = json_array();
    for (size_t i = 0; i + 1 < told.n; i += 2) {
        json_t *one = json_object();

        json_object_set_new(one, "entry", json_text(told.items[i]));
        json_object_set_new(one, "error", json_text(told.items[i + 1]));
        json_array_append_new(list, one);
    }
    if (told.n > 0)
        wire_fact(session->wire, "providers_lost", list);
    else
        json_decref(list);
    jvm_strings_free(&told);
}

static void fact_version(struct session *session)
{
    struct jvm_strings told;
    own_free char *vm = NULL;

    if (!jvm_call(&session->jvm, "about", &told))
        return;
    if (told.n == 3 && told.items[1] != NULL && told.items[2] != NULL)
        vm = mem_printf("%s %s", told.items[1], told.items[2]);
    wire_fact_str(session->wire, "java_version", told.n > 0 ? told.items[0] : NULL);
    wire_fact_str(session->wire, "vm", vm);
    jvm_strings_free(&told);
}

static void fact_nss(struct wire *wire)
{
    int mode = nss_in_fips_mode();

    if (mode >= 0)
        wire_fact(wire, "nss_fips_mode", json_boolean(mode));
}

/* ---- rows --------------------------------------------------------------------------------- */

/* What the operation knows of the row, key and value by turns, bytes as hexadecimal. */
static struct strings parameters_of(const struct probe *probe)
{
    struct spec spec = probe_spec(probe, DOOR_JCA);
    struct strings out = {0};

    for (const struct param_rule *r = probe->jca_op->rules; r->type != PARAM_END; r++) {
        const char *value = spec_get(&spec, r->key);
        size_t len;
        own_free unsigned char *bytes = NULL;
        own_free char *hex = NULL;

        if (value == NULL)
            continue;
        if (r->type == PARAM_HEX) {
            bytes = spec_bytes(&spec, r->key, &len);
            hex = text_hex(bytes, len);
            value = hex;
        }
        strings_add(&out, r->key);
        strings_add(&out, value);
    }
    return out;
}

static const char *place(const struct jvm_strings *told, enum answer_place at)
{
    return (size_t)at < told->n ? told->items[at] : NULL;
}

static void evidence_of(const struct jvm_strings *told, struct evidence *evidence)
{
    const char *result = place(told, ANSWER_RESULT), *listed = place(told, ANSWER_LISTED),
               *check = place(told, ANSWER_CHECK);

    if (result == NULL || result_parse(result, &evidence->result) < 0)
        evidence->result = RESULT_FAILED;
    if (listed == NULL || listing_parse(listed, &evidence->listed) < 0)
        evidence->listed = LISTED_UNKNOWN;
    if (check == NULL || check_parse(check, &evidence->check) < 0)
        evidence->check = CHECK_NONE;
    evidence->step = mem_str(place(told, ANSWER_STEP));
    evidence->code = mem_str(place(told, ANSWER_CODE));
    evidence->detail = mem_str(place(told, ANSWER_DETAIL));
    evidence->provider = mem_str(place(told, ANSWER_PROVIDER));
    evidence->answer = mem_str(place(told, ANSWER_ANSWER));
}

/* True when the rest has to be asked in a fresh VM. */
static bool ask_row(struct session *session, size_t index)
{
    const struct probe *probe = session->child->task->probes[index];
    struct strings parameters = parameters_of(probe);
    struct evidence evidence = {0};
    struct jvm_strings told;
    bool again = false;

    wire_begin(session->wire, index);
    jvm_current(index);
    if (jvm_ask(&session->jvm, probe->jca_op->name, &parameters, &told)) {
        evidence_of(&told, &evidence);
        again = place(&told, ANSWER_AGAIN) != NULL;
    } else {
        evidence.result = RESULT_FAILED;
        evidence.step = mem_str("JNI");
        evidence.code = mem_str("java.lang.OutOfMemoryError");
        evidence.detail = mem_str("the VM could not take the question");
    }
    wire_answer(session->wire, index, &evidence);
    if (strcmp(probe->jca_op->name, "primary-provider") == 0) {
        if (evidence.result == RESULT_FAILED)
            wire_fact_str(session->wire, "provider_error", evidence.detail);
        else
            fact_providers(session, "providers", "providers");
    }
    evidence_free(&evidence);
    jvm_strings_free(&told);
    strings_free(&parameters);
    return again;
}

/* The primary provider before all others: whether and what the list of providers throws, only the
 * first access to it tells for sure (JAVA-REDHAT 3.1). */
static bool is_primary(const struct probe *probe)
{
    return strcmp(probe->jca_op->name, "primary-provider") == 0;
}

static bool ask_rows(struct session *session)
{
    const struct child *child = session->child;
    bool again = false;

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 1; i < child->task->n_probes; i++) {
            if (!child->ask[i] || is_primary(child->task->probes[i]) != (pass == 0))
                continue;
            if (again) /* and here is one that is left */
                return true;
            again = ask_row(session, i);
        }
    return false;
}

static void *run(void *arg)
{
    struct session *session = arg;
    struct evidence evidence = {0};
    own_free char *said = NULL, *then = NULL;
    bool again;

    wire_begin(session->wire, 0);
    jvm_current(0);
    if (jvm_start(&session->jvm, session->libjvm, &session->options, session->essential,
                  &evidence) < 0) {
        wire_answer(session->wire, 0, &evidence);
        evidence_free(&evidence);
        return NULL;
    }
    evidence.result = RESULT_DONE;
    evidence.listed = LISTED_YES;
    wire_answer(session->wire, 0, &evidence);
    said = jvm_messages();
    wire_fact_str(session->wire, "vm_messages", said);
    fact_version(session);
    again = ask_rows(session);
    fact_nss(session->wire);
    then = jvm_call_string(&session->jvm, "afterError");
    wire_fact_str(session->wire, "provider_error_then", then);
    if (then != NULL && strncmp(then, "skipped", 7) == 0)
        fact_providers(session, "providers_after_error", "providersAfterError");
    if (again)
        wire_again(session->wire);
    else
        fact_lost(session);
    return NULL;
}

/* ---- before the VM ------------------------------------------------------------------------ */

static void clean_variable(const struct launch *launch, const char *name, struct strings *told)
{
    const char *value = getenv(name);
    own_free char *kept = value == NULL ? NULL : launch_variable(launch, name, value, told);

    if (kept != NULL)
        setenv(name, kept, 1);
}

/* The context jvm-options. */
static void turn_over(struct session *session, const struct jdk *jdk, struct launch *launch)
{
    if (jdk->fips_option == NULL || jdk->fips_support == NULL)
        return;
    for (size_t i = 0; i < launch->n; i++)
        if (fips_is_switch(jdk->fips_support, launch->items[i].text))
            launch->items[i].why_not = "this context is without it";
    if (strncmp(jdk->fips_option, "-D", 2) == 0)
        strings_add(&session->options, jdk->fips_option);
}

static void prepare_options(struct session *session, const struct root *root,
                            const struct jdk *jdk, struct launch *launch, const char *report,
                            const struct strings *protection, struct strings *told)
{
    static const char *const variables[] = {"JAVA_TOOL_OPTIONS", "IBM_JAVA_OPTIONS",
                                            "OPENJ9_JAVA_OPTIONS", "_JAVA_OPTIONS"};
    struct strings given = {0};
    own_free char *path = NULL;

    if (session->child->task->context == CONTEXT_JVM_OPTIONS)
        turn_over(session, jdk, launch);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        clean_variable(launch, variables[i], told);
    path = classpath_option(root, launch, environ, told);
    strings_add(&session->options, path);
    launch_pass(launch, &session->options, told);
    for (size_t i = 0; i < protection->n; i++)
        strings_add(&session->options, protection->items[i]);
    options_of_ours(home_major(jdk->version), report, &session->options);
    session->essential = session->options.n;
    for (size_t i = 0; i < launch->n; i++)
        if (launch->items[i].why_not == NULL)
            strings_add(&given, launch->items[i].text);
    options_for_speed(&given, &session->options);
    strings_free(&given);
    for (size_t i = 0; i < session->options.n; i++) {
        const char *option = session->options.items[i];
        own_free char *shown = options_shown(option);

        /* the scratch place has another name in every run */
        strings_add(told, strncmp(option, "-XX:ErrorFile=", 14) == 0 ? "-XX:ErrorFile=..." : shown);
    }
}

static void choose_vm(struct session *session, const struct root *root, const struct jdk *jdk,
                      struct launch *launch)
{
    own_free char *libraries = mem_str(jdk->libjvm);

    if (home_cut(libraries, 2))
        kind_choose(root, environ, libraries, jdk->libjvm, launch);
    if (launch->libjvm != NULL)
        session->libjvm = launch->libjvm;
}

static void not_opened(struct wire *wire, enum result result, const char *code, const char *detail)
{
    struct evidence evidence = {.result = result,
                                .step = mem_str("start"),
                                .code = mem_str(code),
                                .detail = mem_str(detail)};

    wire_begin(wire, 0);
    wire_answer(wire, 0, &evidence);
    evidence_free(&evidence);
}

static void start(struct session *session)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int rc;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    rc = pthread_create(&thread, &attributes, run, session);
    pthread_attr_destroy(&attributes);
    if (rc != 0) {
        own_free char *detail = mem_printf("pthread_create: %s", strerror(rc));

        not_opened(session->wire, RESULT_FAILED, "pthread_create", detail);
        return;
    }
    pthread_join(thread, NULL);
}

void java_ask(const struct child *child, struct wire *wire)
{
    const struct java_config *config = child->task->arg;
    struct session session = {.child = child, .wire = wire, .libjvm = config->jdk->libjvm};
    struct rlimit addresses;
    struct strings told = {0};
    struct protection protection = {0};
    own_launch struct launch launch = {0};
    struct root root;
    own_free char *report = NULL, *said = NULL;

    if (config->jdk->libjvm == NULL || config->jdk->problem != NULL) {
        not_opened(wire, RESULT_FAILED, "no-libjvm",
                   config->jdk->problem != NULL ? config->jdk->problem : "there is no libjvm");
        return;
    }
    /* Each of the VM's threads would take 128 MB of addresses for a heap of glibc's malloc, if only
     * for a moment (malloc/arena.c: new_heap); where addresses are few, the VM then lacks them. */
    if (getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY)
        mallopt(M_ARENA_MAX, 1);
    if (root_init(&root, "/", NULL) < 0) {
        not_opened(wire, RESULT_FAILED, "no-root", "the root directory cannot be opened");
        return;
    }
    launch_read(&root, environ, home_major(config->jdk->version), &launch);
    choose_vm(&session, &root, config->jdk, &launch);
    protect_databases(config->jdk, &launch, child->scratch, &protection);
    fact_strings(wire, "database", &protection.told);
    if (launch.refused != NULL) {
        own_free char *detail = mem_printf("java would not start a program: %s", launch.refused);

        not_opened(wire, RESULT_FAILED, "launcher", detail);
    } else if (launch.not_followed != NULL || protection.impossible != NULL) {
        not_opened(wire, RESULT_NOT_RUN, NULL,
                   launch.not_followed != NULL ? launch.not_followed : protection.impossible);
    } else {
        report = child->scratch == NULL ? mem_str("/dev/null")
                                        : mem_printf("%s/hs_err.log", child->scratch);
        said = child->scratch == NULL ? NULL : mem_printf("%s/" CHILD_SAID, child->scratch);
        jvm_hooks(wire, child->scratch == NULL ? NULL : report, said);
        prepare_options(&session, &root, config->jdk, &launch, report, &protection.options, &told);
        fact_strings(wire, "options", &told);
        start(&session);
    }
    root_free(&root);
    protect_free(&protection);
    strings_free(&session.options);
    strings_free(&told);
}
