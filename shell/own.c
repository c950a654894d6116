#include "own.h"

#include "sandbox/sandbox.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * By inode: under another name, or by a link, it is the gate all the same. False too where that cannot be told: only a
 * shell that is known to be another one makes a policy of the account's own acceptable, and one that cannot be looked
 * at could not have started this session either.
 */
static bool shell_is_another(const char *shell)
{
	struct stat gate, theirs;

	/* an empty field is sh, to sshd as to login(1) */
	return stat("/proc/self/exe", &gate) == 0 && stat(*shell ? shell : "/bin/sh", &theirs) == 0 &&
	       (theirs.st_dev != gate.st_dev || theirs.st_ino != gate.st_ino);
}

/* Cuts the last component off. */
static bool to_directory(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return false;
	slash[slash == path] = '\0';
	return true;
}

const char *own_policy(const struct who *who, const struct call *call, struct own *own)
{
	ssize_t n = readlink("/proc/self/exe", own->gate, sizeof own->gate - 1);
	size_t length = strlen(call->policy);

	if (sandbox_is_privileged())
		return "--policy: this gate has capabilities; its policy is the system's";
	if (!shell_is_another(who->shell))
		return "--policy: the account's login shell is the gate, or cannot be looked at; "
		       "its policy is the system's";
	if (n <= 0 || length >= sizeof own->policy)
		return "--policy: the gate cannot tell where it lies, or the path is too long";
	own->gate[n] = '\0';
	memcpy(own->policy, call->policy, length + 1);
	if (!to_directory(own->gate) || !to_directory(own->policy))
		return "--policy: not an absolute path";
	return NULL;
}
