#include "nss.h"

#include <stddef.h>
#include <string.h>

/* What stands behind "database:", without a comment: *length bytes, not terminated. NULL: none. */
static const char *find_line(const char *text, const char *database, size_t *length)
{
	size_t word = strlen(database);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, database, word) == 0 && line[word] == ':') {
			*length = strcspn(line + word + 1, "#\n");
			return line + word + 1;
		}
	}
	return NULL;
}

struct nss_sources nss_sources(const char *text, const char *database)
{
	static const char *const open[] = {"files", "compat", "systemd", "db"};
	struct nss_sources sources = {0};
	size_t length, word;
	const char *at = find_line(text, database, &length), *end = at ? at + length : NULL;

	for (; at < end; at += word ? word : 1) {
		bool known = false;

		word = strcspn(at, " \t\n[]#");
		word = word > (size_t)(end - at) ? (size_t)(end - at) : word;
		if (!word || memchr(at, '=', word)) /* [NOTFOUND=return] */
			continue;
		for (size_t i = 0; i < sizeof open / sizeof *open; i++)
			known |= strlen(open[i]) == word && memcmp(open[i], at, word) == 0;
		sources.other |= !(word == 5 && memcmp(at, "files", 5) == 0);
		sources.hides |= !known;
	}
	return sources;
}
