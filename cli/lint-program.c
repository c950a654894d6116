/*
 * lint-program - what a policy names as a program: what it can be made to do, who can write it,
 * where it lies.
 */
#include "lint.h"

#include "lint-escapes.h"

#include "text/pattern.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct escape *find_escape(const char *path)
{
	const char *base = strrchr(path, '/') + 1;

	for (const struct escape *e = lint_escapes; e->name; e++)
		if (pattern_match(base, e->name, strlen(e->name)))
			return e;
	return NULL;
}

/* A shell under another name: the same file as one of /etc/shells that is known to be one. */
static const struct escape *find_shell(const char *path)
{
	const struct escape *found = NULL;
	struct stat program, shell;
	const char *name;

	if (stat(path, &program) != 0)
		return NULL;
	setusershell();
	while (!found && (name = getusershell()))
		if (name[0] == '/' && stat(name, &shell) == 0 && shell.st_ino == program.st_ino &&
		    shell.st_dev == program.st_dev)
			found = find_escape(name);
	endusershell();
	return found;
}

void lint_program(struct lint *lint, struct place place, const char *path, bool client_words)
{
	char real[PATH_MAX];
	const struct escape *escape = find_escape(path);
	bool there = realpath(path, real) != NULL;
	bool by_link = false;

	if (!escape && there) {
		escape = find_escape(real);
		if (!escape)
			escape = find_shell(real);
		by_link = escape != NULL;
	}
	if (escape) {
		bool harmless = escape->options && !client_words;
		lint_find(lint, harmless ? CHECK_PROGRAM_OPTIONS : CHECK_PROGRAM_ESCAPE, place,
			  "%s%s%s: %s", path, by_link ? ", which is " : "", by_link ? real : "",
			  escape->because);
	}
	lint_program_file(lint, place, path);
}

/* The part of path, from "/" down to itself, that is not root's alone; false if all of it is. A
 * link is its directory's. */
static bool find_writable(const char *path, char part[PATH_MAX])
{
	struct stat st;

	for (const char *slash = path; slash; slash = strchr(slash + 1, '/')) {
		size_t length = slash == path ? 1 : (size_t)(slash - path);

		snprintf(part, PATH_MAX, "%.*s", (int)length, path);
		if (lstat(part, &st) == 0 &&
		    (st.st_uid != 0 || (!S_ISLNK(st.st_mode) && st.st_mode & 022)))
			return true;
	}
	snprintf(part, PATH_MAX, "%s", path);
	return lstat(part, &st) == 0 &&
	       (st.st_uid != 0 || (!S_ISLNK(st.st_mode) && st.st_mode & 022));
}

void lint_program_file(struct lint *lint, struct place place, const char *path)
{
	char real[PATH_MAX], part[PATH_MAX];
	bool there = realpath(path, real) != NULL;

	if (!there && errno != ENOENT && errno != ENOTDIR)
		return; /* not for us to see */
	if (!there)
		lint_find(lint, CHECK_PROGRAM_MISSING, place, "%s", path);
	if (find_writable(path, part) || (there && find_writable(real, part)))
		lint_find(lint, CHECK_PROGRAM_WRITABLE, place, "%s: %s is not root's alone", path,
			  part);
	lint_program_docroot(lint, place, path);
}

void lint_program_docroot(struct lint *lint, struct place place, const char *path)
{
	char real[PATH_MAX];

	if (lint_in_docroot(lint, path) || (realpath(path, real) && lint_in_docroot(lint, real)))
		lint_find(lint, CHECK_PROGRAM_IN_DOCROOT, place, "%s", path);
}
