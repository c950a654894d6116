/*
 * narrow - [profile] and [key] sections: what is left of an account's settings. Private to this room.
 */
#ifndef POLICY_NARROW_H
#define POLICY_NARROW_H

#include "merger.h"

/*
 * *settings are the account's; home is the section that lists the profiles and keys, to be blamed. Every one that
 * is listed is tried, so that a fault shows before a session needs it.
 */

/* Leaves in *settings what is left of them under the profile that the account was started with. */
enum policy_verdict narrow_profile(struct merger *m, const struct section *home,
				   struct settings *settings);

/* Gives *settings its keys, each with what is left for it; whole is the account before a profile was chosen. */
enum policy_verdict narrow_keys(struct merger *m, const struct section *home,
				const struct settings *whole, struct settings *settings);

#endif
