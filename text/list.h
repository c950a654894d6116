/*
 * list - words with blanks between, as policies and tables hold them.
 */
#ifndef TEXT_LIST_H
#define TEXT_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* The next word at *at, not terminated; moves *at past it. *length is 0 at the end. */
const char *list_next(const char **at, size_t *length);

/* Whether the list has the word word[0..length). An empty word is in no list. */
bool list_has(const char *list, const char *word, size_t length);

#endif
