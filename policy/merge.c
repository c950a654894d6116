/*
 * merge - a model and an account to settings: defaults, groups in file order, user, flags; what a
 * profile or a key leaves of that is narrow.c.
 */
#include "policy.h"

#include "isolation.h"
#include "narrow.h"
#include "paths.h"

#include <string.h>

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
			merger_apply(m, section, settings);
			if (section->kind != SECTION_DEFAULTS)
				home = section;
		}
	return home;
}

static enum policy_verdict merge(struct merger *m, struct settings *settings)
{
	setting_defaults(settings);
	settings->user = m->account->user;
	settings->host = m->account->host;
	const struct section *home = apply_sections(m, settings);

	if (!home)
		return merger_refused(m, m->account->user, "the policy has no section for this account",
			       "a [user NAME] section, or a [group NAME] of one of its groups");
	if (!settings->docroot_set)
		return merger_faulty(m, home, "docroot is not set for this account",
			      "docroot = /directory, or docroot = none");
	if (settings->docroot) {
		settings->docroot = merger_expand(m, settings->docroot);
		if (!settings->docroot)
			return merger_faulty(m, home,
					     "docroot is not an absolute path without .. of at most 4095 bytes", NULL);
	}
	settings->start = merger_expand(m, settings->start);
	if (!settings->start)
		return merger_faulty(m, home, "start is longer than 4095 bytes, or has a .. component", NULL);
	paths_settle(settings);
	const char *want, *reason = isolation_check(settings, m->account->own_policy, &want);
	if (reason)
		return merger_faulty(m, home, reason, want);
	const struct settings whole = *settings;
	enum policy_verdict verdict = narrow_profile(m, home, settings);
	if (verdict != POLICY_SETTINGS)
		return verdict;
	if (m->reason)
		return merger_faulty(m, home, m->reason, "fewer of them, over all of its sections");
	settings->restricted |= m->account->restricted;
	if (m->account->token)
		settings->token = TOKEN_MARKER;
	merger_modes(settings);
	return narrow_keys(m, home, &whole, settings);
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
