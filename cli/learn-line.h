/*
 * learn-line - what one line of a client's output or of the gate's log tells. Pure.
 *
 *	sent    = "debug1: Sending command: " command		ssh -v, with its \\ and \ooo undone
 *	        / "debug1: Sending subsystem: sftp"
 *	rsync   = "opening connection using: " words " (" N " args)"	rsync -vv
 *	logged  = stamp " " host " sallyport-shell[" pid "]: " fields	shell/journal.c behind syslog's head
 *	stamp   = Mmm dd hh:mm:ss / ISO 8601
 *
 * A log is a place where others write too. A logged line counts only if the tag stands where syslog
 * puts it, and the rest is what the gate writes byte for byte, all fields in the gate's order
 * (text/logfmt.h). The client's bytes sit in request=, escaped, and cannot leave it.
 */
#ifndef CLI_LEARN_LINE_H
#define CLI_LEARN_LINE_H

#include "text/words.h"

#include <stddef.h>

enum {
	LEARN_LINE_MAX = WORDS_BYTES_MAX + 1024, /* longer lines are skipped whole */
	LEARN_NAME_MAX = 32,
};

enum learn_line {
	LEARN_OTHER,    /* nothing to do with us */
	LEARN_SENT,     /* a command; whose is not known */
	LEARN_LOGGED,   /* a command that the gate denied to user */
	LEARN_REJECTED, /* it pretends to be one of ours: reason says what is wrong */
};

struct observation {
	char user[LEARN_NAME_MAX + 1];
	char uid[16];
	char profile[LEARN_NAME_MAX + 32];
	char flags[16]; /* "-r", "-t", "-r -t" or "" */
	char address[64];
	char command[LEARN_LINE_MAX + 1];
	size_t length;
	const char *reason; /* static */
};

/* line[0..length) without its LF. */
enum learn_line learn_line(const char *line, size_t length, struct observation *seen);

#endif
