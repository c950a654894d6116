/*
 * slots - the files that max-sessions counts with: root's directory, a file of each account's.
 */
#ifndef CLI_SLOTS_H
#define CLI_SLOTS_H

#include "apply-side.h"

#include <stdbool.h>
#include <sys/types.h>

/* Whether the account, or one of its keys, has max-sessions. */
bool slots_needed(const struct settings *settings);

/* Makes what is missing of the files of a policy's accounts, and says so. False: not all could be made. */
bool slots_make(const struct side *side);

/* Whether the directory and the account's file are what the gate accepts. */
bool slots_are_right(uid_t uid);

#endif
