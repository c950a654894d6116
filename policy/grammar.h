/*
 * grammar - the one engine that reads definitions: words of a request against the forms of a table.
 *
 * Pure: no I/O, no clock, no globals. What a match points to lies in the arena given, or in the words.
 */
#ifndef POLICY_GRAMMAR_H
#define POLICY_GRAMMAR_H

#include "arena.h"
#include "paths.h"
#include "policy.h"

#include "text/pathname.h"
#include "text/words.h"

enum {
	GRAMMAR_CAPTURES = 10, /* %1 to %9 */
};

/* What the engine matches with. */
struct grammar {
	const struct words *words;
	struct paths paths;            /* the verbs that the account has, and where */
	unsigned anywhere;             /* the union of them */
	struct pathname_place place;
	const char *protect;           /* blank-separated names */
	const struct option_rule *accept; /* rows before the table's; ends in {0}, or NULL */
	const struct refusal *refuse;  /* POLICY_CONDITIONS_MAX of them, or NULL */
	const char *fixed;             /* what %f matches, or NULL */
	struct arena *arena;
};

/* A rebuilt word: what the program will get in its argv. */
struct rebuilt {
	const char *text;
	bool pattern; /* text is an fnmatch(3) pattern, to be expanded inside the view */
};

struct match {
	const struct form *form;
	struct rebuilt *word;   /* count of them, the form's literal words included */
	size_t count;
	const char *capture[GRAMMAR_CAPTURES];
	unsigned verbs;         /* that hold at every operand; without operands, anywhere */
	/* Of a failure: */
	const char *reason;     /* static; NULL if it matched */
	const char *detail;     /* the table's one-line reason, or NULL */
	size_t word_at;         /* which word failed; words->count if one is missing */
	size_t reach;           /* how many words were taken before */
	bool other_mode;        /* the words are of a form with another mode option */
	unsigned lacks;         /* verbs that the account lacked, if that was it */
};

/*
 * Tries each form of the definition. On a match true: the first form whose `needs` the account has, or the last one
 * that matched, when it has the needs of none. Otherwise false, and *match tells how the form that came furthest
 * failed.
 */
bool grammar_match(const struct definition *definition, const struct grammar *grammar,
		   struct match *match);

#endif
