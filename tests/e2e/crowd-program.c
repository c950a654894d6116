/*
 * crowd-program - what a session of the crowd runs, in its docroot. Its last argument is a path whose last component is
 * MOST.NUMBER; from these follows all that it does:
 *
 *	takes one of MOST bytes of the file `here` (0: as many as come), by a lock that goes with this process; when
 *	there is none for ten seconds, more sessions run than may, and it leaves the file `exceeded`
 *	adds a byte to the file `ran`
 *	writes to /tmp; starts a daemon that outlives everything it can, where it may fork
 *	waits for the end of its input, sleeps, and exits with 0 or 7
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 200, PAUSE_MS = 50, SLEEP_MOST_MS = 2000 };

static void sleep_ms(long ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/* Record locks: let go when the process ends, however it ends, and never inherited. */
static int take_place(int here, long most)
{
	for (long i = 0; i < most; i++) {
		struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = i, .l_len = 1};

		if (fcntl(here, F_SETLK, &lock) == 0)
			return 1;
	}
	return 0;
}

/* A program whose parent was killed lives a moment longer than the slot that was its parent's. */
static int find_place(long most)
{
	int here = open("here", O_WRONLY | O_CLOEXEC);

	for (int i = 0; here >= 0 && i < TRIES; i++) {
		if (take_place(here, most))
			return 1;
		sleep_ms(PAUSE_MS);
	}
	return 0;
}

static void start_daemon(void)
{
	if (fork() != 0)
		return;
	setsid();
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	if (fork() == 0)
		for (;;)
			sleep_ms(1000000);
	_exit(0);
}

static void touch(const char *name, const void *bytes, size_t count)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, bytes, count) != (ssize_t)count)
		dprintf(STDERR_FILENO, "%s: %s\n", name, strerror(errno));
	if (fd >= 0)
		close(fd);
}

int main(int argc, char *argv[])
{
	static char page[65536];
	const char *slash = strrchr(argv[argc - 1], '/');
	char *end;
	long most = strtol(slash ? slash + 1 : argv[argc - 1], &end, 10);
	unsigned number = (unsigned)strtoul(end + 1, NULL, 10);

	if (*end != '.')
		return 9;
	if (most > 0 && !find_place(most))
		touch("exceeded", "x", 1);
	touch("ran", "x", 1);
	if (access("/files", F_OK) == 0)
		touch("/tmp/x", page, sizeof page);
	if (strcmp(argv[0], "rsync") == 0 && number % 3 == 0)
		start_daemon();
	while (read(STDIN_FILENO, page, sizeof page) > 0)
		;
	sleep_ms((long)(number * 2654435761u % SLEEP_MOST_MS));
	return number % 2 ? 7 : 0;
}
