/*
 * template - the words of a form's template, one at a time. The notation is in definition.h.
 */
#ifndef POLICY_TEMPLATE_H
#define POLICY_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

enum element_kind {
	ELEMENT_LITERAL,
	ELEMENT_OPTIONS, /* %o */
	ELEMENT_PATHS,   /* %P */
	ELEMENT_PATH,    /* %p */
	ELEMENT_NUMBER,  /* %d */
	ELEMENT_WORD,    /* %w %Ns */
	ELEMENT_FIXED,   /* %f */
};

struct element {
	enum element_kind kind;
	const char *literal; /* ELEMENT_LITERAL: length bytes of the template */
	size_t length;
	size_t most;     /* ELEMENT_WORD: bytes */
	int capture;     /* 1 to 9, or 0 */
	bool optional;
};

/*
 * Reads the element at *at into *element and moves *at past it. False at the template's end, and for a word
 * that is no element; *reason (static) tells the two apart: NULL at the end.
 */
bool template_next(const char **at, struct element *element, const char **reason);

/*
 * Checks the template and the argv of a [command]: the first word literal, no %o or %P, captures unique,
 * every capture that argv uses made, argv's first word literal. argv may be NULL. A static reason, or NULL.
 */
const char *template_check(const char *template, const char *argv);

#endif
