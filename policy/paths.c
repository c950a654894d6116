#include "paths.h"

#include "text/pathname.h"

#include <string.h>

struct paths paths_of(const struct settings *settings)
{
	return (struct paths){settings->verbs, settings->paths, settings->paths_count};
}

unsigned paths_at(const struct paths *paths, const char *path)
{
	unsigned verbs = paths->verbs;

	/* The last that fits is the deepest. */
	for (size_t i = 0; i < paths->count; i++)
		if (pathname_is_beneath(path, paths->rule[i].directory))
			verbs = paths->rule[i].verbs;
	return verbs;
}

unsigned paths_anywhere(const struct settings *settings)
{
	unsigned verbs = settings->verbs;

	for (size_t i = 0; i < settings->paths_count; i++)
		verbs |= settings->paths[i].verbs;
	return verbs;
}

void paths_mask(struct settings *settings, unsigned mask)
{
	settings->verbs &= mask;
	for (size_t i = 0; i < settings->paths_count; i++)
		settings->paths[i].verbs &= mask;
}

/* Shorter names first: a directory stands before all that is in it. */
static void sort(struct path_rule *rules, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct path_rule rule = rules[i];
		size_t at = i;

		for (; at > 0 && strlen(rules[at - 1].directory) > strlen(rule.directory); at--)
			rules[at] = rules[at - 1];
		rules[at] = rule;
	}
}

void paths_settle(struct settings *settings)
{
	struct path_rule *rules = settings->paths;
	struct paths above = paths_of(settings);

	sort(rules, settings->paths_count);
	for (size_t i = 0; i < settings->paths_count; i++) {
		above.count = i;
		unsigned around = paths_at(&above, rules[i].directory);

		rules[i].verbs |= rules[i].read_only ? around & ~(unsigned)VERBS_WRITE : around;
	}
}

void paths_descend(struct settings *settings, const char *into)
{
	const struct paths all = paths_of(settings);
	unsigned verbs = paths_at(&all, into);
	size_t length = strlen(into), kept = 0;

	for (size_t i = 0; i < settings->paths_count; i++) {
		struct path_rule rule = settings->paths[i];

		if (!pathname_is_beneath(rule.directory, into) || !rule.directory[length])
			continue;
		rule.directory += length;
		settings->paths[kept++] = rule;
	}
	settings->paths_count = kept;
	settings->verbs = verbs;
}
