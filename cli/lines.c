#include "lines.h"

#include "policy/limits.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 3 };

static bool insert(struct lines *lines, size_t i, struct one_line line)
{
	if (lines->count == lines->room) {
		size_t room = lines->room ? 2 * lines->room : 64;
		struct one_line *grown = realloc(lines->line, room * sizeof *grown);

		if (!grown)
			return false;
		lines->line = grown;
		lines->room = room;
	}
	memmove(lines->line + i + 1, lines->line + i, (lines->count - i) * sizeof line);
	lines->line[i] = line;
	lines->count++;
	return true;
}

static bool add_text(struct lines *lines, size_t i, const char *text, size_t length,
		     enum line_state state)
{
	char *copy = strndup(text, length);

	if (copy && insert(lines, i, (struct one_line){copy, state, false}))
		return true;
	free(copy);
	return false;
}

bool lines_read(const char *path, struct lines *lines)
{
	char *text = NULL;
	size_t size = 0, total = 0;
	ssize_t n;
	bool whole = true;
	FILE *file = fopen(path, "re");

	*lines = (struct lines){0};
	if (!file)
		return false;
	while (whole && (n = getline(&text, &size, file)) > 0) {
		bool ended = text[n - 1] == '\n';

		total += (size_t)n;
		whole = total <= POLICY_FILE_MAX &&
			add_text(lines, lines->count, text, (size_t)n - ended, LINE_KEPT);
		if (whole)
			lines->line[lines->count - 1].unterminated = !ended;
	}
	bool good = whole && feof(file) && !ferror(file);
	if (!good && total > POLICY_FILE_MAX)
		errno = EFBIG;
	free(text);
	fclose(file);
	if (!good)
		lines_free(lines);
	return good;
}

void lines_free(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->line[i].text);
	free(lines->line);
	*lines = (struct lines){0};
}

bool lines_begins_section(const struct lines *lines, size_t i)
{
	return lines->line[i].text[0] == '[';
}

const char *lines_header(const struct lines *lines, size_t i, const char *kind, size_t *length)
{
	const char *text = lines->line[i].text;
	size_t whole = strlen(text), before = strlen(kind) + 2; /* "[kind " */

	if (whole <= before + 1 || text[0] != '[' || strncmp(text + 1, kind, before - 2) != 0 ||
	    text[before - 1] != ' ' || text[whole - 1] != ']')
		return NULL;
	*length = whole - before - 1;
	return text + before;
}

size_t lines_section(const struct lines *lines, const char *kind, const char *name)
{
	size_t length;

	for (size_t i = 0; i < lines->count; i++) {
		const char *found = lines_header(lines, i, kind, &length);

		if (found && strlen(name) == length && memcmp(found, name, length) == 0)
			return i;
	}
	return SIZE_MAX;
}

void lines_drop(struct lines *lines, size_t i)
{
	lines->line[i].state = LINE_DROPPED;
}

/* A last line without its LF gets one before anything can follow it. */
static bool terminate_last(struct lines *lines)
{
	size_t last = lines->count - 1;

	if (lines->count == 0 || !lines->line[last].unterminated || lines->line[last].state != LINE_KEPT)
		return true;
	if (!add_text(lines, lines->count, lines->line[last].text, strlen(lines->line[last].text),
		      LINE_ADDED))
		return false;
	lines->line[last].state = LINE_DROPPED;
	return true;
}

bool lines_insert(struct lines *lines, size_t i, const char *text)
{
	if (i == lines->count) {
		if (!terminate_last(lines))
			return false;
		i = lines->count;
	}
	return add_text(lines, i, text, strlen(text), LINE_ADDED);
}

/* ---- the diff ---- */

/* The end of the hunk whose first change is at `first`: changes that share context are one hunk. */
static size_t hunk_end(const struct lines *lines, size_t first)
{
	size_t last = first;

	for (size_t i = first; i < lines->count && i <= last + 2 * CONTEXT + 1; i++)
		if (lines->line[i].state != LINE_KEPT)
			last = i;
	return last + 1 + CONTEXT < lines->count ? last + 1 + CONTEXT : lines->count;
}

static size_t count_side(const struct lines *lines, size_t from, size_t to, enum line_state absent)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		count += lines->line[i].state != absent;
	return count;
}

static void print_hunk(const struct lines *lines, size_t from, size_t to, FILE *out)
{
	size_t old = count_side(lines, from, to, LINE_ADDED);
	size_t new = count_side(lines, from, to, LINE_DROPPED);
	size_t old_at = count_side(lines, 0, from, LINE_ADDED) + (old > 0);
	size_t new_at = count_side(lines, 0, from, LINE_DROPPED) + (new > 0);

	fprintf(out, "@@ -%zu,%zu +%zu,%zu @@\n", old_at, old, new_at, new);
	for (size_t i = from; i < to; i++) {
		fprintf(out, "%c%s\n", " -+"[lines->line[i].state], lines->line[i].text);
		if (lines->line[i].unterminated)
			fputs("\\ No newline at end of file\n", out);
	}
}

void lines_diff(const struct lines *lines, const char *name, FILE *to)
{
	bool headed = false;
	size_t end = 0;

	for (size_t i = 0; i < lines->count; i++) {
		if (lines->line[i].state == LINE_KEPT)
			continue;
		if (!headed)
			fprintf(to, "--- %s\n+++ %s\n", name, name);
		headed = true;
		size_t from = i > end + CONTEXT ? i - CONTEXT : end;
		end = hunk_end(lines, i);
		print_hunk(lines, from, end, to);
		i = end - 1;
	}
}
