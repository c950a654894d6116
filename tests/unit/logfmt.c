/*
 * Goal: a line is read back only if it is, byte for byte, what the gate writes; whoever writes to a log by other
 * means does not get one field past us (I8).
 */
#include "test.h"

#include "shell/journal.h"
#include "text/escape.h"
#include "text/logfmt.h"

static const char *end_of(const char *text)
{
	return text + strlen(text);
}

/* Goal: names and values of a sound line, in order, with NUL bytes and all. */
static void test_reads(void **state)
{
	static const char line[] =
		"verdict=deny id=ab12 request=\"a b\\n\\x00\\\"\\\\\\r\\t\\xff\" empty=\"\" last=/srv/x";
	static const struct {
		const char *name, *value;
		size_t length;
	} rows[] = {
		{"verdict", BYTES("deny")}, {"id", BYTES("ab12")},      {"request", BYTES("a b\n\0\"\\\r\t\xff")},
		{"empty", BYTES("")},       {"last", BYTES("/srv/x")},
	};
	const char *at = line;
	struct logfmt_field field;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		if (!logfmt_next(&at, end_of(line), &field))
			FAIL("field %zu is not read", i);
		assert_int_equal(field.name_length, strlen(rows[i].name));
		assert_memory_equal(field.name, rows[i].name, field.name_length);
		assert_int_equal(field.length, rows[i].length);
		assert_memory_equal(field.value, rows[i].value, rows[i].length + 1);
		assert_false(field.cut);
	}
	assert_ptr_equal(at, end_of(line));
}

/* Goal: nothing that the gate would have written otherwise. */
static void test_refused(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {
		{BYTES("")},              {BYTES("=")},           {BYTES("a")},
		{BYTES("a=")},            {BYTES("=b")},          {BYTES(" a=b")},
		{BYTES("A=b")},           {BYTES("a1=b")},        {BYTES("a-b=c")},
		{BYTES("a =b")},          {BYTES("a= b")},        {BYTES("a=b ")},
		{BYTES("a=b\n")},         {BYTES("a=\tb")},       {BYTES("a=b\tc=d")},
		{BYTES("abcdefghijklmnopq=b")}, /* 17 bytes of name */
		{BYTES("a=b=c")},         {BYTES("a=b\"")},       {BYTES("a=b\\")},
		{BYTES("a=\x7f")},        {BYTES("a=\xc3\xa4")},  {BYTES("a=\0")},
		{BYTES("a=\"b c")},       {BYTES("a=\"b c\\\"")}, {BYTES("a=\"")},
		{BYTES("a=\"b c\"d")},    {BYTES("a=\"b c\"\"")}, {BYTES("a=\"b c\" ")},
		{BYTES("a=\"bc\"")},      /* needs no quotes */
		{BYTES("a=\"bc...\"")},   /* nor does it look cut: it is short */
		{BYTES("a=\"b \\q\"")},   {BYTES("a=\"b \\x4\"")}, {BYTES("a=\"b \\x4g\"")},
		{BYTES("a=\"b \\x1B\"")}, /* upper case */
		{BYTES("a=\"b \\x41\"")}, /* a letter needs no escape */
		{BYTES("a=\"b \\x0a\"")}, /* a newline is \n */
		{BYTES("a=\"b \\x22\"")}, /* a quote is \" */
		{BYTES("a=\"b \\x\"")},   {BYTES("a=\"b \\\"")},  {BYTES("a=\"\n b\"")},
		{BYTES("a=\"b\0 c\"")},   {BYTES("a=\"\xff c\"")},
	};
	struct logfmt_field field;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *at = rows[i].text;

		if (logfmt_next(&at, rows[i].text + rows[i].length, &field))
			FAIL("row %zu is read: %s", i, rows[i].text);
	}
}

/* Goal: the end of the line is where the caller says, not where a NUL byte or a later field is. */
static void test_end(void **state)
{
	static const char line[] = "a=bcd e=f";
	struct logfmt_field field;
	const char *at = line;

	(void)state;
	assert_true(logfmt_next(&at, line + 4, &field));
	assert_string_equal(field.value, "bc");
	assert_ptr_equal(at, line + 4);
	for (size_t length = 0; length < sizeof line - 1; length++) {
		char *exact = malloc(length ? length : 1); /* ASan sees a step beyond */

		memcpy(exact, line, length);
		at = exact;
		while (logfmt_next(&at, exact + length, &field))
			;
		assert_true(at <= exact + length);
		free(exact);
	}
}

/* Goal: names of 16 bytes, values as long as the gate writes them, bare or in quotes, and not one byte more. */
static void test_bounds(void **state)
{
	char line[8 * LOGFMT_VALUE_MAX], value[LOGFMT_VALUE_MAX + 64];
	struct logfmt_field field;
	const char *at = "abcdefghijklmnop=b";

	(void)state;
	assert_true(logfmt_next(&at, end_of(at), &field));
	assert_int_equal(field.name_length, LOGFMT_NAME_MAX);
	memset(value, 'a', sizeof value);
	for (int extra = 0; extra < 2; extra++) {
		snprintf(line, sizeof line, "a=%.*s", LOGFMT_VALUE_MAX + extra, value);
		at = line;
		assert_int_equal(logfmt_next(&at, end_of(line), &field), !extra);
		snprintf(line, sizeof line, "a=\"%.*s\"", LOGFMT_VALUE_MAX - 2 + extra, value);
		line[5] = ' ';
		at = line;
		assert_int_equal(logfmt_next(&at, end_of(line), &field), !extra);
	}
	/* more than the gate's buffer holds once it is escaped */
	strcpy(line, "a=\"");
	for (int i = 0; i < 300; i++)
		strcat(line, "\\x01");
	strcat(line, "\"");
	at = line;
	assert_false(logfmt_next(&at, end_of(line), &field));
}

/* Goal: whatever the gate writes is read back; and what may have been cut is known as such. */
static void test_round_trip(void **state)
{
	struct dice dice = {0x2545f4914f6cdd1d};
	static char in[2 * LOGFMT_VALUE_MAX], line[LOGFMT_VALUE_MAX + 64];
	char *value = line + 2;
	struct logfmt_field field;
	size_t cut = 0;

	(void)state;
	memcpy(line, "a=", 2);
	for (int round = 0; round < 20000; round++) {
		size_t length = roll(&dice, round % 2 ? 64 : sizeof in), size = LOGFMT_ROOM;

		unsigned plain = round % 5 ? 4 : 4000; /* little of it, or all but nothing, has to be escaped */
		for (size_t i = 0; i < length; i++)
			in[i] = (char)(roll(&dice, plain) ? 'a' + roll(&dice, 26) : roll(&dice, 256));
		escape_logfmt(in, length, value, size);
		const char *at = line;
		if (!logfmt_next(&at, end_of(line), &field))
			FAIL("not read back: %s", line);
		if (escape_logfmt_cuts(in, length, size)) {
			cut++;
			assert_true(field.cut);
			assert_memory_equal(field.value, in, field.length - 3);
		} else {
			assert_int_equal(field.length, length);
			assert_memory_equal(field.value, in, length);
		}
	}
	assert_in_range(cut, 1000, 19000);
}

/* Goal: the same where what does not fit is one long escape, at every distance from the end. */
static void test_cut(void **state)
{
	static char in[LOGFMT_ROOM + 64], line[LOGFMT_ROOM + 64];
	struct logfmt_field field;

	(void)state;
	memcpy(line, "a=", 2);
	for (size_t plain = LOGFMT_ROOM - 16; plain < LOGFMT_ROOM; plain++) {
		memset(in, 'a', sizeof in);
		in[plain] = '\x01';
		escape_logfmt(in, sizeof in, line + 2, LOGFMT_ROOM);
		const char *at = line;
		if (!logfmt_next(&at, end_of(line), &field) || !field.cut)
			FAIL("not read back as cut, %zu before the escape", plain);
		assert_memory_equal(field.value, in, field.length - 3);
	}
}

static bool reads_all(const char *text, size_t length)
{
	const char *at = text;
	struct logfmt_field field;

	while (at < text + length)
		if (!logfmt_next(&at, text + length, &field))
			return false;
	return true;
}

/* Goal: half a line is no line, wherever it was torn: the gate ends it as no whole one ends. */
static void test_torn(void **state)
{
	static const char line[] = "verdict=deny id=ab12 request=\"a b\\n\\x00\\\"c \\\\\" word=\"\" last=/srv/x";
	char torn[sizeof line + sizeof JOURNAL_TORN];

	(void)state;
	assert_true(reads_all(line, strlen(line)));
	for (size_t i = 0; i < sizeof line; i++) {
		memcpy(torn, line, i);
		memcpy(torn + i, JOURNAL_TORN, sizeof JOURNAL_TORN);
		if (reads_all(torn, strlen(torn)))
			FAIL("%s", torn);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),  cmocka_unit_test(test_refused),    cmocka_unit_test(test_end),
		cmocka_unit_test(test_bounds), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_torn),
	};

	return cmocka_run_group_tests_name("logfmt", tests, NULL, NULL);
}
