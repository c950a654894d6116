/*
 * explain-denial - why not, where, what would have been right, and what of the policy would have to change.
 */
#include "closest.h"
#include "explain-print.h"
#include "explain.h"

#include "text/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So much of a long command is shown before and behind the word at fault. */
enum { SHOWN_AROUND = 60 };

static size_t shown_width(const char *text, size_t length)
{
	char *out = malloc(4 * length + 8);
	size_t width = out ? escape_plain(text, length, out, 4 * length + 8) : 0;

	free(out);
	return width;
}

static void print_under(size_t before, size_t under)
{
	printf("  %*s%s^", (int)before, "", paint(PAINT_BAD));
	for (size_t i = 1; i < under; i++)
		putchar('~');
	printf("%s\n", paint(PAINT_OFF));
}

/* The command, and a caret under the first word that failed. */
static void print_caret(const char *command, size_t offset, size_t end)
{
	size_t length = strlen(command);
	size_t from = offset > 2 * SHOWN_AROUND ? offset - SHOWN_AROUND : 0;
	size_t word = end > offset ? end - offset : 0;
	size_t shown = word > 2 * SHOWN_AROUND ? 2 * SHOWN_AROUND : word;
	size_t behind = offset + shown;
	size_t to = length - behind > 2 * SHOWN_AROUND ? behind + SHOWN_AROUND : length;
	const char *lead = from ? "..." : "";

	printf("  %s", lead);
	paint_escaped(command + from, offset - from);
	fputs(paint(PAINT_BAD), stdout);
	paint_escaped(command + offset, shown);
	fputs(paint(PAINT_OFF), stdout);
	paint_escaped(command + behind, to - behind);
	printf("%s\n", to < length ? "..." : "");
	print_under(strlen(lead) + shown_width(command + from, offset - from),
		    shown ? shown_width(command + offset, shown) : 1);
}

static bool points_at_word(enum denial denial)
{
	return denial == DENIAL_SYNTAX || denial == DENIAL_NOMATCH || denial == DENIAL_GRAMMAR ||
	       denial == DENIAL_ACCESS;
}

static void print_command(const char *command, const struct decision *d)
{
	size_t length = strlen(command);
	bool at_word = points_at_word(d->denial) &&
		       (d->end > d->offset || (d->offset > 0 && d->offset == length));

	if (at_word && d->offset <= length && d->end <= length)
		print_caret(command, d->offset, d->end);
}

static void print_rule(const struct decision *d, const struct closest *closest)
{
	bool matched = d->denial != DENIAL_GRAMMAR && d->denial != DENIAL_NOMATCH;

	if (!closest->definition)
		return;
	explain_rule(matched ? "rule" : "closest", closest->definition, closest->form);
	for (const struct form *form = closest->definition->forms; !closest->form && form->template; form++)
		explain_form(form == closest->definition->forms ? "form" : "", form);
	if (closest->form)
		explain_form("form", closest->form);
}

/* In place of which line; without one, where it may stand. */
static void print_where(const struct closest *c, const char *setting)
{
	struct origin origin;

	if (closest_origin(c, setting, &origin))
		printf("  (in place of %s:%u, [%s%s%s])\n", origin.file, origin.line, origin.kind,
		       *origin.name ? " " : "", origin.name);
	else
		printf("  (in [user %s])\n", c->subject->account.user);
}

static void print_admits(const struct closest *c)
{
	const char *name = "admits", *setting;

	for (unsigned i = 0; (setting = closest_setting(c, i)); i++) {
		if (!(c->change & 1u << i))
			continue;
		printf("  %s%-10s", paint(PAINT_STRONG), name);
		closest_say(i, c, stdout);
		fputs(paint(PAINT_OFF), stdout);
		if (closest_is_flag(i, c))
			putchar('\n');
		else
			print_where(c, setting);
		name = "  and";
	}
	if (c->answer->decision.settings->profile || c->answer->decision.settings->key)
		explain_line("note", "a profile or key may not be wider than its account: both may have to change");
}

static void print_way_out(const struct closest *c, const struct decision *d)
{
	if (c->admissible)
		print_admits(c);
	else if (d->denial == DENIAL_NOMATCH && !c->definition)
		explain_line("admits", "a [command] of your own, if a stranger may run this program");
	else if (d->denial == DENIAL_NOMATCH || d->denial == DENIAL_GRAMMAR)
		explain_line("admits", "no setting: the command itself would have to be another one");
	else if (d->denial == DENIAL_SYNTAX)
		explain_line("admits", "no setting: no shell is there to act upon it");
}

void explain_denial(const struct question *question, const struct subject *subject,
		    const struct answer *answer)
{
	const struct decision *d = &answer->decision;
	char verbs[VERBS_TEXT_MAX];
	struct closest closest;

	if (question->command)
		print_command(question->command, d);
	if (d->denial == DENIAL_INTERACTIVE)
		explain_line("because", "a login without a command starts nothing; the client is told the line above");
	if (d->lacks) {
		verb_text(d->lacks, verbs);
		explain_line("lacks", verbs);
	}
	if (d->detail)
		explain_line("because", d->detail);
	closest_find(question, subject, answer, &closest);
	print_rule(d, &closest);
	print_way_out(&closest, d);
}
