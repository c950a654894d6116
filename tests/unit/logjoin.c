/*
 * Goal: lines are joined by process or by the client's port, to the right connection and no other, in bounded memory;
 * what had to give way is handed out.
 */
#include "test.h"

#include "audit/logjoin.h"

static struct logjoin *join;

static int set_up(void **state)
{
	(void)state;
	join = logjoin_new();
	return join ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	logjoin_free(join);
	return 0;
}

static struct logconn *find(uint32_t pid, const char *address, uint16_t port)
{
	struct logline line = {.pid = pid, .port = port, .host = {"host", 4}};

	line.has_address = address && logaddr_read(address, strlen(address), &line.address);
	return logjoin_find(join, &line);
}

/* Goal: a line with a process alone, one with the client alone, and the process that the session goes on in. */
static void test_joins(void **state)
{
	struct logconn *c = find(7, NULL, 0);

	(void)state;
	assert_ptr_equal(find(7, "192.0.2.1", 22), c);
	assert_true(c->has_address && c->port == 22);
	assert_ptr_equal(find(9, "192.0.2.1", 22), c);
	assert_ptr_equal(find(0, "192.0.2.1", 22), c);
	assert_ptr_not_equal(find(0, "192.0.2.1", 23), c);
	assert_ptr_not_equal(find(0, "192.0.2.2", 22), c);
	logjoin_set_child(join, c, 8);
	assert_ptr_equal(find(8, NULL, 0), c);
	assert_null(find(0, NULL, 0));
	assert_null(find(0, "192.0.2.1", 0));
}

/* Goal: the same number on another host, or again after the end, is another connection. */
static void test_apart(void **state)
{
	struct logconn *c = find(7, "192.0.2.1", 22);
	struct logline elsewhere = {.pid = 7, .host = {"other", 5}};

	(void)state;
	strcpy(c->user, "alice");
	assert_ptr_not_equal(logjoin_find(join, &elsewhere), c);
	/* the number with another client: a new process, whose end of the old one was never written */
	assert_string_equal(find(7, "192.0.2.9", 99)->user, "");
	c = find(0, "192.0.2.1", 22);
	assert_string_equal(c->user, "alice");
	logjoin_end(join, c);
	assert_string_equal(find(0, "192.0.2.1", 22)->user, "");
}

/* Goal: nothing grows, and nothing that was open is gone without a word; running sessions stay longest. */
static void test_full(void **state)
{
	unsigned lost = 0;
	struct logconn *session = find(1, "192.0.2.1", 22);

	(void)state;
	session->accepted = true;
	strcpy(session->user, "alice");
	for (unsigned i = 2; i < 3 * LOGJOIN_PLACES; i++) {
		find(i, NULL, 0);
		lost += logjoin_lost(join) != NULL;
	}
	assert_int_equal(lost, 2 * LOGJOIN_PLACES - 1);
	assert_string_equal(find(0, "192.0.2.1", 22)->user, "alice");
	unsigned left = 0;
	while (logjoin_next(join))
		left++;
	assert_int_equal(left, LOGJOIN_PLACES);
}

/* Goal: thousands at once are all found again. */
static void test_many(void **state)
{
	struct logconn *conn[LOGJOIN_PLACES / 2];
	unsigned missed = 0;

	(void)state;
	for (unsigned i = 0; i < ROWS(conn); i++) {
		conn[i] = find(1000 + 3 * i, "2001:db8::7", (uint16_t)(i + 1));
		logjoin_set_child(join, conn[i], 1001 + 3 * i);
	}
	for (unsigned i = 0; i < ROWS(conn); i++)
		missed += find(1001 + 3 * i, NULL, 0) != conn[i];
	if (missed > ROWS(conn) / 100)
		FAIL("%u of %zu are not found", missed, ROWS(conn));
}

/* Goal: what is kept of a line is cut, and ended. */
static void test_keep(void **state)
{
	char out[4];

	(void)state;
	logjoin_keep(out, 3, (struct logspan){"abcdef", 6});
	assert_string_equal(out, "abc");
	logjoin_keep(out, 3, (struct logspan){0});
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_joins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_full, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
		cmocka_unit_test(test_keep),
	};

	return cmocka_run_group_tests_name("logjoin", tests, NULL, NULL);
}
