/*
 * transfers - what a program says on stderr of the files that it moves: each message for the log, and nothing for the
 * client (log-transfers).
 *
 *	transfers_open(&t)    a pipe, before there is a parent
 *	transfers_leave(&t)   the parent's side: what it has no use for is closed
 *	transfers_hear(&t)    … called back by sandbox_await()
 *	transfers_end(&t)     … the program is gone: the rest
 *	transfers_begin(&t)   the program's side, the last thing before exec: stderr is the pipe
 *	transfers_return(&t)  … there was no exec: stderr is the client's again
 */
#ifndef SHELL_TRANSFERS_H
#define SHELL_TRANSFERS_H

#include "sandbox/sandbox.h"

#include <stdbool.h>
#include <time.h>

/* Zero: nothing is to be heard, and none of the functions but transfers_open() does anything. */
struct transfers {
	/* Set before transfers_open(). A message has length > 0; false: the log has not taken it. */
	bool (*log)(void *context, const char *said, size_t length);
	void *context;
	bool required;      /* one that is lost ends the session */
	/* out */
	unsigned long lost;
	const char *reason; /* why transfers_hear() failed, where no system call did */
	/* its own */
	bool open;
	int in, out, client; /* in: heard; out: spoken into; client: the stderr that was */
	time_t second;      /* of CLOCK_MONOTONIC, in which so many were heard: */
	unsigned heard;
	time_t deaf;        /* the log is not tried before then (CLOCK_MONOTONIC) */
};

/* False: errno tells. */
bool transfers_open(struct transfers *t);
void transfers_leave(const struct transfers *t);
enum sandbox_heard transfers_hear(void *transfers);
void transfers_end(struct transfers *t);
bool transfers_begin(struct transfers *t);
void transfers_return(const struct transfers *t);

#endif
