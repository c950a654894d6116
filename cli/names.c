#include "names.h"

#include "grow.h"

#include <stdlib.h>
#include <string.h>

bool names_add(struct names *names, const char *name, size_t length)
{
	char **grown = grow(names->name, names->count, sizeof *grown);

	if (!grown)
		return false;
	names->name = grown;
	char *copy = strndup(name, length);
	if (copy)
		grown[names->count++] = copy;
	return copy != NULL;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct names *names)
{
	size_t kept = 0;

	if (names->count)
		qsort(names->name, names->count, sizeof *names->name, compare);
	for (size_t i = 0; i < names->count; i++) {
		if (kept && strcmp(names->name[kept - 1], names->name[i]) == 0)
			free(names->name[i]);
		else
			names->name[kept++] = names->name[i];
	}
	names->count = kept;
}

char **names_find(const struct names *names, const char *name)
{
	return names->count ? bsearch(&name, names->name, names->count, sizeof *names->name, compare) : NULL;
}

void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct names){0};
}
