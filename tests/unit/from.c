/*
 * Goal: what apply calls a `from` that nobody is in has nobody in it, and what it lets pass has somebody: compared
 * with every address of a small net, list by list.
 */
#include "test.h"

#include "cli/from.h"

#include "text/pattern.h"

static bool is_never(const char *account, const char *profile)
{
	const char *lists[POLICY_CONDITIONS_MAX] = {account, profile};

	return from_is_never(lists);
}

static void test_rows(void **state)
{
	static const struct {
		const char *account, *profile;
		bool never;
	} rows[] = {
		{NULL, NULL, false},
		{"192.0.2.0/24", NULL, false},
		{"192.0.2.0/24", "192.0.2.128/25", false},
		{"192.0.2.0/25", "192.0.2.128/25", true},
		{"192.0.2.0/24,!192.0.2.0/25,!192.0.2.128/25", NULL, true},
		{"192.0.2.0/24,!192.0.2.0/25,!192.0.2.128/26", NULL, false},
		{"*,!0.0.0.0/0", NULL, false}, /* IPv6 is left */
		{"*,!0.0.0.0/0,!::/0", NULL, true},
		{"*,!0.0.0.0/1", "!10.0.0.0/8,0.0.0.0/0", false},
		{"255.255.255.255", NULL, false},
		{"0.0.0.0/0,!0.0.0.0/1,!128.0.0.0/2,!192.0.0.0/2", NULL, true},
		{"::/0,!::/1,!8000::/1", NULL, true},
		{"::/0,!::/1,!8000::/2", NULL, false},
		{"2001:db8::/32", "10.0.0.0/8", true},
		{"mirror.example.org", NULL, true},
		{"192.0.2.300", NULL, true},
		{"*.example.org", NULL, true},
		{"192.0.*", NULL, false},
		{"192.0.*", "10.0.0.0/8", false}, /* patterns are not reckoned with */
		{"192.0.2.?", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (is_never(rows[i].account, rows[i].profile) != rows[i].never)
			FAIL("row %zu: %s and %s", i, rows[i].account, rows[i].profile);
}

/* Lists of blocks within 10.0.0.0/28 and around it. */
static void make_list(struct dice *dice, char *out, size_t size)
{
	size_t used = 0, count = 1 + roll(dice, 5);

	for (size_t i = 0; i < count; i++) {
		unsigned bits = 28 + roll(dice, 5), host = roll(dice, 16) & ~((1u << (32 - bits)) - 1) & 15;

		used += (size_t)snprintf(out + used, size - used, "%s%s10.0.0.%u/%u", i ? "," : "",
					 i && roll(dice, 2) ? "!" : "", host, bits);
	}
}

static void test_every_address(void **state)
{
	struct dice dice = {0x1234567890abcdef};
	char lists[2][256], address[32];
	int never = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		bool somebody = false;

		make_list(&dice, lists[0], sizeof lists[0]);
		make_list(&dice, lists[1], sizeof lists[1]);
		for (int host = 0; host < 32 && !somebody; host++) {
			snprintf(address, sizeof address, "10.0.0.%d", host);
			somebody = pattern_match_address(address, lists[0]) && pattern_match_address(address, lists[1]);
		}
		if (is_never(lists[0], lists[1]) == somebody)
			FAIL("%s and %s: %s", lists[0], lists[1], somebody ? "somebody" : "nobody");
		never += !somebody;
	}
	assert_in_range(never, 1000, 19000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_address),
	};

	return cmocka_run_group_tests_name("from", tests, NULL, NULL);
}
