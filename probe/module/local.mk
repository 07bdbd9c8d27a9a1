# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libmodule.a
libmodule_a_SOURCES = \
	probe/module/builds.c probe/module/collect.c probe/module/collect.h \
	probe/module/chk.c probe/module/chk.h \
	probe/module/elf.c probe/module/elf.h \
	probe/module/find.c probe/module/find.h \
	probe/module/ldcache.c probe/module/ldcache.h \
	probe/module/module.c probe/module/module.h \
	probe/module/owner.c probe/module/owner.h probe/module/owners.h \
	probe/module/package.c probe/module/package.h \
	probe/module/record.c probe/module/record.h \
	probe/module/rpmdb.c \
	probe/module/rpmheader.c probe/module/rpmheader.h \
	probe/module/search.c probe/module/search.h
MODULE_LIBS = libmodule.a $(MODEL_LIBS) $(HOGWEED_LIBS) $(NETTLE_LIBS) -lgmp

check_PROGRAMS += tests/unit/check_chk
TESTS += tests/unit/check_chk
tests_unit_check_chk_SOURCES = tests/unit/check_chk.c tests/unit/chk-made.c tests/unit/chk-made.h \
	tests/unit/unit.h
tests_unit_check_chk_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_chk_LDADD = libmodule.a $(MODULE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_module
TESTS += tests/unit/check_module
tests_unit_check_module_SOURCES = tests/unit/check_module.c tests/unit/chk-made.c \
	tests/unit/chk-made.h tests/unit/unit.h
tests_unit_check_module_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_module_LDADD = libmodule.a libdata.a $(MODULE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_module_find
TESTS += tests/unit/check_module_find
tests_unit_check_module_find_SOURCES = tests/unit/check_module_find.c tests/unit/unit.h
tests_unit_check_module_find_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_check_module_find_LDADD = libmodule.a $(MODULE_LIBS) $(SQLITE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/check_module_record
TESTS += tests/unit/check_module_record
tests_unit_check_module_record_SOURCES = tests/unit/check_module_record.c tests/unit/unit.h
tests_unit_check_module_record_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_module_record_LDADD = libmodule.a $(MODULE_LIBS) $(CHECK_LIBS)
