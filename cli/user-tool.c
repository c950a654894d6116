#include "user-tool.h"

#include "capture.h"
#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Signals as a program expects them, though we hold ours back; and a group of its own. */
static void set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setflags(attributes,
				 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

static pid_t start(const struct user_tool *tool, const char *const argv[], int in, int err)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", locale[] = "LC_ALL=C";
	char *const environment[] = {path, locale, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	const char *program = capture_find(argv[0]);
	pid_t pid = -1;

	if (!program || posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (posix_spawnattr_init(&attributes) == 0) {
		set_attributes(&attributes);
		posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
		posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
		posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
		if (tool->lock >= 0)
			posix_spawn_file_actions_adddup2(&actions, tool->lock, tool->lock);
		/* posix_spawn() wants char *; it does not write to them */
		if (posix_spawn(&pid, program, &actions, &attributes, (char *const *)(size_t)argv, environment) != 0)
			pid = -1;
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

/* Its lines as one: the first has often more to say than the last. */
static void read_said(int err, char said[USER_TOOL_SAID])
{
	ssize_t n = pread(err, said, USER_TOOL_SAID - 1, 0);
	size_t length = n > 0 ? (size_t)n : 0;

	while (length > 0 && said[length - 1] == '\n')
		length--;
	said[length] = '\0';
	for (char *at = said; (at = strchr(at, '\n'));)
		*at = ';';
}

bool user_tool_run(struct user_tool *tool, const char *const argv[], const char *input)
{
	int in = memfd_create("input", MFD_CLOEXEC), err = memfd_create("stderr", MFD_CLOEXEC), status = -1;
	size_t length = input ? strlen(input) : 0;
	bool ready = in >= 0 && err >= 0 && write_all(in, input ? input : "", length) &&
		     lseek(in, 0, SEEK_SET) == 0;
	pid_t pid = ready ? start(tool, argv, in, err) : -1;

	snprintf(tool->said, sizeof tool->said, "%s cannot be run: is it installed?", argv[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid > 0)
		read_said(err, tool->said);
	if (pid > 0 && !tool->said[0])
		snprintf(tool->said, sizeof tool->said, "%s: status %d", argv[0],
			 WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	if (in >= 0)
		close(in);
	if (err >= 0)
		close(err);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
