/*
 * doctor-install - the gate as it is installed, and what of the system it leans on.
 */
#include "doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char shell[] = SALLYPORT_SHELL;

/* The gate, and what leads to it: whoever can write there is who decides. */
static bool gate(struct doctor *d)
{
	struct stat st;
	char part[sizeof shell];

	if (lstat(shell, &st) != 0 || !S_ISREG(st.st_mode) || !(st.st_mode & S_IXOTH)) {
		doctor_say(d, LEVEL_FAIL, "gate", "make install", "%s is not there as a program that everybody may run",
			   shell);
		return false;
	}
	if (st.st_mode & (S_ISUID | S_ISGID)) {
		doctor_say(d, LEVEL_FAIL, "gate", "chmod 755; it needs file capabilities at most",
			   "%s is setuid or setgid: it refuses everybody", shell);
		return false;
	}
	for (const char *slash = shell; slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof part, "%.*s", slash == shell ? 1 : (int)(slash - shell), shell);
		if (stat(part, &st) != 0 || st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH)) {
			doctor_say(d, LEVEL_FAIL, "gate", "owner root, and no write bit for group or others",
				   "%s is not root's alone: who can write it can replace the gate", part);
			return false;
		}
	}
	if (stat(shell, &st) != 0 || st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH)) {
		doctor_say(d, LEVEL_FAIL, "gate", "owner root, and no write bit for group or others",
			   "%s is not root's alone", shell);
		return false;
	}
	doctor_say(d, LEVEL_OK, "gate", NULL, "%s", shell);
	return true;
}

/* ---- file capabilities ---- */

static const struct {
	const char *name;
	unsigned number;
} known[] = {{"cap_sys_admin", CAP_SYS_ADMIN}, {"cap_sys_chroot", CAP_SYS_CHROOT}, {"cap_setpcap", CAP_SETPCAP}};

static uint64_t wanted(void)
{
	uint64_t set = 0;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strstr(SALLYPORT_CAPS, known[i].name))
			set |= 1ULL << known[i].number;
	return set;
}

/* What stands between the gate and its capabilities, or NULL. *extra: it has more than it should. */
static const char *capabilities_fault(bool *extra)
{
	struct vfs_ns_cap_data data = {0}; /* the same as the older form, and a root uid behind it */
	struct statvfs fs;
	ssize_t n = getxattr(shell, "security.capability", &data, sizeof data);

	*extra = false;
	if (n < 0)
		return errno == ENOTSUP ? "its file system does not have them" : "it has none";
	uint64_t permitted = data.data[0].permitted | (uint64_t)data.data[1].permitted << 32;
	*extra = permitted != wanted() || data.magic_etc & VFS_CAP_FLAGS_EFFECTIVE ||
		 data.data[0].inheritable || data.data[1].inheritable;
	if ((permitted & wanted()) != wanted())
		return "one of them is missing";
	if (statvfs(shell, &fs) == 0 && fs.f_flag & ST_NOSUID)
		return "it has them, and its file system is mounted nosuid";
	return NULL;
}

static void capabilities(struct doctor *d)
{
	static const char fix[] = "setcap " SALLYPORT_CAPS " " SALLYPORT_SHELL
				  ", on a file system with xattrs and without nosuid";
	bool extra;
	const char *fault = capabilities_fault(&extra);

	d->capabilities = !fault;
	if (extra && !fault)
		doctor_say(d, LEVEL_WARN, "capabilities", fix, "%s has more than %s", shell, SALLYPORT_CAPS);
	else if (!fault)
		doctor_say(d, LEVEL_OK, "capabilities", NULL, "%s", SALLYPORT_CAPS);
	else
		doctor_say(d, d->user_namespaces ? LEVEL_WARN : LEVEL_FAIL, "capabilities", fix, "%s: %s", fault,
			   d->user_namespaces ? "each session makes a user namespace instead"
					      : "and user namespaces cannot be made: every session is refused");
}

/* What a session would find; without capabilities it does not look. */
static void pinned_view(struct doctor *d)
{
	static const char check[] = "pinned-view";
	static const char fix[] = "sallyport view pin; the service does it by itself (INSTALL)";
	struct sandbox_pinned pinned;
	struct sandbox_fault fault;
	bool same = true;

	sandbox_pin_look(SALLYPORT_PINNED, &pinned, &fault);
	if (pinned.ns >= 0)
		close(pinned.ns);
	if (pinned.state == SANDBOX_PIN_FRESH && !sandbox_pin_has_mounts(&pinned, &same, &fault))
		pinned.state = SANDBOX_PIN_FOUL;
	if (pinned.state == SANDBOX_PIN_FOUL)
		doctor_say(d, d->capabilities ? LEVEL_FAIL : LEVEL_WARN, check,
			   "find out who did that, and mend it; or: sallyport view unpin", "%s: %s", SALLYPORT_PINNED,
			   fault.reason);
	else if (pinned.state == SANDBOX_PIN_ABSENT)
		doctor_say(d, LEVEL_OK, check, NULL, "absent: each session builds its view (sallyport view pin: "
			   "one for all, and sessions start faster)");
	else if (pinned.state == SANDBOX_PIN_STALE)
		doctor_say(d, LEVEL_WARN, check, fix, "stale: each session builds its view");
	else if (!same)
		doctor_say(d, LEVEL_WARN, check, fix, "something was mounted in the runtime since, or unmounted: "
			   "sessions do not see that");
	else
		doctor_say(d, LEVEL_OK, check, NULL, "%s", SALLYPORT_PINNED);
}

/* ---- what it leans on ---- */

static void log_socket(struct doctor *d)
{
	static const int types[] = {SOCK_DGRAM, SOCK_STREAM};
	const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	bool reached = false;

	for (size_t i = 0; !reached && i < sizeof types / sizeof *types; i++) {
		int fd = socket(AF_UNIX, types[i] | SOCK_CLOEXEC, 0);

		reached = fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
		if (fd >= 0)
			close(fd);
	}
	if (reached)
		doctor_say(d, LEVEL_OK, "log", NULL, "/dev/log answers");
	else
		doctor_say(d, d->log_required ? LEVEL_FAIL : LEVEL_WARN, "log",
			   "start a syslog daemon, or systemd-journald",
			   "/dev/log does not answer: %s",
			   d->log_required ? "accounts with log-required are refused" : "sessions leave no record");
}

static void program(struct doctor *d, const char *path, const char *fix, const char *without)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_mode & S_IXUSR)
		doctor_say(d, LEVEL_OK, "installed", NULL, "%s", path);
	else
		doctor_say(d, LEVEL_WARN, "installed", fix, "%s is not there: %s", path, without);
}

/*
 * Whether sshd's PAM refuses a login shell that /etc/shells does not list. Where it does not, the gate has no business
 * there: chsh and FTP daemons take a listed shell for a person's (audit: shells-listed).
 */
static bool pam_asks_shells(void)
{
	FILE *file = fopen("/etc/pam.d/sshd", "re");
	char line[512];
	bool asks = false;

	while (file && fgets(line, sizeof line, file))
		asks |= line[strspn(line, " \t")] != '#' && strstr(line, "pam_shells");
	if (file)
		fclose(file);
	return asks;
}

static void shells(struct doctor *d)
{
	const char *name;
	bool listed = false;

	if (!d->gate_is_shell || !pam_asks_shells())
		return;
	setusershell();
	while ((name = getusershell()))
		listed |= strcmp(name, shell) == 0;
	endusershell();
	if (listed)
		doctor_say(d, LEVEL_OK, "shells", NULL, "/etc/shells lists the gate, and sshd's PAM asks");
	else
		doctor_say(d, LEVEL_WARN, "shells", "echo " SALLYPORT_SHELL " >> /etc/shells",
			   "/etc/shells does not list the gate, an account's login shell: pam_shells refuses it");
}

void doctor_install(struct doctor *d)
{
	if (gate(d))
		capabilities(d);
	pinned_view(d);
	log_socket(d);
	program(d, "/usr/sbin/sshd", "apt install openssh-server", "nobody calls the gate");
	program(d, "/usr/bin/getent", "apt install libc-bin",
		"accounts that are not in /etc/passwd are refused");
	shells(d);
}
