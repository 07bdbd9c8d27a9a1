# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libjava.a
libjava_a_SOURCES = \
	java-harness/ask.c \
	java-harness/classpath.c java-harness/classpath.h \
	java-harness/find.c \
	java-harness/home.c java-harness/home.h \
	java-harness/fips.c java-harness/fips.h \
	java-harness/java.h \
	java-harness/jvm.c java-harness/jvm.h \
	java-harness/kind.c java-harness/kind.h \
	java-harness/launch.c java-harness/launch.h \
	java-harness/nss.c java-harness/nss.h \
	java-harness/ops.c \
	java-harness/options.c java-harness/options.h \
	java-harness/p11config.c java-harness/p11config.h \
	java-harness/props.c java-harness/props.h \
	java-harness/protect.c java-harness/protect.h \
	java-harness/providers.c java-harness/providers.h \
	java-harness/security.c java-harness/security.h
nodist_libjava_a_SOURCES = java-harness/class.gen.c
libjava_a_CFLAGS = $(AM_CFLAGS) $(JNI_CFLAGS)
JAVA_CLASSES = \
	java-harness/FipsProbe.java \
	java-harness/FipsProbeAgree.java \
	java-harness/FipsProbeDerive.java \
	java-harness/FipsProbeLost.java \
	java-harness/FipsProbePair.java \
	java-harness/FipsProbeSecret.java \
	java-harness/FipsProbeStore.java \
	java-harness/FipsProbeTls.java \
	java-harness/FipsProbeTlsKeys.java
CLEANFILES += java-harness/*.class java-harness/classes.stamp java-harness/class.gen.c
EXTRA_DIST += $(JAVA_CLASSES)

# For Java 8, the oldest that is asked; -g:none, because what is small is loaded sooner. There is
# no class beside those that are embedded: one that the compiler made on its own would be missing.
java-harness/classes.stamp: $(JAVA_CLASSES)
	$(AM_V_GEN)$(MKDIR_P) java-harness && rm -f java-harness/*.class && \
	(cd $(srcdir) && $(JAVAC) --release 8 -Xlint:all,-options -Werror -g:none \
		-d '$(abs_builddir)/java-harness' $(JAVA_CLASSES)) && \
	set -- $(JAVA_CLASSES) && test "$$(ls java-harness/*.class | wc -l)" -eq $$# && touch $@
java-harness/class.gen.c: java-harness/classes.stamp data/embed.sh
	$(AM_V_GEN){ embed='$(SHELL) $(srcdir)/data/embed.sh'; \
	$$embed data_java java-harness/FipsProbe.class && \
	$$embed data_java_agree java-harness/FipsProbeAgree.class && \
	$$embed data_java_derive java-harness/FipsProbeDerive.class && \
	$$embed data_java_lost java-harness/FipsProbeLost.class && \
	$$embed data_java_pair java-harness/FipsProbePair.class && \
	$$embed data_java_secret java-harness/FipsProbeSecret.class && \
	$$embed data_java_store java-harness/FipsProbeStore.class && \
	$$embed data_java_tls java-harness/FipsProbeTls.class && \
	$$embed data_java_tls_keys java-harness/FipsProbeTlsKeys.class; \
	} > $@.tmp && mv $@.tmp $@

check_PROGRAMS += tests/unit/check_java tests/unit/check_java_find tests/unit/check_java_fips \
	tests/unit/check_java_options
TESTS += tests/unit/check_java tests/unit/check_java_find tests/unit/check_java_fips \
	tests/unit/check_java_options
tests_unit_check_java_options_SOURCES = tests/unit/check_java_options.c tests/unit/tree.c \
	tests/unit/tree.h tests/unit/unit.h
tests_unit_check_java_options_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_java_options_LDADD = libjava.a $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_check_java_fips_SOURCES = tests/unit/check_java_fips.c tests/unit/tree.c \
	tests/unit/tree.h tests/unit/unit.h
tests_unit_check_java_fips_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_java_fips_LDADD = libjava.a $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_check_java_find_SOURCES = tests/unit/check_java_find.c tests/unit/tree.c \
	tests/unit/tree.h tests/unit/unit.h
tests_unit_check_java_find_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_java_find_LDADD = libjava.a $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_check_java_SOURCES = tests/unit/check_java.c tests/unit/tree.c tests/unit/tree.h \
	tests/unit/unit.h
tests_unit_check_java_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_check_java_LDADD = libjava.a $(MODEL_LIBS) $(CHECK_LIBS)
EXTRA_DIST += tests/bench/Witness.java tests/bench/WitnessPair.java tests/bench/WitnessTls.java \
	tests/bench/WitnessWork.java tests/bench/vectors.sh
