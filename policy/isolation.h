/*
 * isolation - the words for the isolations, and which settings cannot go with one.
 */
#ifndef POLICY_ISOLATION_H
#define POLICY_ISOLATION_H

#include "policy.h"

/* False: not the name of one. */
bool isolation_parse(const char *word, enum isolation *isolation);

/*
 * Whether the account's settings go together. NULL, or a static reason; *want is what would be right. settings->docroot
 * is expanded; own_policy is user mode's file, or NULL.
 */
const char *isolation_check(const struct settings *settings, const char *own_policy, const char **want);

#endif
