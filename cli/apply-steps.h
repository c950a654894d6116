/*
 * apply-steps - lint and test as apply runs them on a candidate; the only place that knows how.
 */
#ifndef CLI_APPLY_STEPS_H
#define CLI_APPLY_STEPS_H

#include <stdbool.h>

/* Each prints what it finds, of the file that it calls `shown`. False: the candidate must not go in unasked. */
bool apply_step_lint(const char *file, const char *shown);
bool apply_step_test(const char *file, const char *shown);

#endif
