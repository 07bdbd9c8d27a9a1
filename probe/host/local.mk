# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libhost.a
libhost_a_SOURCES = \
	probe/host/alg.c probe/host/alg.h \
	probe/host/container.c probe/host/container.h \
	probe/host/host.c probe/host/host.h \
	probe/host/mounts.c probe/host/mounts.h \
	probe/host/policy.c probe/host/policy.h \
	probe/host/truth.c probe/host/truth.h \
	probe/host/variables.c probe/host/variables.h
HOST_LIBS = libhost.a $(MODEL_LIBS)
EXTRA_DIST += tests/fixtures/host

check_PROGRAMS += tests/unit/check_host
TESTS += tests/unit/check_host
tests_unit_check_host_SOURCES = tests/unit/check_host.c tests/unit/unit.h
tests_unit_check_host_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_host_LDADD = $(HOST_LIBS) $(CHECK_LIBS)
