/*
 * verify - after each door the kernel is asked whether it is true (I5).
 */
#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static bool bounding_is_empty(void)
{
	for (unsigned long cap = 0; cap < 64; cap++) {
		int in = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);
		if (in < 0)
			return errno == EINVAL && cap > 30;
		if (in != 0)
			return false;
	}
	return true;
}

static bool is_same_place(const char *a, const char *b)
{
	struct stat sa, sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 && step_is_same_file(&sa, &sb);
}

/* The directory that was opened and checked, whatever it is called by now. */
static bool is_docroot(const struct sandbox *sandbox, const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_dev == sandbox->device && st.st_ino == sandbox->inode;
}

/* Nothing lies above the root. */
static bool root_is_top(void)
{
	return is_same_place("/", "/..");
}

static bool shadow_is_absent(struct sandbox_fault *fault)
{
	if (kernel_open("/etc/shadow", O_RDONLY) >= 0 || errno != ENOENT)
		return step_failed(fault, "verify", "/etc/shadow is there");
	return true;
}

/* The root is the view: it is read-only, and the host's secrets are not there. */
static bool root_is_view(void)
{
	struct stat st;

	if (!root_is_top())
		return false;
	if (mkdir("/probe", 0700) == 0 || errno != EROFS)
		return false;
	return stat("/proc", &st) != 0 && errno == ENOENT;
}

bool verify_door_one(struct sandbox_fault *fault)
{
	if (!caps_are_empty())
		return step_failed(fault, "verify", "a capability is left");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return step_failed(fault, "verify", "no_new_privs is not set");
	return true;
}

bool verify_view(const struct sandbox *sandbox, struct sandbox_fault *fault)
{
	if (!bounding_is_empty())
		return step_failed(fault, "verify", "a capability is left in the bounding set");
	if (!root_is_view())
		return step_failed(fault, "verify", "the root is not the view");
	/* For want of a docroot it is the view's own empty directory. */
	if (sandbox->docroot >= 0 ? !is_docroot(sandbox, ".") : !is_same_place(SANDBOX_FILES, "."))
		return step_failed(fault, "verify", "the current directory is not the docroot");
	return shadow_is_absent(fault);
}

bool verify_chroot(const struct sandbox *sandbox, struct sandbox_fault *fault)
{
	if (!bounding_is_empty())
		return step_failed(fault, "verify", "a capability is left in the bounding set");
	if (!root_is_top() || !is_docroot(sandbox, "/"))
		return step_failed(fault, "verify", "the root is not the docroot");
	if (mkdir("/probe", 0700) == 0 || (errno != EACCES && errno != EROFS))
		return step_failed(fault, "verify", "the root can be written to");
	return shadow_is_absent(fault);
}

/*
 * Here the root is the host's, and the names are all there: what holds is proved behind door two (landlock.c). Without
 * CAP_SETPCAP the bounding set is full; nothing can be gained of it, for no_new_privs is set.
 */
bool verify_names(const struct sandbox *sandbox, struct sandbox_fault *fault)
{
	if (sandbox->bounded && !bounding_is_empty())
		return step_failed(fault, "verify", "a capability is left in the bounding set");
	if (!is_docroot(sandbox, "."))
		return step_failed(fault, "verify", "the current directory is not the docroot");
	return true;
}

bool verify_door_two(struct sandbox_fault *fault)
{
	enum { FILTER_MODE = 2 };

	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != FILTER_MODE)
		return step_failed(fault, "verify", "no seccomp filter is in force");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return step_failed(fault, "verify", "no_new_privs is not set");
	/* A call that no profile allows, refused without harm. */
	if (syscall(SYS_chroot, "/") != -1 || errno != EPERM)
		return step_failed(fault, "verify", "the seccomp filter lets chroot through");
	return true;
}
