/* SPDX-License-Identifier: Apache-2.0
 *
 * words.h: the project's closed vocabularies. The enum, the word that a report prints and the
 * sentence that explains it are one row. Pure data: touches nothing.
 */
#ifndef MODEL_WORDS_H
#define MODEL_WORDS_H

/* Which way into the crypto a probe goes. */
#define DOORS(X)                                                                                   \
    X(DOOR_SOFTOKN_FIPS, "softokn-fips",                                                           \
      "FC_GetFunctionList of libsoftokn3: the FIPS token, on every host")                          \
    X(DOOR_SOFTOKN_DEFAULT, "softokn-default",                                                     \
      "C_GetFunctionList of libsoftokn3: what any PKCS#11 program gets")                           \
    X(DOOR_NSS, "nss", "libnss3 and its PK11 functions: what NSS programs and Java get")           \
    X(DOOR_JCA, "jca", "the Java Cryptography Architecture of one JDK")

/* The controlled conditions of one run of a group. */
#define CONTEXTS(X)                                                                                \
    X(CONTEXT_AS_IS, "as-is", "the host as it is")                                                 \
    X(CONTEXT_KERNEL_OFF, "kernel-off", "the kernel's FIPS flag presented as 0")                   \
    X(CONTEXT_KERNEL_ON, "kernel-on", "the kernel's FIPS flag presented as 1")                     \
    X(CONTEXT_ENV_NSS_FIPS, "env-nss-fips",                                                        \
      "NSS_FIPS=1 in the environment, with the kernel's FIPS flag presented as 0")                 \
    X(CONTEXT_ENV_NONE, "env-no-nss-fips",                                                         \
      "NSS_FIPS taken out of the environment, with the kernel's FIPS flag presented as 0: only "   \
      "where it is set")                                                                           \
    X(CONTEXT_JVM_OPTIONS, "jvm-options",                                                          \
      "the JVM's own FIPS options the other way round, with the kernel's FIPS flag presented as "  \
      "1: only for a JDK that has such options")

/* Dependence on the host is told by the contexts up to here; the others tell what else decides. */
#define CONTEXT_LAST_OF_KERNEL CONTEXT_KERNEL_ON

#define OUTCOMES(X)                                                                                \
    X(OUTCOME_APPROVED, "approved",                                                                \
      "it worked, the answer was right, and the module's own service indicator says approved")     \
    X(OUTCOME_NOT_APPROVED, "not-approved",                                                        \
      "it worked; a working service indicator says that the service is not approved")              \
    X(OUTCOME_WORKS, "works",                                                                      \
      "it worked and the answer was right; this module gives no service indicator for it")         \
    X(OUTCOME_ABSENT, "absent", "nothing at this door offers it in this context")                  \
    X(OUTCOME_REFUSED, "refused",                                                                  \
      "it is offered, and then not done: a policy, a key size, a missing login")                   \
    X(OUTCOME_INCORRECT, "incorrect", "it returned success with a wrong answer")                   \
    X(OUTCOME_ERROR, "error", "it failed in a way that is neither absence nor refusal")            \
    X(OUTCOME_CRASHED, "crashed", "the process died while it was doing it")                        \
    X(OUTCOME_TIMED_OUT, "timed-out", "it did not end before its deadline")                        \
    X(OUTCOME_NOT_RUN, "not-run", "it was not asked; the reason is beside it")

#define DEPENDENCES(X)                                                                             \
    X(DEPENDENCE_INDEPENDENT, "host-independent",                                                  \
      "measured the same with the kernel's FIPS flag presented as 0 and as 1")                     \
    X(DEPENDENCE_DEPENDENT, "host-dependent",                                                      \
      "measured differently with the kernel's FIPS flag presented as 0 and as 1")                  \
    X(DEPENDENCE_UNDETERMINED, "undetermined", "it could not be measured; the reason is beside it")

/* What decides about a result, of all that was varied. */
#define DETERMINANTS(X)                                                                            \
    X(DETERMINED_BY_KERNEL, "kernel",                                                              \
      "the kernel's FIPS flag: it was measured differently with the flag presented as 0 and as 1") \
    X(DETERMINED_BY_ENVIRONMENT, "environment",                                                    \
      "the variable NSS_FIPS: the kernel's flag changed nothing, with and without it was another") \
    X(DETERMINED_BY_JVM_OPTIONS, "jvm-options",                                                    \
      "options of the JVM: neither flag nor NSS_FIPS changed anything, and these options did")     \
    X(DETERMINED_BY_IMAGE, "image",                                                                \
      "the files alone: it was measured the same in every context")                                \
    X(DETERMINED_BY_UNKNOWN, "undetermined", "not all of this could be measured")

/* What a child saw of one probe, before it is judged (judge/classify.h makes the outcome). */
#define RESULTS(X)                                                                                 \
    X(RESULT_DONE, "done", "every step succeeded and the answer was right")                        \
    X(RESULT_WRONG, "wrong", "every step succeeded and the answer was wrong")                      \
    X(RESULT_FAILED, "failed", "a step failed: step, code and detail say which and how")           \
    X(RESULT_CRASHED, "crashed", "the child died of a signal or left without a word")              \
    X(RESULT_TIMED_OUT, "timed-out", "the deadline passed")                                        \
    X(RESULT_NOT_RUN, "not-run", "it was not asked: detail says why")

/* Does the door offer the mechanism: is it on the token's list, has a provider the service? */
#define LISTINGS(X)                                                                                \
    X(LISTED_UNKNOWN, "unknown", "the door was not asked")                                         \
    X(LISTED_NO, "no", "not on the list")                                                          \
    X(LISTED_YES, "yes", "on the list")

/* How an answer was checked. */
#define CHECKS(X)                                                                                  \
    X(CHECK_NONE, "none", "there is no answer to check")                                           \
    X(CHECK_KNOWN_ANSWER, "known-answer", "compared with a published value")                       \
    X(CHECK_ROUND_TRIP, "round-trip",                                                              \
      "undone or verified by the module itself, and a changed input was not accepted")             \
    X(CHECK_AGREEMENT, "agreement", "two parties came to the same secret")                         \
    X(CHECK_PLAUSIBLE, "plausible", "of the right size and not constant")

/* What the module's service indicator said after the operation, word for word. It means something
 * only where the door's control (SHA-256) was answered with yes: see enum control. */
#define INDICATORS(X)                                                                              \
    X(INDICATOR_NONE, "none", "not asked, or the module has no such interface")                    \
    X(INDICATOR_OK, "ok", "the module says approved")                                              \
    X(INDICATOR_NOT_OK, "not-ok", "the module says not approved")                                  \
    X(INDICATOR_FAILED, "failed", "asking for it failed")

/* Does this module have service indicators? Asked once per door and context, with SHA-256, which
 * every module that has indicators approves. */
#define CONTROLS(X)                                                                                \
    X(CONTROL_NO_INTERFACE, "no-interface", "the module has no way to ask for an indicator")       \
    X(CONTROL_NOT_BUILT_IN, "not-built-in",                                                        \
      "the interface is there but says no even to SHA-256: compiled without indicators")           \
    X(CONTROL_WORKING, "working", "the control was approved: the indicators mean something")       \
    X(CONTROL_CONTRADICTED, "contradicted",                                                        \
      "the module's two ways to ask, NSS's own and PKCS#11 3.2's, disagree about SHA-256")         \
    X(CONTROL_FAILED, "failed", "the control itself could not be done")

/* How a child ended. */
#define ENDINGS(X)                                                                                 \
    X(ENDING_DONE, "done", "it said that it was finished")                                         \
    X(ENDING_EXITED, "exited", "it left before it was finished")                                   \
    X(ENDING_KILLED, "killed", "a signal killed it")                                               \
    X(ENDING_TIMED_OUT, "timed-out", "it was killed at its deadline")                              \
    X(ENDING_GARBLED, "garbled", "what it wrote to the parent was not of the agreed form")         \
    X(ENDING_NOT_STARTED, "not-started", "it could not be started")

/* Whose word the host's FIPS flag is. */
#define TRUTHS(X)                                                                                  \
    X(TRUTH_UNKNOWN, "unknown", "nothing beside it tells")                                         \
    X(TRUTH_KERNEL, "kernel", "the kernel's own, and nothing that was seen contradicts it")        \
    X(TRUTH_PRESENTED, "presented", "somebody else's: another file than the kernel's is opened")   \
    X(TRUTH_CONTRADICTORY, "contradictory", "the kernel itself says otherwise elsewhere")

/* How the kernel's flag was presented to a child. */
#define WAYS(X)                                                                                    \
    X(WAY_NONE, "none", "it was not")                                                              \
    X(WAY_NOTIFICATION, "notification",                                                            \
      "seccomp user notification: a supervisor answers the calls that ask for the flag")           \
    X(WAY_OUTER, "outer-exec",                                                                     \
      "the supervisor of the fipsprobe exec around this program: it answers these calls")          \
    X(WAY_MOUNT, "private-mount",                                                                  \
      "a file mounted over the flag in namespaces of the child's own")

#define WORDS_ENUM(id, word, text) id,
#define WORDS_DECLARE(name, LIST, MAX)                                                             \
    enum name { LIST(WORDS_ENUM) MAX };                                                            \
    const char *name##_word(enum name value);          /* never NULL */                            \
    const char *name##_text(enum name value);          /* never NULL */                            \
    int name##_parse(const char *word, enum name *out) /* 0, or -1: no such word */                \
        __attribute__((warn_unused_result));

WORDS_DECLARE(door, DOORS, DOOR_MAX)
WORDS_DECLARE(context, CONTEXTS, CONTEXT_MAX)
WORDS_DECLARE(outcome, OUTCOMES, OUTCOME_MAX)
WORDS_DECLARE(dependence, DEPENDENCES, DEPENDENCE_MAX)
WORDS_DECLARE(determinant, DETERMINANTS, DETERMINED_BY_MAX)
WORDS_DECLARE(result, RESULTS, RESULT_MAX)
WORDS_DECLARE(listing, LISTINGS, LISTED_MAX)
WORDS_DECLARE(check, CHECKS, CHECK_MAX)
WORDS_DECLARE(indicator, INDICATORS, INDICATOR_MAX)
WORDS_DECLARE(control, CONTROLS, CONTROL_MAX)
WORDS_DECLARE(truth, TRUTHS, TRUTH_MAX)
WORDS_DECLARE(way, WAYS, WAY_MAX)
WORDS_DECLARE(ending, ENDINGS, ENDING_MAX)

#endif
