/*
 * test-tap - what an answer is compared with, and how that is said: TAP version 13, a YAML block
 * for each failure.
 */
#ifndef CLI_TEST_TAP_H
#define CLI_TEST_TAP_H

#include "dryrun.h"

void test_tap_plan(size_t total);

/* Prints ok or not ok; whether it is ok. */
bool test_tap_report(size_t number, const struct expectation *test, const struct answer *answer);

/* Not ok: the file has no tests. */
void test_tap_empty(size_t number, const char *file);

/* In place of a plan: the policy, or a file of tests, is at fault; file is its name where the fault has none. */
void test_tap_bail_out(const struct policy_fault *fault, const char *file);

#endif
