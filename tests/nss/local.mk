# SPDX-License-Identifier: Apache-2.0
# The builds of NSS that releases have, each against what is recorded of it and against witnesses.
integration_tests += tests/nss/check-nss.tap
EXTRA_DIST += tests/nss/builds.sh tests/nss/builds.tsv tests/nss/table.jq tests/nss/witness.awk \
	tests/nss/shim.c tests/nss/golden

.PHONY: check-nss nss-update
check-nss: all
	$(MAKE) check TESTS=tests/nss/check-nss.tap
nss-update: all
	srcdir='$(abs_srcdir)' builddir='$(abs_builddir)' NSS_UPDATE=1 \
		bash $(srcdir)/tests/nss/check-nss.tap
#: make check-nss          every build of tests/nss/builds.tsv, against its record and other programs
#: make nss-update         writes those records (tests/nss/golden) anew, to be read as a diff
