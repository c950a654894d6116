/*
 * One message is what one write(2) of the program's carried: the pipe keeps them apart (O_DIRECT, pipe(7)). Lines would
 * not do: sftp-server writes a newline in a name as it is, and a client could say with a name what no server said.
 *
 * What the program says is not believed. It is bytes in one field of a line whose other fields are the gate's (I8).
 */
#include "transfers.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SAID_MAX = 2048, /* read of one message; the log's line has room for half of it, and says that it was cut */
	AT_ONCE = 64,    /* messages that a pipe has room for, and that are heard before anything else is done */
	A_SECOND = 5000, /* behind so many the program waits; an honest one has no need of more */
	LEFT_MAX = 1024, /* of a program that is gone: more than a pipe can hold */
	DEAF_SECONDS = 10, /* for which a logger that did not answer is let alone, and the program goes on */
};

/* I5: what lies would leave the program on the client's stderr, or heard by nobody. */
static bool is_ready(const struct transfers *t)
{
	int in = fcntl(t->in, F_GETFL), out = fcntl(t->out, F_GETFL);

	errno = in < 0 || out < 0 ? errno : EINVAL;
	return in >= 0 && out >= 0 && in & O_NONBLOCK && out & O_DIRECT && !(out & O_NONBLOCK);
}

bool transfers_open(struct transfers *t)
{
	int ends[2] = {-1, -1};

	if (pipe2(ends, O_CLOEXEC | O_DIRECT) != 0)
		return false;
	t->open = true;
	t->in = ends[0];
	t->out = ends[1];
	t->client = -1;
	/* Without it there is room for sixteen, and the program waits more often. */
	fcntl(t->out, F_SETPIPE_SZ, AT_ONCE * getpagesize());
	return fcntl(t->in, F_SETFL, O_NONBLOCK | O_DIRECT) == 0 && is_ready(t);
}

void transfers_leave(const struct transfers *t)
{
	if (t->open)
		close(t->out);
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* A message ends as a terminal wants it, "\r\n"; an empty one says nothing. */
static size_t trim(const char *said, size_t length)
{
	while (length > 0 && (said[length - 1] == '\n' || said[length - 1] == '\r'))
		length--;
	return length;
}

/* A logger that is stuck costs the program the patience of one line (journal.c), not of each. */
static bool log_one(struct transfers *t, const char *said, size_t length)
{
	time_t second = now();

	t->heard = second == t->second ? t->heard + 1 : 1;
	t->second = second;
	if (length == 0)
		return true;
	if (second >= t->deaf) {
		if (t->log(t->context, said, length))
			return true;
		t->deaf = now() + DEAF_SECONDS;
	}
	t->lost++;
	if (t->required)
		t->reason = "the log cannot be written, and the policy requires it";
	return !t->required;
}

static enum sandbox_heard hear(struct transfers *t, unsigned most)
{
	char said[SAID_MAX];

	for (unsigned i = 0; i < most; i++) {
		ssize_t n = read(t->in, said, sizeof said);

		if (n < 0 && errno == EAGAIN)
			return SANDBOX_HEARD;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? SANDBOX_HEARD_FAILED : SANDBOX_HEARD_LAST;
		if (!log_one(t, said, trim(said, (size_t)n)))
			return SANDBOX_HEARD_FAILED;
	}
	return SANDBOX_HEARD;
}

enum sandbox_heard transfers_hear(void *transfers)
{
	const struct transfers *t = transfers;
	enum sandbox_heard heard = hear(transfers, AT_ONCE);

	return heard == SANDBOX_HEARD && t->heard >= A_SECOND ? SANDBOX_HEARD_ENOUGH : heard;
}

void transfers_end(struct transfers *t)
{
	if (t->open)
		hear(t, LEFT_MAX);
}

static bool is_pipe(const struct transfers *t, int fd)
{
	struct stat pipe = {.st_ino = 0}, other = {.st_ino = 1};

	return fstat(t->out, &pipe) == 0 && fstat(fd, &other) == 0 && pipe.st_dev == other.st_dev &&
	       pipe.st_ino == other.st_ino;
}

bool transfers_begin(struct transfers *t)
{
	if (!t->open)
		return true;
	t->client = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return t->client >= 0 && dup2(t->out, STDERR_FILENO) == STDERR_FILENO && is_pipe(t, STDERR_FILENO);
}

void transfers_return(const struct transfers *t)
{
	int error = errno;

	if (t->open && t->client >= 0)
		dup2(t->client, STDERR_FILENO);
	errno = error;
}
