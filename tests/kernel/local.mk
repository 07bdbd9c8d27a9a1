# SPDX-License-Identifier: Apache-2.0
# Tests in containers and against real kernels in QEMU.
integration_tests += tests/integration/container.tap
CLEANFILES += tests/kernel/check-kernel.log tests/kernel/check-kernel.trs
EXTRA_DIST += tests/kernel/check-kernel.sh tests/kernel/init tests/kernel/compare.awk \
	tests/kernel/known.tsv

# Not part of `make check`: it takes minutes.
.PHONY: check-kernel
check-kernel: all
	@mkdir -p tests/kernel
	@$(AM_TESTS_ENVIRONMENT) $(LOG_DRIVER) --test-name check-kernel --comments \
		--color-tests no --expect-failure no --enable-hard-errors yes \
		--log-file tests/kernel/check-kernel.log --trs-file tests/kernel/check-kernel.trs \
		-- bash $(srcdir)/tests/kernel/check-kernel.sh
	@! grep -E '^:test-result: (FAIL|ERROR)' tests/kernel/check-kernel.trs
#: make check-kernel       what is presented, against real kernels in QEMU (minutes)
