/*
 * Goal: of N slots N can be held and no more, by whoever; those of a key are others than the account's; what is held
 * is free when its holder's descriptor is gone. (Whose file it has to be: tests/e2e/session.bats, as root.)
 */
#include "test.h"

#include "planted.h"
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[] = "/tmp/slot-XXXXXX";

/* A session: its own opening of the file. */
static void begin(void)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	if (fd != SANDBOX_SLOT_FD) {
		assert_int_equal(dup2(fd, SANDBOX_SLOT_FD), SANDBOX_SLOT_FD);
		close(fd);
	}
}

/* Keeps what the session holds and makes room for the next one's descriptor. */
static int put_aside(void)
{
	int held = fcntl(SANDBOX_SLOT_FD, F_DUPFD, 10);

	assert_true(held >= 10);
	close(SANDBOX_SLOT_FD);
	return held;
}

static enum sandbox_slot take(const char *key, unsigned most)
{
	struct sandbox_fault fault;

	return sandbox_slot_take(key, most, &fault);
}

static void test_count(void **state)
{
	int held[3];

	(void)state;
	for (size_t i = 0; i < ROWS(held); i++) {
		begin();
		assert_int_equal(take(NULL, 3), SANDBOX_SLOT_TAKEN);
		held[i] = put_aside();
	}
	begin();
	assert_int_equal(take(NULL, 3), SANDBOX_SLOT_FULL);
	assert_int_equal(take(NULL, 1), SANDBOX_SLOT_FULL);
	close(held[1]);
	assert_int_equal(take(NULL, 3), SANDBOX_SLOT_TAKEN);
	close(SANDBOX_SLOT_FD);
	close(held[0]);
	close(held[2]);
}

static void test_keys(void **state)
{
	(void)state;
	begin();
	assert_int_equal(take(NULL, 1), SANDBOX_SLOT_TAKEN);
	assert_int_equal(take("backup", 1), SANDBOX_SLOT_TAKEN);
	int held = put_aside();
	begin();
	assert_int_equal(take("backup", 1), SANDBOX_SLOT_FULL);
	assert_int_equal(take("backup", 2), SANDBOX_SLOT_TAKEN);
	assert_int_equal(take("other", 1), SANDBOX_SLOT_TAKEN);
	assert_int_equal(take(NULL, 1), SANDBOX_SLOT_FULL);
	close(SANDBOX_SLOT_FD);
	close(held);
}

/* A child that shares the descriptor cannot hold on to more than the descriptor; killed, it holds nothing. */
static void test_death(void **state)
{
	(void)state;
	pid_t pid = fork();
	if (pid == 0) {
		begin();
		if (take(NULL, 1) != SANDBOX_SLOT_TAKEN)
			_exit(1);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	begin();
	assert_int_equal(take(NULL, 1), SANDBOX_SLOT_TAKEN);
	close(SANDBOX_SLOT_FD);
}

/* Goal: the file is the account's, even where the gate could open that of another. */
static void test_whose(void **state)
{
	enum { ACCOUNT = 4321, OTHER = 4322 };
	struct sandbox_fault fault;
	char directory[160];

	(void)state;
	if (getuid() != 0)
		skip(); /* only root can make files of others */
	assert_int_equal(planted_make(state), 0);
	strcpy(directory, planted_at(""));
	close(open(planted_at("4321"), O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(chown(planted_at("4321"), ACCOUNT, 0), 0);
	assert_true(sandbox_slots_open(directory, ACCOUNT, &fault));
	close(SANDBOX_SLOT_FD);
	assert_int_equal(chown(planted_at("4321"), OTHER, 0), 0);
	assert_false(sandbox_slots_open(directory, ACCOUNT, &fault));
	assert_int_equal(planted_remove(state), 0);
}

static void test_no_file(void **state)
{
	struct sandbox_fault fault;

	(void)state;
	close(SANDBOX_SLOT_FD);
	assert_int_equal(sandbox_slot_take(NULL, 1, &fault), SANDBOX_SLOT_FAILED);
	assert_string_equal(fault.step, "max-sessions");
	assert_false(sandbox_slots_open("/nowhere", 1, &fault));
	assert_true(fault.configuration);
	assert_non_null(fault.want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count), cmocka_unit_test(test_keys), cmocka_unit_test(test_death),
		cmocka_unit_test(test_no_file), cmocka_unit_test(test_whose),
	};
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	int failures = cmocka_run_group_tests_name("slot", tests, NULL, NULL);
	unlink(path);
	return failures;
}
