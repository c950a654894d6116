/*
 * escape: to become more than the account, or another; and to drive the terminal that a session may have.
 */
#include "escape.h"

#include <linux/capability.h>
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
static int keep_capabilities(void) { return CALL(prctl, PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L); }

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
	{"keepcaps", "prctl", ACCOUNT, keep_capabilities},
	{0},
};

/* ---- the terminal: descriptor 2 is one ---- */

static int type_ahead(void) { return CALL(ioctl, 2, (long)TIOCSTI, "\n"); }

static int resize(void)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	return CALL(ioctl, 2, (long)TIOCSWINSZ, &size);
}

static int set_modes(void)
{
	/* the kernel's struct termios is smaller than libc's */
	char modes[256];

	return CALL(ioctl, 2, (long)TCGETS, modes) != 0 ? -1 : CALL(ioctl, 2, (long)TCSETS, modes);
}

const struct attempt escape_terminal[] = {
	{"terminal-input", "ioctl", ROOT, type_ahead},
	{"terminal-size", "ioctl", ACCOUNT, resize},
	{"terminal-modes", "ioctl", ACCOUNT, set_modes},
	{0},
};
