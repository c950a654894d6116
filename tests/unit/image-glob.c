/*
 * Goal: a pattern fits names inside the image, as glob(3) would have them were it the root, and lists nothing outside.
 */
#include "test.h"

#include "cli/image-glob.h"
#include "planted.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

static struct image image;

static int set_up(void **state)
{
	static const char *const directories[] = {"etc", "etc/ssh", "etc/ssh/sshd_config.d", "a", "a/x", "b", "b/x"};
	static const char *const files[] = {"etc/ssh/sshd_config",     "etc/ssh/sshd_config.d/20-b.conf",
					    "etc/ssh/sshd_config.d/10-a.conf", "etc/ssh/sshd_config.d/.hidden.conf",
					    "etc/ssh/sshd_config.d/a*b", "a/x/one", "b/x/one", "b/x/two"};

	if (planted_make(state) != 0)
		return -1;
	for (size_t i = 0; i < ROWS(directories); i++)
		assert_int_equal(mkdir(planted_at(directories[i]), 0755), 0);
	for (size_t i = 0; i < ROWS(files); i++)
		close(open(planted_at(files[i]), O_WRONLY | O_CREAT, 0644));
	assert_int_equal(symlink("/", planted_at("out")), 0);
	assert_int_equal(symlink("../../../../..", planted_at("a/up")), 0);
	assert_int_equal(symlink("/proc/self/root", planted_at("a/magic")), 0);
	assert_int_equal(symlink("nowhere", planted_at("b/x/void")), 0);
	assert_true(image_enter(&image, planted_at("")));
	return 0;
}

static int tear_down(void **state)
{
	image_leave(&image);
	return planted_remove(state);
}

/* The names with a blank between; to be freed by nobody. */
static const char *join(const struct names *names)
{
	static char text[4096];
	char *at = text;

	*at = '\0';
	for (size_t i = 0; i < names->count; i++)
		at += sprintf(at, "%s%s", i ? " " : "", names->name[i]);
	return text;
}

static void test_rows(void **state)
{
	static const struct {
		const char *pattern, *found;
	} rows[] = {
		{"/etc/ssh/sshd_config", "/etc/ssh/sshd_config"},
		{"//etc//ssh/sshd_config", "/etc/ssh/sshd_config"},
		{"/etc/ssh/sshd_config.d/*.conf",
		 "/etc/ssh/sshd_config.d/10-a.conf /etc/ssh/sshd_config.d/20-b.conf"},
		{"/etc/ssh/sshd_config.d/.h*", "/etc/ssh/sshd_config.d/.hidden.conf"},
		{"/etc/ssh/sshd_config.d/[12]0-?.conf",
		 "/etc/ssh/sshd_config.d/10-a.conf /etc/ssh/sshd_config.d/20-b.conf"},
		{"/etc/ssh/sshd_config.d/a\\*b", "/etc/ssh/sshd_config.d/a*b"},
		{"/*/x/one", "/a/x/one /b/x/one"},
		{"/*/x/*", "/a/x/one /b/x/one /b/x/two /b/x/void"},
		{"/etc/none", ""},
		{"/none/*", ""},
		{"/etc/ssh/sshd_config/*", ""},
		/* the image's root, from wherever a link points */
		{"/out/b/x/t*", "/out/b/x/two"},
		{"/a/up/b/x/t*", "/a/up/b/x/two"},
		{"/../../../b/x/t*", "/../../../b/x/two"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct names found = {0};

		if (!image_glob(&image, rows[i].pattern, &found) || strcmp(join(&found), rows[i].found) != 0)
			FAIL("%s: %s", rows[i].pattern, join(&found));
		names_free(&found);
	}
}

/* A link of /proc leads out of any root: that is no match, it is a directory that cannot be read. */
static void test_magic(void **state)
{
	struct names found = {0};

	(void)state;
	assert_false(image_glob(&image, "/a/magic/*", &found) && found.count > 0);
	names_free(&found);
}

/* On this host, what libc finds. */
static void test_as_glob(void **state)
{
	static const char *const patterns[] = {"/etc/*", "/etc/*/*.conf", "/usr/bin/[a-c]*", "/etc/pass??", "/*/.*"};
	struct image host;

	(void)state;
	assert_true(image_enter(&host, NULL));
	for (size_t i = 0; i < ROWS(patterns); i++) {
		struct names found = {0};
		glob_t libc;

		assert_true(image_glob(&host, patterns[i], &found));
		if (glob(patterns[i], 0, NULL, &libc) != 0)
			libc.gl_pathc = 0;
		if (libc.gl_pathc != found.count)
			FAIL("%s: %zu, %zu", patterns[i], libc.gl_pathc, found.count);
		for (size_t n = 0; n < found.count; n++)
			assert_string_equal(libc.gl_pathv[n], found.name[n]);
		if (libc.gl_pathc)
			globfree(&libc);
		names_free(&found);
	}
	image_leave(&host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_magic),
		cmocka_unit_test(test_as_glob),
	};

	return cmocka_run_group_tests_name("image-glob", tests, set_up, tear_down);
}
