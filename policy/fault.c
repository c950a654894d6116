#include "fault.h"

#include <stdio.h>

bool fault_at(struct policy_fault *fault, unsigned line, const char *word, const char *reason)
{
	fault->line = line;
	fault->reason = reason;
	fault->want = NULL;
	fault->nearest = NULL;
	snprintf(fault->word, sizeof fault->word, "%s", word ? word : "");
	return false;
}

bool fault_want(struct policy_fault *fault, const char *want)
{
	fault->want = want;
	return false;
}
