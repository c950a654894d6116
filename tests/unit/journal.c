/*
 * Goal: one line a decision, in syslog's format, foreign bytes escaped and each value cut (I8): read back from a
 * /dev/log of our own, in a mount namespace. A stuck or missing logger is an answer, not a hang.
 */
#include "test.h"

#include "shell/journal.h"

#include "text/logfmt.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

enum { FD = 17 };

static bool isolated;

/* A /dev that holds nothing: root, or anybody who may have a user namespace. */
static int make_namespace(void **state)
{
	(void)state;
	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return 0;
	isolated = mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		   mount("tmpfs", "/dev", "tmpfs", 0, NULL) == 0;
	return 0;
}

static int listen_on_log(int type)
{
	const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	int fd = socket(AF_UNIX, type, 0);

	unlink("/dev/log");
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void test_no_log(void **state)
{
	const struct field fields[] = {{"verdict", "deny", 0}, {0}};

	(void)state;
	if (!isolated)
		skip(); /* no namespace to hide /dev/log in */
	assert_false(journal_open(FD));
	assert_false(journal_write(fields, true));
}

/* Takes one record and checks "<PRIORITY>Mmm dd hh:mm:ss sallyport-shell[PID]:"; returns what follows. */
static const char *receive(int fd, int priority, char *line, size_t size)
{
	char want[64];
	ssize_t n = recv(fd, line, size - 1, 0);

	assert_true(n > 0);
	line[n] = '\0';
	snprintf(want, sizeof want, "<%d>", LOG_AUTHPRIV | priority);
	assert_memory_equal(line, want, strlen(want));
	snprintf(want, sizeof want, " sallyport-shell[%d]:", getpid());
	const char *tag = strstr(line, want);
	assert_non_null(tag);
	assert_int_equal(tag - strchr(line, '>') - 1, 15); /* RFC 3164's time */
	return tag + strlen(want);
}

static void test_line(void **state)
{
	static char line[2 * JOURNAL_LINE_MAX];
	static const char request[] = "a\nverdict=allow \033[2J\0hidden";
	const struct field fields[] = {
		{"verdict", "deny", 0}, {"user", "alice", 0}, {"profile", NULL, 0},
		{"request", request, sizeof request - 1}, {"reason", "a b=\"c\"", 0}, {0},
	};

	(void)state;
	if (!isolated)
		skip();
	int server = listen_on_log(SOCK_DGRAM);
	assert_true(journal_open(FD));
	assert_true(journal_write(fields, true));
	assert_string_equal(receive(server, LOG_WARNING, line, sizeof line),
			    " verdict=deny user=alice request=\"a\\nverdict=allow \\x1b[2J\\x00hidden\" "
			    "reason=\"a b=\\\"c\\\"\"");
	assert_true(journal_write(fields, false));
	receive(server, LOG_INFO, line, sizeof line);
	journal_facility(LOG_LOCAL3);
	assert_true(journal_write(fields, true));
	assert_true(recv(server, line, sizeof line, 0) > 5);
	assert_memory_equal(line, "<156>", 5); /* 19 * 8 + 4 */
	journal_facility(LOG_AUTHPRIV);
	close(server);
	assert_false(journal_write(fields, true)); /* the logger is gone */
	close(FD);
}

/* Goal: a long value is cut, a long line too, and neither loses its end or writes beyond (ASan). */
static void test_long(void **state)
{
	static char line[2 * JOURNAL_LINE_MAX], value[65536];
	struct field fields[24] = {{"request", value, sizeof value}};

	(void)state;
	if (!isolated)
		skip();
	memset(value, '\001', sizeof value);
	int server = listen_on_log(SOCK_DGRAM);
	assert_true(journal_open(FD));
	assert_true(journal_write(fields, true));
	const char *text = receive(server, LOG_WARNING, line, sizeof line);
	assert_in_range(strlen(text), 900, LOGFMT_ROOM + 32);
	assert_string_equal(text + strlen(text) - 16, "...\" cut=request");
	/* dots of the client's own are no cut, and a bare value is cut by the same measure */
	fields[0] = (struct field){"request", "x \" cut=request...", 0};
	assert_true(journal_write(fields, true));
	text = receive(server, LOG_WARNING, line, sizeof line);
	assert_string_equal(text, " request=\"x \\\" cut=request...\"");
	memset(value, 'a', sizeof value);
	fields[0] = (struct field){"argv", value, 2000};
	fields[1] = (struct field){"request", value, 1000};
	fields[2] = (struct field){"detail", value, 1100};
	assert_true(journal_write(fields, true));
	text = receive(server, LOG_WARNING, line, sizeof line);
	assert_non_null(strstr(text, "aaa...\" request=aaa"));
	assert_string_equal(text + strlen(text) - 16, " cut=argv,detail");
	memset(value, '\001', sizeof value);
	for (size_t i = 0; i < 23; i++)
		fields[i] = (struct field){"request", value, sizeof value};
	assert_true(journal_write(fields, true));
	text = receive(server, LOG_WARNING, line, sizeof line);
	assert_true(strlen(line) < JOURNAL_LINE_MAX);
	close(server);
	close(FD);
}

/* Goal: a stream logger gets records that end in NUL. */
static void test_stream(void **state)
{
	static char line[JOURNAL_LINE_MAX];
	const struct field fields[] = {{"verdict", "allow", 0}, {0}};

	(void)state;
	if (!isolated)
		skip();
	int server = listen_on_log(SOCK_STREAM);
	assert_true(journal_open(FD));
	int peer = accept(server, NULL, NULL);
	assert_true(peer >= 0);
	assert_true(journal_write(fields, false));
	ssize_t n = recv(peer, line, sizeof line, 0);
	assert_true(n > 0 && line[n - 1] == '\0' && (ssize_t)strlen(line) == n - 1);
	assert_non_null(strstr(line, "]: verdict=allow"));
	close(peer);
	close(server);
	close(FD);
}

static size_t drain(int peer, char *out, size_t size)
{
	size_t used = 0;

	for (ssize_t n; (n = recv(peer, out + used, size - used, MSG_DONTWAIT)) > 0;)
		used += (size_t)n;
	return used;
}

/* Goal: what a stuck stream logger took of a record is ended before the next, and is told from a whole one. */
static void test_torn(void **state)
{
	static char taken[4 * JOURNAL_LINE_MAX], value[1000];
	struct field long_fields[9], fields[] = {{"verdict", "ended", 0}, {0}};
	const struct timeval soon = {.tv_usec = 50000};
	const int least = 1;

	(void)state;
	if (!isolated)
		skip();
	memset(value, 'a', sizeof value);
	for (size_t i = 0; i < 8; i++)
		long_fields[i] = (struct field){"request", value, sizeof value};
	long_fields[8] = (struct field){0};
	int server = listen_on_log(SOCK_STREAM);
	assert_true(journal_open(FD));
	assert_int_equal(setsockopt(FD, SOL_SOCKET, SO_SNDBUF, &least, sizeof least), 0);
	assert_int_equal(setsockopt(FD, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon), 0);
	int peer = accept(server, NULL, NULL);
	assert_true(peer >= 0);
	assert_false(journal_write(long_fields, false));
	assert_false(journal_write(fields, false)); /* still stuck: lost, and nothing of it is taken */
	size_t half = drain(peer, taken, sizeof taken);
	assert_in_range(half, 1000, 8000);
	assert_null(memchr(taken, '\0', half));
	assert_null(memmem(taken, half, "ended", 5));

	assert_true(journal_write(fields, false)); /* it goes on: one end, then the record */
	assert_true(journal_write(fields, false)); /* and nothing before the one after it */
	size_t n = drain(peer, taken, sizeof taken);
	assert_true(n > sizeof JOURNAL_TORN);
	assert_memory_equal(taken, JOURNAL_TORN "\0<", sizeof JOURNAL_TORN + 1);
	const char *first = taken + sizeof JOURNAL_TORN, *second = first + strlen(first) + 1;
	assert_string_equal(strchr(first, ']'), "]: verdict=ended");
	assert_int_equal(*second, '<');
	assert_string_equal(strchr(second, ']'), "]: verdict=ended");
	assert_ptr_equal(second + strlen(second) + 1, taken + n);
	close(peer);
	close(server);
	close(FD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_log),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_stream), /* these last: the module remembers that it is a stream */
		cmocka_unit_test(test_torn),
	};

	return cmocka_run_group_tests_name("journal", tests, make_namespace, NULL);
}
