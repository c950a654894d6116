#include "nearest.h"

#include <string.h>

enum { LONGEST = 48 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance by rows; both at most LONGEST bytes. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t row[LONGEST + 1];

	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t above = row[j];
			size_t change = diagonal + (a[i - 1] != b[j - 1]);

			row[j] = least(least(above, row[j - 1]) + 1, change);
			diagonal = above;
		}
	}
	return row[b_length];
}

void nearest_offer(struct nearest *nearest, const char *word, size_t length, const char *candidate)
{
	size_t candidate_length = strlen(candidate);

	if (length > LONGEST || candidate_length > LONGEST)
		return;
	size_t d = distance(word, length, candidate, candidate_length);
	if (d > candidate_length / 3 + 1 || (nearest->best && d >= nearest->distance))
		return;
	nearest->best = candidate;
	nearest->distance = d;
}
