# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += librun.a
librun_a_SOURCES = \
	probe/run/child.c probe/run/child.h \
	probe/run/guard.c probe/run/guard.h \
	probe/run/job.c probe/run/job.h \
	probe/run/kin.c probe/run/kin.h \
	probe/run/maps.c probe/run/maps.h \
	probe/run/present.h \
	probe/run/present-answer.c \
	probe/run/present-exec.c \
	probe/run/present-helper.c probe/run/present-helper.h \
	probe/run/present-install.c \
	probe/run/present-mount.c probe/run/present-mount.h \
	probe/run/present-memory.c probe/run/present-memory.h \
	probe/run/present-nest.c probe/run/present-nest.h \
	probe/run/present-path.c probe/run/present-path.h \
	probe/run/present-table.c probe/run/present-table.h \
	probe/run/present-who.c probe/run/present-who.h \
	probe/run/run.h probe/run/runner.c \
	probe/run/wire.c probe/run/wire.h probe/run/wire-child.h \
	probe/run/wire-parent.c probe/run/wire-parent.h
RUN_LIBS = librun.a $(MODEL_LIBS) $(SECCOMP_LIBS)

RUNNER_TEST_SOURCES = tests/unit/faults.c tests/unit/faults.h tests/unit/running.c \
	tests/unit/running.h tests/unit/unit.h
check_PROGRAMS += tests/unit/check_runner
TESTS += tests/unit/check_runner
tests_unit_check_runner_SOURCES = tests/unit/check_runner.c $(RUNNER_TEST_SOURCES)
tests_unit_check_runner_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_runner_LDADD = $(RUN_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_runner_host
TESTS += tests/unit/check_runner_host
tests_unit_check_runner_host_SOURCES = tests/unit/check_runner_host.c $(RUNNER_TEST_SOURCES)
tests_unit_check_runner_host_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_runner_host_LDADD = $(RUN_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_wire
TESTS += tests/unit/check_wire
tests_unit_check_wire_SOURCES = tests/unit/check_wire.c tests/unit/unit.h
tests_unit_check_wire_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_wire_LDADD = $(RUN_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_present
TESTS += tests/unit/check_present
tests_unit_check_present_SOURCES = tests/unit/check_present.c \
	tests/unit/looks.c tests/unit/looks.h tests/unit/present.c tests/unit/present.h \
	tests/unit/spellings.c tests/unit/spellings.h
tests_unit_check_present_CFLAGS = $(AM_CFLAGS) -pthread
tests_unit_check_present_LDFLAGS = $(AM_LDFLAGS) -pthread
tests_unit_check_present_LDADD = $(RUN_LIBS)
