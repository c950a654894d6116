/*
 * loghead - takes a line of a log apart, and has its message read by whoever knows its program. Pure.
 *
 *	line    = [ "<" PRI ">" ] stamp [ host SP ] [ facility "." level SP ] tag [ "[" pid "]" ] ": " message
 *	        / "<" PRI ">1 " stamp host SP tag SP pid SP msgid SP ( "-" / sd ) SP message	RFC 5424
 *	tag     = "sshd" / "sshd-session" / "sshd-auth" / "sallyport-shell" / "internal-sftp" / "sftp-server"
 *
 * stamp is logstamp.h's.
 */
#ifndef AUDIT_LOGHEAD_H
#define AUDIT_LOGHEAD_H

#include "logline.h"

/* line[0..length) without its LF. */
void loghead_read(const char *line, size_t length, struct logline *out);

/*
 * A message whose head came otherwise, in a journal's entry: sets out's kind and what goes with it; pid, host and
 * stamp are the caller's.
 */
void loghead_message(const char *tag, size_t tag_length, const char *message, size_t length,
		     struct logline *out);

#endif
