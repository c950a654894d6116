#include "replace.h"

#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { OTHERS = S_IWGRP | S_IWOTH, MODE = 07777, NEW_MODE = 0644, XATTRS_MAX = 64 * 1024, TRIES = 100 };

static const char swappable[] = "another account could swap it: what is above it must be root's or yours alone";

/* ---- the way to it ---- */

/* Whether nobody but root and the caller can put something else in its place, or write it. */
static bool is_ours(const struct stat *status)
{
	bool owned = status->st_uid == 0 || status->st_uid == geteuid();
	bool sticky = S_ISDIR(status->st_mode) && status->st_mode & S_ISVTX;

	return owned && (!(status->st_mode & OTHERS) || sticky);
}

/* Opens a directory, component by component; path is absolute and without links. -1 and a reason. */
static int walk(const char *path, const char **reason)
{
	char part[NAME_MAX + 1];
	struct stat status;
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	*reason = "its directory cannot be opened";
	while (fd >= 0) {
		path += strspn(path, "/");
		size_t length = strcspn(path, "/");

		if (fstat(fd, &status) != 0 || !is_ours(&status)) {
			*reason = swappable;
			errno = 0;
			break;
		}
		if (length == 0)
			return fd;
		if (length > NAME_MAX)
			break;
		memcpy(part, path, length);
		part[length] = '\0';
		path += length;
		int next = openat(fd, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(fd);
		fd = next;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static const char *open_directory(const char *path, struct replace *r)
{
	char given[PATH_MAX], real[PATH_MAX];
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *reason;
	int n = snprintf(given, sizeof given, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");

	errno = EINVAL;
	if (n >= (int)sizeof given || !*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    snprintf(r->name, sizeof r->name, "%s", name) >= (int)sizeof r->name ||
	    snprintf(r->staged, sizeof r->staged, ".%s.sallyport-new", name) >= (int)sizeof r->staged)
		return "not a name for a file of keys";
	if (!realpath(given, real))
		return "its directory cannot be found";
	int fd = walk(real, &reason);
	if (fd < 0)
		return reason;
	r->directory = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(fd);
	return r->directory < 0 ? "its directory cannot be opened" : NULL;
}

static const char *open_file(struct replace *r)
{
	r->old = openat(r->directory, r->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (r->old < 0)
		return errno == ENOENT ? NULL : errno == ELOOP ? "a symbolic link" : "cannot be opened";
	if (fstat(r->old, &r->status) != 0)
		return "cannot be looked at";
	errno = 0;
	if (!S_ISREG(r->status.st_mode))
		return "not a regular file";
	return is_ours(&r->status) ? NULL : swappable;
}

const char *replace_open(const char *path, struct replace *r)
{
	*r = (struct replace){.directory = -1, .old = -1, .new_mode = NEW_MODE};
	const char *reason = open_directory(path, r);

	if (!reason)
		reason = open_file(r);
	if (!reason && flock(r->directory, LOCK_EX | LOCK_NB) != 0)
		reason = errno == EWOULDBLOCK ? "another one is at work on this directory"
					      : "its directory cannot be locked";
	if (!reason)
		return NULL;
	int error = errno;
	if (r->directory >= 0)
		close(r->directory); /* without the lock nothing in it is ours to remove */
	r->directory = -1;
	replace_close(r);
	errno = error;
	return reason;
}

/* ---- staging ---- */

/* The room's own: cli/ has another, which a leaf cannot call, and text/ takes nothing that writes. */
static bool write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		length -= (size_t)n;
	}
	return true;
}

/* ACLs, SELinux labels and whatever else hangs on the file. */
static bool copy_attributes(int from, int to)
{
	char names[XATTRS_MAX], value[XATTRS_MAX], now[XATTRS_MAX];
	ssize_t all = flistxattr(from, names, sizeof names);

	if (all < 0)
		return errno == ENOTSUP;
	for (const char *name = names; name < names + all; name += strlen(name) + 1) {
		ssize_t length = fgetxattr(from, name, value, sizeof value);

		if (length < 0)
			return false;
		/* A label that is right already need not be set, which takes rights of its own. */
		if (fgetxattr(to, name, now, sizeof now) == length && memcmp(now, value, (size_t)length) == 0)
			continue;
		if (fsetxattr(to, name, value, (size_t)length, 0) != 0)
			return false;
	}
	return true;
}

static bool copy_owner(const struct stat *old, int to)
{
	struct stat new;

	if (fstat(to, &new) != 0)
		return false;
	if (new.st_uid == old->st_uid && new.st_gid == old->st_gid)
		return true;
	return fchown(to, old->st_uid, old->st_gid) == 0;
}

const char *replace_begin(struct replace *r, int *fd)
{
	unlinkat(r->directory, r->staged, 0); /* of a run that was killed */
	*fd = openat(r->directory, r->staged, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return *fd < 0 ? "no file can be made beside it" : NULL;
}

/* The mode after the owner, which may clear bits; the attributes after the mode, which is part of an ACL. */
static const char *finish(const struct replace *r, int fd)
{
	bool kept = r->old >= 0 && !r->keep_none;

	if (kept && !copy_owner(&r->status, fd))
		return "its owner and group cannot be kept";
	if (fchmod(fd, kept ? r->status.st_mode & MODE : r->new_mode) != 0)
		return "its mode cannot be kept";
	if (kept && !copy_attributes(r->old, fd))
		return "its ACL or label cannot be kept";
	return fsync(fd) == 0 ? NULL : "the new contents cannot be written to the disk";
}

const char *replace_end(struct replace *r, int fd)
{
	const char *reason = finish(r, fd);
	int error = errno;

	if (close(fd) != 0 && !reason) {
		error = errno;
		reason = "the new contents cannot be written to the disk";
	}
	errno = error;
	return reason;
}

const char *replace_stage(struct replace *r, const char *text, size_t length)
{
	int fd;
	const char *reason = replace_begin(r, &fd);

	if (reason)
		return reason;
	if (write_all(fd, text, length))
		return replace_end(r, fd);
	int error = errno;
	close(fd);
	errno = error;
	return "the new contents cannot be written";
}

/* ---- putting it in place ---- */

static bool name_backup(struct replace *r, const char *stamp, int try)
{
	char more[16] = "";

	if (try > 0)
		snprintf(more, sizeof more, "-%d", try);
	return snprintf(r->backup, sizeof r->backup, ".%s.before-%s%s", r->name, stamp, more) <
	       (int)sizeof r->backup;
}

/* The old file gets a second name; a leading dot, so that it is nobody's where files are named after accounts. */
static const char *keep_old(struct replace *r)
{
	char stamp[32];
	struct tm utc;
	time_t now = time(NULL);

	gmtime_r(&now, &utc);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
	for (int try = 0; try < TRIES && name_backup(r, stamp, try); try++) {
		if (linkat(r->directory, r->name, r->directory, r->backup, 0) == 0)
			return NULL;
		if (errno != EEXIST)
			break;
	}
	r->backup[0] = '\0';
	return "the old file cannot be kept beside it";
}

const char *replace_commit(struct replace *r)
{
	struct stat now;
	bool there = fstatat(r->directory, r->name, &now, AT_SYMLINK_NOFOLLOW) == 0;

	errno = 0;
	if (there != (r->old >= 0) || (there && !keyfile_same(&r->status, &now)))
		return "changed meanwhile; nothing was written";
	const char *reason = there && !r->keep_none ? keep_old(r) : NULL;
	if (reason)
		return reason;
	if (renameat(r->directory, r->staged, r->directory, r->name) != 0)
		return "the new file cannot be put in place";
	return fsync(r->directory) == 0 ? NULL : "its directory cannot be written to the disk";
}

void replace_close(struct replace *r)
{
	int error = errno;

	if (r->old >= 0)
		close(r->old);
	if (r->directory >= 0) {
		unlinkat(r->directory, r->staged, 0);
		close(r->directory);
	}
	r->old = r->directory = -1;
	errno = error;
}
