/*
 * Any path, start and base: what is rebuilt lies in the docroot by its letters and never starts with '-' (I3).
 * Input: start, base and path, one a line; the first byte's low bit is `mark`.
 */
#include "fuzz.h"

#include "text/pathname.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *out, bool beside)
{
	const char *rest = out;

	while (beside && strncmp(rest, "../", 3) == 0)
		rest += 3;
	if (beside && strcmp(rest, "..") == 0)
		rest += 2;
	if (out[0] == '-' || out[0] == '\0' || strncmp(out, "\\-", 2) == 0)
		BROKEN("starts with '-': %s", out);
	if (pathname_has_part(rest, ".."))
		BROKEN("climbs: %s", out);
	if (out[0] == '/' && strncmp(out, "/files/", 7) != 0 && strcmp(out, "/files") != 0)
		BROKEN("outside: %s", out);
	if (strlen(out) > PATHNAME_MAX)
		BROKEN("too long");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text, out[PATHNAME_MAX + 1], start[PATHNAME_MAX + 1];

	if (!text || size < 1) {
		free(text);
		return 0;
	}
	memcpy(text, data, size);
	text[size] = '\0';
	bool mark = text[0] & 1;
	rest++;
	const char *start_at = strsep(&rest, "\n");
	const char *base = rest ? strsep(&rest, "\n") : NULL;
	/* settings promise as much of start: absolute, no dots, of bounded length */
	snprintf(start, sizeof start, "/%.1000s", start_at);
	if (pathname_has_part(start, ". .."))
		strcpy(start, "/");
	const struct pathname_place place = {"/files", start, base && *base ? base : NULL, mark};
	if (rest && !pathname_rebuild(&place, rest, out, sizeof out))
		check(out, false);
	if (rest && !pathname_beside(&place, rest, out, sizeof out))
		check(out, place.base != NULL);
	if (rest)
		pathname_has_part(rest, ".ssh .rhosts");
	free(text);
	return 0;
}
