/*
 * account - what the policy asks about an account, as this host knows it.
 */
#ifndef CLI_ACCOUNT_H
#define CLI_ACCOUNT_H

#include "policy/policy.h"

#include <stdbool.h>
#include <sys/types.h>

struct account {
	struct policy_account facts;
	bool present;   /* on this host; if not: uid 65534, no groups, a home that is not there */
	char *shell;    /* its login shell; NULL if it is not present */
	char *home;     /* these two own what facts points to */
	char **groups;
	gid_t gid, *gids; /* all of them, its own among them; none if it is not present */
	size_t gids_count;
	bool nameless; /* one of the gids is no group's of this host */
};

/* name lives as long as *account. False: no memory, and nothing to be freed. */
bool account_find(const char *name, struct account *account);

/* The first name that has the uid, to be freed: the gate's for whoever logs in with it. NULL: none, or no memory. */
char *account_first_name(uid_t uid);

/*
 * For whoever asks about many: between the two, the account databases are read as a whole, once, and not from the
 * beginning for each account. What changes in between is not seen. They nest.
 */
void account_hold(void);
void account_release(void);

/* Whether a login shell is the gate, under either of its names. */
bool account_is_gate(const char *shell);

/* This host's name, static; NULL if it cannot be told. */
const char *account_host(void);

/* Accepts an empty struct. */
void account_free(struct account *account);

#endif
