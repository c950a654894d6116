/*
 * chroot - the docroot becomes the root. Whoever could write it could plant an /etc or a library that a program
 * believes; so it and every directory above it must be root's, as sshd demands of ChrootDirectory.
 */
#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *step = "docroot";

static bool at_fault(struct sandbox_fault *fault, const char *reason)
{
	return step_misconfigured(fault, step, reason,
				  "root's, with no write bit for group or others; then: sallyport docroot prepare");
}

static bool is_roots(const struct stat *st)
{
	return st->st_uid == 0 && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool sandbox_chroot_component(const char *path, size_t length, struct sandbox_fault *fault)
{
	char component[PATH_MAX];
	struct stat st;
	bool last = path[length] == '\0';

	snprintf(component, sizeof component, "%.*s", (int)length, path);
	int fd = kernel_openat2(AT_FDCWD, component, O_PATH | O_DIRECTORY | O_CLOEXEC,
				RESOLVE_NO_SYMLINKS);
	bool good = fd >= 0 && fstat(fd, &st) == 0;
	if (!good)
		at_fault(fault, last ? "chroot directory cannot be opened"
				     : "chroot directory component cannot be opened");
	errno = 0;
	if (good && !is_roots(&st))
		good = at_fault(fault, last ? "bad ownership or modes for chroot directory"
					    : "bad ownership or modes for chroot directory component");
	if (fd >= 0)
		close(fd);
	if (!good) /* with a slash behind a component, as sshd writes it */
		snprintf(fault->place, sizeof fault->place, "%s%s", component,
			 last || length == 1 ? "" : "/");
	return good;
}

/* What programs and libc believe lies in these; anything of the account's goes beside them. */
static const char *const runtime[] = {"etc", "usr", "lib", "lib64", "lib32", "libx32",
				      "bin", "sbin", "dev", "opt", "proc", "sys"};

bool chroot_walk(const struct sandbox_view *view, struct sandbox_fault *fault)
{
	const char *path = view->docroot;

	errno = 0;
	if (path[1] == '\0')
		return at_fault(fault, "the docroot is the host's own root");
	for (const char *at = path; at; at = at[0] == '\0' ? NULL : strchrnul(at + 1, '/')) {
		size_t length = at == path ? 1 : (size_t)(at - path);

		if (!sandbox_chroot_component(path, length, fault))
			return false;
	}
	return true;
}

/* What is not there, root alone can put there; a link in a directory of root's is root's. errno, or 0, tells. */
static bool is_safe_runtime(int docroot, const char *name)
{
	struct stat st;

	if (fstatat(docroot, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	errno = 0;
	return S_ISLNK(st.st_mode) || (S_ISDIR(st.st_mode) && is_roots(&st));
}

bool chroot_check(const struct sandbox_view *view, int docroot, struct sandbox_fault *fault)
{
	for (size_t i = 0; i < sizeof runtime / sizeof *runtime; i++) {
		if (is_safe_runtime(docroot, runtime[i]))
			continue;
		at_fault(fault, "bad ownership or modes for the runtime in the docroot");
		snprintf(fault->place, sizeof fault->place, "%s/%s", view->docroot, runtime[i]);
		return false;
	}
	return true;
}

bool chroot_enter(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	if (fchdir(sandbox->docroot) != 0 || chroot(".") != 0)
		return step_failed(fault, "chroot", "the docroot cannot become the root");
	if (chdir("/") != 0)
		return step_failed(fault, "chroot", "its root cannot be entered");
	return true;
}
