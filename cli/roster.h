/*
 * roster - every account of this host that a policy has a place for, with the settings it gets.
 */
#ifndef CLI_ROSTER_H
#define CLI_ROSTER_H

#include "apply-side.h"

/*
 * One account. settings: as before a required profile narrows them, valid during the call; NULL: sitting->fault says
 * why it has none.
 */
typedef void roster_visit(void *context, const struct account *account, const struct settings *settings,
			  const struct sitting *sitting);

/* Visits one account, whether this host has it or not. */
void roster_one(const struct side *side, struct account *account, roster_visit *visit, void *context);

/*
 * Visits those with a [user] section, a file under users/ or a group with a [group] section, sorted by name; what is
 * not an account of this host is left out. False: no memory.
 */
bool roster_each(const struct side *side, roster_visit *visit, void *context);

#endif
