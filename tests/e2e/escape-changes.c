/*
 * escape: to change what lies outside the docroot, to carry something across its border, and to plant what is
 * dangerous inside.
 */
#include "escape.h"

#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

static const struct timeval times[2];
static const struct timespec timespecs[2];

/* ---- new names ---- */

static int make_creat(void) { return CALL(creat, outside("new-creat"), 0600); }
static int make_shared_memory(void) { return CALL(mknod, "/dev/shm/escape-new", S_IFREG | 0600, 0); }
static int make_mkdir(void) { return CALL(mkdir, outside("new-mkdir"), 0700); }
static int make_mkdirat(void) { return CALL(mkdirat, LEFT_DIRECTORY, "new-mkdirat", 0700); }
static int make_symlink(void) { return CALL(symlink, "secret", outside("new-symlink")); }
static int make_symlinkat(void) { return CALL(symlinkat, "secret", AT_FDCWD, outside("new-symlinkat")); }
static int make_fifo(void) { return CALL(mknod, outside("new-fifo"), S_IFIFO | 0600, 0); }
static int make_mknodat(void) { return CALL(mknodat, AT_FDCWD, outside("new-mknodat"), S_IFREG | 0600, 0); }

/* A file without a name: room, where none may be made. */
static int make_nameless(void) { return CALL(openat, AT_FDCWD, given("outside"), O_TMPFILE | O_RDWR, 0600); }

/* ---- names that are there ---- */

/* Of a file of the host's that everybody may read: whoever wants it next has to wait. */
static int lock_runtime(void) { return CALL(flock, open(given("loader"), O_RDONLY), LOCK_EX | LOCK_NB); }

static int cut(void) { return CALL(truncate, outside("file"), 0L); }
static int cut_by_proc(void) { return CALL(truncate, "/proc/self/fd/6", 7L); }
static int cut_by_link(void) { return CALL(truncate, docroot("link"), 7L); }
static int remove_file(void) { return CALL(unlink, outside("doomed-1")); }
static int remove_at(void) { return CALL(unlinkat, AT_FDCWD, outside("doomed-2"), 0); }
static int remove_left(void) { return CALL(unlinkat, LEFT_DIRECTORY, "doomed-3", 0); }
static int remove_directory(void) { return CALL(rmdir, outside("doomed-directory")); }

/* ---- across ---- */

static int fetch(void) { return CALL(rename, outside("moved-1"), docroot("moved-1")); }
static int carry_out(void) { return CALL(renameat, AT_FDCWD, docroot("inside-1"), AT_FDCWD, outside("carried")); }

static int exchange(void)
{
	enum { EXCHANGE = 2 };

	return CALL(renameat2, AT_FDCWD, outside("moved-2"), AT_FDCWD, docroot("inside-2"), EXCHANGE);
}

static int fetch_directory(void)
{
	return CALL(renameat2, AT_FDCWD, outside("moved-directory"), AT_FDCWD, docroot("moved-directory"), 0);
}

static int hard_link(void) { return CALL(link, outside("secret"), docroot("hard-1")); }

static int hard_link_out(void) { return CALL(link, docroot("inside-3"), outside("hard")); }

/* One of our own where none was left open: to see a name is enough for that. */
static int hard_link_by_descriptor(void)
{
	int fd = fcntl(LEFT_SECRET, F_GETFD) == 0 ? LEFT_SECRET : open(outside("secret"), O_PATH);

	return CALL(linkat, fd, "", AT_FDCWD, docroot("hard-2"), AT_EMPTY_PATH);
}

static int hard_link_by_proc(void)
{
	return CALL(linkat, AT_FDCWD, "/proc/self/fd/6", AT_FDCWD, docroot("hard-3"), AT_SYMLINK_FOLLOW);
}

/* ---- attributes ---- */

static int mode(void) { return CALL(chmod, outside("file"), 0600); }
static int mode_at(void) { return CALL(fchmodat, AT_FDCWD, outside("file"), 0600); }
static int mode_of_left(void) { return CALL(fchmod, LEFT_SECRET, 0644); }
static int owner(void) { return CALL(chown, outside("file"), -1, (long)getgid()); }
static int owner_of_link(void) { return CALL(lchown, outside("file"), -1, (long)getgid()); }
static int owner_at(void) { return CALL(fchownat, AT_FDCWD, outside("file"), -1, (long)getgid(), 0); }
static int owner_of_left(void) { return CALL(fchown, LEFT_SECRET, -1, (long)getgid()); }
static int time_utime(void) { return CALL(utime, outside("file"), NULL); }
static int time_utimes(void) { return CALL(utimes, outside("file"), times); }
static int time_futimesat(void) { return CALL(futimesat, LEFT_DIRECTORY, "file", times); }
static int time_utimensat(void) { return CALL(utimensat, AT_FDCWD, outside("file"), timespecs, 0); }
static int time_of_left(void) { return CALL(utimensat, LEFT_SECRET, NULL, timespecs, 0); }
static int attribute(void) { return CALL(setxattr, outside("file"), "user.new", "x", 1UL, 0); }
static int attribute_of_link(void) { return CALL(lsetxattr, outside("file"), "user.new", "x", 1UL, 0); }
static int attribute_of_left(void) { return CALL(fsetxattr, LEFT_SECRET, "user.new", "x", 1UL, 0); }
/* What the kernel lets a process say of itself: to whom memory is short, and what a core holds. */
static int say_of_oneself(void) { return CALL(write, open("/proc/self/oom_score_adj", O_WRONLY), "1000", 4UL); }

/* More than modes can say: whoever it names may open the file. */
static int access_list(void)
{
	enum { VERSION = 2, USER_OBJ = 1, USER = 2, GROUP_OBJ = 4, MASK = 16, OTHER = 32 };
	const struct {
		uint32_t version;
		struct {
			uint16_t tag, permission;
			uint32_t id;
		} entry[5];
	} list = {VERSION,
		  {{USER_OBJ, 6, UINT32_MAX}, {USER, 4, (uint32_t)number("other")}, {GROUP_OBJ, 4, UINT32_MAX},
		   {MASK, 4, UINT32_MAX}, {OTHER, 4, UINT32_MAX}}};

	return CALL(setxattr, outside("file"), "system.posix_acl_access", &list, sizeof list, 0);
}

static int no_attribute(void) { return CALL(removexattr, outside("bare-1"), "user.escape"); }
static int no_attribute_of_link(void) { return CALL(lremovexattr, outside("bare-2"), "user.escape"); }

static int mode_by_fchmodat2(void)
{
	enum { FCHMODAT2 = 452 };

	return (int)syscall(FCHMODAT2, AT_FDCWD, outside("file"), 0600, 0);
}

/* ---- planted inside ---- */

static int device(void) { return CALL(mknod, docroot("device"), S_IFCHR | 0666, 1 << 8 | 3); }
static int device_at(void) { return CALL(mknodat, AT_FDCWD, docroot("block"), S_IFBLK | 0666, 7 << 8); }
/* A device in name alone, which the kernel lets anybody make since 5.8; rename leaves one behind if it is asked to. */
static int whiteout(void) { return CALL(mknodat, AT_FDCWD, docroot("whiteout"), S_IFCHR | 0666, 0); }

static int whiteout_left(void)
{
	enum { WHITEOUT = 4 };

	return CALL(renameat2, AT_FDCWD, docroot("inside-4"), AT_FDCWD, docroot("inside-5"), WHITEOUT);
}

/* What opens it on the host, a backup say, waits for somebody at the other end. */
static int pipe_with_name(void) { return CALL(mknodat, AT_FDCWD, docroot("fifo"), S_IFIFO | 0666, 0); }

/* On the host whoever may execute it becomes the account. */
static int set_user_id(void) { return CALL(fchmodat, AT_FDCWD, docroot("inside-3"), 04755); }

static int file_of_root(void) { return CALL(chown, docroot("inside-3"), 0, 0); }

static int capability(void)
{
	/* struct vfs_cap_data, revision 2: every capability permitted and effective */
	static const uint32_t all[] = {0x02000001, ~0u, 0, 0x1ff, 0};
	int fd = open(docroot("inside-3"), O_RDONLY);

	return CALL(fsetxattr, fd, "security.capability", all, sizeof all, 0);
}

const struct attempt escape_changes[] = {
	{"creat", "creat", ACCOUNT, make_creat},
	{"mknod-shm", "mknod", ACCOUNT, make_shared_memory},
	{"mkdir", "mkdir", ACCOUNT, make_mkdir},
	{"mkdirat", "mkdirat", ACCOUNT, make_mkdirat},
	{"symlink", "symlink", ACCOUNT, make_symlink},
	{"symlinkat", "symlinkat", ACCOUNT, make_symlinkat},
	{"mknod-fifo", "mknod", ACCOUNT, make_fifo},
	{"mknodat", "mknodat", ACCOUNT, make_mknodat},
	{"tmpfile", "O_TMPFILE", ACCOUNT, make_nameless},
	{"lock-runtime", "flock", ACCOUNT, lock_runtime},
	{"truncate", "truncate", ACCOUNT, cut},
	{"truncate-proc", "truncate", ACCOUNT, cut_by_proc},
	{"truncate-link", "truncate", ACCOUNT, cut_by_link},
	{"unlink", "unlink", ACCOUNT, remove_file},
	{"unlinkat", "unlinkat", ACCOUNT, remove_at},
	{"left-unlinkat", "unlinkat", ACCOUNT, remove_left},
	{"rmdir", "rmdir", ACCOUNT, remove_directory},
	{"rename-in", "rename", ACCOUNT, fetch},
	{"rename-out", "renameat", ACCOUNT, carry_out},
	{"rename-exchange", "renameat2", ACCOUNT, exchange},
	{"rename-directory", "renameat2", ACCOUNT, fetch_directory},
	{"link-in", "link", ACCOUNT, hard_link},
	{"link-out", "link", ACCOUNT, hard_link_out},
	{"link-descriptor", "linkat", ROOT, hard_link_by_descriptor},
	{"link-proc", "linkat", ACCOUNT, hard_link_by_proc},
	{"chmod", "chmod", ACCOUNT, mode},
	{"fchmodat", "fchmodat", ACCOUNT, mode_at},
	{"fchmodat2", "fchmodat2", ACCOUNT, mode_by_fchmodat2},
	{"left-fchmod", "fchmod", ACCOUNT, mode_of_left},
	{"chown", "chown", ACCOUNT, owner},
	{"lchown", "lchown", ACCOUNT, owner_of_link},
	{"fchownat", "fchownat", ACCOUNT, owner_at},
	{"left-fchown", "fchown", ACCOUNT, owner_of_left},
	{"utime", "utime", ACCOUNT, time_utime},
	{"utimes", "utimes", ACCOUNT, time_utimes},
	{"left-futimesat", "futimesat", ACCOUNT, time_futimesat},
	{"utimensat", "utimensat", ACCOUNT, time_utimensat},
	{"left-utimensat", "utimensat", ACCOUNT, time_of_left},
	{"setxattr", "setxattr", ACCOUNT, attribute},
	{"access-list", "setxattr", ACCOUNT, access_list},
	{"lsetxattr", "lsetxattr", ACCOUNT, attribute_of_link},
	{"left-fsetxattr", "fsetxattr", ACCOUNT, attribute_of_left},
	{"write-proc", "write", ACCOUNT, say_of_oneself},
	{"removexattr", "removexattr", ACCOUNT, no_attribute},
	{"lremovexattr", "lremovexattr", ACCOUNT, no_attribute_of_link},
	{"plant-device", "mknod", ROOT, device},
	{"plant-block-device", "mknodat", ROOT, device_at},
	{"plant-whiteout", "mknodat", ACCOUNT, whiteout},
	{"plant-fifo", "mkfifo", ACCOUNT, pipe_with_name},
	{"rename-whiteout", "renameat2", ACCOUNT, whiteout_left},
	{"plant-setuid", "fchmodat", ACCOUNT, set_user_id},
	{"plant-file-of-root", "chown", ROOT, file_of_root},
	{"plant-capability", "fsetxattr", ROOT, capability},
	{0},
};
