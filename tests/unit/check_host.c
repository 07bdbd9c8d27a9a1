/* SPDX-License-Identifier: Apache-2.0 */
#include "base/own.h"
#include "host/alg.h"
#include "host/host.h"
#include "host/mounts.h"
#include "host/variables.h"

#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static char *no_env[] = {NULL};

/* The facts of tests/fixtures/host/NAME. */
static void read_fixture(const char *name, char *const *env, struct host *out)
{
    const char *srcdir = getenv("srcdir");
    own_free char *dir = mem_printf("%s/tests/fixtures/host/%s", srcdir == NULL ? "." : srcdir, name);
    own_err struct err err = {0};
    struct root root;

    ck_assert_msg(root_init(&root, dir, &err) == 0, "%s", err.msg);
    host_read(&root, env, out);
    root_free(&root);
}

START_TEST(debian_without_the_file)
{
    struct host h;

    read_fixture("debian-12", no_env, &h);
    ck_assert_int_eq(h.flag, FLAG_ABSENT);
    ck_assert_str_eq(h.flag_detail, "there is no /proc/sys/crypto/fips_enabled: this kernel was "
                                    "built without CONFIG_CRYPTO_FIPS");
    ck_assert_ptr_null(h.flag_overmount);
    ck_assert_ptr_null(h.cmdline_fips);
    ck_assert_str_eq(h.os, "Debian GNU/Linux 12 (bookworm)");
    ck_assert_str_eq(h.os_id, "debian:12");
    ck_assert_ptr_null(h.container);
    ck_assert_ptr_null(h.crypto_policy);
    ck_assert_ptr_null(h.kernel); /* not this host */
    ck_assert_uint_eq(h.variables.n, 0);
    host_free(&h);
}
END_TEST

START_TEST(rhel_in_fips_mode)
{
    struct host h;

    read_fixture("rhel-9-fips", no_env, &h);
    ck_assert_int_eq(h.flag, FLAG_ON);
    ck_assert_str_eq(h.flag_detail, "/proc/sys/crypto/fips_enabled reads 1");
    ck_assert_ptr_null(h.flag_overmount);
    ck_assert_str_eq(h.cmdline_fips, "1");
    ck_assert_str_eq(h.os_id, "rhel:9.2");
    ck_assert_ptr_null(h.container);
    ck_assert_str_eq(h.crypto_policy, "FIPS");
    ck_assert_ptr_null(h.crypto_policy_detail);
    host_free(&h);
}
END_TEST

START_TEST(container_with_policies_mounted_over)
{
    struct host h;

    read_fixture("ubi-9-on-fips-host", no_env, &h);
    ck_assert_int_eq(h.flag, FLAG_ON);
    ck_assert_ptr_null(h.flag_overmount); /* /proc/sys is mounted over itself, read-only */
    ck_assert_str_eq(h.container, "podman");
    ck_assert_str_eq(h.container_evidence, "/run/.containerenv (podman-4.9.4)");
    ck_assert_str_eq(h.crypto_policy, "DEFAULT");
    ck_assert_str_eq(
        h.crypto_policy_detail,
        "/etc/crypto-policies/config says FIPS and /etc/crypto-policies/state/current says DEFAULT; "
        "another one is mounted over /etc/crypto-policies/config "
        "(/usr/share/crypto-policies/default-fips-config of overlay 'overlay'); "
        "another one is mounted over /etc/crypto-policies/back-ends "
        "(/usr/share/crypto-policies/back-ends/FIPS of overlay 'overlay')");
    host_free(&h);
}
END_TEST

START_TEST(flag_mounted_over)
{
    struct host h;

    read_fixture("disable-fips", no_env, &h);
    ck_assert_int_eq(h.flag, FLAG_OFF);
    ck_assert_str_eq(h.flag_overmount,
                     "/containers/storage/overlay-containers/9c d/userdata/sysctl-fips of tmpfs "
                     "'tmpfs' is mounted over /proc/sys/crypto/fips_enabled");
    ck_assert_str_eq(h.cmdline_fips, "1");
    ck_assert_str_eq(h.container, "kubernetes");
    ck_assert_str_eq(h.container_evidence, "/run/secrets/kubernetes.io; /run/.containerenv");
    host_free(&h);
}
END_TEST

START_TEST(contradictory)
{
    struct host h;

    read_fixture("contradictory", no_env, &h);
    ck_assert_int_eq(h.flag, FLAG_OFF);
    ck_assert_str_eq(h.flag_overmount, "/ of proc 'proc' is mounted over /proc/sys/crypto");
    ck_assert_str_eq(h.cmdline_fips, "1"); /* the last one counts */
    ck_assert_str_eq(h.os, "Fedora Linux 40 (Container \\Image)");
    ck_assert_str_eq(h.crypto_policy, "DEFAULT:SHA1");
    ck_assert_str_eq(h.crypto_policy_detail,
                     "by /etc/crypto-policies/config; there is no /etc/crypto-policies/state/current; "
                     "there is no /etc/crypto-policies/back-ends/nss.config: NSS gets no policy");
    host_free(&h);
}
END_TEST

static void expect_lines(const struct strings *got, const char *const *wanted)
{
    size_t n = 0;

    for (; wanted[n] != NULL; n++) {
        ck_assert_msg(n < got->n, "'%s' is missing", wanted[n]);
        ck_assert_str_eq(got->items[n], wanted[n]);
    }
    ck_assert_msg(got->n == n, "and '%s'", got->n > n ? got->items[n] : "-");
}

/* Whose word the flag is, in every fixture. */
START_TEST(truth_of_the_flag)
{
    static const struct {
        const char *fixture;
        enum truth truth;
        const char *evidence[4];
    } rows[] = {
        {"debian-12", TRUTH_KERNEL, {NULL}},
        {"rhel-9-fips", TRUTH_KERNEL, {"the kernel was started with fips=1"}},
        {"debian-13-fips",
         TRUTH_KERNEL,
         {"the kernel's FIPS module calls itself 'Linux Kernel Cryptographic API', version "
          "6.12.107+deb13-cloud-amd64",
          "2 of 2 entries of /proc/crypto are marked for FIPS, which a kernel does in FIPS mode only",
          "the kernel was started with fips=1"}},
        {"disable-fips", TRUTH_PRESENTED, {"the kernel was started with fips=1"}},
        {"contradictory", TRUTH_PRESENTED, {"the kernel was started with fips=1"}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct host h;

        read_fixture(rows[i].fixture, no_env, &h);
        ck_assert_msg(h.flag_truth == rows[i].truth, "%s: %s", rows[i].fixture,
                      truth_word(h.flag_truth));
        expect_lines(&h.flag_evidence, rows[i].evidence);
        ck_assert_ptr_null(h.flag_presented); /* not this host */
        host_free(&h);
    }
}
END_TEST

START_TEST(files_from_the_host)
{
    static const char *const none[] = {NULL};
    static const char *const podman[] = {
        "/run/secrets/system-fips: put there by the container engine",
        "/etc/crypto-policies/config: mounted over (/usr/share/crypto-policies/default-fips-config "
        "of overlay 'overlay')",
        "/etc/crypto-policies/back-ends: mounted over (/usr/share/crypto-policies/back-ends/FIPS of "
        "overlay 'overlay')",
        NULL};
    struct host h;

    read_fixture("rhel-9-fips", no_env, &h);
    expect_lines(&h.from_host, none);
    host_free(&h);
    read_fixture("ubi-9-on-fips-host", no_env, &h);
    expect_lines(&h.from_host, podman);
    host_free(&h);
}
END_TEST

START_TEST(container_by_the_environment)
{
    static const struct {
        const char *variable, *kind, *evidence;
    } rows[] = {
        {"container=oci", "unknown kind", "container=oci in the environment"},
        {"container=lxc\x1b", "lxc\\x1b", "container=lxc\\x1b in the environment"},
        {"KUBERNETES_SERVICE_HOST=10.0.0.1", "kubernetes", "KUBERNETES_SERVICE_HOST is set"},
        {"container=", NULL, NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_free char *variable = mem_str(rows[i].variable);
        char *env[] = {variable, NULL};
        struct host h;

        read_fixture("debian-12", env, &h);
        if (rows[i].kind == NULL) {
            ck_assert_ptr_null(h.container);
        } else {
            ck_assert_str_eq(h.container, rows[i].kind);
            ck_assert_str_eq(h.container_evidence, rows[i].evidence);
        }
        host_free(&h);
    }
}
END_TEST

START_TEST(variables_with_meaning)
{
    char *env[] = {(char[]){"PATH=/bin"}, (char[]){"NSS_FIPS=1"},
                   (char[]){"JAVA_OPTS=-Dx=\n-Dfips.nssdb.pin=pin:1234 -Dy"}, NULL};
    struct host h;

    read_fixture("debian-12", env, &h);
    ck_assert_uint_eq(h.variables.n, 2);
    ck_assert_str_eq(h.variables.items[0].name, "NSS_FIPS");
    ck_assert_str_eq(h.variables.items[0].value, "1");
    ck_assert_ptr_nonnull(h.variables.items[0].meaning);
    ck_assert_str_eq(h.variables.items[1].value, "-Dx=\\n-Dfips.nssdb.pin=*** -Dy");
    host_free(&h);
}
END_TEST

START_TEST(secrets_are_masked)
{
    static const struct {
        const char *value, *shown;
    } rows[] = {
        {"", ""},
        {"-Dcom.redhat.fips=true -Xmx1g", "-Dcom.redhat.fips=true -Xmx1g"},
        {"-Djavax.net.ssl.keyStorePassword=geheim -Da=b", "-Djavax.net.ssl.keyStorePassword=*** -Da=b"},
        {"-Dp.PASSWORD=\"two words\" -Da=b", "-Dp.PASSWORD=*** -Da=b"},
        {"-Dp.password=\"open end", "-Dp.password=***"},
        {"-Dp.password=a\\ b c", "-Dp.password=*** c"},
        {"\"-Dp.password=a b\" c", "\"-Dp.password=*** c"},
        {"--password geheim -Da=b", "--password *** -Da=b"},
        {"-storepass changeit", "-storepass ***"},
        {"pin:1234", "pin:***"},
        {"-Dkey.nssPin=1234", "-Dkey.nssPin=***"},
        {"-passin pass:x", "-passin pass:***"},
        {"-Dmapping=1 -Dshopping:2 compass=n", "-Dmapping=1 -Dshopping:2 compass=n"},
        {"-javaagent:/a.jar=user=u,token=t,x=y", "-javaagent:/a.jar=user=u,token=***"},
        {"-javaagent:/a.jar=licensekey=k,x=y", "-javaagent:/a.jar=licensekey=***"},
        {"-Dproxy=http://u:p@host:80/x", "-Dproxy=http://***@host:80/x"},
        {"-Durl=https://host/x", "-Durl=https://host/x"},
        {"configdir='sql:/db' tokens=<0=[pw]>", "configdir='sql:/db' tokens=***"},
        {"/opt/secrets/lib:/usr/lib", "/opt/secrets/lib:/usr/lib"},
        {"-Dpassword=", "-Dpassword="},
        {"-Dpassword= x", "-Dpassword= x"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        own_free char *shown = variables_mask(rows[i].value);

        ck_assert_str_eq(shown, rows[i].shown);
    }
}
END_TEST

START_TEST(long_values_are_cut)
{
    own_free char *value = mem_zero(100001, 1), *shown = NULL;

    memset(value, 'a', 100000);
    shown = variables_mask(value);
    ck_assert_uint_eq(strlen(shown), 4096 + 4);
    ck_assert_str_eq(shown + 4096, " ...");
}
END_TEST

/* ---- trees made here ------------------------------------------------------------------------ */

static char directory[] = "/tmp/check_host.XXXXXX";
static struct root root;

static void setup(void)
{
    own_err struct err err = {0};

    strcpy(strrchr(directory, '.'), ".XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(root_init(&root, directory, &err), 0);
    ck_assert_int_eq(mkdirat(root.fd, "proc", 0700), 0);
    ck_assert_int_eq(mkdirat(root.fd, "proc/self", 0700), 0);
    ck_assert_int_eq(mkdirat(root.fd, "proc/sys", 0700), 0);
    ck_assert_int_eq(mkdirat(root.fd, "proc/sys/crypto", 0700), 0);
}

static void teardown(void)
{
    unlinkat(root.fd, "proc/self/mountinfo", 0);
    unlinkat(root.fd, "proc/sys/crypto/fips_enabled", 0);
    unlinkat(root.fd, "proc/cmdline", 0);
    unlinkat(root.fd, "proc/crypto", 0);
    unlinkat(root.fd, "proc/sys/kernel", 0);
    unlinkat(root.fd, "proc/sys/crypto", AT_REMOVEDIR);
    unlinkat(root.fd, "proc/sys", AT_REMOVEDIR);
    unlinkat(root.fd, "proc/self", AT_REMOVEDIR);
    unlinkat(root.fd, "proc", AT_REMOVEDIR);
    root_free(&root);
    rmdir(directory);
}

static void write_file(const char *name, const char *text, size_t len)
{
    own_fd int fd = openat(root.fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
}

/* The flag as it is read, and what the kernel says elsewhere. */
START_TEST(contradictions)
{
    static const char marked[] = "name         : sha256\nfips         : yes\n\nname         : x\n";
    static const char plain[] = "name         : sha256\ninternal     : no\n";
    static const struct {
        const char *flag, *cmdline, *crypto; /* NULL: no such file */
        enum truth truth;
    } rows[] = {
        {"1\n", "fips=1", marked, TRUTH_KERNEL},
        {"0\n", "quiet", plain, TRUTH_KERNEL},
        {"1\n", "quiet", plain, TRUTH_KERNEL}, /* no mark: kernels before 6.12 make none */
        {"0\n", NULL, NULL, TRUTH_KERNEL},
        {"0\n", "quiet", marked, TRUTH_CONTRADICTORY},
        {"0\n", "fips=1", plain, TRUTH_CONTRADICTORY},
        {"1\n", "fips=1 fips=0", plain, TRUTH_CONTRADICTORY},
        {NULL, "fips=1", plain, TRUTH_CONTRADICTORY},
        {NULL, "quiet", marked, TRUTH_CONTRADICTORY},
        {NULL, "quiet", plain, TRUTH_KERNEL},
        {"x\n", "fips=1", marked, TRUTH_UNKNOWN},
    };

    write_file("proc/sys/kernel", "", 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct {
            const char *name, *text;
        } files[] = {{"proc/sys/crypto/fips_enabled", rows[i].flag},
                     {"proc/cmdline", rows[i].cmdline},
                     {"proc/crypto", rows[i].crypto}};
        struct host h;

        for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
            unlinkat(root.fd, files[f].name, 0);
            if (files[f].text != NULL)
                write_file(files[f].name, files[f].text, strlen(files[f].text));
        }
        host_read(&root, no_env, &h);
        ck_assert_msg(h.flag_truth == rows[i].truth, "row %zu: %s", i, truth_word(h.flag_truth));
        host_free(&h);
    }
}
END_TEST

/* Only where nothing could be loaded by the question is it asked. */
START_TEST(crypto_api_questions)
{
#define ENTRY(driver, passed) "name         : x\ndriver       : " driver "\nmodule       : kernel\n" \
    "selftest     : " passed "\ninternal     : no\n\n"
    static const char alg[] = "protocol  size\nALG        888      0      -1\n";
    static const char live[] = "algif_hash 16384 0 - Live 0x0\naf_alg 32768 1 algif_hash, Live 0x0\n";
    static const char both[] = ENTRY("md5-generic", "passed") ENTRY("sha256-generic", "passed");
    static const struct {
        const char *protocols, *modules, *crypto, *forbidden, *allowed, *why_not;
    } rows[] = {
        {alg, live, both, "md5-generic", "sha256-generic", NULL},
        {alg, live, ENTRY("md5-lib", "passed") ENTRY("sha512-lib", "passed"), "md5-lib",
         "sha512-lib", NULL},
        {alg, live, ENTRY("md5-generic", "unknown") ENTRY("rmd160-generic", "passed")
         ENTRY("sha256-generic", "passed"), "rmd160-generic", "sha256-generic", NULL},
        {NULL, live, both, NULL, NULL, "it has no interface for programs at the moment"},
        {"ALGX 1\nTCP 1\n", live, both, NULL, NULL,
         "it has no interface for programs at the moment"},
        {alg, NULL, both, NULL, NULL, "algif_hash is not loaded"},
        {alg, "algif_hash 16384 0 - Loading 0x0\n", both, NULL, NULL, "algif_hash is not loaded"},
        {alg, "af_alg 32768 1 algif_hash, Live 0x0\n", both, NULL, NULL,
         "algif_hash is not loaded"},
        {alg, live, NULL, NULL, NULL, "no algorithm that FIPS mode forbids is loaded"},
        {alg, live, ENTRY("md5-generic", "unknown"), NULL, NULL,
         "no algorithm that FIPS mode forbids is loaded"},
        {alg, live, ENTRY("hmac-md5-generic", "passed"), NULL, NULL,
         "no algorithm that FIPS mode forbids is loaded"},
        {alg, live, ENTRY("md5-generic", "passed"), "md5-generic", NULL,
         "no algorithm to compare with is loaded"},
    };

    ck_assert_int_eq(mkdirat(root.fd, "proc/net", 0700), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct {
            const char *name, *text;
        } files[] = {{"proc/net/protocols", rows[i].protocols},
                     {"proc/modules", rows[i].modules},
                     {"proc/crypto", rows[i].crypto}};
        struct alg_question q;
        own_free char *line = NULL;

        for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
            unlinkat(root.fd, files[f].name, 0);
            if (files[f].text != NULL)
                write_file(files[f].name, files[f].text, strlen(files[f].text));
        }
        alg_choose(&root, &q);
        ck_assert_pstr_eq(q.why_not, rows[i].why_not);
        ck_assert_pstr_eq(q.forbidden, rows[i].forbidden);
        ck_assert_pstr_eq(q.allowed, rows[i].allowed);
        if (q.why_not != NULL) {
            ck_assert_int_eq(alg_ask(&q, &line), ALG_NOT_ASKED);
            ck_assert_ptr_nonnull(strstr(line, q.why_not));
        }
        alg_clear(&q);
    }
    unlinkat(root.fd, "proc/net/protocols", 0);
    unlinkat(root.fd, "proc/net", AT_REMOVEDIR);
    unlinkat(root.fd, "proc/modules", 0);
#undef ENTRY
}
END_TEST

START_TEST(flag_contents)
{
    static const struct {
        const char *text;
        enum flag_state state;
        const char *detail;
    } rows[] = {
        {"1", FLAG_ON, "/proc/sys/crypto/fips_enabled reads 1"},
        {"0\n", FLAG_OFF, "/proc/sys/crypto/fips_enabled reads 0"},
        {"", FLAG_UNREADABLE, "/proc/sys/crypto/fips_enabled holds '', neither 0 nor 1"},
        {"10\n", FLAG_UNREADABLE, "/proc/sys/crypto/fips_enabled holds '10', neither 0 nor 1"},
        {"yes\x07", FLAG_UNREADABLE,
         "/proc/sys/crypto/fips_enabled holds 'yes\\x07', neither 0 nor 1"},
    };
    struct host h;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_file("proc/sys/crypto/fips_enabled", rows[i].text, strlen(rows[i].text));
        host_read(&root, no_env, &h);
        ck_assert_int_eq(h.flag, rows[i].state);
        ck_assert_str_eq(h.flag_detail, rows[i].detail);
        host_free(&h);
    }
    unlinkat(root.fd, "proc/sys/crypto/fips_enabled", 0);
    host_read(&root, no_env, &h);
    ck_assert_int_eq(h.flag, FLAG_ABSENT);
    ck_assert_str_eq(h.flag_detail, "/proc/sys is not mounted here: the kernel's flag cannot be "
                                    "seen, and NSS takes it for off");
    host_free(&h);
}
END_TEST

/* The mount that a path is on, for lists in which a simple "longest match" would be wrong. */
START_TEST(mounts_as_the_kernel_walks)
{
    static const struct {
        const char *list, *path, *source; /* NULL: unknown */
    } rows[] = {
        {"1 0 0:1 / / rw - ext4 root rw\n", "/proc/x", "root"},
        {"1 0 0:1 / / rw - ext4 root rw\n2 1 0:2 / /proc rw - proc proc rw\n", "/proc/x", "proc"},
        {"1 0 0:1 / / rw - ext4 root rw\n2 1 0:2 / /proc rw - proc proc rw\n", "/process", "root"},
        /* mounted over the same place: the upper one, whatever the order */
        {"1 0 0:1 / / rw - ext4 root rw\n3 2 0:3 / /a rw - tmpfs upper rw\n"
         "2 1 0:2 / /a rw - tmpfs lower rw\n", "/a/b", "upper"},
        /* /a hides what was mounted on /a/b before it */
        {"1 0 0:1 / / rw - ext4 root rw\n2 1 0:2 / /a/b rw - tmpfs hidden rw\n"
         "3 1 0:3 / /a rw - tmpfs hides rw\n", "/a/b", "hides"},
        /* optional fields, and a path with a blank */
        {"1 0 0:1 / / rw shared:1 master:2 - ext4 root rw\n"
         "2 1 0:2 / /a\\040b rw shared:3 - tmpfs blank rw\n", "/a b/c", "blank"},
        /* hostile lists */
        {"", "/a", NULL},
        {"no mountinfo at all\n1 2 3\n - - -", "/a", NULL},
        {"1 2 0:1 / / rw - ext4 a rw\n2 1 0:1 / / rw - ext4 b rw\n", "/a", NULL},
        {"1 0 0:1 / / rw - ext4 root rw\n2 1 0:2 / /a rw - tmpfs x rw\n"
         "1 2 0:2 / /a rw - tmpfs y rw\n", "/a", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct mount *m;
        struct mounts mounts;

        write_file("proc/self/mountinfo", rows[i].list, strlen(rows[i].list));
        mounts_read(&root, &mounts);
        m = mounts_of(&mounts, rows[i].path);
        if (rows[i].source == NULL)
            ck_assert_msg(m == NULL, "row %zu: %s", i, m->source);
        else
            ck_assert_msg(m != NULL && strcmp(m->source, rows[i].source) == 0, "row %zu: %s", i,
                          m == NULL ? "none" : m->source);
        mounts_free(&mounts);
    }
}
END_TEST

START_TEST(live_host)
{
    own_err struct err err = {0};
    struct root live;
    struct host h;

    ck_assert_int_eq(root_init(&live, "/", &err), 0);
    host_read(&live, no_env, &h);
    ck_assert_ptr_nonnull(h.kernel);
    ck_assert_ptr_nonnull(h.machine);
    ck_assert_ptr_nonnull(h.flag_detail);
    ck_assert_uint_eq(h.uid, getuid());
    host_free(&h);
    root_free(&live);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *fixtures = tcase_create("fixtures"), *made = tcase_create("made");

    tcase_add_test(fixtures, debian_without_the_file);
    tcase_add_test(fixtures, rhel_in_fips_mode);
    tcase_add_test(fixtures, container_with_policies_mounted_over);
    tcase_add_test(fixtures, flag_mounted_over);
    tcase_add_test(fixtures, contradictory);
    tcase_add_test(fixtures, truth_of_the_flag);
    tcase_add_test(fixtures, files_from_the_host);
    tcase_add_test(fixtures, container_by_the_environment);
    tcase_add_test(fixtures, variables_with_meaning);
    tcase_add_test(fixtures, secrets_are_masked);
    tcase_add_test(fixtures, long_values_are_cut);
    suite_add_tcase(suite, fixtures);
    tcase_add_checked_fixture(made, setup, teardown);
    tcase_add_test(made, flag_contents);
    tcase_add_test(made, contradictions);
    tcase_add_test(made, crypto_api_questions);
    tcase_add_test(made, mounts_as_the_kernel_walks);
    tcase_add_test(made, live_host);
    suite_add_tcase(suite, made);
    return unit_run(suite);
}
