/*
 * lint-homes - whose homes lie in a docroot. A policy has few docroots that are patterns, and may have very many plain
 * ones, and a host as many homes: those are found by order, not by going through all.
 */
#include "grow.h"
#include "lint.h"
#include "order.h"

#include "text/pathname.h"

#include <fnmatch.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/* A home by one of its names; an account has two where a link is on the way. */
struct home {
	char *path, *user;
	size_t account; /* in the order of the account database */
	bool service;
};

struct lint_homes {
	struct home *home;
	size_t count, accounts;
	size_t *counted; /* by account: the last question that it was an answer to */
	size_t questions;
};

/* ---- all of them ---- */

static bool is_service(const struct passwd *entry)
{
	const char *base = strrchr(entry->pw_shell, '/');

	base = base ? base + 1 : entry->pw_shell;
	return strcmp(base, "nologin") == 0 || strcmp(base, "false") == 0 ||
	       strcmp(base, "sync") == 0;
}

/* The home by its real name, should a directory on the way be a link. Homes themselves may lie on a
 * server: not asked. */
static void real_home(const char *home, char out[PATH_MAX])
{
	static char last[PATH_MAX], real[PATH_MAX]; /* most have the same parent */
	const char *slash = strrchr(home, '/');
	char parent[PATH_MAX];

	snprintf(out, PATH_MAX, "%s", home);
	if (!slash || slash == home)
		return;
	snprintf(parent, sizeof parent, "%.*s", (int)(slash - home), home);
	if (strcmp(parent, last) != 0) {
		if (!realpath(parent, real))
			*real = '\0';
		strcpy(last, parent);
	}
	if (*real && strlen(real) + strlen(slash) < PATH_MAX)
		stpcpy(stpcpy(out, strcmp(real, "/") == 0 ? "" : real), slash);
}

static bool add(struct lint_homes *all, const struct passwd *entry, const char *path)
{
	struct home *grown = grow(all->home, all->count, sizeof *grown);

	if (!grown)
		return false;
	all->home = grown;
	grown[all->count] = (struct home){strdup(path), strdup(entry->pw_name), all->accounts, is_service(entry)};
	all->count++;
	return grown[all->count - 1].path && grown[all->count - 1].user;
}

static int compare(const void *a, const void *b)
{
	return lint_compare_paths(((const struct home *)a)->path, ((const struct home *)b)->path);
}

static bool read_all(struct lint_homes *all)
{
	const struct passwd *entry;
	char real[PATH_MAX];
	bool good = true;

	setpwent();
	while (good && (entry = getpwent())) {
		/* A home that is "/" says nothing of the docroot. */
		real_home(entry->pw_dir, real);
		if (strcmp(real, "/") == 0)
			continue;
		good = add(all, entry, real) && (strcmp(real, entry->pw_dir) == 0 || add(all, entry, entry->pw_dir));
		all->accounts++;
	}
	endpwent();
	all->counted = calloc(all->accounts + 1, sizeof *all->counted);
	if (all->count)
		qsort(all->home, all->count, sizeof *all->home, compare);
	return good && all->counted;
}

void lint_homes_free(struct lint *lint)
{
	for (size_t i = 0; lint->homes && i < lint->homes->count; i++) {
		free(lint->homes->home[i].path);
		free(lint->homes->home[i].user);
	}
	if (lint->homes) {
		free(lint->homes->home);
		free(lint->homes->counted);
	}
	free(lint->homes);
	lint->homes = NULL;
}

/* NULL: no memory. */
static struct lint_homes *homes_of(struct lint *lint)
{
	if (!lint->homes) {
		lint->homes = calloc(1, sizeof *lint->homes);
		lint->failed |= !lint->homes || !read_all(lint->homes);
	}
	return lint->failed ? NULL : lint->homes;
}

/* ---- one docroot ---- */

/* What was found of one kind. */
struct answer {
	const struct home *first;
	size_t count;
};

static void take(struct lint_homes *all, const struct home *home, struct answer answers[2])
{
	struct answer *a = &answers[home->service];

	if (all->counted[home->account] == all->questions)
		return;
	all->counted[home->account] = all->questions;
	a->count++;
	if (!a->first || home->account < a->first->account)
		a->first = home;
}

/* The path that the pattern stands for; false: it stands for several. */
static bool is_plain(const char *pattern, char out[LINT_PATTERN_MAX])
{
	for (; *pattern; pattern++) {
		if (*pattern == '*')
			return false;
		pattern += *pattern == '\\';
		*out++ = *pattern;
	}
	*out = '\0';
	return true;
}

static void find_beneath(struct lint_homes *all, const char *path, struct answer answers[2])
{
	const struct home key = {.path = (char *)(size_t)path};
	size_t i = order_first(all->home, all->count, sizeof key, &key, compare);

	for (; i < all->count && pathname_is_beneath(all->home[i].path, path); i++)
		take(all, &all->home[i], answers);
}

/* Says the first home of either kind, and how many there are. */
void lint_homes(struct lint *lint, struct place place, const char *value, const char *pattern)
{
	static const enum check checks[] = {CHECK_DOCROOT_HOME, CHECK_DOCROOT_SERVICE_HOME};
	struct lint_homes *all = homes_of(lint);
	struct answer answers[2] = {0};
	char path[LINT_PATTERN_MAX];

	if (!all)
		return;
	all->questions++;
	if (*pattern && is_plain(pattern, path))
		find_beneath(all, path, answers);
	else
		for (size_t i = 0; i < all->count; i++)
			if (lint_holds(pattern, all->home[i].path))
				take(all, &all->home[i], answers);
	for (size_t i = 0; i < 2; i++) {
		const struct answer *a = &answers[i];

		if (a->count == 1)
			lint_find(lint, checks[i], place, "%s holds the home of %s", value, a->first->user);
		else if (a->count > 1)
			lint_find(lint, checks[i], place, "%s holds the homes of %s and %zu more", value,
				  a->first->user, a->count - 1);
	}
}
