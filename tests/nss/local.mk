# SPDX-License-Identifier: Apache-2.0
# The builds of NSS that releases have, each against what is recorded of it and against witnesses.
# the longest first
nss_tests = tests/nss/check-nss.tap tests/nss/faults-softokn.tap tests/nss/faults-nss3.tap
integration_tests += $(nss_tests)
EXTRA_DIST += tests/nss/builds.sh tests/nss/builds.tsv tests/nss/table.jq tests/nss/witness.awk \
	tests/nss/shim.c tests/nss/golden tests/nss/faults.sh tests/nss/faults-softokn.tsv \
	tests/nss/faults-nss3.tsv tests/nss/faults.jq tests/nss/mock-softokn.c tests/nss/mock-nss3.c

.PHONY: check-nss nss-update
check-nss: all
	$(MAKE) check TESTS='$(nss_tests)'
nss-update: all
	srcdir='$(abs_srcdir)' builddir='$(abs_builddir)' NSS_UPDATE=1 \
		bash $(srcdir)/tests/nss/check-nss.tap
#: make check-nss          every build of tests/nss/builds.tsv, against its record and other programs
#: make nss-update         writes those records (tests/nss/golden) anew, to be read as a diff

# no test by itself: check-nss.tap runs it
EXTRA_PROGRAMS = tests/nss/chk-damage
check_DATA += tests/nss/chk-damage$(EXEEXT)
CLEANFILES += tests/nss/chk-damage$(EXEEXT)
tests_nss_chk_damage_SOURCES = tests/nss/chk-damage.c
tests_nss_chk_damage_LDADD = $(MODULE_LIBS)
