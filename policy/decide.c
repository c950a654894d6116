/*
 * decide - settings and a request to a decision. Pure: no I/O, no clock, no globals; zero means deny.
 *
 * Upholds I3: what runs is a path of the policy's or the table's, with an argv rebuilt word by word.
 */
#include "policy.h"

#include "grammar.h"
#include "paths.h"

#include "text/list.h"
#include "text/pattern.h"
#include "text/when.h"

#include <stdio.h>
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
		struct grammar grammar = {
			.words = &r->d->words,
			.paths = paths_of(r->settings),
			.anywhere = paths_anywhere(r->settings),
			.place = {r->request->root, r->settings->start, NULL, definition->mark},
			.protect = r->settings->protect,
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
	r->d->lacks = form->needs & ~r->d->judged;
	for (size_t i = 0; i < policy_grounds(r->settings); i++) {
		struct ground ground = policy_ground(r->settings, i);

		ground.judged = r->d->judged;
		for (unsigned verb = 1; verb & VERBS_ALL; verb <<= 1)
			if (verb & form->most & ~ground.verbs &&
			    policy_hold(form, &ground, verb) == HOLD_NONE)
				r->d->lacks |= verb;
	}
	if (!r->d->lacks) {
		r->d->verbs = policy_given(form, r->d->judged);
		return true;
	}
	deny(r, DENIAL_ACCESS, "access: the command needs what the account may not do");
	r->d->detail = form->needs & r->d->lacks ? NULL : "nothing can take this away from the command";
	return false;
}

/* ---- the argv of a grant ---- */

struct builder {
	struct decision *d;
	char **argv;
	bool *pattern;
	size_t room;
	bool failed;
};

static void add(struct builder *b, const char *word, bool pattern)
{
	if (!word || b->d->argc + 1 >= b->room) {
		b->failed = true;
		return;
	}
	b->pattern[b->d->argc] = pattern;
	b->argv[b->d->argc++] = (char *)(size_t)word; /* exec wants char *; nobody writes to it */
}

static void add_copy(struct builder *b, const char *bytes, size_t length)
{
	add(b, arena_copy(&b->d->arena, bytes, length), false);
}

/* Each blank-separated word of the list; %1 to %9 are captures. */
static void add_list(struct builder *b, const char *list, const struct match *match)
{
	const char *word;
	size_t n;

	while (word = list_next(&list, &n), n > 0) {
		if (n == 2 && word[0] == '%' && match) {
			const char *captured = match->capture[(word[1] - '0') % GRAMMAR_CAPTURES];
			if (captured) /* an optional word may be absent */
				add(b, captured, false);
		} else {
			add_copy(b, word, n);
		}
	}
}

/* -P opendir,readdir,mkdir: rows of one flag join. */
static void add_without(struct builder *b, const struct without *rows, unsigned verbs)
{
	char joined[256] = "";
	size_t used = 0;
	const char *flag = NULL, *bare = NULL;

	for (const struct without *w = rows; w && w->verbs; w++) {
		if (w->verbs & verbs)
			continue;
		if (!w->value) {
			if (!bare || strcmp(bare, w->flag) != 0)
				add_copy(b, w->flag, strlen(w->flag));
			bare = w->flag;
			continue;
		}
		flag = w->flag;
		used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%s", used ? "," : "",
					 w->value);
		if (used >= sizeof joined) {
			b->failed = true;
			return;
		}
	}
	if (flag) {
		add_copy(b, flag, strlen(flag));
		add_copy(b, joined, used);
	}
}

/* The words of form->insert. */
static void add_insert(struct builder *b, const struct decider *r, const char *list)
{
	const char *word;
	char mask[8];
	size_t n;

	while (word = list_next(&list, &n), n > 0) {
		if (n != 2 || word[0] != '%') {
			add_copy(b, word, n);
		} else if (word[1] == 'm') {
			int length = snprintf(mask, sizeof mask, "%04o", r->settings->umask);
			add_copy(b, mask, (size_t)length);
		} else {
			add(b, word[1] == 'r' ? r->request->root : r->settings->user, false);
		}
	}
}

static void add_inserted(struct builder *b, const struct decider *r)
{
	char text[PATHNAME_MAX * 2];

	r->d->inserted_at = r->d->argc;
	if (r->d->form->insert)
		add_insert(b, r, r->d->form->insert);
	if (r->d->definition->umask_flag) {
		add(b, "-u", false);
		int n = snprintf(text, sizeof text, "%04o", r->settings->umask);
		add_copy(b, text, (size_t)n);
	}
	if (r->d->definition->start_flag && strcmp(r->settings->start, "/") != 0) {
		add(b, "-d", false);
		int n = snprintf(text, sizeof text, "%s%s", r->request->root, r->settings->start);
		add_copy(b, text, (size_t)n);
	}
	add_without(b, r->d->form->without, r->d->judged);
	r->d->inserted = r->d->argc - r->d->inserted_at;
}

/* How many literal words lead the template: those that form->argv replaces. */
static size_t leading_words(const char *template)
{
	const char *word;
	size_t count = 0, n;

	while (word = list_next(&template, &n), n > 0 && word[0] != '%')
		count++;
	return count;
}

static bool build_argv(struct decider *r)
{
	const struct match *match = &r->match;
	const char *list = r->d->definition->argv;
	/* What is inserted is bounded by the tables; a [command]'s words are at least two bytes apart. */
	struct builder b = {.d = r->d, .room = match->count + 64 + (list ? strlen(list) / 2 : 0)};

	b.argv = arena_alloc(&r->d->arena, b.room * sizeof *b.argv);
	b.pattern = arena_alloc(&r->d->arena, b.room * sizeof *b.pattern);
	b.failed = !b.argv || !b.pattern;
	if (!b.failed && r->d->definition->argv) {
		add_list(&b, r->d->definition->argv, match);
	} else if (!b.failed) {
		size_t skip = 1;
		if (r->d->form->argv) {
			add_list(&b, r->d->form->argv, NULL);
			skip = leading_words(r->d->form->template);
		} else {
			add(&b, match->word[0].text, false);
		}
		add_inserted(&b, r);
		for (size_t i = skip; i < match->count; i++)
			add(&b, match->word[i].text, match->word[i].pattern);
	}
	if (b.failed) {
		deny(r, DENIAL_FAULT, "out of memory");
		return false;
	}
	r->d->argv = b.argv;
	r->d->pattern = b.pattern;
	return true;
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
		   check_access(&r) && build_argv(&r)) {
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
