/*
 * Goal: a name is looked up inside the tree and nowhere else, whatever links lie in it.
 */
#include "test.h"

#include "cli/image.h"
#include "planted.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static struct image image;

static void point(const char *name, const char *to)
{
	assert_int_equal(symlink(to, planted_at(name)), 0);
}

static int set_up(void **state)
{
	static const char *const directories[] = {"etc", "home", "home/a"};

	if (planted_make(state) != 0)
		return -1;
	for (size_t i = 0; i < ROWS(directories); i++)
		assert_int_equal(mkdir(planted_at(directories[i]), 0755), 0);
	int fd = open(planted_at("etc/passwd"), O_WRONLY | O_CREAT, 0644);
	assert_int_equal(write(fd, "inside\n", 7), 7);
	close(fd);
	point("home/a/absolute", "/etc/passwd");
	point("home/a/climbing", "../../../../../../etc/passwd");
	point("home/a/out", "/tmp");
	point("home/a/magic", "/proc/self/root/etc/passwd");
	point("etc/loop", "loop");
	point("users", "home");
	assert_int_equal(mkfifo(planted_at("etc/fifo"), 0644), 0);
	assert_true(image_enter(&image, planted_at("")));
	return 0;
}

static int tear_down(void **state)
{
	image_leave(&image);
	return planted_remove(state);
}

static void test_links_stay_inside(void **state)
{
	static const char *const same[] = {"/etc/passwd",     "etc/passwd",        "/home/a/absolute",
					   "/home/a/climbing", "/../../etc/passwd", "/users/a/absolute"};
	char text[16] = "";

	(void)state;
	for (size_t i = 0; i < ROWS(same); i++) {
		int fd = image_open_file(&image, same[i]);
		assert_true(fd >= 0);
		assert_int_equal(read(fd, text, sizeof text), 7);
		assert_memory_equal(text, "inside\n", 7);
		close(fd);
	}
}

static void test_what_is_not_there(void **state)
{
	static const struct {
		const char *path;
		int error;
	} rows[] = {
		{"/home/a/out", ENOENT},  {"/home/a/magic", ENOENT}, {"/etc/loop", ELOOP},
		{"/etc/fifo", EINVAL},    {"/etc", EINVAL},          {"/tmp", ENOENT},
		{"/etc/passwd/x", ENOTDIR},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int fd = image_open_file(&image, rows[i].path);
		if (fd >= 0 || errno != rows[i].error)
			FAIL("%s: %d, %s", rows[i].path, fd, strerror(errno));
	}
}

/* This host's /proc is inside the tree "/", and its links lead anywhere. */
static void test_magic_links_are_none(void **state)
{
	struct image host;

	(void)state;
	assert_true(image_enter(&host, NULL));
	assert_true(image_open_file(&host, "/proc/self/exe") < 0);
	assert_int_equal(errno, ELOOP);
	assert_false(host.mounted);
	image_leave(&host);
	assert_true(image_enter(&host, "/"));
	assert_true(host.mounted);
	assert_string_equal(host.above, "");
	image_leave(&host);
	assert_false(image_enter(&host, "/nonexistent"));
}

static void test_names(void **state)
{
	char name[PATH_MAX];
	struct stat status;

	(void)state;
	assert_true(image_real(&image, "/users/a/absolute", name));
	assert_string_equal(name, "/etc/passwd");
	assert_true(image_real(&image, "/", name));
	assert_string_equal(name, "/");
	assert_true(image_stat(&image, "/users", &status) && S_ISDIR(status.st_mode));
	assert_true(image_stat_link(&image, "/users", &status) && S_ISLNK(status.st_mode));
	DIR *directory = image_directory(&image, "/users/a");
	assert_non_null(directory);
	closedir(directory);
	assert_null(image_directory(&image, "/etc/passwd"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links_stay_inside),
		cmocka_unit_test(test_what_is_not_there),
		cmocka_unit_test(test_magic_links_are_none),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("image", tests, set_up, tear_down);
}
