#include "journal.h"

#include "text/escape.h"
#include "text/logfmt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

static int log_fd = -1;
static bool stream; /* records end in NUL then */
static int under = LOG_AUTHPRIV;
static bool torn;   /* the last one has no end yet */

static int try_type(const char *path, int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = 2}; /* a stuck logger must not hold sessions for ever */
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

bool journal_open(int fd)
{
	int connected = try_type("/dev/log", SOCK_DGRAM);

	if (connected < 0 && errno == EPROTOTYPE) {
		connected = try_type("/dev/log", SOCK_STREAM);
		stream = connected >= 0;
	}
	if (connected >= 0 && connected != fd) {
		log_fd = dup3(connected, fd, O_CLOEXEC) == fd ? fd : -1;
		close(connected);
	} else {
		log_fd = connected;
	}
	return log_fd >= 0;
}

void journal_facility(int facility)
{
	under = facility;
}

/* A line as it grows, and the names of the fields that were cut, with commas between. */
struct record {
	char line[JOURNAL_LINE_MAX + 1];
	size_t used;
	char cut[JOURNAL_CUT_MAX];
};

static void note_cut(struct record *r, const char *name)
{
	size_t used = strlen(r->cut);

	snprintf(r->cut + used, sizeof r->cut - used, "%s%s", used ? "," : "", name);
}

static void put(struct record *r, const char *text, size_t length)
{
	size_t room = JOURNAL_LINE_MAX - 1 - r->used;
	size_t fitting = length < room ? length : room;

	memcpy(r->line + r->used, text, fitting);
	r->used += fitting;
}

static void add_field(struct record *r, const struct field *field)
{
	char value[LOGFMT_ROOM];
	size_t length = field->length ? field->length : strlen(field->text);

	put(r, " ", 1);
	put(r, field->name, strlen(field->name));
	put(r, "=", 1);
	put(r, value, escape_logfmt(field->text, length, value, sizeof value));
	if (escape_logfmt_cuts(field->text, length, sizeof value))
		note_cut(r, field->name);
}

static void begin(struct record *r, bool refusal)
{
	struct tm utc;
	time_t now = time(NULL);
	int priority = under | (refusal ? LOG_WARNING : LOG_INFO);

	gmtime_r(&now, &utc);
	r->cut[0] = '\0';
	r->used = (size_t)snprintf(r->line, sizeof r->line, "<%d>", priority);
	r->used += strftime(r->line + r->used, sizeof r->line - r->used, "%b %e %T ", &utc);
	r->used += (size_t)snprintf(r->line + r->used, sizeof r->line - r->used, "sallyport-shell[%d]:",
				    getpid());
}

/* A datagram goes whole or not at all; a stream may take it in pieces, and stop taking them. */
static bool write_whole(const char *line, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t n = write(log_fd, line + done, length - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
		if (!stream)
			break;
	}
	torn = stream && done < length && (torn || done > 0);
	return done == length;
}

/*
 * Half a record would spoil the next: it is ended first, so that no reader takes it for a line of its own. If that is
 * not taken either, the line is lost as the half one is, and the caller knows. What a child tore its parent does not
 * know; that child has ended, and of one that ended by itself the parent writes nothing.
 */
static bool write_record(const char *line, size_t length)
{
	static const char end[] = JOURNAL_TORN; /* its NUL too */

	return (!torn || write_whole(end, sizeof end)) && write_whole(line, length);
}

bool journal_write(const struct field *fields, bool refusal)
{
	struct record r;

	if (log_fd < 0)
		return false;
	begin(&r, refusal);
	for (const struct field *f = fields; f->name; f++)
		if (f->text)
			add_field(&r, f);
	if (r.cut[0])
		add_field(&r, &(struct field){"cut", r.cut, 0});
	if (stream)
		r.line[r.used++] = '\0';
	return write_record(r.line, r.used);
}
