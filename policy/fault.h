/*
 * fault - fill a policy_fault; private to this room.
 */
#ifndef POLICY_FAULT_H
#define POLICY_FAULT_H

#include "policy.h"

/* Each returns false, for `return fault_…`. word may be NULL; it is cut to what fits, for display only. */
bool fault_at(struct policy_fault *fault, unsigned line, const char *word, const char *reason);
bool fault_want(struct policy_fault *fault, const char *want);
bool fault_nearest(struct policy_fault *fault, const char *word); /* word may be NULL */

#endif
