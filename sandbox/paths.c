/*
 * paths - directories of the docroot where other rights hold (`access /DIR`): opened with the docroot, cloned and
 * attached with the view. Only those that are read-only in a writable place, or the reverse, cost a mount; what else
 * holds there Landlock upholds.
 */
#include "kernel.h"
#include "tree.h"

#include "text/pathname.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

static const char *step = "access";

static bool at_fault(struct sandbox_fault *fault, const char *reason, const char *want)
{
	return step_misconfigured(fault, step, reason, want);
}

static int open_beneath(int dir, const char *path)
{
	return kernel_openat2(dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC,
			      RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

/* Whether the account could rename what is in this directory, were it given the right to. */
static bool is_its_own(int dir, uid_t uid)
{
	struct stat st;

	return fstat(dir, &st) != 0 || st.st_uid == uid ||
	       faccessat(dir, "", W_OK, AT_EMPTY_PATH | AT_EACCESS) == 0;
}

/*
 * Who can rename a directory around the one that a rule names can put another there, and the rule would hold for
 * that one.
 */
static bool check_around(const struct sandbox_view *view, int docroot, const char *directory,
			 struct sandbox_fault *fault)
{
	char around[PATH_MAX] = ".";

	for (const char *slash = directory; slash; slash = strchr(slash + 1, '/')) {
		size_t length = (size_t)(slash - directory);

		if (length >= sizeof around)
			return at_fault(fault, "a path that is too long", NULL);
		if (length > 0) {
			memcpy(around, directory + 1, length - 1);
			around[length - 1] = '\0';
		}
		int fd = open_beneath(docroot, around);
		bool own = fd < 0 || is_its_own(fd, view->uid);
		if (fd >= 0)
			close(fd);
		errno = 0;
		if (own)
			return at_fault(fault, "the account could rename a directory that a rule names",
					"root as the owner of the directories around it, or no rename "
					"(nor delete with mkdir) there");
	}
	return true;
}

bool paths_open(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	const struct sandbox_view *view = sandbox->view;

	for (size_t i = 0; i < view->paths_count && sandbox->docroot >= 0; i++) {
		const struct sandbox_path *path = &view->path[i];

		sandbox->path[i] = open_beneath(sandbox->docroot, path->directory + 1);
		if (sandbox->path[i] < 0)
			return at_fault(fault, "a directory that a rule names is missing, or is reached by a link",
					"make it in the docroot, or change `access /DIR` in the policy");
		if (path->guarded && !check_around(view, sandbox->docroot, path->directory, fault))
			return false;
	}
	return true;
}

bool paths_reopen(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	const struct sandbox_view *view = sandbox->view;

	for (size_t i = 0; i < view->paths_count && sandbox->docroot >= 0; i++) {
		int again = open_beneath(sandbox->docroot, view->path[i].directory + 1);

		if (again < 0 || !docroot_is_same(again, sandbox->path[i]))
			return at_fault(fault, "a directory that a rule names was moved while the session began",
					"try again");
		close(sandbox->path[i]);
		sandbox->path[i] = again;
	}
	return true;
}

/* Whether around this directory, by the deepest rule or the docroot itself, nothing is written. */
static bool is_read_only_around(const struct sandbox_view *view, size_t index)
{
	const char *directory = view->path[index].directory;
	bool read_only = view->docroot_read_only;

	for (size_t i = 0; i < index; i++)
		if (pathname_is_beneath(directory, view->path[i].directory))
			read_only = view->path[i].read_only;
	return read_only;
}

bool paths_clone(const struct sandbox *sandbox, int tree[SANDBOX_PATHS_MAX], struct sandbox_fault *fault)
{
	const struct sandbox_view *view = sandbox->view;

	for (size_t i = 0; i < SANDBOX_PATHS_MAX; i++) {
		uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

		tree[i] = -1;
		if (i >= view->paths_count || sandbox->docroot < 0 ||
		    view->path[i].read_only == is_read_only_around(view, i))
			continue;
		tree[i] = tree_clone(sandbox->path[i], "", AT_EMPTY_PATH | AT_RECURSIVE);
		if (view->path[i].read_only)
			attributes |= MOUNT_ATTR_RDONLY;
		if (tree[i] < 0 || !tree_restrict(tree[i], attributes, AT_RECURSIVE))
			return step_failed(fault, step, "a directory that a rule names cannot be cloned");
	}
	return true;
}

bool paths_attach(const struct sandbox *sandbox, int files, const int tree[SANDBOX_PATHS_MAX],
		  struct sandbox_fault *fault)
{
	for (size_t i = 0; i < sandbox->view->paths_count; i++) {
		if (tree[i] < 0)
			continue;
		/* The directory that was opened and checked, or nothing: the docroot is the account's. */
		int at = open_beneath(files, sandbox->view->path[i].directory + 1);
		bool attached = at >= 0 && docroot_is_same(at, tree[i]) && kernel_mount_over(tree[i], at) == 0;
		int error = errno;

		if (at >= 0)
			close(at);
		errno = error;
		if (!attached)
			return step_failed(fault, step, "a directory that a rule names cannot be attached");
	}
	return true;
}
