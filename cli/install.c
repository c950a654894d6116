#include "install.h"

#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Fills in the names; false when one is too long. */
static bool name_all(struct installation *place, const char *directory, const char *name)
{
	const char *slash = strcmp(directory, "/") == 0 ? "" : "/";
	char *const out[] = {place->name, place->previous, place->staged, place->passing};
	static const char *const shape[][2] = {
		{"", ""}, {"", ".previous"}, {".", ".staged"}, {".", ".previous.new"},
	};

	for (size_t i = 0; i < sizeof out / sizeof *out; i++)
		if (snprintf(out[i], NAME_MAX + 1, "%s%s%s", shape[i][0], name, shape[i][1]) > NAME_MAX)
			return false;
	return snprintf(place->path, POLICY_PATH_MAX, "%s%s%s", directory, slash, name) <
		       POLICY_PATH_MAX &&
	       snprintf(place->staged_path, POLICY_PATH_MAX, "%s%s%s", directory, slash,
			place->staged) < POLICY_PATH_MAX;
}

const char *install_open(const char *target, struct installation *place)
{
	char directory[PATH_MAX], given[PATH_MAX];
	const char *slash = strrchr(target, '/'), *name = slash ? slash + 1 : target;
	int n = snprintf(given, sizeof given, "%.*s", slash ? (int)(slash - target) + 1 : 1,
			 slash ? target : ".");

	place->directory = -1;
	errno = ENAMETOOLONG;
	if (n >= (int)sizeof given)
		return "the target's name is too long";
	if (!realpath(given, directory))
		return "the target's directory cannot be found";
	errno = EINVAL;
	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    !name_all(place, directory, name))
		return "not a name for a policy";
	place->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->directory < 0)
		return "the target's directory cannot be opened";
	if (flock(place->directory, LOCK_EX | LOCK_NB) == 0)
		return NULL;
	int error = errno;
	close(place->directory); /* without the lock nothing in it is ours to sweep */
	place->directory = -1;
	errno = error;
	return error == EWOULDBLOCK ? "another apply is at work on this directory"
				    : "the target's directory cannot be locked";
}

/* What a killed run left; nobody else may be at it, for the directory is locked. */
static void sweep(struct installation *place)
{
	unlinkat(place->directory, place->staged, 0);
	unlinkat(place->directory, place->passing, 0);
}

const char *install_stage(struct installation *place, const char *text, size_t length)
{
	sweep(place);
	int fd = openat(place->directory, place->staged,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return "no file can be made beside the target";
	/* The gate reads the policy as the account. */
	bool good = write_all(fd, text, length) && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
	good &= close(fd) == 0;
	return good ? NULL : "the candidate cannot be written beside the target";
}

/* NAME gets a second name, which then becomes NAME.previous: NAME itself is never absent. */
static const char *keep_previous(struct installation *place)
{
	int dir = place->directory;

	if (linkat(dir, place->name, dir, place->passing, 0) != 0)
		return errno == ENOENT ? NULL : "the present policy cannot be kept";
	if (renameat(dir, place->passing, dir, place->previous) != 0)
		return "the present policy cannot be kept";
	/* rename(2) does nothing, and says nothing, where both already name one file. */
	unlinkat(dir, place->passing, 0);
	return fsync(dir) == 0 ? NULL : "the directory cannot be written to the disk";
}

const char *install_commit(struct installation *place)
{
	int dir = place->directory;
	const char *reason = keep_previous(place);

	if (reason)
		return reason;
	if (renameat(dir, place->staged, dir, place->name) != 0)
		return "the policy cannot be put in place";
	return fsync(dir) == 0 ? NULL : "the directory cannot be written to the disk";
}

/* Where the file system cannot exchange names, the previous one is staged and committed. */
static const char *swap_by_links(struct installation *place)
{
	int dir = place->directory;

	sweep(place);
	if (linkat(dir, place->previous, dir, place->staged, 0) != 0)
		return "the previous policy cannot be staged";
	return install_commit(place);
}

const char *install_swap(struct installation *place)
{
	int dir = place->directory;

	if (renameat2(dir, place->name, dir, place->previous, RENAME_EXCHANGE) != 0)
		return swap_by_links(place);
	return fsync(dir) == 0 ? NULL : "the directory cannot be written to the disk";
}

const char *install_revert(struct installation *place, bool had_previous)
{
	int dir = place->directory;

	if (had_previous ? renameat(dir, place->previous, dir, place->name) != 0
			 : unlinkat(dir, place->name, 0) != 0)
		return "the policy before it cannot be put back";
	return fsync(dir) == 0 ? NULL : "the directory cannot be written to the disk";
}

void install_close(struct installation *place)
{
	if (place->directory < 0)
		return;
	sweep(place);
	close(place->directory);
	place->directory = -1;
}
