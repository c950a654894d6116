/*
 * docroot-libraries - what a program's loader maps, by asking that loader: `ld.so --list PROGRAM`.
 *
 * Not a walk over DT_NEEDED of our own: which file answers to a name is settled by RUNPATH and its $ORIGIN, by the
 * cache, by directories for this processor, and by who asked first; the loader of the host knows, and with any other
 * answer the docroot would be filled with other files than the session looks for. Listing maps the files and runs
 * nothing of the program's. It is done as root; so only for a loader and a program that root alone can change, with an
 * empty environment.
 */
#include "docroot.h"

#include "sandbox/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_roots(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

const char *libraries_trust(const char *path)
{
	char real[PATH_MAX], part[PATH_MAX];

	if (!realpath(path, real))
		return errno == ENOENT ? "it is not installed" : "it cannot be reached";
	for (const char *slash = real; slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof part, "%.*s", slash == real ? 1 : (int)(slash - real), real);
		if (!is_roots(part))
			return "it, or a directory above it, is not root's alone";
	}
	return is_roots(real) ? NULL : "it, or a directory above it, is not root's alone";
}

/* The loader's answer, to be closed by end_list(). NULL: errno. */
static FILE *begin_list(const char *loader, const char *program, pid_t *pid)
{
	char *const argv[] = {strdup(loader), strdup("--list"), strdup(program), NULL};
	char *const empty[] = {NULL};
	int ends[2] = {-1, -1};

	*pid = argv[0] && argv[1] && argv[2] && pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
	if (*pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0 ||
		    dup2(ends[1], STDOUT_FILENO) < 0 || chdir("/") != 0)
			_exit(126);
		execve(loader, argv, empty);
		_exit(127);
	}
	for (size_t i = 0; i < 3; i++)
		free(argv[i]);
	if (ends[1] >= 0)
		close(ends[1]);
	FILE *answer = *pid > 0 ? fdopen(ends[0], "r") : NULL;
	if (!answer && ends[0] >= 0)
		close(ends[0]);
	return answer;
}

static bool end_list(FILE *answer, pid_t pid)
{
	int status = -1;

	if (answer)
		fclose(answer);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* "\tlibz.so.1 => /lib/libz.so.1 (0x…)" or "\t/lib64/ld-linux-x86-64.so.2 (0x…)"; the kernel's own has no path. */
static const char *read_line(char *line, struct items *items)
{
	char *arrow = strstr(line, " => ");
	char *path = arrow ? arrow + 4 : line + strspn(line, " \t");
	char *end = strstr(path, " (0x");
	const char *reason;

	if (strncmp(path, "not found", 9) == 0)
		return "a library that it needs is not installed";
	if (path[0] != '/' || !end)
		return NULL;
	*end = '\0';
	if ((reason = libraries_trust(path)))
		return reason;
	if (!items_add(items, ITEM_COPY, path))
		return "no memory";
	return NULL;
}

static const char *list(const char *loader, const char *program, struct items *items)
{
	char *line = NULL;
	size_t size = 0;
	pid_t pid;
	const char *reason = NULL;
	FILE *answer = begin_list(loader, program, &pid);

	while (answer && !reason && getline(&line, &size, answer) > 0)
		reason = read_line(line, items);
	free(line);
	if (!end_list(answer, pid) && !reason)
		reason = "its loader does not say what it needs";
	return reason;
}

const char *libraries_add(const char *program, struct items *items)
{
	struct program_files files;
	struct stat st;
	const char *reason = libraries_trust(program);

	if (reason)
		return reason;
	if (stat(program, &st) == 0 && S_ISDIR(st.st_mode))
		return "it runs from a directory tree, which is not copied";
	if (strncmp(program, "/opt/", 5) == 0)
		return "it belongs to a package of /opt, whose other files cannot be told";
	if (!program_find(program, &files))
		return "it is neither an ELF file for this machine nor a script";
	if (files.count > 2 || (files.count == 2 && strstr(files.path[1], "ld-") == NULL &&
				strstr(files.path[1], "ld.so") == NULL))
		return "it is a script: what its interpreter loads cannot be told";
	if (!items_add(items, ITEM_COPY, program))
		return "no memory";
	if (files.count == 1)
		return NULL; /* static */
	const char *loader = files.path[1];
	if ((reason = libraries_trust(loader)))
		return reason;
	if (!items_add(items, ITEM_COPY, loader))
		return "no memory";
	return list(loader, program, items);
}
