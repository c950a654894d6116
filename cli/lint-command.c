/*
 * lint-command - a [command] by itself: its program, its template, and where the client's words end
 * up.
 */
#include "lint.h"

#include "policy/template.h"

#include "text/list.h"
#include "text/pathname.h"

#include <string.h>

enum { CAPTURES = 10 };

struct shape {
	struct lint *lint;
	struct place place;
	const struct definition *definition;
	struct element captures[CAPTURES];
	bool client_words; /* reach argv at all */
	bool ended;        /* behind a "--" */
	bool value;        /* behind an option, whose value this may be */
};

static bool is_option(const struct element *e)
{
	return e->literal[0] == '-' && e->length > 1;
}

static bool has_parent(const struct element *e)
{
	char word[POLICY_VALUE_MAX + 1];

	snprintf(word, sizeof word, "%.*s", (int)e->length, e->literal);
	return pathname_has_part(word, "..");
}

static void look_literal(struct shape *s, const struct element *e, const char *where)
{
	if (has_parent(e))
		lint_find(s->lint, CHECK_TEMPLATE_PARENT, s->place, "%.*s in %s", (int)e->length,
			  e->literal, where);
	s->ended |= e->length == 2 && memcmp(e->literal, "--", 2) == 0;
	s->value = is_option(e) && !s->ended;
}

/* Decimal digits are no option and no path. The value of an option is looked at by nobody but that
 * option. */
static void look_clients(struct shape *s, const struct element *e, int number)
{
	const char *name = e->kind == ELEMENT_PATH ? "%p" : "%w";

	s->client_words = true;
	if (e->kind != ELEMENT_NUMBER && !s->value && !s->ended)
		lint_find(s->lint, CHECK_CAPTURE_OPTION, s->place, "word %d of argv, a %s", number,
			  name);
	s->value = false;
}

/* Words of argv as the policy writes them: %1 to %9 are captures. */
static void look_argv(struct shape *s, const char *argv)
{
	size_t length;
	const char *word;

	for (int number = 1; word = list_next(&argv, &length), length > 0; number++) {
		const struct element literal = {.literal = word, .length = length};

		if (length == 2 && word[0] == '%' && word[1] >= '1' && word[1] <= '9')
			look_clients(s, &s->captures[word[1] - '0'], number);
		else
			look_literal(s, &literal, "argv");
	}
}

/* The template: what it captures, and without argv, where its words end up. */
static void look_template(struct shape *s, const char *template)
{
	const char *at = template, *reason;
	struct element e;

	for (int number = 1; template_next(&at, &e, &reason); number++) {
		if (e.capture)
			s->captures[e.capture] = e;
		if (e.kind == ELEMENT_LITERAL)
			look_literal(s, &e, "template");
		else if (!s->definition->argv)
			look_clients(s, &e, number);
	}
}

void lint_command(struct lint *lint, size_t index, const struct policy_section *section)
{
	const struct definition *definition = section->definition;
	struct shape s = {
		.lint = lint,
		.place = lint_place(lint, index, "template"),
		.definition = definition,
	};

	look_template(&s, definition->forms[0].template);
	if (definition->argv) {
		s.place = lint_place(lint, index, "argv");
		s.ended = s.value = false;
		look_argv(&s, definition->argv);
	}
	lint_program(lint, lint_place(lint, index, "program"), definition->programs[0].path,
		     s.client_words);
}
