# SPDX-License-Identifier: Apache-2.0
# What is embedded: a new YAML file is a name in this list and a line in data/data.h.
DATA_YAML = data/catalogue.yaml data/builds.yaml data/diagnoses.yaml
noinst_LIBRARIES += libdata.a
libdata_a_SOURCES = data/data.h
nodist_libdata_a_SOURCES = data/catalogue.gen.c data/builds.gen.c data/diagnoses.gen.c
CLEANFILES += $(nodist_libdata_a_SOURCES)
EXTRA_DIST += data/embed.sh $(DATA_YAML)

data/catalogue.gen.c: data/catalogue.yaml data/embed.sh
	$(AM_V_GEN)$(MKDIR_P) data && $(SHELL) $(srcdir)/data/embed.sh data_catalogue $(srcdir)/data/catalogue.yaml > $@.tmp && mv $@.tmp $@
data/builds.gen.c: data/builds.yaml data/embed.sh
	$(AM_V_GEN)$(MKDIR_P) data && $(SHELL) $(srcdir)/data/embed.sh data_builds $(srcdir)/data/builds.yaml > $@.tmp && mv $@.tmp $@
data/diagnoses.gen.c: data/diagnoses.yaml data/embed.sh
	$(AM_V_GEN)$(MKDIR_P) data && $(SHELL) $(srcdir)/data/embed.sh data_diagnoses $(srcdir)/data/diagnoses.yaml > $@.tmp && mv $@.tmp $@
