#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool whole = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return whole;
}

static bool map(const char *path, unsigned id)
{
	char line[32];

	snprintf(line, sizeof line, "%u %u 1\n", id, id);
	return write_file(path, line);
}

bool userns_enter(const struct sandbox_view *view, int namespaces, struct sandbox_fault *fault)
{
	/* Too few capabilities are not taken along, and who is not dumpable would leave uid_map to root. */
	if (!caps_forget(fault))
		return false;
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0)
		return step_failed(fault, "user namespace", "the process cannot be made dumpable");
	if (unshare(CLONE_NEWUSER | namespaces) != 0) {
		step_failed(fault, "user namespace", "cannot be made, and the gate has no file capabilities");
		fault->want = "give the gate its capabilities (see INSTALL), or allow user namespaces";
		return false;
	}
	if (!write_file("/proc/self/setgroups", "deny") || !map("/proc/self/uid_map", view->uid) ||
	    !map("/proc/self/gid_map", view->gid))
		return step_failed(fault, "user namespace", "the ids cannot be mapped");
	return true;
}
