/*
 * Goal: a rebuilt path lies inside the docroot by its letters, never starts with '-', and what climbs out is
 * refused, not clipped (I3).
 */
#include "test.h"

#include "text/pathname.h"

static const struct pathname_place at_root = {"/files", "/", NULL, false};
static const struct pathname_place at_in = {"/files", "/in/today", NULL, false};
static const struct pathname_place beside = {"/files", "/in", "up/", false};
static const struct pathname_place marked = {"/files", "/", NULL, true};

static const struct pathname_place bare = {"", "/", NULL, false};
static const struct pathname_place bare_in = {"", "/in", NULL, false};
static const struct pathname_place bare_marked = {"", "/", NULL, true};

static void test_rebuilt(void **state)
{
	static const struct {
		const struct pathname_place *place;
		const char *path, *out;
	} rows[] = {
		{&at_root, "x", "x"},
		{&at_root, "/", "/files/"},
		{&at_root, "/in/x", "/files/in/x"},
		{&at_root, "//in", "/files//in"},
		{&at_root, "/etc/passwd", "/files/etc/passwd"},
		{&at_root, "/files/x", "/files/files/x"},
		{&at_root, ".", "."},
		{&at_root, "./", "./"},
		{&at_root, "x/", "x/"},
		{&at_root, "...", "..."},
		{&at_root, "..x/x..", "..x/x.."},
		{&at_root, "~", "."},
		{&at_root, "~/", "."},
		{&at_root, "~/x", "x"},
		{&at_root, "~//etc", "etc"},
		{&at_root, "x~", "x~"},
		{&at_root, "~/~root/x", "./~root/x"},
		{&at_root, "~/~", "./~"},
		{&at_root, "-x", "./-x"},
		{&at_root, "--", "./--"},
		{&at_root, "~/-x", "./-x"},
		{&at_root, "/-x", "/files/-x"},
		{&at_root, "x/-y", "x/-y"},
		{&at_root, "\\-x*", "./\\-x*"}, /* a pattern: '-'x* */
		{&at_root, "~/\\-x*", "./\\-x*"},
		{&at_root, "a/../b", "/files/b"},
		{&at_root, "a/..", "/files/"},
		{&at_root, "/a/./b/../c/", "/files/a/c/"},
		{&at_root, "a/../-x", "/files/-x"},
		/* the docroot is the root */
		{&bare, "/", "/"},
		{&bare, "/in/x", "/in/x"},
		{&bare, "/..x", "/..x"},
		{&bare, "a/..", "/"},
		{&bare, "/a/../", "/"},
		{&bare, "/a/../b", "/b"},
		{&bare_in, "../x", "/x"},
		{&bare_in, "..", "/"},
		{&bare_marked, "/in/x", "/./in/x"},
		{&bare_marked, "/", "/./"},
		{&at_in, "x", "x"},
		{&at_in, "../y", "/files/in/y"},
		{&at_in, "../../y", "/files/y"},
		{&at_in, "..", "/files/in/"},
		{&at_in, "~/../y", "/files/in/y"},
		{&at_in, "/x/..", "/files/"},
		{&marked, "/a/b", "/files/./a/b"},
		{&marked, "/a/./b", "/files/a/./b"},
		{&marked, "a/b", "a/b"},
		{&marked, "/a/../b", "/files/b"},
	};
	char out[PATHNAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *reason = pathname_rebuild(rows[i].place, rows[i].path, out, sizeof out);
		if (reason)
			FAIL("%s: %s", rows[i].path, reason);
		assert_string_equal(out, rows[i].out);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const struct pathname_place *place;
		const char *path, *reason;
	} rows[] = {
		{&at_root, "", "an empty path"},
		{&at_root, "..", "a path that climbs out"},
		{&at_root, "../x", "a path that climbs out"},
		{&at_root, "/..", "a path that climbs out"},
		{&at_root, "/../etc", "a path that climbs out"},
		{&at_root, "a/../../x", "a path that climbs out"},
		{&at_root, "a/../../files/x", "a path that climbs out"},
		{&at_root, "./..", "a path that climbs out"},
		{&at_root, "//..//x", "a path that climbs out"},
		{&at_root, "~/..", "a path that climbs out"},
		{&at_in, "../../..", "a path that climbs out"},
		{&at_in, "../../../in/today/x", "a path that climbs out"},
		{&marked, "/../x", "a path that climbs out"},
		{&bare, "..", "a path that climbs out"},
		{&bare, "/../x", "a path that climbs out"},
		{&bare_in, "../../x", "a path that climbs out"},
		{&at_root, "~bob", "another user's home"},
		{&at_root, "~bob/x", "another user's home"},
		{&at_root, "~root/.ssh", "another user's home"},
		{&at_root, "~-", "another user's home"},
	};
	char out[PATHNAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *reason = pathname_rebuild(rows[i].place, rows[i].path, out, sizeof out);
		if (!reason || strncmp(reason, rows[i].reason, strlen(rows[i].reason)) != 0)
			FAIL("'%s': %s", rows[i].path, reason ? reason : out);
	}
}

/*
 * Goal: a path that is read beside the operand means what the program makes of it, and stays inside whether the operand
 * is a directory or a file.
 */
static void test_beside(void **state)
{
	static const struct {
		const char *start, *base, *path, *out; /* out NULL: refused */
	} rows[] = {
		{"/", "up/", "x", "x"},
		{"/", "up/", "/x", "/files/x"},
		{"/", "up/", "/a/../x", "/files/x"},
		{"/in", "up/", "~/x", "/files/in/x"},
		{"/in", "up/", "~", "/files/in/"},
		{"/in", "up/", "~/../x", "/files/x"},
		{"/in", "up/", "~/../../x", NULL},
		{"/", "up/", "~bob", NULL},
		{"/", "up/", "", NULL},
		{"/", "up/", "-x", "./-x"},
		{"/", "up/", "a/../-x", "./-x"},
		{"/", "up/", "a/../~x", NULL},
		{"/", "up/", "a/..", "."},
		{"/", "up/", "a/b/../../c/./d", "c/d"},
		{"/", "up/", "..", ".."},
		{"/", "up/", "../x", "../x"},
		{"/", "up/", ".././x//y/../z", "../x/z"},
		{"/", "up/", "x/../../y", "../y"},
		{"/", "up/", "../../x", NULL},
		/* "up" may be a file: only as a directory it leaves room for ".." */
		{"/", "up", "../x", "/files/x"},
		{"/", "/up", "../x", "/files/x"},
		{"/", "/up", "x/../../x/../y", "/files/y"},
		{"/", "up", "../../x", NULL},
		{"/", "up/.", "../x", "../x"},
		{"/", "a/up", "../x", "../x"},
		{"/", "a/up", "../../x", "/files/x"},
		{"/", "a/up", "../../../x", NULL},
		{"/in", "up", "../x", "../x"},
		{"/in", "up", "../../x", "/files/x"},
		{"/in", "up", "../../../x", NULL},
		{"/in", "/up", "../x", "/files/x"},
		{"/in", ".", "../x", "../x"},
		{"/in", "..", "../x", NULL},
		{"/in", "../up/", "../x", "../x"},
		{"/", ".", "../x", NULL},
		{"/", "/", "../x", NULL},
		/* not known: inside the protocol */
		{"/in/today", NULL, "../x", NULL},
		{"/in/today", NULL, "x", "x"},
		{"/in/today", NULL, "x/../y", "y"},
	};
	char out[PATHNAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct pathname_place place = {"/files", rows[i].start, rows[i].base, false};
		const char *reason = pathname_beside(&place, rows[i].path, out, sizeof out);

		if (!rows[i].out != !!reason || (!reason && strcmp(out, rows[i].out) != 0))
			FAIL("'%s' beside '%s': %s", rows[i].path, rows[i].base ? rows[i].base : "",
			     reason ? reason : out);
	}
}

/* Goal: the bounds of the kernel (255 and 4095 bytes) are exact, for the client's path and the rebuilt one. */
static void test_bounds(void **state)
{
	static char path[2 * PATHNAME_MAX], out[PATHNAME_MAX + 1];

	(void)state;
	memset(path, 'a', PATHNAME_PART_MAX);
	assert_null(pathname_rebuild(&at_root, path, out, sizeof out));
	path[PATHNAME_PART_MAX] = 'a';
	assert_string_equal(pathname_rebuild(&at_root, path, out, sizeof out),
			    "a path component longer than 255 bytes");

	for (size_t i = 0; i < sizeof path - 1; i++)
		path[i] = i % 2 ? '/' : 'a';
	path[PATHNAME_MAX] = '\0';
	assert_null(pathname_rebuild(&at_root, path, out, sizeof out));
	assert_int_equal(strlen(out), PATHNAME_MAX);
	path[PATHNAME_MAX] = '/';
	path[PATHNAME_MAX + 1] = '\0';
	assert_string_equal(pathname_rebuild(&at_root, path, out, sizeof out),
			    "a path longer than 4095 bytes");
	/* absolute: the root in front makes it too long */
	path[PATHNAME_MAX] = '\0';
	path[0] = '/';
	assert_string_equal(pathname_rebuild(&at_root, path, out, sizeof out),
			    "a path longer than 4095 bytes inside the docroot");
	path[PATHNAME_MAX - strlen("/files")] = '\0';
	assert_null(pathname_rebuild(&at_root, path, out, sizeof out));
	assert_int_equal(strlen(out), PATHNAME_MAX);
}

/* Goal: 50,000 hostile paths: whatever is accepted keeps the header's promise. */
static void test_promise(void **state)
{
	static const char *const pieces[] = {"..", ".", "/", "/", "//", "-", "~", "a", "files", "\n", "\xff"};
	static const struct pathname_place *const places[] = {&at_root, &at_in, &beside, &marked};
	struct dice dice = {77};
	char path[64], out[PATHNAME_MAX + 1];

	(void)state;
	for (int n = 0; n < 50000; n++) {
		const struct pathname_place *place = places[roll(&dice, ROWS(places))];

		path[0] = '\0';
		for (unsigned i = roll(&dice, 9); i > 0; i--)
			strcat(path, pieces[roll(&dice, ROWS(pieces))]);
		bool is_beside = place == &beside && roll(&dice, 2);
		if ((is_beside ? pathname_beside : pathname_rebuild)(place, path, out, sizeof out))
			continue;
		/* beside is two directories deep */
		const char *rest = out;
		for (int ups = 0; is_beside && ups < 2 && strncmp(rest, "..", 2) == 0 && strchr("/", rest[2]); ups++)
			rest += 2 + (rest[2] == '/');
		if (pathname_has_part(rest, ".."))
			FAIL("'%s' became '%s'", path, out);
		if (out[0] == '-' || out[0] == '~' || out[0] == '\0')
			FAIL("'%s' became '%s'", path, out);
		if (out[0] == '/' && strncmp(out, "/files/", 7) != 0 && strcmp(out, "/files") != 0)
			FAIL("'%s' became '%s'", path, out);
	}
}

static void test_has_part(void **state)
{
	static const struct {
		const char *path, *names;
		bool has;
	} rows[] = {
		{".ssh", ".ssh", true},
		{"a/.SSH/b", ".netrc .ssh", true},
		{"/.ssh/", ".ssh", true},
		{"//.ssh//x", "  .ssh  ", true},
		{".sshx", ".ssh", false},
		{"x.ssh", ".ssh", false},
		{".ss", ".ssh", false},
		{".ssh", "", false},
		{"", ".ssh", false},
		{"/", ".ssh", false},
		{"a/..", ". ..", true},
		{"a/...", ". ..", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (pathname_has_part(rows[i].path, rows[i].names) != rows[i].has)
			FAIL("'%s' in '%s'", rows[i].path, rows[i].names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rebuilt), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_beside),
		cmocka_unit_test(test_bounds),  cmocka_unit_test(test_promise),
		cmocka_unit_test(test_has_part),
	};

	return cmocka_run_group_tests_name("pathname", tests, NULL, NULL);
}
