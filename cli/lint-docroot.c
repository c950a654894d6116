/*
 * lint-docroot - docroots as they are written; docroots in docroots, programs in docroots.
 */
#include "grow.h"
#include "lint.h"

#include "text/pathname.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/*
 * A docroot as it is written, as a pattern of paths: %u and %U may be anything unless the user is
 * known. False for `none`, and for %h, which lint_docroot() looks at by itself.
 */
static bool make_pattern(const char *value, const char *user, char pattern[LINT_PATTERN_MAX])
{
	char *to = pattern, *end = pattern + LINT_PATTERN_MAX - 2;

	if (strcmp(value, "none") == 0 || strstr(value, "%h"))
		return false;
	for (; *value && to < end; value++) {
		if (value[0] == '%' && value[1] == 'u' && user) {
			int n = snprintf(to, (size_t)(end - to), "%s", user);

			if (n >= end - to)
				return false;
			to += n;
			value++;
		} else if (value[0] == '%' && value[1] != '%') {
			*to++ = '*';
			value++;
		} else {
			if (strchr("*?[\\", *value))
				*to++ = '\\';
			*to++ = *value;
			value += value[0] == '%';
		}
	}
	while (to > pattern && to[-1] == '/')
		to--;
	*to = '\0';
	return true;
}

/* Whether path is what the pattern says, or beneath it. "/" has become "". */
bool lint_holds(const char *pattern, const char *path)
{
	return pattern[0] == '\0' || fnmatch(pattern, path, FNM_PATHNAME | FNM_LEADING_DIR) == 0;
}

void lint_docroot(struct lint *lint, struct place place, const char *value, const char *user)
{
	char pattern[LINT_PATTERN_MAX];
	size_t rest = strncmp(value, "%h", 2) == 0 ? strspn(value + 2, "/") : 1;

	if (strncmp(value, "%h", 2) == 0 && value[2 + rest] == '\0')
		lint_find(lint, CHECK_DOCROOT_HOME, place, "%s is the account's home", value);
	else if (make_pattern(value, user, pattern))
		lint_homes(lint, place, value, pattern);
}

bool lint_in_docroot(const struct lint *lint, const char *path)
{
	struct policy_section section;
	struct policy_entry entry;
	char pattern[LINT_PATTERN_MAX];

	for (size_t i = 0; policy_section(lint->policy, i, &section); i++)
		for (size_t e = 0; policy_entry(lint->policy, i, e, &entry); e++)
			if (strcmp(entry.name, "docroot") == 0 &&
			    make_pattern(entry.value,
					 strcmp(section.kind, "user") == 0 ? section.name : NULL,
					 pattern) &&
			    lint_holds(pattern, path))
				return true;
	return false;
}

/* ---- all of them together ---- */

void lint_docroot_add(struct lint *lint, struct place place, const char *whose,
		      const struct settings *settings)
{
	struct lint_docroot docroot = {.line = place.line, .umask = settings->umask};

	if (!settings->docroot)
		return;
	struct lint_docroot *grown = grow(lint->docroots, lint->docroots_count, sizeof *grown);
	lint->failed |= !grown;
	if (!grown)
		return;
	lint->docroots = grown;
	docroot.path = strdup(settings->docroot);
	docroot.whose = strdup(whose);
	docroot.file = strdup(place.file);
	lint->docroots[lint->docroots_count++] = docroot;
	lint->failed |= !docroot.path || !docroot.whose || !docroot.file;
}

int lint_compare_paths(const char *x, const char *y)
{
	while (*x && *x == *y) {
		x++;
		y++;
	}
	int left = *x == '/' ? 1 : *x ? 1 + (unsigned char)*x : 0;
	int right = *y == '/' ? 1 : *y ? 1 + (unsigned char)*y : 0;
	return left - right;
}

static int compare(const void *a, const void *b)
{
	return lint_compare_paths(((const struct lint_docroot *)a)->path, ((const struct lint_docroot *)b)->path);
}

void lint_docroots(struct lint *lint)
{
	const struct lint_docroot *top = NULL;

	if (lint->failed || lint->docroots_count == 0)
		return;
	qsort(lint->docroots, lint->docroots_count, sizeof *lint->docroots, compare);
	for (size_t i = 0; i < lint->docroots_count; i++) {
		const struct lint_docroot *d = &lint->docroots[i];
		struct place place = {d->file, d->line};

		if (!top || !pathname_is_beneath(d->path, top->path)) {
			top = d;
			continue;
		}
		bool same = strcmp(d->path, top->path) == 0;
		lint_find(lint, CHECK_DOCROOT_SHARED, place, "%s: %s of %s and %s", d->path,
			  same ? "docroot" : "inside the docroot", top->whose, d->whose);
		if (!(d->umask & 020))
			lint_find(lint, CHECK_UMASK_GROUP, place, "umask = %03o of %s", d->umask,
				  d->whose);
	}
}
