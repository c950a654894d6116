#include "journal.h"

#include "text/escape.h"

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

static size_t add_field(char *line, size_t used, const struct field *field)
{
	char value[JOURNAL_VALUE_MAX + 8];
	size_t length = field->length ? field->length : strlen(field->text);

	escape_logfmt(field->text, length, value, sizeof value);
	int n = snprintf(line + used, JOURNAL_LINE_MAX - used, " %s=%s", field->name, value);
	size_t now = n < 0 ? used : used + (size_t)n;
	return now < JOURNAL_LINE_MAX ? now : JOURNAL_LINE_MAX - 1;
}

bool journal_write(const struct field *fields, bool refusal)
{
	char line[JOURNAL_LINE_MAX + 1];
	struct tm utc;
	time_t now = time(NULL);

	if (log_fd < 0)
		return false;
	gmtime_r(&now, &utc);
	int priority = LOG_AUTHPRIV | (refusal ? LOG_WARNING : LOG_INFO);
	size_t used = (size_t)snprintf(line, sizeof line, "<%d>", priority);
	used += strftime(line + used, sizeof line - used, "%b %e %T ", &utc);
	used += (size_t)snprintf(line + used, sizeof line - used, "sallyport-shell[%d]:", getpid());
	for (const struct field *f = fields; f->name; f++)
		if (f->text)
			used = add_field(line, used, f);
	if (stream)
		line[used++] = '\0';
	ssize_t written;
	do
		written = write(log_fd, line, used);
	while (written < 0 && errno == EINTR);
	return written == (ssize_t)used;
}
