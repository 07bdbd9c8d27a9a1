# SPDX-License-Identifier: Apache-2.0
# Every row of the jca door on many JDKs, each with its release's own libraries.
CLEANFILES += tests/jdk/check-jdk.log tests/jdk/check-jdk.trs
EXTRA_DIST += tests/jdk/check-jdk.sh tests/jdk/jdks.tsv tests/jdk/known.tsv \
	tests/jdk/launcher.sh tests/jdk/launcher.tsv \
	tests/jdk/golden

# Not part of `make check`: it fetches half a gigabyte the first time, and takes minutes.
.PHONY: check-jdk jdk-update
check-jdk: all
	@mkdir -p tests/jdk
	@$(AM_TESTS_ENVIRONMENT) $(LOG_DRIVER) --test-name check-jdk --comments \
		--color-tests no --expect-failure no --enable-hard-errors yes \
		--log-file tests/jdk/check-jdk.log --trs-file tests/jdk/check-jdk.trs \
		-- bash $(srcdir)/tests/jdk/check-jdk.sh
	@! grep -E '^:test-result: (FAIL|ERROR)' tests/jdk/check-jdk.trs
jdk-update: all
	$(AM_TESTS_ENVIRONMENT) bash $(srcdir)/tests/jdk/check-jdk.sh --update
#: make check-jdk          every row of Java on JDK 8 to 26, and a plain Java program (minutes)
#: make jdk-update         rewrites what check-jdk compares with; read the diff
