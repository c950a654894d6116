/*
 * escape: to see and read what lies outside the docroot. By name, by links, by /proc, by descriptors that were
 * left open, by racing the kernel's walk, by a directory that moves out from under us.
 */
#include "escape.h"

#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static char buffer[4096];
static struct stat st;
static int racing; /* the directory, whatever its name is just now */

static int open_by(long call, const char *path)
{
	return (int)(call == SYS_openat ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) : syscall(call, path, O_RDONLY));
}

/* ---- by name ---- */

static int by_name(void) { return is_secret(open_by(SYS_openat, outside("secret"))); }

static int by_dotdot(void)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/../../../../../../../..%s", given("docroot"), outside("secret"));
	return is_secret(open_by(SYS_openat, path));
}

static int by_link(void) { return is_secret(open_by(SYS_open, docroot("relative-link"))); }

static int by_proc_root(void)
{
	char path[4096];

	snprintf(path, sizeof path, "/proc/%d/root%s", victim(), outside("secret"));
	return is_secret(open_by(SYS_open, path));
}

static int openat2(const char *path)
{
	struct open_how how = {.flags = O_RDONLY};

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

static int by_openat2(void) { return is_secret(openat2(outside("secret"))); }

static int environment_of_another(void)
{
	snprintf(buffer, sizeof buffer, "/proc/%d/environ", victim());
	return openat2(buffer);
}

static int terminal_of_another(void) { return openat2(given("terminal")); }

static int walk_up(void)
{
	for (int i = 0; i < 40; i++)
		if (CALL(chdir, "..") != 0)
			return -1;
	return CALL(chdir, given("outside") + 1);
}

static int enter(void) { return CALL(chdir, given("outside")); }
static int temporary_of_another(void) { return CALL(access, given("temporary"), R_OK); }

/* ---- what is asked about a name ---- */

static int ask_stat(void) { return CALL(stat, outside("secret"), &st); }
static int ask_lstat(void) { return CALL(lstat, outside("link"), &st); }
static int ask_statx(void) { return CALL(statx, AT_FDCWD, outside("secret"), 0, 0x7ff, buffer); }
static int ask_statfs(void) { return CALL(statfs, given("outside"), buffer); }
static int ask_access(void) { return CALL(access, outside("secret"), R_OK); }
static int ask_faccessat2(void) { return CALL(faccessat2, AT_FDCWD, outside("secret"), R_OK, AT_EACCESS); }
static int ask_readlink(void) { return CALL(readlink, outside("link"), buffer, sizeof buffer); }
static int ask_getxattr(void) { return CALL(getxattr, outside("secret"), "user.escape", buffer, sizeof buffer); }
static int ask_lgetxattr(void) { return CALL(lgetxattr, outside("secret"), "user.escape", buffer, sizeof buffer); }
static int ask_listxattr(void) { return CALL(listxattr, outside("secret"), buffer, sizeof buffer); }
static int ask_llistxattr(void) { return CALL(llistxattr, outside("secret"), buffer, sizeof buffer); }

static int ask_program_of_another(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/exe", victim());
	return CALL(readlinkat, AT_FDCWD, path, buffer, sizeof buffer);
}

static int list(void) { return CALL(getdents, open(given("outside"), O_RDONLY | O_DIRECTORY), buffer, sizeof buffer); }

static int handle_of(void)
{
	unsigned *handle = (unsigned *)(void *)buffer;
	int mount;

	handle[0] = 128;
	return CALL(name_to_handle_at, AT_FDCWD, outside("secret"), handle, &mount, 0);
}

static int watch(void)
{
	int fd = (int)syscall(SYS_inotify_init1, 0);

	return fd < 0 ? -1 : CALL(inotify_add_watch, fd, given("outside"), IN_ALL_EVENTS);
}

static int watch_by_fanotify(void)
{
	int fd = (int)syscall(SYS_fanotify_init, FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY);

	return fd < 0 ? -1
		      : CALL(fanotify_mark, fd, FAN_MARK_ADD, (uint64_t)FAN_MODIFY, AT_FDCWD, given("outside"));
}

/* ---- descriptors that were left open ---- */

static int left_pread(void) { return CALL(pread64, LEFT_SECRET, buffer, 7, 0L); }
static int left_fstat(void) { return CALL(fstat, LEFT_SECRET, &st); }
static int left_list(void) { return CALL(getdents64, LEFT_DIRECTORY, buffer, sizeof buffer); }
static int left_enter(void) { return CALL(fchdir, LEFT_DIRECTORY); }
static int left_stat(void) { return CALL(newfstatat, LEFT_DIRECTORY, "secret", &st, 0); }
static int left_access(void) { return CALL(faccessat, LEFT_DIRECTORY, "secret", R_OK); }
static int left_duplicate(void) { return CALL(dup, LEFT_SECRET); }
static int left_link(void) { return CALL(readlinkat, LEFT_DIRECTORY, "link", buffer, sizeof buffer); }

static int made(void) { return open(docroot("made"), O_RDWR | O_CREAT | O_TRUNC, 0600); }

static int left_sendfile(void)
{
	off_t at = 0;

	return CALL(sendfile, made(), LEFT_SECRET, &at, 7UL);
}

static int left_copy(void)
{
	off_t at = 0;

	return CALL(copy_file_range, LEFT_SECRET, &at, made(), NULL, 7UL, 0);
}

static int left_splice(void)
{
	int ends[2];
	off_t at = 0;

	return pipe(ends) != 0 ? -1 : CALL(splice, LEFT_SECRET, &at, ends[1], NULL, 7UL, 0);
}

/* ---- races: somebody outside works with us (escape-world.c) ---- */

/* Tells the accomplice to begin, and waits until it did. */
static int ask_accomplice(const char *what)
{
	char done[64];

	snprintf(done, sizeof done, "%s-done", what);
	unlink(docroot(done));
	close(open(docroot(what), O_WRONLY | O_CREAT, 0666));
	for (int i = 0; i < 20000; i++, usleep(1000))
		if (access(docroot(done), F_OK) == 0)
			return 0;
	return held(ETIMEDOUT);
}

/* The race is over: he stops, and says so. */
static void dismiss_accomplice(void)
{
	unlink(docroot("race"));
	for (int i = 0; i < 20000 && access(docroot("race-done"), F_OK) == 0; i++)
		usleep(1000);
}

/*
 * racing/ is now a directory of the docroot, now a link that leads outside. Until both have been met often, or the
 * link led out.
 */
static int race(int (*walk)(void), bool (*in_directory)(int result))
{
	int met_directory = 0, met_link = 0, error = ETIMEDOUT;

	racing = open(docroot("racing"), O_RDONLY | O_DIRECTORY);
	if (ask_accomplice("race") != 0)
		return -1;
	for (int i = 0; i < 1000000 && (met_directory < 50 || met_link < 50); i++) {
		int result = walk();
		if (in_directory(result)) {
			met_directory++;
		} else if (result >= 0) {
			dismiss_accomplice();
			return 0;
		} else {
			met_link++;
			error = errno;
		}
		if (i % 16 == 0)
			usleep(1);
	}
	dismiss_accomplice();
	return held(met_directory && met_link ? error : ETIMEDOUT);
}

static bool is_inside(int result) { return result < 0 && errno == EBADMSG; }
static int race_read(void) { return is_secret(open_by(SYS_open, docroot("racing/secret"))); }
static int race_to_read(void) { return race(race_read, is_inside); }

static bool is_made_inside(int result)
{
	return result >= 0 && unlinkat(racing, "made", 0) == 0;
}

static int race_make(void)
{
	int fd = (int)syscall(SYS_creat, docroot("racing/made"), 0600);

	if (fd >= 0)
		close(fd);
	return fd;
}

static int race_to_write(void) { return race(race_make, is_made_inside); }

/* The directory that we stand in, or hold open, is moved outside; `..` of it is then the outside itself. */
static int stand_in_what_moves(const char *move, const char *directory)
{
	return chdir(docroot(directory)) != 0 ? -1 : ask_accomplice(move);
}

static int moved_to_look(void)
{
	return stand_in_what_moves("move-1", "moving-1") != 0 ? -1 : CALL(lstat, "../secret", &st);
}

static int moved_to_read(void)
{
	return stand_in_what_moves("move-3", "moving-3") != 0 ? -1 : is_secret(open_by(SYS_openat, "../secret"));
}

static int moved_to_make(void)
{
	return stand_in_what_moves("move-4", "moving-4") != 0 ? -1 : CALL(creat, "../new-moved", 0600);
}

static int moved_while_we_hold_it(void)
{
	int fd = open(docroot("moving-2"), O_RDONLY | O_DIRECTORY);

	if (fd < 0 || ask_accomplice("move-2") != 0)
		return -1;
	return CALL(faccessat, fd, "../secret", R_OK);
}

const struct attempt escape_files[] = {
	{"open", "openat", ACCOUNT, by_name},
	{"open-dotdot", "openat", ACCOUNT, by_dotdot},
	{"open-link", "open", ACCOUNT, by_link},
	{"open-proc-root", "open", ACCOUNT, by_proc_root},
	{"openat2", "openat2", ACCOUNT, by_openat2},
	{"open-proc-environ", "openat2", ACCOUNT, environment_of_another},
	{"open-terminal", "openat2", ACCOUNT, terminal_of_another},
	{"chdir-up", "chdir", ACCOUNT, walk_up},
	{"chdir", "chdir", ACCOUNT, enter},
	{"other-tmp", "access", ACCOUNT, temporary_of_another},
	{"stat", "stat", ACCOUNT, ask_stat},
	{"lstat", "lstat", ACCOUNT, ask_lstat},
	{"statx", "statx", ACCOUNT, ask_statx},
	{"statfs", "statfs", ACCOUNT, ask_statfs},
	{"access", "access", ACCOUNT, ask_access},
	{"faccessat2", "faccessat2", ACCOUNT, ask_faccessat2},
	{"readlink", "readlink", ACCOUNT, ask_readlink},
	{"readlink-proc", "readlinkat", ACCOUNT, ask_program_of_another},
	{"getxattr", "getxattr", ACCOUNT, ask_getxattr},
	{"lgetxattr", "lgetxattr", ACCOUNT, ask_lgetxattr},
	{"listxattr", "listxattr", ACCOUNT, ask_listxattr},
	{"llistxattr", "llistxattr", ACCOUNT, ask_llistxattr},
	{"getdents", "getdents", ACCOUNT, list},
	{"name-to-handle", "name_to_handle_at", ACCOUNT, handle_of},
	{"inotify", "inotify_init1", ACCOUNT, watch},
	{"fanotify", "fanotify_init", ACCOUNT, watch_by_fanotify},
	{"left-pread", "pread64", ACCOUNT, left_pread},
	{"left-fstat", "fstat", ACCOUNT, left_fstat},
	{"left-getdents", "getdents64", ACCOUNT, left_list},
	{"left-fchdir", "fchdir", ACCOUNT, left_enter},
	{"left-stat", "newfstatat", ACCOUNT, left_stat},
	{"left-faccessat", "faccessat", ACCOUNT, left_access},
	{"left-dup", "dup", ACCOUNT, left_duplicate},
	{"left-readlink", "readlinkat", ACCOUNT, left_link},
	{"left-sendfile", "sendfile", ACCOUNT, left_sendfile},
	{"left-copy", "copy_file_range", ACCOUNT, left_copy},
	{"left-splice", "splice", ACCOUNT, left_splice},
	{"race-open", "open", ACCOUNT, race_to_read},
	{"race-creat", "creat", ACCOUNT, race_to_write},
	{"moved-cwd", "lstat", ACCOUNT, moved_to_look},
	{"moved-directory", "faccessat", ACCOUNT, moved_while_we_hold_it},
	{"moved-open", "openat", ACCOUNT, moved_to_read},
	{"moved-creat", "creat", ACCOUNT, moved_to_make},
	{0},
};
