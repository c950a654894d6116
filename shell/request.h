/*
 * request - which of sshd's forms this call is, and where the client's command stands.
 *
 * A bounded scanner of exact matches, run before door one; it is the one exception to I1. It compares, it
 * never interprets: flags come from a closed table, and all of them only take away (I7). --policy is user mode's
 * (own.h): it is read from the gate's own argv alone, never from a string.
 */
#ifndef SHELL_REQUEST_H
#define SHELL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum { REQUEST_PROFILE_MAX = 48 };

struct call {
	const char *command; /* the client's bytes, or NULL */
	size_t length;
	bool restricted;     /* -r, or called as sallyport-shell-r */
	bool token;          /* -t */
	char profile[REQUEST_PROFILE_MAX + 1]; /* --profile, or "" */
	const char *policy;  /* --policy: absolute; or NULL */
};

/*
 * own_shell is the account's shell in passwd: when it is the gate, its path means the gate too. NULL, or a static
 * reason to refuse with EXIT_USAGE.
 */
const char *request_read(int argc, char *const argv[], const char *own_shell, struct call *call);

#endif
