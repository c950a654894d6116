#include "capture.h"

#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

const char *capture_find(const char *name)
{
	static const char *const directories[] = {"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"};
	static char path[PATH_MAX];

	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
		if (snprintf(path, sizeof path, "%s/%s", directories[i], name) < (int)sizeof path &&
		    access(path, X_OK) == 0)
			return path;
	return NULL;
}

bool capture_input(const char *text, size_t length, int number)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	bool good = fd >= 0 && write_all(fd, text, length) && lseek(fd, 0, SEEK_SET) == 0 &&
		    dup2(fd, number) == number;

	if (fd >= 0)
		close(fd);
	return good;
}

/* The child's pid, its stdout in *from; -1: it could not be started. errors is its stderr; -1: dropped. */
static pid_t start(const char *const argv[], int *from, int errors)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const environment[] = {path, NULL};
	posix_spawn_file_actions_t actions;
	int ends[2];
	pid_t pid = -1;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	if (posix_spawn_file_actions_init(&actions) == 0) {
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
		if (errors >= 0)
			posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
		else
			posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
		/* posix_spawn() wants char *; it does not write to them */
		if (posix_spawn(&pid, argv[0], &actions, NULL, (char *const *)(size_t)argv, environment) != 0)
			pid = -1;
		posix_spawn_file_actions_destroy(&actions);
	}
	close(ends[1]);
	*from = ends[0];
	if (pid < 0)
		close(ends[0]);
	return pid;
}

static bool read_all(int fd, char *text)
{
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, text + used, CAPTURE_MAX - used)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		used += (size_t)n;
		if (used == CAPTURE_MAX)
			return false;
	}
	text[used] = '\0';
	return true;
}

static int run(const char *const argv[], char **out, int errors)
{
	int from, status;
	char *text = malloc(CAPTURE_MAX + 1);
	pid_t pid = text ? start(argv, &from, errors) : -1;
	bool whole = false;

	*out = NULL;
	if (pid > 0) {
		whole = read_all(from, text);
		close(from);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		whole = whole && WIFEXITED(status);
	}
	if (whole) {
		/* Many answers are kept at once by some callers. */
		char *fitting = realloc(text, strlen(text) + 1);

		*out = text;
		if (fitting)
			*out = fitting;
		return WEXITSTATUS(status);
	}
	free(text);
	return -1;
}

int capture(const char *const argv[], char **out)
{
	return run(argv, out, -1);
}

int capture_errors(const char *const argv[], char **out, char **errors)
{
	int fd = memfd_create("errors", MFD_CLOEXEC);
	char *text = fd >= 0 ? malloc(CAPTURE_ERRORS_MAX + 1) : NULL;
	int status = text ? run(argv, out, fd) : -1;
	ssize_t n = status >= 0 ? pread(fd, text, CAPTURE_ERRORS_MAX, 0) : -1;

	if (fd >= 0)
		close(fd);
	if (n >= 0) {
		text[n] = '\0';
		*errors = text;
		return status;
	}
	free(text);
	if (status >= 0)
		free(*out);
	*out = *errors = NULL;
	return -1;
}
