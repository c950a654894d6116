/*
 * journal - the log line: syslog over /dev/log, logfmt, foreign bytes escaped (I8).
 *
 * Opened before door one, written after: the view has no /dev/log.
 */
#ifndef SHELL_JOURNAL_H
#define SHELL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

/* One field; text may be foreign. A NULL text is left out. */
struct field {
	const char *name;
	const char *text;
	size_t length; /* 0: strlen(text) */
};

enum { JOURNAL_LINE_MAX = 8192, JOURNAL_CUT_MAX = 128 };

/* Ends what a stream took of a record, if the rest was not taken: a field with no value, which no whole record has. */
#define JOURNAL_TORN " cut="

/* Under which facility lines are written from now on, as syslog(3) has it; until then LOG_AUTHPRIV. */
void journal_facility(int facility);

/* Connects, on descriptor fd. False if there is no log. */
bool journal_open(int fd);

/*
 * Writes one line; fields end in {0}. A value longer than LOGFMT_ROOM holds (text/logfmt.h) is cut, and named in a last
 * field `cut`, which no value can imitate. refusal picks the severity: warning, else info. False if the line is lost,
 * or a part of it.
 */
bool journal_write(const struct field *fields, bool refusal);

#endif
