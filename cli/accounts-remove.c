/*
 * accounts-remove - `sallyport account remove`: first what lets somebody in goes, then the account, and last, where
 * that was asked for, its files. Up to the account's end it can all be undone.
 */
#include "accounts.h"

#include "cli.h"
#include "process.h"
#include "roster.h"

#include "text/pathname.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NO_SHELL "/usr/sbin/nologin"

/* ---- sessions that run ---- */

struct counted {
	uid_t uid;
	size_t count;
	pid_t first;
};

static void count_one(void *context, const struct process *process)
{
	struct counted *c = context;

	if (process->uid == c->uid && c->count++ == 0)
		c->first = process->pid;
}

/* What runs could make files while they are deleted, and userdel refuses it. */
static enum look look_at_sessions(struct plan *plan, struct step *step)
{
	struct counted c = {.uid = plan->account.facts.uid};

	if (plan->account.present && !process_each(count_one, &c)) {
		step_say(step, "whether some run cannot be seen: /proc: %s", strerror(errno));
		return LOOK_BLOCKED;
	}
	step_say(step, c.count ? "%zu processes of it run (%d first): end them; account set --expires keeps others out"
			       : "none run", c.count, c.first);
	return c.count ? LOOK_BLOCKED : LOOK_SAME;
}

static const struct step_kind step_sessions = {"sessions", look_at_sessions, NULL, NULL};

/* ---- files that let somebody in ---- */

static enum look look_at_file(struct plan *plan, struct step *step)
{
	struct stat st;

	(void)plan;
	step_say(step, "%s goes", step->path);
	return lstat(step->path, &st) == 0 ? LOOK_NEEDED : LOOK_SAME;
}

static bool take_file(struct plan *plan, struct step *step)
{
	(void)plan;
	step->old_text = file_text(step->path);
	return file_put(step, step->path, NULL);
}

static bool restore_file(struct plan *plan, struct step *step)
{
	(void)plan;
	return file_put(step, step->path, step->old_text);
}

static const struct step_kind step_forget = {"file", look_at_file, take_file, restore_file};

/* ---- the account ---- */

static bool run(struct plan *plan, struct step *step, const char *const argv[])
{
	if (user_tool_run(&plan->tool, argv, NULL))
		return true;
	step_say(step, "%s", plan->tool.said);
	return false;
}

static enum look look_at_gone(struct plan *plan, struct step *step)
{
	const struct passwd *entry = getpwnam(plan->wish->name);

	if (!entry) {
		step_say(step, "there is none");
		return LOOK_SAME;
	}
	step_say(step, "%s (uid %u) is deleted", plan->wish->name, entry->pw_uid);
	if (entry->pw_uid != 0)
		return LOOK_NEEDED;
	step_say(step, "root is not a transfer account");
	return LOOK_BLOCKED;
}

static bool delete_user(struct plan *plan, struct step *step)
{
	return run(plan, step, (const char *const[]){"userdel", "--", plan->wish->name, NULL});
}

static const struct step_kind step_gone = {"user", look_at_gone, delete_user, NULL};

static enum look look_at_locked(struct plan *plan, struct step *step)
{
	const struct passwd *entry = getpwnam(plan->wish->name);

	step_say(step, entry ? "%s stays, expired and with the shell " NO_SHELL : "%s: there is none",
		 plan->wish->name);
	if (entry && entry->pw_uid == 0)
		return LOOK_BLOCKED;
	return entry && strcmp(entry->pw_shell, NO_SHELL) != 0 ? LOOK_NEEDED : LOOK_SAME;
}

static bool lock_user(struct plan *plan, struct step *step)
{
	const char *const argv[] = {"usermod", "--lock", "--expiredate", "1", "--shell", NO_SHELL, "--",
				    plan->wish->name, NULL};

	return run(plan, step, argv);
}

static const struct step_kind step_locked = {"user", look_at_locked, lock_user, NULL};

/* ---- its files ---- */

/* root's, and empty as we made it; what somebody put there is not ours to delete. */
static bool remove_home(struct plan *plan, struct step *step)
{
	(void)plan;
	if (rmdir(step->path) == 0)
		return true;
	step_say(step, "%s: %s", step->path, strerror(errno));
	return false;
}

static const struct step_kind step_home = {"home", look_at_file, remove_home, NULL};

static enum look look_at_data(struct plan *plan, struct step *step)
{
	struct stat st;

	(void)plan;
	step_say(step, "%s and all in it is deleted", step->path);
	return lstat(step->path, &st) == 0 ? LOOK_NEEDED : LOOK_SAME;
}

static bool delete_data(struct plan *plan, struct step *step)
{
	char left[PATH_MAX];

	(void)plan;
	if (directory_delete(step->path, left))
		return true;
	step_say(step, "%.200s: what could not be deleted: %.200s", step->path, left);
	return false;
}

static const struct step_kind step_data = {"data", look_at_data, delete_data, NULL};

/* Who else has this docroot, one beneath it, or one that it lies in. */
struct sharing {
	const struct plan *plan;
	const char *docroot;
	char who[ACCOUNTS_NAME_MAX * 4];
	const char *how;
};

static void note_sharing(void *context, const struct account *account, const struct settings *settings,
			 const struct sitting *sitting)
{
	struct sharing *s = context;

	(void)sitting;
	if (!settings || !settings->docroot || strcmp(account->facts.user, s->plan->wish->name) == 0)
		return;
	if (!pathname_is_beneath(settings->docroot, s->docroot) && !pathname_is_beneath(s->docroot, settings->docroot))
		return;
	snprintf(s->who, sizeof s->who, "%.100s", account->facts.user);
	s->how = "has files there, too";
}

static void note_homes(struct sharing *s)
{
	const struct passwd *entry;

	setpwent();
	while ((entry = getpwent()))
		if (pathname_is_beneath(entry->pw_dir, s->docroot)) {
			snprintf(s->who, sizeof s->who, "%.100s", entry->pw_name);
			s->how = "has its home there";
		}
	endpwent();
}

/* False: said. */
static bool may_delete(const struct plan *plan, const char *docroot)
{
	struct sharing s = {.plan = plan, .docroot = docroot};
	struct side side;
	const char *reason = directory_fault(docroot);
	bool known = side_open(&side, SALLYPORT_POLICY, false) && roster_each(&side, note_sharing, &s);

	side_close(&side);
	note_homes(&s);
	if (!known)
		reason = "whether others use it cannot be told: the policy is at fault";
	else if (!reason)
		reason = s.how;
	if (reason)
		fprintf(stderr, "sallyport: --delete-data: %s: %s%s%s; nothing was done\n", docroot, s.who,
			s.who[0] ? " " : "", reason);
	return !reason;
}

/* ---- the plan ---- */

/* The docroot that an earlier run noted before the settings went: the rest of the line behind its verb. */
static bool noted_docroot(const struct plan *plan, char **docroot)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, ACCOUNTS_PENDING "/%s", plan->wish->name);
	char *text = file_text(path), *blank = text ? strchr(text, ' ') : NULL;
	bool found = blank && strchr(blank, '\n');
	if (found && blank[1] == '/')
		*docroot = strndup(blank + 1, strcspn(blank + 1, "\n"));
	free(text);
	return found;
}

/* False: it cannot be told. *docroot is to be freed; NULL: the account has none. */
static bool find_docroot(struct plan *plan, char **docroot)
{
	const struct policy_source source = {.file = SALLYPORT_POLICY, .user = plan->wish->name};
	struct policy_fault fault;

	*docroot = NULL;
	if (plan->adopted && noted_docroot(plan, docroot))
		return true;
	if (!policy_load(&source, &plan->policy, &fault) ||
	    policy_settings(plan->policy, &plan->account.facts, &plan->settings, &fault) != POLICY_SETTINGS) {
		plan->settings = NULL;
		return false;
	}
	if (plan->settings->docroot)
		*docroot = strdup(plan->settings->docroot);
	return true;
}

static void plan_files(struct plan *plan)
{
	char path[PATH_MAX];
	uid_t uid = plan->account.facts.uid;

	plan_step(plan, &step_forget, plan->keys);
	plan_step(plan, &step_forget, plan->ini);
	snprintf(path, sizeof path, SALLYPORT_SLOTS "/%u", uid);
	if (plan->account.present)
		plan_step(plan, &step_forget, path);
}

static void plan_data(struct plan *plan, const char *docroot)
{
	char path[PATH_MAX];
	uid_t uid = plan->account.facts.uid;

	if (!plan->wish->keep_user)
		plan_step(plan, &step_home, plan->home);
	snprintf(path, sizeof path, SALLYPORT_STATE "/%u", uid);
	if (plan->wish->delete_data && plan->account.present)
		plan_step(plan, &step_data, path);
	if (plan->wish->delete_data && docroot)
		plan_step(plan, &step_data, docroot);
}

/* What stays has a number for an owner, which the next account may be given. */
static void tell_stays(const struct plan *plan, const char *docroot)
{
	struct policy_section section;

	if (docroot && !plan->wish->delete_data && access(docroot, F_OK) == 0)
		printf("its files stay: %s, of uid %u. The next account may get that number: chown them, or take them "
		       "away\n", docroot, plan->account.facts.uid);
	for (size_t i = 0; plan->policy && policy_section(plan->policy, i, &section); i++)
		if (strcmp(section.kind, "user") == 0 && strcmp(section.name, plan->wish->name) == 0 &&
		    strcmp(section.file, SALLYPORT_POLICY) == 0)
			printf("[user %s] stays in %s:%u: take it out with sallyport apply\n", plan->wish->name,
			       SALLYPORT_POLICY, section.line);
}

/* A person's account is not ours to delete because its name was mistyped. */
static const char *not_ours(const struct plan *plan)
{
	if (!plan->account.present && !plan->adopted && access(plan->ini, F_OK) != 0 && access(plan->keys, F_OK) != 0)
		return "there is no such account";
	if (plan->account.present && !plan->adopted && access(plan->ini, F_OK) != 0 &&
	    !account_is_gate(plan->account.shell))
		return "it is no transfer account: its shell is another one, and it has no file in users/";
	return NULL;
}

static int remove_account(struct plan *plan)
{
	const char *reason = not_ours(plan);

	if (reason) {
		fprintf(stderr, "sallyport: %s: %s\n", plan->wish->name, reason);
		return CLI_DENY;
	}
	char *docroot;
	int status = CLI_DENY;
	bool known = find_docroot(plan, &docroot);
	if (plan->wish->delete_data && !known) {
		fprintf(stderr, "sallyport: --delete-data: the policy does not tell which docroot %s has; "
				"nothing was done\n", plan->wish->name);
	} else if (!plan->wish->delete_data || !docroot || may_delete(plan, docroot)) {
		plan_step(plan, &step_sessions, NULL);
		plan_files(plan);
		plan_step(plan, plan->wish->keep_user ? &step_locked : &step_gone, NULL);
		plan_data(plan, docroot);
		status = plan_run(plan);
		if (status == CLI_ALLOW && !plan->wish->dry)
			tell_stays(plan, docroot);
	}
	free(docroot);
	return status;
}

int accounts_remove_main(int argc, char *argv[])
{
	struct wish wish = {.verb = "remove"};
	static struct plan plan;

	if (!wish_read(argc, argv, &wish))
		return CLI_USAGE;
	int status = plan_open(&plan, &wish);
	if (status == CLI_ALLOW)
		status = remove_account(&plan);
	plan_close(&plan);
	return status;
}
