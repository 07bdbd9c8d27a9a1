# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libjudge.a
libjudge_a_SOURCES = \
	probe/judge/classify.c \
	probe/judge/dependence.c \
	probe/judge/determinant.c \
	probe/judge/diagnose.c \
	probe/judge/find-host.c \
	probe/judge/find-java.c \
	probe/judge/find-java-answers.c \
	probe/judge/find-modules.c \
	probe/judge/find-nss.c \
	probe/judge/join.c \
	probe/judge/judge.h \
	probe/judge/lists.c probe/judge/lists.h \
	probe/judge/look.c probe/judge/look.h \
	probe/judge/primary.c \
	probe/judge/search.h \
	probe/judge/summary.c \
	probe/judge/switches.c probe/judge/switches.h \
	probe/judge/weigh.h
JUDGE_LIBS = libjudge.a $(MODEL_LIBS)

check_PROGRAMS += tests/unit/check_classify tests/unit/check_diagnose tests/unit/check_join \
	tests/unit/check_judge
TESTS += tests/unit/check_classify tests/unit/check_diagnose tests/unit/check_join \
	tests/unit/check_judge
tests_unit_check_classify_SOURCES = tests/unit/check_classify.c tests/unit/sample.c \
	tests/unit/sample.h tests/unit/unit.h
tests_unit_check_classify_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_classify_LDADD = $(JUDGE_LIBS) $(CHECK_LIBS)
tests_unit_check_judge_SOURCES = tests/unit/check_judge.c tests/unit/sample.c \
	tests/unit/sample.h tests/unit/unit.h
tests_unit_check_judge_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_judge_LDADD = $(JUDGE_LIBS) $(CHECK_LIBS)
tests_unit_check_join_SOURCES = tests/unit/check_join.c tests/unit/sample.c \
	tests/unit/sample.h tests/unit/unit.h
tests_unit_check_join_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_join_LDADD = $(JUDGE_LIBS) $(CHECK_LIBS)
tests_unit_check_diagnose_SOURCES = tests/unit/check_diagnose.c tests/unit/sample.c \
	tests/unit/sample.h tests/unit/unit.h
tests_unit_check_diagnose_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_diagnose_LDADD = $(JUDGE_LIBS) $(CHECK_LIBS)
