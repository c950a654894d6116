/*
 * lint-escapes - programs that can be made to run others, or to reach what the policy does not name.
 */
#ifndef CLI_LINT_ESCAPES_H
#define CLI_LINT_ESCAPES_H

#include <stdbool.h>

struct escape {
	const char *name;    /* of the file, * for any version: "python*" */
	bool options;        /* only through its options or operands: not while those are all the policy's */
	const char *because; /* what it is and how it does it */
};

/* Ends in {0}. */
extern const struct escape lint_escapes[];

#endif
