/*
 * keys-edit - a file of keys with some lines changed: the new text, and what changed as a diff.
 *
 *	edit_begin(&edit, &file)
 *	edit_keep() or edit_line() for each line, in order; edit_append() behind the last
 *	edit_diff(&edit, name)        what changed, for people: bytes that a terminal would act upon are escaped
 *	edit_install(&edit, &replace) writes it, if anything changed
 *	edit_free(&edit)
 */
#ifndef CLI_KEYS_EDIT_H
#define CLI_KEYS_EDIT_H

#include "keys/keyfile.h"
#include "keys/replace.h"

struct edit_change {
	size_t line;              /* in the old file, from 1; behind the last for what is appended */
	size_t old_at, old_length;  /* in the old text, without LF; old_length SIZE_MAX: there was none */
	size_t new_at, new_length;  /* in the new text; new_length SIZE_MAX: there is none */
};

struct edit {
	const struct keyfile *file;
	char *text; /* the new one */
	size_t length, room;
	struct edit_change *change;
	size_t changes;
	size_t lines;
	bool failed; /* no memory */
};

bool edit_begin(struct edit *edit, const struct keyfile *file);

/* The line that is next, as it is. */
void edit_keep(struct edit *edit, const char *text, size_t length);

/* Another one in its place; replacement NULL: none. */
void edit_line(struct edit *edit, const char *text, size_t length, const char *replacement, size_t new_length);

void edit_append(struct edit *edit, const char *line, size_t length);
void edit_diff(const struct edit *edit, const char *name);

/* Stages, commits, and says on stdout what became of the old one. Returns the exit status. */
int edit_install(struct edit *edit, struct replace *replace, const char *name);
void edit_free(struct edit *edit);

#endif
