# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libreport.a
libreport_a_SOURCES = \
	probe/report/json.c probe/report/json.h \
	probe/report/json-lists.c \
	probe/report/page.c probe/report/page.h \
	probe/report/report.h \
	probe/report/table.c probe/report/table.h \
	probe/report/text.c probe/report/text.h \
	probe/report/text-java.c \
	probe/report/text-measured.c \
	probe/report/text-switches.c \
	probe/report/text-lists.c \
	probe/report/text-mechanisms.c probe/report/text-token.c
REPORT_LIBS = libreport.a $(JUDGE_LIBS)

check_PROGRAMS += tests/unit/check_report
TESTS += tests/unit/check_report
tests_unit_check_report_SOURCES = tests/unit/check_report.c tests/unit/sample.c \
	tests/unit/sample.h tests/unit/unit.h
tests_unit_check_report_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_report_LDADD = $(REPORT_LIBS) $(CHECK_LIBS)

GOLDEN = amazon contradiction damaged debian host-on no-jdk no-nss presenting-refused trouble
EXTRA_DIST += $(GOLDEN:%=tests/golden/%.txt) $(GOLDEN:%=tests/golden/%.json) tests/golden/all.txt

#: make golden-update  rewrites tests/golden from what the writers write now: read the difference
golden-update: tests/unit/check_report
	srcdir='$(abs_srcdir)' GOLDEN_UPDATE=yes tests/unit/check_report
.PHONY: golden-update
