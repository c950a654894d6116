/*
 * who - the account, from the kernel and the account files; never from the environment.
 */
#ifndef SHELL_WHO_H
#define SHELL_WHO_H

#include "policy/policy.h"

#include <stdbool.h>
#include <sys/types.h>

enum { WHO_NAME_MAX = 256 };

struct who {
	uid_t uid;
	gid_t gid;
	char user[WHO_NAME_MAX];
	char home[4096];
	char shell[4096];
	/* names; NULL-terminated; filled by who_groups(): its own, which is mostly one of the others */
	const char *groups[1 + POLICY_GROUPS_MAX + 1];
};

/*
 * Fills in all but groups. NULL, or a static reason; *system then says that it is not the account's fault, and errno,
 * unless it is 0, what the system said.
 */
const char *who_ask(struct who *who, bool *system);

/* Fills in the names of every group the kernel says the process is in. NULL, or a static reason of the system's. */
const char *who_groups(struct who *who);

#endif
