/*
 * logbars - how often something happened in equal stretches of time, whatever the times are: the stretches grow until
 * all of it fits. Memory does not.
 */
#ifndef AUDIT_LOGBARS_H
#define AUDIT_LOGBARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOGBARS_BINS = 64, LOGBARS_SERIES = 3 };

/* All zeroes to begin with. */
struct logbars {
	bool begun;
	unsigned step; /* which width */
	int64_t base;  /* where the first bin begins: a multiple of the width */
	unsigned long bin[LOGBARS_BINS][LOGBARS_SERIES];
};

void logbars_add(struct logbars *bars, int64_t time, unsigned series, unsigned long times);

/* A bin's seconds: minutes, hours, days, weeks, and so on. */
int64_t logbars_width(const struct logbars *bars);

/* Widens the bins until no more than `most` lie between the first and the last that are not empty. Their number. */
size_t logbars_fold(struct logbars *bars, size_t most, size_t *first);

#endif
