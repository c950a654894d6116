#include "who.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char getent[] = "/usr/bin/getent";

struct getent {
	FILE *answer;
	pid_t pid;
};

/*
 * Accounts that are not in the files: getent(1), where name service modules may do as they like in a
 * process that holds nothing. It is executed without capabilities (it has none of its own) and with an
 * empty environment. key is a number. False, with errno: it cannot be asked; else end_getent() follows.
 */
static bool ask_getent(const char *database, const char *key, struct getent *asked)
{
	char *const argv[] = {(char *)(uintptr_t)getent, (char *)(uintptr_t)database,
			      (char *)(uintptr_t)key, NULL}; /* execve(2) writes to none of them */
	char *const empty[] = {NULL};
	int ends[2];

	if (pipe(ends) != 0)
		return false;
	pid_t pid = vfork();
	if (pid == 0) {
		/* The client's are 1 and 2: what getent has to say is not for it (I6). */
		int quiet = open("/dev/null", O_WRONLY);
		if (dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO && dup2(quiet, STDERR_FILENO) == STDERR_FILENO) {
			close(ends[0]);
			close(ends[1]);
			execve(getent, argv, empty);
		}
		_exit(127);
	}
	close(ends[1]);
	*asked = (struct getent){pid > 0 ? fdopen(ends[0], "r") : NULL, pid};
	if (!asked->answer)
		close(ends[0]);
	return asked->answer;
}

/* Whether it has answered, if only that there is none. Other children may be somebody else's, from before our exec. */
static bool end_getent(struct getent *asked)
{
	enum { NOT_FOUND = 2 };
	int status;
	pid_t ended;

	fclose(asked->answer);
	while ((ended = waitpid(asked->pid, &status, 0)) < 0 && errno == EINTR)
		;
	if (ended < 0) /* who started us ignores SIGCHLD */
		return true;
	return WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == NOT_FOUND);
}

static bool keep(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	if (length >= size)
		return false;
	memcpy(to, from, length + 1);
	return true;
}

/* The third field of a line of passwd(5) or group(5). */
static bool has_number(const char *line, unsigned id)
{
	const char *password = strchr(line, ':'), *number = password ? strchr(password + 1, ':') : NULL;
	char *end;

	if (!number || number[1] < '0' || number[1] > '9')
		return false;
	return strtoul(number + 1, &end, 10) == id && *end == ':';
}

enum { NAME, PASSWORD, UID, GID, GECOS, HOME, SHELL, FIELDS };

/* Splits a passwd(5) line in place; fields that are missing are NULL. */
static void split_entry(char *line, char *field[FIELDS])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < FIELDS; i++)
		field[i] = strsep(&line, ":");
}

/* Looks through passwd(5) lines. NULL, "" when it is not there, or a reason. */
static const char *find_account(FILE *file, struct who *who)
{
	char *line = NULL, *field[FIELDS];
	size_t room = 0;
	const char *reason = "";

	while (getline(&line, &room, file) > 0) {
		if (!has_number(line, who->uid))
			continue;
		split_entry(line, field);
		if (!field[SHELL])
			continue;
		bool kept = keep(who->user, sizeof who->user, field[NAME]) &&
			    keep(who->home, sizeof who->home, field[HOME]) &&
			    keep(who->shell, sizeof who->shell, field[SHELL]);
		reason = kept ? NULL : "the account's passwd entry is too long";
		break;
	}
	free(line);
	return reason;
}

/* Not fopen(), which in musl sets close-on-exec by a call of its own. */
static FILE *open_file(const char *path)
{
	int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

/* As find_account(), of accounts that are in no file. */
static const char *ask_account(struct who *who, bool *system)
{
	struct getent asked;
	char uid[16];

	snprintf(uid, sizeof uid, "%u", who->uid);
	*system = !ask_getent("passwd", uid, &asked);
	const char *reason = *system ? "" : find_account(asked.answer, who);
	if (!*system && !end_getent(&asked) && reason) {
		*system = true;
		errno = 0;
	}
	return *system ? "getent cannot be asked for the account" : reason;
}

const char *who_ask(struct who *who, bool *system)
{
	*system = false;
	*who = (struct who){.uid = getuid(), .gid = getgid()};
	if (who->uid == 0)
		return "root is not a transfer account";
	if (who->uid != geteuid() || who->gid != getegid())
		return "the gate must not be setuid or setgid";
	FILE *file = open_file("/etc/passwd");
	*system = !file && errno != ENOENT;
	if (*system)
		return "/etc/passwd cannot be opened";
	const char *reason = file ? find_account(file, who) : "";
	if (file)
		fclose(file);
	if (reason && !*reason)
		reason = ask_account(who, system);
	return reason && !*reason ? "no account has this uid" : reason;
}

/* The name of a group, allocated, or NULL. Only name and gid of a line are read, however many members it has. */
static char *find_group(FILE *file, gid_t gid)
{
	char *line = NULL, *name = NULL;
	size_t size = 0;

	while (!name && getline(&line, &size, file) > 0)
		if (has_number(line, gid))
			name = strndup(line, strcspn(line, ":"));
	free(line);
	return name;
}

static char *name_group(gid_t gid)
{
	struct getent asked;
	char number[16];
	FILE *file = open_file("/etc/group");
	char *name = file ? find_group(file, gid) : NULL;

	if (file)
		fclose(file);
	if (name)
		return name;
	snprintf(number, sizeof number, "%u", gid);
	if (!ask_getent("group", number, &asked))
		return NULL;
	name = find_group(asked.answer, gid);
	end_getent(&asked);
	return name;
}

const char *who_groups(struct who *who)
{
	gid_t gids[POLICY_GROUPS_MAX + 1];
	int count = getgroups(POLICY_GROUPS_MAX, gids);

	if (count < 0)
		return "the account is in more groups than can be read";
	gids[count++] = who->gid;
	for (int i = 0; i < count; i++) {
		/* A group that cannot be named may be one that a section narrows. */
		who->groups[i] = name_group(gids[i]);
		if (!who->groups[i])
			return "a group of the account has no name, and the policy has [group] sections";
	}
	who->groups[count] = NULL;
	return NULL;
}
