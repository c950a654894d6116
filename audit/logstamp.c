#include "logstamp.h"

#include "text/when.h"

#include <stddef.h>
#include <string.h>

enum { DAY_SECONDS = 86400, YEAR_LEAST = 1970, YEAR_MOST = 9999 };

/* `count` digits at text, no more than most; -1: something else is there. */
static int digits(const char *text, int count, int most)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + text[i] - '0';
	}
	return value <= most ? value : -1;
}

/* hh:mm:ss; 60 is a leap second. */
static bool read_clock(const char *text, struct logstamp *stamp)
{
	stamp->hour = digits(text, 2, 23);
	stamp->minute = digits(text + 3, 2, 59);
	stamp->second = digits(text + 6, 2, 60);
	return stamp->hour >= 0 && stamp->minute >= 0 && stamp->second >= 0 && text[2] == ':' && text[5] == ':';
}

static int read_month(const char *text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int month = 0; month < 12; month++)
		if (memcmp(text, names + 3 * month, 3) == 0)
			return month + 1;
	return -1;
}

static const char *skip_fraction(const char *at, const char *end)
{
	if (at == end || (*at != '.' && *at != ','))
		return at;
	for (at++; at < end && *at >= '0' && *at <= '9';)
		at++;
	return at;
}

/* "Mmm dd hh:mm:ss", 15 bytes; the day may be " 5" or, in some daemons, "05". */
static const char *read_bsd(const char *at, const char *end, struct logstamp *stamp)
{
	if (end - at < 15 || at[3] != ' ' || at[6] != ' ')
		return NULL;
	stamp->month = read_month(at);
	stamp->day = at[4] == ' ' ? digits(at + 5, 1, 9) : digits(at + 4, 2, 31);
	if (stamp->month < 1 || stamp->day < 1 || !read_clock(at + 7, stamp))
		return NULL;
	return skip_fraction(at + 15, end);
}

/* +hh:mm, +hhmm or Z; without one nothing moves. NULL: it begins like one and is none. */
static const char *read_zone(const char *at, const char *end, struct logstamp *stamp)
{
	if (at < end && *at == 'Z') {
		stamp->zoned = true;
		return at + 1;
	}
	if (at == end || (*at != '+' && *at != '-'))
		return at;
	if (end - at < 5)
		return NULL;
	bool colon = at[3] == ':' && end - at >= 6;
	int hours = digits(at + 1, 2, 23), minutes = digits(at + 3 + colon, 2, 59);

	if (hours < 0 || minutes < 0)
		return NULL;
	stamp->zoned = true;
	stamp->offset = (hours * 60 + minutes) * 60 * (*at == '-' ? -1 : 1);
	return at + 5 + colon;
}

static const char *read_iso(const char *at, const char *end, struct logstamp *stamp)
{
	if (end - at < 19 || at[4] != '-' || at[7] != '-' || (at[10] != 'T' && at[10] != ' '))
		return NULL;
	stamp->year = digits(at, 4, YEAR_MOST);
	stamp->month = digits(at + 5, 2, 12);
	stamp->day = digits(at + 8, 2, 31);
	if (stamp->year < YEAR_LEAST || stamp->month < 1 || stamp->day < 1 || !read_clock(at + 11, stamp))
		return NULL;
	return read_zone(skip_fraction(at + 19, end), end, stamp);
}

/* A zone's name: UTC is known, any other is the host's own. */
static const char *read_full(const char *at, const char *end, struct logstamp *stamp)
{
	if (end - at < 24 || at[3] != ' ' || !(at = read_iso(at + 4, end, stamp)) || at == end || *at != ' ')
		return NULL;
	const char *zone = ++at;

	while (at < end && *at >= 'A' && *at <= 'Z')
		at++;
	stamp->zoned = at - zone == 3 && memcmp(zone, "UTC", 3) == 0;
	return at > zone ? at : NULL;
}

static const char *read_unix(const char *at, const char *end, struct logstamp *stamp)
{
	int64_t seconds = 0;
	int count = 0;

	for (; at < end && count < 11 && *at >= '0' && *at <= '9'; at++, count++)
		seconds = seconds * 10 + *at - '0';
	if (count < 9 || count > 10 || at == end || *at != '.')
		return NULL;
	*stamp = logstamp_of(seconds);
	return skip_fraction(at, end);
}

bool logstamp_read(const char **at, const char *end, struct logstamp *stamp)
{
	static const char *(*const forms[])(const char *, const char *, struct logstamp *) = {
		read_bsd,
		read_iso,
		read_full,
		read_unix,
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		*stamp = (struct logstamp){0};
		const char *behind = forms[i](*at, end, stamp);

		if (behind && behind < end && *behind == ' ') {
			*at = behind + 1;
			return true;
		}
	}
	return false;
}

int64_t logstamp_seconds(const struct logstamp *stamp, int year)
{
	if (stamp->day > when_month_days(year, stamp->month))
		return INT64_MIN;
	return when_days(year, stamp->month, stamp->day) * DAY_SECONDS + stamp->hour * 3600 + stamp->minute * 60 +
	       stamp->second;
}

struct logstamp logstamp_of(int64_t seconds)
{
	struct logstamp stamp = {.year = YEAR_LEAST, .month = 1, .zoned = true};
	int64_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;

	while (days >= 365 + when_is_leap(stamp.year))
		days -= 365 + when_is_leap(stamp.year++);
	while (days >= when_month_days(stamp.year, stamp.month))
		days -= when_month_days(stamp.year, stamp.month++);
	stamp.day = (int)days + 1;
	stamp.hour = (int)(rest / 3600);
	stamp.minute = (int)(rest / 60 % 60);
	stamp.second = (int)(rest % 60);
	return stamp;
}
