/*
 * apply-who - the accounts that a change of policy may concern, and the profiles they may come
 * under.
 */
#ifndef CLI_APPLY_WHO_H
#define CLI_APPLY_WHO_H

#include "apply-side.h"

struct names {
	char **name; /* sorted, each once */
	size_t count, room;
};

/*
 * Those with a [user] section in either policy or a file under users/, and the members of each
 * [group] on this host. False: no memory.
 */
bool who_accounts(const struct side *before, const struct side *after, struct names *names);

/* The names of all [profile] sections. */
bool who_profiles(const struct side *before, const struct side *after, struct names *names);

/* A copy of name[0..length) at the end. False: no memory. */
bool names_add(struct names *names, const char *name, size_t length);

void names_free(struct names *names);

#endif
