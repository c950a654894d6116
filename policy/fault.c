#include "fault.h"

#include <stdio.h>

bool fault_at(struct policy_fault *fault, unsigned line, const char *word, const char *reason)
{
	fault->line = line;
	fault->reason = reason;
	fault->want = NULL;
	fault->nearest[0] = '\0';
	snprintf(fault->word, sizeof fault->word, "%s", word ? word : "");
	return false;
}

bool fault_want(struct policy_fault *fault, const char *want)
{
	fault->want = want;
	return false;
}

bool fault_nearest(struct policy_fault *fault, const char *word)
{
	snprintf(fault->nearest, sizeof fault->nearest, "%s", word ? word : "");
	return false;
}
