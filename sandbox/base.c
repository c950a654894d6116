#include "base.h"

#include "kernel.h"
#include "tree.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What of the host is seen, read-only. Links stay links (merged /usr), directories are mounted. */
const char *const base_runtime[] = {"usr", "lib", "lib64", "lib32", "libx32", "bin", "sbin", NULL};

/* Single files: each costs a mount, so only what transfer programs open. /dev/random is a link. */
static const char *const singles[] = {"dev/null", "dev/urandom", "etc/ld.so.cache"};

_Static_assert(sizeof base_runtime / sizeof *base_runtime == BASE_RUNTIMES + 1, "base.h has room");
_Static_assert(sizeof singles / sizeof *singles == BASE_SINGLES, "base.h has room");

/*
 * Counts the changes of what base_make() and base_clone() put where: a view of another count is not
 * taken for ours.
 */
enum { LAYOUT = 2 };

static bool failed(const struct base *base, const char *step, const char *reason)
{
	return step_failed(base->fault, step, reason);
}

bool base_open(struct base *base, struct sandbox_fault *fault)
{
	*base = (struct base){.fault = fault, .root = -1, .inodes = BASE_INODES};
	base->host = kernel_open("/", O_PATH | O_DIRECTORY);
	return base->host >= 0 || failed(base, "view", "the host's root cannot be opened");
}

bool base_clone(struct base *base)
{
	for (size_t i = 0; i < BASE_RUNTIMES; i++)
		if (!tree_clone_directory(base->host, base_runtime[i], &base->runtime[i],
					  base->fault))
			return false;
	for (size_t i = 0; i < BASE_SINGLES; i++) {
		base->singles[i] = tree_clone(base->host, singles[i], 0);
		if (base->singles[i] < 0 && errno == ENOENT)
			continue;
		/* A read-only mount does not keep a device from being written. */
		if (base->singles[i] < 0 ||
		    !tree_restrict(base->singles[i],
				   MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0))
			return failed(base, "runtime", "a device or ld.so.cache cannot be cloned");
	}
	return true;
}

/* ---- the root ---- */

const char *base_size(uint64_t bytes, char text[BASE_SIZE])
{
	enum { FILES = 2 }; /* passwd and group: a page each */

	snprintf(text, BASE_SIZE, "%llu", (unsigned long long)bytes + FILES * (unsigned)getpagesize());
	return text;
}

static bool make_root(struct base *base)
{
	char size[BASE_SIZE];
	int fs = kernel_fsopen("tmpfs", FSOPEN_CLOEXEC);
	bool made = fs >= 0 &&
		    kernel_fsconfig(fs, FSCONFIG_SET_STRING, "size", base_size(base->bytes, size)) == 0 &&
		    kernel_fsconfig(fs, FSCONFIG_SET_STRING, "nr_inodes", base->inodes) == 0 &&
		    kernel_fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755") == 0 &&
		    kernel_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL) == 0;

	base->root = made ? kernel_fsmount(fs, FSMOUNT_CLOEXEC,
					   MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)
			  : -1;
	if (fs >= 0)
		close(fs);
	return base->root >= 0 || failed(base, "view", "its tmpfs cannot be made");
}

bool base_put_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	if (fd < 0)
		return false;
	bool whole = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return whole;
}

/* Local times in listings: the link alone, into the runtime's zoneinfo. */
static bool put_timezone(const struct base *base)
{
	char target[256];
	ssize_t n = readlinkat(base->host, "etc/localtime", target, sizeof target - 1);

	if (n <= 0)
		return true;
	target[n] = '\0';
	if (!strstr(target, "usr/share/zoneinfo/"))
		return true;
	return symlinkat(target, base->root, "etc/localtime") == 0;
}

static bool put_runtime(const struct base *base)
{
	char target[64];

	for (size_t i = 0; i < BASE_RUNTIMES; i++) {
		if (base->runtime[i] >= 0) {
			if (mkdirat(base->root, base_runtime[i], 0755) != 0)
				return false;
			continue;
		}
		ssize_t n = readlinkat(base->host, base_runtime[i], target, sizeof target - 1);
		if (n <= 0)
			continue; /* not on this host */
		target[n] = '\0';
		if (symlinkat(target, base->root, base_runtime[i]) != 0)
			return false;
	}
	return true;
}

/* Places for what a session brings are there whether it brings it or not: one base serves all. */
static bool put_directories(const struct base *base)
{
	static const char *const directories[] = {"etc",  "dev",        "files",
						  "home", BASE_SESSION, &SANDBOX_STATE[1]};

	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
		if (mkdirat(base->root, directories[i], 0755) != 0)
			return false;
	return mkdirat(base->root, "tmp", 01777) == 0;
}

static bool put_links(const struct base *base)
{
	return symlinkat("../" BASE_SESSION "/passwd", base->root, "etc/passwd") == 0 &&
	       symlinkat("../" BASE_SESSION "/group", base->root, "etc/group") == 0 &&
	       symlinkat("urandom", base->root, "dev/random") == 0;
}

bool base_make(struct base *base)
{
	if (!make_root(base))
		return false;
	umask(0);
	if (!put_directories(base) || !put_runtime(base))
		return failed(base, "view", "a directory cannot be made");
	if (!put_links(base) || !put_timezone(base))
		return failed(base, "view", "a link cannot be made");
	for (size_t i = 0; i < BASE_SINGLES; i++)
		if (base->singles[i] >= 0 && !base_put_file(base->root, singles[i], ""))
			return failed(base, "view", "a file to mount on cannot be made");
	return true;
}

/* ---- the switch ---- */

/* The kernel clones no mount of another namespace, and base->host was opened in the one before (I5). */
static bool is_new_namespace(const struct base *base)
{
	int tree = tree_clone(base->host, "", AT_EMPTY_PATH);

	if (tree >= 0)
		close(tree);
	return tree < 0 && errno == EINVAL;
}

bool base_leave_host(struct base *base, bool user_namespace)
{
	if (!user_namespace && unshare(CLONE_NEWNS) != 0)
		return failed(base, "mount namespace", "cannot be made");
	if (!user_namespace && !is_new_namespace(base))
		return failed(base, "mount namespace", "it is still the host's");
	/* Before anything is attached: on a shared "/" a mount would land in the host. */
	if (syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return failed(base, "mount namespace", "cannot be made private");
	return true;
}

bool base_attach(const struct base *base)
{
	/* On "/" itself: the old root is left beneath it, and pivot_root() swaps the two. */
	if (kernel_move_mount(base->root, AT_FDCWD, "/") != 0)
		return failed(base, "view", "cannot be attached");
	for (size_t i = 0; i < BASE_RUNTIMES; i++)
		if (!tree_attach(base->runtime[i], base->root, base_runtime[i]))
			return failed(base, "runtime", "cannot be attached");
	for (size_t i = 0; i < BASE_SINGLES; i++)
		if (!tree_attach(base->singles[i], base->root, singles[i]))
			return failed(base, "runtime",
				      "a device or ld.so.cache cannot be attached");
	return true;
}

bool base_enter(const struct base *base)
{
	if (!tree_restrict(base->root, MOUNT_ATTR_RDONLY, 0))
		return failed(base, "view", "its root cannot be made read-only");
	if (fchdir(base->root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0)
		return failed(base, "view", "cannot become the root");
	if (syscall(SYS_umount2, ".", KERNEL_MNT_DETACH) != 0)
		return failed(base, "view", "the host's mounts cannot be left behind");
	return true;
}

/* ---- the stamp ---- */

/* FNV-1a. What goes in is root's: nobody is there to look for collisions. */
static void mix(uint64_t *stamp, uint64_t number)
{
	for (int i = 0; i < 64; i += 8)
		*stamp = (*stamp ^ (number >> i & 0xff)) * 0x100000001b3;
}

/*
 * Which file it is. Of a file or link that was copied or bound also when it was last changed, for a
 * number can be given again; a directory's contents may change as they like. Whether it is one.
 */
static bool mix_file(uint64_t *stamp, int host, const char *path)
{
	struct stat st;

	if (fstatat(host, path, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		mix(stamp, (uint64_t)errno);
		return false;
	}
	mix(stamp, st.st_dev);
	mix(stamp, st.st_ino);
	mix(stamp, st.st_mode & S_IFMT);
	if (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)) {
		mix(stamp, (uint64_t)st.st_ctim.tv_sec);
		mix(stamp, (uint64_t)st.st_ctim.tv_nsec);
	}
	return S_ISDIR(st.st_mode);
}

uint64_t base_stamp(int host, unsigned *directories)
{
	uint64_t stamp = 0xcbf29ce484222325;

	mix(&stamp, LAYOUT);
	*directories = 0;
	for (size_t i = 0; i < BASE_RUNTIMES; i++)
		*directories |= (unsigned)mix_file(&stamp, host, base_runtime[i]) << i;
	for (size_t i = 0; i < BASE_SINGLES; i++)
		mix_file(&stamp, host, singles[i]);
	mix_file(&stamp, host, "etc/localtime");
	return stamp;
}
