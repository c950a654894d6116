/*
 * explain-print - the lines that an answer is made of: two blanks, a word, what it is. Foreign bytes are escaped.
 */
#ifndef CLI_EXPLAIN_PRINT_H
#define CLI_EXPLAIN_PRINT_H

#include "dryrun.h"
#include "paint.h"

#include "text/words.h"

/* name may be "": one more line of the word before it. */
void explain_line(const char *name, const char *text);

/* The same in a colour. */
void explain_painted(enum paint colour, const char *name, const char *text);

/* Words as they would have to be typed: in single quotes where a shell would see more than one plain word. */
void explain_sent(const char *name, const struct words *words);
void explain_argv(const char *name, const struct decision *decision);

/* The shape of a form for a reader: "scp -t [OPTION]... PATH". */
void explain_form(const char *name, const struct form *form);

#endif
