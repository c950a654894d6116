#include "explain-print.h"

#include "policy/template.h"

#include <stdio.h>
#include <string.h>

#define PLAIN                                                                                      \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+=,^-"

void explain_line(const char *name, const char *text)
{
	printf("  %-10s", name);
	paint_escaped(text, strlen(text));
	putchar('\n');
}

void explain_painted(enum paint colour, const char *name, const char *text)
{
	fputs(paint(colour), stdout);
	printf("  %-10s", name);
	paint_escaped(text, strlen(text));
	printf("%s\n", paint(PAINT_OFF));
}

/* A pattern's own characters stay bare: they mean what they do in a shell. */
static void print_word(const char *text, size_t length, bool pattern)
{
	size_t plain = 0, run;

	while (plain < length && text[plain] && strchr(pattern ? PLAIN "*?[]" : PLAIN, text[plain]))
		plain++;
	if (length && plain == length) {
		fwrite(text, 1, length, stdout);
		return;
	}
	putchar('\'');
	for (const char *end = text + length; text < end; text += run) {
		run = 0;
		while (text + run < end && text[run] != '\'')
			run++;
		paint_escaped(text, run);
		if (text + run < end) {
			fputs("'\\''", stdout);
			run++;
		}
	}
	putchar('\'');
}

void explain_sent(const char *name, const struct words *words)
{
	printf("  %-10s", name);
	for (size_t i = 0; i < words->count; i++) {
		const struct word *word = &words->word[i];

		if (i)
			putchar(' ');
		print_word(word->text, word->length, word->pattern);
	}
	putchar('\n');
}

void explain_argv(const char *name, const struct decision *decision)
{
	printf("  %-10s", name);
	for (size_t i = 0; i < decision->argc; i++) {
		if (i)
			putchar(' ');
		print_word(decision->argv[i], strlen(decision->argv[i]), decision->pattern[i]);
	}
	putchar('\n');
}

static void print_element(const struct element *e, const struct form *form)
{
	static const char *const names[] = {
		[ELEMENT_OPTIONS] = "[OPTION]...", [ELEMENT_PATHS] = "PATH...", [ELEMENT_PATH] = "PATH",
		[ELEMENT_NUMBER] = "NUMBER",       [ELEMENT_WORD] = "WORD",
	};

	if (e->kind == ELEMENT_OPTIONS && form->requires)
		printf("-%s ", form->requires);
	if (e->kind == ELEMENT_LITERAL)
		paint_escaped(e->literal, e->length);
	else
		printf(e->optional ? "[%s]" : "%s", names[e->kind]);
}

void explain_form(const char *name, const struct form *form)
{
	const char *at = form->template, *reason;
	struct element element;

	printf("  %-10s", name);
	for (bool first = true; template_next(&at, &element, &reason); first = false) {
		if (!first)
			putchar(' ');
		print_element(&element, form);
	}
	putchar('\n');
}
