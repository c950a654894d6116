/*
 * argv - the words that a granted program gets; private to the decision.
 */
#ifndef POLICY_ARGV_H
#define POLICY_ARGV_H

#include "grammar.h"
#include "policy.h"

/*
 * Builds argv, pattern, argc, inserted_at and inserted of d, whose definition, form and judged are set, from what
 * was matched. False: no memory. Pure.
 */
bool argv_build(const struct settings *settings, const struct request *request, const struct match *match,
		struct decision *d);

#endif
