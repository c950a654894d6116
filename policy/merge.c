/*
 * merge - a model and an account to settings: defaults, groups in file order, user, profile, flags.
 */
#include "policy.h"

#include "fault.h"
#include "model.h"

#include "text/list.h"

#include <stdio.h>
#include <string.h>

struct merger {
	struct policy *policy;
	const struct policy_account *account;
	struct policy_fault *fault;
	const char *reason; /* why a setting could not be applied, or NULL */
};

static enum policy_verdict faulty(struct merger *m, const struct section *section,
				  const char *reason, const char *want)
{
	if (section)
		snprintf(m->fault->file, sizeof m->fault->file, "%s", section->file);
	fault_at(m->fault, section ? section->line : 0, m->account->user, reason);
	fault_want(m->fault, want);
	return POLICY_FAULTY;
}

static enum policy_verdict refused(struct merger *m, const char *word, const char *reason,
				   const char *want)
{
	fault_at(m->fault, 0, word, reason);
	fault_want(m->fault, want);
	return POLICY_REFUSED;
}

static void apply(struct merger *m, const struct section *section, struct settings *settings)
{
	for (size_t i = 0; i < section->entries_count; i++) {
		const struct entry *entry = &section->entries[i];
		struct setter setter = {
			.policy = m->policy,
			.settings = settings,
			.name = entry->setting->name,
			.file = section->file,
			.line = entry->line,
			.argument = entry->argument,
			.value = entry->value,
			.first = setting_is_first(section->entries, i),
		};
		/* Tried alone when loading; what several sections add up to may still be too many. */
		const char *reason = entry->setting->set(&setter);
		if (reason)
			m->reason = reason;
	}
}

static bool in_group(const struct policy_account *account, const char *name)
{
	for (const char *const *group = account->groups; group && *group; group++)
		if (strcmp(*group, name) == 0)
			return true;
	return false;
}

/* The section that gave the account its place, or NULL if none does. */
static const struct section *apply_sections(struct merger *m, struct settings *settings)
{
	static const enum section_kind order[] = {SECTION_DEFAULTS, SECTION_GROUP, SECTION_USER};
	const struct section *home = NULL;

	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; i < m->policy->sections_count; i++) {
			const struct section *section = &m->policy->sections[i];

			if (section->kind != order[k])
				continue;
			if (section->kind == SECTION_GROUP && !in_group(m->account, section->name))
				continue;
			if (section->kind == SECTION_USER &&
			    strcmp(section->name, m->account->user) != 0)
				continue;
			apply(m, section, settings);
			if (section->kind != SECTION_DEFAULTS)
				home = section;
		}
	return home;
}

/* Appends to out[POLICY_PATH_MAX]; false when it is full. */
static bool append(char *out, size_t *used, const char *bytes, size_t length)
{
	if (*used + length >= POLICY_PATH_MAX)
		return false;
	memcpy(out + *used, bytes, length);
	*used += length;
	out[*used] = '\0';
	return true;
}

/* Fills in %u %h %U %%. */
static const char *expand(struct merger *m, const char *raw)
{
	char out[POLICY_PATH_MAX], uid[16];
	size_t used = 0, run;
	bool fits = true;

	out[0] = '\0';
	snprintf(uid, sizeof uid, "%u", m->account->uid);
	for (const char *at = raw; *at && fits; at += run) {
		const char *piece = at;

		run = strcspn(at, "%");
		size_t length = run;
		if (run == 0) {
			piece = at[1] == 'u'   ? m->account->user
				: at[1] == 'h' ? m->account->home
				: at[1] == 'U' ? uid
					       : "%";
			length = strlen(piece);
			run = 2;
		}
		fits = append(out, &used, piece, length);
	}
	if (!fits || out[0] != '/')
		return NULL;
	while (used > 1 && out[used - 1] == '/')
		used--;
	return arena_copy(&m->policy->arena, out, used);
}

static bool is_beneath(const char *path, const char *top)
{
	size_t length = strcmp(top, "/") == 0 ? 0 : strlen(top);

	return strncmp(path, top, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static bool has_command(const struct settings *settings, const struct definition *definition)
{
	for (size_t i = 0; i < settings->commands_count; i++)
		if (settings->commands[i] == definition)
			return true;
	return false;
}

/* Sets what the profile names, and nothing that is wider than what the account has (I7). */
static enum policy_verdict narrow(struct merger *m, const struct section *section,
				  struct settings *settings)
{
	struct settings profile = *settings;

	/* Conditions are added to the account's; a profile cannot lift one. */
	profile.from[0] = profile.hours[0] = NULL;
	profile.expires = INT64_MAX;
	for (size_t i = 0; i < profile.options_count; i++)
		profile.options[i].refuse[0] = (struct refusal){0};
	apply(m, section, &profile);
	for (size_t i = 0; i < settings->options_count; i++)
		profile.options[i].refuse[1] = settings->options[i].refuse[0];
	profile.from[1] = settings->from[0];
	profile.hours[1] = settings->hours[0];
	if (profile.expires > settings->expires)
		profile.expires = settings->expires;
	for (size_t i = 0; i < profile.commands_count; i++)
		if (!has_command(settings, profile.commands[i]))
			return faulty(m, section, "a profile grants a command that the account lacks",
				      "commands from among the account's");
	if (profile.verbs & ~settings->verbs)
		return faulty(m, section, "a profile grants a verb that the account lacks",
			      "verbs from among the account's");
	if (settings->restricted && !profile.restricted)
		return faulty(m, section, "a profile lifts restricted", "leave it out");
	if (settings->token == TOKEN_MARKER && profile.token != TOKEN_MARKER)
		return faulty(m, section, "a profile lifts token", "leave it out");
	if (profile.docroot && profile.docroot != settings->docroot) {
		profile.docroot = expand(m, profile.docroot);
		if (!profile.docroot || !settings->docroot ||
		    !is_beneath(profile.docroot, settings->docroot))
			return faulty(m, section, "a profile's docroot is not beneath the account's",
				      "the account's docroot or a directory in it");
	}
	profile.profile = section->name;
	*settings = profile;
	return POLICY_SETTINGS;
}

static const struct section *find_profile(const struct policy *policy, const char *name,
					  size_t length)
{
	for (size_t i = 0; i < policy->sections_count; i++) {
		const struct section *section = &policy->sections[i];

		if (section->kind == SECTION_PROFILE && strlen(section->name) == length &&
		    memcmp(section->name, name, length) == 0)
			return section;
	}
	return NULL;
}

/* Tries every profile that the account lists, so that a fault shows before a key needs it; keeps the chosen. */
static enum policy_verdict choose_profile(struct merger *m, const struct section *home,
					  struct settings *settings)
{
	const char *chosen = m->account->profile;
	const char *at = settings->profiles, *name;
	struct settings narrowed = *settings;
	size_t length;
	bool found = false;

	while (name = list_next(&at, &length), length > 0) {
		const struct section *section = find_profile(m->policy, name, length);
		struct settings tried = *settings;

		if (!section)
			return faulty(m, home, "a profile is listed that is not defined",
				      "a [profile NAME] section for each name in profiles");
		enum policy_verdict verdict = narrow(m, section, &tried);
		if (verdict != POLICY_SETTINGS)
			return verdict;
		if (!chosen || strcmp(section->name, chosen) != 0)
			continue;
		narrowed = tried;
		found = true;
	}
	if (!chosen && settings->profile_required && !m->account->before_profile)
		return refused(m, "", "this account needs a profile", "--profile NAME in the key's command=");
	if (chosen && !found)
		return refused(m, chosen, "the account has no such profile", "profiles = ... in its section");
	*settings = narrowed;
	return POLICY_SETTINGS;
}

static enum policy_verdict merge(struct merger *m, struct settings *settings)
{
	setting_defaults(settings);
	settings->user = m->account->user;
	const struct section *home = apply_sections(m, settings);

	if (!home)
		return refused(m, m->account->user, "the policy has no section for this account",
			       "a [user NAME] section, or a [group NAME] of one of its groups");
	if (!settings->docroot_set)
		return faulty(m, home, "docroot is not set for this account",
			      "docroot = /directory, or docroot = none");
	if (settings->docroot) {
		settings->docroot = expand(m, settings->docroot);
		if (!settings->docroot)
			return faulty(m, home, "docroot is not an absolute path of at most 4095 bytes",
				      NULL);
	}
	enum policy_verdict verdict = choose_profile(m, home, settings);
	if (verdict != POLICY_SETTINGS)
		return verdict;
	if (m->reason)
		return faulty(m, home, m->reason, "fewer of them, over all of its sections");
	settings->restricted |= m->account->restricted;
	if (m->account->token)
		settings->token = TOKEN_MARKER;
	if (settings->restricted || settings->token == TOKEN_MARKER) {
		settings->restricted = true;
		settings->verbs &= ~(unsigned)VERB_LIST;
	}
	return POLICY_SETTINGS;
}

enum policy_verdict policy_settings(struct policy *policy, const struct policy_account *account,
				    const struct settings **settings, struct policy_fault *fault)
{
	struct merger m = {policy, account, fault, NULL};

	*fault = (struct policy_fault){0};
	enum policy_verdict verdict = merge(&m, &policy->merged);
	*settings = verdict == POLICY_SETTINGS ? &policy->merged : NULL;
	return verdict;
}
