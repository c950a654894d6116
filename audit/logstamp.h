/*
 * logstamp - the time at the head of a log line, in the forms that syslog daemons and journalctl write.
 *
 *	bsd    = Mmm SP dd SP hh:mm:ss [ "." fraction ]			RFC 3164; no year, no zone
 *	iso    = YYYY-MM-DD ( "T" / SP ) hh:mm:ss [ "." fraction ] [ zone ]	RFC 3339, RFC 5424, short-iso
 *	full   = Www SP iso-with-blank SP ZONE				short-full
 *	unix   = seconds "." microseconds				short-unix
 *	zone   = "Z" / ( "+" / "-" ) hh [ ":" ] mm
 */
#ifndef AUDIT_LOGSTAMP_H
#define AUDIT_LOGSTAMP_H

#include <stdbool.h>
#include <stdint.h>

struct logstamp {
	int year;       /* 0: the line does not say */
	int month, day; /* from 1 */
	int hour, minute, second;
	bool zoned; /* offset counts; if not, it is the local time of the host that wrote it */
	int offset; /* seconds east of UTC */
};

/* Reads the stamp at *at, and moves past the blank behind it. False: none is here. */
bool logstamp_read(const char **at, const char *end, struct logstamp *stamp);

static inline bool logstamp_same(const struct logstamp *a, const struct logstamp *b)
{
	return a->second == b->second && a->minute == b->minute && a->hour == b->hour && a->day == b->day &&
	       a->month == b->month && a->year == b->year && a->zoned == b->zoned && a->offset == b->offset;
}

/* Seconds since 1970 as if the stamp, in this year, were UTC; INT64_MIN: there is no such day in it. */
int64_t logstamp_seconds(const struct logstamp *stamp, int year);

/* The other way round; zoned, offset 0. */
struct logstamp logstamp_of(int64_t seconds);

#endif
