/*
 * account - what the policy asks about an account, as this host knows it.
 */
#ifndef CLI_ACCOUNT_H
#define CLI_ACCOUNT_H

#include "policy/policy.h"

#include <stdbool.h>

struct account {
	struct policy_account facts;
	bool present;   /* on this host; if not: uid 65534, no groups, a home that is not there */
	char *shell;    /* its login shell; NULL if it is not present */
	char *home;     /* these two own what facts points to */
	char **groups;
};

/* name lives as long as *account. False: no memory, and nothing to be freed. */
bool account_find(const char *name, struct account *account);

/* This host's name, static; NULL if it cannot be told. */
const char *account_host(void);

/* Accepts an empty struct. */
void account_free(struct account *account);

#endif
