/*
 * usable - whether what the settings of an account allow comes to anything: some command, at some hour, from some
 * address. Asks the host only whether programs are there.
 */
#ifndef CLI_USABLE_H
#define CLI_USABLE_H

#include "policy/policy.h"

/* The verbs that keep the form from being granted: none, if there is a directory where it works; else those that
 * are lacking where no rule for directories holds. */
unsigned usable_lacks(const struct settings *settings, const struct form *form);

/* Whether restricted, or token, refuses the form. */
bool usable_is_barred(const struct settings *settings, const struct form *form);

/* Why no session of the account can be granted anything from `now` on, static; NULL: some can. */
const char *usable_fault(const struct settings *settings, int64_t now);

#endif
