/*
 * lines - a policy file as lines: find a section, mark changes, print them as a unified diff.
 *
 *	lines_read(path, &lines)
 *	lines_section(&lines, "user", "alice")  →  lines_drop(), lines_insert()
 *	lines_diff(&lines, "policy.ini", stdout)
 *	lines_free(&lines)
 *
 * Only for files that policy_load() accepts: there a section starts in column one and ends its
 * line.
 */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum line_state { LINE_KEPT, LINE_DROPPED, LINE_ADDED };

struct one_line {
	char *text; /* without its LF */
	enum line_state state;
	bool unterminated; /* the file's last line, and no LF behind it */
};

struct lines {
	struct one_line *line;
	size_t count, room;
};

/* False: it cannot be read, errno says why. At most POLICY_FILE_MAX bytes. */
bool lines_read(const char *path, struct lines *lines);
void lines_free(struct lines *lines);

/* The header's index of [kind name], or SIZE_MAX. */
size_t lines_section(const struct lines *lines, const char *kind, const char *name);

/* The name in line i if it is a [kind NAME], its length in *length; else NULL. */
const char *lines_header(const struct lines *lines, size_t i, const char *kind, size_t *length);

/* Whether any section begins in line i. */
bool lines_begins_section(const struct lines *lines, size_t i);

void lines_drop(struct lines *lines, size_t i);

/* Adds text before line i, which becomes i + 1. False: no memory. */
bool lines_insert(struct lines *lines, size_t i, const char *text);

/* Prints what was dropped and added, for `patch -p0`. Nothing when there is nothing. */
void lines_diff(const struct lines *lines, const char *name, FILE *to);

#endif
