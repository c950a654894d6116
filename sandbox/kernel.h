/*
 * kernel - system calls without a libc wrapper, and constants newer than the oldest supported headers
 * (Debian 12: Landlock ABI 2). The one place for both. Sources: linux/landlock.h of 6.18, linux/mount.h.
 */
#ifndef SANDBOX_KERNEL_H
#define SANDBOX_KERNEL_H

#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Landlock ABI 3 (Linux 6.2), 5 (6.10) */
#define KERNEL_FS_TRUNCATE  (1ULL << 14)
#define KERNEL_FS_IOCTL_DEV (1ULL << 15)
/* ABI 4 (6.7) */
#define KERNEL_NET_BIND_TCP    (1ULL << 0)
#define KERNEL_NET_CONNECT_TCP (1ULL << 1)
/* ABI 6 (6.12) */
#define KERNEL_SCOPE_ABSTRACT_UNIX (1ULL << 0)
#define KERNEL_SCOPE_SIGNAL        (1ULL << 1)

/* struct landlock_ruleset_attr as ABI 6 has it; older kernels take a prefix. */
struct kernel_ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

enum { KERNEL_MNT_DETACH = 2 };

/* open(2), close-on-exec. musl's open() sets that by a call of its own. */
static inline int kernel_open(const char *path, int flags)
{
	return openat(AT_FDCWD, path, flags | O_CLOEXEC);
}

static inline int kernel_openat2(int dir, const char *path, int flags, unsigned resolve)
{
	struct open_how how = {.flags = (unsigned)flags, .resolve = resolve};

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
}

static inline int kernel_open_tree(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags);
}

static inline int kernel_move_mount(int from, int to_dir, const char *to)
{
	return (int)syscall(SYS_move_mount, from, "", to_dir, to, MOVE_MOUNT_F_EMPTY_PATH);
}

/* Onto the directory that `at` is open on. */
static inline int kernel_mount_over(int tree, int at)
{
	return (int)syscall(SYS_move_mount, tree, "", at, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static inline int kernel_mount_setattr(int fd, unsigned flags, struct mount_attr *attr)
{
	return (int)syscall(SYS_mount_setattr, fd, "", flags, attr, sizeof *attr);
}

static inline int kernel_fsopen(const char *type, unsigned flags)
{
	return (int)syscall(SYS_fsopen, type, flags);
}

static inline int kernel_fsconfig(int fd, unsigned command, const char *key, const char *value)
{
	return (int)syscall(SYS_fsconfig, fd, command, key, value, 0);
}

static inline int kernel_fsmount(int fd, unsigned flags, unsigned attributes)
{
	return (int)syscall(SYS_fsmount, fd, flags, attributes);
}

#endif
