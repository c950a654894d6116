/*
 * Goal: whatever bytes come in, what goes out is printable ASCII, fits, ends, and cannot be taken for another
 * field of the log or move a terminal's cursor (I8).
 */
#include "test.h"

#include "text/escape.h"

static void test_logfmt(void **state)
{
	static const struct {
		const char *in;
		size_t length;
		const char *out;
	} rows[] = {
		{BYTES(""), "\"\""},
		{BYTES("alice"), "alice"},
		{BYTES("/srv/x"), "/srv/x"},
		{BYTES("a b"), "\"a b\""},
		{BYTES("a=b"), "\"a=b\""},
		{BYTES("a\"b"), "\"a\\\"b\""},
		{BYTES("a\\b"), "\"a\\\\b\""},
		{BYTES("a\nverdict=allow"), "\"a\\nverdict=allow\""},
		{BYTES("a\r\tb"), "\"a\\r\\tb\""},
		{BYTES("\0"), "\"\\x00\""},
		{BYTES("\033[2J"), "\"\\x1b[2J\""},
		{BYTES("\177"), "\"\\x7f\""},
		{BYTES("\xc3\xa4"), "\"\\xc3\\xa4\""},
		{BYTES("\xe2\x80\xae"), "\"\\xe2\\x80\\xae\""},
		{BYTES("\x9b"), "\"\\x9b\""},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t length = escape_logfmt(rows[i].in, rows[i].length, out, sizeof out);
		assert_string_equal(out, rows[i].out);
		assert_int_equal(length, strlen(out));
	}
}

static void test_plain(void **state)
{
	static const struct {
		const char *in;
		size_t length;
		const char *out;
	} rows[] = {
		{BYTES(""), ""},
		{BYTES("a b=\"c\""), "a b=\"c\""},
		{BYTES("a\\b"), "a\\\\b"},
		{BYTES("\n\r\t"), "\\n\\r\\t"},
		{BYTES("\0\033\177\xff"), "\\x00\\x1b\\x7f\\xff"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t length = escape_plain(rows[i].in, rows[i].length, out, sizeof out);
		assert_string_equal(out, rows[i].out);
		assert_int_equal(length, strlen(out));
	}
}

/* Goal: at every size, output is whole or ends in "...", inside the quotes, and nothing is written beyond. */
static void test_cut(void **state)
{
	static const char in[] = "ab\"\n\xff= \\cd\001\002";
	const size_t length = sizeof in - 1;
	char whole[128], *out;

	(void)state;
	size_t all = escape_logfmt(in, length, whole, sizeof whole);
	for (size_t size = 8; size <= all + 8; size++) {
		out = malloc(size); /* ASan watches its end */
		assert_non_null(out);
		size_t n = escape_logfmt(in, length, out, size);
		assert_true(n < size);
		assert_int_equal(strlen(out), n);
		assert_true(out[0] == '"' && out[n - 1] == '"');
		if (strcmp(out, whole) != 0) {
			assert_true(n >= 5);
			assert_memory_equal(out + n - 4, "...\"", 4);
			assert_memory_equal(out, whole, n - 4);
		}
		n = escape_plain(in, length, out, size);
		assert_true(n < size && strlen(out) == n);
		free(out);
	}
}

/* Goal: a bare value that would not fit is cut too, never left without its end. */
static void test_long_bare(void **state)
{
	char in[64], out[16];

	(void)state;
	memset(in, 'a', sizeof in);
	size_t n = escape_logfmt(in, sizeof in, out, sizeof out);
	assert_true(n < sizeof out);
	assert_string_equal(out, "\"aaaaaaaaaa...\"");
}

/* Goal: every single byte, alone, is a field that starts, ends and holds no foreign byte. */
static void test_every_byte(void **state)
{
	char out[16];

	(void)state;
	for (int c = 0; c < 256; c++) {
		char in = (char)c;
		size_t n = escape_logfmt(&in, 1, out, sizeof out);

		for (size_t i = 0; i < n; i++)
			assert_in_range((unsigned char)out[i], 0x21 - (c == ' '), 0x7e);
		assert_true(n == 1 || (out[0] == '"' && out[n - 1] == '"'));
	}
}

/* Goal: what is said to be cut is what differs from the same value in a buffer that is large enough. */
static void test_cuts(void **state)
{
	struct dice dice = {0x9e3779b97f4a7c15};
	static const char bytes[] = "aaaa/=\"\\\n\x01 ";
	char in[64], out[80], whole[4 * sizeof in + 8];
	size_t cut = 0;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		size_t length = roll(&dice, sizeof in), size = 8 + roll(&dice, sizeof out - 8);

		for (size_t i = 0; i < length; i++)
			in[i] = bytes[roll(&dice, sizeof bytes - 1)];
		escape_logfmt(in, length, out, size);
		escape_logfmt(in, length, whole, sizeof whole);
		bool differs = strcmp(out, whole) != 0;
		if (escape_logfmt_cuts(in, length, size) != differs)
			FAIL("%s in %zu bytes: cut %d", whole, size, differs);
		cut += differs;
	}
	assert_in_range(cut, 1000, 99000);
	assert_false(escape_logfmt_cuts("aaaaaaa", 7, 8));
	assert_true(escape_logfmt_cuts("aaaaaaaa", 8, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logfmt),    cmocka_unit_test(test_plain),
		cmocka_unit_test(test_cut),       cmocka_unit_test(test_long_bare),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_cuts),
	};

	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
