#include "become.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

bool become_user(const char *user)
{
	const struct passwd *entry = getpwnam(user);

	return entry && initgroups(entry->pw_name, entry->pw_gid) == 0 &&
	       setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) == 0 &&
	       setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) == 0;
}

static gid_t *groups; /* root's own; NULL while we are who we were */
static int groups_count;

static bool keep_groups(void)
{
	groups_count = getgroups(0, NULL);
	groups = groups_count >= 0 ? reallocarray(NULL, (size_t)groups_count + 1, sizeof *groups) : NULL;
	return groups && getgroups(groups_count, groups) == groups_count;
}

bool become_for_now(const struct account *account)
{
	if (geteuid() != 0)
		return true;
	if (!keep_groups() || setgroups(account->gids_count, account->gids) != 0) {
		free(groups);
		groups = NULL;
		return false;
	}
	if (setegid(account->gid) == 0 && seteuid(account->facts.uid) == 0)
		return true;
	int error = errno;
	become_root_again();
	errno = error;
	return false;
}

/* Half an account is nobody to go on as. */
void become_root_again(void)
{
	if (!groups)
		return;
	if (seteuid(0) != 0 || setegid(getgid()) != 0 || setgroups((size_t)groups_count, groups) != 0)
		abort();
	free(groups);
	groups = NULL;
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
