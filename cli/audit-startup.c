/*
 * audit-startup - homes of restricted accounts: who can write them, and start-up files in them; and
 * ChrootDirectory.
 */
#include "audit-keys.h"
#include "audit-sshd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What login shells, sshd and PAM read in a home. */
static const char *const startup[] = {
    ".profile", ".login",           ".bashrc", ".bash_profile",    ".bash_login", ".bash_logout",
    ".cshrc",   ".tcshrc",          ".zshenv", ".zshrc",           ".zprofile",   ".zlogin",
    ".kshrc",   ".pam_environment", ".ssh/rc", ".ssh/environment",
};

enum { OTHERS = S_IWGRP | S_IWOTH };

static bool look_up(const struct audit *a, const char *path, struct stat *st)
{
	int fd = audit_open(a, path, O_PATH | O_NOFOLLOW);
	bool good = fd >= 0 && fstat(fd, st) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

static const char *reason_of(const struct stat *st, unsigned owner)
{
	if (st->st_uid != 0 && st->st_uid != owner)
		return "belongs to somebody else";
	return st->st_mode & S_IWOTH ? "can be written by everybody" : "can be written by its group";
}

/* The home, and every directory above it. */
static void look_at_home(struct audit *a, struct audit_account *account)
{
	char path[PATH_MAX];
	const struct audit_evidence evidence = {.place = account->place, .path = path};
	struct way way;

	if (*account->home != '/')
		return;
	if (!place_look(a, account, account->home, &way)) {
		audit_unseen(&a->found, "homes", "%s: %s", account->home, strerror(errno));
		return;
	}
	if (way.absent || way.others.length == 0)
		return;
	memcpy(path, way.real, way.others.length);
	path[way.others.length] = '\0';
	audit_find(&a->found, AUDIT_HOME_WRITABLE, account, &evidence, "%s %s", path,
		   reason_of(&way.others.status, account->uid));
}

static void look_at_startup(struct audit *a, struct audit_account *account, bool has_sshrc)
{
	char path[PATH_MAX];
	struct stat st;

	for (size_t i = 0; i < sizeof startup / sizeof *startup; i++) {
		char shown[64];
		const struct audit_evidence evidence = {.place = {shown, 0}, .value = startup[i]};

		snprintf(shown, sizeof shown, "~/%s", startup[i]);
		if (snprintf(path, sizeof path, "%s/%s", account->home, startup[i]) >= (int)sizeof path ||
		    !look_up(a, path, &st))
			continue;
		if (has_sshrc && strcmp(startup[i], ".ssh/rc") == 0)
			audit_find(&a->found, AUDIT_RC_HIDES_SSHRC, account, &evidence, "%s is there",
				   startup[i]);
		if (st.st_uid == 0 && !(st.st_mode & OTHERS))
			continue;
		audit_find(&a->found, account->shell_is_gate ? AUDIT_STARTUP_IDLE : AUDIT_STARTUP_FILE, account,
			   &evidence, "%s is not root's alone", startup[i]);
	}
}

/* ---- ChrootDirectory ---- */

/* A path of sshd_config for the account. False: it has none. */
static bool expand(const char *value, size_t length, const struct audit_account *account, char out[PATH_MAX])
{
	const struct policy_account facts = keys_facts(account);
	char pattern[PATH_MAX];

	if (!value || length >= sizeof pattern || (length == 4 && memcmp(value, "none", 4) == 0))
		return false;
	memcpy(pattern, value, length);
	pattern[length] = '\0';
	return sshd_tokens(pattern, SSHD_TOKENS, &facts, out);
}

/* sshd's own rule (session.c, safely_chroot): root's, and nobody else may write, sticky or not. */
static void look_at_chroot(struct audit_session *s, void *context)
{
	struct audit *a = context;
	const char *at = s->answer;
	size_t length;
	const char *value = audit_answer_next(&at, "chrootdirectory", &length);
	const struct audit_config_line *line = audit_config_find(s->config, "chrootdirectory", NULL);
	struct audit_evidence evidence = {.place = line ? line->place : (struct audit_place){s->file, 0}};
	char path[PATH_MAX];
	struct stat st;

	if (!expand(value, length, s->account, path))
		return;
	if (*path != '/') {
		audit_find(&a->found, AUDIT_CHROOT_BAD, s->account, &evidence,
			   "ChrootDirectory %s does not begin at the root: sshd ends every session", path);
		return;
	}
	while (*path) {
		evidence.path = path;
		if (!look_up(a, path, &st))
			audit_find(&a->found, AUDIT_CHROOT_BAD, s->account, &evidence, "ChrootDirectory: %s: %s",
				   path, strerror(errno));
		else if (!S_ISDIR(st.st_mode) || st.st_uid != 0 || st.st_mode & OTHERS)
			audit_find(&a->found, AUDIT_CHROOT_BAD, s->account, &evidence,
				   "bad ownership or modes for chroot directory component \"%s\"", path);
		*strrchr(path, '/') = '\0';
	}
}

void audit_startup(struct audit *a)
{
	struct stat st;
	bool has_sshrc = look_up(a, "/etc/ssh/sshrc", &st);

	for (size_t i = 0; i < a->accounts; i++) {
		struct audit_account *account = &a->account[i];

		if (!audit_wanted(a, account) || !audit_restricted(account))
			continue;
		look_at_home(a, account);
		look_at_startup(a, account, has_sshrc);
		audit_each_answer(a, account, look_at_chroot, a);
	}
}
