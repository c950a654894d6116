/*
 * view-accounts - whose passwd and group a pinned view gets: accounts that a policy has a place
 * for, and those whose login shell is the gate.
 */
#ifndef CLI_VIEW_ACCOUNTS_H
#define CLI_VIEW_ACCOUNTS_H

#include "sandbox/sandbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct view_accounts {
	struct sandbox_account account[SANDBOX_PIN_ACCOUNTS_MAX]; /* each once; names are copies */
	size_t count;
	bool more; /* that found no room, or could not be looked up in time */
	time_t until; /* when that is, by the monotonic clock */
};

/* What this host knows of them. NULL: no memory. */
struct view_accounts *view_accounts_find(void);
/* Accepts NULL. */
void view_accounts_free(struct view_accounts *accounts);

#endif
