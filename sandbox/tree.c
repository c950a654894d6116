#include "tree.h"

#include "kernel.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

int tree_clone(int dir, const char *path, unsigned flags)
{
	return kernel_open_tree(dir, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
}

/* fstatfs(2) calls them otherwise. Nothing else tells them without /proc before Linux 6.8. */
bool tree_is_restricted(int tree, uint64_t attributes)
{
	static const struct {
		uint64_t attribute;
		unsigned long flag;
	} rows[] = {
		{MOUNT_ATTR_RDONLY, ST_RDONLY},
		{MOUNT_ATTR_NOSUID, ST_NOSUID},
		{MOUNT_ATTR_NODEV, ST_NODEV},
		{MOUNT_ATTR_NOEXEC, ST_NOEXEC},
	};
	struct statfs fs;

	if (fstatfs(tree, &fs) != 0)
		return false;
	errno = 0; /* a call that lied left none */
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (attributes & rows[i].attribute && !((unsigned long)fs.f_flags & rows[i].flag))
			return false;
	return true;
}

bool tree_restrict(int tree, uint64_t attributes, unsigned flags)
{
	struct mount_attr attr = {.attr_set = attributes, .propagation = MS_PRIVATE};

	return kernel_mount_setattr(tree, AT_EMPTY_PATH | flags, &attr) == 0 && tree_is_restricted(tree, attributes);
}

bool tree_clone_directory(int host, const char *path, int *tree, struct sandbox_fault *fault)
{
	struct stat st;

	*tree = -1;
	if (fstatat(host, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode))
		return true;
	*tree = tree_clone(host, path, AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
	if (*tree < 0)
		return step_failed(fault, "runtime", "cannot be cloned");
	return tree_restrict(*tree, TREE_SYSTEM, AT_RECURSIVE) ||
	       step_failed(fault, "runtime", "its mount cannot be restricted");
}

bool tree_attach(int tree, int root, const char *at)
{
	return tree < 0 || kernel_move_mount(tree, root, at) == 0;
}
