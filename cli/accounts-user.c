/*
 * accounts-user - steps on the system's user database, all by its own tools.
 */
#include "accounts.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UID_MIN_DEFAULT = 1000, UID_NOBODY = 65534, HASH_MAX = 512 };

/* What the tool said is why the step failed. */
static bool run(struct plan *plan, struct step *step, const char *const argv[], const char *input)
{
	if (user_tool_run(&plan->tool, argv, input))
		return true;
	step_say(step, "%s", plan->tool.said);
	return false;
}

static char *keep(struct step *step, const char *text)
{
	free(step->old_text);
	return step->old_text = strdup(text);
}

/* The facts follow the account from there on. */
static const struct passwd *entry_of(struct plan *plan)
{
	const struct passwd *entry = getpwnam(plan->wish->name);

	if (entry)
		plan->account.facts.uid = entry->pw_uid;
	return entry;
}

/* ---- the group that Match Group names ---- */

static enum look look_at_group(struct plan *plan, struct step *step)
{
	(void)plan;
	step_say(step, "%s, a system group, for Match Group", ACCOUNTS_GROUP);
	return getgrnam(ACCOUNTS_GROUP) ? LOOK_SAME : LOOK_NEEDED;
}

static bool add_group(struct plan *plan, struct step *step)
{
	return run(plan, step, (const char *const[]){"groupadd", "--system", ACCOUNTS_GROUP, NULL}, NULL);
}

static bool remove_group(struct plan *plan, struct step *step)
{
	return run(plan, step, (const char *const[]){"groupdel", ACCOUNTS_GROUP, NULL}, NULL);
}

const struct step_kind step_group = {"group", look_at_group, add_group, remove_group};

/* ---- an account that is not there yet ---- */

/*
 * A group of the account's name that is there already is somebody's: its members would reach the docroot, and the
 * account what they share. Only one that a killed run of ours made is taken.
 */
static enum look look_at_user(struct plan *plan, struct step *step)
{
	const struct group *group;

	if (entry_of(plan)) {
		step_say(step, "%s, uid %u", plan->wish->name, plan->account.facts.uid);
		return LOOK_SAME;
	}
	group = getgrnam(plan->wish->name);
	if (group && !plan->adopted) {
		step_say(step, "a group %s is there (gid %u), and no account; groupdel it, or choose another name",
			 plan->wish->name, group->gr_gid);
		return LOOK_BLOCKED;
	}
	step_say(step, "%s, of a group of its own and of %s; shell %s, no password, home %s", plan->wish->name,
		 ACCOUNTS_GROUP, SALLYPORT_SHELL, plan->home);
	return LOOK_NEEDED;
}

/* '*' is no password and yet not locked: sshd without PAM refuses a locked account. */
static bool add_user(struct plan *plan, struct step *step)
{
	const char *name = plan->wish->name;
	bool group = getgrnam(name) != NULL;
	const char *const argv[] = {"useradd", "--no-create-home", "--home-dir", plan->home, "--shell", SALLYPORT_SHELL,
				    "--password", "*", "--comment", "transfer account", "--groups", ACCOUNTS_GROUP,
				    group ? "--gid" : "--user-group", group ? name : "--", name, NULL};

	if (!run(plan, step, argv, NULL))
		return false;
	if (entry_of(plan))
		return true;
	step_say(step, "useradd succeeded, and there is no such account: is it looked up elsewhere (nsswitch.conf)?");
	return false;
}

static bool remove_user(struct plan *plan, struct step *step)
{
	return run(plan, step, (const char *const[]){"userdel", "--", plan->wish->name, NULL}, NULL);
}

const struct step_kind step_user = {"user", look_at_user, add_user, remove_user};

/* ---- the shell: what makes an account a guarded one ---- */

/* UID_MIN of login.defs(5): below it are accounts of the system's. */
static uid_t first_uid(void)
{
	char line[256];
	unsigned number, least = UID_MIN_DEFAULT;
	FILE *file = fopen("/etc/login.defs", "re");

	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "UID_MIN %u", &number) == 1) /* NOLINT: a number too large is no uid either */
			least = number;
	if (file)
		fclose(file);
	return least;
}

static const char *why_not_convert(const struct plan *plan, const struct passwd *entry)
{
	if (entry->pw_uid == 0)
		return "has uid 0: root is never a transfer account";
	if (entry->pw_uid < first_uid() || entry->pw_uid == UID_NOBODY)
		return "is an account of the system's: make one that is for transfers alone";
	return plan->wish->convert || plan->adopted ? NULL : "is there already; --convert makes it a transfer account";
}

static enum look look_at_shell(struct plan *plan, struct step *step)
{
	const struct passwd *entry = entry_of(plan);

	if (!entry || (entry->pw_uid != 0 && account_is_gate(entry->pw_shell))) {
		step_say(step, "%s", entry ? entry->pw_shell : SALLYPORT_SHELL);
		return LOOK_SAME;
	}
	const char *reason = why_not_convert(plan, entry);
	step_say(step, "%s (uid %u, shell %s) %s%s", entry->pw_name, entry->pw_uid, entry->pw_shell,
		 reason ? reason : "gets the shell ", reason ? "" : SALLYPORT_SHELL);
	return reason ? LOOK_BLOCKED : LOOK_NEEDED;
}

static bool set_shell(struct plan *plan, struct step *step, const char *shell)
{
	return run(plan, step, (const char *const[]){"usermod", "--shell", shell, "--", plan->wish->name, NULL}, NULL);
}

static bool change_shell(struct plan *plan, struct step *step)
{
	const struct passwd *entry = entry_of(plan);

	return entry && keep(step, entry->pw_shell) && set_shell(plan, step, SALLYPORT_SHELL);
}

static bool restore_shell(struct plan *plan, struct step *step)
{
	return set_shell(plan, step, step->old_text);
}

const struct step_kind step_shell = {"shell", look_at_shell, change_shell, restore_shell};

/* ---- the password: none ---- */

static enum look look_at_password(struct plan *plan, struct step *step)
{
	const struct spwd *shadow = getspnam(plan->wish->name);

	step_say(step, "none");
	if (!entry_of(plan) || (shadow && strcmp(shadow->sp_pwdp, "*") == 0))
		return LOOK_SAME;
	step_say(step, "%s", shadow ? "the one that it has is taken away; keys alone are left"
				    : "none: the account has no line in the shadow file yet");
	return LOOK_NEEDED;
}

/* By stdin: a hash in argv could be read by everybody. */
static bool set_password(struct plan *plan, struct step *step, const char *hash)
{
	char line[ACCOUNTS_NAME_MAX + HASH_MAX];

	if (snprintf(line, sizeof line, "%s:%s\n", plan->wish->name, hash) >= (int)sizeof line) {
		step_say(step, "a password hash longer than %d bytes", HASH_MAX);
		return false;
	}
	bool done = run(plan, step, (const char *const[]){"chpasswd", "--encrypted", NULL}, line);
	explicit_bzero(line, sizeof line);
	return done;
}

static bool take_password(struct plan *plan, struct step *step)
{
	const struct spwd *shadow = getspnam(plan->wish->name);

	step->old_day = shadow ? shadow->sp_lstchg : -1;
	return keep(step, shadow ? shadow->sp_pwdp : "*") && set_password(plan, step, "*");
}

static bool restore_password(struct plan *plan, struct step *step)
{
	char day[24];

	snprintf(day, sizeof day, "%ld", step->old_day);
	return set_password(plan, step, step->old_text) &&
	       run(plan, step, (const char *const[]){"chage", "--lastday", day, "--", plan->wish->name, NULL}, NULL);
}

const struct step_kind step_password = {"password", look_at_password, take_password, restore_password};

/* ---- membership ---- */

static bool is_member(const char *name)
{
	const struct group *group = getgrnam(ACCOUNTS_GROUP);

	for (char **member = group ? group->gr_mem : NULL; member && *member; member++)
		if (strcmp(*member, name) == 0)
			return true;
	return false;
}

static enum look look_at_member(struct plan *plan, struct step *step)
{
	step_say(step, "of the group %s", ACCOUNTS_GROUP);
	return is_member(plan->wish->name) ? LOOK_SAME : LOOK_NEEDED;
}

static bool join(struct plan *plan, struct step *step)
{
	return run(plan, step, (const char *const[]){"usermod", "--append", "--groups", ACCOUNTS_GROUP, "--",
						     plan->wish->name, NULL}, NULL);
}

static bool leave(struct plan *plan, struct step *step)
{
	return run(plan, step, (const char *const[]){"gpasswd", "--delete", plan->wish->name, ACCOUNTS_GROUP, NULL},
		   NULL);
}

const struct step_kind step_member = {"member", look_at_member, join, leave};
