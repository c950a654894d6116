#include "when.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum {
	DAY_MINUTES = 24 * 60,
	WEEK_DAYS = 7,
	DAY_SECONDS = DAY_MINUTES * 60,
	EPOCH_WEEKDAY = 3, /* 1970-01-01 was a Thursday; Monday is 0 */
};

struct window {
	int first, last;  /* days, 0 is Monday; last may be below first */
	int begin, end;   /* minutes; end may be below begin */
};

static const char format[] = "a window is HH:MM-HH:MM, perhaps behind a day or Day-Day and a blank";

/* Two digits at *at, at most limit; moves on. -1: none. */
static int two_digits(const char **at, int limit)
{
	const char *p = *at;

	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	*at += 2;
	int value = (p[0] - '0') * 10 + (p[1] - '0');
	return value <= limit ? value : -1;
}

static int read_day(const char **at)
{
	static const char days[] = "MonTueWedThuFriSatSun";

	for (int day = 0; day < WEEK_DAYS; day++)
		if (strncasecmp(*at, days + 3 * day, 3) == 0) {
			*at += 3;
			return day;
		}
	return -1;
}

/* HH:MM in minutes; 24:00 is allowed as an end. */
static int read_clock(const char **at)
{
	int hour = two_digits(at, 24);

	if (hour < 0 || **at != ':')
		return -1;
	++*at;
	int minute = two_digits(at, 59);
	return minute < 0 || (hour == 24 && minute > 0) ? -1 : hour * 60 + minute;
}

static bool read_days(const char **at, struct window *w)
{
	w->first = 0;
	w->last = WEEK_DAYS - 1;
	if (**at >= '0' && **at <= '9')
		return true;
	w->first = w->last = read_day(at);
	if (w->first >= 0 && **at == '-') {
		++*at;
		w->last = read_day(at);
	}
	return w->first >= 0 && w->last >= 0 && *(*at)++ == ' ';
}

/* The window at *at; moves past its comma. */
static bool read_window(const char **at, struct window *w)
{
	*at += strspn(*at, " ");
	if (!read_days(at, w))
		return false;
	w->begin = read_clock(at);
	if (w->begin < 0 || w->begin == DAY_MINUTES || *(*at)++ != '-')
		return false;
	w->end = read_clock(at);
	if (w->end < 0 || (**at && **at != ','))
		return false;
	if (**at == ',' && *++*at == '\0')
		return false;
	return true;
}

const char *when_check_hours(const char *hours)
{
	struct window w;

	do {
		if (!read_window(&hours, &w))
			return format;
		if (w.begin == w.end)
			return "a window that begins when it ends";
	} while (*hours);
	return NULL;
}

static bool has_day(const struct window *w, int day)
{
	return w->first <= w->last ? day >= w->first && day <= w->last
				   : day >= w->first || day <= w->last;
}

/* A window past midnight belongs to the day on which it begins. */
static bool holds(const struct window *w, int day, int minute)
{
	int yesterday = (day + WEEK_DAYS - 1) % WEEK_DAYS;

	if (w->begin < w->end)
		return has_day(w, day) && minute >= w->begin && minute < w->end;
	return (has_day(w, day) && minute >= w->begin) || (has_day(w, yesterday) && minute < w->end);
}

bool when_in_hours(const char *hours, int64_t now)
{
	int64_t days = now / DAY_SECONDS - (now % DAY_SECONDS < 0);
	int minute = (int)((now - days * DAY_SECONDS) / 60);
	int day = (int)(((days + EPOCH_WEEKDAY) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS);
	struct window w;

	while (*hours && read_window(&hours, &w))
		if (holds(&w, day, minute))
			return true;
	return false;
}

bool when_is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int when_month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && when_is_leap(year));
}

int64_t when_days(int year, int month, int day)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	int64_t y = year - 1;
	int64_t days = y * 365 + y / 4 - y / 100 + y / 400 - 719162; /* from 0001-01-01 to 1970-01-01 */

	return days + before[month - 1] + (month > 2 && when_is_leap(year)) + day - 1;
}

const char *when_read_time(const char *text, int64_t *seconds)
{
	static const char shape[] = "a time is YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, in UTC";
	size_t length = strspn(text, "0123456789");
	const char *at = text;

	if ((length != 8 && length != 12 && length != 14) ||
	    (text[length] && strcmp(text + length, "Z") != 0))
		return shape;
	int century = two_digits(&at, 99), year = century * 100 + two_digits(&at, 99);
	int month = two_digits(&at, 12), day = two_digits(&at, 31);
	int hour = length > 8 ? two_digits(&at, 23) : 0, minute = length > 8 ? two_digits(&at, 59) : 0;
	int second = length > 12 ? two_digits(&at, 60) : 0;

	if (year < 1970 || month < 1 || day < 1 || day > when_month_days(year, month))
		return "there is no such day";
	if (hour < 0 || minute < 0 || second < 0)
		return "there is no such time of day";
	*seconds = when_days(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second;
	return NULL;
}
