#include "template.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MOST = 64, WORD_LIMIT = 255 };

/* Reads the element behind a '%': letter and what stands before it. */
static const char *read_element(const char *spec, size_t length, struct element *element)
{
	size_t digits = strspn(spec, "0123456789");

	if (length > 1 && spec[length - 1] == '?') {
		element->optional = true;
		length--;
	}
	if (digits + 1 != length || digits > 3)
		return "an element is % and perhaps a number and one of d w s p";
	unsigned long number = digits ? strtoul(spec, NULL, 10) : 0;

	switch (spec[digits]) {
	case 'o': element->kind = ELEMENT_OPTIONS; break;
	case 'P': element->kind = ELEMENT_PATHS; break;
	case 'p': element->kind = ELEMENT_PATH; break;
	case 'd': element->kind = ELEMENT_NUMBER; break;
	case 'f': element->kind = ELEMENT_FIXED; break;
	case 'w':
		element->kind = ELEMENT_WORD;
		element->most = WORD_MOST;
		break;
	case 's':
		if (number < 1 || number > WORD_LIMIT)
			return "%Ns needs a number of bytes from 1 to 255";
		element->kind = ELEMENT_WORD;
		element->most = number;
		return NULL;
	default: return "an element is % and perhaps a number and one of d w s p";
	}
	if (digits && (number < 1 || number > 9))
		return "a capture is numbered 1 to 9";
	element->capture = (int)number;
	return NULL;
}

bool template_next(const char **at, struct element *element, const char **reason)
{
	const char *word = *at + strspn(*at, " ");
	size_t length = strcspn(word, " ");

	*element = (struct element){.kind = ELEMENT_LITERAL, .literal = word, .length = length};
	*reason = NULL;
	*at = word + length;
	if (length == 0)
		return false;
	if (word[0] != '%') {
		if (memchr(word, '%', length))
			*reason = "an element is a word of its own";
		return *reason == NULL;
	}
	*reason = read_element(word + 1, length - 1, element);
	return *reason == NULL;
}

/* argv: literal words, and %1 to %9 as whole words. */
static const char *check_argv(const char *argv, unsigned captured)
{
	const char *at = argv;
	size_t length;

	for (size_t i = 0;; i++, at += length) {
		at += strspn(at, " ");
		length = strcspn(at, " ");
		if (length == 0)
			return i == 0 ? "argv is empty" : NULL;
		if (!memchr(at, '%', length))
			continue;
		if (i == 0)
			return "the first word of argv is the program's name, not a capture";
		if (length != 2 || at[0] != '%' || !isdigit((unsigned char)at[1]) || at[1] == '0')
			return "in argv a % stands only in %1 to %9, as a word of its own";
		if (!(captured & 1u << (at[1] - '0')))
			return "argv uses a capture that the template does not make";
	}
}

const char *template_check(const char *template, const char *argv)
{
	struct element element;
	const char *reason, *at = template;
	unsigned captured = 0;
	bool was_optional = false;

	for (size_t i = 0; template_next(&at, &element, &reason); i++) {
		if (i == 0 && element.kind != ELEMENT_LITERAL)
			return "the first word of a template is literal";
		if (element.kind == ELEMENT_OPTIONS || element.kind == ELEMENT_PATHS ||
		    element.kind == ELEMENT_FIXED)
			return "%o, %P and %f belong to the built-in definitions";
		if (was_optional)
			return "only the last word of a template may be optional";
		was_optional = element.optional;
		if (element.capture && captured & 1u << element.capture)
			return "a capture number is used twice";
		captured |= element.capture ? 1u << element.capture : 0;
	}
	if (reason)
		return reason;
	if (template[strspn(template, " ")] == '\0')
		return "the template is empty";
	return argv ? check_argv(argv, captured) : NULL;
}
