# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libjava.a
libjava_a_SOURCES = \
	java-harness/ask.c \
	java-harness/find.c \
	java-harness/home.c java-harness/home.h \
	java-harness/fips.c java-harness/fips.h \
	java-harness/java.h \
	java-harness/jvm.c java-harness/jvm.h \
	java-harness/ops.c \
	java-harness/options.c java-harness/options.h \
	java-harness/props.c java-harness/props.h \
	java-harness/protect.c java-harness/protect.h
nodist_libjava_a_SOURCES = java-harness/class.gen.c
libjava_a_CFLAGS = $(AM_CFLAGS) $(JNI_CFLAGS)
CLEANFILES += java-harness/FipsProbe.class java-harness/class.gen.c
EXTRA_DIST += java-harness/FipsProbe.java

# For Java 8, the oldest that is asked; -g:none, because what is small is loaded sooner.
java-harness/FipsProbe.class: java-harness/FipsProbe.java
	$(AM_V_GEN)$(MKDIR_P) java-harness && \
	$(JAVAC) --release 8 -Xlint:all,-options -Werror -g:none -d java-harness $(srcdir)/java-harness/FipsProbe.java
java-harness/class.gen.c: java-harness/FipsProbe.class data/embed.sh
	$(AM_V_GEN)$(SHELL) $(srcdir)/data/embed.sh data_java java-harness/FipsProbe.class > $@.tmp && mv $@.tmp $@

check_PROGRAMS += tests/unit/check_java tests/unit/check_java_find
TESTS += tests/unit/check_java tests/unit/check_java_find
tests_unit_check_java_find_SOURCES = tests/unit/check_java_find.c tests/unit/tree.c \
	tests/unit/tree.h tests/unit/unit.h
tests_unit_check_java_find_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_java_find_LDADD = libjava.a $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_check_java_SOURCES = tests/unit/check_java.c tests/unit/tree.c tests/unit/tree.h \
	tests/unit/unit.h
tests_unit_check_java_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_java_LDADD = libjava.a $(MODEL_LIBS) $(CHECK_LIBS)
EXTRA_DIST += tests/bench/Witness.java
