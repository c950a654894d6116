/*
 * Any bytes: the splitter ends, stays in its buffers, and what it accepts is whole words without a NUL, each with
 * its place in the command, in order.
 */
#include "fuzz.h"

#include "text/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words words;
	size_t offset, last = 0;
	const char *reason = words_split((const char *)data, size, &words, &offset);

	if (reason && (words.word || offset > size))
		BROKEN("a refusal with words, or beyond the end: %s", reason);
	if (!reason && words.count > WORDS_MAX)
		BROKEN("too many words");
	for (size_t i = 0; i < words.count; i++) {
		const struct word *w = &words.word[i];

		if (w->offset < last || w->end <= w->offset || w->end > size)
			BROKEN("word %zu is at %zu to %zu", i, w->offset, w->end);
		if (strlen(w->text) != w->length || w->length > w->end - w->offset)
			BROKEN("word %zu has a NUL or grew", i);
		if (w->pattern && strlen(w->pattern) < w->length)
			BROKEN("word %zu has a short pattern", i);
		last = w->end;
	}
	words_free(&words);
	return 0;
}
