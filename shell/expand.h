/*
 * expand - wildcards of a grant's paths, behind both doors: a link leads none of them to names that the program could
 * not list.
 */
#ifndef SHELL_EXPAND_H
#define SHELL_EXPAND_H

#include "policy/policy.h"

enum {
	EXPAND_WORDS_MAX = 65536,
	EXPAND_BYTES_MAX = 1 << 20,
	EXPAND_SEEN_MAX = 1000000, /* names looked at, the "." and ".." of each directory too: so directories as well */
};

/*
 * The grant's argv with each pattern replaced by the names it matches, sorted; a pattern that matches nothing
 * stands for itself. Never matches a protected name, a name that starts with '-', "." or "..". NULL-terminated,
 * kept until exec. NULL: *reason is static, and errno what the system said, or 0. A list is whole or none, whatever
 * cannot be read on the way.
 */
char **expand_argv(const struct decision *decision, const char *protect, const char **reason);

#endif
