/*
 * doctor-host - what the kernel gives. What can be tried is tried, in a child; settings only explain a refusal.
 */
#include "doctor.h"

#include "become.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* The kernel baseline, DESIGN and INSTALL: Linux 5.14. */
enum { MAJOR = 5, MINOR = 14 };

static void kernel(struct doctor *d)
{
	struct utsname host;
	char *rest;

	uname(&host);
	unsigned long major = strtoul(host.release, &rest, 10);
	unsigned long minor = *rest == '.' ? strtoul(rest + 1, NULL, 10) : 0;
	if (major > MAJOR || (major == MAJOR && minor >= MINOR))
		doctor_say(d, LEVEL_OK, "kernel", NULL, "Linux %s", host.release);
	else
		doctor_say(d, LEVEL_WARN, "kernel", "Linux 5.14 or later",
			   "Linux %s is older than what this is made for", host.release);
}

/* What is missing before each ABI; SECURITY has what that means. */
static const struct {
	int abi;
	const char *since;
	const char *lacks;
} landlock_steps[] = {
	{2, "Linux 5.19 or later", "moves between directories are refused to every program"},
	{3, "Linux 6.2 or later", "a file can be truncated by name where upload is withheld"},
	{6, "Linux 6.12 or later", "a program that forks can signal other processes of its account"},
};

static void landlock(struct doctor *d)
{
	static const char boot[] = "boot with lsm=landlock,... (and CONFIG_SECURITY_LANDLOCK=y)";
	bool said = false;

	d->landlock = sandbox_landlock_abi();
	if (d->landlock == 0) {
		bool refused = d->may_lack < d->accounts || d->spawning > 0;

		doctor_say(d, refused ? LEVEL_FAIL : LEVEL_WARN, "landlock", boot,
			   "this kernel does not have it; %zu of %zu accounts may lack it, git never may",
			   d->may_lack, d->accounts);
		return;
	}
	for (size_t i = 0; i < sizeof landlock_steps / sizeof *landlock_steps; i++)
		if (d->landlock < landlock_steps[i].abi) {
			doctor_say(d, LEVEL_WARN, "landlock", landlock_steps[i].since, "ABI %d of %d: %s",
				   d->landlock, landlock_steps[i].abi, landlock_steps[i].lacks);
			said = true;
		}
	if (!said)
		doctor_say(d, LEVEL_OK, "landlock", NULL, "ABI %d", d->landlock);
}

static void seccomp(struct doctor *d)
{
	uint32_t kill = SECCOMP_RET_KILL_PROCESS;

	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kill) == 0)
		doctor_say(d, LEVEL_OK, "seccomp", NULL, "filters, with a kill of the whole process");
	else
		doctor_say(d, LEVEL_FAIL, "seccomp", "a kernel with CONFIG_SECCOMP_FILTER=y",
			   "no seccomp filters: every session is refused");
}

static void mounts(struct doctor *d)
{
	/* Each says EBADF or the like when it is there; nothing is mounted. */
	errno = 0;
	syscall(SYS_mount_setattr, -1, "", 0, NULL, 0);
	bool lacks = errno == ENOSYS;

	if (lacks)
		doctor_say(d, LEVEL_FAIL, "mount-api",
			   "Linux 5.12 or later; in a container, a seccomp profile that allows it",
			   "mount_setattr(2) is not there: no view can be made");
	else
		doctor_say(d, LEVEL_OK, "mount-api", NULL, "mount_setattr(2) is there");
}

/* ---- namespaces ---- */

static int make_user_namespace(void *unused)
{
	(void)unused;
	/* Where AppArmor restricts them they can be made, and give no capability. */
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0;
}

static int make_process_namespace(void *unused)
{
	int flags = CLONE_NEWPID | CLONE_NEWUTS | (geteuid() == 0 ? 0 : CLONE_NEWUSER);

	(void)unused;
	return unshare(flags) != 0;
}

static bool setting_is(const char *path, char want)
{
	char byte = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool is = read(fd, &byte, 1) == 1 && byte == want;
	close(fd);
	return is;
}

static const struct {
	const char *path;
	char closed; /* its first byte, when it is what stands in the way */
	const char *fix;
} gates[] = {
	{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1',
	 "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile that gives the gate `userns`"},
	{"/proc/sys/kernel/unprivileged_userns_clone", '0', "sysctl kernel.unprivileged_userns_clone=1"},
	{"/proc/sys/user/max_user_namespaces", '0', "sysctl user.max_user_namespaces=15000"},
};

static void namespaces(struct doctor *d)
{
	const char *user = d->first ? d->first : "nobody";
	const char *fix = "a kernel with CONFIG_USER_NS=y; in a container, a profile that allows unshare(2)";

	d->user_namespaces = become_ask(user, make_user_namespace, NULL) == 0;
	for (size_t i = 0; !d->user_namespaces && i < sizeof gates / sizeof *gates; i++)
		if (setting_is(gates[i].path, gates[i].closed))
			fix = gates[i].fix;
	if (d->user_namespaces)
		doctor_say(d, LEVEL_OK, "user-namespaces", NULL, "%s can make one", user);
	else /* doctor_install() says whether anybody needs them */
		doctor_say(d, LEVEL_WARN, "user-namespaces", fix,
			   "%s cannot make one: a gate without file capabilities builds no view", user);

	/* In this process's place, for the limit counts from here up. */
	if (become_ask("root", make_process_namespace, NULL) == 0)
		doctor_say(d, LEVEL_OK, "process-namespaces", NULL, "can be made");
	else
		doctor_say(d, d->waits ? LEVEL_FAIL : LEVEL_WARN, "process-namespaces",
			   "sysctl user.max_pid_namespaces, user.max_uts_namespaces",
			   "cannot be made: accounts with commands that fork, or limits on sessions, are refused");
}

/* hours and expires are as right as the clock is. One that is behind the policy itself makes what is over last. */
static void clock_is_right(struct doctor *d)
{
	enum { ANOTHER_HOST = 60 }; /* seconds by which the clock of a file server may be ahead */
	static const char fix[] = "timedatectl set-ntp true, or chrony or another NTP daemon";
	struct timex kernel = {.modes = 0};
	struct stat st;

	if (!d->timed)
		return;
	int state = adjtimex(&kernel);
	if (stat(d->file, &st) == 0 && st.st_mtime > time(NULL) + ANOTHER_HOST)
		doctor_say(d, LEVEL_WARN, "clock", fix,
			   "it is before the last change of %s: what has expired may not have", d->file);
	if (state < 0)
		doctor_say(d, LEVEL_WARN, "clock", fix, "the kernel does not say whether it is synchronised: %s",
			   strerror(errno));
	else if (state == TIME_ERROR)
		doctor_say(d, LEVEL_WARN, "clock", fix,
			   "it is not synchronised, and some accounts have hours or expires");
	else
		doctor_say(d, LEVEL_OK, "clock", NULL, "synchronised, for hours and expires");
}

void doctor_host(struct doctor *d)
{
	kernel(d);
	landlock(d);
	seccomp(d);
	mounts(d);
	namespaces(d);
	clock_is_right(d);
}
