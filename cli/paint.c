#include "paint.h"

#include "text/escape.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_wanted(void)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

const char *paint(enum paint paint)
{
	static const char *const sequences[] = {
		[PAINT_OFF] = "\033[0m",   [PAINT_GOOD] = "\033[1;32m",  [PAINT_BAD] = "\033[1;31m",
		[PAINT_WARN] = "\033[33m", [PAINT_STRONG] = "\033[1m",
	};

	return is_wanted() ? sequences[paint] : "";
}

void paint_escaped(const char *text, size_t length)
{
	char *out = malloc(4 * length + 8);

	if (out)
		escape_plain(text, length, out, 4 * length + 8);
	fputs(out ? out : "?", stdout);
	free(out);
}
