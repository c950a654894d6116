/*
 * accounts-sshd - whether sshd hands an account to the gate, and what to tell it if not. Its configuration is the
 * administrator's: nothing here writes to it.
 */
#include "accounts.h"

#include "sshd-ask.h"
#include "sshd-block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sshd_tell(const struct plan *plan)
{
	char pattern[PATH_MAX];
	const char *first = NULL;
	bool profiles = sshd_block_profiles(plan->settings);
	/* One block for all; an account whose keys choose profiles needs one of its own, before it. */
	const struct sshd_block block = {.kind = profiles ? "User" : "Group",
					 .name = profiles ? plan->wish->name : ACCOUNTS_GROUP,
					 .profiles = profiles,
					 .serves = pattern};
	char *answer = sshd_ask(plan->wish->sshd_config, plan->wish->name);

	accounts_keys("%u", pattern);
	size_t missing = answer ? sshd_block_missing(&block, answer, &first) : 0;
	if (answer && missing == 0) {
		printf("sshd hands it to the gate\n");
	} else {
		const char *file = plan->wish->sshd_config ? plan->wish->sshd_config : "/etc/ssh/sshd_config";

		if (answer)
			printf("sshd does not hand it to the gate yet: %zu lines are missing, %s first.\n", missing,
			       first);
		else
			printf("sshd could not be asked (sshd -T -C user=%s).\n", plan->wish->name);
		printf("Put this at the end of %s, ask sshd -t, and reload sshd:\n\n", file);
		sshd_block_print(&block, stdout);
	}
	free(answer);
}
