/*
 * Goal: the state directory that is mounted is the one that was checked: once more, from inside a user namespace, it has
 * to be the account's alone (I2, I4). What else is asked of it: tests/e2e/unison.bats.
 */
#include "test.h"

#include "planted.h"
#include "sandbox/step.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ACCOUNT = 4321, OTHER = 4322 };

static void test_moved(void **state)
{
	char base[160];
	struct sandbox_fault fault;
	int fd;

	(void)state;
	if (getuid() != 0)
		skip(); /* only root can make directories of others */
	strcpy(base, planted_at(""));
	const struct sandbox_view view = {.uid = ACCOUNT, .state = base};
	assert_int_equal(mkdir(planted_at("4321"), 0700) || chown(planted_at("4321"), ACCOUNT, 0), 0);
	assert_true(state_open(&view, &fd, &fault));
	assert_true(fd >= 0);
	assert_true(state_reopen(&view, &fd, &fault));
	assert_int_equal(chmod(planted_at("4321"), 0770), 0);
	assert_false(state_reopen(&view, &fd, &fault));
	assert_string_equal(fault.step, "state");
	assert_int_equal(chmod(planted_at("4321"), 0700) || chown(planted_at("4321"), OTHER, 0), 0);
	assert_false(state_reopen(&view, &fd, &fault));
	assert_int_equal(rmdir(planted_at("4321")), 0);
	assert_false(state_reopen(&view, &fd, &fault));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_moved)};

	return cmocka_run_group_tests_name("state", tests, planted_make, planted_remove);
}
