# SPDX-License-Identifier: Apache-2.0
# The program: commands and wiring.
fipsprobe_SOURCES = \
	probe/cmd-builds.c \
	probe/cmd-exec.c \
	probe/cmd-list.c \
	probe/cmd-modules.c \
	probe/cmd-run.c \
	probe/cmd.c probe/cmd.h \
	probe/main.c \
	probe/survey.c probe/survey.h
fipsprobe_CFLAGS = $(AM_CFLAGS)
fipsprobe_LDADD = librun.a libsoftokn.a libjava.a libmodule.a libhost.a libreport.a libjudge.a \
	librun.a libdata.a $(MODULE_LIBS) $(SECCOMP_LIBS)
