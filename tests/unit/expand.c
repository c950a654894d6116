/*
 * Goal: wildcards become names of the view, sorted; never a protected name, a leading '-', "." or ".." (I3); a
 * pattern without a match stands for itself, and a bound that is reached is a refusal, never half a list (I4).
 */
#include "test.h"

#include "shell/expand.h"
#include "text/pathname.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/expand-XXXXXX";

static int make_dir(void **state)
{
	static const char *const files[] = {
		"a.c", "b.c", "c.h", "-x.c", "--help", ".hidden.c", "[x].c", "a b.c", "new\nline.c", "\xff.c",
		"sub/1.c", "sub/-2.c", "sub/.ssh", "sub/deep/3.c", "-dir/4.c", ".SSH/id.c", "*.c",
	};

	(void)state;
	if (!mkdtemp(dir) || chdir(dir) != 0)
		return -1;
	mkdir("sub", 0755);
	mkdir("sub/deep", 0755);
	mkdir("-dir", 0755);
	mkdir(".SSH", 0755);
	for (size_t i = 0; i < ROWS(files); i++) {
		int fd = open(files[i], O_WRONLY | O_CREAT, 0644);
		if (fd < 0)
			return -1;
		close(fd);
	}
	return symlink("/etc", "out") || symlink("nowhere", "broken.c");
}

static int remove_dir(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return chdir("/") || system(command);
}

/* Expands one pattern behind a plain word; the outcome joined by '|'. */
static void expand(const char *pattern, char *out, size_t size)
{
	char *argv[] = {"scp", (char *)(uintptr_t)pattern, NULL};
	const bool patterns[] = {false, true};
	const struct decision decision = {.argv = argv, .pattern = patterns, .argc = 2};
	const char *reason;
	size_t used = 0;
	char **words = expand_argv(&decision, ".ssh .netrc", &reason);

	assert_non_null(words);
	assert_null(reason);
	assert_string_equal(words[0], "scp");
	*out = '\0';
	for (size_t i = 1; words[i]; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i > 1 ? "|" : "", words[i]);
	for (size_t i = 0; words[i]; i++)
		free(words[i]);
	free(words);
}

static void test_rows(void **state)
{
	static const struct {
		const char *pattern, *names;
	} rows[] = {
		{"*.c", "*.c|[x].c|a b.c|a.c|b.c|broken.c|new\nline.c|\xff.c"},
		{"?.c", "*.c|a.c|b.c|\xff.c"},
		{"[ab].c", "a.c|b.c"},
		{"[!ab].c", "*.c|\xff.c"},
		{"\\*.c", "*.c"},
		{"\\[x].?", "[x].c"},
		{"*.zzz", "*.zzz"},
		{"\\*.zz?", "*.zz?"},
		{"sub/*", "sub/1.c|sub/deep"}, /* neither -2.c nor .ssh */
		{"*/*.c", "sub/1.c"},          /* not -dir/4.c */
		{"*/*/*.c", "sub/deep/3.c"},
		{"sub//*.c", "sub//1.c"},
		{"sub/*/", "sub/deep/"},
		{"./*.h", "./c.h"},
		{"[-]x.c", "[-]x.c"},     /* a name with a leading dash is never matched */
		{"[.]*", "[.]*"},         /* nor "." and "..", nor a hidden name by a class */
		{".*", ".hidden.c"},      /* not . .. .SSH */
		{".[sS]*", ".[sS]*"},     /* protected, in any case */
		{".[sS]*/*", ".[sS]*/*"},
		{"*/../*.h", "sub/../c.h"},
		{"s*b/1.c", "sub/1.c"},
		{"s*b/none", "s*b/none"},
	};
	char out[1024];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		expand(rows[i].pattern, out, sizeof out);
		if (strcmp(out, rows[i].names) != 0)
			FAIL("%s: %s", rows[i].pattern, out);
	}
}

/* Goal: what is no pattern is never looked at. */
static void test_plain(void **state)
{
	char *argv[] = {"scp", "*.c", "-f", NULL};
	const bool patterns[] = {false, false, false};
	const struct decision decision = {.argv = argv, .pattern = patterns, .argc = 3};
	const char *reason;

	(void)state;
	char **words = expand_argv(&decision, "", &reason);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(words[i], argv[i]);
		free(words[i]);
	}
	assert_null(words[3]);
	free(words);
}

/* Goal: more words than a command line holds are refused, with a reason. */
static void test_too_many(void **state)
{
	enum { TIMES = 1000, FILES = 80 };
	static char *argv[TIMES + 1];
	static bool patterns[TIMES];
	const char *reason;
	char name[32];

	(void)state;
	mkdir("many", 0755);
	for (int i = 0; i < FILES; i++) {
		sprintf(name, "many/%d", i);
		close(open(name, O_WRONLY | O_CREAT, 0644));
	}
	for (int i = 0; i < TIMES; i++) {
		argv[i] = "many/*";
		patterns[i] = true;
	}
	const struct decision decision = {.argv = argv, .pattern = patterns, .argc = TIMES};
	assert_null(expand_argv(&decision, "", &reason));
	assert_string_equal(reason, "a wildcard that matches more than a command line holds");
}

/* Goal: a path that grows too long while it is walked is left out, and nothing is written beyond (ASan). */
static void test_deep(void **state)
{
	char pattern[PATHNAME_MAX + 1], out[2 * PATHNAME_MAX];
	char part[201];

	(void)state;
	memset(part, 'd', sizeof part - 1);
	part[200] = '\0';
	int depth = 0;
	while (depth < 25 && mkdir(part, 0755) == 0 && chdir(part) == 0)
		depth++;
	assert_int_equal(chdir(dir), 0);
	for (int i = 0; i < 19; i++)
		memcpy(pattern + (size_t)i * 2, "*/", 2);
	strcpy(pattern + 38, "*");
	expand(pattern, out, sizeof out);
	assert_true(strlen(out) < sizeof out);
	for (int i = 0; i < 30; i++)
		memcpy(pattern + (size_t)i * 2, "*/", 2);
	strcpy(pattern + 60, "*");
	expand(pattern, out, sizeof out);
	assert_string_equal(out, pattern);
}

/* Goal: a directory that cannot be read for want of anything of ours is a refusal; one that may not be read has no names. */
static void test_unread(void **state)
{
	char *argv[] = {"*/*.c", NULL};
	const bool patterns[] = {true};
	const struct decision decision = {.argv = argv, .pattern = patterns, .argc = 1};
	const char *reason;
	struct rlimit whole, few;
	char names[64];
	int next = dup(0);

	(void)state;
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &whole), 0);
	few = whole;
	few.rlim_cur = (rlim_t)next + 1; /* room for "." alone */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	char **words = expand_argv(&decision, "", &reason);
	assert_int_equal(errno, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &whole), 0);
	assert_null(words);
	assert_string_equal(reason, "a wildcard that looks into too many directories, each in the one before");
	expand("a.c/*", names, sizeof names);
	assert_string_equal(names, "a.c/*");
	expand("none/*", names, sizeof names);
	assert_string_equal(names, "none/*");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_unread),
	};

	return cmocka_run_group_tests_name("expand", tests, make_dir, remove_dir);
}
