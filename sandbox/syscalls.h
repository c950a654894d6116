/*
 * syscalls - which system calls each profile admits, as named groups. Read by filters.c at build time, when
 * libseccomp makes one filter of each profile; the gate carries the results.
 */
#ifndef SANDBOX_SYSCALLS_H
#define SANDBOX_SYSCALLS_H

#include "sandbox.h"

#include <stdint.h>

enum answer {
	ANSWER_ALLOW,
	ANSWER_EPERM, /* a program may try it in good faith */
	ANSWER_KILL,  /* never legitimate here */
};                    /* everything else: ENOSYS, as on an older kernel */

enum { CONDITIONS_MORE = 2 };

/* A call that is admitted only for some values of its arguments: (arg & mask) == value, and so for each of `also`. */
struct argument_rule {
	const char *call;
	unsigned argument;
	uint64_t mask, value;
	const char *why;
	struct {
		unsigned argument;
		uint64_t mask, value;
	} also[CONDITIONS_MORE]; /* a mask of 0: no more */
};

struct group {
	const char *name;
	const char *why;
	enum answer answer;
	unsigned profiles; /* bits 1 << SANDBOX_… */
	const char *const *calls;               /* ends in NULL; or NULL */
	const struct argument_rule *arguments;  /* ends in {0}; or NULL. ANSWER_ALLOW only */
};

/* Ends in {0}. */
extern const struct group syscall_groups[];

/* The first that has a word on the call under the profile, by its name or by its arguments. NULL: none; or no name. */
const struct group *syscall_group(const char *name, unsigned profile);

#endif
