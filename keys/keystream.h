/*
 * keystream - the lines of a file of keys, one at a time, in the memory of a few: for many files
 *that are only looked at. keyfile.h holds a whole file, for those that are written again.
 *
 *	keystream_begin(&stream, fd)       fd stays the caller's
 *	while (keystream_next(&stream)) … stream.text, stream.length, stream.number
 *	stream.reason                      why it ended before the file did, with errno; or NULL
 */
#ifndef KEYS_KEYSTREAM_H
#define KEYS_KEYSTREAM_H

#include "keyline.h"

struct keystream {
	int fd;
	const char *text; /* the line without its LF, until the next one is asked for */
	size_t length; /* of a line that is too long: KEYLINE_MAX + 1, and text is its beginning */
	size_t number; /* from 1 */
	const char *reason; /* static */
	size_t begin, end;  /* what was read and not yet given out */
	bool ended, skip;   /* skip: the rest of the line that was given out is still to come */
	char buffer[2 * (KEYLINE_MAX + 2)];
};

void keystream_begin(struct keystream *stream, int fd);
bool keystream_next(struct keystream *stream);

#endif
