/*
 * origin - which line of the policy gave an account a setting. The order is that of policy_settings(): defaults, the
 * account's groups as the file has them, its own section; the last one that says it counts.
 */
#ifndef CLI_ORIGIN_H
#define CLI_ORIGIN_H

#include "policy/policy.h"

#include <stdbool.h>

struct origin {
	const char *kind, *name; /* of the section; name is "" for defaults */
	const char *file;
	unsigned line;           /* of the setting */
	const char *value;       /* as it is written */
};

/* setting is "access", "access /in" or "program rsync". False: no section of the account's says it, and its
 * default holds. */
bool origin_find(const struct policy *policy, const struct policy_account *account,
		 const char *setting, struct origin *origin);

/* The same in one section: "profile" or "key", and its name. */
bool origin_find_in(const struct policy *policy, const char *kind, const char *name,
		    const char *setting, struct origin *origin);

#endif
