/*
 * audit-logs-clock - when a line was written. A stamp without a zone is taken for this host's local time; one without
 * a year for the latest year that is not behind the file's last change.
 */
#include "audit-logs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	TOLERANCE = 86400, /* clocks differ, and a zone may have been another one */
	YEARS_TRIED = 9,   /* eight from one 29 February to the next, at most */
	QUARTER = 900,     /* zones change at such times */
	JITTER = 2,        /* seconds by which lines of several processes may cross */
};

/* No line is much later than the reference, in local time as the lines have it. */
void logs_clock_begin(struct logs *l, int64_t reference)
{
	time_t changed = (time_t)reference;
	struct tm tm;

	localtime_r(&changed, &tm);
	l->clock = (struct logs_clock){
		.reference = reference + tm.tm_gmtoff, .year = tm.tm_year + 1900, .quarter = INT64_MIN};
}

/* Local time, given as if it were UTC, to UTC. */
static int64_t from_local(struct logs_clock *clock, int64_t civil)
{
	int64_t quarter = civil / QUARTER;

	if (quarter != clock->quarter) {
		time_t as_utc = (time_t)civil;
		struct tm tm;

		gmtime_r(&as_utc, &tm);
		tm.tm_isdst = -1;
		clock->quarter = quarter;
		clock->offset = civil - (int64_t)mktime(&tm);
	}
	return civil - clock->offset;
}

static bool in_year(struct logs_clock *clock, const struct logstamp *stamp, int year, int64_t *seconds)
{
	int64_t civil = logstamp_seconds(stamp, year);

	if (civil == INT64_MIN)
		return false;
	*seconds = stamp->zoned ? civil - stamp->offset : from_local(clock, civil);
	return true;
}

static bool find_year(struct logs_clock *clock, const struct logstamp *stamp, int64_t *seconds)
{
	int year = clock->year + 1;

	while (year > clock->year - YEARS_TRIED && logstamp_seconds(stamp, year) > clock->reference + TOLERANCE)
		year--;
	while (year > clock->year - YEARS_TRIED && !in_year(clock, stamp, year, seconds)) /* 29 February */
		year--;
	return year > clock->year - YEARS_TRIED;
}

/* --year is the year of the first line: another one begins where months go back by half a year. */
static bool follow_year(struct logs *l, const struct logstamp *stamp, int64_t *seconds)
{
	if (stamp->month < l->month - 6)
		l->year++;
	l->month = stamp->month;
	return in_year(&l->clock, stamp, l->year, seconds);
}

static bool find_time(struct logs *l, const struct logstamp *stamp, int64_t *seconds)
{
	if (stamp->year)
		return in_year(&l->clock, stamp, stamp->year, seconds);
	return l->year ? follow_year(l, stamp, seconds) : find_year(&l->clock, stamp, seconds);
}

bool logs_time(struct logs *l, const struct logstamp *stamp, int64_t *seconds)
{
	struct logs_clock *clock = &l->clock;

	if (clock->begun && logstamp_same(&clock->stamp, stamp)) {
		*seconds = clock->seconds;
		return true;
	}
	if (!find_time(l, stamp, seconds))
		return false;
	if (clock->begun && *seconds < clock->latest - JITTER) {
		if (l->backwards++ == 0)
			logs_fault(l, true, "time goes backwards by %lld seconds",
				   (long long)(clock->latest - *seconds));
		if (clock->latest - *seconds > l->worst_back)
			l->worst_back = clock->latest - *seconds;
	}
	if (!clock->begun || *seconds > clock->latest || *seconds < clock->latest - JITTER)
		clock->latest = *seconds;
	clock->begun = true;
	clock->stamp = *stamp;
	clock->seconds = *seconds;
	return true;
}

static bool read_ago(const char *text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	char *unit;
	long count = strtol(text, &unit, 10);

	if (text[0] < '0' || text[0] > '9' || count > 1000000 || !unit[0] || unit[1])
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (units[i].unit == *unit) {
			*seconds = (int64_t)time(NULL) - count * units[i].seconds;
			return true;
		}
	return false;
}

/* 20261121, 202611211635[42] are UTC, as in the policy; 2026-11-21[ hh:mm:ss][zone] is local without its zone. */
bool logs_read_time(const char *text, int64_t *seconds)
{
	char full[64];
	const char *at = full;
	struct logstamp stamp;
	struct logs_clock clock = {.quarter = INT64_MIN};
	size_t digits = strspn(text, "0123456789"), length = strlen(text);

	if (read_ago(text, seconds))
		return true;
	if ((digits == 8 || digits == 12 || digits == 14) &&
		(!text[digits] || strcmp(text + digits, "Z") == 0)) {
		snprintf(full, sizeof full, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ ", text, text + 4, text + 6,
			 digits > 8 ? text + 8 : "00", digits > 8 ? text + 10 : "00",
			 digits > 12 ? text + 12 : "00");
	} else if (length == 10) {
		snprintf(full, sizeof full, "%sT00:00:00 ", text);
	} else if (length == 16) {
		snprintf(full, sizeof full, "%s:00 ", text);
	} else if (length < sizeof full - 1) {
		snprintf(full, sizeof full, "%s ", text);
	} else {
		return false;
	}
	return logstamp_read(&at, full + strlen(full), &stamp) && !*at && stamp.year &&
	       in_year(&clock, &stamp, stamp.year, seconds);
}

void logs_write_time(int64_t seconds, char out[24])
{
	struct logstamp s = logstamp_of(seconds < 0 ? 0 : seconds);

	snprintf(out, 24, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)s.year % 10000, (unsigned)s.month % 100,
		 (unsigned)s.day % 100, (unsigned)s.hour % 100, (unsigned)s.minute % 100,
		 (unsigned)s.second % 100);
}
