#include "sandbox.h"

#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static const struct isolation isolations[SANDBOX_ISOLATIONS] = {
	[SANDBOX_NAMESPACE] = {CAPS_MOUNT, CLONE_NEWNS, NULL, view_enter, verify_view},
	[SANDBOX_CHROOT] = {CAPS_ROOT, 0, chroot_check, chroot_enter, verify_chroot},
	[SANDBOX_LANDLOCK] = {0, 0, names_check, names_enter, verify_names},
};

bool sandbox_prepare(const struct sandbox_view *view, struct sandbox *sandbox,
		     struct sandbox_fault *fault)
{
	const struct isolation *isolation = &isolations[view->isolation];
	struct stat st;

	*sandbox = (struct sandbox){.view = view, .docroot = -1, .state = -1, .pinned = {.ns = -1}};
	if (!docroot_open(view, &sandbox->docroot, fault) || !paths_open(sandbox, fault) ||
	    !state_open(view, &sandbox->state, fault) || !pinned_find(view, &sandbox->pinned, fault))
		return false;
	if (sandbox->docroot >= 0 && fstat(sandbox->docroot, &st) == 0) {
		sandbox->device = st.st_dev;
		sandbox->inode = st.st_ino;
	}
	if (isolation->check && sandbox->docroot < 0) {
		errno = 0;
		return step_misconfigured(fault, "docroot", "this isolation needs one", NULL);
	}
	return !isolation->check || isolation->check(view, sandbox->docroot, fault);
}

/* From the docroot, where enter() left us. The start directory is the client's data by now, and is reached as such. */
static bool enter_start(const struct sandbox_view *view, struct sandbox_fault *fault)
{
	const char *start = view->start + strspn(view->start, "/");
	int fd = kernel_openat2(AT_FDCWD, *start ? start : ".", O_PATH | O_DIRECTORY | O_CLOEXEC,
				RESOLVE_BENEATH);
	bool entered = fd >= 0 && fchdir(fd) == 0 && docroot_is_here(fd);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	if (entered)
		return true;
	return step_misconfigured(fault, "start", "the start directory cannot be entered",
				  "make it in the docroot, or change `start` in the policy");
}

/* What the isolation needs, of the file's or of a user namespace's; none if it needs none. */
static bool raise_power(struct sandbox *sandbox, const struct isolation *isolation,
			struct sandbox_fault *fault)
{
	/* A parent that waits takes a process namespace (wait.c). */
	uint64_t needs = isolation->needs | (sandbox->view->apart ? CAPS_MOUNT : 0) |
			 pinned_needs(&sandbox->pinned);

	if (!needs)
		return true;
	if (caps_available(needs | CAPS_DROP))
		return caps_raise(needs, CAPS_DROP, fault);
	sandbox->user_namespace = true;
	return userns_enter(sandbox->view, isolation->namespaces, fault);
}

bool sandbox_close_door_one(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	const struct isolation *isolation = &isolations[sandbox->view->isolation];

	/* Privilege begins. */
	if (!raise_power(sandbox, isolation, fault) || !isolation->enter(sandbox, fault) ||
	    !wait_prepare(sandbox->view, fault))
		return false;
	/* CAP_SETPCAP alone, to empty the bounding set and lock securebits. */
	sandbox->bounded = caps_available(CAPS_DROP);
	if (sandbox->bounded && !caps_raise(CAPS_DROP, 0, fault))
		return false;
	if (!caps_drop(sandbox->bounded, fault))
		return false;
	/* Privilege ends. */

	return process_reset(sandbox->view, fault) && verify_door_one(fault) &&
	       isolation->verify(sandbox, fault) && enter_start(sandbox->view, fault);
}

bool sandbox_close_door_two(struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	enum { SET_MDWE = 65, GET_MDWE = 66, REFUSE_EXEC_GAIN = 1 }; /* Linux 6.3; linux/prctl.h */

	/* A kernel without it knows neither of the two. */
	bool unknown = prctl(SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0) != 0 && errno == EINVAL;
	int set = prctl(GET_MDWE, 0, 0, 0, 0);

	if (unknown ? set >= 0 || errno != EINVAL : set != REFUSE_EXEC_GAIN)
		return step_failed(fault, "mdwe", "cannot be set");
	return landlock_close(grant, fault) && seccomp_close(grant, fault) &&
	       verify_door_two(fault);
}

void sandbox_exec(const struct sandbox_grant *grant, char *const argv[], char *const envp[])
{
	/* Asked for twice: the second says what the first has left. */
	if (signal(SIGPIPE, SIG_DFL) == SIG_ERR || signal(SIGPIPE, SIG_DFL) != SIG_DFL)
		return;
	execve(grant->exec_path, argv, envp);
}
