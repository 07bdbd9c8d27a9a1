# SPDX-License-Identifier: Apache-2.0
# The lints and the integration tests. They skip, visibly, what this machine cannot do; with
# FIPSPROBE_REQUIRE="..." such a skip is a failure (tests/lib.sh).
integration_tests = \
	tests/integration/nss-debian.tap \
	tests/integration/nss-al2023.tap \
	tests/integration/damage.tap \
	tests/integration/builds.tap \
	tests/integration/packages.tap \
	tests/integration/modules.tap \
	tests/integration/java.tap \
	tests/integration/java-failures.tap \
	tests/integration/java-rows.tap \
	tests/integration/java-wrong.tap \
	tests/integration/java-jdks.tap \
	tests/integration/java-faults.tap \
	tests/integration/java-launcher.tap \
	tests/integration/exec.tap \
	tests/integration/unchanged-host.tap \
	tests/integration/environment.tap \
	tests/integration/missing.tap \
	tests/integration/usage.tap \
	tests/integration/fetch.tap
include tests/kernel/local.mk
include tests/nss/local.mk
include tests/jdk/local.mk
TESTS += tests/lint-rooms.sh $(integration_tests)
EXTRA_DIST += quickstart .ci/run tests/unit/unit.h tests/lib.sh tests/fetch.sh tests/debian.sh tests/apt.sh \
	tests/tap.sh \
	tests/material.tsv \
	tests/lint-rooms.sh tests/integration/check-chk.py $(integration_tests) \
	tests/fixtures/java \
	tests/bench/bench.sh tests/bench/nss-minimal.c tests/bench/opens.c

clean-local:
	rm -rf tests/cache
.PHONY: check-integration check-unit bench
check-integration: all
	$(MAKE) check TESTS='$(integration_tests)'
check-unit: all
	$(MAKE) check TESTS="$$(printf '%s\n' $(check_PROGRAMS) | grep '^tests/unit/' | tr '\n' ' ')"
bench: all
	srcdir='$(abs_srcdir)' builddir='$(abs_builddir)' CC='$(CC)' bash $(srcdir)/tests/bench/bench.sh
#: make check-unit         the unit tests alone
#: make check-integration  the integration tests alone
#: make bench              what it costs, as ratios; information, never a failure

EXTRA_DIST += tests/fuzz/fuzz.h tests/fuzz/fuzz.sh tests/fuzz/fuzz-chk.c tests/fuzz/fuzz-elf.c \
	tests/fuzz/fuzz-ldcache.c tests/fuzz/fuzz-rpmheader.c tests/fuzz/fuzz-wire.c \
	tests/fuzz/fuzz-yaml.c tests/fuzz/corpus
fuzz:
	srcdir='$(abs_srcdir)' bash $(srcdir)/tests/fuzz/fuzz.sh
clean-local-fuzz:
	rm -rf fuzz
clean-local: clean-local-fuzz
.PHONY: fuzz clean-local-fuzz
#: make fuzz               each parser of foreign files for FUZZ_SECONDS (60), with clang
