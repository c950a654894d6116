/*
 * Goal: the value of an option is of its kind or refused; nothing that could be an option, a path or a program
 * passes for a number or a word (I3).
 */
#include "test.h"

#include "policy/value.h"

static void test_kinds(void **state)
{
	static const struct {
		enum value kind;
		const char *accepted[12], *refused[16];
	} rows[] = {
		{VALUE_NUMBER, {"0", "7", "1234567890"},
		 {"", "-1", "+1", "1a", "a", " 1", "1 ", "12345678901", "0x1", "1.5", "1\n"}},
		{VALUE_SIGNED, {"0", "-1", "+12", "1234567890"},
		 {"", "-", "+", "--1", "1-", "-1a", "+-1", "-12345678901"}},
		{VALUE_SIZE, {"1", "1.5M", "10GB", "4MiB", "64k-1", "1m+1", "0", "2g", "1.", "8b"},
		 {"", "M", "-1", ".5", "1x", "1MM", "1.5.5", "1M/x", "/", "1 M", "999999999999999999999"}},
		{VALUE_WORD, {"zstd", "a,b", "UTF-8", "utf8,iso-8859-1", "%i", "x=1", "none", "a:b"},
		 {"", "-x", "a b", "a/b", "/etc", "a;b", "$x", "`x`", "a\nb", "a\\b", "~", "a'b", "\xc3\xa4"}},
		{VALUE_CHARSET, {"UTF-8", ".", "utf8,latin1", "ISO_8859-1:1987", "UTF-8//TRANSLIT", "latin1//IGNORE",
				 "ASCII//TRANSLIT//IGNORE"},
		 {"", "-", "./x", "/x", "../x", "//TRANSLIT", "utf8/", "utf8//", "utf8//x", "utf8//TRANSLIT/x",
		  "utf8//TRANSLIT//TRANSLIT", "a b", "utf8//translit/../x", "%"}},
		{VALUE_TEXT, {"anything at all", "/a/b", "*:bob", ""}, {"-x", "--daemon", "-"}},
		{VALUE_CAPS, {".iLsfxCIvu", "31.14iLsfxCIvu", ".", "3.", "31."},
		 {"", "ssh", "iLsfx", "31", "/bin/sh", ".i/L", ".iL sfx", "31.14iLsf-", "3.1.4", "-.iL", ".;id"}},
		{VALUE_NAME, {"~", ".bak", "a b", "..."}, {"", "-x", "a/b", "/", "..", "../x"}},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct option_rule option = {"x", rows[i].kind};

		for (const char *const *v = rows[i].accepted; *v; v++)
			if (value_check(&option, *v))
				FAIL("kind %d refuses '%s'", rows[i].kind, *v);
		for (const char *const *v = rows[i].refused; *v; v++)
			if (!value_check(&option, *v))
				FAIL("kind %d accepts '%s'", rows[i].kind, *v);
	}
}

static void test_choice(void **state)
{
	const struct option_rule option = {"x", VALUE_CHOICE, .choices = "%i %i%I %o X"};

	(void)state;
	assert_null(value_check(&option, "%i"));
	assert_null(value_check(&option, "%i%I"));
	assert_null(value_check(&option, "X"));
	assert_non_null(value_check(&option, ""));
	assert_non_null(value_check(&option, "%"));
	assert_non_null(value_check(&option, "%i %o"));
	assert_non_null(value_check(&option, "x"));
	const struct option_rule none = {"x", VALUE_NONE};
	assert_non_null(value_check(&none, ""));
	assert_non_null(value_check(&none, "1"));
}

static void test_word(void **state)
{
	(void)state;
	assert_true(value_is_word("a_Z.0@:+=-", 64));
	assert_true(value_is_word("abc", 3));
	assert_false(value_is_word("abcd", 3));
	assert_false(value_is_word("", 3));
	assert_false(value_is_word("-a", 3));
	assert_false(value_is_word("a/b", 8));
	assert_false(value_is_word("a b", 8));
	assert_false(value_is_word("a\n", 8));
	assert_false(value_is_word("a,b", 8));
	assert_false(value_is_word("a%", 8));
	assert_false(value_is_word("~", 8));
	assert_false(value_is_word("\xe4", 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_word),
	};

	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
