/*
 * learn - what the parts of `sallyport learn` share: one run over all files, then one account at
 * a time.
 */
#ifndef CLI_LEARN_H
#define CLI_LEARN_H

#include "account.h"
#include "learn-judge.h"
#include "learn-seen.h"
#include "lines.h"

#include <stdio.h>

struct learn {
	const char *policy;   /* absolute */
	bool candidate;       /* -f: any owner */
	const struct policy_account *given; /* -C, or NULL */
	struct seen *seen;
	struct lines lines;   /* of the policy file, with the changes proposed so far */
	FILE *diffs;          /* of files under users/ */
	FILE *tests;
	unsigned tests_count; /* the number of the last [test learn-N] */
	bool proposed;
};

/*
 * Judges what was seen of one account, prints it as comments, and adds to lines, diffs and tests.
 * An exit status.
 */
int learn_account(struct learn *learn, const char *user);

/* Prints the [test] sections of one command that the proposal admits to this account. */
void learn_tests(struct learn *learn, const struct policy_account *facts,
		 const struct settings *settings, const struct sighting *sighting);

/* Foreign bytes, safe for a terminal, cut to about a kilobyte. */
void learn_print(FILE *to, const char *bytes, size_t length);

#endif
