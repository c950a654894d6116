#include "become.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

bool become_user(const char *user)
{
	const struct passwd *entry = getpwnam(user);

	return entry && initgroups(entry->pw_name, entry->pw_gid) == 0 &&
	       setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) == 0 &&
	       setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) == 0;
}

int become_ask(const char *user, int (*work)(void *context), void *context)
{
	enum { NOT_ASKED = 127 };
	int status;

	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		_exit(geteuid() != 0 || become_user(user) ? work(context) : NOT_ASKED);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) != NOT_ASKED ? WEXITSTATUS(status) : -1;
}
