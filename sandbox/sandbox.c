#include "sandbox.h"

#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

bool sandbox_prepare(const struct sandbox_view *view, struct sandbox *sandbox,
		     struct sandbox_fault *fault)
{
	*sandbox = (struct sandbox){.view = view, .docroot = -1, .state = -1};
	return docroot_open(view, &sandbox->docroot, fault) && paths_open(sandbox, fault) &&
	       state_open(view, &sandbox->state, fault);
}

/* The start directory is the client's data by now, and is reached as such. */
static bool enter_start(const struct sandbox_view *view, struct sandbox_fault *fault)
{
	int files = open(SANDBOX_FILES, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *start = view->start + strspn(view->start, "/");
	int fd = files < 0 ? -1
			   : kernel_openat2(files, *start ? start : ".",
					    O_PATH | O_DIRECTORY | O_CLOEXEC, RESOLVE_BENEATH);
	bool entered = fd >= 0 && fchdir(fd) == 0;
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (files >= 0)
		close(files);
	errno = error;
	if (entered)
		return true;
	step_failed(fault, "start", "the start directory cannot be entered");
	fault->want = "make it in the docroot, or change `start` in the policy";
	fault->configuration = true;
	return false;
}

bool sandbox_close_door_one(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	bool ready;

	/* Privilege begins: CAP_SYS_ADMIN to make mounts, of this process's namespace only. */
	sandbox->user_namespace = !caps_available();
	if (sandbox->user_namespace) {
		/* Inside, what was opened before cannot be cloned. */
		ready = userns_enter(sandbox->view, fault) &&
			docroot_reopen(sandbox->view, &sandbox->docroot, fault) &&
			paths_reopen(sandbox, fault) &&
			state_reopen(sandbox->view, &sandbox->state, fault);
	} else {
		ready = caps_raise(CAPS_MOUNT, fault);
	}
	if (!ready || !view_enter(sandbox, fault) || !wait_prepare(sandbox->view, fault))
		return false;
	/* CAP_SETPCAP alone, to empty the bounding set and lock securebits. */
	if (!sandbox->user_namespace && !caps_raise(CAPS_DROP, fault))
		return false;
	if (!caps_drop(fault))
		return false;
	/* Privilege ends. */

	return process_reset(sandbox->view, fault) && verify_door_one(fault) &&
	       enter_start(sandbox->view, fault);
}

bool sandbox_close_door_two(struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	enum { SET_MDWE = 65, REFUSE_EXEC_GAIN = 1 }; /* Linux 6.3; linux/prctl.h */

	if (prctl(SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0) != 0 && errno != EINVAL)
		return step_failed(fault, "mdwe", "cannot be set");
	return landlock_close(grant, fault) && seccomp_close(grant, fault) &&
	       verify_door_two(fault);
}

void sandbox_exec(const struct sandbox_grant *grant, char *const argv[], char *const envp[])
{
	signal(SIGPIPE, SIG_DFL);
	execve(grant->exec_path, argv, envp);
}
