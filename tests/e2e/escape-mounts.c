/*
 * escape: to change what the view is made of. Mounts of every interface, namespaces, chroot again, file handles.
 *
 * Root's baseline makes ready what a confined process cannot, so that each row reaches its own call; confined,
 * a descriptor that cannot be had is one that was left open.
 */
#include "escape.h"

#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#ifndef SYS_mount_setattr
enum { SYS_mount_setattr = 442 };
#endif
enum { OPEN_TREE_ATTR = 467 };

/* ---- mounts, old ---- */

static int mount_bind(void)
{
	own_mounts();
	return CALL(mount, given("outside"), docroot("directory"), NULL, (long)MS_BIND, NULL);
}

static int mount_new(void)
{
	own_mounts();
	return CALL(mount, "none", docroot("directory"), "tmpfs", 0L, NULL);
}

static int mount_writable(void)
{
	own_mounts();
	if (root())
		mount(docroot("directory"), docroot("directory"), NULL, MS_BIND, NULL);
	return CALL(mount, NULL, docroot("directory"), NULL, (long)(MS_BIND | MS_REMOUNT), NULL);
}

static int unmount(void)
{
	own_mounts();
	if (root())
		mount("none", docroot("directory"), "tmpfs", 0, NULL);
	return CALL(umount2, root() ? docroot("directory") : given("docroot"), MNT_DETACH);
}

static int pivot(void)
{
	own_mounts();
	if (root() && (mount(given("docroot"), given("docroot"), NULL, MS_BIND, NULL) != 0 || chdir(given("docroot")) != 0))
		return -1;
	return CALL(pivot_root, ".", ".");
}

/* ---- mounts, new ---- */

static int tree(void)
{
	own_mounts();
	return (int)syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE | AT_RECURSIVE);
}

static int take_tree(void) { return tree() < 0 ? -1 : 0; }

static int attach(void)
{
	int from = root() ? tree() : LEFT_DIRECTORY;

	return CALL(move_mount, from, "", AT_FDCWD, docroot("directory"), MOVE_MOUNT_F_EMPTY_PATH);
}

static int filesystem(void) { return (int)syscall(SYS_fsopen, "tmpfs", 0); }
static int make_filesystem(void) { return filesystem() < 0 ? -1 : 0; }

static int configure(void)
{
	return CALL(fsconfig, root() ? filesystem() : LEFT_DIRECTORY, FSCONFIG_SET_STRING, "size", "4096", 0);
}

static int mount_filesystem(void)
{
	int fd = root() ? filesystem() : LEFT_DIRECTORY;

	if (root() && syscall(SYS_fsconfig, fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0)
		return -1;
	return CALL(fsmount, fd, 0, 0);
}

static int pick(void)
{
	own_mounts();
	if (root())
		mount("none", docroot("directory"), "tmpfs", 0, NULL);
	return CALL(fspick, AT_FDCWD, docroot("directory"), 0);
}

static int set_attributes(void)
{
	struct mount_attr attributes = {.attr_clr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC};

	own_mounts();
	return CALL(mount_setattr, AT_FDCWD, "/", 0, &attributes, sizeof attributes);
}

static int take_tree_with_attributes(void)
{
	struct mount_attr attributes = {.attr_clr = MOUNT_ATTR_RDONLY};

	own_mounts();
	return (int)syscall(OPEN_TREE_ATTR, AT_FDCWD, "/", OPEN_TREE_CLONE, &attributes, sizeof attributes) < 0 ? -1 : 0;
}

/* ---- namespaces ---- */

static int new_user_namespace(void) { return CALL(unshare, CLONE_NEWUSER); }
static int new_mount_namespace(void) { return CALL(unshare, CLONE_NEWNS); }
static int new_network(void) { return CALL(unshare, CLONE_NEWNET); }
static int enter_namespace(void) { return CALL(setns, LEFT_NAMESPACE, 0); }

static int cloned(long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

static int clone_user(void) { return cloned(CLONE_NEWUSER); }
static int clone_mounts(void) { return cloned(CLONE_NEWNS); }
static int clone_network(void) { return cloned(CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS); }

static int clone3_user(void)
{
	struct clone_args how = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
	long pid = syscall(SYS_clone3, &how, sizeof how);

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

/* ---- chroot again: the classic way out of one ---- */

static int leave_by_chroot(void)
{
	int fd = open(given("docroot"), O_RDONLY | O_DIRECTORY);

	if (CALL(chroot, docroot("directory")) != 0 || fchdir(fd) != 0)
		return -1;
	for (int i = 0; i < 40; i++)
		if (chdir("..") != 0)
			return -1;
	return CALL(chroot, ".") != 0 ? -1 : is_secret(open(outside("secret"), O_RDONLY));
}

static int leave_by_chroot_in_user_namespace(void)
{
	if (!root())
		unshare(CLONE_NEWUSER);
	return leave_by_chroot();
}

/* ---- a file by its number: no path, so nothing that bounds paths ---- */

static int by_handle(void)
{
	struct {
		struct file_handle head;
		unsigned char bytes[128];
	} handle = {0};
	const char *hex = given("handle");

	handle.head.handle_type = (int)number("handle-type");
	for (; hex[0] && hex[1] && handle.head.handle_bytes < sizeof handle.bytes; hex += 2) {
		char pair[3] = {hex[0], hex[1], '\0'};
		((unsigned char *)&handle)[sizeof handle.head + handle.head.handle_bytes++] =
			(unsigned char)strtoul(pair, NULL, 16);
	}
	return is_secret((int)syscall(SYS_open_by_handle_at, open(given("docroot"), O_RDONLY | O_DIRECTORY), &handle,
				      O_RDONLY));
}

const struct attempt escape_mounts[] = {
	{"mount-bind", "mount", ROOT, mount_bind},
	{"mount-new", "mount", ROOT, mount_new},
	{"mount-remount", "mount", ROOT, mount_writable},
	{"umount", "umount2", ROOT, unmount},
	{"pivot-root", "pivot_root", ROOT, pivot},
	{"open-tree", "open_tree", ROOT, take_tree},
	{"move-mount", "move_mount", ROOT, attach},
	{"fsopen", "fsopen", ROOT, make_filesystem},
	{"fsconfig", "fsconfig", ROOT, configure},
	{"fsmount", "fsmount", ROOT, mount_filesystem},
	{"fspick", "fspick", ROOT, pick},
	{"mount-setattr", "mount_setattr", ROOT, set_attributes},
	{"open-tree-attr", "open_tree_attr", ROOT, take_tree_with_attributes},
	{"unshare-user", "unshare", ACCOUNT, new_user_namespace},
	{"unshare-mounts", "unshare", ROOT, new_mount_namespace},
	{"unshare-network", "unshare", ROOT, new_network},
	{"setns", "setns", ROOT, enter_namespace},
	{"clone-user", "clone", ACCOUNT, clone_user},
	{"clone-mounts", "clone", ROOT, clone_mounts},
	{"clone-others", "clone", ROOT, clone_network},
	{"clone3-user", "clone3", ACCOUNT, clone3_user},
	{"chroot", "chroot", ROOT, leave_by_chroot},
	{"chroot-user", "chroot", ACCOUNT, leave_by_chroot_in_user_namespace},
	{"open-by-handle", "open_by_handle_at", ROOT, by_handle},
	{0},
};
