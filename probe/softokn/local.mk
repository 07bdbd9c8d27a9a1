noinst_LIBRARIES += libsoftokn.a
libsoftokn_a_SOURCES = \
	probe/softokn/ask.c \
	probe/softokn/constants.c probe/softokn/constants.h \
	probe/softokn/evidence.c probe/softokn/evidence.h \
	probe/softokn/key.c probe/softokn/key.h \
	probe/softokn/library.c probe/softokn/library.h \
	probe/softokn/ops.c \
	probe/softokn/probe-basic.c \
	probe/softokn/probe-cipher.c \
	probe/softokn/probe-pair.c \
	probe/softokn/probes.h \
	probe/softokn/recipe.c probe/softokn/recipe.h \
	probe/softokn/softokn.h \
	probe/softokn/token.c probe/softokn/token.h
nodist_libsoftokn_a_SOURCES = probe/softokn/constants.gen.h
libsoftokn_a_CFLAGS = $(AM_CFLAGS) $(NSS_CFLAGS)
BUILT_SOURCES += probe/softokn/constants.gen.h
CLEANFILES += probe/softokn/constants.gen.h
EXTRA_DIST += probe/softokn/constants.awk
SOFTOKN_LIBS = libsoftokn.a

# all names that the installed NSS headers define, sorted by name
probe/softokn/constants.gen.h: probe/softokn/constants.awk
	$(AM_V_GEN)$(MKDIR_P) probe/softokn && \
	printf '#include <pkcs11.h>\n#include <pkcs11n.h>\n' | \
	$(CC) $(NSS_CFLAGS) -E -dD -x c - > $@.i && \
	$(AWK) -f $(srcdir)/probe/softokn/constants.awk $@.i | LC_ALL=C sort > $@.tmp && \
	test -s $@.tmp && rm -f $@.i && mv $@.tmp $@

check_PROGRAMS += tests/unit/check_softokn
TESTS += tests/unit/check_softokn
tests_unit_check_softokn_SOURCES = tests/unit/check_softokn.c tests/unit/unit.h
tests_unit_check_softokn_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(NSS_CFLAGS)
tests_unit_check_softokn_LDADD = libsoftokn.a libdata.a $(MODEL_LIBS) $(CHECK_LIBS)
