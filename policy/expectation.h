/*
 * expectation - [test] sections: their settings are expectation_table; private to this room.
 */
#ifndef POLICY_EXPECTATION_H
#define POLICY_EXPECTATION_H

#include "model.h"

/* The next of the policy's tests; room is how many sections the file has. NULL: no memory. */
struct expectation *expectation_make(struct policy *policy, const struct section *section,
				     size_t room);

/* What a test must have and must not, once its settings are known, and what it has unless it says
 * so. A reason, or NULL. */
const char *expectation_finish(struct policy *policy, struct expectation *test);

#endif
