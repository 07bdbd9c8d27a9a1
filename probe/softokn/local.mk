# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libsoftokn.a
libsoftokn_a_SOURCES = \
	probe/softokn/ask.c \
	probe/softokn/constants.c probe/softokn/constants.h \
	probe/softokn/constants-newer.c \
	probe/softokn/error-state.c \
	probe/softokn/evidence.c probe/softokn/evidence.h \
	probe/softokn/kem.c probe/softokn/kem.h \
	probe/softokn/key.c probe/softokn/key.h \
	probe/softokn/key-pair.c \
	probe/softokn/library.c probe/softokn/library.h \
	probe/softokn/mech.c \
	probe/softokn/mechanisms.c probe/softokn/mechanisms.h \
	probe/softokn/nss.c probe/softokn/nss.h \
	probe/softokn/nss-ask.c \
	probe/softokn/nss-basic.c \
	probe/softokn/nss-cipher.c \
	probe/softokn/nss-error.c probe/softokn/nss-error.h \
	probe/softokn/nss-key.c probe/softokn/nss-key.h \
	probe/softokn/nss-derive.c \
	probe/softokn/nss-kem.c \
	probe/softokn/nss-pair.c \
	probe/softokn/nss-public.c \
	probe/softokn/nss-tls.c \
	probe/softokn/nss-wrap.c \
	probe/softokn/nss-probes.h \
	probe/softokn/ops.c \
	probe/softokn/order.c probe/softokn/order.h \
	probe/softokn/probe-basic.c \
	probe/softokn/probe-cipher.c \
	probe/softokn/probe-derive.c \
	probe/softokn/probe-kem.c \
	probe/softokn/probe-pair.c \
	probe/softokn/probe-public.c \
	probe/softokn/probe-tls.c \
	probe/softokn/probe-wrap.c \
	probe/softokn/probes.h \
	probe/softokn/recipe.c probe/softokn/recipe.h \
	probe/softokn/softokn.h \
	probe/softokn/template.c probe/softokn/template.h \
	probe/softokn/token.c probe/softokn/token.h \
	probe/softokn/validation.c probe/softokn/validation.h
nodist_libsoftokn_a_SOURCES = probe/softokn/constants.gen.h probe/softokn/nss-error.gen.h
libsoftokn_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(builddir)/probe
libsoftokn_a_CFLAGS = $(AM_CFLAGS) $(NSS_CFLAGS)
BUILT_SOURCES += probe/softokn/constants.gen.h probe/softokn/nss-error.gen.h
CLEANFILES += probe/softokn/constants.gen.h probe/softokn/nss-error.gen.h
EXTRA_DIST += probe/softokn/constants.awk probe/softokn/nss-error.awk
SOFTOKN_LIBS = libsoftokn.a

# all names that the installed NSS headers define, sorted by name
probe/softokn/constants.gen.h: probe/softokn/constants.awk
	$(AM_V_GEN)$(MKDIR_P) probe/softokn && \
	printf '#include <pkcs11.h>\n#include <pkcs11n.h>\n' | \
	$(CC) $(NSS_CFLAGS) -E -dD -x c - > $@.i && \
	$(AWK) -f $(srcdir)/probe/softokn/constants.awk $@.i | LC_ALL=C sort > $@.tmp && \
	test -s $@.tmp && rm -f $@.i && mv $@.tmp $@

# all error codes that the installed NSS and NSPR headers name
probe/softokn/nss-error.gen.h: probe/softokn/nss-error.awk
	$(AM_V_GEN)$(MKDIR_P) probe/softokn && \
	printf '#include <secerr.h>\n#include <prerr.h>\n' | \
	$(CC) $(NSS_CFLAGS) -E -dD -x c - > $@.i && \
	$(AWK) -f $(srcdir)/probe/softokn/nss-error.awk $@.i | LC_ALL=C sort > $@.tmp && \
	test -s $@.tmp && rm -f $@.i && mv $@.tmp $@

check_PROGRAMS += tests/unit/check_softokn
TESTS += tests/unit/check_softokn
tests_unit_check_softokn_SOURCES = tests/unit/check_softokn.c tests/unit/unit.h
tests_unit_check_softokn_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(NSS_CFLAGS)
tests_unit_check_softokn_LDADD = libsoftokn.a libdata.a $(MODEL_LIBS) $(CHECK_LIBS)

# the mock is opened with dlopen, by a name that says how it shall misbehave
check_PROGRAMS += tests/unit/check_softokn_ask
TESTS += tests/unit/check_softokn_ask
tests_unit_check_softokn_ask_SOURCES = tests/unit/check_softokn_ask.c tests/unit/unit.h
tests_unit_check_softokn_ask_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_softokn_ask_LDADD = libsoftokn.a $(MODEL_LIBS) $(CHECK_LIBS)
check_DATA += tests/unit/mock-p11.so
EXTRA_DIST += tests/unit/mock-p11.c
CLEANFILES += tests/unit/mock-p11.so
tests/unit/mock-p11.so: tests/unit/mock-p11.c
	$(AM_V_CCLD)$(MKDIR_P) tests/unit && $(CC) $(WARNING_CFLAGS) $(CPPFLAGS) $(NSS_CFLAGS) \
	$(CFLAGS) -D_GNU_SOURCE -fPIC -shared -o $@ $(srcdir)/tests/unit/mock-p11.c
clean-local: clean-mock
clean-mock:
	rm -rf tests/unit/mock.dir
.PHONY: clean-mock

check_PROGRAMS += tests/unit/check_nss
TESTS += tests/unit/check_nss
tests_unit_check_nss_SOURCES = tests/unit/check_nss.c tests/unit/unit.h
tests_unit_check_nss_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_nss_LDADD = libsoftokn.a $(MODEL_LIBS) $(CHECK_LIBS)
