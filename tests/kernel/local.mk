# SPDX-License-Identifier: Apache-2.0
# Tests in containers and against real kernels in QEMU.
integration_tests += tests/integration/container.tap
