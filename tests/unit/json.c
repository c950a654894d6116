/*
 * Goal: every byte string becomes one JSON string of ASCII (RFC 8259) that reads back to the same bytes (I8).
 */
#include "test.h"

#include "text/json.h"

static void test_rows(void **state)
{
	static const struct {
		const char *in;
		size_t length;
		const char *out;
	} rows[] = {
		{BYTES(""), "\"\""},
		{BYTES("a b/c"), "\"a b/c\""},
		{BYTES("\"\\"), "\"\\\"\\\\\""},
		{BYTES("\",\"verdict\":\"allow"), "\"\\\",\\\"verdict\\\":\\\"allow\""},
		{BYTES("\n\t\0"), "\"\\u000a\\u0009\\u0000\""},
		{BYTES("\177\x80\xff"), "\"\\u007f\\u0080\\u00ff\""},
	};
	char out[128];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		json_string(rows[i].in, rows[i].length, out, sizeof out);
		assert_string_equal(out, rows[i].out);
	}
}

/* Goal: the stated size is enough for the worst bytes and is never exceeded; a smaller one cuts, and ends. */
static void test_sizes(void **state)
{
	static const char in[] = "\xff\x01\"\\x\x7f";
	const size_t length = sizeof in - 1, stated = JSON_GROWTH * length + 3;

	(void)state;
	for (size_t size = JSON_GROWTH + 4; size <= stated; size++) {
		char *out = malloc(size);
		assert_non_null(out);
		json_string(in, length, out, size);
		size_t n = strlen(out);
		assert_true(n >= 2 && out[0] == '"' && out[n - 1] == '"');
		free(out);
	}
	char out[JSON_GROWTH * 4 + 3];
	json_string("\xff\xff\xff\xff", 4, out, sizeof out);
	assert_string_equal(out, "\"\\u00ff\\u00ff\\u00ff\\u00ff\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
