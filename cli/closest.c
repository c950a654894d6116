#include "closest.h"

#include "learn-judge.h"

#include "policy/nearest.h"
#include "sandbox/sandbox.h"
#include "text/list.h"

#include <stdlib.h>
#include <string.h>

struct finder {
	struct request request;
	struct settings present; /* with `list` as access has it, though restricted takes it away */
	struct settings open;    /* present, and everything that a policy could open */
};

/* ---- one setting a row: how it is taken over ---- */

static void take_keys(struct settings *to, const struct settings *from)
{
	to->keys = from->keys;
	to->keys_count = from->keys_count;
}

static void take_sources(struct settings *to, const struct settings *from)
{
	memcpy(to->from, from->from, sizeof to->from);
}

static void take_hours(struct settings *to, const struct settings *from)
{
	memcpy(to->hours, from->hours, sizeof to->hours);
}

static void take_expires(struct settings *to, const struct settings *from)
{
	to->expires = from->expires;
}

static void mask_verbs(struct settings *settings, unsigned mask)
{
	settings->verbs &= mask;
	for (size_t i = 0; i < settings->paths_count; i++)
		settings->paths[i].verbs &= mask;
}

/* restricted, and token, which implies it: either takes `list` away. */
static void take_modes(struct settings *to, const struct settings *from)
{
	to->restricted = from->restricted;
	to->token = from->token;
	if (to->restricted)
		mask_verbs(to, ~(unsigned)VERB_LIST);
}

static void take_protect(struct settings *to, const struct settings *from)
{
	to->protect = from->protect;
}

static void take_commands(struct settings *to, const struct settings *from)
{
	memcpy(to->commands, from->commands, sizeof to->commands);
	to->commands_count = from->commands_count;
}

static void take_access(struct settings *to, const struct settings *from)
{
	to->verbs = from->verbs;
	memcpy(to->paths, from->paths, sizeof to->paths);
	to->paths_count = from->paths_count;
	if (to->restricted)
		mask_verbs(to, ~(unsigned)VERB_LIST);
}

static void take_subsystem(struct settings *to, const struct settings *from)
{
	memcpy(to->sftp_subsystem, from->sftp_subsystem, sizeof to->sftp_subsystem);
	to->sftp_subsystem_count = from->sftp_subsystem_count;
}

/* In the order in which the present value is tried again: what is left in the end is the fewest. */
static void (*const takes[CLOSEST_ROWS])(struct settings *to, const struct settings *from) = {
	[CLOSEST_KEYS] = take_keys,           [CLOSEST_FROM] = take_sources,
	[CLOSEST_HOURS] = take_hours,         [CLOSEST_EXPIRES] = take_expires,
	[CLOSEST_MODES] = take_modes,         [CLOSEST_PROTECT] = take_protect,
	[CLOSEST_SUBSYSTEM] = take_subsystem, [CLOSEST_COMMANDS] = take_commands,
	[CLOSEST_ACCESS] = take_access,
};

/* ---- everything opened ---- */

static bool has(const struct settings *settings, const struct definition *definition)
{
	for (size_t i = 0; i < settings->commands_count; i++)
		if (settings->commands[i] == definition)
			return true;
	return false;
}

static void offer(struct settings *settings, const struct definition *definition)
{
	if (settings->commands_count < POLICY_COMMANDS_MAX && !has(settings, definition))
		settings->commands[settings->commands_count++] = definition;
}

/* The administrator's own definitions first, then the built-in ones. */
static void offer_all(struct settings *settings, const struct policy *policy)
{
	struct policy_section section;

	for (size_t i = 0; policy_section(policy, i, &section); i++)
		if (section.definition)
			offer(settings, section.definition);
	for (size_t i = 0; definition_builtin[i]; i++)
		offer(settings, definition_builtin[i]);
}

/* Some sftp-server's path with options: only a line of sftp-subsystem could mean it. */
static bool may_be_subsystem(const char *command)
{
	static const char name[] = "/sftp-server ";
	const char *at = strstr(command, name);

	return command[0] == '/' && at && strcspn(command, " ") == (size_t)(at - command) + sizeof name - 2 &&
	       command[strspn(command, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./=,-")] ==
		       '\0';
}

static void open_all(struct finder *f, const struct policy *policy)
{
	struct settings *open = &f->open;

	*open = f->present;
	open->keys_count = 0;
	memset(open->from, 0, sizeof open->from);
	memset(open->hours, 0, sizeof open->hours);
	open->expires = INT64_MAX;
	open->restricted = false;
	open->token = TOKEN_OFF;
	open->protect = "";
	open->verbs = VERBS_ALL;
	open->paths_count = 0;
	offer_all(open, policy);
	if (may_be_subsystem(f->request.command) && open->sftp_subsystem_count < POLICY_LIST_MAX)
		open->sftp_subsystem[open->sftp_subsystem_count++] = f->request.command;
}

/* ---- and closed again ---- */

static bool grants(const struct finder *f, const struct settings *settings)
{
	struct decision d;

	policy_decide(settings, &f->request, &d);
	bool granted = d.verdict == GRANT;
	decision_free(&d);
	return granted;
}

/* As the policy would have it with these verbs in `access`: rules for directories add to them, or are read-only. */
static void give_verbs(const struct finder *f, struct settings *settings, unsigned verbs)
{
	struct settings given = f->present;

	given.verbs = verbs;
	for (size_t i = 0; i < given.paths_count; i++)
		if (!given.paths[i].read_only)
			given.paths[i].verbs |= verbs;
	take_access(settings, &given);
}

/* The fewest verbs besides those that the account has; with all of them, rules for directories are in the way. */
static void close_verbs(const struct finder *f, struct settings *settings, struct closest *c)
{
	const struct settings widest = *settings;
	unsigned present = f->present.verbs & widest.verbs;

	for (unsigned more = 1; more <= VERBS_ALL; more = learn_next_verbs(more)) {
		if (more & (present | ~widest.verbs))
			continue;
		give_verbs(f, settings, present | more);
		c->verbs = present | more;
		if (grants(f, settings))
			return;
	}
	*settings = widest;
	c->verbs = widest.verbs;
	c->everywhere = true;
}

static void close_all(const struct finder *f, struct closest *c)
{
	struct settings settings = f->open;

	take_commands(&settings, &f->present);
	if (!has(&settings, c->definition))
		offer(&settings, c->definition);
	for (unsigned i = 0; i < CLOSEST_ROWS; i++) {
		struct settings tried = settings;

		takes[i](&tried, &f->present);
		if (grants(f, &tried))
			settings = tried;
		else
			c->change |= 1u << i;
	}
	if (c->change & 1u << CLOSEST_COMMANDS)
		c->missing = c->definition;
	if (c->change & 1u << CLOSEST_ACCESS)
		close_verbs(f, &settings, c);
	c->admissible = grants(f, &settings);
}

/* Of a first word that nothing answers to: a definition with a spelling that is near. */
static void find_spelling(const struct finder *f, const struct word *first, struct closest *c)
{
	struct nearest near = {0};
	char name[POLICY_LINE_MAX + 1];
	size_t length;

	for (size_t i = 0; i < f->open.commands_count; i++) {
		const struct definition *d = f->open.commands[i];
		const char *at = d->spellings ? d->spellings : d->forms[0].template, *word;

		while (word = list_next(&at, &length), length > 0) {
			struct nearest tried = near;

			snprintf(name, sizeof name, "%.*s", (int)length, word);
			nearest_offer(&tried, first->text, first->length, name);
			if (tried.best && (!near.best || tried.distance < near.distance)) {
				near = tried;
				c->definition = d;
			}
			if (!d->spellings)
				break; /* the rest of a template are other words */
		}
	}
}

bool closest_origin(const struct closest *c, const char *setting, struct origin *origin)
{
	const struct policy *policy = c->answer->policy;
	const struct settings *s = c->answer->decision.settings;

	return (s->key && origin_find_in(policy, "key", s->key, setting, origin)) ||
	       (s->profile && origin_find_in(policy, "profile", s->profile, setting, origin)) ||
	       origin_find(policy, &c->subject->account, setting, origin);
}

/* What restricted took away, where access says `list`; or says nothing, and its default does. */
static void give_list_back(const struct closest *c, struct settings *present)
{
	struct origin origin;
	unsigned verbs = VERB_LIST;
	const char *word;
	size_t length;

	if (!present->restricted)
		return;
	if (closest_origin(c, "access", &origin)) {
		verbs = 0;
		while (word = list_next(&origin.value, &length), length > 0)
			verbs |= verb_parse(word, length) & VERB_LIST;
	}
	present->verbs |= verbs;
	for (size_t i = 0; i < present->paths_count; i++)
		present->paths[i].verbs |= present->paths[i].read_only ? (unsigned)VERB_LIST : verbs;
}

/* What is left of the account's for the key, if one fits: then keys are no more the question. */
static struct settings present_settings(const struct decision *d)
{
	struct settings present = *d->settings;

	if (present.key)
		present.keys_count = 0;
	return present;
}

void closest_find(const struct question *question, const struct subject *subject,
		  const struct answer *answer, struct closest *closest)
{
	struct finder f = {
		.request = dryrun_request(question, subject, answer->settings),
		.present = present_settings(&answer->decision),
	};
	struct decision d;

	*closest = (struct closest){
		.question = question,
		.subject = subject,
		.answer = answer,
		.definition = answer->decision.definition,
		.form = answer->decision.form,
	};
	if (!question->command || answer->decision.denial == DENIAL_RC)
		return;
	give_list_back(closest, &f.present);
	open_all(&f, answer->policy);
	policy_decide(&f.open, &f.request, &d);
	if (d.verdict == GRANT || !closest->definition) {
		closest->definition = d.definition;
		closest->form = d.form;
	}
	if (d.verdict == GRANT)
		close_all(&f, closest);
	else if (!closest->definition && d.words.count)
		find_spelling(&f, &d.words.word[0], closest);
	decision_free(&d);
}
