#include "learn-edit.h"

#include <stdint.h>
#include <string.h>

enum { LEAD_MAX = 64 }; /* alignment beyond this is not kept: a word must fit behind it */

/* Whether the line is `name = …` (piece 1) or one of its continuations; 0 if neither. */
static int is_setting(const char *text, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(text, name, length) != 0)
		return 0;
	if (text[length] == '.')
		return 2;
	return text[length + strspn(text + length, " ")] == '=' ? 1 : 0;
}

/* `name` and what stands between it and the value, as the line has it. */
static size_t lead_of(const char *text)
{
	size_t equals = strcspn(text, "=") + 1;

	return equals + strspn(text + equals, " ");
}

/* As many words of *value as fit behind `used` bytes of a line; moves *value behind them. */
static bool fill(char line[POLICY_LINE_MAX + 1], size_t used, const char **value)
{
	bool first = true;

	while (**value) {
		size_t n = strcspn(*value, " ");

		if (used + n + !first > POLICY_LINE_MAX)
			break;
		if (!first)
			line[used++] = ' ';
		memcpy(line + used, *value, n);
		used += n;
		*value += n + strspn(*value + n, " ");
		first = false;
	}
	line[used] = '\0';
	return !first;
}

bool learn_edit_piece(char line[POLICY_LINE_MAX + 1], const char *lead, const char *name,
		      unsigned piece, const char **value)
{
	int used = piece == 1 ? snprintf(line, POLICY_LINE_MAX + 1, "%s", lead)
			      : snprintf(line, POLICY_LINE_MAX + 1, "%s.%u = ", name, piece);

	return fill(line, (size_t)used, value);
}

static bool insert_list(struct lines *lines, size_t at, const char *lead, const char *name,
			const char *value)
{
	char line[POLICY_LINE_MAX + 1];

	for (unsigned piece = 1; *value; piece++)
		if (!learn_edit_piece(line, lead, name, piece, &value) ||
		    !lines_insert(lines, at++, line))
			return false;
	return true;
}

bool learn_edit_set(struct lines *lines, size_t header, const char *name, const char *value)
{
	char lead[POLICY_LINE_MAX + 1];
	size_t at = SIZE_MAX, last = header;

	snprintf(lead, sizeof lead, "%s = ", name);
	for (size_t i = header + 1; i < lines->count && !lines_begins_section(lines, i); i++) {
		const struct one_line *line = &lines->line[i];
		int piece = line->state == LINE_DROPPED ? 0 : is_setting(line->text, name);

		if (line->text[0] && !strchr("#;", line->text[0]))
			last = i;
		if (piece == 0)
			continue;
		at = i + 1; /* below what it replaces, as diff(1) would show it */
		if (piece == 1 && lead_of(line->text) <= LEAD_MAX)
			snprintf(lead, sizeof lead, "%.*s", (int)lead_of(line->text), line->text);
		lines_drop(lines, i);
	}
	return insert_list(lines, at == SIZE_MAX ? last + 1 : at, lead, name, value);
}

bool learn_edit_add_user(struct lines *lines, const char *user, size_t *header)
{
	char line[POLICY_LINE_MAX + 1];

	snprintf(line, sizeof line, "[user %s]", user);
	if (!lines_insert(lines, lines->count, "") || !lines_insert(lines, lines->count, line))
		return false;
	*header = lines->count - 1;
	return true;
}
