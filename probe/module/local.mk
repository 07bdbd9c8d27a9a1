# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libmodule.a
libmodule_a_SOURCES = \
	probe/module/builds.c probe/module/collect.c probe/module/collect.h \
	probe/module/chk.c probe/module/chk.h \
	probe/module/elf.c probe/module/elf.h \
	probe/module/module.c probe/module/module.h
MODULE_LIBS = libmodule.a $(MODEL_LIBS) $(HOGWEED_LIBS) $(NETTLE_LIBS) -lgmp

check_PROGRAMS += tests/unit/check_module
TESTS += tests/unit/check_module
tests_unit_check_module_SOURCES = tests/unit/check_module.c tests/unit/unit.h
tests_unit_check_module_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_module_LDADD = libmodule.a libdata.a $(MODULE_LIBS) $(CHECK_LIBS)
