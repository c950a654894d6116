/*
 * escape: to become more than the account, or another; and to drive the terminal that a session may have.
 */
#include "escape.h"

#include <linux/capability.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>

static long other(void) { return number("other"); }

static int become(void) { return CALL(setuid, other()); }
static int become_re(void) { return CALL(setreuid, other(), other()); }
static int become_res(void) { return CALL(setresuid, other(), other(), other()); }
static int join(void) { return CALL(setgid, other()); }
static int join_re(void) { return CALL(setregid, other(), other()); }
static int join_res(void) { return CALL(setresgid, other(), other(), other()); }

/* These two return the id before, whatever happens: asked again, they tell. */
static int become_for_files(void)
{
	syscall(SYS_setfsuid, other());
	return syscall(SYS_setfsuid, -1L) == other() ? 0 : held(EPERM);
}

static int join_for_files(void)
{
	syscall(SYS_setfsgid, other());
	return syscall(SYS_setfsgid, -1L) == other() ? 0 : held(EPERM);
}

static int join_further(void)
{
	gid_t groups[] = {(gid_t)other()};

	return CALL(setgroups, 1, groups);
}

static int no_groups(void) { return CALL(setgroups, 0, NULL); }

/* ---- capabilities ---- */

static struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};

static int raise_capability(void)
{
	struct __user_cap_data_struct sets[2] = {{0}};
	uint32_t one = 1U << CAP_SYS_ADMIN;

	sets[0].effective = sets[0].permitted = one;
	return CALL(capset, &head, sets);
}

static int raise_ambient(void)
{
	struct __user_cap_data_struct sets[2];

	if (root() && syscall(SYS_capget, &head, sets) == 0) {
		sets[0].inheritable = sets[0].permitted;
		syscall(SYS_capset, &head, sets);
	}
	return CALL(prctl, PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_RAISE, (long)CAP_SYS_ADMIN, 0L, 0L);
}

static int secure_bits(void) { return CALL(prctl, PR_SET_SECUREBITS, (long)SECBIT_KEEP_CAPS, 0L, 0L, 0L); }

/*
 * Every other one: keeping capabilities, death signals, tracers, dispatch of calls, memory maps, side channels. None is
 * asked for anything but nothing.
 */
static int other_prctl(void)
{
	for (long option = 1; option < 128; option++)
		switch (option) {
		case PR_SET_NAME: case PR_GET_NAME: case PR_SET_DUMPABLE: case PR_GET_DUMPABLE:
		case PR_GET_SECCOMP: case PR_GET_NO_NEW_PRIVS: case PR_CAPBSET_READ: break;
		default:
			if (CALL(prctl, option, 0L, 0L, 0L, 0L) == 0)
				return 0;
		}
	return -1;
}

const struct attempt escape_privilege[] = {
	{"setuid", "setuid", ROOT, become},
	{"setreuid", "setreuid", ROOT, become_re},
	{"setresuid", "setresuid", ROOT, become_res},
	{"setgid", "setgid", ROOT, join},
	{"setregid", "setregid", ROOT, join_re},
	{"setresgid", "setresgid", ROOT, join_res},
	{"setfsuid", "setfsuid", ROOT, become_for_files},
	{"setfsgid", "setfsgid", ROOT, join_for_files},
	{"setgroups", "setgroups", ROOT, join_further},
	{"setgroups-none", "setgroups", ROOT, no_groups},
	{"capset", "capset", ROOT, raise_capability},
	{"ambient", "prctl", ROOT, raise_ambient},
	{"securebits", "prctl", ROOT, secure_bits},
	{"prctl-others", "prctl", ACCOUNT, other_prctl},
	{0},
};

/* ---- the terminal: descriptor 2 is one ---- */

static int type_ahead(void) { return CALL(ioctl, 2, (long)TIOCSTI, "\n"); }

struct request {
	unsigned long number;
	void *argument;
};

/* The first that is carried out is enough. */
static int any(int fd, const struct request *requests)
{
	for (; requests->number; requests++)
		if (CALL(ioctl, fd, (long)requests->number, requests->argument) == 0)
			return 0;
	return -1;
}

/* Its size, modes, discipline and foreground; to take it, or to shut others out. */
static int drive(void)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	int group = getpgrp(), discipline = 0;
	char modes[256]; /* the kernel's struct termios is smaller than libc's */
	const struct request requests[] = {
		{TIOCSWINSZ, &size},  {TCSETS, modes},         {TCSETSW, modes}, {TCSETSF, modes},
		{TIOCSPGRP, &group},  {TIOCSETD, &discipline}, {TIOCSCTTY, 0},   {TIOCNOTTY, 0},
		{TIOCNXCL, 0},        {TCFLSH, 0},             {TCSBRK, 0},      {0},
	};

	return CALL(ioctl, 2, (long)TCGETS, modes) != 0 ? -1 : any(2, requests);
}

/* What file systems offer beside their calls: flags, projects and so quotas, clones, comparisons, discards. */
static int drive_file(void)
{
	int fd = open(docroot("driven"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	long none[8] = {0};
	const struct request requests[] = {
		{FS_IOC_GETFLAGS, none},   {FS_IOC_SETFLAGS, none},   {FS_IOC_FSGETXATTR, none},
		{FS_IOC_FSSETXATTR, none}, {FS_IOC_GETVERSION, none}, {FS_IOC_FIEMAP, none},
		{FICLONE, 0},              {FIDEDUPERANGE, none},     {FITRIM, none},
		{FIGETBSZ, none},          {FIOASYNC, none},          {0},
	};

	return any(fd, requests);
}

const struct attempt escape_terminal[] = {
	{"terminal-input", "ioctl", ROOT, type_ahead},
	{"terminal-driven", "ioctl", ACCOUNT, drive},
	{"file-driven", "ioctl", ACCOUNT, drive_file},
	{0},
};
