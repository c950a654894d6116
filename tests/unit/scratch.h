/*
 * scratch - a policy from a string, and what it says for an account: for tests, by the real loader.
 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include "policy/policy.h"

/* Loads text[0..length) from a file of its own. NULL: *fault. */
struct policy *scratch_load(const char *text, size_t length, struct policy_fault *fault);

/* The same of a [defaults] whose `commands` names every definition that there is, with text behind the names. */
struct policy *scratch_load_all(const char *text, struct policy_fault *fault);

/* The settings of the account, uid 1000, home /home/USER, or NULL. */
const struct settings *scratch_settings(struct policy *policy, const char *user);

/* The whole file, NUL-terminated, to be freed; NULL if it cannot be read. */
char *scratch_read(const char *path, size_t *length);

#endif
