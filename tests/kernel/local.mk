# SPDX-License-Identifier: Apache-2.0
# Tests in containers and against real kernels in QEMU.
integration_tests += tests/integration/container.tap
EXTRA_DIST += tests/kernel/check-kernel.sh tests/kernel/init tests/kernel/compare.awk \
	tests/kernel/known.tsv tests/kernel/material.sh tests/kernel/check-arm64.sh

# Not part of `make check`: they take minutes.
.PHONY: check-kernel check-arm64
check-kernel check-arm64: all
	@mkdir -p tests/kernel
	@$(AM_TESTS_ENVIRONMENT) $(LOG_DRIVER) --test-name $@ --comments \
		--color-tests no --expect-failure no --enable-hard-errors yes \
		--log-file tests/kernel/$@.log --trs-file tests/kernel/$@.trs \
		-- bash $(srcdir)/tests/kernel/$@.sh
	@! grep -E '^:test-result: (FAIL|ERROR)' tests/kernel/$@.trs
#: make check-kernel       what is presented, against real kernels in QEMU (minutes);
#:                         KERNEL_MACHINES="debian12 debian12-arm64" names other ones
#: make check-arm64        the build for aarch64, its unit tests and the program, emulated

clean-local: clean-local-kernel
clean-local-kernel:
	rm -rf tests/kernel/arm64
	rm -f tests/kernel/arm64.lock tests/kernel/check-*.log tests/kernel/check-*.trs tests/kernel/cells.tsv
.PHONY: clean-local-kernel
