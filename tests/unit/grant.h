/*
 * grant - what holds for every grant, whatever the command was (I3): a second opinion on argv that shares
 * no code with the engine. For unit tests and the fuzzer.
 *
 *	The program is an absolute path, of the table's or the policy's. No word is an absolute path outside the
 *	docroot or holds a ".." component, but for values that are read beside the operand, where ".." leads and stays
 *	inside, and for the words that a [command] itself has. From the first operand on no word starts with '-',
 *	wildcards expanded or not. What was rebuilt, sent once more, is granted again.
 */
#ifndef TESTS_UNIT_GRANT_H
#define TESTS_UNIT_GRANT_H

#include "policy/policy.h"

/* NULL, or what is broken. decision is of settings, the account's, for the request. */
const char *grant_breach(const struct settings *settings, const struct request *request,
			 const struct decision *decision);

/* The same of one operand, and of a path that the gate itself looks at; root is where the docroot is. */
const char *grant_operand_breach(const char *root, const char *operand);
const char *grant_path_breach(const char *root, const char *path);

#endif
