/*
 * logfmt - read back, strictly, what escape_logfmt() writes: the gate's own log lines.
 *
 *	line   = field *( " " field )
 *	field  = name "=" value
 *	name   = 1*16( "a"-"z" )
 *	value  = 1*bare / DQUOTE *( plain / "\" ( DQUOTE / "\" / "n" / "r" / "t" ) / "\x" 2HEX ) DQUOTE
 *	bare   = printable ASCII except blank, DQUOTE, "=" and "\"
 *	plain  = printable ASCII except DQUOTE and "\"
 *
 * There is one way to write each value, and no other is accepted: a value in quotes holds
 * something that needs them, \xNN (lower case) stands for what has no other spelling. So a line
 * either is what the gate writes, byte for byte, or it is nothing.
 */
#ifndef TEXT_LOGFMT_H
#define TEXT_LOGFMT_H

#include <stdbool.h>
#include <stddef.h>

enum {
	LOGFMT_NAME_MAX = 16,
	LOGFMT_ROOM = 1032, /* of a value as the gate writes it, with quotes, escapes and a NUL; longer ones are cut */
	LOGFMT_VALUE_MAX = LOGFMT_ROOM - 1,
};

struct logfmt_field {
	const char *name; /* in the line, name_length bytes */
	size_t name_length;
	char value[LOGFMT_VALUE_MAX + 1]; /* NUL-terminated; length tells of NUL bytes inside */
	size_t length;
	bool cut; /* the gate cut the value: it ends in three dots that may not be the client's */
};

/*
 * Reads the field at *at and moves *at to the next one, or to end. False for anything that the gate
 * would not have written.
 */
bool logfmt_next(const char **at, const char *end, struct logfmt_field *field);

#endif
