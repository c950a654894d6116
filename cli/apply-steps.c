#include "apply-steps.h"

#include "cli.h"
#include "lint.h"

#include "policy/policy.h"

#include <stdio.h>

/*
 * What lint calls high stops apply. Faults of files under users/ do not: who loses by them is
 * named in the comparison, and those that are faulty already are no reason to keep the rest from
 * being mended.
 */
bool apply_step_lint(const char *file, const char *shown)
{
	size_t high;

	return lint_policy(file, shown, &high) && high == 0;
}

/* A policy without tests has nothing to fail; `sallyport test` itself would call that a failure. */
bool apply_step_test(const char *file, const char *shown)
{
	const struct policy_source source = {.file = file, .any_owner = true};
	struct policy_fault fault;
	struct policy *policy;
	size_t count = 0;

	if (!policy_load(&source, &policy, &fault))
		return false;
	policy_tests(policy, &count);
	policy_free(policy);
	if (count == 0)
		printf("the policy has no [test] sections\n");
	return count == 0 || test_policy(file, shown);
}
