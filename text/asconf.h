/*
 * asconf - asconfigurator's strings, as Aspera's manuals and the scripts of its users write them.
 *
 *	line    = [ "asconfigurator" 1*BLANK ( "-x" / "-F" ) 1*BLANK ] ( string / QUOTE string QUOTE )
 *	          or blank, or a comment: "#" *any
 *	string  = command *( ";" name "," value )
 *	command = name = 1*( "a".."z" / "0".."9" / "_" )
 *	value   = *( printable ASCII but ; " ' )	blanks around it do not count
 *
 * Source: "User, group and default configurations" of IBM Aspera High-Speed Transfer Server 4.4.
 */
#ifndef TEXT_ASCONF_H
#define TEXT_ASCONF_H

#include <stddef.h>

enum { ASCONF_PAIRS_MAX = 64, ASCONF_LINE_MAX = 8192 };

/* Points into the line; not terminated. */
struct asconf_text {
	const char *at;
	size_t length;
};

struct asconf_pair {
	struct asconf_text name, value;
};

struct asconf {
	struct asconf_text command; /* length 0: a blank line or a comment */
	struct asconf_pair pair[ASCONF_PAIRS_MAX];
	size_t count;
};

/* Reads one line, without its LF. NULL, or a static reason and the offset of what it is about. */
const char *asconf_read(const char *line, size_t length, struct asconf *out, size_t *offset);

#endif
