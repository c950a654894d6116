/*
 * Goal: runs of attempts are told apart - brute force, slow, dictionaries, in alphabetical order, spread over many
 * sources - and what is none is none; memory is what it is, and what it had to forget is counted.
 */
#include "test.h"

#include "audit/logruns.h"

static struct logruns *runs;

static int set_up(void **state)
{
	(void)state;
	runs = logruns_new();
	return runs ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	logruns_free(runs);
	return 0;
}

static void try(const char *address, const char *name, int64_t time)
{
	struct logattempt a = {.name = {name, strlen(name)}, .invalid = true, .times = 1, .time = time};

	assert_true(logaddr_read(address, strlen(address), &a.address));
	logruns_try(runs, &a);
}

static enum logrun kind_of_first(void)
{
	size_t count;
	const struct logsource *source = logruns_sources(runs, &count);

	return count ? logruns_kind(source) : LOGRUN_NONE;
}

static void test_kinds(void **state)
{
	static const char *const order[] = {"admin", "bill", "carl", "dora", "emil", "fritz", "gerd", "hans", "ida", "jan",
					    "kurt", "lena", "max", "nina"};
	static const char *const mixed[] = {"root", "admin", "test", "guest", "user", "oracle", "pi", "ubuntu", "git",
					    "nagios", "backup", "www", "ftp", "mysql"};
	static const struct {
		const char *const *names;
		unsigned count, times;
		int64_t step;
		enum logrun kind;
	} rows[] = {
		{order, 14, 1, 1, LOGRUN_ALPHABET},  {order, 12, 1, 1, LOGRUN_DICTIONARY}, {order, 9, 1, 1, LOGRUN_NONE},
		{mixed, 14, 1, 1, LOGRUN_DICTIONARY}, {mixed, 1, 20, 1, LOGRUN_BRUTE},      {mixed, 1, 19, 1, LOGRUN_NONE},
		{mixed, 1, 20, 600, LOGRUN_SLOW},    {mixed, 1, 20, 599, LOGRUN_BRUTE},    {mixed, 2, 12, 1, LOGRUN_BRUTE},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t time = 1000;

		set_up(state);
		for (unsigned k = 0; k < rows[i].count; k++)
			for (unsigned n = 0; n < rows[i].times; n++, time += rows[i].step)
				try("192.0.2.1", rows[i].names[k], time);
		if (kind_of_first() != rows[i].kind)
			FAIL("row %zu: %d", i, kind_of_first());
		tear_down(state);
	}
}

/* Goal: one name from many sources, a few times each; and not where one source does it all. */
static void test_spread(void **state)
{
	char address[32];
	size_t count;
	const struct logtarget *target;

	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		snprintf(address, sizeof address, "2001:db8:0:%x::%x", i, i);
		for (unsigned n = 0; n < 3; n++)
			try(address, "oracle", 1000 * i);
		try("192.0.2.1", "root", 1000 * i);
		if (i < 10)
			try(address, "pi", 1000 * i);
	}
	target = logruns_targets(runs, &count);
	assert_int_equal(count, 3);
	assert_string_equal(target[0].name, "oracle");
	assert_true(logruns_is_spread(&target[0]));
	assert_false(logruns_is_spread(&target[1]));
	assert_false(logruns_is_spread(&target[2]));
}

/* Goal: a /64 is one source; so is an address in two spellings. */
static void test_sources(void **state)
{
	size_t count;

	(void)state;
	try("2001:db8::1", "a", 1);
	try("2001:db8::2", "b", 2);
	try("::ffff:192.0.2.1", "c", 3);
	try("192.0.2.1", "d", 4);
	logruns_sources(runs, &count);
	assert_int_equal(count, 2);
}

/* Goal: the estimate is near for few and for many, and knows when it cannot know. */
static void test_estimate(void **state)
{
	char name[16];
	bool saturated;
	size_t count;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "n%u", i);
		try("192.0.2.1", name, i);
		try("192.0.2.1", name, i);
	}
	unsigned long n = logruns_estimate(&logruns_sources(runs, &count)->names, &saturated);

	if (n < 850 || n > 1150 || saturated)
		FAIL("%lu names of 1000", n);
	struct logcount all = {.set = LOGRUNS_BITS};
	logruns_estimate(&all, &saturated);
	assert_true(saturated);
}

/* Goal: many more sources than there is room for: the busy ones stay, the others are counted. */
static void test_full(void **state)
{
	char address[32];
	struct logforgotten gone;
	size_t count;

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		try("192.0.2.1", "root", i);
	for (unsigned i = 0; i < 200000; i++) {
		snprintf(address, sizeof address, "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
		try(address, "root", i);
	}
	gone = logruns_forgotten(runs);
	const struct logsource *source = logruns_sources(runs, &count);

	assert_int_equal(source[0].attempts, 100);
	assert_int_equal(gone.sources + count, 200001);
	assert_int_equal(gone.source_attempts, gone.sources);
}

/* Goal: a login says how often the same source had failed before. */
static void test_login(void **state)
{
	struct logaddr address, other;

	(void)state;
	for (unsigned i = 0; i < 12; i++)
		try("192.0.2.1", "root", i);
	logaddr_read("192.0.2.1", 9, &address);
	logaddr_read("192.0.2.2", 9, &other);
	assert_int_equal(logruns_accepted(runs, &address), 12);
	assert_int_equal(logruns_accepted(runs, &other), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test_setup_teardown(test_spread, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sources, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_estimate, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_full, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_login, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("logruns", tests, NULL, NULL);
}
