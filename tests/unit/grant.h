/*
 * grant - what holds for every grant, whatever the command was (I3): a second opinion on argv that shares
 * no code with the engine. For unit tests and the fuzzer.
 *
 *	The program is an absolute path. No word is an absolute path outside the view's /files or holds a ".."
 *	component, but for values that are read beside the operand, where ".." leads and stays inside. From the first operand on no word starts with '-', wildcards expanded or not. No control byte is in
 *	it that the client did not send. What was rebuilt, sent once more, is granted again.
 */
#ifndef TESTS_UNIT_GRANT_H
#define TESTS_UNIT_GRANT_H

#include "policy/policy.h"

/* NULL, or what is broken. decision is of settings, for a request with root "/files". */
const char *grant_breach(const struct settings *settings, const struct decision *decision);

#endif
