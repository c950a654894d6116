/*
 * tree - mounts that are attached nowhere yet: cloned from a directory or a file, and restricted.
 */
#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

int tree_clone(int dir, const char *path, unsigned flags)
{
	return kernel_open_tree(dir, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
}

/* fstatfs(2) calls them otherwise. Nothing else tells them without /proc before Linux 6.8. */
static bool has_attributes(int tree, uint64_t attributes)
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
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (attributes & rows[i].attribute && !((unsigned long)fs.f_flags & rows[i].flag))
			return false;
	return true;
}

bool tree_restrict(int tree, uint64_t attributes, unsigned flags)
{
	struct mount_attr attr = {.attr_set = attributes, .propagation = MS_PRIVATE};

	return kernel_mount_setattr(tree, AT_EMPTY_PATH | flags, &attr) == 0 && has_attributes(tree, attributes);
}
