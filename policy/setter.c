#include "setter.h"

#include "model.h"

#include "text/pathname.h"

#include <string.h>

/* Names the word at fault; falls back on the whole value when there is no memory for a copy. */
const char *setter_blame(struct setter *s, const char *word, size_t length, const char *reason)
{
	s->word = arena_copy(&s->policy->arena, word, length);
	return reason;
}

const char *setter_bool(struct setter *s, bool *target)
{
	if (strcmp(s->value, "yes") != 0 && strcmp(s->value, "no") != 0)
		return "neither yes nor no";
	*target = s->value[0] == 'y';
	return NULL;
}

/* Absolute, with no part that is "." or ".."; tokens allowed where the caller checked them. */
const char *setter_absolute(const char *path)
{
	if (path[0] != '/')
		return "not an absolute path";
	if (strlen(path) > PATHNAME_MAX)
		return "a path longer than 4095 bytes";
	if (pathname_has_part(path, ". .."))
		return "a path with a . or .. component";
	return NULL;
}

const char *setter_pair(struct setter *s, struct pair *pairs, size_t *count)
{
	size_t i = 0;

	while (i < *count && strcmp(pairs[i].name, s->argument) != 0)
		i++;
	if (i == POLICY_LIST_MAX)
		return "more than 16 of these for one account";
	pairs[i] = (struct pair){s->argument, s->value};
	if (i == *count)
		(*count)++;
	return NULL;
}
