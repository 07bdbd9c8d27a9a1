/* SPDX-License-Identifier: Apache-2.0
 *
 * result.h: everything that one run finds out, as plain structs. Strings are owned by the struct
 * they stand in, come from text_clean where the outside world wrote them, and are NULL where
 * nothing was found out. result_free (report_free for the whole) releases them. Touches nothing.
 */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include "base/mem.h"
#include "model/catalogue.h"
#include "model/words.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- one probe's answer ------------------------------------------------------------------- */

struct evidence {
    enum result result;
    enum listing listed;
    enum check check;
    enum indicator indicator;     /* of the operation itself */
    enum indicator key_indicator; /* of the key that the module generated for it, if it did */
    enum indicator validation;     /* of the operation, by PKCS#11 3.2's validation flags */
    enum indicator key_validation; /* of the key, by the same */
    char *step;     /* the call that failed, or the last: "C_EncryptInit", "Cipher.init" */
    char *code;     /* CKR_ name or exception class; compared between contexts */
    char *detail;   /* for people: message, chain of causes; not compared */
    char *provider; /* who served it: JCA provider asked after initialisation; compared */
    char *answer;   /* a stable answer worth comparing between contexts (a provider's name) */
};

struct observation {
    const struct probe *probe;
    enum door door;
    enum context context;
    int jdk; /* index in report.jdks; -1 unless door is DOOR_JCA */
    struct evidence evidence;
    enum outcome outcome; /* by judge/classify */
};

/* ---- what one child told beside its observations ------------------------------------------- */

/* A file that the child had mapped at its end: /proc/PID/maps. */
struct mapped {
    char *path; /* as the kernel names it; without " (deleted)" */
    dev_t dev;
    ino_t ino;
    bool deleted;
};

struct group {
    enum door door;
    enum context context;
    int jdk;
    enum ending ending;      /* of the last child, where it took several */
    char *ending_detail;     /* "SIGSEGV in C_Initialize" */
    unsigned children;       /* how many it took: 1 unless one crashed or asked for a fresh one */
    unsigned long wall_ms;
    bool presented;          /* context other than as-is: presenting worked */
    enum way way;            /* and how */
    char *not_presented;     /* else: the call that was refused, and how to allow it */
    enum control control;    /* NSS doors; CONTROL_NO_INTERFACE for jca */
    struct {
        struct mapped *items;
        size_t n;
    } mapped;                /* shared objects only */
    json_t *facts;           /* an object; keys as the door's header documents; never NULL */
};

/* ---- dependence --------------------------------------------------------------------------- */

struct dependence_row {
    const struct probe *probe;
    enum door door;
    int jdk;
    enum dependence dependence;
    const struct observation *at[CONTEXT_MAX]; /* NULL: there is none */
    char *reason; /* for undetermined always; else what differs, or NULL */
    enum determinant determined_by;
    bool changed_by[DETERMINED_BY_MAX]; /* each that was seen to change it, the deciding one too */
    char *determined_reason; /* for undetermined always; else what was not tried, or NULL */
};

/* ---- facts of files ------------------------------------------------------------------------ */

enum chk_state {
    CHK_NONE_EXPECTED, /* NSS ships none for this library (libnss3, libnssutil3) */
    CHK_VERIFIED,
    CHK_MISMATCH,      /* well-formed, but not of this library: one of the two was changed */
    CHK_MALFORMED,
    CHK_MISSING,
    CHK_UNREADABLE,
};

struct module_file {
    char *name;      /* "libsoftokn3.so": the library's usual name */
    char *path;      /* as it was mapped, or as it was found */
    dev_t dev;       /* of the file that was mapped; 0, 0: none was */
    ino_t ino;
    char *problem;   /* why the file itself could not be examined; then the rest is empty */
    char *found_how; /* "mapped by softokn-fips (as-is)", "beside libsoftokn3.so" */
    char *why_there; /* which rule of the loader leads to it; NULL: not known */
    bool other_copy; /* not the NSS that programs get by its name: one beside it */
    uint64_t size;
    unsigned mode;   /* permission bits */
    uid_t uid;
    char *sha256;    /* 64 hexadecimal digits */
    char *machine;   /* ELF machine, "x86_64" */
    char *nss_version;    /* from the version string inside the file: "3.87.1" */
    char *build_id;       /* GNU build id, hexadecimal */
    char *soname;         /* the name that the loader knows it by */
    struct strings needed; /* the libraries that it needs, by their soname */
    char *search_path;    /* its own RUNPATH or RPATH: where it looks for those; NULL: none */
    int stripped;         /* 1: it has no symbol table; 0: it has; -1: not known */
    int names_flag, names_variable; /* the path of the kernel's flag, "NSS_FIPS" stand in it: 1, 0,
                                       or -1: not known */
    char *version_text;   /* the whole version string: "NSS 3.87.1 Basic ECC" */
    char *file_module_id; /* libsoftokn3: the module id that stands in the file, without loading it */
    char *writable_by;    /* who but root can change it; NULL: nobody, as far as its mode says */
    char *owner;          /* the package that owns it, by the package database; NULL: not known */
    char *owner_detail;   /* why that is not known, or that no package owns it */
    char *package_note;   /* "nss 3.90.0-6.amzn2023.0.1": the file's own ELF package note */
    bool changed;         /* the file at path is no longer the one that was mapped */
    enum chk_state chk;
    char *chk_path;
    char *chk_format;     /* "2.1 HMAC-SHA-256", "1.2 DSA over SHA-256" */
    char *chk_detail;     /* what is wrong, in words */
    char *known_build;    /* "amazonlinux:2023 nss 3.90.0 (x86_64)"; NULL: no reference */
    char *known_source;   /* where the digest was read */
    char *altered_from;   /* the known build of which it was, before it was changed; NULL: no sign */
    char *module_id;      /* libsoftokn3: as its validation object said; NULL: it has none */
};

/* A library of cryptography beside NSS, by its file name. */
struct neighbour {
    char *path;
    const char *what; /* static */
    char *owner;      /* the package that owns it; NULL: not known */
};

/* "verified", "mismatch", ... */
const char *chk_state_word(enum chk_state state);
bool chk_state_is_damage(enum chk_state state);

/* ---- JDKs ---------------------------------------------------------------------------------- */

/* A path that a configuration names, or that follows from it. */
struct jdk_path {
    char *keyword; /* "nssLibraryDirectory" */
    char *path;
    char *problem; /* why this user cannot use it; NULL: it is there, and readable */
};

/* SunPKCS11 with a configuration, in a list of providers. */
struct jdk_pkcs11 {
    char *entry;   /* "fips.provider.1" */
    char *file;    /* NULL: the configuration stands in the entry itself */
    char *problem; /* why Java refuses it, in silence; NULL: it does not */
    struct {
        struct jdk_path *items;
        size_t n;
    } paths;
};

struct jdk {
    char *home;     /* java.home, resolved */
    char *libjvm;   /* NULL: none below home */
    char *version;  /* JAVA_VERSION of the release file */
    char *vendor;   /* IMPLEMENTOR of the release file */
    char *found_how; /* "JAVA_HOME, java on PATH, /usr/lib/jvm": every way that leads to it */
    char *problem;  /* why it cannot be asked; NULL: it can */
    char *not_asked; /* it could be, and was not: why; NULL: it was */
    char *kind;     /* "JDK", "JRE, headless", "runtime of 2 modules (jlink)" */
    char *lacks;    /* what SunPKCS11 needs and is not there; NULL: nothing */
    char *fips_support; /* of its files: "stock", "Red Hat generation 2", ... */
    char *fips_option;  /* the options of a JVM that switch FIPS here, as the context jvm-options
                         * turns them over; NULL: there are none */
    bool asks_nss;      /* its configuration may lead to NSS, so that NSS_FIPS may matter */
    char *fips_switch;  /* what in the environment or files switches it; NULL: nothing seen */
    struct strings fips_files; /* the files that show the kind of support, and what they show */
    struct strings fips_off;   /* each thing that keeps FIPS mode off whatever the kernel says */
    struct strings security_files; /* java.security and what is put over it, in order */
    struct {
        struct jdk_pkcs11 *items;
        size_t n;
    } pkcs11; /* in the lists of providers, the ordinary one and that of FIPS mode */
};

/* ---- the host ------------------------------------------------------------------------------ */

enum flag_state {
    FLAG_ON,
    FLAG_OFF,
    FLAG_ABSENT,     /* no such file: a kernel without CONFIG_CRYPTO_FIPS; NSS takes it for off */
    FLAG_UNREADABLE, /* there, but could not be read, or holds neither 0 nor 1 */
};

struct host_variable {
    char *name, *value;
    const char *meaning; /* static: what it switches */
};

struct host {
    char *kernel;        /* "Linux 6.1.0-56-cloud-amd64" */
    char *machine;       /* "x86_64" */
    enum flag_state flag;
    char *flag_detail;   /* what was read, or the error */
    char *flag_overmount; /* "a tmpfs mounted over it": somebody else presents it; NULL: no */
    enum truth flag_truth; /* is it the kernel's own? */
    char *flag_presented; /* what is opened in its place, where no mount explains it; NULL: it is
                           * the kernel's file, or there is none */
    struct strings flag_evidence; /* what was seen beside it */
    struct strings from_host; /* files of this container that the host's FIPS mode put there */
    char *cmdline_fips;  /* the fips= argument of /proc/cmdline, the host's; NULL: none, unreadable */
    char *os;            /* PRETTY_NAME of os-release */
    char *os_id;         /* ID:VERSION_ID, "debian:12" */
    char *container;     /* "podman", "docker", "unknown kind"; NULL: no sign of one */
    char *container_evidence;
    char *crypto_policy; /* of /etc/crypto-policies; NULL: there is none */
    char *crypto_policy_detail;
    uid_t uid;
    struct {
        struct host_variable *items;
        size_t n;
    } variables;         /* those of the environment that switch FIPS modes */
};

const char *flag_state_word(enum flag_state state); /* "on", "off", "absent", "unreadable" */
/* The presented context that has the host's own value. */
enum context flag_context(enum flag_state state);

/* ---- findings ------------------------------------------------------------------------------ */

enum severity { SEVERITY_FAILURE, SEVERITY_WARNING, SEVERITY_NOTE };
const char *severity_word(enum severity severity);

/* One row of data/diagnoses.yaml. */
struct diagnosis {
    char *id, *title, *meaning, *remedy, *who; /* who: image builder, host administrator, ... */
    enum severity severity; /* FAILURE: wrong on any host: exit status 2 */
};

struct diagnoses {
    struct diagnosis *items;
    size_t n;
};

int diagnoses_load(const char *name, const char *text, size_t len, struct diagnoses *out,
                   struct err *err) must_check;
void diagnoses_free(struct diagnoses *diagnoses);
const struct diagnosis *diagnoses_find(const struct diagnoses *diagnoses, const char *id);

struct finding {
    const struct diagnosis *diagnosis;
    char *subject; /* the file, probe or JDK that it is about */
    struct strings evidence;
};

/* ---- the whole ----------------------------------------------------------------------------- */

struct report {
    char *started;  /* "2026-11-22T03:00:00Z" */
    unsigned long wall_ms;
    /* Rows that were not asked at doors of that part since they are costly and nobody named them. */
    struct strings on_request_nss, on_request_java;
    struct strings row_mechanisms; /* CKM_ names that rows of the catalogue ask, whatever was asked */
    /* Mechanisms that a token lists and no row asks, where the catalogue says why: the name, and
     * behind it in the other list the reason. */
    struct strings unasked, unasked_reasons;
    bool nss_skipped, java_skipped; /* that part was not wanted: its absence is no finding */
    char *image;    /* the root that was looked at, an unpacked image; NULL: this host */
    bool files_only; /* nothing was executed: files were looked at and no more */
    struct host host;
    struct { struct module_file *items; size_t n; } modules;
    struct { struct neighbour *items; size_t n; } neighbours; /* only where they were searched */
    char *search_stopped; /* why not everything was looked through; NULL: it was */
    struct { struct jdk *items; size_t n; } jdks;
    struct { struct group *items; size_t n; } groups;
    struct { struct observation *items; size_t n; } observations;
    struct { struct dependence_row *items; size_t n; } dependences;
    struct { struct finding *items; size_t n; } findings;
    struct { char *items[3]; } summary; /* three sentences */
};

void evidence_free(struct evidence *evidence);
void group_free(struct group *group);
void module_file_free(struct module_file *file);
void jdk_free(struct jdk *jdk);
void host_free(struct host *host);
void finding_free(struct finding *finding);
void report_free(struct report *report);

#endif
