/*
 * decide - settings and a request to a decision. Pure: no I/O, no clock, no globals; zero means deny.
 *
 * Upholds I3: what runs is a path of the policy's or the table's, with an argv rebuilt word by word.
 */
#include "policy.h"

#include "argv.h"
#include "grammar.h"
#include "paths.h"

#include "text/list.h"
#include "text/pattern.h"
#include "text/when.h"

#include <string.h>

struct decider {
	const struct settings *settings; /* of the account; from find_key() on, of its key */
	const struct request *request;
	struct decision *d;
	struct match match;
};

static void deny(struct decider *r, enum denial denial, const char *reason)
{
	r->d->verdict = DENY;
	r->d->denial = denial;
	r->d->reason = reason;
}

/* Points the denial at a word, or behind the last when one is missing. */
static void blame_word(struct decider *r, size_t index)
{
	if (index < r->d->words.count) {
		r->d->offset = r->d->words.word[index].offset;
		r->d->end = r->d->words.word[index].end;
	} else {
		r->d->offset = r->d->end = r->request->length;
	}
}

/* sshd's own call for ~/.ssh/rc: exactly `/bin/sh HOME/.ssh/rc`. */
static bool is_rc_call(const char *command)
{
	static const char shell[] = "/bin/sh /", rc[] = "/.ssh/rc";
	size_t length = strlen(command);

	return strncmp(command, shell, sizeof shell - 1) == 0 && length > sizeof rc &&
	       strcmp(command + length - (sizeof rc - 1), rc) == 0 &&
	       strcspn(command + sizeof shell - 1, " \t\n'\"\\;&|<>()$`") == length - (sizeof shell - 1);
}

static bool is_sftp_subsystem(const struct decider *r)
{
	for (size_t i = 0; i < r->settings->sftp_subsystem_count; i++)
		if (strcmp(r->settings->sftp_subsystem[i], r->request->command) == 0)
			return true;
	return false;
}

static bool is_key(const struct key_rule *rule, const struct identity *key)
{
	if (rule->cert_id)
		return key->cert_id && strcmp(rule->cert_id, key->cert_id) == 0;
	return key->fingerprint && list_has(rule->fingerprints, key->fingerprint, strlen(key->fingerprint));
}

/* An account that lists its keys has nothing for any other. */
static bool find_key(struct decider *r)
{
	const struct settings *account = r->settings;
	const struct identity *key = &r->request->key;

	for (size_t i = 0; i < account->keys_count; i++)
		if (is_key(&account->keys[i], key)) {
			r->settings = r->d->settings = account->keys[i].settings;
			return true;
		}
	if (account->keys_count == 0)
		return true;
	deny(r, DENIAL_KEY, "not with this key");
	r->d->detail = key->fingerprint || key->cert_id ? "it is none of the account's `keys`"
							: "nothing tells which key was used: ExposeAuthInfo";
	return false;
}

/* from, hours and expires: every condition of the account's and the profile's. */
static bool check_conditions(struct decider *r)
{
	const struct settings *settings = r->settings;

	if (r->request->now >= settings->expires) {
		deny(r, DENIAL_TIME, "the account's access has expired");
		return false;
	}
	for (size_t i = 0; i < POLICY_CONDITIONS_MAX; i++) {
		const char *from = settings->from[i], *hours = settings->hours[i];

		if (from && !(r->request->address && pattern_match_address(r->request->address, from))) {
			deny(r, DENIAL_SOURCE, "not from this address");
			r->d->detail = from;
			return false;
		}
		if (hours && !when_in_hours(hours, r->request->now)) {
			deny(r, DENIAL_TIME, "not at this hour");
			r->d->detail = hours;
			return false;
		}
	}
	return true;
}

/* Splits the command; a line of the policy's that means sftp becomes that one word. */
static bool split(struct decider *r)
{
	const char *command = r->request->command;
	size_t length = r->request->length;

	if (strlen(command) == length && is_sftp_subsystem(r)) {
		command = "sftp-server";
		length = strlen(command);
	}
	const char *reason = words_split(command, length, &r->d->words, &r->d->offset);
	r->d->end = r->d->offset + (reason != NULL);
	if (reason)
		deny(r, strcmp(reason, "out of memory") == 0 ? DENIAL_FAULT : DENIAL_SYNTAX, reason);
	else if (r->d->words.count == 0)
		deny(r, DENIAL_EMPTY, "an empty command");
	return !reason && r->d->words.count > 0;
}

static bool find(struct decider *r)
{
	struct match best = {0};
	const struct definition *closest = NULL;

	for (size_t i = 0; i < r->settings->commands_count; i++) {
		const struct definition *definition = r->settings->commands[i];
		const struct option_changes *changes = policy_options(r->settings, definition);
		struct grammar grammar = {
			.words = &r->d->words,
			.paths = paths_of(r->settings),
			.anywhere = paths_anywhere(r->settings),
			.place = {r->request->root, r->settings->start, NULL, definition->mark},
			.protect = r->settings->protect,
			.accept = changes ? changes->accept : NULL,
			.refuse = changes ? changes->refuse : NULL,
			.fixed = r->settings->rclone_remote,
			.arena = &r->d->arena,
		};

		if (grammar_match(definition, &grammar, &r->match)) {
			r->d->definition = definition;
			r->d->form = r->match.form;
			return true;
		}
		if (r->match.reach > best.reach) {
			best = r->match;
			closest = definition;
		}
	}
	if (!closest) {
		deny(r, DENIAL_NOMATCH, "not a command this account may run");
		blame_word(r, 0);
		return false;
	}
	r->d->definition = closest;
	r->d->form = best.form;
	r->d->detail = best.detail;
	r->d->lacks = best.lacks;
	deny(r, best.lacks ? DENIAL_ACCESS : DENIAL_GRAMMAR, best.reason);
	if (strcmp(best.reason, "out of memory") == 0)
		r->d->denial = DENIAL_FAULT;
	blame_word(r, best.word_at);
	return false;
}

/* The token marker and restricted mode (sallyport.ini(5), token). */
static bool check_modes(struct decider *r)
{
	const struct form *form = r->d->form;

	if (r->settings->token == TOKEN_MARKER && (form->browse || !form->honours_token)) {
		deny(r, DENIAL_TOKEN, "unauthorized to transfer");
		r->d->detail = "token is on, and this command would ignore the marker";
		return false;
	}
	if (r->settings->restricted && form->browse) {
		deny(r, DENIAL_RESTRICTED, "browsing is off for this account");
		r->d->detail = "restricted is on, and this command can browse";
		return false;
	}
	return true;
}

/* On every ground, whatever the form can exercise and the account lacks there is held away by something. */
static bool check_access(struct decider *r)
{
	const struct form *form = r->d->form;

	r->d->judged = r->match.verbs;
	r->d->lacks = policy_lacks(r->settings, form, r->d->judged);
	if (!r->d->lacks) {
		r->d->verbs = policy_given(form, r->d->judged);
		return true;
	}
	deny(r, DENIAL_ACCESS, "access: the command needs what the account may not do");
	r->d->detail = form->needs & r->d->lacks ? NULL : "nothing can take this away from the command";
	return false;
}

static bool build(struct decider *r)
{
	if (argv_build(r->settings, r->request, &r->match, r->d))
		return true;
	deny(r, DENIAL_FAULT, "out of memory");
	return false;
}

const char *policy_program(const struct settings *settings, const struct definition *definition,
			   const struct form *form)
{
	if (!form->program)
		return NULL;
	for (size_t i = 0; i < settings->program_count; i++)
		if (strcmp(settings->program[i].name, form->program) == 0)
			return settings->program[i].value;
	for (const struct program *p = definition->programs; p->name; p++)
		if (strcmp(p->name, form->program) == 0)
			return p->path;
	return NULL;
}

const struct option_changes *policy_options(const struct settings *settings,
					    const struct definition *definition)
{
	for (size_t i = 0; i < settings->options_count; i++)
		if (settings->options[i].definition == definition)
			return &settings->options[i];
	return NULL;
}

void policy_decide(const struct settings *settings, const struct request *request,
		   struct decision *decision)
{
	struct decider r = {.settings = settings, .request = request, .d = decision};

	*decision = (struct decision){.verdict = DENY, .reason = "undecided", .settings = settings};
	if (!request->command) {
		deny(&r, DENIAL_INTERACTIVE, settings->message);
	} else if (request->length == 0) {
		deny(&r, DENIAL_EMPTY, "an empty command");
	} else if (is_rc_call(request->command)) {
		deny(&r, DENIAL_RC, "sshd's call for ~/.ssh/rc");
	} else if (find_key(&r) && check_conditions(&r) && split(&r) && find(&r) && check_modes(&r) &&
		   check_access(&r) && build(&r)) {
		decision->program = policy_program(r.settings, decision->definition, decision->form);
		decision->reason = NULL;
		decision->verdict = GRANT;
	}
}

void decision_free(struct decision *decision)
{
	arena_free(&decision->arena);
	words_free(&decision->words);
	*decision = (struct decision){0};
}
