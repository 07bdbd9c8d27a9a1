# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
	probe/model/catalogue.c probe/model/catalogue.h \
	probe/model/params.c probe/model/params.h \
	probe/model/result.c probe/model/result.h \
	probe/model/words.c probe/model/words.h \
	probe/model/ytree.c probe/model/ytree.h
MODEL_LIBS = libmodel.a libbase.a $(YAML_LIBS) $(JANSSON_LIBS)

check_PROGRAMS += tests/unit/check_model
TESTS += tests/unit/check_model
tests_unit_check_model_SOURCES = tests/unit/check_model.c tests/unit/unit.h
tests_unit_check_model_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_model_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
