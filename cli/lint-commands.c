/*
 * lint-commands - an account's list of commands against what the account may do, and against each
 * other.
 */
#include "lint.h"

#include "policy/template.h"
#include "sandbox/sandbox.h"

#include <stdlib.h>
#include <string.h>

struct list {
	struct lint *lint;
	struct place place;
	const char *whose;
	const struct settings *settings;
};

/* ---- verbs ---- */

/* As the decision has it for operands on one ground: what the form must have and the account has not there, and
 * what nothing could take away somewhere. */
static unsigned lacking_on(const struct settings *settings, const struct form *form, size_t on)
{
	const unsigned judged = policy_ground(settings, on).verbs;
	unsigned lacks = form->needs & ~judged;

	for (size_t i = 0; i < policy_grounds(settings); i++) {
		struct ground ground = policy_ground(settings, i);

		ground.judged = judged;
		for (unsigned verb = 1; verb & VERBS_ALL; verb <<= 1)
			if (verb & form->most & ~ground.verbs &&
			    policy_hold(form, &ground, verb) == HOLD_NONE)
				lacks |= verb;
	}
	return lacks;
}

/* Nothing, if there is a ground where the form works; else what is lacking on the first. */
static unsigned lacking(const struct settings *settings, const struct form *form)
{
	for (size_t i = 0; i < policy_grounds(settings); i++)
		if (!lacking_on(settings, form, i))
			return 0;
	return lacking_on(settings, form, 0);
}

static bool is_browsing_off(const struct settings *settings, const struct form *form)
{
	return form->browse && (settings->restricted || settings->token == TOKEN_MARKER);
}

/* What a form is for: an account that has this verb expects it to work. */
static unsigned purpose(const struct form *form)
{
	return form->most & VERB_UPLOAD ? VERB_UPLOAD : form->most & VERB_DOWNLOAD;
}

static unsigned held_by_client(const struct settings *settings, const struct form *form)
{
	unsigned verbs = 0;

	for (size_t i = 0; i < policy_grounds(settings); i++) {
		const struct ground ground = policy_ground(settings, i);

		for (unsigned verb = 1; verb & VERBS_ALL; verb <<= 1) {
			if (!(verb & (form->most | form->inner) & ~ground.verbs))
				continue;
			enum hold hold = policy_hold(form, &ground, verb);
			if (hold == HOLD_SWITCH || hold == HOLD_GRAMMAR)
				verbs |= verb;
		}
	}
	return verbs;
}

static void look_at_verbs(const struct list *l, const struct definition *definition)
{
	char text[VERBS_TEXT_MAX];
	unsigned refused = 0, forms = 0, client = 0;

	for (const struct form *form = definition->forms; form->template; form++, forms++) {
		if (lacking(l->settings, form) || is_browsing_off(l->settings, form))
			refused++;
		else
			client |= held_by_client(l->settings, form);
	}
	if (refused == forms) {
		lint_find(l->lint, CHECK_COMMAND_NEVER, l->place, "%s for %s", definition->name,
			  l->whose);
		return;
	}
	for (const struct form *form = definition->forms; form->template; form++) {
		unsigned lacks = lacking(l->settings, form);

		if (!lacks || !(purpose(form) & l->settings->verbs))
			continue;
		verb_text(lacks, text);
		lint_find(l->lint, CHECK_FORM_REFUSED, l->place, "%s for %s: lacks %s",
			  form->template, l->whose, text);
	}
	if (client) {
		verb_text(client, text);
		lint_find(l->lint, CHECK_HELD_BY_CLIENT, l->place, "%s for %s: %s",
			  definition->name, l->whose, text);
	}
}

static bool honours_token(const struct definition *definition)
{
	for (const struct form *form = definition->forms; form->template; form++)
		if (form->honours_token && !form->browse)
			return true;
	return false;
}

static bool needs_files(const struct definition *definition)
{
	for (const struct form *form = definition->forms; form->template; form++)
		if (form->most)
			return true;
	return false;
}

/* ---- order ---- */

/* Two lines of a form that say the least and the most that its elements take, and one without the
 * optional word. */
enum sample { SAMPLE_LEAST, SAMPLE_MOST, SAMPLE_SHORT, SAMPLES };

static void print_quoted(FILE *to, const char *bytes, size_t length)
{
	putc('\'', to);
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == '\'')
			fputs("'\\''", to);
		else
			putc(bytes[i], to);
	putc('\'', to);
}

static void print_element(FILE *to, const struct element *e, enum sample sample)
{
	bool most = sample == SAMPLE_MOST;

	putc(' ', to);
	switch (e->kind) {
	case ELEMENT_LITERAL: print_quoted(to, e->literal, e->length); break;
	case ELEMENT_NUMBER: fputs(most ? "7777777777" : "7", to); break;
	case ELEMENT_WORD:
		for (size_t i = 0; i < (most ? e->most : 1); i++)
			putc('q', to);
		break;
	default: fputs(most ? "q/q" : "q", to); break;
	}
}

/* A line for the form, to be freed; NULL for a form of options and many paths, and when there is no
 * memory. */
static char *make_line(const struct form *form, enum sample sample)
{
	const char *at = form->template, *reason;
	char *line = NULL;
	size_t size = 0;
	struct element e;
	bool plain = true;
	FILE *to = open_memstream(&line, &size);

	while (to && plain && template_next(&at, &e, &reason)) {
		plain = e.kind != ELEMENT_OPTIONS && e.kind != ELEMENT_PATHS;
		if (!(e.optional && sample == SAMPLE_SHORT))
			print_element(to, &e, sample);
	}
	if (to)
		fclose(to);
	if (plain)
		return line;
	free(line);
	return NULL;
}

/* Which definition takes the line when nothing but the grammar counts; NULL: none. */
static const struct definition *taker(const struct list *l, const char *line)
{
	struct settings open = *l->settings;
	const struct request request = {
		.command = line, .length = strlen(line), .root = SANDBOX_FILES, .now = 0};
	const struct definition *found = NULL;
	struct decision decision;

	memset(open.from, 0, sizeof open.from);
	memset(open.hours, 0, sizeof open.hours);
	open.expires = INT64_MAX;
	open.restricted = false;
	open.token = TOKEN_OFF;
	open.verbs = VERBS_ALL;
	open.paths_count = open.keys_count = 0;
	open.protect = "";
	policy_decide(&open, &request, &decision);
	if (decision.verdict == GRANT)
		found = decision.definition;
	decision_free(&decision);
	return found;
}

/* Shadowed: each line of each form goes to others. Built-in definitions have forms too rich to say
 * so. */
static void look_at_order(const struct list *l, const struct definition *definition)
{
	const struct definition *other = NULL;
	bool matched = false;

	for (const struct form *form = definition->forms; form->template; form++)
		for (enum sample sample = SAMPLE_LEAST; sample < SAMPLES; sample++) {
			char *line = make_line(form, sample);
			const struct definition *found = line ? taker(l, line) : definition;

			free(line);
			if (found == definition)
				return;
			matched |= found != NULL;
			other = found ? found : other;
		}
	if (matched)
		lint_find(l->lint, CHECK_COMMAND_SHADOWED, l->place, "%s, behind %s, for %s",
			  definition->name, other->name, l->whose);
	else if (definition->file)
		lint_find(l->lint, CHECK_COMMAND_UNMATCHABLE,
			  (struct place){definition->file, definition->line}, "%s: %s",
			  definition->name, definition->forms[0].template);
}

void lint_commands(struct lint *lint, struct place place, const char *whose,
		   const struct settings *settings)
{
	const struct list l = {lint, place, whose, settings};

	for (size_t i = 0; i < settings->commands_count; i++) {
		const struct definition *definition = settings->commands[i];

		look_at_order(&l, definition);
		if (settings->token == TOKEN_MARKER && !honours_token(definition)) {
			lint_find(lint, CHECK_TOKEN_IGNORED, place, "%s for %s", definition->name,
				  whose);
			continue;
		}
		look_at_verbs(&l, definition);
		if (!settings->docroot && needs_files(definition))
			lint_find(lint, CHECK_DOCROOT_NONE, place, "%s for %s", definition->name,
				  whose);
	}
}
