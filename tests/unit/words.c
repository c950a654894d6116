/*
 * Goal: the splitter accepts only what means the same to `sh` under `set -f`, splits it into the same words,
 * and names the byte at fault of all else (I3: no shell, so nothing may be left for one to interpret).
 */
#include "test.h"

#include "text/words.h"

#include <unistd.h>

static void test_accepted(void **state)
{
	static const struct {
		const char *command;
		const char *words; /* each in <> */
	} rows[] = {
		{"", ""},
		{"   ", ""},
		{" \t scp\t-t  x ", "<scp><-t><x>"},
		{"''", "<>"},
		{"a '' \"\" b", "<a><><><b>"},
		{"'a b'", "<a b>"},
		{"\"a b\"", "<a b>"},
		{"a\\ b", "<a b>"},
		{"s\\cp", "<scp>"},
		{"'s'c\"p\"", "<scp>"},
		{"a'b'\"c\"\\d", "<abcd>"},
		{"'$(id) `id` ; & | < > \\'", "<$(id) `id` ; & | < > \\>"},
		{"\"; & | < > ' # ! *\"", "<; & | < > ' # ! *>"},
		{"\\$\\`\\;\\&\\|\\<\\>\\(\\)\\#", "<$`;&|<>()#>"},
		{"\"\\$ \\` \\\" \\\\ \\a \\'\"", "<$ ` \" \\ \\a \\'>"},
		{"a#b", "<a#b>"},
		{"''#b", "<#b>"},
		{"x !", "<x><!>"},
		{"x A=1", "<x><A=1>"},
		{"1A=1", "<1A=1>"},
		{"a-b=1", "<a-b=1>"},
		{"'a\nb\tc\001'", "<a\nb\tc\001>"},
		{"\xff\xc3\xa4", "<\xff\xc3\xa4>"},
		{"{a,b} ~x %1", "<{a,b}><~x><%1>"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct words words;
		size_t offset;
		char text[256] = "", *at = text;
		const char *reason =
			words_split(rows[i].command, strlen(rows[i].command), &words, &offset);

		if (reason)
			FAIL("%s: refused: %s", rows[i].command, reason);
		for (size_t w = 0; w < words.count; w++)
			at += sprintf(at, "<%s>", words.word[w].text);
		assert_string_equal(text, rows[i].words);
		words_free(&words);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *command;
		size_t length;
		const char *reason; /* its beginning */
		size_t offset;
	} rows[] = {
		{BYTES("scp -t x;id"), "a shell operator", 8},
		{BYTES("a&b"), "a shell operator", 1},
		{BYTES("a|b"), "a shell operator", 1},
		{BYTES("a<b"), "a shell operator", 1},
		{BYTES("a>b"), "a shell operator", 1},
		{BYTES("a (b"), "a shell operator", 2},
		{BYTES("a )b"), "a shell operator", 2},
		{BYTES("a $b"), "a shell expansion", 2},
		{BYTES("a `b`"), "a shell expansion", 2},
		{BYTES("a \"$b\""), "a shell expansion", 3},
		{BYTES("a \"`b`\""), "a shell expansion", 3},
		{BYTES("a #b"), "a shell comment", 2},
		{BYTES("#a"), "a shell comment", 0},
		{BYTES("a\nb"), "a control byte", 1},
		{BYTES("a\rb"), "a control byte", 1},
		{BYTES("a \001"), "a control byte", 2},
		{BYTES("a \033[2J"), "a control byte", 2},
		{BYTES("a \177"), "a control byte", 2},
		{BYTES("a \"\t\""), "a control byte", 3},
		{BYTES("a \"\n\""), "a control byte", 3},
		{BYTES("a\\\nb"), "a control byte after a backslash", 1},
		{BYTES("a \"\\\n\""), "a control byte after a backslash", 3},
		{BYTES("a\\"), "a backslash at the end", 1},
		{BYTES("a\0b"), "a NUL byte", 1},
		{BYTES("'a\0b'"), "a NUL byte", 2},
		{BYTES("\"a\0b\""), "a NUL byte", 2},
		{BYTES("\"a\\\0b\""), "a NUL byte", 3},
		{BYTES("x 'abc"), "an unterminated quote", 2},
		{BYTES("x \"abc"), "an unterminated quote", 2},
		{BYTES("x a\"b\\\""), "an unterminated quote", 2},
		{BYTES("! scp -t x"), "'!' negates", 0},
		{BYTES("A=1 scp -t x"), "an environment assignment", 0},
		{BYTES(" _x9= scp"), "an environment assignment", 1},
		{BYTES("LD_PRELOAD=/x scp -t x"), "an environment assignment", 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct words words;
		size_t offset;
		const char *reason = words_split(rows[i].command, rows[i].length, &words, &offset);

		if (!reason || strncmp(reason, rows[i].reason, strlen(rows[i].reason)) != 0)
			FAIL("row %zu, %s: %s", i, rows[i].command, reason ? reason : "accepted");
		if (offset != rows[i].offset)
			FAIL("row %zu, %s: offset %zu", i, rows[i].command, offset);
		assert_null(words.word);
	}
}

/* Goal: bounds are exact, and a command beyond them is refused, never cut. */
static void test_bounds(void **state)
{
	static char text[WORDS_BYTES_MAX + 2];
	struct words words;
	size_t offset;

	(void)state;
	memset(text, 'a', sizeof text);
	assert_null(words_split(text, WORDS_BYTES_MAX, &words, &offset));
	assert_int_equal(words.count, 1);
	assert_int_equal(words.word[0].length, WORDS_BYTES_MAX);
	words_free(&words);
	assert_non_null(words_split(text, WORDS_BYTES_MAX + 1, &words, &offset));

	for (size_t i = 1; i < sizeof text; i += 2)
		text[i] = ' ';
	assert_null(words_split(text, 2 * WORDS_MAX, &words, &offset));
	assert_int_equal(words.count, WORDS_MAX);
	words_free(&words);
	assert_string_equal(words_split(text, 2 * WORDS_MAX + 1, &words, &offset),
			    "more than 1024 words");
	assert_int_equal(offset, 2 * WORDS_MAX);

	/* The longest pattern that a command can hold: every byte needs a backslash of its own. */
	memset(text, '*', sizeof text);
	text[0] = '\'';
	text[WORDS_BYTES_MAX - 2] = '\'';
	text[WORDS_BYTES_MAX - 1] = '?';
	assert_null(words_split(text, WORDS_BYTES_MAX, &words, &offset));
	assert_int_equal(strlen(words.word[0].pattern), 2 * (WORDS_BYTES_MAX - 3) + 1);
	words_free(&words);
}

/* Goal: only unquoted wildcards match; quoted ones and every other special byte of fnmatch(3) are literal. */
static void test_patterns(void **state)
{
	static const struct {
		const char *command, *pattern;
	} rows[] = {
		{"*.txt", "*.txt"},
		{"'*'.txt", NULL},
		{"\\*.txt", NULL},
		{"'*'*", "\\**"},
		{"\"?\"[ab]", "\\?[ab]"},
		{"a[\"!\"b]", "a[\\!b]"},
		{"[a'-'z]", "[a\\-z]"},
		{"\\[x?", "\\[x?"},
		{"[x\"]\"]", "[x\\]]"},
		{"'\\'*", "\\\\*"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct words words;
		size_t offset;

		assert_null(words_split(rows[i].command, strlen(rows[i].command), &words, &offset));
		assert_int_equal(words.count, 1);
		if (!rows[i].pattern)
			assert_null(words.word[0].pattern);
		else
			assert_string_equal(words.word[0].pattern, rows[i].pattern);
		words_free(&words);
	}
}

/* ---- the differential test ---- */

enum { STRINGS = 200000, ENOUGH = 100000, LONGEST = 40 };

static size_t generate(struct dice *dice, char *out)
{
	static const char *const pieces[] = {
		"a", "b", "-", "/", ".", "=", "%", "@", "*", "?", "[", "]", "!", "^", ",", ":", "+", " ",
		" ", " ", "\t", "'", "'", "\"", "\"", "\\", "\\", "#", "''", "\"\"", "'a b'", "\"c d\"",
		"\\ ", "\\'", "\\\"", "\"\\\\\"", "\"\\$\"", "'\n'", "'\001\002'", "\x81\x82\x88", "\xc3\xa4",
		"'$x'", "$", "`", ";", "&", "|", "(", ">", "\n", "\r", "{",
	};
	size_t used = 0;
	/* the dangerous ones stand last and are rare, or nothing would be accepted */
	unsigned most = roll(dice, 8) ? ROWS(pieces) - 10 : ROWS(pieces);

	for (unsigned n = 1 + roll(dice, 9); n > 0; n--) {
		const char *piece = pieces[roll(dice, most)];
		size_t length = strlen(piece);
		if (used + length > LONGEST)
			break;
		memcpy(out + used, piece, length);
		used += length;
	}
	out[used] = '\0';
	return used;
}

/* Reads "COUNT\0word\0…" and compares. */
static void compare(FILE *answer, const char *command, const struct words *words)
{
	char *got = NULL;
	size_t size = 0;

	if (getdelim(&got, &size, '\0', answer) < 0)
		FAIL("sh ended before: %s", command);
	if (strtoul(got, NULL, 10) != words->count)
		FAIL("sh makes %s words, not %zu, of: %s", got, words->count, command);
	for (size_t i = 0; i < words->count; i++) {
		ssize_t length = getdelim(&got, &size, '\0', answer) - 1;
		if (length < 0 || (size_t)length != words->word[i].length ||
		    memcmp(got, words->word[i].text, (size_t)length) != 0)
			FAIL("word %zu of: %s", i, command);
	}
	free(got);
}

/* sh reads what was accepted as the arguments of a function, all strings in one process. */
static void test_like_sh(void **state)
{
	struct dice dice = {0x5a11f0e7};
	char script[] = "/tmp/words-XXXXXX", run[64], command[LONGEST + 1];
	static char accepted[STRINGS][LONGEST + 1];
	size_t count = 0, offset;
	struct words words;

	(void)state;
	int fd = mkstemp(script);
	FILE *out = fdopen(fd, "w");
	assert_non_null(out);
	fputs("set -f\nf() { printf '%s\\0' $# \"$@\"; }\n", out);
	for (size_t i = 0; i < STRINGS; i++) {
		size_t length = generate(&dice, command);

		if (words_split(command, length, &words, &offset))
			continue;
		words_free(&words);
		strcpy(accepted[count++], command);
		fprintf(out, "f %s\n", command);
	}
	fclose(out);
	if (count < ENOUGH)
		FAIL("only %zu strings were accepted", count);
	snprintf(run, sizeof run, "LC_ALL=C sh %s", script);
	FILE *answer = popen(run, "r");
	assert_non_null(answer);
	for (size_t i = 0; i < count; i++) {
		assert_null(words_split(accepted[i], strlen(accepted[i]), &words, &offset));
		compare(answer, accepted[i], &words);
		words_free(&words);
	}
	assert_int_equal(pclose(answer), 0);
	unlink(script);
	print_message("# %zu of %d generated strings accepted and split as sh splits them\n", count,
		      STRINGS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bounds),   cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_like_sh),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
