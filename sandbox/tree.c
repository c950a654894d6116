#include "tree.h"

#include "kernel.h"

#include <fcntl.h>
#include <sys/stat.h>

int tree_clone(int dir, const char *path, unsigned flags)
{
	return kernel_open_tree(dir, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
}

bool tree_restrict(int tree, uint64_t attributes, unsigned flags)
{
	struct mount_attr attr = {.attr_set = attributes, .propagation = MS_PRIVATE};

	return kernel_mount_setattr(tree, AT_EMPTY_PATH | flags, &attr) == 0;
}

bool tree_clone_directory(int host, const char *path, int *tree, struct sandbox_fault *fault)
{
	struct stat st;

	*tree = -1;
	if (fstatat(host, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode))
		return true;
	*tree = tree_clone(host, path, AT_RECURSIVE);
	if (*tree < 0)
		return step_failed(fault, "runtime", "cannot be cloned");
	return tree_restrict(*tree, TREE_SYSTEM, AT_RECURSIVE) ||
	       step_failed(fault, "runtime", "its mount cannot be restricted");
}

bool tree_attach(int tree, int root, const char *at)
{
	return tree < 0 || kernel_move_mount(tree, root, at) == 0;
}
