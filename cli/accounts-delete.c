/*
 * accounts-delete - takes away a directory and all that lies in it. What is deleted may belong to a hostile account,
 * some of whose processes may live: each directory is opened from the one above it, through no link and into no other
 * file system, and each name is removed from the directory that is open.
 */
#include "accounts.h"

#include "sandbox/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 512 }; /* each level keeps a descriptor open */

struct deletion {
	char *left; /* the first name that stayed, PATH_MAX */
	size_t failed;
};

static void leave(struct deletion *d, const char *name)
{
	if (d->failed++ == 0)
		snprintf(d->left, PATH_MAX, "%s: %s", name, strerror(errno));
}

static int open_inside(int dir, const char *name)
{
	return kernel_openat2(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
			      RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
}

static void empty(struct deletion *d, int dir, unsigned depth);

static void remove_one(struct deletion *d, int dir, const char *name, unsigned depth)
{
	if (unlinkat(dir, name, 0) == 0)
		return;
	if (errno != EISDIR && errno != EPERM) {
		leave(d, name);
		return;
	}
	int inner = open_inside(dir, name);
	if (inner < 0 || depth >= DEPTH_MAX) {
		errno = inner < 0 ? errno : ELOOP;
		leave(d, name);
		if (inner >= 0)
			close(inner);
		return;
	}
	size_t before = d->failed;
	empty(d, inner, depth + 1);
	if (d->failed == before && unlinkat(dir, name, AT_REMOVEDIR) != 0)
		leave(d, name);
}

/* Closes dir. */
static void empty(struct deletion *d, int dir, unsigned depth)
{
	DIR *directory = fdopendir(dir);
	struct dirent *entry;

	if (!directory) {
		leave(d, ".");
		close(dir);
		return;
	}
	while ((entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remove_one(d, dirfd(directory), entry->d_name, depth);
	closedir(directory);
}

bool directory_delete(const char *path, char left[PATH_MAX])
{
	struct deletion d = {.left = left};
	const char *name, *reason;
	int dir = directory_way(path, NULL, &name, &reason);
	int fd = dir >= 0 ? open_inside(dir, name) : -1;

	left[0] = '\0';
	if (fd >= 0)
		empty(&d, fd, 0);
	else if (errno != ENOENT)
		leave(&d, path);
	if (fd >= 0 && d.failed == 0 && unlinkat(dir, name, AT_REMOVEDIR) != 0)
		leave(&d, path);
	if (dir >= 0)
		close(dir);
	return d.failed == 0;
}
