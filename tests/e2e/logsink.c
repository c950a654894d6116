/*
 * logsink - /dev/log of the stage: appends each record to a file, one line each.
 *
 *	logsink serve SOCKET FILE   binds the datagram socket and serves until killed
 *	logsink sync SOCKET FILE    returns once everything sent before has been written; FILE is for its own use
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { RECORD_MAX = 65536, TRIES = 500, PAUSE_US = 10000 };

static const char mark[] = "logsink-sync ";

static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	return address;
}

static int serve(const char *path, const char *file)
{
	static char record[RECORD_MAX + 1];
	struct sockaddr_un address = address_of(path);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	int log = open(file, O_WRONLY | O_CREAT | O_APPEND, 0644);

	umask(0);
	if (fd < 0 || log < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		perror("logsink");
		return 1;
	}
	for (;;) {
		ssize_t n = recv(fd, record, RECORD_MAX, 0);

		if (n < 0)
			return 1;
		if (n > (ssize_t)sizeof mark && memcmp(record, mark, sizeof mark - 1) == 0) {
			record[n] = '\0';
			close(open(record + sizeof mark - 1, O_WRONLY | O_CREAT, 0644));
			continue;
		}
		record[n] = '\n';
		if (write(log, record, (size_t)n + 1) != n + 1)
			return 1;
	}
}

static int sync_with(const char *path, const char *file)
{
	char line[256];
	struct sockaddr_un address = address_of(path);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), sent = -1;
	int length = snprintf(line, sizeof line, "%s%s", mark, file);

	unlink(file);
	for (int i = 0; i < TRIES; i++) {
		if (sent < 0)
			sent = (int)sendto(fd, line, (size_t)length, 0, (struct sockaddr *)&address,
					   sizeof address);
		if (sent > 0 && access(file, F_OK) == 0)
			return 0;
		usleep(i < 20 ? PAUSE_US / 10 : PAUSE_US);
	}
	fprintf(stderr, "logsink: %s does not answer\n", path);
	return 1;
}

int main(int argc, char *argv[])
{
	if (argc == 4 && strcmp(argv[1], "serve") == 0)
		return serve(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "sync") == 0)
		return sync_with(argv[2], argv[3]);
	fprintf(stderr, "usage: logsink serve|sync SOCKET FILE\n");
	return 64;
}
