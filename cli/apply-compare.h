/*
 * apply-compare - what changes for whom, as text: those who lose access first, then those who
 * gain it.
 */
#ifndef CLI_APPLY_COMPARE_H
#define CLI_APPLY_COMPARE_H

#include "apply-side.h"

struct comparison {
	char *loses, *gains, *changes; /* lines, ready to print; owned */
	size_t lost, gained, changed;  /* accounts (and profiles of accounts) */
	size_t accounts;               /* that were looked at */
};

/* False: no memory. */
bool compare_sides(const struct side *before, const struct side *after, struct comparison *c);
void compare_free(struct comparison *c);

#endif
