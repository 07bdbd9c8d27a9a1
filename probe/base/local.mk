# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	probe/base/buf.c probe/base/buf.h \
	probe/base/err.c probe/base/err.h \
	probe/base/mem.c probe/base/mem.h \
	probe/base/mounts.c probe/base/mounts.h \
	probe/base/own.h \
	probe/base/root.c probe/base/root.h \
	probe/base/scratch.c probe/base/scratch.h \
	probe/base/text.c probe/base/text.h

check_PROGRAMS += tests/unit/check_base
TESTS += tests/unit/check_base
tests_unit_check_base_SOURCES = tests/unit/check_base.c tests/unit/unit.h
tests_unit_check_base_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_base_LDADD = libbase.a $(CHECK_LIBS)
