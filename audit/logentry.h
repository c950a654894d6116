/*
 * logentry - entries of a journal in the export format, `journalctl -o export`.
 *
 *	entry = *( NAME "=" value LF / NAME LF length data LF ) LF
 *	length = 8 bytes, little endian
 *
 * Source: systemd, docs/JOURNAL_EXPORT_FORMATS.md. Data may hold anything, line ends and whole entries of somebody's
 * making among it, and is passed over by its length; sshd and the gate write text, which arrives as NAME=value.
 *
 *	logentry_feed(&entry, line, length)	each line; FIELD: go on; DATA: read the data first (logentry_length());
 *						READY: the entry is whole
 *	logentry_line(&entry, &out)		what it says; then logentry_clear()
 */
#ifndef AUDIT_LOGENTRY_H
#define AUDIT_LOGENTRY_H

#include "logline.h"

enum { LOGENTRY_NAME_MAX = 63, LOGENTRY_LENGTH = 8 };

enum logentry_step { LOGENTRY_FIELD, LOGENTRY_DATA, LOGENTRY_READY };

/* All zeroes to begin with. */
struct logentry {
	char message[LOGLINE_MAX], tag[LOGENTRY_NAME_MAX + 1], host[LOGENTRY_NAME_MAX + 1];
	size_t message_length;
	uint32_t pid;
	int64_t seconds;
	bool has_message, has_tag, has_time;
};

enum logentry_step logentry_feed(struct logentry *entry, const char *line, size_t length);

/* How much data follows its length, without the LF behind it. */
uint64_t logentry_length(const unsigned char length[LOGENTRY_LENGTH]);

/* HEADLESS: it has no time; FOREIGN: nor a tag, or a message that is data. */
void logentry_line(const struct logentry *entry, struct logline *out);

void logentry_clear(struct logentry *entry);

#endif
