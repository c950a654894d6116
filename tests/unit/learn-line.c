/*
 * Goal: learn believes a line only if the gate, ssh or rsync can have written it whole: what others write into a log,
 * what was cut and what cannot be told apart teaches nothing.
 */
#include "test.h"

#include "cli/learn-line.h"

#define HEAD "Nov 21 11:21:00 host sallyport-shell[123]: "
#define ID "verdict=deny id=ab12 user=games uid=5 from=192.0.2.1 "
#define REQUEST "request=\"scp -t /in\" "
#define TAIL "docroot=/srv isolation=namespace landlock=7 reason=\"no such thing\""

static struct observation seen;

static enum learn_line read(const char *line)
{
	size_t length = strlen(line);
	char *exact = malloc(length ? length : 1); /* no NUL behind it: ASan sees a step beyond */

	memcpy(exact, line, length);
	enum learn_line kind = learn_line(exact, length, &seen);
	free(exact);
	return kind;
}

/* Goal: what is told, of each kind of line. */
static void test_believed(void **state)
{
	static const struct {
		const char *line;
		enum learn_line kind;
		const char *user, *command, *flags;
	} rows[] = {
		{HEAD ID REQUEST TAIL, LEARN_LOGGED, "games", "scp -t /in", ""},
		{"2026-11-21T11:21:00Z host sallyport-shell[1]: " ID REQUEST TAIL, LEARN_LOGGED, "games", "scp -t /in", ""},
		{"Nov  1 11:21:00 h.example.org sallyport-shell[1]: " ID REQUEST TAIL, LEARN_LOGGED, "games", "scp -t /in", ""},
		{HEAD ID "key=k profile=p flags=\"-r -t\" rule=scp " REQUEST TAIL " detail=d cut=argv,detail", LEARN_LOGGED,
		 "games", "scp -t /in", "-r -t"},
		{HEAD ID "port=50000 " REQUEST TAIL " detail=d word=; cut=detail", LEARN_LOGGED, "games", "scp -t /in", ""},
		{HEAD ID "request=\"a\\n\\x01\\\"\" " TAIL, LEARN_LOGGED, "games", "a\n\001\"", ""},
		{"debug1: Sending command: scp -t /in", LEARN_SENT, "", "scp -t /in", ""},
		{"debug1: Sending command: scp -t /in\r", LEARN_SENT, "", "scp -t /in", ""},
		{"debug1: Sending command: a\\303\\244\\\\b", LEARN_SENT, "", "a\303\244\\b", ""},
		{"debug1: Sending subsystem: sftp\r", LEARN_SENT, "", "internal-sftp", ""},
		{"opening connection using: ssh -l u h rsync --server -e.L . /in  (9 args)", LEARN_SENT, "",
		 "rsync --server -e.L . /in", ""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		enum learn_line kind = read(rows[i].line);

		if (kind != rows[i].kind)
			FAIL("row %zu: %d: %s", i, kind, seen.reason ? seen.reason : "");
		assert_string_equal(seen.user, rows[i].user);
		assert_string_equal(seen.command, rows[i].command);
		assert_int_equal(seen.length, strlen(rows[i].command));
		assert_string_equal(seen.flags, rows[i].flags);
		assert_null(seen.reason);
	}
	assert_string_equal(seen.uid, ""); /* of a client's line nothing is left over from the one before */
}

/* Goal: nothing to do with us, however near it looks. */
static void test_other(void **state)
{
	static const char *const lines[] = {
		"", "x", "verdict=deny", ID REQUEST TAIL,
		"x" HEAD ID REQUEST TAIL, " " HEAD ID REQUEST TAIL,
		"Nov 21 11:21:00 host other[1]: " HEAD ID REQUEST TAIL,
		"Nov 21 11:21:00 host sallyport-shell: " ID REQUEST TAIL,
		"Nov 21 11:21:00 host sallyport-shell[]: " ID REQUEST TAIL,
		"Nov 21 11:21:00 host sallyport-shell[12345678901]: " ID REQUEST TAIL,
		"Nov 21 11:21:00 host sallyport-shell[1] : " ID REQUEST TAIL,
		"Nov 21 11:21:00 host x sallyport-shell[1]: " ID REQUEST TAIL,
		"Nov 21 11:21:00 ho(st sallyport-shell[1]: " ID REQUEST TAIL,
		"Nov 21 11:21 host sallyport-shell[1]: " ID REQUEST TAIL,
		"2026-11-21 11:21:00 host sallyport-shell[1]: " ID REQUEST TAIL,
		HEAD ID "port=0 request=true " TAIL, /* doctor's try */
		HEAD "verdict=allow id=ab12", HEAD "verdict=rc-suppressed id=ab12",
		"debug1: Sending subsystem: sftp x", "debug2: Sending command: id", " debug1: Sending command: id",
		"Opening connection using: ssh h rsync --server . x (5 args)",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(lines); i++)
		if (read(lines[i]) != LEARN_OTHER)
			FAIL("line %zu: %s", i, lines[i]);
}

/* Goal: what pretends to be ours and is not is said to be so. */
static void test_rejected(void **state)
{
	static const char *const lines[] = {
		HEAD ID REQUEST "docroot=/srv", HEAD ID TAIL, HEAD "verdict=deny id=ab12 " REQUEST TAIL,
		HEAD "id=ab12 verdict=deny user=games uid=5 from=192.0.2.1 " REQUEST TAIL,
		HEAD ID TAIL " " "request=\"scp -t /in\"", HEAD ID REQUEST REQUEST TAIL, HEAD ID REQUEST TAIL " ",
		HEAD ID REQUEST TAIL " verdict=deny", HEAD ID REQUEST TAIL " cut=request", HEAD ID REQUEST TAIL " cut=argv,request",
		HEAD ID REQUEST TAIL " cut=request detail=d", HEAD ID "rule=scp flags=-r " REQUEST TAIL,
		HEAD ID "flags=\"-r -t -r -t -r -t\" " REQUEST TAIL, HEAD ID "nonsense=x " REQUEST TAIL,
		HEAD ID REQUEST "port=50000 " TAIL, HEAD ID REQUEST TAIL " word=; detail=d",
		HEAD "verdict=deny id=ab12 user=../x uid=5 from=192.0.2.1 " REQUEST TAIL,
		HEAD "verdict=deny id=ab12 user=.x uid=5 from=192.0.2.1 " REQUEST TAIL,
		HEAD "verdict=deny id=ab12 user=-x uid=5 from=192.0.2.1 " REQUEST TAIL,
		HEAD "verdict=deny id=ab12 user=\"a b\" uid=5 from=192.0.2.1 " REQUEST TAIL,
		HEAD "verdict=deny id=ab12 user=\"a\\x00b\" uid=5 from=192.0.2.1 " REQUEST TAIL,
		HEAD "verdict=deny id=ab12 user=abcdefghijklmnopqrstuvwxyzabcdefg uid=5 from=192.0.2.1 " REQUEST TAIL,
		HEAD "verdict=deny id=ab12 user=games uid=5x from=192.0.2.1 " REQUEST TAIL,
		HEAD "verdict=deny id=ab12 user=games uid=1234567890123456 from=192.0.2.1 " REQUEST TAIL,
		HEAD "verdict=\"deny\" id=ab12 user=games uid=5 from=192.0.2.1 " REQUEST TAIL,
		"debug1: Sending command: ", "debug1: Sending command: \r", "debug1: Sending command: a\\",
		"debug1: Sending command: a\\9", "debug1: Sending command: a\\4000", "debug1: Sending command: a\\08",
		"opening connection using: ssh h ls  (3 args)", "opening connection using: ssh h rsync --server . x  (7 args)",
		"opening connection using: ssh h rsync --server . x  (6 args) ",
		"opening connection using: ssh h rsync --server \". x  (6 args)", "opening connection using: ",
		"opening connection using: --server x  (2 args)",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(lines); i++)
		if (read(lines[i]) != LEARN_REJECTED || !seen.reason)
			FAIL("line %zu: %s", i, lines[i]);
}

/* Goal: ssh's own limits: a command of 899 bytes is whole, one of 900 may be cut; and lines beyond any command. */
static void test_bounds(void **state)
{
	static char line[LEARN_LINE_MAX + 2];

	(void)state;
	for (int extra = 0; extra < 2; extra++) {
		snprintf(line, sizeof line, "debug1: Sending command: %0*d", 899 + extra, 1);
		assert_int_equal(read(line), extra ? LEARN_REJECTED : LEARN_SENT);
	}
	/* escapes make the line long: then the line is what is cut */
	strcpy(line, "debug1: Sending command: ");
	for (int i = 0; i < 260; i++)
		strcat(line, "\\303");
	assert_int_equal(read(line), LEARN_REJECTED);
	memset(line, 'x', sizeof line - 1);
	assert_int_equal(learn_line(line, LEARN_LINE_MAX, &seen), LEARN_OTHER);
	assert_int_equal(learn_line(line, LEARN_LINE_MAX + 1, &seen), LEARN_REJECTED);
}

/* Goal: a sound line of which the end is missing, at every byte, or with one byte of the head changed. */
static void test_torn(void **state)
{
	static const char whole[] = HEAD ID REQUEST "reason=\"no such thing\"";
	static const char others[] = "\"\\=\n\177"; /* none of which stands there, or could */
	char line[sizeof whole];

	(void)state;
	for (size_t length = 0; length < sizeof whole - 1; length++) {
		memcpy(line, whole, length);
		line[length] = '\0';
		if (read(line) == LEARN_LOGGED)
			FAIL("believed: %s", line);
	}
	for (size_t i = 0; i < sizeof HEAD - 1; i++)
		for (size_t k = 0; k < sizeof others - 1; k++) {
			memcpy(line, whole, sizeof whole);
			line[i] = others[k];
			if (read(line) == LEARN_LOGGED)
				FAIL("believed: %s", line);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_believed), cmocka_unit_test(test_other), cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_bounds),   cmocka_unit_test(test_torn),
	};

	return cmocka_run_group_tests_name("learn-line", tests, NULL, NULL);
}
