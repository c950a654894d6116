/*
 * fault-facts - what the kernel says of a process as it starts, told by /proc from outside: the same in each session, or
 * one is confined otherwise.
 */
#define _GNU_SOURCE
#include "fault.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

size_t facts_append(char *to, size_t used, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;

	while (fd >= 0 && used + 1 < TEXT_SIZE && (n = read(fd, to + used, TEXT_SIZE - 1 - used)) > 0)
		used += (size_t)n;
	if (fd >= 0)
		close(fd);
	to[used] = '\0';
	return used;
}

/* The lines of /proc/PID/status that say how it is confined. */
static bool counts(const char *line)
{
	static const char *const kept[] = {"Umask:", "Uid:", "Gid:", "Groups:", "Cap", "NoNewPrivs:", "Seccomp",
					   "SigBlk:", "SigIgn:", "SigCgt:"};

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (strncmp(line, kept[i], strlen(kept[i])) == 0)
			return true;
	return false;
}

/* Number, parent and device of a mount differ between sessions; where and how it is does not. The host's are no facts. */
static void note_mounts(pid_t pid, char *facts, size_t used)
{
	static char mounts[TEXT_SIZE];
	char path[64], *rest = mounts;
	struct stat ours, its, root;

	snprintf(path, sizeof path, "/proc/%d/root", pid);
	if (stat(path, &root) == 0)
		used += (size_t)snprintf(facts + used, TEXT_SIZE - used, "root %lu\n", (unsigned long)root.st_ino);
	snprintf(path, sizeof path, "/proc/%d/ns/mnt", pid);
	if (stat(path, &its) != 0 || stat("/proc/self/ns/mnt", &ours) != 0 || its.st_ino == ours.st_ino) {
		snprintf(facts + used, TEXT_SIZE - used, "mounts of the host\n");
		return;
	}
	snprintf(path, sizeof path, "/proc/%d/mountinfo", pid);
	facts_append(mounts, 0, path);
	for (char *line; (line = strsep(&rest, "\n"));) {
		char at[512], how[512];
		if (sscanf(line, "%*s %*s %*s %*s %511s %511s", at, how) == 2 && used < TEXT_SIZE)
			used += (size_t)snprintf(facts + used, TEXT_SIZE - used, "mount %s %s\n", at, how);
	}
}

void facts_note(pid_t pid, char *facts)
{
	static char status[TEXT_SIZE];
	char path[64], *rest = status;
	size_t used = 0;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	facts_append(status, 0, path);
	for (char *line; (line = strsep(&rest, "\n"));)
		if (counts(line))
			used += (size_t)snprintf(facts + used, TEXT_SIZE - used, "%s\n", line);
	snprintf(path, sizeof path, "/proc/%d/limits", pid);
	used = facts_append(facts, used, path);
	snprintf(path, sizeof path, "/proc/%d/personality", pid);
	used = facts_append(facts, used, path);
	used += (size_t)snprintf(facts + used, TEXT_SIZE - used, "session %s\n", getsid(pid) == pid ? "its own" : "the gate's");
	note_mounts(pid, facts, used);
}
