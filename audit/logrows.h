/*
 * logrows - rows of a report: the same words again are the same row, counted. At most `room` rows; what comes beyond
 * is counted and not kept.
 */
#ifndef AUDIT_LOGROWS_H
#define AUDIT_LOGROWS_H

#include "logline.h"

enum { LOGROWS_FIELDS = 8, LOGROWS_FIELD_MAX = 200 };

struct logrow {
	unsigned long count;
	int64_t first, last;
	uint64_t amount; /* the owner's */
	size_t fields;
	char *text;                        /* all of its words */
	const char *field[LOGROWS_FIELDS]; /* cut at LOGROWS_FIELD_MAX; its NUL bytes are '?' */
};

struct logrows {
	struct logrow *row;
	uint32_t *index;
	size_t count, room;
	unsigned long beyond; /* what had no room */
	bool failed;          /* no memory */
};

/* One row's words, with their time and how often. */
struct logrow_words {
	const struct logspan *field;
	size_t fields;
	int64_t time;
	unsigned long times;
};

bool logrows_begin(struct logrows *rows, size_t room);
void logrows_free(struct logrows *rows);

/* The row; NULL: there was no room for it. */
struct logrow *logrows_add(struct logrows *rows, const struct logrow_words *words);

/* Most first; rows that came early first among equals. No row is added after that. */
void logrows_sort(struct logrows *rows);

#endif
