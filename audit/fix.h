/*
 * fix - a check's template to the commands that mend what was found.
 *
 * A template has a line for each command. A line that begins with '#' is for hands: no command does it, above all none
 * that edits sshd's configuration. {user} {home} {file} {line} {path} {value} stand for what was found, quoted for
 * sh in commands; a command with a value that sh could not be given in one line becomes a line for hands.
 */
#ifndef AUDIT_FIX_H
#define AUDIT_FIX_H

#include <stdbool.h>
#include <stddef.h>

struct audit_values {
	const char *user, *home, *file, *path, *value; /* NULL: not known */
	size_t line;
};

/* Writes to out[0..size), NUL-terminated, lines with LF between. False: it does not fit. */
bool audit_fix(const char *template, const struct audit_values *values, char *out, size_t size);

#endif
