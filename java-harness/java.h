/* SPDX-License-Identifier: Apache-2.0
 *
 * java.h: finds JDKs, and asks one through JNI. java_find reads files only. java_ask runs only in
 * children of run.h: it may dlopen libjvm, never prints. Only this room includes <jni.h>.
 *
 * Facts of a group (struct group.facts):
 *     java_version     java.version, vm    java.vm.name + java.vm.version
 *     providers        [{name, version, info, services, types}] in order: how many services, and
 *                      {Cipher: 12, Mac: 5 ...} of each type; only where provider.primary was
 *                      asked and Security.getProviders() did not throw
 *     provider_error   the first exception of Security.getProviders(), with its chain of causes
 *     provider_error_then  "thrown again", "thrown again, as CODE" (another one: the class could
 *                      not be initialised) or "skipped from the 2nd access on": how the JVM went
 *                      on after provider_error, where another row was asked
 *     providers_after_error  where it was skipped: as providers, of what was left
 *     nss_fips_mode    true where the libnss3 that the JVM loaded says that its own module is in
 *                      FIPS mode (PK11_IsFIPS); not told where it loaded none
 *     providers_lost   [{entry, error}]: what security.provider.N names and is not in providers,
 *                      with the chain of exceptions that Java did not pass on
 *     options          what was passed to the JVM beside the environment's own, and what of the
 *                      environment was not, with the reason
 *     database         where an NSS database of a Java configuration would have been written: how
 *                      it was protected
 *     vm_messages      what the VM said although it started
 *
 * The evidence of an observation:
 *     result   FAILED where Java threw, DONE or WRONG otherwise. door.open: FAILED where the VM
 *              did not start; NOT_RUN where starting it would have changed the host.
 *              CRASHED where the VM ended itself (code "SIGSEGV" ..., "abort", "exit").
 *     step     "Class.method": the call that threw, or the last
 *     code     of an exception, without blanks but those around "<-":
 *                  OUTER [" <- " DEEPEST] ["/" CKR_NAME]
 *              OUTER is the class of the exception that was thrown, DEEPEST that of the last of
 *              its causes, left out where there is no cause. CKR_NAME is the last one in the
 *              messages of the chain, left out where there is none. Examples:
 *                  java.security.NoSuchAlgorithmException
 *                  java.security.NoSuchAlgorithmException <- javax.crypto.NoSuchPaddingException
 *                  java.security.ProviderException <- java.io.IOException
 *                  java.security.InvalidKeyException <- sun.security.pkcs11.wrapper.PKCS11Exception
 *                      with /CKR_KEY_SIZE_RANGE behind it, in one piece
 *              Else (door.open) JNI_ERR, JNI_EINVAL ..., "dlopen", "no-libjvm", "launcher" (java itself
 *              would not start a program with this environment), "abort", "exit"; (provider.primary)
 *              "no-providers".
 *     detail   the whole chain, "CLASS: MESSAGE <- CLASS: MESSAGE ..."; where the row was done:
 *              the class of the key and what else was seen
 *     listed   YES where getInstance succeeded, or where some provider lists the service although
 *              getInstance failed; NO where none does; UNKNOWN where the list could not be had
 *     provider the one that served, asked after initialisation
 *     answer   provider.primary: its name
 */
#ifndef JAVA_HARNESS_JAVA_H
#define JAVA_HARNESS_JAVA_H

#include "base/root.h"
#include "model/catalogue.h"
#include "model/result.h"
#include "run/run.h"

extern const struct op java_ops[];
int java_check(const struct spec *spec, const struct op *op, struct err *err) must_check;

/* The JDKs of this host, each once (by its real libjvm): those in homes (--java-home), which must
 * be JDKs or are listed with their problem. Without any: the one of JAVA_HOME, else of the java on
 * PATH, else the first of /etc/alternatives and the usual directories that can be asked; with all
 * every one of these, and those that running processes have mapped (/proc/PID/maps; nothing is
 * attached to). What could not be asked on the way there is listed too. Nothing is taken from the
 * current directory. */
struct jdk_list {
    struct jdk *items;
    size_t n;
};
void java_find(const struct root *root, char *const *env, const struct strings *homes, bool all,
               struct jdk_list *out);

/* run_task.ask with arg a struct java_config. */
struct java_config {
    const struct jdk *jdk;
};
void java_ask(const struct child *child, struct wire *wire);
/* run_task.said: what the VM wrote while it was started, without the environment's options. */
char *java_said(const char *text);

#endif
