#include "kernel.h"
#include "step.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

/* Raw, because libcap would be linked for these two calls alone. capset(2), version 3. */
static bool get(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};

	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	*effective = data[0].effective | (uint64_t)data[1].effective << 32;
	*permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	*inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return true;
}

static bool set(uint64_t effective, uint64_t permitted)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{.effective = (uint32_t)effective, .permitted = (uint32_t)permitted},
		{.effective = (uint32_t)(effective >> 32), .permitted = (uint32_t)(permitted >> 32)},
	};

	return syscall(SYS_capset, &header, data) == 0;
}

/* When the kernel does not say, it is tried: then raising them fails, and nothing is left in place unseen. */
bool caps_available(uint64_t wanted)
{
	uint64_t effective, permitted, inheritable;

	return !get(&effective, &permitted, &inheritable) || (permitted & wanted) == wanted;
}

bool sandbox_is_privileged(void)
{
	uint64_t effective, permitted, inheritable;

	return !get(&effective, &permitted, &inheritable) || permitted != 0;
}

bool caps_are_empty(void)
{
	uint64_t effective, permitted, inheritable;

	return get(&effective, &permitted, &inheritable) && !(effective | permitted | inheritable);
}

bool caps_raise(uint64_t effective, uint64_t keep, struct sandbox_fault *fault)
{
	if (!set(effective, effective | keep))
		return step_failed(fault, "capabilities", "cannot be raised");
	return true;
}

bool caps_forget(struct sandbox_fault *fault)
{
	if (!set(0, 0))
		return step_failed(fault, "capabilities", "cannot be given up");
	return true;
}

/* Takes CAP_SETPCAP. Without it these two stay as they are, and no_new_privs alone keeps them from counting. */
static bool lock(struct sandbox_fault *fault)
{
	const unsigned long locked = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
				     SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
				     SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0) {
			if (errno == EINVAL && cap > 30)
				break; /* past the kernel's last one */
			return step_failed(fault, "capabilities", "the bounding set cannot be emptied");
		}
	if (prctl(PR_SET_SECUREBITS, locked, 0, 0, 0) != 0 ||
	    prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != (int)locked)
		return step_failed(fault, "capabilities", "securebits cannot be set");
	return true;
}

/* Upholds I1: when this has returned true, no capability is left, nor a way to gain one. */
bool caps_drop(bool bounded, struct sandbox_fault *fault)
{
	if (bounded && !lock(fault))
		return false;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return step_failed(fault, "capabilities", "the ambient set cannot be emptied");
	if (!set(0, 0))
		return step_failed(fault, "capabilities", "cannot be dropped");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return step_failed(fault, "no_new_privs", "cannot be set");
	return true;
}
