/*
 * own - user mode: people without root guard their own keys, by a policy of their own (I10 names it as the exception).
 */
#ifndef SHELL_OWN_H
#define SHELL_OWN_H

#include "request.h"
#include "who.h"

enum { OWN_PATH_MAX = 4096 };

/* The directories that a docroot must not hold: whoever may write there would choose the gate or its policy. */
struct own {
	char gate[OWN_PATH_MAX], policy[OWN_PATH_MAX];
};

/*
 * Whether --policy may be taken from this call: by a gate that has no power to lend, and that is not what sshd
 * starts for every key of the account. NULL, and *own filled in; or a static reason.
 */
const char *own_policy(const struct who *who, const struct call *call, struct own *own);

#endif
