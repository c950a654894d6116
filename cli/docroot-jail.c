/*
 * docroot-jail - the docroots that the policy makes roots of, who uses each, and with which programs.
 */
#include "account.h"
#include "apply-who.h"
#include "docroot.h"
#include "explain.h"
#include "grow.h"

#include "text/list.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct jail *find_jail(struct jails *jails, const char *path)
{
	for (size_t i = 0; i < jails->count; i++)
		if (strcmp(jails->jail[i].path, path) == 0)
			return &jails->jail[i];
	struct jail *rows = grow(jails->jail, jails->count, sizeof *rows);

	if (rows) {
		jails->jail = rows;
		rows[jails->count] = (struct jail){.path = strdup(path)};
		if (rows[jails->count].path)
			return &rows[jails->count++];
	}
	jails->failed = true;
	return NULL;
}

static bool add_tenant(struct jail *jail, const struct settings *settings, uid_t uid, gid_t gid)
{
	for (size_t i = 0; i < jail->tenants_count; i++)
		if (strcmp(jail->tenants[i].user, settings->user) == 0)
			return true;
	struct tenant *rows = grow(jail->tenants, jail->tenants_count, sizeof *rows);
	if (!rows)
		return false;
	jail->tenants = rows;
	struct tenant *t = &rows[jail->tenants_count++];
	*t = (struct tenant){.uid = uid, .gid = gid, .verbs = settings->verbs};
	t->user = strdup(settings->user);
	t->start = strdup(settings->start);
	return t->user && t->start;
}

static bool add_program(struct jail *jail, const struct definition *definition, const char *path,
			bool optional)
{
	for (size_t i = 0; i < jail->programs_count; i++)
		if (strcmp(jail->programs[i].path, path) == 0)
			return true;
	struct needed *rows = grow(jail->programs, jail->programs_count, sizeof *rows);
	if (!rows)
		return false;
	jail->programs = rows;
	struct needed *w = &rows[jail->programs_count++];
	*w = (struct needed){.optional = optional};
	w->path = strdup(path);
	w->definition = strdup(definition->name);
	return w->path && w->definition;
}

static bool add_programs(struct jail *jail, const struct settings *settings)
{
	bool good = true;

	for (size_t i = 0; i < settings->commands_count; i++) {
		const struct definition *d = settings->commands[i];

		for (const struct form *form = d->forms; good && form->template; form++) {
			const char *path = policy_program(settings, d, form);
			good = !path || add_program(jail, d, path, false);
		}
		for (const char *const *path = d->inside; good && path && *path; path++)
			good = add_program(jail, d, *path, true);
	}
	return good;
}

void jails_add(struct jails *jails, const struct settings *settings, uid_t uid, gid_t gid)
{
	if (settings->isolation != ISOLATION_CHROOT)
		return;
	struct jail *jail = find_jail(jails, settings->docroot);
	if (jail && (!add_tenant(jail, settings, uid, gid) || !add_programs(jail, settings)))
		jails->failed = true;
}

static void add_settings(struct jails *jails, const struct settings *settings, uid_t uid)
{
	const struct passwd *entry = settings->isolation == ISOLATION_CHROOT ? getpwnam(settings->user) : NULL;

	jails_add(jails, settings, uid, entry ? entry->pw_gid : uid);
}

/* The account as it is, and under each of its profiles, which may have a docroot of its own. */
static void add_account(struct jails *jails, struct policy *policy, struct policy_account facts)
{
	const struct settings *settings;
	struct policy_fault fault;
	size_t length;

	facts.before_profile = true;
	if (policy_settings(policy, &facts, &settings, &fault) != POLICY_SETTINGS)
		return; /* lint has more to say of it */
	add_settings(jails, settings, facts.uid);
	char *profiles = strdup(settings->profiles);
	const char *at = profiles ? profiles : "", *word;
	jails->failed |= !profiles;
	while (word = list_next(&at, &length), length > 0) {
		char *name = strndup(word, length);

		facts.profile = name;
		if (name && policy_settings(policy, &facts, &settings, &fault) == POLICY_SETTINGS)
			add_settings(jails, settings, facts.uid);
		jails->failed |= !name;
		free(name);
	}
	free(profiles);
}

static void add_user(struct jails *jails, const struct side *side, const char *user)
{
	struct account account;
	struct sitting sitting;

	if (!account_find(user, &account)) {
		jails->failed = true;
		return;
	}
	sitting_open(&sitting, side, user);
	if (sitting.asked)
		add_account(jails, sitting.asked, account.facts);
	sitting_close(&sitting);
	account_free(&account);
}

static bool uses(const struct jail *jail, const char *user)
{
	for (size_t i = 0; i < jail->tenants_count; i++)
		if (strcmp(jail->tenants[i].user, user) == 0)
			return true;
	return false;
}

static void free_jail(struct jail *jail)
{
	for (size_t i = 0; i < jail->tenants_count; i++) {
		free(jail->tenants[i].user);
		free(jail->tenants[i].start);
	}
	for (size_t i = 0; i < jail->programs_count; i++) {
		free(jail->programs[i].path);
		free(jail->programs[i].definition);
	}
	free(jail->tenants);
	free(jail->programs);
	free(jail->path);
}

static void keep_only(struct jails *jails, const char *user)
{
	size_t kept = 0;

	for (size_t i = 0; i < jails->count; i++) {
		if (uses(&jails->jail[i], user))
			jails->jail[kept++] = jails->jail[i];
		else
			free_jail(&jails->jail[i]);
	}
	jails->count = kept;
}

bool jails_find(const char *file, bool candidate, const char *user, struct jails *jails)
{
	struct names names = {0};
	struct side side;

	*jails = (struct jails){0};
	if (!side_open(&side, file, candidate)) {
		explain_fault_aside(&side.fault);
		side_close(&side);
		return false;
	}
	jails->failed = !who_accounts(&side, &side, &names);
	account_hold();
	for (size_t i = 0; i < names.count; i++)
		add_user(jails, &side, names.name[i]);
	account_release();
	if (user && !jails->failed)
		keep_only(jails, user);
	names_free(&names);
	side_close(&side);
	if (jails->failed)
		fprintf(stderr, "sallyport: no memory\n");
	return !jails->failed;
}

void jails_free(struct jails *jails)
{
	for (size_t i = 0; i < jails->count; i++)
		free_jail(&jails->jail[i]);
	free(jails->jail);
	*jails = (struct jails){0};
}
