/*
 * source - the bytes of one policy file: opened safely, then linted, so that inih never meets a line
 * that it would misread (tests/unit/inih.c pins its traps).
 *
 *	file    = *( line LF ) [ line ]
 *	line    = "" / comment / section / entry            at most 190 bytes, starts in column one
 *	comment = ( "#" / ";" ) *any
 *	section = "[" kind [ " " name ] "]"
 *	entry   = name *BLANK "=" *BLANK value              name without = : ; and value without " ;"
 */
#ifndef POLICY_SOURCE_H
#define POLICY_SOURCE_H

#include "policy.h"

struct source_section {
	const char *name;  /* in text, not terminated: "user alice" */
	size_t length;
	unsigned line;
};

struct source_entry {
	size_t section;    /* index */
	unsigned line;
};

struct source {
	char *text;        /* NUL-terminated */
	size_t length;
	struct source_section *sections;
	size_t sections_count;
	struct source_entry *entries; /* in the order in which inih hands them over */
	size_t entries_count;
};

enum source_read { SOURCE_READ, SOURCE_ABSENT, SOURCE_FAULT };

/*
 * Reads path: absolute, a regular file, no links on the way. Unless from->any_owner, it and every directory on the way
 * are root's, or from->owner's, and written by nobody else. from->file is not looked at. checked: the length of a
 * directory at the beginning of path for which that was found before; 0: of none.
 */
enum source_read source_open(const char *path, size_t checked, const struct policy_source *from,
			     struct source *source, struct policy_fault *fault);

/* The same of a copy of text, as if a file had been read. False: no memory. */
bool source_take(const char *text, struct source *source, struct policy_fault *fault);

/* Checks every line and fills in sections and entries. */
bool source_lint(struct source *source, struct policy_fault *fault);

void source_free(struct source *source);

#endif
