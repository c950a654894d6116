#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

static const char *step = "docroot";

static bool at_fault(struct sandbox_fault *fault, const char *reason, const char *want)
{
	return step_misconfigured(fault, step, reason, want);
}

static int open_directory(const char *path)
{
	return kernel_openat2(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
}

/*
 * Above the docroot nobody but root and the account may be able to swap a component: whoever can, chooses what
 * the account sees. In a sticky directory of root's others cannot.
 */
static bool is_safe_parent(const struct stat *st, uid_t uid)
{
	bool others_write = (st->st_mode & (S_IWGRP | S_IWOTH)) != 0;
	bool sticky = st->st_mode & S_ISVTX && st->st_uid == 0;

	return (st->st_uid == 0 || st->st_uid == uid) && (!others_write || sticky);
}

/* By name, from the top: each is looked up in one that was found safe; in the end open_directory() follows no link. */
static bool look_at(const char *directory, struct stat *st)
{
	if (lstat(directory, st) != 0)
		return false;
	errno = S_ISLNK(st->st_mode) ? ELOOP : ENOTDIR;
	return S_ISDIR(st->st_mode);
}

static bool check_parents(const struct sandbox_view *view, struct sandbox_fault *fault)
{
	char parent[PATH_MAX];
	const char *path = view->docroot;

	for (const char *slash = path; slash; slash = strchr(slash + 1, '/')) {
		struct stat st;
		size_t length = slash == path ? 1 : (size_t)(slash - path);

		memcpy(parent, path, length);
		parent[length] = '\0';
		if (!look_at(parent, &st))
			return at_fault(fault, "a directory above the docroot cannot be reached",
					"make every directory above it searchable for the account; no links");
		errno = 0;
		if (!is_safe_parent(&st, view->uid))
			return at_fault(fault, "bad ownership or modes for a directory above the docroot",
					"owner root or the account, and no write bit for group or others");
	}
	return true;
}

bool docroot_is_same(int a, int b)
{
	struct stat sa, sb;

	return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 && step_is_same_file(&sa, &sb);
}

bool docroot_is_here(int fd)
{
	struct stat there, here;

	return fstat(fd, &there) == 0 && stat(".", &here) == 0 && step_is_same_file(&there, &here);
}

/* Cuts the path to what can be looked at: what is not there yet would be made in that. */
static bool cut_to_existing(char *path, struct stat *st)
{
	while (stat(path, st) != 0) {
		char *slash = strrchr(path, '/');

		if (!slash || !path[1])
			return false;
		slash[slash == path] = '\0';
	}
	return true;
}

/* Whether the directory or one above it is the docroot, by inode, so that no spelling hides it. "" is none. */
static bool holds(const char *path, int docroot)
{
	char up[PATH_MAX];
	struct stat root, here, above;
	size_t length = strlen(path);

	if (path[0] != '/')
		return false;
	if (length >= sizeof up || fstat(docroot, &root) != 0)
		return true; /* it cannot be told */
	memcpy(up, path, length + 1);
	if (!cut_to_existing(up, &here))
		return true;
	length = strlen(up);
	while (!step_is_same_file(&here, &root)) {
		if (length + sizeof "/.." > sizeof up)
			return true; /* too deep to tell */
		memcpy(up + length, "/..", sizeof "/..");
		length += sizeof "/.." - 1;
		if (stat(up, &above) != 0 || step_is_same_file(&above, &here))
			return false;
		here = above;
	}
	return true;
}

/* By its letters: what leads out of the docroot may be a link that the account could replace. */
static bool names_home(const struct sandbox_view *view)
{
	size_t length = strlen(view->docroot);

	return strcmp(view->docroot, "/") == 0 ||
	       (strncmp(view->home, view->docroot, length) == 0 &&
		(view->home[length] == '/' || view->home[length] == '\0'));
}

bool docroot_open(const struct sandbox_view *view, int *fd, struct sandbox_fault *fault)
{
	*fd = -1;
	if (!view->docroot)
		return true;
	if (view->isolation == SANDBOX_CHROOT ? !chroot_walk(view, fault) : !check_parents(view, fault))
		return false;
	*fd = open_directory(view->docroot);
	if (*fd < 0) {
		const char *reason = errno == ENOENT    ? "the docroot is missing"
				     : errno == ELOOP   ? "the docroot is a link"
				     : errno == ENOTDIR ? "the docroot is not a directory"
							: "the docroot cannot be opened";
		return at_fault(fault, reason, "a directory that the account can enter");
	}
	if (faccessat(*fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) != 0)
		return at_fault(fault, "the docroot cannot be entered by the account",
				"give the account the right to search it");
	errno = 0;
	if (!view->docroot_home && (names_home(view) || holds(view->home, *fd)))
		return at_fault(fault, "the docroot is the home directory or above it",
				"a directory beneath it or elsewhere, or docroot-home = allow");
	for (size_t i = 0; i < SANDBOX_KEEP_OUT_MAX; i++)
		if (view->keep_out[i] && holds(view->keep_out[i], *fd))
			return at_fault(fault, "the docroot holds the gate or its policy",
					"a docroot apart from both");
	return true;
}

bool docroot_reopen(const struct sandbox_view *view, int *fd, struct sandbox_fault *fault)
{
	if (*fd < 0)
		return true;
	int again = open_directory(view->docroot);
	if (again < 0 || !docroot_is_same(again, *fd))
		return at_fault(fault, "the docroot was moved while the session began", "try again");
	close(*fd);
	*fd = again;
	return true;
}
