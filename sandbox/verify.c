/*
 * verify - after each door the kernel is asked whether it is true (I5).
 */
#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static bool caps_are_empty(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};

	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	for (int i = 0; i < 2; i++)
		if (data[i].effective || data[i].permitted || data[i].inheritable)
			return false;
	return true;
}

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

/* The root is the view: it has our directory, it is read-only, and the host's secrets are not there. */
static bool root_is_view(void)
{
	struct stat st, up;

	if (stat("/", &st) != 0 || stat("/..", &up) != 0 || st.st_ino != up.st_ino)
		return false;
	if (stat(SANDBOX_FILES, &st) != 0 || !S_ISDIR(st.st_mode))
		return false;
	if (mkdir("/probe", 0700) == 0 || errno != EROFS)
		return false;
	return stat("/proc", &st) != 0 && errno == ENOENT;
}

bool verify_door_one(struct sandbox_fault *fault)
{
	if (!caps_are_empty() || !bounding_is_empty())
		return step_failed(fault, "verify", "a capability is left");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return step_failed(fault, "verify", "no_new_privs is not set");
	if (!root_is_view())
		return step_failed(fault, "verify", "the root is not the view");
	if (open("/etc/shadow", O_RDONLY | O_CLOEXEC) >= 0 || errno != ENOENT)
		return step_failed(fault, "verify", "/etc/shadow is there");
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
