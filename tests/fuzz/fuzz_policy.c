/*
 * Any bytes as a policy: linter and inih agree or the policy is refused, with a reason; what is accepted can be
 * merged for any account, and decides (I2).
 */
#include "fuzz.h"

#include "policy/policy.h"
#include "tests/unit/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void decide(const struct settings *settings)
{
	static const char *const commands[] = {"sftp-server", "scp -f x", "c a 1 /x", "true"};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		struct decision d;
		const struct request request = {commands[i], strlen(commands[i]), "/files"};

		policy_decide(settings, &request, &d);
		if (d.verdict == GRANT && d.program && d.program[0] != '/')
			BROKEN("a grant of %s", d.program);
		if (d.verdict == GRANT)
			policy_environ(settings, &d, NULL);
		else if (!d.reason)
			BROKEN("a denial without a reason");
		decision_free(&d);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const users[] = {"alice", "a", ""};
	struct policy_fault fault;

	struct policy *policy = scratch_load((const char *)data, size, &fault);
	if (!policy) {
		if (!fault.reason)
			BROKEN("refused without a reason");
		if (strstr(fault.reason, "disagree"))
			BROKEN("line %u: linter and inih disagree", fault.line);
		return 0;
	}
	for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
		const struct settings *settings = scratch_settings(policy, users[i]);
		if (settings)
			decide(settings);
	}
	policy_free(policy);
	return 0;
}
