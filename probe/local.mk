fipsprobe_SOURCES = probe/main.c
fipsprobe_LDADD =
