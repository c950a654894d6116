/*
 * apply-who - the accounts that a change of policy may concern, and the profiles they may come
 * under.
 */
#ifndef CLI_APPLY_WHO_H
#define CLI_APPLY_WHO_H

#include "apply-side.h"
#include "names.h"

/*
 * Those with a [user] section in either policy or a file under users/, and the members of each
 * [group] on this host; sorted. False: no memory.
 */
bool who_accounts(const struct side *before, const struct side *after, struct names *names);

/* The names of all [profile] sections, likewise sorted. */
bool who_profiles(const struct side *before, const struct side *after, struct names *names);

#endif
