/*
 * Goal: an address is in a list exactly when sshd would say so, and a list that cannot match is an error.
 */
#include "test.h"

#include "text/pattern.h"

static void test_patterns(void **state)
{
	static const struct {
		const char *text, *pattern;
		bool matches;
	} rows[] = {
		{"", "", true}, {"", "*", true}, {"", "?", false}, {"a", "", false}, {"abc", "abc", true},
		{"abc", "ABC", true}, {"abc", "a?c", true}, {"abc", "a?", false}, {"abc", "*", true},
		{"abc", "*c", true}, {"abc", "*b", false}, {"abc", "a*c", true}, {"abc", "a**c", true},
		{"aXbXc", "a*b*c", true}, {"aab", "*ab", true}, {"abcd", "*bc", false}, {"a[b", "a[b", true},
		{"a@b", "a`b", false}, {"a{", "a[", false}, {"192.0.2.10", "192.0.2.?", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (pattern_match(rows[i].text, rows[i].pattern, strlen(rows[i].pattern)) != rows[i].matches)
			FAIL("'%s' '%s'", rows[i].text, rows[i].pattern);
}

/* Stars that would make a naive matcher try every split. */
static void test_time(void **state)
{
	char text[2001], pattern[201];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (size_t i = 0; i + 2 < sizeof pattern; i += 2)
		memcpy(pattern + i, "*a", 2);
	memcpy(pattern + sizeof pattern - 3, "*b", 3);
	assert_false(pattern_match(text, pattern, strlen(pattern)));
}

static void test_addresses(void **state)
{
	static const struct {
		const char *address, *list;
		bool matches;
	} rows[] = {
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.0/24", true},
		{"192.0.3.1", "192.0.2.0/24", false},
		{"192.0.2.129", "192.0.2.128/25", true},
		{"192.0.2.127", "192.0.2.128/25", false},
		{"10.1.2.3", "0.0.0.0/0", true},
		{"2001:db8::1", "0.0.0.0/0", false},
		{"2001:db8::1", "2001:db8::/32", true},
		{"2001:db9::1", "2001:db8::/32", false},
		{"2001:db8::1", "::/0", true},
		{"::ffff:192.0.2.1", "192.0.2.0/24", true},
		{"192.0.2.1", "!192.0.2.1,*", false},
		{"192.0.2.1", "*,!192.0.2.1", false},
		{"192.0.2.2", "*,!192.0.2.1", true},
		{"192.0.2.2", "!192.0.2.1", false},
		{"192.0.2.7", "192.0.2.0/24,!192.0.2.0/29", false},
		{"192.0.2.8", "192.0.2.0/24,!192.0.2.0/29", true},
		{"192.0.2.7", "10.0.0.0/8,192.0.2.*", true},
		{"2001:db8::1", "2001:DB8:0::1", true},
		{"2001:db8::1", "*,!2001:db8:0::1", false},
		{"::ffff:192.0.2.1", "192.0.2.1", true},
		{"fe80::1%eth0", "fe80::/10", true},
		{"fe80::1%eth0", "fe80::1", true},
		{"fe80::1%eth0", "fe80::1%eth0", true},
		{"fe80::1%eth0", "FE80:0::1%eth0", true},
		{"fe80::1%eth1", "fe80::1%eth0", false},
		{"fe80::1%eth0", "fe80::1%eth", false},
		{"fe80::1", "fe80::1%eth0", false},
		{"fe80::1%eth1", "fe80::%eth0/10", false},
		{"fe80::1%eth0", "fe80::%eth0/10", true},
		{"fe80::1%eth0", "*,!fe80::1", false},
		{"fe80::1%eth0", "*,!fe80::1%eth0", false},
		{"fe80::1%eth1", "*,!fe80::1%eth0", true},
		{"fe80::1%eth0", "fe80::1%", false},
		{"localhost", "*", false},
		{"", "*", false},
		{"192.0.2.1 22", "*", false},
		{"192.0.2", "*", false},
		{"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc", "*", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (pattern_match_address(rows[i].address, rows[i].list) != rows[i].matches)
			FAIL("'%s' '%s'", rows[i].address, rows[i].list);
}

static void test_lists(void **state)
{
	static const struct {
		const char *list, *item, *reason; /* reason: a part of it, or NULL */
	} rows[] = {
		{"192.0.2.0/24", NULL, NULL},
		{"*,!192.0.2.1", NULL, NULL},
		{"2001:db8::/32,192.0.2.?", NULL, NULL},
		{"!192.0.2.1", "!192.0.2.1", "only negated"},
		{"", "", "an empty item"},
		{"192.0.2.1,", "", "an empty item"},
		{"192.0.2.1,,10.0.0.1", "", "an empty item"},
		{"192.0.2.1, 10.0.0.1", " 10.0.0.1", "a blank"},
		{"192.0.2.1/24", "192.0.2.1/24", "bits set"},
		{"*,!2001:db8::1/32", "2001:db8::1/32", "bits set"},
		{"192.0.2.0/33", "192.0.2.0/33", "longer than the address"},
		{"192.0.2.0/1000", "192.0.2.0/1000", "one to three digits"},
		{"192.0.2.0/x", "192.0.2.0/x", "one to three digits"},
		{"192.0.2.0/", "192.0.2.0/", "one to three digits"},
		{"host/24", "host/24", "not an address"},
		{"/24", "/24", "not an address"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *item = NULL;
		size_t length = 0;
		const char *reason = pattern_check_list(rows[i].list, &item, &length);

		if (!reason != !rows[i].reason || (reason && !strstr(reason, rows[i].reason)))
			FAIL("'%s': %s", rows[i].list, reason ? reason : "accepted");
		if (reason && (strlen(rows[i].item) != length || memcmp(item, rows[i].item, length) != 0))
			FAIL("'%s' blames '%.*s'", rows[i].list, (int)length, item);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
