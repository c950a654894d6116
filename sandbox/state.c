#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static bool at_fault(struct sandbox_fault *fault, const char *reason)
{
	return step_misconfigured(fault, "state", reason,
				  "a directory of the account's own, mode 0700, in one of root's: "
				  "sallyport state NAME");
}

static bool is_owned(int fd, uid_t uid)
{
	struct stat st;

	errno = 0;
	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == uid &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/* Links lead nowhere: the directory's name is a number that the kernel gave. -1 with errno. */
static int open_below(int base, uid_t uid)
{
	char name[16];

	snprintf(name, sizeof name, "%u", uid);
	return kernel_openat2(base, name, O_PATH | O_DIRECTORY | O_CLOEXEC,
			      RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);
}

static int open_base(const struct sandbox_view *view)
{
	return kernel_openat2(AT_FDCWD, view->state, O_PATH | O_DIRECTORY | O_CLOEXEC,
			      RESOLVE_NO_SYMLINKS);
}

bool state_open(const struct sandbox_view *view, int *fd, struct sandbox_fault *fault)
{
	*fd = -1;
	if (!view->state)
		return true;
	int base = open_base(view);
	if (base < 0)
		return errno == ENOENT || at_fault(fault, "the directory of state directories cannot be opened");
	bool sound = is_owned(base, 0);
	*fd = sound ? open_below(base, view->uid) : -1;
	int error = errno;
	close(base);
	errno = error;
	if (!sound)
		return at_fault(fault, "bad ownership or modes for the directory of state directories");
	if (*fd < 0)
		return errno == ENOENT || at_fault(fault, "the account's state directory cannot be opened");
	return is_owned(*fd, view->uid) ||
	       at_fault(fault, "bad ownership or modes for the account's state directory");
}

bool state_reopen(const struct sandbox_view *view, int *fd, struct sandbox_fault *fault)
{
	if (*fd < 0)
		return true;
	int base = open_base(view), again = base < 0 ? -1 : open_below(base, view->uid);
	if (base >= 0)
		close(base);
	/* Who owns the base cannot be told in here; it was checked, and only its owner can have changed it since. */
	if (again < 0 || !is_owned(again, view->uid))
		return at_fault(fault, "the account's state directory was moved while the session began");
	close(*fd);
	*fd = again;
	return true;
}
