/*
 * nearest - the valid word that a wrong one was probably meant to be.
 */
#ifndef POLICY_NEAREST_H
#define POLICY_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *best; /* NULL while nothing was near */
	size_t distance;
};

/* Offers a candidate; it is kept if it is nearer than those before and near at all (a third of its length). */
void nearest_offer(struct nearest *nearest, const char *word, size_t length, const char *candidate);

#endif
