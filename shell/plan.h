/*
 * plan - policy words become kernel words, here and nowhere else.
 */
#ifndef SHELL_PLAN_H
#define SHELL_PLAN_H

#include "who.h"

#include "policy/policy.h"
#include "sandbox/sandbox.h"

/* Door one: of the account and its settings alone (I2). */
struct sandbox_view plan_view(const struct who *who, const struct settings *settings);

/*
 * Whether the gate stays beside a program of this definition: to hold its slot and its clock, to log what it says of
 * files, or because what it forks might outlive it. Of the rest, one process that may not fork, nothing stays.
 */
bool plan_waits(const struct settings *settings, const struct definition *definition);

/* Door two: of the grant. decision->program is not NULL; landlock is what sandbox_landlock_abi() said. */
struct sandbox_grant plan_grant(const struct settings *settings, const struct decision *decision,
				const struct sandbox_view *view, int landlock);

#endif
