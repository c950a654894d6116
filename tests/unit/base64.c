/*
 * Goal: base64 is read as b64_pton(3) reads it for sshd, and what is written is read back.
 */
#include "test.h"

#include "text/base64.h"

/* RFC 4648, section 10. */
static void test_vectors(void **state)
{
	static const struct {
		const char *plain, *text;
	} rows[] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
	};
	unsigned char out[32];
	char text[32];
	size_t count;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		base64_encode((const unsigned char *)rows[i].plain, strlen(rows[i].plain), text);
		assert_string_equal(text, rows[i].text);
		assert_true(base64_decode(text, strlen(text), out, &count));
		assert_int_equal(count, strlen(rows[i].plain));
		assert_memory_equal(out, rows[i].plain, count);
	}
}

static void test_white_space(void **state)
{
	static const char *const rows[] = {"Zm9v\nYg==", " Zm9vYg = =", "Zm9vYg==\r", "\tZ\vm\f9vYg== "};
	unsigned char out[32];
	size_t count;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (!base64_decode(rows[i], strlen(rows[i]), out, &count) || count != 4 || memcmp(out, "foob", 4) != 0)
			FAIL("'%s'", rows[i]);
}

static void test_malformed(void **state)
{
	static const char *const rows[] = {"Z",      "Zg",     "Zg=",    "Zh==",   "Zm9=",    "Zm9",      "=",       "==Zg",
					   "Zg==Zg", "Zg===",  "Zm9v=",  "Zm9v==", "Zm9vYg-", "Zm9v_g==", "Zm9v\x80", "Zg=\0="};
	unsigned char out[32];
	size_t count;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (base64_decode(rows[i], strlen(rows[i]), out, &count))
			FAIL("'%s' is base64", rows[i]);
	assert_false(base64_decode(BYTES("Zg=\0="), out, &count));
}

static void test_there_and_back(void **state)
{
	struct dice dice = {.state = 88172645463325252ULL};
	unsigned char bytes[300], out[BASE64_ROOM(300)];
	char text[BASE64_ROOM(300)];
	size_t count;

	(void)state;
	for (size_t length = 0; length <= sizeof bytes; length++) {
		for (size_t i = 0; i < length; i++)
			bytes[i] = (unsigned char)roll(&dice, 256);
		base64_encode(bytes, length, text);
		assert_true(base64_decode(text, strlen(text), out, &count));
		assert_int_equal(count, length);
		assert_memory_equal(out, bytes, length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_white_space),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_there_and_back),
	};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
