/*
 * Goal: pin each trap of inih 55, as Debian 12 ships it, as it really behaves. The linter (policy/source.c) is
 * built around these. When a row fails, inih has changed: read what it does now, check that the linter still
 * keeps such lines from it, and only then change the row.
 */
#include "test.h"

#include <ini.h>

#define TEN   "0123456789"
#define FIFTY TEN TEN TEN TEN TEN

static char seen[4096];

static int note(void *user, const char *section, const char *name, const char *value)
{
	(void)user;
	size_t used = strlen(seen);
	snprintf(seen + used, sizeof seen - used, "{%s|%s|%s}", section, name, value ? value : "(null)");
	return 1;
}

static void test_traps(void **state)
{
	static const struct {
		const char *trap, *text, *seen;
		int rc;
	} rows[] = {
		{"plain", "[s]\na = b\n", "{s|a|b}", 0},
		{"the tail of a long comment is parsed as a new line",
		 "[s]\n#" FIFTY FIFTY FIFTY TEN TEN TEN TEN "01234567" "evil = yes\n", "{s|evil|yes}", 0},
		{"an over-long value arrives truncated, its tail as a line that is none",
		 "[s]\na=" FIFTY FIFTY FIFTY FIFTY "\n",
		 "{s|a|" FIFTY FIFTY FIFTY TEN TEN TEN TEN "0123456}", 3},
		{"text after ' ;' vanishes", "[s]\na = b ; c\n", "{s|a|b}", 0},
		{"but not without the blank", "[s]\na = b;c\n", "{s|a|b;c}", 0},
		{"a section's name is cut at 49 bytes",
		 "[" FIFTY "x]\na = b\n", "{" TEN TEN TEN TEN "012345678|a|b}", 0},
		{"so that two become one",
		 "[" FIFTY "x]\na = b\n[" FIFTY "y]\nc = d\n",
		 "{" TEN TEN TEN TEN "012345678|a|b}{" TEN TEN TEN TEN "012345678|c|d}", 0},
		{"text after ] is ignored", "[s] other\na = b\n", "{s|a|b}", 0},
		{"repeated sections merge", "[s]\na = b\n[s]\nc = d\n", "{s|a|b}{s|c|d}", 0},
		{"a colon separates too", "[s]\na : b\nc:d = e\n", "{s|a|b}{s|c|d = e}", 0},
		{"an indented line is another value of the key before", "[s]\na = b\n c = d\n",
		 "{s|a|b}{s|a|c = d}", 0},
		{"an empty section never reaches the handler", "[s]\n[t]\na = b\n", "{t|a|b}", 0},
		{"a setting before any section is of section ''", "a = b\n", "{|a|b}", 0},
		{"a setting without a value is handed over", "[s]\na =\n", "{s|a|}", 0},
		{"a setting without a name too", "[s]\n= b\n", "{s||b}", 0},
		{"a byte order mark is skipped in silence", "\xef\xbb\xbf[s]\na = b\n", "{s|a|b}", 0},
		{"CR is trimmed in silence", "[s]\r\na = b\r\n", "{s|a|b}", 0},
		{"a line that is no setting gives its number, and the rest is handled all the same",
		 "[s]\nrubbish\na = b\n", "{s|a|b}", 2},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		seen[0] = '\0';
		int rc = ini_parse_string(rows[i].text, note, NULL);

		if (strcmp(seen, rows[i].seen) != 0 || rc != rows[i].rc)
			FAIL("inih has changed (%s): rc %d, %s", rows[i].trap, rc, seen);
	}
}

/* Goal: from a file, a NUL byte ends the line and hides what stands behind it. */
static void test_nul(void **state)
{
	static const char text[] = "[s]\na = b\0hidden\nc = d\n";
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, sizeof text - 1, file), sizeof text - 1);
	rewind(file);
	seen[0] = '\0';
	assert_int_equal(ini_parse_file(file, note, NULL), 0);
	assert_string_equal(seen, "{s|a|b}{s|c|d}");
	fclose(file);
}

/* Goal: a handler that returns 0 stops nothing: inih goes on and reports the first such line at the end. */
static int refuse(void *user, const char *section, const char *name, const char *value)
{
	note(user, section, name, value);
	return 0;
}

static void test_stop(void **state)
{
	(void)state;
	seen[0] = '\0';
	assert_int_equal(ini_parse_string("[s]\na = b\nc = d\n", refuse, NULL), 2);
	assert_string_equal(seen, "{s|a|b}{s|c|d}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests_name("inih", tests, NULL, NULL);
}
