/*
 * Goal: a slip of the pen finds the word that was meant; a word that is far from all finds none.
 */
#include "test.h"

#include "policy/nearest.h"

static const char *find(const char *word)
{
	static const char *const candidates[] = {"access", "commands", "docroot", "docroot-home", "env",
						 "isolation", "umask"};
	struct nearest near = {0};

	for (size_t i = 0; i < ROWS(candidates); i++)
		nearest_offer(&near, word, strlen(word), candidates[i]);
	return near.best;
}

static void test_rows(void **state)
{
	static const struct {
		const char *word, *near;
	} rows[] = {
		{"acess", "access"},        {"acces", "access"},   {"comands", "commands"},
		{"command", "commands"},    {"docrot", "docroot"}, {"docroothome", "docroot-home"},
		{"isolatoin", "isolation"}, {"umsak", "umask"},    {"access", "access"},
		{"xyzzy", NULL},            {"", NULL},            {"permissions", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *got = find(rows[i].word);

		if (!got != !rows[i].near || (got && strcmp(got, rows[i].near) != 0))
			FAIL("'%s' finds '%s'", rows[i].word, got ? got : "(none)");
	}
}

/* Goal: words of any length; beyond what the rows hold nothing is near. */
static void test_long(void **state)
{
	char word[4096];
	struct nearest near = {0};

	(void)state;
	memset(word, 'a', sizeof word);
	for (size_t length = 0; length < sizeof word; length++)
		nearest_offer(&near, word, length, "umask");
	assert_null(near.best);
	word[60] = '\0';
	nearest_offer(&near, word, 48, word);
	nearest_offer(&near, word, 60, word);
	assert_null(near.best);
	word[48] = '\0';
	nearest_offer(&near, word, 48, word);
	assert_ptr_equal(near.best, word);
	assert_int_equal(near.distance, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
