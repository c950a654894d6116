/*
 * docroot-put - one item in a docroot: what state it is in, and how it gets there.
 *
 * The docroot may be in use, and an account's own directories lie in it: every name is opened beneath the docroot's
 * descriptor, through no link and through root's directories alone.
 */
#include "docroot.h"

#include "write.h"

#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CHUNK = 65536, DIRECTORY = 0755 };

static int open_beneath(int dir, const char *name, int flags)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};

	return (int)syscall(SYS_openat2, dir, name, &how, sizeof how);
}

static bool is_roots(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* The directory that holds path, and path's last part. -1: errno is ENOENT, or why the way is blocked. */
static int open_parent(int docroot, const char *path, bool make, const char **name)
{
	char part[PATH_MAX];
	int dir = dup(docroot);

	*name = strrchr(path, '/') + 1;
	for (const char *at = path + 1; dir >= 0 && at < *name; at = strchr(at, '/') + 1) {
		snprintf(part, sizeof part, "%.*s", (int)strcspn(at, "/"), at);
		if (make && mkdirat(dir, part, DIRECTORY) != 0 && errno != EEXIST) {
			close(dir);
			return -1;
		}
		int next = open_beneath(dir, part, O_RDONLY | O_DIRECTORY);
		int error = errno;
		close(dir);
		dir = next;
		errno = error;
		if (dir >= 0 && !is_roots(dir)) {
			close(dir);
			errno = EPERM;
			return -1;
		}
	}
	return dir;
}

static int open_last(const struct jail *jail, struct docroot_report *report)
{
	size_t length = strlen(jail->path);
	struct sandbox_fault fault;

	for (size_t i = 0; i <= length; i++) {
		bool ends = i == 0 || jail->path[i] == '/' || jail->path[i] == '\0';

		if (ends && !sandbox_chroot_component(jail->path, i ? i : 1, &fault)) {
			report_find(report, DOCROOT_WAY, "%s \"%s\"%s%s", fault.reason, fault.place,
				     fault.error ? ": " : "", fault.error ? strerror(fault.error) : "");
			return -1;
		}
	}
	int docroot = open(jail->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (docroot < 0)
		report_find(report, DOCROOT_WAY, "the docroot cannot be opened: %s", strerror(errno));
	return docroot;
}

/* One account: its group may enter, others may not. Several: all may pass, and none can list who is there. */
static bool make_docroot(const struct jail *jail)
{
	bool alone = jail->tenants_count == 1;

	return mkdir(jail->path, 0700) == 0 && chown(jail->path, 0, alone ? jail->tenants[0].gid : 0) == 0 &&
	       chmod(jail->path, alone ? 0750 : 0711) == 0;
}

int put_open(const struct jail *jail, bool make, struct docroot_report *report)
{
	struct stat st;

	if (make && lstat(jail->path, &st) != 0 && errno == ENOENT && make_docroot(jail))
		printf("  made      the docroot\n");
	return open_last(jail, report);
}

/* Whether two files, or a file and a text, have the same bytes. */
static bool same_bytes(int fd, int host, const char *text)
{
	static char a[CHUNK], b[CHUNK];
	size_t length = text ? strlen(text) : 0;
	ssize_t n, m;

	if (text) {
		n = read(fd, a, sizeof a);
		return n == (ssize_t)length && memcmp(a, text, length) == 0;
	}
	while ((n = read(fd, a, sizeof a)) > 0) {
		m = pread(host, b, (size_t)n, lseek(fd, 0, SEEK_CUR) - n);
		if (m != n || memcmp(a, b, (size_t)n) != 0)
			return false;
	}
	return n == 0 && pread(host, b, 1, lseek(fd, 0, SEEK_CUR)) == 0;
}

static enum item_state state_of_file(int dir, const char *name, const struct item *item)
{
	struct stat st;
	enum item_state state = STATE_STALE;
	int fd = open_beneath(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	int host = item->kind == ITEM_COPY ? open(item->path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		state = errno == ENOENT ? STATE_ABSENT : STATE_BLOCKED;
	else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		state = STATE_BLOCKED;
	else if (st.st_uid == 0 && (st.st_mode & 07777) == item->mode &&
		 (host >= 0 || item->text) && same_bytes(fd, host, item->text))
		state = STATE_SAME;
	if (fd >= 0)
		close(fd);
	if (host >= 0)
		close(host);
	return state;
}

static enum item_state state_of_node(const struct stat *st, const struct item *item)
{
	if (!S_ISCHR(st->st_mode))
		return STATE_BLOCKED;
	return st->st_rdev == item->device && (st->st_mode & 07777) == item->mode && st->st_uid == 0
		       ? STATE_SAME
		       : STATE_STALE;
}

enum item_state put_state(int docroot, const struct item *item)
{
	enum item_state state = STATE_BLOCKED;
	const char *name;
	struct stat st;
	int dir = open_parent(docroot, item->path, false, &name);

	if (dir < 0)
		return errno == ENOENT ? STATE_ABSENT : STATE_BLOCKED;
	if (item->kind == ITEM_COPY || item->kind == ITEM_TEXT)
		state = state_of_file(dir, name, item);
	else if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		state = errno == ENOENT ? STATE_ABSENT : STATE_BLOCKED;
	else if (item->kind == ITEM_NODE)
		state = state_of_node(&st, item);
	else
		state = S_ISDIR(st.st_mode) ? STATE_SAME : STATE_BLOCKED;
	close(dir);
	return state;
}

static bool copy_host(int to, const char *path)
{
	static char buffer[CHUNK];
	int from = open(path, O_RDONLY | O_CLOEXEC);
	bool good = from >= 0;
	ssize_t n = 0;

	while (good && (n = read(from, buffer, sizeof buffer)) > 0)
		good = write_all(to, buffer, (size_t)n);
	if (from >= 0)
		close(from);
	return good && n == 0;
}

static bool stage_file(int dir, const char *name, const struct item *item)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool good = fd >= 0 && (item->text ? write_all(fd, item->text, strlen(item->text))
					   : copy_host(fd, item->path));

	good = good && fchown(fd, 0, 0) == 0 && fchmod(fd, item->mode) == 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

static bool stage_node(int dir, const char *name, const struct item *item)
{
	return mknodat(dir, name, S_IFCHR | item->mode, item->device) == 0 &&
	       fchmodat(dir, name, item->mode, 0) == 0;
}

static bool stage_data(int dir, const char *name, const struct item *item)
{
	int fd = mkdirat(dir, name, 0700) == 0 ? open_beneath(dir, name, O_RDONLY | O_DIRECTORY) : -1;
	bool good = fd >= 0 && fchown(fd, item->owner, item->group) == 0 && fchmod(fd, item->mode) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

static bool (*const stage[])(int dir, const char *name, const struct item *item) = {
	[ITEM_COPY] = stage_file,
	[ITEM_TEXT] = stage_file,
	[ITEM_NODE] = stage_node,
	[ITEM_DATA] = stage_data,
};

bool put_item(int docroot, const struct item *item)
{
	char staged[NAME_MAX + 1];
	const char *name;
	int dir = open_parent(docroot, item->path, true, &name);

	if (dir < 0)
		return false;
	/* Root's directory: what has this name was left by one of us that was interrupted. */
	int n = snprintf(staged, sizeof staged, ".%s.staged", name);
	bool good = n > 0 && n < (int)sizeof staged;
	if (good && unlinkat(dir, staged, item->kind == ITEM_DATA ? AT_REMOVEDIR : 0) != 0)
		good = errno == ENOENT;
	good = good && stage[item->kind](dir, staged, item) && renameat(dir, staged, dir, name) == 0;
	int error = errno;
	if (!good)
		unlinkat(dir, staged, item->kind == ITEM_DATA ? AT_REMOVEDIR : 0);
	close(dir);
	errno = error;
	return good;
}
