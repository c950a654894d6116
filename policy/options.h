/*
 * options - the engine's half that reads options; private to grammar.
 */
#ifndef POLICY_OPTIONS_H
#define POLICY_OPTIONS_H

#include "grammar.h"

/* An option whose path can be resolved only once the operand is known. */
struct beside {
	struct beside *next;
	size_t slot, word_at;
	const char *prefix; /* "--link-dest=", "" */
	const char *value;
};

/* One form being matched. */
struct matcher {
	const struct definition *definition;
	const struct grammar *grammar;
	struct match *match;
	size_t at;             /* the next word of the client's */
	const char *operand;   /* the first path among the operands */
	bool has_mode;         /* the option that the form requires was given */
	bool options_ended;    /* by "--" */
	struct beside *beside;
	size_t asked_at[VERBS_COUNT]; /* the word whose option asked for the verb, one more than its index; 0: none */
};

/* Matches %o. */
bool options_match(struct matcher *m);

/* Resolves what waited for the operand. */
bool options_finish(struct matcher *m);

#endif
