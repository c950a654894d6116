/*
 * setter - what a setter works on, and what several share; private to this room. setters.h names them all.
 *
 * A setter reads s->value, stores what it means, and returns NULL, or a static reason; then s->word is the word at
 * fault, if it is not the whole value.
 */
#ifndef POLICY_SETTER_H
#define POLICY_SETTER_H

#include "model.h"
#include "nearest.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* What a setter works on. */
struct setter {
	struct policy *policy;         /* knows the definitions */
	struct settings *settings;     /* of an account or profile */
	struct definition *definition; /* of a [command] under construction */
	struct form *form;             /* its one form */
	struct program *program;       /* and program */
	struct expectation *expectation; /* of a [test] */
	struct key_rule *key;          /* of a [key]; NULL once its fingerprints are known */
	const char *name;              /* of the setting */
	const char *file;              /* where it stands */
	unsigned line;
	const char *argument;          /* of "env NAME", or NULL */
	const char *value;             /* not empty; lives as long as the policy */
	bool first;                    /* of its name in this section: what earlier ones gave is replaced */
	const char *word;              /* out: the word at fault, or NULL for the whole value */
	struct nearest near;           /* out: the valid word that is nearest to it */
};

/* Names the word at fault, and returns reason. Falls back on the whole value when there is no memory for a copy. */
const char *setter_blame(struct setter *s, const char *word, size_t length, const char *reason);

/* yes or no. */
const char *setter_bool(struct setter *s, bool *target);

/* Absolute, with no part that is "." or ".."; tokens allowed where the caller checked them. */
const char *setter_absolute(const char *path);

/* One more "NAME = value", in place of an earlier one of the name. */
const char *setter_pair(struct setter *s, struct pair *pairs, size_t *count);

#endif
