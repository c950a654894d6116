/*
 * Goal: each write of a program's is one message, whatever it holds; stderr is the pipe, and comes back; a log that does
 * not take a message is not asked for the next ones, what was lost is counted, and ends what requires it.
 */
#include "test.h"

#include "shell/transfers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { HEARD_MAX = 128 };

static struct {
	char said[HEARD_MAX][4096];
	size_t length[HEARD_MAX];
	size_t count, asked;
	bool stuck, mute;
} heard;

static bool take(void *context, const char *said, size_t length)
{
	assert_ptr_equal(context, &heard);
	heard.asked++;
	if (heard.stuck)
		return false;
	if (heard.mute)
		return true;
	assert_in_range(heard.count, 0, HEARD_MAX - 1);
	memcpy(heard.said[heard.count], said, length);
	heard.length[heard.count++] = length;
	return true;
}

static struct transfers begin(bool required)
{
	struct transfers t = {.log = take, .context = &heard, .required = required};

	memset(&heard, 0, sizeof heard);
	assert_true(transfers_open(&t));
	return t;
}

static void finish(struct transfers *t)
{
	transfers_leave(t);
	transfers_end(t);
	close(t->in);
}

static void say(const struct transfers *t, const char *bytes, size_t length)
{
	assert_int_equal(write(t->out, bytes, length), length);
}

static void test_messages(void **state)
{
	static const struct {
		const char *said;
		size_t length, kept;
	} rows[] = {
		{"open \"/x\"\r\n", 11, 9}, {"a\nb", 3, 3}, {"\r\n", 2, 0}, {"\n\n\n", 3, 0}, {"\0nul", 4, 4}, {"x", 1, 1},
		{"a\r\nb\r\n", 6, 4}, {" \n", 2, 1},
	};
	struct transfers t = begin(false);
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		say(&t, rows[i].said, rows[i].length);
	assert_int_equal(transfers_hear(&t), SANDBOX_HEARD);
	for (size_t i = 0; i < ROWS(rows); i++) {
		if (rows[i].kept == 0)
			continue;
		assert_int_equal(heard.length[n], rows[i].kept);
		assert_memory_equal(heard.said[n++], rows[i].said, rows[i].kept);
	}
	assert_int_equal(heard.count, n);
	assert_int_equal(transfers_hear(&t), SANDBOX_HEARD); /* and waits for nothing */
	assert_int_equal(t.lost, 0);
	finish(&t);
}

/* Of what is longer than a line of the log the rest is gone, and is no message of its own. */
static void test_long(void **state)
{
	static char all[4096];
	struct transfers t = begin(false);

	(void)state;
	memset(all, 'x', sizeof all);
	say(&t, all, sizeof all);
	say(&t, "next", 4);
	transfers_hear(&t);
	assert_int_equal(heard.count, 2);
	assert_in_range(heard.length[0], 1500, sizeof all - 1); /* more than the log shows, so that it says "cut" */
	assert_memory_equal(heard.said[1], "next", 4);
	finish(&t);
}

static void test_flood(void **state)
{
	struct transfers t = begin(false);
	size_t said = 0;

	(void)state;
	fcntl(t.out, F_SETFL, O_NONBLOCK | O_DIRECT);
	fcntl(t.out, F_SETPIPE_SZ, 1 << 20);
	while (said < HEARD_MAX && write(t.out, "x", 1) == 1)
		said++;
	assert_in_range(said, 65, HEARD_MAX);
	assert_int_equal(transfers_hear(&t), SANDBOX_HEARD);
	assert_int_equal(heard.count, 64);
	finish(&t); /* what is left is heard when the program is gone */
	assert_int_equal(heard.count, said);
}

/* So many a second, and then no more for a while. */
static void test_enough(void **state)
{
	struct transfers t = begin(false);
	enum sandbox_heard last = SANDBOX_HEARD;
	unsigned said = 0;

	(void)state;
	heard.mute = true;
	for (; last == SANDBOX_HEARD && said < 1000000; said++) {
		say(&t, "x", 1);
		last = transfers_hear(&t);
	}
	assert_int_equal(last, SANDBOX_HEARD_ENOUGH);
	assert_int_equal(t.heard, 5000);
	assert_in_range(said, 5000, 100000);
	t.second--; /* the next one */
	say(&t, "x", 1);
	assert_int_equal(transfers_hear(&t), SANDBOX_HEARD);
	finish(&t);
}

static void test_end(void **state)
{
	struct transfers t = begin(false);

	(void)state;
	say(&t, "last", 4);
	close(t.out);
	assert_int_equal(transfers_hear(&t), SANDBOX_HEARD_LAST);
	assert_int_equal(heard.count, 1);
	close(t.in);
	assert_int_equal(transfers_hear(&t), SANDBOX_HEARD_FAILED);
	assert_int_equal(errno, EBADF);
	assert_null(t.reason);
}

static void test_stuck(void **state)
{
	struct transfers t = begin(false);

	(void)state;
	heard.stuck = true;
	for (int i = 0; i < 5; i++)
		say(&t, "x", 1);
	assert_int_equal(transfers_hear(&t), SANDBOX_HEARD);
	assert_int_equal(heard.asked, 1); /* its patience is not paid five times */
	assert_int_equal(t.lost, 5);
	heard.stuck = false;
	say(&t, "still", 5);
	transfers_hear(&t);
	assert_int_equal(heard.asked, 1);
	t.deaf = 0; /* ten seconds later */
	say(&t, "again", 5);
	transfers_hear(&t);
	assert_int_equal(heard.count, 1);
	assert_int_equal(t.lost, 6);
	finish(&t);

	t = begin(true);
	heard.stuck = true;
	say(&t, "x", 1);
	assert_int_equal(transfers_hear(&t), SANDBOX_HEARD_FAILED);
	assert_non_null(t.reason);
	finish(&t);
}

static void test_stderr(void **state)
{
	int own = dup(STDERR_FILENO), other[2];
	struct transfers none = {0}, t = begin(false);
	char byte;

	(void)state;
	assert_int_equal(pipe2(other, O_NONBLOCK), 0);
	assert_int_equal(dup2(other[1], STDERR_FILENO), STDERR_FILENO);
	assert_true(transfers_begin(&none)); /* nothing to be heard: nothing is changed */
	assert_int_equal(write(STDERR_FILENO, "a", 1), 1);
	assert_int_equal(read(other[0], &byte, 1), 1);

	assert_true(transfers_begin(&t));
	assert_int_equal(fcntl(STDERR_FILENO, F_GETFD), 0); /* it stays open in the program, and nothing else does */
	assert_int_equal(fcntl(t.in, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(t.out, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(t.client, F_GETFD), FD_CLOEXEC);
	assert_int_equal(write(STDERR_FILENO, "b", 1), 1);
	transfers_hear(&t);
	assert_int_equal(heard.count, 1);
	assert_int_equal(read(other[0], &byte, 1), -1);
	errno = ENOENT;
	transfers_return(&t);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(write(STDERR_FILENO, "c", 1), 1);
	assert_int_equal(read(other[0], &byte, 1), 1);

	dup2(own, STDERR_FILENO);
	close(own);
	close(other[0]);
	close(other[1]);
	close(t.client);
	finish(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages), cmocka_unit_test(test_long),  cmocka_unit_test(test_flood),
		cmocka_unit_test(test_enough),
		cmocka_unit_test(test_end),      cmocka_unit_test(test_stuck), cmocka_unit_test(test_stderr),
	};

	return cmocka_run_group_tests_name("transfers", tests, NULL, NULL);
}
