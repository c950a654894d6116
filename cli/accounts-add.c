/*
 * accounts-add - `sallyport account add` and `account set`: the plan for one account, and what is told behind it.
 */
#include "accounts.h"

#include "cli.h"
#include "describe.h"
#include "keys.h"
#include "paint.h"
#include "slots.h"

#include "text/list.h"
#include "text/pathname.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWN_MODE = 0750, ENTER_MODE = 0750, PASS_MODE = 0711, HOME_MODE = 0755, PARENT_MODE = 0755 };

/* ---- the docroot ---- */

static void add_directory(struct plan *plan, const char *path, bool owned, mode_t mode)
{
	struct step *step = plan_step(plan, &step_directory, path);

	step->owned = owned;
	step->grouped = owned || mode == ENTER_MODE;
	step->mode = mode;
}

/* in and out, or as asked: names, not paths. */
static bool add_split(struct plan *plan, const char *docroot)
{
	const char *at = plan->wish->directories ? plan->wish->directories : "in out", *name;
	char path[PATH_MAX];
	size_t length;

	while (name = list_next(&at, &length), length > 0) {
		if (memchr(name, '/', length) || *name == '.' || plan->steps > STEPS_MAX / 2) {
			fprintf(stderr, "sallyport: --directories: names right below the docroot, %d at most\n",
				STEPS_MAX / 4);
			return false;
		}
		snprintf(path, sizeof path, "%.2000s/%.*s", docroot, (int)length, name);
		add_directory(plan, path, true, OWN_MODE);
	}
	return true;
}

/*
 *	flat     the docroot is the account's
 *	nested   the docroot is root's, its group may enter; a directory of the account's in it, where it starts
 *	shared   the same for several accounts: all may pass, nobody sees who else is there
 *	split    the docroot is root's, and holds directories of the account's
 */
static bool add_docroot(struct plan *plan)
{
	const struct settings *s = plan->settings;
	char path[PATH_MAX];

	if (!s->docroot)
		return true;
	switch (plan->layout) {
	case LAYOUT_UNSAID: return true;
	case LAYOUT_FLAT: add_directory(plan, s->docroot, true, OWN_MODE); return true;
	case LAYOUT_SPLIT:
		add_directory(plan, s->docroot, false, ENTER_MODE);
		return add_split(plan, s->docroot);
	case LAYOUT_NESTED: add_directory(plan, s->docroot, false, ENTER_MODE); break;
	case LAYOUT_SHARED: add_directory(plan, s->docroot, false, PASS_MODE); break;
	}
	snprintf(path, sizeof path, "%.2000s%s", s->docroot, s->start);
	add_directory(plan, path, true, OWN_MODE);
	return true;
}

/*
 * An account that has its directories, and about which nothing was said: they are as an administrator left them, and
 * not for us to bring into a layout.
 */
static bool docroot_is_settled(const struct plan *plan)
{
	const struct settings *s = plan->settings;
	struct stat st;

	return plan->wish->layout == LAYOUT_UNSAID && !wish_value(plan->wish, "docroot") && !plan->adopted &&
	       plan->account.present && s->docroot && stat(s->docroot, &st) == 0 && access(plan->ini, F_OK) == 0;
}

/* ---- what only some accounts need ---- */

static enum look look_at_slots(struct plan *plan, struct step *step)
{
	step_say(step, "%s/%u, for max-sessions", SALLYPORT_SLOTS, plan->account.facts.uid);
	return plan->account.present && slots_are_right(plan->account.facts.uid) ? LOOK_SAME : LOOK_NEEDED;
}

static bool make_slots(struct plan *plan, struct step *step)
{
	struct side side;

	(void)plan;
	bool done = side_open(&side, SALLYPORT_POLICY, false) && slots_make(&side);
	side_close(&side);
	if (!done)
		step_say(step, "%s: not all could be made", SALLYPORT_SLOTS);
	return done;
}

/* An empty file for a uid harms nobody. */
static bool leave_it(struct plan *plan, struct step *step)
{
	(void)plan;
	(void)step;
	return true;
}

static const struct step_kind step_slots = {"slots", look_at_slots, make_slots, leave_it};

static enum look look_at_state(struct plan *plan, struct step *step)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof path, SALLYPORT_STATE "/%u", plan->account.facts.uid);
	step_say(step, "a state directory, for unison");
	return plan->account.facts.uid != 65534 && lstat(path, &st) == 0 && st.st_uid == plan->account.facts.uid
		       ? LOOK_SAME
		       : LOOK_NEEDED;
}

static bool make_state(struct plan *plan, struct step *step)
{
	char *argv[] = {(char *)(size_t)"state", (char *)(size_t)plan->wish->name, NULL};

	if (state_main(2, argv) == CLI_ALLOW)
		return true;
	step_say(step, "it could not be made: sallyport state %s", plan->wish->name);
	return false;
}

static const struct step_kind step_state = {"state", look_at_state, make_state, leave_it};

static bool keeps_state(const struct settings *settings)
{
	for (size_t i = 0; i < settings->commands_count; i++)
		if (settings->commands[i]->state)
			return settings->isolation == ISOLATION_NAMESPACE;
	return false;
}

/* Where files of ours lie. One that is there is as an administrator wants it, unless we were cut short. */
static void add_parent(struct plan *plan, const char *file)
{
	char directory[PATH_MAX];

	snprintf(directory, sizeof directory, "%.*s", (int)(strrchr(file, '/') - file), file);
	if (plan->adopted || access(directory, F_OK) != 0)
		add_directory(plan, directory, false, PARENT_MODE);
}

/* Behind users/NAME.ini: the policy says what is needed. */
static void add_rest(struct plan *plan)
{
	if (plan->ini_text)
		add_parent(plan, plan->ini);
	if (plan->ini_text || access(plan->ini, F_OK) == 0)
		plan_step(plan, &step_ini, plan->ini);
	if (slots_needed(plan->settings))
		plan_step(plan, &step_slots, NULL);
	if (keeps_state(plan->settings))
		plan_step(plan, &step_state, NULL);
	if (plan->wish->keys_count)
		add_parent(plan, plan->keys);
	for (size_t i = 0; i < plan->wish->keys_count; i++)
		plan_step(plan, &step_key, plan->keys)->file = plan->wish->key[i];
}

/* ---- what an account that was somebody's brings along ---- */

static void note_file(const struct plan *plan, const char *path, const char *what)
{
	struct stat st;

	if (lstat(path, &st) == 0 && st.st_size > 0)
		printf("note: %s has %s: %s\n", plan->wish->name, path, what);
}

static void note_conversion(const struct plan *plan)
{
	static const struct {
		const char *path, *what;
	} rows[] = {
		{"/var/spool/cron/crontabs/%s", "cron runs it without the gate; crontab -r -u takes it away"},
		{"/var/spool/cron/%s", "cron runs it without the gate; crontab -r -u takes it away"},
		{"/var/lib/systemd/linger/%s", "systemd runs its services; loginctl disable-linger"},
		{"/var/mail/%s", "its mail stays"},
	};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(path, sizeof path, "%.*s%s", (int)(strstr(rows[i].path, "%s") - rows[i].path), rows[i].path,
			 plan->wish->name);
		note_file(plan, path, rows[i].what);
	}
	snprintf(path, sizeof path, "%.4000s/.ssh/authorized_keys", plan->account.home);
	note_file(plan, path, "its keys count until the Match block is in force; add those that shall stay with --key");
	for (char **group = plan->account.groups; group && *group; group++)
		if (strcmp(*group, plan->wish->name) != 0 && strcmp(*group, ACCOUNTS_GROUP) != 0)
			printf("note: it stays a member of the group %s\n", *group);
}

/* ---- the subcommands ---- */

static void tell_result(const struct plan *plan)
{
	char verbs[VERBS_TEXT_MAX];
	const struct settings *s = plan->settings;

	describe_access(s->verbs, verbs);
	printf("%s has access %s in ", plan->wish->name, verbs);
	paint_escaped(s->docroot ? s->docroot : "no files", strlen(s->docroot ? s->docroot : "no files"));
	fputs(", by", stdout);
	for (size_t i = 0; i < s->commands_count; i++)
		printf(" %s", s->commands[i]->name);
	putchar('\n');
	if (s->isolation == ISOLATION_CHROOT)
		printf("isolation = chroot: run sallyport docroot prepare --user %s\n", plan->wish->name);
	if (plan->wish->keys_count == 0 && access(plan->keys, F_OK) != 0)
		printf("it has no key yet: sallyport account set %s --key FILE\n", plan->wish->name);
}

static bool plan_add(struct plan *plan)
{
	const struct account *a = &plan->account;

	if (plan->first_policy)
		plan_step(plan, &step_policy, SALLYPORT_POLICY);
	plan_step(plan, &step_group, NULL);
	if (!a->present) {
		plan_step(plan, &step_user, NULL);
	} else {
		plan_step(plan, &step_shell, NULL);
		plan_step(plan, &step_password, NULL);
		plan_step(plan, &step_member, NULL);
	}
	if (!a->present || strcmp(a->home, plan->home) == 0)
		add_directory(plan, plan->home, false, HOME_MODE);
	if (!docroot_is_settled(plan) && !add_docroot(plan))
		return false;
	add_rest(plan);
	return true;
}

int accounts_add(const struct wish *wish)
{
	static struct plan plan; /* its steps are long */
	int status = plan_open(&plan, wish);

	if (status == CLI_ALLOW)
		status = plan_policy(&plan);
	if (status == CLI_ALLOW && !plan_add(&plan))
		status = CLI_USAGE;
	if (status == CLI_ALLOW) {
		bool converts = plan.account.present && !account_is_gate(plan.account.shell);

		status = plan_run(&plan);
		if (converts && status == CLI_ALLOW)
			note_conversion(&plan);
	}
	if (status == CLI_ALLOW && !wish->dry) {
		tell_result(&plan);
		sshd_tell(&plan);
	}
	plan_close(&plan);
	return status;
}

int accounts_add_main(int argc, char *argv[])
{
	struct wish wish = {.verb = "add"};

	return wish_read(argc, argv, &wish) ? accounts_add(&wish) : CLI_USAGE;
}

int accounts_set_main(int argc, char *argv[])
{
	struct wish wish = {.verb = "set"};
	static struct plan plan;

	if (!wish_read(argc, argv, &wish))
		return CLI_USAGE;
	int status = plan_open(&plan, &wish);
	if (status == CLI_ALLOW && !plan.account.present) {
		fprintf(stderr, "sallyport: there is no account %s: sallyport account add makes one\n", wish.name);
		status = CLI_DENY;
	}
	if (status == CLI_ALLOW)
		status = plan_policy(&plan);
	if (status == CLI_ALLOW && (wish.layout != LAYOUT_UNSAID || wish_value(&wish, "docroot"))) {
		plan.layout = plan.layout == LAYOUT_UNSAID ? LAYOUT_FLAT : plan.layout;
		status = add_docroot(&plan) ? CLI_ALLOW : CLI_USAGE;
	}
	if (status == CLI_ALLOW) {
		add_rest(&plan);
		status = plan_run(&plan);
	}
	/* Keys that choose profiles need a Match block of their own. */
	if (status == CLI_ALLOW && !wish.dry && (wish_value(&wish, "profiles") || wish_value(&wish, "profile")))
		sshd_tell(&plan);
	plan_close(&plan);
	return status;
}
