/*
 * paths - `access /DIR`: which verbs hold where in the docroot; of this room and of lint.
 */
#ifndef POLICY_PATHS_H
#define POLICY_PATHS_H

#include "policy.h"

/* Where a verb holds: everywhere, but for what rules say about directories. Parents come before what is in them. */
struct paths {
	unsigned verbs;
	const struct path_rule *rule;
	size_t count;
};

/* Once, after the last section: each rule's verbs become all that may be done beneath its directory. */
void paths_settle(struct settings *settings);

/* Takes away, everywhere, the verbs that are not in mask. */
void paths_mask(struct settings *settings, unsigned mask);

/* The docroot becomes a directory in it: what held there holds everywhere, and rules about what is in it remain. */
void paths_descend(struct settings *settings, const char *into);

struct paths paths_of(const struct settings *settings);

/* The verbs that hold at a path of the docroot's, "/in/x"; at no path: those that hold somewhere. */
unsigned paths_at(const struct paths *paths, const char *path);
unsigned paths_anywhere(const struct settings *settings);

#endif
