/* SPDX-License-Identifier: Apache-2.0
 *
 * unit.h: the main function of a unit test: one suite, reported as TAP on stdout.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

/* Runs the suite; the program's exit status is non-zero when something failed (the TAP driver
 * looks at both). CK_FORK=no in the environment keeps a debugger in one process. */
static inline int unit_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
