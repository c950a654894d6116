/*
 * apply-compare - what changes for whom, as text: those who lose access first, then those who
 * gain it; and for whom nothing works, which an administrator may not have meant.
 */
#ifndef CLI_APPLY_COMPARE_H
#define CLI_APPLY_COMPARE_H

#include "apply-side.h"

enum { IDLES_SHOWN = 20 };

struct comparison {
	char *loses, *gains, *changes; /* lines, ready to print; owned */
	size_t lost, gained, changed;  /* accounts (and profiles of accounts) */
	char *idles;                   /* likewise: who has a place in the policy and no access, before or after */
	size_t idle;                   /* of these the first IDLES_SHOWN have a line */
	size_t accounts;               /* that were looked at */
};

/* False: no memory. */
bool compare_sides(const struct side *before, const struct side *after, struct comparison *c);
void compare_free(struct comparison *c);

#endif
