/*
 * slots - the files that max-sessions counts with: root's directory, a file of each account's.
 */
#ifndef CLI_SLOTS_H
#define CLI_SLOTS_H

#include "policy/policy.h"

#include <stdbool.h>
#include <sys/types.h>

/* Whether the account, or one of its keys, has max-sessions. */
bool slots_needed(const struct settings *settings);

/* Whether the directory and the account's file are what the gate accepts. */
bool slots_are_right(uid_t uid);

#endif
