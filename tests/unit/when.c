/*
 * Goal: a window of hours and a point in time mean what sallyport.ini(5) says, in UTC, across midnight and weeks.
 */
#include "test.h"

#include "text/when.h"

#include <time.h>

static int64_t at(const char *text)
{
	int64_t seconds;
	const char *reason = when_read_time(text, &seconds);

	if (reason)
		FAIL("%s: %s", text, reason);
	return seconds;
}

/* 2026-11-20 is a Friday. */
static void test_hours(void **state)
{
	static const struct {
		const char *hours, *now;
		bool inside;
	} rows[] = {
		{"08:00-18:00", "202611200800", true},
		{"08:00-18:00", "20261120075959", false},
		{"08:00-18:00", "20261120175959", true},
		{"08:00-18:00", "202611201800", false},
		{"Mon-Fri 08:00-18:00", "202611201200", true},
		{"Mon-Fri 08:00-18:00", "202611211200", false},
		{"Sat-Mon 08:00-18:00", "202611221200", true},
		{"Sat-Mon 08:00-18:00", "202611201200", false},
		{"22:00-05:00", "202611202300", true},
		{"22:00-05:00", "202611200459", true},
		{"22:00-05:00", "202611200500", false},
		{"22:00-05:00", "202611201200", false},
		/* a window past midnight belongs to the day on which it begins */
		{"Fri 22:00-05:00", "202611210400", true},
		{"Fri 22:00-05:00", "202611200400", false},
		{"Sun 22:00-05:00", "202611230400", true},
		{"Mon 00:00-01:00, Fri 12:00-13:00", "202611201230", true},
		{"fri 00:00-24:00", "20261120235959", true},
		{"Fri 00:00-24:00", "202611210000", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (when_in_hours(rows[i].hours, at(rows[i].now)) != rows[i].inside)
			FAIL("'%s' at %s", rows[i].hours, rows[i].now);
	assert_true(when_in_hours("Thu 00:00-00:01", 0));
	assert_true(when_in_hours("Wed 23:59-24:00", -1));
}

static void test_malformed(void **state)
{
	static const char *const hours[] = {
		"", " ", "08:00", "8:00-9:00", "08:00-9:00", "08:00-18:00,", ",08:00-18:00", "08:00-18:00 Mon",
		"Monday 08:00-18:00", "Mon08:00-18:00", "Mon-Xxx 08:00-18:00", "Mon- 08:00-18:00", "24:00-01:00",
		"08:00-24:01", "08:60-09:00", "08:00-08:00", "08.00-09.00", "08:00-18:00;", "08:00--18:00",
	};
	static const char *const times[] = {
		"", "Z", "2026", "202611", "2026112", "202611201", "2026112012000", "202611201200000", "20261120z",
		"20261120 ", "2026-11-20", "20261301", "20261100", "20261131", "20230229", "21000229", "19691231",
		"202611202400", "202611201260", "20261120126000", "20261120120061", "+20261120", "x",
	};
	int64_t seconds;

	(void)state;
	for (size_t i = 0; i < ROWS(hours); i++)
		if (!when_check_hours(hours[i]))
			FAIL("'%s' is a window", hours[i]);
	for (size_t i = 0; i < ROWS(times); i++)
		if (!when_read_time(times[i], &seconds))
			FAIL("'%s' is a time", times[i]);
}

/* Against the C library's calendar, day by day. */
static void test_calendar(void **state)
{
	char text[32];

	(void)state;
	for (time_t day = 0; day < (time_t)130 * 365; day++) {
		time_t noon = day * 86400 + 43200;
		struct tm tm;

		gmtime_r(&noon, &tm);
		strftime(text, sizeof text, "%Y%m%d1200", &tm);
		if (at(text) != noon)
			FAIL("%s", text);
	}
	assert_int_equal(at("19700101"), 0);
	assert_int_equal(at("20261120120030Z"), at("202611201200") + 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_calendar),
	};

	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
