/*
 * apply-side - a policy, present or to come, and what one account gets from it.
 */
#ifndef CLI_APPLY_SIDE_H
#define CLI_APPLY_SIDE_H

#include "account.h"
#include "lines.h"

#include <stdbool.h>

struct side {
	const char *file;     /* absolute; users/ lies beside it */
	bool any_owner;
	struct policy *policy; /* without users/; NULL: fault says why */
	struct policy_fault fault;
	struct lines lines;   /* its sections' names are read from here */
};

/* False: the policy is at fault, and the side is one that refuses everybody. */
bool side_open(struct side *side, const char *file, bool any_owner);
void side_close(struct side *side);

/* "FILE:LINE: REASON: WORD"; without the line where the fault is in none: there is no such file, say; or the word. */
enum { SIDE_FAULT_MAX = 640 };
void side_fault(const struct policy_fault *fault, char out[SIDE_FAULT_MAX]);

/* What an account gets, under a profile or none. */
struct view {
	bool works;               /* some session of this kind can be granted something */
	const struct settings *settings; /* of this view alone; NULL: there are none */
	char reason[256];         /* why it does not work */
};

/*
 * Whom to ask about one account: its own policy, with users/NAME.ini, if it has such a file; else
 * the side's. NULL: fault says why it gets nothing.
 */
struct sitting {
	struct policy *own;
	struct policy *asked; /* own, or the side's */
	struct policy_fault fault;
};

void sitting_open(struct sitting *sitting, const struct side *side, const char *user);
void sitting_close(struct sitting *sitting);

/* *store keeps the settings. */
void side_view(const struct sitting *sitting, const struct policy_account *facts, int64_t now,
	       struct settings *store, struct view *view);

#endif
