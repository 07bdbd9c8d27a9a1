# SPDX-License-Identifier: Apache-2.0
# The lints and the integration tests. They skip, visibly, what this machine cannot do; with
# FIPSPROBE_REQUIRE="..." such a skip is a failure (tests/lib.sh).
integration_tests = \
	tests/integration/nss-debian.tap \
	tests/integration/nss-al2023.tap \
	tests/integration/damage.tap \
	tests/integration/builds.tap \
	tests/integration/modules.tap \
	tests/integration/java.tap \
	tests/integration/exec.tap \
	tests/integration/unchanged-host.tap \
	tests/integration/environment.tap \
	tests/integration/missing.tap \
	tests/integration/usage.tap \
	tests/integration/fetch.tap
include tests/kernel/local.mk
TESTS += tests/lint-rooms.sh $(integration_tests)
EXTRA_DIST += quickstart .ci/run tests/unit/unit.h tests/lib.sh tests/fetch.sh tests/material.tsv \
	tests/lint-rooms.sh tests/integration/check-chk.py $(integration_tests) \
	tests/bench/bench.sh tests/bench/nss-minimal.c

clean-local:
	rm -rf tests/cache
.PHONY: check-integration check-unit bench
check-integration: all
	$(MAKE) check TESTS='$(integration_tests)'
check-unit: all
	$(MAKE) check TESTS='$(check_PROGRAMS)'
bench: all
	srcdir='$(abs_srcdir)' builddir='$(abs_builddir)' CC='$(CC)' bash $(srcdir)/tests/bench/bench.sh
#: make check-unit         the unit tests alone
#: make check-integration  the integration tests alone
#: make bench              what it costs, as ratios; information, never a failure
