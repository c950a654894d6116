/*
 * Upholds I7: what a profile or a key says is first held against the account, where anything wider is a fault, and
 * then intersected with what is left. A profile and a key may both hold.
 */
#include "narrow.h"

#include "isolation.h"
#include "paths.h"
#include "setters.h"

#include "text/list.h"
#include "text/pathname.h"

#include <string.h>

/* Slots of from[], hours[] and refuse[]; the account's own are the first. */
enum { SLOT_ACCOUNT, SLOT_PROFILE, SLOT_KEY };

static bool has_command(const struct settings *settings, const struct definition *definition)
{
	for (size_t i = 0; i < settings->commands_count; i++)
		if (settings->commands[i] == definition)
			return true;
	return false;
}

/* ---- one section against the whole account ---- */

static enum policy_verdict check_docroot(struct merger *m, const struct section *section,
					 const struct settings *whole, struct settings *said)
{
	if (!said->docroot || said->docroot == whole->docroot)
		return POLICY_SETTINGS;
	said->docroot = merger_expand(m, said->docroot);
	if (said->docroot && whole->docroot && pathname_is_beneath(said->docroot, whole->docroot))
		return POLICY_SETTINGS;
	return merger_faulty(m, section, "a profile's docroot is not beneath the account's",
			    "the account's docroot or a directory in it");
}

/* What the section says, conditions in their first slot; verbs 0 and message NULL: it does not say. */
static enum policy_verdict read_section(struct merger *m, const struct section *section,
					const struct settings *whole, struct settings *said)
{
	*said = *whole;
	said->from[SLOT_ACCOUNT] = said->hours[SLOT_ACCOUNT] = NULL;
	said->expires = INT64_MAX;
	said->verbs = 0;
	for (size_t i = 0; i < said->options_count; i++)
		said->options[i].refuse[SLOT_ACCOUNT] = (struct refusal){0};
	said->message = NULL;
	said->duration = said->sessions = 0;
	merger_apply(m, section, said);
	for (size_t i = 0; i < said->commands_count; i++)
		if (!has_command(whole, said->commands[i]))
			return merger_faulty(m, section, "it grants a command that the account lacks",
					    "commands from among the account's");
	if (said->verbs & ~paths_anywhere(whole))
		return merger_faulty(m, section, "it grants a verb that the account lacks",
				    "verbs from among the account's");
	if (whole->restricted && !said->restricted)
		return merger_faulty(m, section, "it lifts restricted", "leave it out");
	if (whole->token == TOKEN_MARKER && said->token != TOKEN_MARKER)
		return merger_faulty(m, section, "it lifts token", "leave it out");
	if (check_docroot(m, section, whole, said) != POLICY_SETTINGS)
		return POLICY_FAULTY;
	const char *want, *reason = isolation_check(said, m->account->own_policy, &want);
	return reason ? merger_faulty(m, section, reason, want) : POLICY_SETTINGS;
}

/* ---- what is left ---- */

static void intersect(struct settings *settings, const struct settings *said, size_t slot)
{
	size_t kept = 0;

	for (size_t i = 0; i < settings->commands_count; i++)
		if (has_command(said, settings->commands[i]))
			settings->commands[kept++] = settings->commands[i];
	settings->commands_count = kept;
	if (said->verbs)
		paths_mask(settings, said->verbs);
	settings->restricted |= said->restricted;
	if (said->token == TOKEN_MARKER)
		settings->token = TOKEN_MARKER;
	settings->from[slot] = said->from[SLOT_ACCOUNT];
	settings->hours[slot] = said->hours[SLOT_ACCOUNT];
	if (settings->expires > said->expires)
		settings->expires = said->expires;
	set_refuse_too(settings, said, slot);
	if (said->message)
		settings->message = said->message;
	if (said->duration && (!settings->duration || settings->duration > said->duration))
		settings->duration = said->duration;
	if (slot == SLOT_KEY)
		settings->key_sessions = said->sessions; /* counted apart from the account's */
}

/* A rule of `access /DIR` is about a directory of the account's docroot, also where a profile's begins deeper. */
static void descend(struct settings *settings, const char *docroot)
{
	const char *above = settings->docroot;

	if (docroot && strcmp(docroot, above) != 0)
		paths_descend(settings, docroot + (strcmp(above, "/") == 0 ? 0 : strlen(above)));
	settings->docroot = docroot;
}

static const struct section *find(const struct policy *policy, enum section_kind kind,
				  const char *name, size_t length)
{
	for (size_t i = 0; i < policy->sections_count; i++) {
		const struct section *section = &policy->sections[i];

		if (section->kind == kind && strlen(section->name) == length &&
		    memcmp(section->name, name, length) == 0)
			return section;
	}
	return NULL;
}

enum policy_verdict narrow_profile(struct merger *m, const struct section *home,
				   struct settings *settings)
{
	const char *chosen = m->account->profile;
	const char *at = settings->profiles, *name;
	const struct settings whole = *settings;
	struct settings said;
	size_t length;

	while (name = list_next(&at, &length), length > 0) {
		const struct section *section = find(m->policy, SECTION_PROFILE, name, length);

		if (!section)
			return merger_faulty(m, home, "a profile is listed that is not defined",
					    "a [profile NAME] section for each name in profiles");
		if (read_section(m, section, &whole, &said) != POLICY_SETTINGS)
			return POLICY_FAULTY;
		if (!chosen || strcmp(section->name, chosen) != 0)
			continue;
		intersect(settings, &said, SLOT_PROFILE);
		descend(settings, said.docroot);
		settings->profile = section->name;
	}
	if (!chosen && settings->profile_required && !m->account->before_profile)
		return merger_refused(m, "", "this account needs a profile",
				     "--profile NAME in the key's command=");
	if (chosen && !settings->profile)
		return merger_refused(m, chosen, "the account has no such profile",
				     "profiles = ... in its section");
	return POLICY_SETTINGS;
}

/* ---- keys ---- */

static bool same_key(const struct key_rule *a, const struct key_rule *b)
{
	const char *at = a->fingerprints, *word;
	size_t length;

	if (a->cert_id && b->cert_id)
		return strcmp(a->cert_id, b->cert_id) == 0;
	while (at && b->fingerprints && (word = list_next(&at, &length), length > 0))
		if (list_has(b->fingerprints, word, length))
			return true;
	return false;
}

static enum policy_verdict add_key(struct merger *m, const struct section *section,
				   const struct settings *whole, const struct settings *settings,
				   struct key_rule *key)
{
	struct settings *left = arena_alloc(&m->policy->arena, sizeof *left), said;

	if (!left)
		return merger_faulty(m, section, "out of memory", NULL);
	if (read_section(m, section, whole, &said) != POLICY_SETTINGS)
		return POLICY_FAULTY;
	*left = *settings;
	intersect(left, &said, SLOT_KEY);
	merger_modes(left);
	left->key = section->name;
	*key = *section->key;
	key->settings = left;
	return POLICY_SETTINGS;
}

enum policy_verdict narrow_keys(struct merger *m, const struct section *home,
				const struct settings *whole, struct settings *settings)
{
	const char *at = whole->key_names, *name;
	size_t length, room = strlen(at) / 2 + 1, count = 0;

	if (*at == '\0')
		return POLICY_SETTINGS;
	struct key_rule *keys = arena_alloc(&m->policy->arena, room * sizeof *keys);

	if (!keys)
		return merger_faulty(m, home, "out of memory", NULL);
	while (name = list_next(&at, &length), length > 0) {
		const struct section *section = find(m->policy, SECTION_KEY, name, length);

		if (!section)
			return merger_faulty(m, home, "a key is listed that is not defined",
					    "a [key NAME] section for each name in keys");
		if (add_key(m, section, whole, settings, &keys[count]) != POLICY_SETTINGS)
			return POLICY_FAULTY;
		for (size_t i = 0; i < count; i++)
			if (same_key(&keys[i], &keys[count]))
				return merger_faulty(m, section, "another of the account's keys is the same key",
						    "each fingerprint and each cert-id in one section");
		count++;
	}
	if (count > 0 && !settings->key_identity)
		return merger_faulty(m, home, "keys are listed, and nothing tells which one was used",
				    "key-identity = yes, and ExposeAuthInfo yes in sshd_config");
	settings->keys = keys;
	settings->keys_count = count;
	return POLICY_SETTINGS;
}
