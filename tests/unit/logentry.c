/*
 * Goal: entries of a journal's export: what the journal says itself counts, and what is inside data is nobody's line.
 */
#include "test.h"

#include "audit/logentry.h"

static struct logentry entry;
static struct logline seen;

static enum logentry_step feed(const char *line)
{
	return logentry_feed(&entry, line, strlen(line));
}

static void test_entry(void **state)
{
	(void)state;
	logentry_clear(&entry);
	assert_int_equal(feed("__CURSOR=s=1;i=2"), LOGENTRY_FIELD);
	feed("__REALTIME_TIMESTAMP=1795259142123456");
	feed("_HOSTNAME=host");
	feed("SYSLOG_IDENTIFIER=sshd");
	feed("SYSLOG_PID=9");
	feed("_PID=123");
	feed("MESSAGE=Invalid user a=b from 192.0.2.1 port 5");
	assert_int_equal(feed(""), LOGENTRY_READY);
	logentry_line(&entry, &seen);
	assert_int_equal(seen.kind, LOGLINE_INVALID);
	assert_int_equal(seen.pid, 123);
	assert_int_equal(seen.host.length, 4);
	assert_int_equal(logstamp_seconds(&seen.stamp, seen.stamp.year), 1795259142);
	assert_true(seen.stamp.zoned);
	/* the next one has nothing of it */
	logentry_clear(&entry);
	feed("__REALTIME_TIMESTAMP=1795259142123456");
	logentry_line(&entry, &seen);
	assert_int_equal(seen.kind, LOGLINE_FOREIGN);
}

/* Goal: an entry without a time is none, and so is what does not fit. */
static void test_odd(void **state)
{
	static char longer[LOGLINE_MAX + 16] = "MESSAGE=";

	(void)state;
	logentry_clear(&entry);
	feed("SYSLOG_IDENTIFIER=sshd");
	feed("MESSAGE=Invalid user a from 192.0.2.1 port 5");
	logentry_line(&entry, &seen);
	assert_int_equal(seen.kind, LOGLINE_HEADLESS);
	feed("__REALTIME_TIMESTAMP=12x");
	logentry_line(&entry, &seen);
	assert_int_equal(seen.kind, LOGLINE_HEADLESS);
	feed("__REALTIME_TIMESTAMP=999999999999999999");
	logentry_line(&entry, &seen);
	assert_int_equal(seen.kind, LOGLINE_HEADLESS);
	feed("__REALTIME_TIMESTAMP=1795259142123456");
	memset(longer + 8, 'x', sizeof longer - 8);
	logentry_feed(&entry, longer, sizeof longer);
	logentry_line(&entry, &seen);
	assert_int_equal(seen.kind, LOGLINE_FOREIGN);
}

/* Goal: data is passed over by its length. */
static void test_data(void **state)
{
	static const unsigned char length[LOGENTRY_LENGTH] = {1, 2, 0, 0, 0, 0, 0, 0x10};

	(void)state;
	assert_int_equal(feed("MESSAGE"), LOGENTRY_DATA);
	assert_true(logentry_length(length) == 0x1000000000000201);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entry), cmocka_unit_test(test_odd), cmocka_unit_test(test_data),
	};

	return cmocka_run_group_tests_name("logentry", tests, NULL, NULL);
}
