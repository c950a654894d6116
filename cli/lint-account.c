/*
 * lint-account - what the sections amount to for one [user], or for whoever is in a [group].
 */
#include "account.h"
#include "lint.h"

#include "policy/paths.h"
#include "text/list.h"
#include "text/when.h"

#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The account that is looked at. */
struct subject {
	struct lint *lint;
	size_t index;
	const struct policy_section *section;
	struct policy_account facts;
	char whose[POLICY_NAME_MAX + 32];
	struct settings settings; /* a copy: the policy keeps only those of the last account */
};

/* Somebody in the group and in no other; not a name that an account can have. */
static struct policy_account member(const char *const *groups, int number)
{
	return (struct policy_account){
		.user = number ? "(another member)" : "(member)",
		.home = number ? "/home/(another member)" : "/home/(member)",
		.uid = 60001 + (unsigned)number,
		.groups = groups,
	};
}

static bool merge(struct lint *lint, const struct policy_account *facts, struct settings *out,
		  struct policy_fault *fault)
{
	const struct settings *settings;

	if (policy_settings(lint->policy, facts, &settings, fault) != POLICY_SETTINGS)
		return false;
	*out = *settings;
	return true;
}

/* ---- profiles ---- */

static bool share_a_minute(const char *const hours[])
{
	enum { MINUTES = 7 * 24 * 60 };

	for (int64_t minute = 0; minute < MINUTES; minute++)
		if (when_in_hours(hours[0], minute * 60) && when_in_hours(hours[1], minute * 60))
			return true;
	return false;
}

static void look_at_profile(const struct subject *s, const char *profile, struct place place)
{
	struct policy_account facts = s->facts;
	struct policy_fault fault;
	struct settings settings;

	/* That it is defined and narrows is seen to when the account's settings are made. */
	facts.profile = profile;
	if (!merge(s->lint, &facts, &settings, &fault))
		return;
	if (settings.hours[0] && settings.hours[1] && !share_a_minute(settings.hours))
		lint_find(s->lint, CHECK_HOURS_NEVER, place, "%s for %s: %s and %s", profile,
			  s->whose, settings.hours[1], settings.hours[0]);
}

static void look_at_profiles(const struct subject *s)
{
	const char *at = s->settings.profiles, *word;
	struct place place = lint_place(s->lint, s->index, "profiles");
	size_t length, count = 0;

	for (; word = list_next(&at, &length), length > 0; count++) {
		char *name = strndup(word, length);

		s->lint->failed |= !name;
		if (name)
			look_at_profile(s, name, place);
		free(name);
	}
	if (s->settings.profile_required && count == 0)
		lint_find(s->lint, CHECK_PROFILE_REQUIRED, place, "%s", s->whose);
}

/* ---- path rules ---- */

/* What holds around the directory of rule i: the deepest rule before it, or the docroot's. */
static unsigned verbs_around(const struct settings *settings, size_t i)
{
	struct paths above = paths_of(settings);

	above.count = i;
	return paths_at(&above, settings->paths[i].directory);
}

static void look_at_paths(const struct subject *s)
{
	struct place place = lint_place(s->lint, s->index, "access");
	const struct settings *settings = &s->settings;
	struct stat st;

	for (size_t i = 0; i < settings->paths_count; i++) {
		const char *directory = settings->paths[i].directory;
		char path[2 * PATH_MAX];

		if (settings->paths[i].verbs == verbs_around(settings, i))
			lint_find(s->lint, CHECK_PATH_IDLE, place, "access %s for %s", directory, s->whose);
		snprintf(path, sizeof path, "%s%s", settings->docroot ? settings->docroot : "", directory);
		/* Only where the docroot is one of this host's. */
		if (settings->docroot && stat(settings->docroot, &st) == 0 &&
		    (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode)))
			lint_find(s->lint, CHECK_PATH_MISSING, place, "access %s for %s", directory, s->whose);
	}
}

/* ---- the rest ---- */

/* Two members with one docroot: it says nothing of who they are. */
static void look_for_sharing(const struct subject *s)
{
	struct policy_account other = member(s->facts.groups, 1);
	struct place place = lint_place(s->lint, s->index, "docroot");
	struct settings settings = {0};
	struct policy_fault fault;

	other.before_profile = true;
	if (!s->settings.docroot || !merge(s->lint, &other, &settings, &fault) ||
	    strcmp(s->settings.docroot, settings.docroot) != 0)
		return;
	lint_find(s->lint, CHECK_DOCROOT_SHARED, place, "%s: docroot of all %s", settings.docroot,
		  s->whose);
	if (!(settings.umask & 020))
		lint_find(s->lint, CHECK_UMASK_GROUP, place, "umask = %03o of all %s",
			  settings.umask, s->whose);
}

/* log-transfers, and commands of which the log has no more for it. */
static void look_at_record(const struct subject *s)
{
	char names[POLICY_LINE_MAX] = "";
	size_t used = 0;

	for (size_t i = 0; i < s->settings.commands_count && used < sizeof names; i++) {
		const struct definition *definition = s->settings.commands[i];

		if (definition->runs != RUNS_PROBE && !policy_logs_transfers(&s->settings, definition))
			used += (size_t)snprintf(names + used, sizeof names - used, " %s", definition->name);
	}
	if (s->settings.log_transfers && used)
		lint_find(s->lint, CHECK_TRANSFERS_UNLOGGED, lint_place(s->lint, s->index, "log-transfers"), "%s:%s",
			  s->whose, names);
}

static void look(struct subject *s)
{
	struct place place = {s->section->file, s->section->line};
	struct policy_account facts = s->facts;
	struct policy_fault fault;

	facts.before_profile = true;
	if (!merge(s->lint, &facts, &s->settings, &fault)) {
		lint_find(s->lint, CHECK_ACCOUNT_FAULTY, place, "%s: %s", s->whose, fault.reason);
		return;
	}
	if (s->settings.commands_count == 0)
		lint_find(s->lint, CHECK_ACCOUNT_IDLE, place, "%s", s->whose);
	if (s->settings.local && s->settings.from[0])
		lint_find(s->lint, CHECK_LOCAL_FROM, lint_place(s->lint, s->index, "local"), "%s",
			  s->whose);
	look_at_record(s);
	lint_commands(s->lint, lint_place(s->lint, s->index, "commands"), s->whose, &s->settings);
	look_at_profiles(s);
	look_at_paths(s);
	lint_docroot_add(s->lint, lint_place(s->lint, s->index, "docroot"), s->whose, &s->settings);
}

static void look_at_user(struct subject *s)
{
	struct place place = {s->section->file, s->section->line};
	struct account account;

	if (!account_find(s->section->name, &account)) {
		s->lint->failed = true;
		return;
	}
	if (!account.present)
		lint_find(s->lint, CHECK_USER_UNKNOWN, place, "%s", s->section->name);
	s->facts = account.facts;
	snprintf(s->whose, sizeof s->whose, "user %s", s->section->name);
	look(s);
	account_free(&account);
}

static void look_at_group(struct subject *s)
{
	const char *const groups[] = {s->section->name, NULL};

	if (!getgrnam(s->section->name))
		lint_find(s->lint, CHECK_GROUP_UNKNOWN,
			  (struct place){s->section->file, s->section->line}, "%s",
			  s->section->name);
	s->facts = member(groups, 0);
	snprintf(s->whose, sizeof s->whose, "members of %s", s->section->name);
	look(s);
	look_for_sharing(s);
}

void lint_account(struct lint *lint, size_t index, const struct policy_section *section)
{
	struct subject s = {.lint = lint, .index = index, .section = section};

	if (strcmp(section->kind, "user") == 0)
		look_at_user(&s);
	else
		look_at_group(&s);
}
