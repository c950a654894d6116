#include "list.h"

#include <string.h>

const char *list_next(const char **at, size_t *length)
{
	const char *word = *at + strspn(*at, " ");

	*length = strcspn(word, " ");
	*at = word + *length;
	return word;
}

bool list_has(const char *list, const char *word, size_t length)
{
	const char *item;
	size_t n;

	while (item = list_next(&list, &n), n > 0)
		if (n == length && memcmp(item, word, n) == 0)
			return true;
	return false;
}
